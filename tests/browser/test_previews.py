"""An editor shows a draft to somebody outside."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import enter
from tests.factories import make_category, make_editor, make_media, make_post


@pytest.mark.parametrize("look", [{"viewport": PHONE}, {"color_scheme": "dark"}])
def test_a_draft_is_shown_to_somebody_outside_until_the_link_is_revoked(
    new_page: NewPage, site: str, axe: Axe, look: dict[str, object]
) -> None:
    post = make_post(
        title="Not yet", state="draft", published_at=None, categories=[make_category()], cover=make_media()
    )
    editor, outsider = new_page(**look), new_page(**look)
    enter(editor, site, make_editor(username="ara"))
    editor.goto(f"/admin/posts/post/{post.pk}/change/")
    editor.get_by_role("link", name="Preview links").click()
    editor.get_by_role("button", name="Make a preview link").click()
    address = editor.get_by_role("textbox", name="Made by ara").input_value()
    assert axe(editor) == []
    assert fits(editor)
    outsider.goto(address)
    expect(outsider.get_by_role("heading", name="Not yet")).to_be_visible()
    expect(outsider.get_by_role("note")).to_contain_text("This is a draft")
    expect(outsider.get_by_role("textbox")).to_have_count(0)
    assert axe(outsider) == []
    editor.get_by_role("button", name="Revoke").click()
    expect(editor.get_by_text("There is no link now.")).to_be_visible()
    answer = outsider.reload()
    assert answer
    assert answer.status == 404


def test_links_are_made_and_revoked_without_javascript(page_no_js: Page, site: str) -> None:
    post = make_post(title="아직", language="ko", state="draft", published_at=None)
    enter(page_no_js, site, make_editor())
    page_no_js.goto(f"/admin/posts/post/{post.pk}/previews/")
    page_no_js.get_by_role("button", name="Make a preview link").click()
    page_no_js.get_by_role("link", name="Preview", exact=True).click()
    expect(page_no_js.get_by_role("note")).to_contain_text("발행되지 않은 초안입니다")
    page_no_js.go_back()
    page_no_js.get_by_role("button", name="Revoke").click()
    expect(page_no_js.get_by_text("There is no link now.")).to_be_visible()
