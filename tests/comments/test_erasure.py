"""What is erased after a while, what remains of it, and what can still be decided then."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from comments import erasure, learning, moderation, replay
from comments.addresses import status_address
from comments.models import (
    Appeal,
    Comment,
    CommentSignal,
    Contact,
    Decision,
    LearnerState,
    Note,
    SketchPart,
    Status,
)
from comments.moves import PURGED, IllegalMoveError
from comments.retention import purge
from tests.factories import days_ago, make_comment, make_decided, make_moderator, make_post, make_user

WORDS = {"english": "Quizzaciously", "korean": "뷁쿼럷숍뛟"}
TEXT = " ".join(WORDS.values())
REFUSED = [Status.REJECTED, Status.SPAM]


@pytest.fixture
def by(db: None) -> User:
    return make_moderator()


def quoted(status: Status, *, by: User, **fields: Any) -> Comment:
    """A decided comment whose words stand wherever words of comments stand."""
    because = {"name": "clue", "points": 3.0, "reason": f"It says {TEXT}.", "otherwise": "held"}
    written = {"body": TEXT, "name": TEXT, "website": f"https://example.org/{TEXT}", "counterfactual": because}
    comment = make_decided(status, by=by, **(written | fields))
    evidence = {"field": "text", "start": 0, "end": len(TEXT), "quote": TEXT}
    CommentSignal.objects.create(comment=comment, name="clue", points=3.0, reason=f"“{TEXT}” fits.", evidence=evidence)
    Note.objects.create(comment=comment, by=by, text=f"{TEXT}, it says.")
    SketchPart.objects.create(comment=comment, value=1)
    Contact.objects.create(comment=comment, email="somebody@example.org", purpose=Contact.Purpose.IMPORTED)
    return comment


def appeal(comment: Comment) -> Appeal:
    return Appeal.objects.create(comment=comment, text=f"I said {TEXT}.", against=comment.decisions.get())


def later(days: float = 31) -> time_machine.travel:
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days))


def erased(comment: Comment) -> Comment:
    with later():
        purge()
    return Comment.objects.get(pk=comment.pk)


def stored_words() -> list[str]:
    """Tables and columns in which a word of the comments stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                cursor.execute(f'SELECT "{column.name}" FROM "{table}"')  # noqa: S608 our own tables
                text = ascii(cursor.fetchall())
                found += [f"{table}.{column.name}" for word in WORDS.values() if ascii(word)[1:-1] in text]
                # JSON is stored as ASCII.
    return sorted(set(found))


@pytest.mark.parametrize("status", REFUSED)
def test_the_text_and_all_that_quotes_it_is_erased_after_a_while(status: Status, by: User) -> None:
    comment = quoted(status, by=by)
    assert len(stored_words()) >= 8
    with later(29):
        purge()
    assert Comment.objects.get(pk=comment.pk).body == TEXT

    comment = erased(comment)

    assert stored_words() == []
    assert comment.is_erased
    assert comment.text_digest == ""
    assert not SketchPart.objects.exists()
    assert not Contact.objects.exists()
    assert [(signal.name, signal.points) for signal in comment.signals.all()] == [("clue", 3.0)]
    assert (comment.status, comment.score) == (status, 0.0)


def test_the_operator_says_how_long(by: User, settings: Settings) -> None:
    settings.COMMENT_RETENTION_DAYS = 2
    comment = quoted(Status.SPAM, by=by)
    with later(3):
        purge()
    assert Comment.objects.get(pk=comment.pk).is_erased


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
def test_what_waits_or_is_published_stays(status: Status, by: User) -> None:
    comment = make_comment(status=status, body=TEXT)
    assert erased(comment).body == TEXT


def test_decisions_remain_and_what_was_learnt_stays_learnt(by: User) -> None:
    comment = quoted(Status.SPAM, by=by, body="Cheap watches")
    known = LearnerState.objects.values().get()

    comment = erased(comment)

    assert LearnerState.objects.values().get() == known
    assert comment.learnt == "spam"
    assert Decision.objects.get().after == Status.SPAM


def test_an_imported_text_that_is_erased_teaches_nothing(by: User) -> None:
    erased(make_comment(status=Status.SPAM, wordpress_id=1))
    assert learning.learn_imported() == 0


def test_an_imported_text_is_kept_from_its_import_on(by: User) -> None:
    comment = make_comment(status=Status.SPAM, wordpress_id=1, created_at=days_ago(900), body=TEXT)
    purge()
    assert Comment.objects.get(pk=comment.pk).body == TEXT


@pytest.mark.parametrize("after", [Status.APPROVED, Status.PENDING, Status.SPAM])
def test_nothing_can_be_decided_about_it_any_more(after: Status, by: User) -> None:
    comment = erased(quoted(Status.REJECTED, by=by))
    (refusal,) = moderation.each([comment], after, by=by)
    assert isinstance(refusal, IllegalMoveError)
    assert str(refusal) == str(PURGED)


def test_the_decision_cannot_be_undone_any_more(by: User) -> None:
    comment = erased(quoted(Status.REJECTED, by=by))
    with pytest.raises(IllegalMoveError, match="erased"):
        moderation.undo(comment.decisions.get(), by=by)


def test_its_author_can_still_withdraw_it(by: User) -> None:
    comment = erased(quoted(Status.SPAM, by=by))
    known = LearnerState.objects.values().get()
    moderation.withdraw(comment)
    assert comment.status == Status.WITHDRAWN
    assert LearnerState.objects.values().get() == known


def test_repeating_it_changes_nothing(by: User) -> None:
    comment = erased(quoted(Status.SPAM, by=by))
    before = Comment.objects.values().get(pk=comment.pk)
    erased(comment)
    assert Comment.objects.values().get(pk=comment.pk) == before


