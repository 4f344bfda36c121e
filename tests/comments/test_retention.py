import datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from comments import limits, outbox
from comments.models import Contact, OutboxMail, RateWindow, Receipt, Status
from comments.moderation import submit
from comments.retention import purge
from comments.scoring import submission_of
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


def after(**time: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + datetime.timedelta(**time))


def submitted() -> None:
    """A comment with all that is kept for a while."""
    comment = make_comment(status=Status.PENDING, post=make_post())
    comment.pk, comment._state.adding = None, True
    source = limits.Source("a1b2", shared=False)
    submit(comment, submission_of(comment), source=source, email="a@example.org", receipt="r")


@pytest.mark.parametrize(
    ("model", "kept", "gone"),
    [
        (RateWindow, {"minutes": 9}, {"minutes": 11}),
        (Receipt, {"minutes": 9}, {"minutes": 11}),
        (Contact, {"days": 29.9}, {"days": 30.1}),
    ],
)
def test_each_thing_is_kept_for_its_while(model: type[Contact], kept: dict[str, float], gone: dict[str, float]) -> None:
    submitted()

    with after(**kept):
        purge()
    assert model.objects.exists()
    with after(**gone):
        purge()
    assert not model.objects.exists()


def test_what_a_moderator_was_told_goes_with_their_session(client: Client) -> None:
    client.force_login(make_moderator())

    with after(hours=11):
        purge()
    assert Session.objects.exists()
    with after(hours=13):
        purge()
    assert not Session.objects.exists()


def test_address_that_was_imported_stays() -> None:
    comment = make_comment()
    Contact.objects.create(comment=comment, email="a@example.org", purpose=Contact.Purpose.IMPORTED)

    with after(days=400):
        purge()

    assert Contact.objects.exists()


def test_mail_that_is_done_with_is_forgotten_after_a_month_and_no_other() -> None:
    for number in (1, 2):
        OutboxMail.objects.create(kind="queue", to="a@example.org", message_id=f"<{number}@x>")
    OutboxMail.objects.filter(message_id="<2@x>").update(next_try_at=None, sent_at=timezone.now())

    with after(days=29):
        purge()
    assert OutboxMail.objects.count() == 2
    with after(days=31):
        purge()
    assert [mail.message_id for mail in OutboxMail.objects.all()] == ["<1@x>"]
    assert outbox.send_due() == 1
