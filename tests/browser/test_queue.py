"""Moderators at work in the queue, with JavaScript and without, on a desk and by thumb."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from comments import health
from comments.models import Comment, CommentSignal, Decision, SourceHealth, Status
from comments.queue import VIEWS
from tests.browser.conftest import NewPage
from tests.factories import days_ago, make_comment, make_moderator, make_post

QUEUE = "/admin/comments/queue/"
PASSWORD = "correct horse battery"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def log_in(page: Page, username: str) -> Page:
    make_moderator(username=username, password=PASSWORD)
    page.goto("/admin/")
    page.get_by_label("Username:").fill(username)
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


def tick(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True)


def press(page: Page, name: str, button: str) -> None:
    card(page, name).get_by_role("button", name=button, exact=True).click()


def three_wait() -> list[Comment]:
    post = make_post()
    return [
        make_comment(post=post, name=name, status=Status.PENDING, created_at=days_ago(age), body="Text. " * 200)
        for name, age in [("Ara", 3), ("Binna", 2), ("Chul", 1)]
    ]


def status_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


@with_and_without_scripts
def test_a_moderator_works_through_the_queue_from_the_front_page(new_page: NewPage, *, scripts: bool) -> None:
    ara, binna, chul = three_wait()
    page = log_in(new_page(java_script_enabled=scripts), "haneul")
    expect(page.get_by_text("3 comments wait for a decision.")).to_be_visible()
    page.get_by_role("link", name="Open the queue").click()
    expect(page.get_by_role("link", name="Waiting 3")).to_have_attribute("aria-current", "page")

    card(page, "Binna").get_by_text("Give a reason").click()
    card(page, "Binna").get_by_label("Reason", exact=True).fill("Names a relative.")
    press(page, "Binna", "Reject")
    expect(page.get_by_text("1 comment rejected.")).to_be_in_viewport()
    expect(card(page, "Chul").get_by_role("heading")).to_be_in_viewport()
    press(page, "Ara", "Approve")
    expect(page.get_by_text("1 comment published.")).to_be_in_viewport()
    press(page, "Chul", "Spam")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert [status_of(comment) for comment in (ara, binna, chul)] == [Status.APPROVED, Status.REJECTED, Status.SPAM]

    page.get_by_role("link", name="Rejected 1").click()
    expect(page.get_by_text("Rejected by haneul")).to_contain_text("Names a relative.")
    press(page, "Binna", "Back to waiting")
    expect(page.get_by_text("1 comment waits again.")).to_be_visible()
    page.get_by_role("link", name="Published 1").click()
    press(page, "Ara", "Take down")
    expect(page.get_by_text("1 comment taken down.")).to_be_visible()
    assert [status_of(comment) for comment in (ara, binna)] == [Status.REJECTED, Status.PENDING]


@with_and_without_scripts
def test_ticked_comments_are_decided_together(new_page: NewPage, *, scripts: bool) -> None:
    ara, binna, chul = three_wait()
    page = log_in(new_page(java_script_enabled=scripts, viewport=PHONE), "haneul")
    page.goto(QUEUE)
    together = page.get_by_role("form", name="Ticked comments:")
    expect(together).to_be_hidden()
    expect(page.get_by_text("Tick all on this page")).to_be_visible(visible=scripts)
    tick(page, "Ara").check()
    tick(page, "Chul").check()
    expect(together).to_be_in_viewport()
    together.get_by_role("button", name="Spam").click()
    expect(page.get_by_text("2 comments marked as spam.")).to_be_visible()
    assert [status_of(comment) for comment in (ara, binna, chul)] == [Status.SPAM, Status.PENDING, Status.SPAM]


def test_all_are_ticked_at_once(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.get_by_label("Tick all on this page").check()
    tick(page, "Binna").uncheck()
    expect(page.get_by_text("Ticked comments: 2")).to_be_visible()
    page.get_by_label("Tick all on this page").check()
    expect(page.get_by_text("Ticked comments: 3")).to_be_visible()
    page.get_by_role("form").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("3 comments published.")).to_be_visible()


def test_the_second_of_two_moderators_is_told(new_page: NewPage) -> None:
    ara, binna, _chul = three_wait()
    first, second = log_in(new_page(), "haneul"), log_in(new_page(), "jun")
    first.goto(QUEUE)
    second.goto(QUEUE)
    press(first, "Ara", "Reject")
    expect(first.get_by_text("1 comment rejected.")).to_be_visible()
    tick(second, "Ara").check()
    tick(second, "Binna").check()
    second.get_by_role("form").get_by_role("button", name="Approve").click()
    expect(second.get_by_text("Somebody else has decided")).to_contain_text("Rejected by haneul.")
    expect(second.get_by_text("1 comment published.")).to_be_visible()
    assert [status_of(comment) for comment in (ara, binna)] == [Status.REJECTED, Status.APPROVED]


@with_and_without_scripts
def test_the_enter_key_decides_nothing(new_page: NewPage, *, scripts: bool) -> None:
    three_wait()
    page = log_in(new_page(java_script_enabled=scripts), "haneul")
    page.goto(QUEUE)
    card(page, "Ara").get_by_text("Give a reason").click()
    card(page, "Ara").get_by_label("Reason", exact=True).press("Enter")
    tick(page, "Ara").check()
    tick(page, "Ara").press("Enter")
    page.get_by_role("form").get_by_text("Give a reason").click()
    page.get_by_role("form").get_by_label("Reason", exact=True).press("Enter")
    page.goto(QUEUE)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_everybody_can_use_it(
    new_page: NewPage, axe: Callable[[Page], list[str]], viewport: dict[str, int], scheme: str
) -> None:
    for status in VIEWS:
        parent = make_comment(status=status, name="", website="https://example.org/" + "x" * 200, body="y" * 3000)
        comment = make_comment(parent=parent, status=status, score=9.0, threshold=5.0)
        CommentSignal.objects.create(
            comment=comment, name="x", points=9, reason="It is spam.", evidence={"quote": "z" * 300}
        )
    page = log_in(new_page(viewport=viewport, color_scheme=scheme), "haneul")
    assert axe(page) == []
    for status in VIEWS:
        page.goto(f"{QUEUE}?status={status}")
        page.get_by_label("Tick all on this page").check()
        page.get_by_text("Give a reason").first.click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_sources_that_fail_are_shown_to_everybody_and_switched_on_again(
    new_page: NewPage, axe: Callable[[Page], list[str]], viewport: dict[str, int], scheme: str
) -> None:
    three_wait()
    unavailable = SourceHealth.State.UNAVAILABLE
    SourceHealth.objects.create(source="Akismet", state=unavailable, error="APIKeyError", since=days_ago(1))
    health.switch_off("comments.spam.signals.form.mixed_scripts", milliseconds=412)
    health.switch_off("comments.spam.signals.behaviour.repeated_text")
    page = log_in(new_page(viewport=viewport, color_scheme=scheme), "haneul")
    for address in ("/admin/", QUEUE):
        page.goto(address)
        expect(page.get_by_role("region", name="Not every clue")).to_contain_text("because it took 412 ms")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for left in (1, 0):
        page.get_by_role("button", name="Switch on again").first.click()
        expect(page.get_by_role("button", name="Switch on again")).to_have_count(left)
    expect(page.get_by_role("region", name="Not every clue")).to_contain_text("Akismet has given no answer")
