"""The blind sample tells how many honest comments lie in the spam folder."""

from random import Random

import pytest

from comments import moderation, sampling, verdicts
from comments.models import Comment, Status
from comments.scoring import submission_of
from comments.spam import Submission, judge
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db

SPAM = "Cheap pills casino viagra [url=http://pills.example]buy now[/url] http://pills.example http://pills.example/a"


def sent(body: str = SPAM) -> Comment:
    comment = Comment(post=make_post(), name="Casino bonus", website="http://pills.example", body=body)
    moderation.submit(comment, submission_of(comment))
    return Comment.objects.get(pk=comment.pk)


def test_a_drawn_comment_waits_with_the_others_and_nothing_marks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent().status == Status.SPAM
    monkeypatch.setattr(sampling, "ONE_IN", 1)
    drawn = sent()
    assert (drawn.status, drawn.outcome, drawn.counterfactual, drawn.blind) == (Status.PENDING, "held", None, True)
    assert not drawn.decisions.exists()


def test_what_is_found_honest_when_scored_again_leaves_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "ONE_IN", 1)
    drawn = sent()
    verdicts.store(drawn, judge(Submission(text=drawn.body), []))
    assert not Comment.objects.get(pk=drawn.pk).blind


def test_only_obvious_spam_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "ONE_IN", 1)
    assert not sent("My grandmother was born in Hamhung.").blind


def test_about_one_in_so_many_is_drawn_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "ONE_IN", 32)
    comments = [Comment(pk=pk) for pk in range(3200)]
    drawn = [sampling.is_drawn(comment) for comment in comments]
    assert 60 < sum(drawn) < 140
    assert drawn == [sampling.is_drawn(comment) for comment in comments]


def test_the_estimate_counts_what_people_decided_about_the_sample() -> None:
    moderator = make_moderator()
    for decide in (moderation.approve, moderation.mark_spam, moderation.mark_spam, moderation.reject):
        decide(make_comment(status=Status.PENDING, blind=True), by=moderator)
    moderation.approve(make_comment(status=Status.PENDING), by=moderator)
    make_comment(status=Status.PENDING, blind=True)
    assert sampling.estimate()[:2] == (4, 1)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2])
def test_the_interval_covers_the_true_rate_in_95_of_100_cases(rate: float) -> None:
    random, covered = Random(7), 0  # noqa: S311 no secret
    known = [sampling.interval(honest, 100) for honest in range(101)]
    for _draw in range(2000):
        honest = sum(random.random() < rate for _case in range(100))
        covered += known[honest].low <= rate <= known[honest].high
    assert covered / 2000 >= 0.95  # Clopper-Pearson is cautious, so chance does not bring it below


@pytest.mark.parametrize(
    ("honest", "cases", "low", "high"), [(0, 0, 0, 1), (0, 100, 0, 0.0362), (3, 100, 0.0062, 0.0852)]
)
def test_the_interval_is_that_of_the_tables(honest: int, cases: int, low: float, high: float) -> None:
    found = sampling.interval(honest, cases)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)
