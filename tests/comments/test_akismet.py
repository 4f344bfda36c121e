"""Akismet against a server on the loopback interface that speaks its protocol, or fails to."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import akismet._common
import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from comments import akismet as correcting
from comments import moderation, rescoring
from comments.akismet import NO_ADDRESS, TRY_AGAIN, send_due
from comments.models import Comment, Correction, Decision, SourceHealth, Status
from comments.moves import StaleCommentError
from comments.templatetags.comments import PRIVACY_SLUGS
from tests.comments.akismet_server import FAULTS, KEY, FakeAkismet
from tests.factories import make_comment, make_moderator, make_page, make_post

ADDRESS = "203.0.113.7"
CANARIES = {"name": "Canary", "comment": "The canary sings.", "website": "https://canary.example/"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_prior")]


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAkismet]:
    settings.SPAM_SIGNALS = ["comments.spam.signals.behaviour.honeypot"]
    settings.AKISMET_KEY = KEY
    with FakeAkismet().running() as server:
        monkeypatch.setattr(akismet._common, "_API_URL", server.url)
        yield server


def send(client: Client, **fields: str) -> Comment:
    address = f"{make_post().get_absolute_url()}comments/"
    answer = client.post(address, CANARIES | fields, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT="CanaryBrowser")
    assert answer.status_code == 303
    return Comment.objects.latest("pk")


def signals(comment: Comment) -> dict[str, float]:
    return dict(comment.signals.values_list("name", "points"))


def at_minute(minute: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minute))


# It is asked


@pytest.mark.parametrize(("name", "points"), [("Canary", -0.5), ("akismet-guaranteed-spam", 3), ("akismet-discard", 4)])
def test_its_answer_is_a_signal_like_others(client: Client, server: FakeAkismet, name: str, points: float) -> None:
    comment = send(client, name=name, subject="x")
    assert signals(comment) == {"honeypot": 4.0, "akismet": points}
    assert comment.score == 4 + points
    assert comment.status == (Status.SPAM if points > 0 else Status.PENDING)


def test_it_never_decides_alone(client: Client, server: FakeAkismet) -> None:
    assert send(client, name="akismet-discard").status == Status.PENDING


def test_it_is_told_exactly_what_the_page_says(client: Client, server: FakeAkismet) -> None:
    comment = send(client, email="canary@example.org")
    [(path, fields)] = server.received
    assert path == "/1.1/comment-check"
    assert fields == {
        "api_key": KEY,
        "blog": "http://127.0.0.1:8000",
        "user_ip": ADDRESS,
        "comment_type": "comment",
        "comment_content": CANARIES["comment"],
        "comment_author": CANARIES["name"],
        "comment_author_url": CANARIES["website"],
        "permalink": f"http://127.0.0.1:8000{comment.post.get_absolute_url()}",
        "blog_lang": "en",
        "blog_charset": "UTF-8",
    }


def test_it_is_asked_when_the_comment_is_stored(client: Client, server: FakeAkismet) -> None:
    post = make_post(comments="closed")
    client.post(f"{post.get_absolute_url()}comments/", CANARIES)
    client.post(f"{make_post().get_absolute_url()}comments/", CANARIES | {"comment": ""})
    assert server.received == []


def test_an_onion_service_has_no_address_to_tell(client: Client, server: FakeAkismet) -> None:
    client.post(f"{make_post().get_absolute_url()}comments/", CANARIES, REMOTE_ADDR="fc00:dead:beef:4dad::1")
    assert [fields["user_ip"] for _path, fields in server.received] == [NO_ADDRESS]


def test_nothing_is_sent_without_a_key(client: Client, server: FakeAkismet, settings: Settings) -> None:
    settings.AKISMET_KEY = ""
    comment = send(client)
    moderation.mark_spam(comment, by=make_moderator())
    send_due()
    assert server.received == []
    assert signals(comment) == {}
    assert not Correction.objects.exists()


def test_a_key_without_the_package_does_not_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.AKISMET_KEY = KEY
    apps.get_app_config("comments").ready()
    monkeypatch.setitem(__import__("sys").modules, "akismet", None)
    with pytest.raises(ImproperlyConfigured, match="pip install akismet") as raised:
        apps.get_app_config("comments").ready()
    assert KEY not in str(raised.value)


# It fails


@pytest.mark.parametrize("fault", [*FAULTS, "wrong key", "offline"])
def test_where_it_fails_the_comment_is_held_and_asked_about_again_without_the_address(
    client: Client,
    server: FakeAkismet,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    server.fault = fault
    if fault == "wrong key":
        settings.AKISMET_KEY = f"wrong{KEY}"
    if fault == "offline":
        monkeypatch.setattr(akismet._common, "_API_URL", "http://127.0.0.1:1")
    began = time.monotonic()
    comment = send(client, subject="x")
    assert time.monotonic() - began < 4, "two seconds, and what a busy machine adds"
    assert signals(comment) == {"honeypot": 4.0, "Akismet unavailable": 0.0}
    assert comment.status == Status.PENDING
    row = SourceHealth.objects.get()
    assert (row.source, row.state) == ("Akismet", SourceHealth.State.UNAVAILABLE)

    said = caplog.text + repr(list(SourceHealth.objects.values()))
    assert "Akismet is unavailable" in said
    assert not [secret for secret in (KEY, ADDRESS, "anary") if secret in said]

    server.fault, server.received = "", []
    settings.AKISMET_KEY = KEY
    monkeypatch.setattr(akismet._common, "_API_URL", server.url)
    with at_minute(1):
        assert rescoring.score_due() == 1
    assert signals(comment) == {"honeypot": 4.0, "akismet": -0.5}
    assert [fields["user_ip"] for _path, fields in server.received] == [NO_ADDRESS]
    assert not SourceHealth.objects.exists()


def test_what_is_covered_before_it_answers_is_not_sent(client: Client, server: FakeAkismet) -> None:
    server.fault = FAULTS[0]
    moderation.redact(send(client), [(4, 10)], by=make_moderator())
    server.fault, server.received = "", []
    with at_minute(1):
        assert rescoring.score_due() == 1
    assert [fields["comment_content"] for _path, fields in server.received] == ["The [removed] sings."]


def test_a_name_that_is_looked_up_for_ever_is_waited_for_two_seconds(
    client: Client, server: FakeAkismet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_options: time.sleep(6))
    monkeypatch.setattr(akismet._common, "_API_URL", "http://akismet.invalid")
    began = time.monotonic()
    assert "Akismet unavailable" in signals(send(client))
    assert time.monotonic() - began < 4


def test_no_question_outlives_its_time(client: Client, server: FakeAkismet) -> None:
    server.fault = "drip"
    send(client)
    for thread in threading.enumerate():
        if thread.name == "akismet":
            thread.join(timeout=10)  # seconds; the server would drip on for ever
            assert not thread.is_alive()


def test_the_address_is_not_stored(client: Client, server: FakeAkismet) -> None:
    server.fault = "500"
    send(client)
    rows = [repr(list(model._default_manager.values())) for model in apps.get_models()]
    assert not [row for row in rows if ADDRESS in row]


# It is told what moderators decide


@pytest.fixture
def thought(server: FakeAkismet) -> Callable[[str], Comment]:
    """A waiting comment of which Akismet thought that."""

    def thought(verdict: str) -> Comment:
        comment = make_comment(status=Status.PENDING, name="Canary", body="The canary sings.")
        comment.signals.create(name="akismet", points={"spam": 3, "ham": -0.5}[verdict], reason="It said so.")
        return comment

    return thought


@pytest.mark.parametrize(
    ("verdict", "decide", "path"),
    [
        ("spam", moderation.approve, "/1.1/submit-ham"),
        ("ham", moderation.mark_spam, "/1.1/submit-spam"),
        ("spam", moderation.mark_spam, None),
        ("ham", moderation.approve, None),
        ("spam", moderation.reject, None),
        ("ham", moderation.reject, None),
    ],
)
def test_it_is_told_where_it_was_wrong(
    server: FakeAkismet,
    thought: Callable[[str], Comment],
    verdict: str,
    decide: Callable[..., Decision],
    path: str | None,
) -> None:
    decide(thought(verdict), by=make_moderator())
    assert server.received == [], "not in the request"
    assert send_due() == (path is not None)
    assert [found for found, _fields in server.received] == ([path] if path else [])
    assert [fields["user_ip"] for _path, fields in server.received] == ([NO_ADDRESS] if path else [])
    assert not Correction.objects.exists(), "nothing is kept once it was told"
    assert send_due() == 0


def test_the_rules_of_the_site_correct_nobody(thought: Callable[[str], Comment]) -> None:
    moderation.mark_spam(thought("ham"), by=None)
    assert not Correction.objects.exists()


def test_nothing_is_said_of_a_comment_that_it_never_saw(server: FakeAkismet) -> None:
    moderation.mark_spam(make_comment(), by=make_moderator())
    assert not Correction.objects.exists()


def test_a_decision_that_failed_leaves_nothing_to_tell(thought: Callable[[str], Comment]) -> None:
    comment = thought("ham")
    Comment.objects.update(revision=7)
    with pytest.raises(StaleCommentError):
        moderation.mark_spam(comment, by=make_moderator())
    assert not Correction.objects.exists()


@pytest.mark.parametrize("undo", [moderation.restore, moderation.reject, moderation.approve])
def test_what_is_undone_before_it_was_sent_is_not_sent(
    server: FakeAkismet, thought: Callable[[str], Comment], undo: Callable[..., Decision]
) -> None:
    comment, moderator = thought("ham"), make_moderator()
    moderation.mark_spam(comment, by=moderator)
    undo(comment, by=moderator)
    assert send_due() == 0
    assert server.received == []


def test_what_is_covered_is_not_sent(server: FakeAkismet, thought: Callable[[str], Comment]) -> None:
    comment, moderator = thought("ham"), make_moderator()
    moderation.redact(comment, [(4, 10)], by=moderator)
    moderation.mark_spam(comment, by=moderator)
    send_due()
    assert [fields["comment_content"] for _path, fields in server.received] == ["The [removed] sings."]


def test_what_is_left_of_an_erased_text_is_not_sent(server: FakeAkismet, thought: Callable[[str], Comment]) -> None:
    comment = thought("ham")
    comment.purged_at = timezone.now()
    moderation.mark_spam(comment, by=make_moderator())
    assert send_due() == 0
    assert server.received == []


def test_what_was_withdrawn_is_not_sent(server: FakeAkismet, thought: Callable[[str], Comment]) -> None:
    comment = thought("ham")
    moderation.mark_spam(comment, by=make_moderator())
    moderation.withdraw(comment)
    assert send_due() == 0
    assert server.received == []


def test_it_is_told_again_until_it_listens(
    server: FakeAkismet, thought: Callable[[str], Comment], caplog: pytest.LogCaptureFixture
) -> None:
    moderation.mark_spam(thought("ham"), by=make_moderator())
    server.fault = "garbage"
    assert send_due() == 0
    assert send_due() == 0, "not before its time"
    assert len(server.received) == 1
    server.fault = ""
    with at_minute(1.1):
        assert send_due() == 1
    assert "was not told at try 1: ProtocolError" in caplog.text
    assert not [secret for secret in (KEY, "anary", "hotel") if secret in caplog.text]


def test_it_is_given_up_in_the_end(server: FakeAkismet, thought: Callable[[str], Comment]) -> None:
    moderation.mark_spam(thought("ham"), by=make_moderator())
    server.fault = "500"
    with at_minute(0) as traveller:
        for pause in (timedelta(), *TRY_AGAIN):
            traveller.shift(pause + timedelta(seconds=1))
            send_due()
    assert len(server.received) == 1 + len(TRY_AGAIN)
    assert not Correction.objects.exists()


def test_two_workers_do_not_tell_it_twice(server: FakeAkismet, thought: Callable[[str], Comment]) -> None:
    moderation.mark_spam(thought("ham"), by=make_moderator())
    mine = Correction.objects.get()
    assert send_due() == 1
    assert not correcting._claim(mine)


def test_what_waits_is_dropped_when_it_is_switched_off(
    settings: Settings, server: FakeAkismet, thought: Callable[[str], Comment]
) -> None:
    moderation.mark_spam(thought("ham"), by=make_moderator())
    settings.AKISMET_KEY = ""
    assert send_due() == 0
    assert not Correction.objects.exists()


# Commenters are told


@pytest.mark.parametrize(("key", "told"), [("", False), (KEY, True)])
def test_the_form_says_who_helps_to_sort(client: Client, settings: Settings, key: str, *, told: bool) -> None:
    settings.AKISMET_KEY = key
    assert ("Akismet, a service elsewhere" in client.get(make_post().get_absolute_url()).text) == told


@pytest.mark.parametrize(
    ("language", "heard"), [("en", "What Akismet is told"), ("ko", "아키스밋(Akismet)에 전해지는 것")]
)
def test_the_page_on_comment_data_says_so_only_where_it_is_on(
    client: Client, settings: Settings, language: str, heard: str
) -> None:
    page = make_page(slug=PRIVACY_SLUGS[language], language=language)
    other = make_page(language=language)
    assert "kismet" not in client.get(page.get_absolute_url()).text
    settings.AKISMET_KEY = KEY
    cache.clear()
    said = client.get(page.get_absolute_url()).text
    assert heard in said
    assert KEY not in said
    assert "kismet" not in client.get(other.get_absolute_url()).text
