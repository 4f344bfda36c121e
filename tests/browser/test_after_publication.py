"""What editors add to a post that is published already."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Axe, NewPage
from tests.browser.staff import choose, enter, save
from tests.factories import make_editor, make_image_bytes, make_media, make_post


@pytest.fixture
def newsroom(new_page: NewPage, site: str) -> Page:
    page = new_page(bypass_csp=True)  # axe copies elements with the style that a script gave them
    enter(page, site, make_editor())
    return page


def test_a_correction_is_written_and_read(newsroom: Page, page: Page, axe: Axe) -> None:
    post = make_post()
    newsroom.goto(f"/admin/posts/post/{post.pk}/change/")
    newsroom.get_by_text("Updates and corrections").click()
    newsroom.get_by_label("Kind").first.select_option("Correction")
    newsroom.get_by_label("What is new, or what was wrong").first.fill("It was March, not May.")
    save(newsroom)
    newsroom.get_by_text("Updates and corrections").click()
    assert axe(newsroom) == []
    page.goto(post.get_absolute_url())
    corrections = page.get_by_role("region", name="Updates and corrections")
    expect(corrections).to_contain_text("It was March, not May.")
    assert axe(page) == []


def test_a_correction_can_be_written_without_scripts(page_no_js: Page, site: str) -> None:
    post = make_post()
    enter(page_no_js, site, make_editor())
    page_no_js.goto(f"/admin/posts/post/{post.pk}/change/")
    page_no_js.get_by_text("Updates and corrections").click()
    page_no_js.get_by_label("What is new, or what was wrong").first.fill("The ferry runs again.")
    page_no_js.get_by_role("button", name="Save", exact=True).last.click()
    page_no_js.goto(post.get_absolute_url())
    expect(page_no_js.get_by_text("The ferry runs again.")).to_be_visible()


def test_a_related_post_is_chosen_from_the_list(newsroom: Page, page: Page, axe: Axe) -> None:
    post, other = make_post(), make_post(title="What the river keeps")
    newsroom.goto(f"/admin/posts/post/{post.pk}/change/")
    newsroom.get_by_text("Related posts").click()
    with newsroom.expect_popup() as opened:
        newsroom.locator("#lookup_id_chosen-0-other").click()
    window = opened.value
    choose(window, window.get_by_role("link", name=other.title))
    save(newsroom)
    newsroom.get_by_text("Related posts").click()
    assert axe(newsroom) == []
    page.goto(post.get_absolute_url())
    assert axe(page) == []
    page.get_by_role("navigation", name="Related posts").get_by_role("link", name=other.title).click()
    expect(page.get_by_role("heading", level=1, name=other.title)).to_be_visible()


def test_a_picture_is_replaced_wherever_it_is_shown(newsroom: Page, page: Page, axe: Axe, tmp_path: Path) -> None:
    picture = make_media(make_image_bytes(size=(640, 480)), title="River")
    post = make_post(title="On the river", body=f'<img src="{picture.url}" alt="A river">', cover=picture)
    file = tmp_path / "new.png"
    file.write_bytes(make_image_bytes(size=(300, 200)))
    newsroom.goto("/admin/posts/media/?q=river")
    newsroom.get_by_role("link", name="River").last.click()
    expect(newsroom.get_by_role("link", name="On the river")).to_be_visible()
    assert axe(newsroom) == []
    newsroom.get_by_label("Replace by").set_input_files(file)
    save(newsroom)
    page.goto(post.get_absolute_url())
    for shown in [page.locator(".cover img"), page.locator(".prose img")]:
        shown.evaluate("picture => picture.decode()")
        assert shown.evaluate("picture => picture.naturalWidth") == 300
    newsroom.goto(f"/admin/posts/post/{post.pk}/change/")
    in_editor = newsroom.locator(".prose-editor img")  # the text names the old file still
    in_editor.evaluate("picture => picture.decode()")
    assert in_editor.evaluate("picture => picture.naturalWidth") == 300
    save(newsroom)
