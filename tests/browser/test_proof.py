"""A commenter proves by browser or mail that comments are theirs, and forgets it: with JavaScript and without."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from comments import moderation, outbox, proof
from comments.addresses import status_address
from comments.models import Comment, Proof, Status
from posts.models import Post
from tests.browser.conftest import Axe, NewPage, fits
from tests.browser.staff import enter
from tests.factories import make_comment, make_moderator, make_post

BOX = "Let this browser prove next time that it is me"

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])


def comment_on(page: Page, post: Post, text: str, *, tick: bool = False, email: str = "") -> Comment:
    page.goto(post.get_absolute_url())
    page.get_by_label("Name").fill("Kim")
    page.get_by_label("E-mail").fill(email)
    page.locator("textarea").fill(text)
    page.get_by_label(BOX).set_checked(tick)
    page.get_by_role("button", name="Post Comment").click()
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    return Comment.objects.get(body=text)


@with_and_without_javascript
def test_a_browser_proves_its_comments_until_it_is_forgotten(new_page: NewPage, *, javascript: bool) -> None:
    post, page, other = make_post(), new_page(java_script_enabled=javascript), new_page()
    page.goto(post.get_absolute_url())
    expect(page.get_by_label(BOX)).not_to_be_checked()
    first = comment_on(page, post, "One.", tick=True)
    assert comment_on(page, post, "Two.").proof == first.proof
    assert comment_on(other, post, "Three.").proof is None
    (kept,) = page.context.cookies()
    assert (kept["name"], kept["httpOnly"], kept["sameSite"]) == ("proof", True, "Lax")
    assert page.evaluate("document.cookie") == ""

    page.get_by_text("Your browser proves that this comment is yours").click()
    page.get_by_role("button", name="Forget this proof").click()
    expect(page.get_by_text("Your browser proves")).to_have_count(0)
    assert page.context.cookies() == []
    assert not Proof.objects.exists()
    assert comment_on(page, post, "Four.").proof is None


@with_and_without_javascript
def test_a_commenter_confirms_their_address(new_page: NewPage, *, javascript: bool) -> None:
    page = new_page(java_script_enabled=javascript)
    comment = comment_on(page, make_post(), "One.", email="kim@example.org")
    page.get_by_text("Prove by e-mail that this comment is yours").click()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("The link is on its way")).to_be_visible()
    outbox.send_due()
    found = re.search(r"http\S+/comments/confirm/\S+", str(mail.outbox[-1].body))
    assert found
    page.goto(found[0])
    page.get_by_role("button", name="The comment is mine").click()
    expect(page.get_by_text("Your address is confirmed")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Your address is confirmed")).to_be_visible()
    page.goto(status_address(comment))
    page.get_by_text("Your confirmed e-mail address proves").click()
    page.get_by_role("button", name="Forget this proof").click()
    expect(page.get_by_text("Your confirmed e-mail address proves")).to_have_count(0)
    assert not Proof.objects.exists()
    page.goto(found[0])
    expect(page.get_by_text("This link is not valid any more")).to_be_visible()


def test_the_box_is_reached_by_keyboard_and_explains_itself(page: Page) -> None:
    page.goto(make_post().get_absolute_url())
    page.locator("textarea").focus()
    page.keyboard.press("Tab")
    box = page.get_by_label(BOX)
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(box).to_have_accessible_description(re.compile("random number for 180 days"))


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_everybody_can_use_every_page_of_it(new_page: NewPage, axe: Axe, width: int, scheme: str) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    post, faults = make_post(), []

    def look() -> None:
        for summary in page.locator("main summary").all():
            summary.click()
        faults.extend(axe(page))
        assert fits(page)

    comment_on(page, post, "One.", tick=True)
    look()
    page.context.clear_cookies()
    comment_on(page, post, "Two.", email="kim@example.org")
    look()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("The link is on its way")).to_be_visible()
    look()
    outbox.send_due()
    page.goto(str(mail.outbox[-1].body).split("\n")[1])
    look()
    page.get_by_role("button", name="The comment is mine").click()
    expect(page.get_by_text("Your address is confirmed")).to_be_visible()
    look()
    proof.forget(Proof.objects.get(kind=Proof.Kind.EMAIL))
    page.reload()
    look()
    assert faults == []


def test_moderators_see_who_is_proven(page: Page, site: str, axe: Axe) -> None:
    post, moderator = make_post(), make_moderator()
    moderation.approve(comment_on(page, post, "One.", tick=True), by=moderator)
    comment_on(page, post, "Two.")
    page.context.clear_cookies()
    comment_on(page, post, "Three.")
    make_comment(post=post, status=Status.PENDING, name="Lee")
    enter(page, site, moderator)
    page.goto("/admin/comments/queue/")
    cards = page.locator(".card")
    expect(cards.filter(has_text="Two.")).to_contain_text("proven: browser, 1 published before")
    expect(cards.filter(has_text="Three.")).to_contain_text("same name, unproven")
    expect(cards.filter(has_text="Lee")).not_to_contain_text("proven:")
    assert axe(page) == []
