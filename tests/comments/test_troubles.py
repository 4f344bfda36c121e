"""The banner that tells moderators which sources of signals fail, and its button."""

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import Settings

from comments import health, moderation
from comments.models import Comment, SourceHealth, Status
from comments.scoring import submission_of
from tests.factories import make_comment, make_editor, make_moderator

QUEUE, NEWSROOM, SWITCH = "/admin/comments/queue/", "/admin/", "/admin/comments/sources/switch-on/"
RAISES, ANSWERS = "tests.comments.broken_sources.raises", "tests.comments.broken_sources.answers"

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_moderator())
    return client


def score_one() -> Comment:
    comment = make_comment(status=Status.PENDING, scored_at=None)
    moderation.score(comment, submission_of(comment))
    return comment


@pytest.mark.parametrize("address", [QUEUE, NEWSROOM, f"{QUEUE}?status=spam"])
def test_moderators_are_told_of_a_source_that_gives_no_answer_until_it_does(
    browser: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert "Not every clue" not in browser.get(address).text
    settings.SPAM_SIGNALS = [RAISES]
    score_one()
    page = browser.get(address).text
    assert f"<code>{RAISES}</code> has given no answer since" in page
    assert "(RuntimeError)" in page
    assert "Switch on again" not in page

    monkeypatch.setattr(RAISES, lambda submission: ())
    score_one()
    assert "Not every clue" not in browser.get(address).text


@pytest.mark.parametrize(
    ("milliseconds", "why"), [(251.7, "because it took 252 ms"), (None, "because the program ended while it looked")]
)
def test_moderators_are_told_why_a_source_is_switched_off(
    browser: Client, milliseconds: float | None, why: str
) -> None:
    health.switch_off(RAISES, milliseconds=milliseconds)
    page = browser.get(QUEUE).text
    assert why in page
    assert "Every new comment waits for a moderator." in page


@pytest.mark.usefixtures("silent_prior")
def test_a_source_stays_switched_off_whatever_comes_until_a_moderator_presses_the_button(
    browser: Client, settings: Settings
) -> None:
    settings.SPAM_SIGNALS = [ANSWERS]
    health.switch_off(ANSWERS, milliseconds=300)
    assert "switched off" in score_one().signals.get().name
    assert f'value="{ANSWERS}"' in browser.get(QUEUE).text
    answer = browser.post(SWITCH, {"source": ANSWERS})
    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [f"{ANSWERS} is asked again."]
    assert score_one().signals.get().name == "answer"
    assert "Not every clue" not in browser.get(QUEUE).text


@pytest.mark.parametrize("source", ["", "x", "\0", RAISES])
def test_the_button_changes_nothing_where_nothing_is_switched_off(browser: Client, source: str) -> None:
    SourceHealth.objects.create(source=RAISES, state=SourceHealth.State.UNAVAILABLE)
    answer = browser.post(SWITCH, {"source": source})
    assert list(get_messages(answer.wsgi_request)) == []
    assert SourceHealth.objects.exists()


def test_the_button_is_a_form_with_a_token(settings: Settings, browser: Client) -> None:
    health.switch_off(ANSWERS)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get())
    assert strict.post(SWITCH, {"source": ANSWERS}).status_code == 403
    assert browser.get(SWITCH).status_code == 405
    assert SourceHealth.objects.exists()


def test_editors_are_not_bothered(client: Client) -> None:
    health.switch_off(ANSWERS)
    client.force_login(make_editor())
    assert "Not every clue" not in client.get(NEWSROOM).text
