"""The site learns from what its moderators decide, and forgets what they take back."""

import subprocess
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comments import learning, moderation
from comments.models import Comment, LearnerState, MarkedHost, Status
from comments.moves import ALLOWED, IllegalMoveError, StaleCommentError
from comments.scoring import sources, submission_of
from comments.spam import Submission, judge, learner
from comments.spam.features import VERSION
from comments.spam.learner import Counts, trained
from tests.factories import make_comment, make_moderator, make_policy, make_post

pytestmark = pytest.mark.django_db

DECISIONS: dict[Status, Callable[..., Any]] = {
    Status.PENDING: moderation.restore,
    Status.APPROVED: moderation.approve,
    Status.REJECTED: moderation.reject,
    Status.SPAM: moderation.mark_spam,
    Status.WITHDRAWN: lambda comment, **_by: moderation.withdraw(comment),
}
BODIES = [
    "Buy granite at https://www.shop.example/granite and https://b.example",
    "My grandmother was born in Hamhung.",
    "석재는 shop.example에서 사세요",
    "Visit https://shop.example",
]


def waiting(number: int = 0, **fields: Any) -> Comment:
    fields = {"status": Status.PENDING, "body": BODIES[number], "name": f"Name {number}", "website": ""} | fields
    return make_comment(**fields)


def known() -> tuple[Any, ...]:
    """All that was learnt, but for the mark."""
    state = LearnerState.objects.filter(name=learning.SITE).first()
    counts = (state.features, state.spam, state.ham, bytes(state.counts)) if state else (VERSION, 0, 0, b"")
    return counts, sorted(MarkedHost.objects.values_list("host", "spam", "ham"))


def straight(decided: list[tuple[Comment, bool]]) -> tuple[Any, ...]:
    """What is known where nothing but these decisions was ever taken."""
    counts, hosts = Counts(), {}
    for comment, spam in decided:
        submission = learning.counted(comment)
        counts.learn(submission, spam=spam)
        for host in learning.hosts(submission):
            row = hosts.setdefault(host, [0, 0])
            row[not spam] += 1
    return (VERSION, counts.spam, counts.ham, counts.dump()), sorted((host, *row) for host, row in hosts.items())


@pytest.mark.parametrize(("decide", "spam"), [(moderation.mark_spam, True), (moderation.approve, False)])
def test_a_decision_teaches_and_its_undoing_leaves_nothing(decide: Callable[..., Any], spam: bool) -> None:  # noqa: FBT001
    moderator, comment, other = make_moderator(), waiting(0), waiting(3)
    decide(comment, by=moderator)
    assert known() == straight([(comment, spam)])

    moderation.mark_spam(other, by=moderator)
    moderation.reject(comment, by=moderator)
    assert known() == straight([(other, True)])

    moderation.restore(other, by=moderator)
    assert known() == straight([])
    assert not MarkedHost.objects.exists()


def test_a_changed_mind_is_learnt_instead() -> None:
    moderator, comment = make_moderator(), waiting()
    moderation.approve(comment, by=moderator)
    moderation.mark_spam(comment, by=moderator)
    assert known() == straight([(comment, True)])