def test_a_turn_of_the_worker_is_bounded(by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "BATCH", 2)
    post = make_post()
    for _number in range(3):
        make_comment(status=Status.SPAM, post=post)
    with later():
        assert [erasure.erase_old() for _turn in range(3)] == [2, 1, 0]


def test_an_appeal_that_is_not_answered_gets_as_long(by: User) -> None:
    comment = quoted(Status.REJECTED, by=by)
    with later(29):
        appeal(comment)
    assert erased(comment).body == TEXT
    with later(60):
        purge()
    assert stored_words() == []


def test_a_withdrawn_comment_leaves_no_words_at_once(by: User) -> None:
    comment = quoted(Status.REJECTED, by=by)
    appeal(comment)
    moderation.withdraw(comment)
    assert stored_words() == []


def covered(*, by: User) -> Comment:
    """A published comment, of which the second word is covered."""
    comment = quoted(Status.APPROVED, by=by, name="Reader", website="", body=f"Call {TEXT} now", counterfactual=None)
    moderation.redact(comment, [(5, 5 + len(TEXT))], by=by)
    return comment


def test_what_was_covered_for_long_is_erased_and_the_cover_stays(by: User) -> None:
    comment = covered(by=by)
    html = comment.html

    comment = erased(comment)

    assert stored_words() == []
    assert (comment.body, comment.redactions, comment.html) == ("Call [removed] now", None, html)
    assert (comment.status, comment.name, comment.learnt) == (Status.APPROVED, "Reader", "ham")
    assert comment.is_visible


def test_what_was_covered_lately_is_not_erased(by: User) -> None:
    with time_machine.travel(days_ago(40)):
        comment = make_decided(Status.APPROVED, by=by, body=TEXT)
    moderation.redact(comment, [(0, 3)], by=by)
    purge()
    assert Comment.objects.get(pk=comment.pk).body == TEXT


def test_the_cover_cannot_be_taken_off_any_more(by: User) -> None:
    comment = erased(covered(by=by))
    with pytest.raises(IllegalMoveError, match="erased"):
        moderation.undo(comment.decisions.last(), by=by)  # type: ignore[arg-type]


def test_it_can_be_taken_down_and_that_undone_but_nothing_is_learnt_or_unlearnt(by: User) -> None:
    comment = erased(covered(by=by))
    known = LearnerState.objects.values().get()
    with later(40):
        decision = moderation.mark_spam(comment, by=by)
        assert comment.status == Status.SPAM
        moderation.undo(decision, by=by)
    comment.refresh_from_db()
    assert (comment.status, comment.learnt) == (Status.APPROVED, "ham")
    assert LearnerState.objects.values().get() == known


def test_taken_down_it_is_erased_in_its_turn(by: User) -> None:
    comment = erased(covered(by=by))
    with later(40):
        moderation.reject(comment, by=by)
    with later(60):
        purge()
    assert not Comment.objects.get(pk=comment.pk).is_erased
    with later(71):
        purge()
    assert Comment.objects.get(pk=comment.pk).is_erased


def test_a_replay_counts_what_it_cannot_see(by: User) -> None:
    erased(quoted(Status.SPAM, by=by))
    erased(make_comment(status=Status.SPAM, wordpress_id=1))
    erased(make_comment(status=Status.SPAM))  # by the policy: it was nobody's decision
    result = replay.replay(replay.setup(), replay.setup())
    assert (result.seen, result.unseen) == (0, 2)


@pytest.mark.parametrize("status", REFUSED)
def test_the_author_is_told(status: Status, client: Client, by: User) -> None:
    page = client.get(status_address(erased(quoted(status, by=by)))).content.decode()
    assert "Its text has been erased." in page
    assert "comment-body" not in page


def test_the_queue_says_so_and_offers_nothing(client: Client, by: User) -> None:
    erased(quoted(Status.SPAM, by=by))
    client.force_login(by)
    page = client.get("/admin/comments/queue/?status=spam").content.decode()
    assert "The text has been erased." in page
    assert f'aria-describedby="name-{Comment.objects.get().pk}"' not in page


def files() -> dict[str, bytes]:
    """The database's files, as a thief of the disk would read them."""
    name = Path(connection.settings_dict["NAME"])
    return {path.name: path.read_bytes() for path in name.parent.glob(f"{name.name}*")}


def filed_words() -> set[str]:
    spellings = {word: {word.encode(), ascii(word)[1:-1].encode()} for word in WORDS.values()}
    return {
        f"{word} in {name}"
        for name, content in files().items()
        for word, ways in spellings.items()
        if any(way in content for way in ways)
    }


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_neither_the_database_file_nor_the_log_beside_it_holds_the_words(mode: str) -> None:
    """With pages that overflow, split and merge. Where the database keeps old rows, it is told to remove them."""
    by, post = make_user(), make_post()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA journal_mode={mode}")
    for number in range(60):
        long = f"{TEXT} {number} " * (1 + 40 * (number % 4))
        comment = quoted(Status.SPAM if number % 3 else Status.REJECTED, by=by, post=post, body=long, name=TEXT)
        if not number % 5:
            appeal(comment)
        make_comment(post=post, body=f"What stays, {number}. " * (number % 50), name=f"Reader {number}")
    moderation.withdraw(quoted(Status.APPROVED, by=by, post=post))
    covered(by=by)
    if connection.vendor == "sqlite":
        assert len(filed_words()) >= 2

    with later(), CaptureQueriesContext(connection) as queries:
        purge()

    assert stored_words() == []
    if connection.vendor == "sqlite":
        assert filed_words() == set()
    else:
        vacuumed = {each["sql"] for each in queries if each["sql"].startswith("VACUUM")}
        assert vacuumed >= {'VACUUM "comments_comment"', 'VACUUM "comments_search"'}
