"""An editor looks back, and brings back what was written before."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import enter, press_save
from tests.factories import make_editor, make_post


@pytest.mark.parametrize(
    "look", [{"viewport": PHONE}, {"color_scheme": "dark"}, {"java_script_enabled": False}], ids=str
)
def test_a_text_is_compared_with_what_it_was_and_restored(
    new_page: NewPage, site: str, axe: Axe, look: dict[str, object]
) -> None:
    post = make_post(title="Two years", body="<p>He was held in camp 14.</p><p>Then he crossed the river.</p>")
    page = new_page(**look)
    enter(page, site, make_editor(username="ara"))
    for title in ["Three years", "Four years"]:
        page.goto(f"/admin/posts/post/{post.pk}/change/")
        page.get_by_label("Title").fill(title)
        press_save(page)
    page.get_by_role("link", name="Revisions").click()
    expect(page.locator("del")).to_have_text("Three ")
    expect(page.locator("ins")).to_have_text("Four ")
    page.get_by_role("row").filter(has_text="Two years").get_by_role("radio").first.check()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("del")).to_have_text("Two ")
    if look.get("java_script_enabled", True):
        assert axe(page) == []
        assert fits(page)
    page.get_by_role("button", name="Restore the earlier text").click()
    expect(page.get_by_text("Restored.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Two years")
    page.get_by_role("link", name="Revisions").click()
    expect(page.get_by_role("table", name="All revisions").get_by_role("row")).to_have_count(1 + 4)
    page.get_by_text("Delete the earlier revisions").first.click()
    page.get_by_label("Yes, delete them for good").check()
    assert not look.get("java_script_enabled", True) or axe(page) == []
    page.get_by_role("button", name="Delete the earlier revisions").click()
    expect(page.get_by_text("3 revisions were deleted.")).to_be_visible()
