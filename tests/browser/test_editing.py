"""Editors who share a text: they see each other, and neither loses a word."""

import pytest
from playwright.sync_api import Page, expect

from posts.models import Post
from tests.browser.conftest import PHONE, Axe, NewPage
from tests.browser.staff import enter, press_save
from tests.factories import make_editor, make_post


@pytest.fixture
def post(site: str) -> Post:
    body = "<p>He was held in camp 14 for two years.</p><p>Then he crossed the river.</p>"
    return make_post(title="Two years", body=body, slug="two-years")


def opened(page: Page, site: str, post: Post, name: str) -> Page:
    enter(page, site, make_editor(username=name))
    with page.expect_response("**/editing/"):
        page.goto(f"/admin/posts/post/{post.pk}/change/")
    return page


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_two_editors_see_each_other_and_both_texts(
    new_page: NewPage, site: str, post: Post, axe: Axe, look: dict[str, object]
) -> None:
    ara, bora = new_page(), new_page(bypass_csp=True, **look)  # for axe; ara's pages obey it
    opened(ara, site, post, "ara"), opened(bora, site, post, "bora")
    expect(bora.get_by_role("status")).to_have_text("ara is editing this text.")
    assert axe(bora) == []
    ara.get_by_label("Title").fill("Three years")
    ara.get_by_role("textbox", name="Text", exact=True).click()
    ara.keyboard.press("Control+Home")
    ara.keyboard.type("In 1999 ")
    press_save(ara)
    bora.get_by_label("Title").fill("Two long years")
    press_save(bora)
    conflict = bora.get_by_role("region", name="Nothing was saved yet")
    expect(conflict.get_by_text("ara saved this text on")).to_be_visible()
    expect(conflict.locator("del")).to_have_text(["Three ", "In 1999 "])
    expect(bora.get_by_role("textbox", name="Title")).to_have_value("Two long years")
    assert axe(bora) == []
    press_save(bora)
    expect(bora.locator(".messagelist .success")).to_be_visible()
    post.refresh_from_db()
    assert (post.title, "two years" in post.body) == ("Two long years", True)


def test_without_javascript_both_texts_are_shown_as_well(page_no_js: Page, site: str, post: Post) -> None:
    enter(page_no_js, site, make_editor(username="bora"))
    page_no_js.goto(f"/admin/posts/post/{post.pk}/change/")
    Post.objects.filter(pk=post.pk).update(title="Three years", revision=1)
    page_no_js.get_by_label("Title").fill("Two long years")
    press_save(page_no_js)
    expect(page_no_js.get_by_role("heading", name="there are two versions now")).to_be_visible()
    press_save(page_no_js)
    post.refresh_from_db()
    assert post.title == "Two long years"