def test_where_nothing_is_to_be_learnt_the_text_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejecting all that waits of a ban would keep writers waiting."""
    monkeypatch.setattr(learning, "counted", lambda _comment: pytest.fail("It was."))
    moderation.reject(make_comment(status=Status.PENDING), by=make_moderator())


def test_a_rejected_comment_teaches_nothing() -> None:
    moderation.reject(waiting(), by=make_moderator())
    assert known() == straight([])


def test_a_comment_taken_down_is_unlearnt() -> None:
    moderator, comment = make_moderator(), waiting()
    moderation.approve(comment, by=moderator)
    moderation.reject(comment, by=moderator)
    assert known() == straight([])


@pytest.mark.parametrize("decide", [moderation.approve, moderation.mark_spam])
def test_a_withdrawn_comment_is_unlearnt_before_its_text_is_erased(decide: Callable[..., Any]) -> None:
    comment = waiting()
    decide(comment, by=make_moderator())
    moderation.withdraw(comment)
    assert known() == straight([])


@pytest.mark.parametrize("decide", [moderation.approve, moderation.mark_spam])
def test_the_policy_does_not_learn_from_itself(decide: Callable[..., Any]) -> None:
    comment = waiting()
    decide(comment, by=None, reason="The policy.")
    assert known() == straight([])
    assert Comment.objects.get().learnt == ""


def test_what_the_policy_overrules_is_unlearnt() -> None:
    comment = waiting()
    moderation.approve(comment, by=make_moderator())
    moderation.mark_spam(comment, by=None)
    assert known() == straight([])


def test_obvious_spam_put_aside_by_itself_teaches_nothing() -> None:
    make_policy(spam_threshold=1.0, obvious_threshold=1.0)
    comment = Comment(post=make_post(), name="a", body=BODIES[0])
    moderation.submit(comment, Submission(text=comment.body, honeypot="x"))
    assert comment.status == Status.SPAM
    assert known() == straight([])


def test_a_decision_that_came_too_late_teaches_nothing() -> None:
    moderator, comment = make_moderator(), waiting()
    late = Comment.objects.get(pk=comment.pk)
    moderation.mark_spam(comment, by=moderator)
    with pytest.raises(StaleCommentError):
        moderation.approve(late, by=moderator)
    assert known() == straight([(comment, True)])


STEPS = st.lists(st.tuples(st.integers(0, len(BODIES) - 1), st.sampled_from(Status), st.booleans()), max_size=14)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_what_is_known_is_a_function_of_the_standing_decisions(
    django_user_model: type[User], steps: list[tuple[int, Status, bool]]
) -> None:
    """However often and in whatever order moderators, the policy and the authors changed their minds."""
    LearnerState.objects.all().delete()
    MarkedHost.objects.all().delete()
    moderator, post = make_moderator(), make_post()
    comments = [waiting(number, post=post) for number in range(len(BODIES))]
    for number, after, by_person in steps:
        if after in ALLOWED[Status(comments[number].status)]:
            DECISIONS[after](comments[number], by=moderator if by_person else None)
    standing = [(comment, comment.learnt == "spam") for comment in comments if comment.learnt]
    assert known() == straight(standing)
    assert all(learning.LABELS[Status(comment.status)] == comment.learnt for comment, _spam in standing)


def test_an_illegal_move_teaches_nothing() -> None:
    comment = waiting()
    moderation.withdraw(comment)
    with pytest.raises(IllegalMoveError):
        moderation.mark_spam(comment, by=make_moderator())
    assert known() == straight([])


def test_a_host_is_marked_until_a_comment_that_leads_to_it_is_published() -> None:
    moderator, advert, letter = make_moderator(), waiting(0), waiting(3)
    seen = Submission(text="More on www.shop.example/other", website="https://b.example/")
    assert learning.marked_hosts(seen) == ()

    moderation.mark_spam(advert, by=moderator)
    assert set(learning.marked_hosts(seen)) == {"shop.example", "b.example"}

    moderation.approve(letter, by=moderator)
    assert learning.marked_hosts(seen) == ("b.example",)


def test_a_marked_host_is_a_clue_for_the_next_comment() -> None:
    moderation.mark_spam(waiting(0), by=make_moderator())
    comment = Comment(post=make_post(), name="a", body="It stands on http://b.example, I think.")
    moderation.submit(comment, submission_of(comment))
    assert comment.signals.filter(name="marked_host", reason__contains="b.example").exists()


def test_a_host_that_is_cut_otherwise_meanwhile_hinders_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    moderator, comment = make_moderator(), waiting(0)
    moderation.mark_spam(comment, by=moderator)
    monkeypatch.setattr(learning, "registrable", lambda host: f"new.{host}")
    moderation.restore(comment, by=moderator)
    assert comment.status == Status.PENDING


def test_features_of_another_version_are_silent_and_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    moderator, old, new = make_moderator(), waiting(0), waiting(1)
    moderation.mark_spam(old, by=moderator)
    LearnerState.objects.update(features=VERSION + 1, counts=b"other", spam=77)
    assert learning.site().spam == 0

    moderation.approve(new, by=moderator)
    assert known()[0] == straight([(old, True), (new, False)])[0]


def test_what_another_process_learns_is_seen() -> None:
    """Another process changes the row and its mark; this one has loaded it before."""
    moderator = make_moderator()
    moderation.mark_spam(waiting(0), by=moderator)
    moderation.approve(waiting(1), by=moderator)
    before = learning.site()
    assert learning.site() is before

    counts = Counts(before.spam, before.ham, before.dump())
    counts.learn(Submission(text="from elsewhere"), spam=True)
    mark = LearnerState.objects.get().mark
    LearnerState.objects.update(spam=counts.spam, counts=counts.dump(), mark=mark + 1)
    assert learning.site().spam == 2
    assert learning.site().dump() == counts.dump()


def test_every_decision_leaves_another_mark() -> None:
    moderator, marks = make_moderator(), set()
    for number in range(len(BODIES)):
        moderation.mark_spam(waiting(number), by=moderator)
        marks.add(LearnerState.objects.get().mark)
    assert len(marks) == len(BODIES)


def test_fifty_decisions_of_each_kind_are_felt_and_undone() -> None:
    numbers, moderator, post = count(1900), make_moderator(), make_post()
    adverts = [
        waiting(body=f"Granite worktops polished in our workshop, offer {next(numbers)}.", post=post) for _ in range(50)
    ]
    letters = [
        waiting(body=f"She crossed the river at night in {next(numbers)} and waited.", post=post) for _ in range(50)
    ]
    next_advert = Submission(text="Granite worktops polished with care in our workshop, offer 7.")

    def score() -> float:
        return judge(next_advert, [*sources(), learning.learnt]).score

    untaught = score()
    for comment in adverts:
        moderation.mark_spam(comment, by=moderator)
    for comment in letters:
        moderation.approve(comment, by=moderator)
    assert untaught < 2.0 <= score()

    for comment in adverts:
        moderation.restore(comment, by=moderator)
    assert score() == untaught


def test_a_damaged_prior_holds_the_comment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(learner, "PRIOR_FILE", tmp_path / "none.bin")
    trained.cache_clear()
    comment = Comment(post=make_post(), name="a", body=BODIES[0])
    moderation.submit(comment, Submission(text=comment.body, honeypot="x"))
    comment.refresh_from_db()
    assert (comment.status, comment.incomplete) == (Status.PENDING, True)
    assert comment.signals.filter(name="prior unavailable").exists()


@pytest.mark.parametrize("extra", [0, 4])
def test_looking_up_what_was_learnt_is_one_query(extra: int, django_assert_num_queries: Any) -> None:
    moderator = make_moderator()
    for number in range(2 + extra):
        decide = moderation.mark_spam if number % 2 else moderation.approve
        decide(waiting(number % len(BODIES)), by=moderator)
    learning.site()
    with django_assert_num_queries(1):
        list(learning.learnt(Submission(text=BODIES[0])))


def test_loading_the_commands_does_not_load_what_was_learnt() -> None:
    """Start-up: neither the prior nor the list of endings is read before a comment is judged."""
    code = (
        "import django; django.setup();"
        "from comments.spam import learner, domains;"
        "import comments.scoring;"
        "assert not learner.trained.cache_info().currsize and not domains._rules.cache_info().currsize"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "SITE_URL": settings.SITE_URL, "SECRET_KEY": "x" * 60}
    subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=True)
