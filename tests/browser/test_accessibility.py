"""An editor is asked before what some readers will miss is published."""

import pytest
from playwright.sync_api import Page, expect

from posts.models import Post, State
from tests.browser.conftest import PHONE, Axe, NewPage
from tests.browser.staff import enter, press_save
from tests.factories import make_editor, make_post


def faults(axe: Axe, page: Page) -> list[str]:
    """Once the scripts have named every field."""
    expect(page.locator(".select2-search__field:not([aria-label])")).to_have_count(0)
    expect(page.locator(".select2-search__field[aria-label]").first).to_be_attached()
    return axe(page)


@pytest.mark.parametrize(
    "look", [{"viewport": PHONE}, {"color_scheme": "dark"}, {"java_script_enabled": False}], ids=str
)
def test_a_post_is_published_on_the_second_request(
    new_page: NewPage, site: str, axe: Axe, look: dict[str, object]
) -> None:
    body = '<h2>Report</h2><h4>Camps</h4><p>Read it <a href="https://example.org/report">here</a>.</p>'
    post = make_post(title="Report", body=body, state="draft", published_at=None)
    has_scripts = bool(look.get("java_script_enabled", True))
    page = new_page(bypass_csp=has_scripts, **look)  # for axe
    enter(page, site, make_editor())
    page.goto(f"/admin/posts/post/{post.pk}/change/")
    page.get_by_text("2 things that some readers will miss").click()
    expect(page.get_by_text("here → https://example.org/report")).to_be_visible()
    assert not has_scripts or faults(axe, page) == []
    page.get_by_label("State").select_option("Published")
    press_save(page)
    asked = page.get_by_role("region", name="Not published yet")
    expect(asked.get_by_role("listitem")).to_have_count(2)
    assert Post.objects.get().state == State.DRAFT
    assert not has_scripts or faults(axe, page) == []
    press_save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Post.objects.get().is_published
