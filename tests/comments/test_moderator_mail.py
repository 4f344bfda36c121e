"""Moderators are told that something waits, as each wishes, and can decide from their mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from comments import moderation, moderator_mail, outbox
from comments.addresses import decision_address
from comments.models import Comment, Decision, Moderator, OutboxMail, Status
from tests.comments.contenders import notified, race
from tests.factories import days_ago, make_comment, make_editor, make_moderator, make_post, make_user

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY_IN_MINUTES = 24 * 60


def waiting(**fields: object) -> Comment:
    defaults = {"name": "Canary Name", "body": "Canary text", "website": "https://canary.example"}
    return make_comment(status=Status.PENDING, **(defaults | fields))


def wishing(**wishes: object) -> User:
    user = make_moderator(email="moderator@example.org")
    Moderator.objects.create(user=user, **wishes)
    return user


def minutes_of_mail(*, hours: int, arrivals: set[int]) -> dict[int, str]:
    """At which minute which mail was written, where a comment comes at the minutes of `arrivals`."""
    told = {}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for minute in range(0, hours * 60, 10):
            if minute in arrivals:
                waiting()
            if moderator_mail.tell():
                told[minute] = OutboxMail.objects.latest("pk").subject
            clock.shift(10 * MINUTE)
    return told


def test_mail_holds_nothing_of_the_comments() -> None:
    moderator = make_moderator(email="moderator@example.org")
    waiting(post=make_post(title="On borders"))
    waiting()

    assert moderator_mail.tell() == 1
    outbox.send_due()

    (message,) = mail.outbox
    assert message.to == [moderator.email]
    assert message.subject == "Tumen: 2 comments wait"
    assert "http://127.0.0.1:8000/admin/comments/queue/" in message.body
    assert "On “On borders”, waits" in message.body
    assert "canary" not in (message.body + message.subject).lower()


def test_the_operator_can_have_the_comments_in_mail(settings: Settings) -> None:
    settings.MAIL_SHOWS_COMMENTS = True
    moderator = make_moderator(email="moderator@example.org")
    comment = waiting(body="Canary text, call 010-1234-5678.")
    moderation.redact(comment, [(18, 31)], by=moderator)
    moderator_mail.tell()
    body = OutboxMail.objects.get().body
    assert "Canary Name: Canary text, call [removed]." in body
    assert "1234" not in body


@pytest.mark.parametrize("gone", ["covered", "withdrawn"])
def test_mail_that_has_not_left_yet_is_written_anew(settings: Settings, gone: str) -> None:
    settings.MAIL_SHOWS_COMMENTS = True
    moderator = make_moderator(email="moderator@example.org")
    waiting(body="What stays.")
    comment = waiting(body="Canary text.")
    moderator_mail.tell()
    if gone == "covered":
        moderation.redact(comment, [(0, 6)], by=moderator)
    else:
        moderation.withdraw(comment)
    assert not OutboxMail.objects.exists()
    moderator_mail.tell()
    body = OutboxMail.objects.get().body
    assert "What stays." in body
    assert "Canary text" not in body


def test_mail_is_in_the_moderators_language() -> None:
    wishing(language="ko")
    waiting()
    moderator_mail.tell()
    assert OutboxMail.objects.get().subject == "Tumen: 승인을 기다리는 댓글 1개"


def test_a_long_queue_is_not_listed_to_its_end() -> None:
    make_moderator(email="moderator@example.org")
    post = make_post()
    for _number in range(moderator_mail.MOST_LISTED + 2):
        waiting(post=post)
    moderator_mail.tell()
    assert "and 2 more" in OutboxMail.objects.get().body


def test_only_who_may_moderate_is_told() -> None:
    make_moderator(email="moderator@example.org")
    make_user(email="admin@example.org", is_superuser=True)
    make_editor(email="editor@example.org")
    make_moderator(email="gone@example.org", is_active=False)
    make_moderator(email="")
    waiting()

    moderator_mail.tell()

    assert set(OutboxMail.objects.values_list("to", flat=True)) == {"moderator@example.org", "admin@example.org"}


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED, Status.SPAM])
def test_nothing_waits_nobody_is_told(status: Status) -> None:
    make_moderator(email="moderator@example.org")
    make_comment(status=status)
    assert moderator_mail.tell() == 0


NEWS_OF_ONE, NEWS_OF_TWO, NEWS_OF_THREE = (
    "Tumen: 1 comment waits",
    "Tumen: 2 comments wait",
    "Tumen: 3 comments wait",
)
ONE_OLD = "Tumen: 1 comment has waited for more than a day"
THREE_OLD = "Tumen: 3 comments have waited for more than a day"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("immediate", {0: NEWS_OF_ONE, 20: NEWS_OF_TWO, 30: NEWS_OF_THREE}),
        ("hourly", {0: NEWS_OF_ONE, 60: NEWS_OF_THREE}),
        ("daily", {0: NEWS_OF_ONE, DAY_IN_MINUTES: NEWS_OF_THREE}),
        ("never", {}),
    ],
)
def test_each_is_told_as_often_as_they_wish(wish: str, told: dict[int, str]) -> None:
    wishing(mail=wish, reminded=False)
    assert minutes_of_mail(hours=30, arrivals={0, 20, 30}) == told


def test_something_that_has_waited_for_a_day_is_called_to_mind_once_a_day() -> None:
    wishing(mail="never")
    told = minutes_of_mail(hours=50, arrivals={0, 20, 30})
    assert told == {DAY_IN_MINUTES: ONE_OLD, 2 * DAY_IN_MINUTES: THREE_OLD}


def test_who_made_no_choice_is_told_hourly_and_reminded() -> None:
    make_moderator(email="moderator@example.org")
    assert minutes_of_mail(hours=25, arrivals={0, 20}) == {0: NEWS_OF_ONE, 60: NEWS_OF_TWO, DAY_IN_MINUTES: ONE_OLD}


def test_comment_that_is_restored_is_new() -> None:
    wishing()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        comment = waiting()
        moderator_mail.tell()
        clock.shift(90 * MINUTE)
        assert moderator_mail.tell() == 0
        moderation.reject(comment, by=None)
        moderation.restore(comment, by=None)
        assert moderator_mail.tell() == 1


def test_mail_that_could_not_be_written_is_not_counted_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    make_moderator(email="moderator@example.org")
    waiting()
    with monkeypatch.context() as crash:
        crash.setattr(outbox, "enqueue", lambda *mail: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            moderator_mail.tell()

    assert moderator_mail.tell() == 1


def test_clock_that_was_wrong_once_does_not_silence_the_mail() -> None:
    wishing(told_at=timezone.now() + timedelta(days=400))
    waiting()
    assert moderator_mail.tell() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("told_before", ["never", "yesterday"])
def test_workers_at_once_tell_each_moderator_once(told_before: str) -> None:
    for name in ("one", "two"):
        user = make_moderator(email=f"{name}@example.org")
        if told_before == "yesterday":
            Moderator.objects.create(user=user, told_at=days_ago(1))
    waiting()

    race(notified, processes=4, attempts=8)

    assert sorted(OutboxMail.objects.values_list("to", flat=True)) == ["one@example.org", "two@example.org"]


# Deciding from mail


@pytest.fixture
def moderator(client: Client) -> User:
    user = make_moderator(email="moderator@example.org")
    client.force_login(user)
    return user


def address_in_mail(label: str) -> str:
    moderator_mail.tell()
    found = re.search(rf"{label}: http://127.0.0.1:8000(\S+)", OutboxMail.objects.get().body)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("label", "status"), [("Approve", Status.APPROVED), ("Reject", Status.REJECTED), ("Spam", Status.SPAM)]
)
def test_a_link_shows_the_comment_and_only_its_button_decides(
    label: str, status: Status, moderator: User, client: Client
) -> None:
    waiting()
    address = address_in_mail(label)

    shown = client.get(address)
    assert "Canary text" in shown.content.decode()
    assert Comment.objects.get().status == Status.PENDING

    client.post(address)
    assert Comment.objects.get().status == status
    assert Decision.objects.get().by == moderator


def test_a_link_warns_of_what_may_endanger_people_and_leads_to_the_comment(moderator: User, client: Client) -> None:
    comment = waiting(careful=True)
    client.force_login(moderator)
    page = client.get(decision_address(comment, "approve", moderator)).content.decode()
    assert "Needs a careful eye" in page
    assert f'#comment-{comment.pk}">Open the queue</a>' in page


def test_a_link_is_good_once_even_after_undoing(moderator: User, client: Client) -> None:
    waiting()
    address = address_in_mail("Spam")
    client.post(address)
    moderation.undo(Decision.objects.get(), by=moderator)

    answer = client.post(address)

    assert answer.status_code == 410
    assert Comment.objects.get().status == Status.PENDING


def test_a_link_is_bound_to_the_revision_that_was_in_the_mail(moderator: User, client: Client) -> None:
    address = decision_address(waiting(), "approve", moderator)
    moderation.redact(Comment.objects.get(), [(0, 3)], by=make_moderator())
    assert client.post(address).status_code == 410
    assert Comment.objects.get().status == Status.PENDING


def test_a_link_is_over_after_seven_days(moderator: User, client: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=7, minutes=1)):
        address = decision_address(waiting(), "approve", moderator)
    answer = client.post(address)
    assert answer.status_code == 410
    assert "Canary" not in answer.content.decode()
    assert Comment.objects.get().status == Status.PENDING


@pytest.mark.parametrize("change", [lambda a: a[:-2] + "x/", lambda a: a.replace("decide/", "decide/a")])
def test_a_link_that_was_changed_is_none(change: object, moderator: User, client: Client) -> None:
    address = decision_address(waiting(), "approve", moderator)
    assert callable(change)
    assert client.post(change(address)).status_code == 404


def test_a_link_is_for_the_moderator_who_got_it(moderator: User, client: Client) -> None:
    address = decision_address(waiting(), "approve", make_moderator())
    assert client.post(address).status_code == 403
    assert Client().post(address).status_code == 302


# How a moderator wishes to work


def test_wishes_are_kept(moderator: User, client: Client) -> None:
    address = "/admin/comments/profile/"
    assert client.get(address).status_code == 200
    assert not Moderator.objects.exists()

    client.post(address, {"keys": "wordpress", "mail": "daily"})

    wish = Moderator.objects.get(user=moderator)
    assert (wish.keys, wish.mail, wish.reminded) == ("wordpress", "daily", False)


def test_an_unknown_wish_is_told(moderator: User, client: Client) -> None:
    answer = client.post("/admin/comments/profile/", {"keys": "emacs", "mail": "daily"})
    assert answer.status_code == 400
    assert "emacs" in answer.content.decode()
    assert not Moderator.objects.exists()
