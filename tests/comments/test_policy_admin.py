"""The policy in the newsroom: administrators see first what a new version changes, and what is suspended."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comments.models import PolicyRevision, Status
from comments.policy import DEFAULT, current
from tests.comments.test_precision import decide_many
from tests.comments.test_rule_admin import rows
from tests.comments.test_submitting import database_text
from tests.factories import make_comment, make_moderator, make_policy, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/policyrevision/"
NUMBERS = {"spam_threshold": "4", "obvious_threshold": "8", "publish_threshold": "0", "weights": "", "note": "Why"}
BANNER = "Spam is not put aside by itself any more"


@pytest.fixture
def by(client: Client) -> User:
    administrator = make_user(is_superuser=True)
    client.force_login(administrator)
    return administrator


def preview(client: Client, **fields: str) -> str:
    return client.post(f"{LIST}add/", NUMBERS | fields).text


def save(client: Client, **fields: str) -> Any:
    (shown,) = re.findall(r'name="shown" value="(\w+)"', preview(client, **fields))
    return client.post(f"{LIST}add/", NUMBERS | fields | {"shown": shown})


def test_a_change_is_shown_first_and_then_a_new_version(client: Client, by: User) -> None:
    decide_many(3, Status.SPAM, by=by, score=4.0)
    before = database_text()
    page = preview(client)
    assert "What it would change" in page
    assert database_text() == before
    assert save(client).status_code == 302
    revision = PolicyRevision.objects.get()
    assert (current().spam_threshold, current().version, revision.made_by) == (4.0, revision.pk, by)
    save(client, spam_threshold="3")
    assert [policy.spam_threshold for policy in PolicyRevision.objects.all()] == [4.0, 3.0]


def test_the_form_begins_with_what_holds_now(client: Client, by: User) -> None:
    make_policy(spam_threshold=4.25, auto_spam=True, weights={"many_links": 0.5})
    page = client.get(f"{LIST}add/").text
    assert 'value="4.25"' in page
    assert re.search(r'<input[^>]*name="auto_spam"[^>]*checked', page)
    assert "\nmany_links 0.5</textarea>" in page


def test_factors_are_lines_of_name_and_number(client: Client, by: User) -> None:
    save(client, weights="many_links 0.5\n\nselling: 2\n")
    assert current().weights == {"many_links": 0.5, "selling": 2.0}


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"weights": "many links"}, "is not a signal’s name and a number"),
        ({"weights": "many_links 6"}, "is not a signal’s name and a number"),
        ({"weights": "many_links -1"}, "is not a signal’s name and a number"),
        ({"spam_threshold": "101"}, "less than or equal to 100"),
        ({"spam_threshold": "nan"}, "Enter a number."),
        ({"publish_threshold": "4"}, "A comment must be published below"),
        ({"obvious_threshold": "3.9"}, "A comment must be published below"),
    ],
)
def test_what_no_policy_may_be_is_refused(client: Client, by: User, fields: dict[str, str], complaint: str) -> None:
    page = preview(client, **fields)
    assert complaint in page
    assert "What it would change" not in page


def test_the_figures_after_saving_are_those_that_were_shown(client: Client, by: User) -> None:
    decide_many(149, Status.SPAM, by=by, score=4.0)
    decide_many(1, Status.APPROVED, by=by, score=3.0)
    fields = {"auto_spam": "on"}
    page = preview(client, **fields)
    assert "spam folder" in page
    shown = {label: then for label, (_now, then) in rows(page).items()}
    save(client, **fields)
    again = preview(client, **fields)
    assert {label: now for label, (now, _then) in rows(again).items()} == shown
    assert "<strong>0</strong> comments would be judged otherwise." in " ".join(again.split())


def test_a_suspended_switch_is_told_to_administrators_on_every_page(client: Client, by: User) -> None:
    make_policy(auto_spam=True)
    for address in ("/admin/", LIST, "/admin/comments/queue/"):
        assert BANNER in client.get(address).text
    assert "On, but suspended: comments wait" in client.get(LIST).text
    client.force_login(make_moderator())
    assert BANNER not in client.get("/admin/").text


def test_an_earned_switch_is_no_matter(client: Client, by: User) -> None:
    make_policy(auto_spam=True)
    decide_many(150, Status.SPAM, by=by, score=DEFAULT.spam_threshold)
    page = client.get(LIST).text
    assert BANNER not in page
    assert "Right in 150 of 150 cases; proven: 98.0 %" in page


def test_without_a_version_the_page_shows_the_default(client: Client, by: User) -> None:
    assert f"From {DEFAULT.obvious_threshold:.1f} points on it is obvious spam" in client.get(LIST).text


def test_a_version_can_be_looked_at(client: Client, by: User) -> None:
    page = client.get(f"{LIST}{make_policy(note='For the summer').pk}/change/").text
    assert "For the summer" in page
    assert 'type="submit" class="default"' not in page


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Held only because of “It has 3 links” (+2.5); otherwise published."),
        ("ko", "“It has 3 links”(+2.5) 때문에만 보류되었습니다. 그렇지 않으면 게시되었을 것입니다."),
    ],
)
def test_a_card_in_the_queue_says_what_decided(
    client: Client, by: User, settings: Any, language: str, sentence: str
) -> None:
    settings.LANGUAGE_CODE = language
    because = {"name": "many_links", "points": 2.5, "reason": "It has 3 links.", "otherwise": "published"}
    make_comment(status=Status.PENDING, outcome="held", counterfactual=because)
    assert sentence in client.get("/admin/comments/queue/").text
