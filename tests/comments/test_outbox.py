import datetime
import logging
import smtplib
import time
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from pytest_django import Settings

from comments import moderation, outbox
from comments.models import Comment, Contact, OutboxMail, Status
from comments.moves import StaleCommentError
from tests.comments.contenders import race, sent
from tests.comments.smtp import FakeServer
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

ADDRESS = "canary@example.org"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def server(settings: Settings) -> Iterator[FakeServer]:
    """A mail server of the test's own, which Django is told to use."""
    with FakeServer().running() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 0.3
        yield running


class Failing(BaseEmailBackend):
    def send_messages(self, email_messages: object) -> int:
        raise smtplib.SMTPServerDisconnected(f"Cannot reach {ADDRESS}.")


def waiting_comment(email: str = ADDRESS) -> Comment:
    comment = make_comment(status=Status.PENDING, name="Canary Name", body="Canary text")
    if email:
        expires = timezone.now() + datetime.timedelta(days=30)
        Contact.objects.create(comment=comment, email=email, purpose=Contact.Purpose.NOTICE, expires_at=expires)
    return comment


def approved_comment() -> Comment:
    comment = waiting_comment()
    moderation.approve(comment, by=None)
    return comment


# The commenter is told once


def test_commenter_who_left_an_address_is_told_once() -> None:
    comment = approved_comment()

    assert outbox.send_due() == 1
    assert outbox.send_due() == 0

    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert "Your comment on Tumen was published" in message.subject
    assert f"http://127.0.0.1:8000/comments/{comment.pk}:" in message.body


def test_mail_holds_nothing_that_the_commenter_wrote() -> None:
    comment = approved_comment()
    outbox.send_due()

    everything = mail.outbox[0].message().as_string()
    assert "Canary" not in everything
    assert comment.post.title not in everything


def test_no_address_no_mail() -> None:
    moderation.approve(waiting_comment(email=""), by=None)

    assert not OutboxMail.objects.exists()


def test_imported_address_was_not_given_for_a_notice() -> None:
    comment = make_comment(status=Status.PENDING)
    Contact.objects.create(comment=comment, email=ADDRESS, purpose=Contact.Purpose.IMPORTED)

    moderation.approve(comment, by=None)

    assert not OutboxMail.objects.exists()


def test_address_is_nowhere_after_the_mail_has_gone() -> None:
    approved_comment()
    outbox.send_due()

    row = OutboxMail.objects.get()
    assert (row.to, row.subject, row.body, row.comment) == ("", "", "", None)
    assert row.sent_at
    assert not Contact.objects.exists()


def test_mail_is_written_with_its_cause_or_not_at_all() -> None:
    comment = waiting_comment()
    stale = Comment.objects.get(pk=comment.pk)
    moderation.reject(comment, by=None)

    with pytest.raises(StaleCommentError):
        moderation.approve(stale, by=None)

    assert not OutboxMail.objects.exists()


def test_comment_taken_down_before_the_mail_has_gone_is_not_announced_until_it_is_published_again() -> None:
    comment = approved_comment()
    moderation.reject(comment, by=None)
    assert outbox.send_due() == 0

    moderation.approve(comment, by=None)
    assert outbox.send_due() == 1


def test_comment_published_a_second_time_is_not_announced_again() -> None:
    comment = approved_comment()
    outbox.send_due()

    moderation.reject(comment, by=None)
    moderation.approve(comment, by=None)

    assert outbox.send_due() == 0


def test_withdrawn_comment_is_not_announced() -> None:
    moderation.withdraw(approved_comment())

    assert outbox.send_due() == 0
    assert not OutboxMail.objects.exists()
    assert not Contact.objects.exists()


# What mail servers do


def test_mail_server_gets_the_mail(server: FakeServer) -> None:
    approved_comment()
    message_id = OutboxMail.objects.get().message_id

    assert outbox.send_due() == 1

    (message,) = server.received
    assert message["To"] == ADDRESS
    assert message["Message-ID"] == message_id
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("fault", ["hang", "drop", "450", "550", "closed"])
def test_mail_that_was_not_taken_is_sent_again_as_the_same_mail(
    server: FakeServer, settings: Settings, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    approved_comment()
    message_id = OutboxMail.objects.get().message_id
    server.fault = fault
    settings.EMAIL_PORT = 9 if fault == "closed" else server.port
    started = time.monotonic()

    assert outbox.send_due() == 0
    assert time.monotonic() - started < 5
    assert ADDRESS not in caplog.text
    assert OutboxMail.objects.get().to == ADDRESS

    server.fault, settings.EMAIL_PORT = "", server.port
    assert outbox.send_due() == 0, "not before its time"
    with time_machine.travel(timezone.now() + MINUTE):
        assert outbox.send_due() == 1
    assert {message["Message-ID"] for message in server.received} == {message_id}
    assert len(server.received) == (2 if fault == "drop" else 1)


def test_tries_are_further_and_further_apart_and_end(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    approved_comment()
    waits = []

    with time_machine.travel(timezone.now(), tick=False) as clock:
        while next_try := OutboxMail.objects.get().next_try_at:
            waits.append(round((next_try - timezone.now()) / MINUTE))
            clock.move_to(next_try)
            outbox.send_due()

    assert waits == [0, 1, 5, 20, 60, 180, 360, 720]
    row = OutboxMail.objects.get()
    assert (row.to, row.body, row.sent_at, row.tries) == ("", "", None, 8)
    assert caplog.records[-1].levelno == logging.ERROR
    assert "given up after 8 tries" in caplog.text
    assert ADDRESS not in caplog.text


def test_mail_that_always_fails_does_not_stop_the_others(server: FakeServer, settings: Settings) -> None:
    OutboxMail.objects.create(kind="queue", to="no address", message_id="<1@x>", subject="a\nb")
    approved_comment()

    assert outbox.send_due() == 0
    assert outbox.send_due() == 1


def test_mail_of_a_sender_that_crashed_is_sent_when_its_lease_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    approved_comment()
    with monkeypatch.context() as crash:
        crash.setattr(outbox, "_forget", lambda mail: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outbox.send_due()

    assert outbox.send_due() == 0
    with time_machine.travel(timezone.now() + outbox.LEASE):
        assert outbox.send_due() == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_sender_that_comes_late_does_not_undo_what_another_did(settings: Settings) -> None:
    approved_comment()
    late = OutboxMail.objects.get()
    outbox._claim(late)
    with time_machine.travel(timezone.now() + outbox.LEASE):
        outbox.send_due()
        outbox._try_later(late, "TimeoutError")

    assert OutboxMail.objects.get().next_try_at is None
    assert OutboxMail.objects.get().sent_at


def test_cancelled_mail_is_not_sent_by_a_sender_that_has_read_it() -> None:
    comment = approved_comment()
    read = OutboxMail.objects.get()
    moderation.reject(comment, by=None)

    assert not outbox._claim(read)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_senders_at_once_send_each_mail_once(server: FakeServer) -> None:
    for _ in range(5):
        approved_comment()
    outcomes = race(sent, processes=4, attempts=4, port=server.port)

    assert sum(int(number) * times for number, times in outcomes.items()) == 5
    assert len({message["Message-ID"] for message in server.received}) == len(server.received) == 5
