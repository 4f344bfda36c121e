"""Sources that fail: the comment is kept and held, moderators are told, and it is scored again."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from comments import health, moderation, rescoring, scoring
from comments.models import Comment, SourceHealth, Status
from comments.scoring import submission_of
from comments.spam import Signal, Submission, judgement
from tests.comments import broken_sources
from tests.factories import days_ago, make_comment, make_moderator, make_policy, make_post

BROKEN = "tests.comments.broken_sources."
HONEYPOT = "comments.spam.signals.behaviour.honeypot"
FAILING = ["raises", "talks_nonsense", "is_offline"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_prior")]


def send(client: Client, **fields: str) -> Comment:
    """Through the form, as a reader does."""
    address = f"{make_post().get_absolute_url()}comments/"
    answer = client.post(address, {"name": "Min-ji", "comment": "A canary sings.", **fields})
    assert answer.status_code == 303
    assert client.get(answer["Location"]).status_code == 200
    return Comment.objects.latest("pk")


def signals(comment: Comment) -> dict[str, float]:
    return dict(comment.signals.values_list("name", "points"))


def at_minute(minute: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minute))


def mend(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(broken_sources, source, broken_sources.answers)


# A source that fails


@pytest.mark.parametrize("source", [*FAILING, "no_such_source"])
def test_a_comment_is_kept_and_held_where_a_source_fails(client: Client, settings: Settings, source: str) -> None:
    settings.SPAM_SIGNALS = [BROKEN + source, HONEYPOT]
    comment = send(client, subject="x")
    assert (comment.status, comment.scored_at is not None) == (Status.PENDING, True)
    assert signals(comment) == {f"{BROKEN}{source} unavailable": 0.0, "honeypot": 4.0}
    assert SourceHealth.objects.get().state == SourceHealth.State.UNAVAILABLE
    assert SourceHealth.objects.get().source == BROKEN + source
    assert comment.body not in client.get(comment.post.get_absolute_url()).text


@pytest.mark.parametrize("source", FAILING)
def test_nothing_of_a_comment_is_logged_or_noted_where_a_source_fails(
    client: Client, settings: Settings, source: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SPAM_SIGNALS = [BROKEN + source]
    send(client)
    said = caplog.text + repr(list(SourceHealth.objects.values()))
    assert source in said
    assert "canary" not in said
    assert "Min-ji" not in said


def test_even_obvious_spam_is_held_where_a_source_fails(client: Client, settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "raises", HONEYPOT, "comments.spam.signals.fields.link_in_name"]
    assert send(client, subject="x", name="bad.example.com").status == Status.PENDING


def test_it_is_scored_again_after_1_5_and_20_minutes_and_then_stays_held(client: Client, settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "raises"]
    comment, minute, tried = send(client), 0.0, []
    while minute < 60:
        with at_minute(minute):
            if rescoring.score_due():
                tried.append(minute)
        minute += 0.5
    assert tried == [1, 6, 26]
    comment.refresh_from_db()
    assert (comment.status, comment.score_again_at) == (Status.PENDING, None)
    assert list(signals(comment)) == [f"{BROKEN}raises unavailable"]


def test_an_answer_fills_the_gap_and_the_verdict_follows(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_policy(obvious_threshold=5.0)
    settings.SPAM_SIGNALS = [BROKEN + "raises", HONEYPOT]
    comment = send(client, subject="x")
    mend(monkeypatch, "raises")
    with at_minute(1):
        assert rescoring.score_due() == 1
    comment.refresh_from_db()
    assert signals(comment) == {"honeypot": 4.0, "answer": 1.0}, "what only the request knew is still known"
    assert (comment.score, comment.status, comment.score_again_at) == (5.0, Status.SPAM, None)
    assert comment.decisions.get().by is None
    assert not SourceHealth.objects.exists()


def test_who_has_answered_is_not_asked_again(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    settings.SPAM_SIGNALS = [BROKEN + "raises", BROKEN + "answers"]
    send(client)
    monkeypatch.setattr(broken_sources, "answers", asked.append)
    with at_minute(1):
        assert rescoring.score_due() == 1
    assert asked == []
    assert signals(Comment.objects.get()) == {f"{BROKEN}raises unavailable": 0.0, "answer": 1.0}


def test_evidence_survives_scoring_again(client: Client, settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "raises", HONEYPOT]
    comment = send(client, subject="x")
    [before] = comment.signals.filter(name="honeypot").values("points", "reason", "evidence")
    with at_minute(1):
        rescoring.score_due()
    assert list(comment.signals.filter(name="honeypot").values("points", "reason", "evidence")) == [before]
    assert before["evidence"]["quote"] == "x"


@pytest.mark.parametrize("decide", [moderation.approve, moderation.reject, moderation.mark_spam])
def test_what_a_moderator_decided_is_not_scored_again(client: Client, settings: Settings, decide: object) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "raises"]
    comment, moderator = send(client), make_moderator()
    decide(comment, by=moderator)  # type: ignore[operator]
    found = Comment.objects.values().get()
    with at_minute(60):
        assert rescoring.score_due() == 0
        if comment.status != Status.APPROVED:
            moderation.restore(comment, by=moderator)
            assert rescoring.score_due() == 0, "nor after it was restored"
        else:
            assert Comment.objects.values().get() == found


@pytest.mark.parametrize("restored", [False, True])
def test_a_decision_while_it_is_scored_again_stands(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, *, restored: bool
) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "raises"]
    comment = send(client)

    def decided_meanwhile(submission: Submission) -> list[Signal]:
        seen = Comment.objects.get()
        moderation.reject(seen, by=make_moderator())
        if restored:
            moderation.restore(seen, by=make_moderator())
        return [Signal("late", 40.0, "Too late.")]

    monkeypatch.setattr(broken_sources, "raises", decided_meanwhile)
    with at_minute(1):
        rescoring.score_due()
    comment.refresh_from_db()
    assert (comment.score, comment.asking) == (0.0, "")
    assert comment.status == (Status.PENDING if restored else Status.REJECTED)
    assert list(signals(comment)) == [f"{BROKEN}raises unavailable"]


def test_two_workers_do_not_score_the_same_comment_twice(settings: Settings) -> None:
    comment = make_comment(status=Status.PENDING, scored_at=None)
    mine, theirs = Comment.objects.get(), Comment.objects.get()
    assert rescoring._claim(mine)
    assert not rescoring._claim(theirs)
    comment.refresh_from_db()
    assert comment.scoring_tries == 1


def test_a_source_that_was_removed_is_owed_nothing(client: Client, settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "raises"]
    send(client)
    settings.SPAM_SIGNALS = []
    with at_minute(1):
        rescoring.score_due()
    assert Comment.objects.get().score_again_at is None


# A source that is too slow


def test_a_source_that_was_too_slow_once_is_switched_off(client: Client, settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "is_too_slow", HONEYPOT]
    assert signals(send(client)) == {"good": -40.0}, "the answer that it gave counts"
    row = SourceHealth.objects.get()
    assert (row.state, row.source) == (SourceHealth.State.OFF, BROKEN + "is_too_slow")
    assert row.milliseconds
    assert 200 < row.milliseconds < 5000

    settings.SPAM_SIGNALS += ["comments.spam.signals.fields.link_in_name"]
    comment = send(client, subject="x", name="bad.example.com")
    assert signals(comment) == {"honeypot": 4.0, "link_in_name": 3.0, f"{BROKEN}is_too_slow switched off": 0.0}
    assert (comment.status, comment.score_again_at) == (Status.PENDING, None), "seven points, yet not every clue"


def test_the_clock_of_a_busy_machine_is_not_held_against_a_source(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = iter([0.0, 2.9, 10.0, 13.1])
    monkeypatch.setattr(judgement, "perf_counter", lambda: next(passed))
    monkeypatch.setattr(scoring, "sources_about", lambda _comment, **_: scoring.sources())
    settings.SPAM_SIGNALS = [BROKEN + "answers"]
    comment = make_comment(status=Status.PENDING, scored_at=None)
    moderation.score(comment, submission_of(comment))
    assert not SourceHealth.objects.exists()
    moderation.score(comment, submission_of(comment))
    assert SourceHealth.objects.get().milliseconds == pytest.approx(3100), "but it must not wait for ever either"


def test_a_remote_source_keeps_its_own_time(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken_sources.is_too_slow, "remote", True, raising=False)
    settings.SPAM_SIGNALS = [BROKEN + "is_too_slow"]
    send(client)
    assert not SourceHealth.objects.exists()


def test_what_importing_a_source_costs_is_not_held_against_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_import(name: str) -> object:
        list(broken_sources.is_too_slow(Submission(text="")))
        return broken_sources.answers

    monkeypatch.setattr(scoring, "import_string", slow_import)
    settings.SPAM_SIGNALS = ["x.y"]
    comment = make_comment(status=Status.PENDING, scored_at=None)
    moderation.score(comment, submission_of(comment))
    assert signals(comment) == {"answer": 1.0}
    assert not SourceHealth.objects.exists()


def test_switched_on_again_it_is_asked_about_what_waits(client: Client, settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "answers"]
    health.switch_off(BROKEN + "answers")
    comment = send(client)
    assert list(signals(comment)) == [f"{BROKEN}answers switched off"]
    assert rescoring.score_due() == 0
    health.switch_on(BROKEN + "answers")
    assert rescoring.score_due() == 1
    assert signals(comment) == {"answer": 1.0}


# A process that ends


def test_each_try_is_counted_before_any_source_is_asked(
    settings: Settings, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(submission: Submission) -> list[Signal]:
        comment = Comment.objects.get()
        seen.append((comment.scoring_tries, comment.scored_at, comment.score_again_at is not None, comment.asking))
        raise RuntimeError

    settings.SPAM_SIGNALS = [BROKEN + "raises"]
    monkeypatch.setattr(broken_sources, "raises", look)
    send(client)
    assert seen == [(1, None, True, "")]
    Comment.objects.update(scored_at=None)
    for minute in (1, 6, 26):
        with at_minute(minute):
            rescoring.score_due()
            Comment.objects.update(scored_at=None)
    assert seen[1:] == [(tries, None, True, BROKEN + "raises") for tries in (2, 3, 4)]
    assert Comment.objects.get().asking == ""


def test_a_source_in_which_a_process_ended_is_switched_off_and_not_followed(settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "ends_its_process", BROKEN + "answers"]
    make_comment(
        status=Status.PENDING,
        scored_at=None,
        scoring_tries=2,
        score_again_at=days_ago(1),
        asking=BROKEN + "ends_its_process",
    )
    assert rescoring.score_due() == 1
    comment = Comment.objects.get()
    assert signals(comment) == {f"{BROKEN}ends_its_process switched off": 0.0, "answer": 1.0}
    assert (comment.status, comment.asking) == (Status.PENDING, "")
    assert SourceHealth.objects.get().state == SourceHealth.State.OFF


def test_after_four_tries_that_did_not_finish_no_source_is_asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "ends_its_process"]
    make_comment(
        status=Status.PENDING, scored_at=None, score=None, scoring_tries=rescoring.MAX_TRIES, score_again_at=days_ago(1)
    )
    assert rescoring.score_due() == 1
    comment = Comment.objects.get()
    assert signals(comment) == {"scoring did not finish": 0.0}
    assert (comment.status, comment.score, comment.score_again_at) == (Status.PENDING, 0.0, None)
    assert rescoring.score_due() == 0


def test_a_scored_comment_keeps_its_signals_when_scoring_it_again_never_finishes(settings: Settings) -> None:
    settings.SPAM_SIGNALS = [BROKEN + "ends_its_process"]
    comment = make_comment(status=Status.PENDING, scoring_tries=rescoring.MAX_TRIES, score_again_at=days_ago(1))
    comment.signals.create(name="honeypot", points=4, reason="It was filled in.")
    assert rescoring.score_due() == 1
    assert signals(comment) == {"honeypot": 4.0}
    assert rescoring.score_due() == 0
