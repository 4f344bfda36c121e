"""Editors at work: they write, illustrate, schedule and publish, with JavaScript and without."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localtime, now
from playwright.sync_api import Page, expect

from posts.models import Media, Post, State
from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import choose, enter, save
from tests.browser.writing import edit, press, text
from tests.factories import (
    make_author,
    make_category,
    make_comment,
    make_editor,
    make_image_bytes,
    make_media,
    make_moderator,
    make_page,
    make_post,
)

DISABLED = re.compile(r"\bdisabled\b")


@pytest.fixture
def newsroom(page: Page, site: str) -> Page:
    enter(page, site, make_editor())
    return page


def test_a_text_is_written_illustrated_scheduled_and_published(newsroom: Page, new_page: NewPage) -> None:
    make_author(name="Ara"), make_category(name="Camps")
    river = make_media(title="River", alt="A wide river", caption="In spring", credit="NKHR")
    cover, reader = make_media(title="Cover of the issue"), new_page()
    newsroom.goto("/admin/posts/post/add/")
    newsroom.get_by_label("Title").fill("What the river keeps")
    text(newsroom).click()
    newsroom.keyboard.type("Nobody crosses ")
    press(newsroom, "bold")
    newsroom.keyboard.type("lightly")
    newsroom.keyboard.press("Shift+Control+ArrowLeft")
    expect(newsroom.get_by_role("button", name="insert link")).not_to_have_class(DISABLED)  # something is selected
    press(newsroom, "insert link")
    newsroom.get_by_label("URL", exact=True).fill("https://example.org/witness")
    press(newsroom, "Update")
    expect(text(newsroom).get_by_role("link", name="lightly")).to_be_visible()
    text(newsroom).click()
    newsroom.keyboard.press("Control+End")

    press(newsroom, "figure")
    with newsroom.expect_popup() as opened:
        press(newsroom, "Browse...")
    opened.value.get_by_role("searchbox").fill("wide")
    opened.value.get_by_role("button", name="Search").click()
    choose(opened.value, opened.value.get_by_role("button", name="River"))
    expect(newsroom.get_by_label("Alternative Text")).to_have_value("A wide river")
    expect(newsroom.get_by_label("Caption")).to_have_value("In spring – NKHR")
    press(newsroom, "Insert")
    expect(text(newsroom).get_by_role("img", name="A wide river")).to_be_visible()
    expect(text(newsroom)).to_be_focused()
    newsroom.keyboard.type("The ice is thin.")
    expect(text(newsroom).locator("figure + p")).to_have_text("The ice is thin.")

    with newsroom.expect_popup() as opened:
        newsroom.locator("#lookup_id_cover").click()
    choose(opened.value, opened.value.get_by_role("link", name=cover.title).last)
    newsroom.get_by_label("Author").select_option("Ara")
    newsroom.get_by_label("Camps").check()
    tomorrow = localtime(now() + timedelta(days=1))
    newsroom.get_by_label("Date", exact=True).fill(f"{tomorrow:%Y-%m-%d}")
    newsroom.get_by_label("Time", exact=True).fill("09:30")
    newsroom.get_by_label("State").select_option("Published")
    save(newsroom)
    reader.goto("/")
    expect(reader.get_by_text("What the river keeps")).to_have_count(0)
    assert Post.objects.scheduled().exists()

    newsroom.get_by_role("link", name="Today").click()
    newsroom.get_by_label("Time", exact=True).fill("00:00")
    save(newsroom)
    reader.reload()
    reader.get_by_role("link", name="What the river keeps").first.click()
    prose = reader.locator(".prose")
    expect(prose.get_by_role("link", name="lightly")).to_have_attribute("href", "https://example.org/witness")
    prose.get_by_role("img", name=river.alt).evaluate("picture => picture.decode()")
    expect(prose.locator("figcaption")).to_have_text("In spring – NKHR")
    expect(reader.locator(".cover img")).to_have_attribute("alt", cover.alt)
    newsroom.get_by_role("link", name="View on site").click()
    expect(newsroom).to_have_url(reader.url)


def test_a_picture_is_uploaded_from_within_the_text(newsroom: Page, tmp_path: Path) -> None:
    file = tmp_path / "river.jpg"
    file.write_bytes(make_image_bytes("JPEG", (900, 600)))
    edit(newsroom, make_post())
    text(newsroom).click()
    press(newsroom, "figure")
    with newsroom.expect_popup() as opened:
        press(newsroom, "Browse...")
    window = opened.value
    window.get_by_role("link", name="Upload a picture").click()
    window.get_by_label("Picture").set_input_files(file)
    window.get_by_role("button", name="Save", exact=True).click()
    expect(window.get_by_text("Describe the picture, or mark it as decorative")).to_be_visible()
    window.get_by_label("Picture").set_input_files(file)
    window.get_by_label("Alternative text").fill("A grey river")
    window.get_by_role("button", name="Save", exact=True).click()
    choose(window, window.get_by_role("button", name="river"))
    press(newsroom, "Insert")
    expect(text(newsroom).get_by_role("img", name="A grey river")).to_be_visible()
    save(newsroom)
    assert Media.objects.get().url in Post.objects.get().html


def test_an_untouched_text_is_kept_to_the_letter(newsroom: Page) -> None:
    body = '<h1>A</h1>\n<dl><dt>T<dd>D</dl><details><summary>S</summary>x</details><p align="left">A &copy; B <u>u</u>'
    post = make_post(body=body)
    edit(newsroom, post)
    newsroom.get_by_label("Title").fill("Another")
    save(newsroom)
    post.refresh_from_db()
    assert (post.title, post.body.replace("\r\n", "\n")) == ("Another", body)


def test_the_editor_warns_of_what_it_would_drop(newsroom: Page) -> None:
    warning = newsroom.get_by_text("The editor does not know these parts of the text")
    edit(newsroom, make_post(body="<dl><dt>T</dt></dl><details><p>x</p></details><p><b>b</b></p>"))
    expect(warning).to_contain_text("dl, dt, details")
    edit(
        newsroom, make_post(body="<h2>A</h2><p><b>b</b> <i>i</i></p><table><thead><tr><th>x</th></tr></thead></table>")
    )
    expect(warning).to_have_count(0)


def test_languages_and_the_scope_of_headings_survive_the_editor(newsroom: Page) -> None:
    body = (
        '<p lang="ko">북한 <span lang="en" dir="ltr">NKHR</span></p>'
        '<table><tbody><tr><th scope="row" lang="ko"><p>해</p></th><td><p>1</p></td></tr></tbody></table><p>End</p>'
    )
    post = make_post(body=body)
    edit(newsroom, post)
    text(newsroom).locator("p", has_text="End").click()
    newsroom.keyboard.press("End")
    newsroom.keyboard.type(".")
    save(newsroom)
    shown = Post.objects.get(pk=post.pk).html
    assert '<p lang="ko">북한 <span lang="en" dir="ltr">NKHR</span></p>' in shown
    assert shown.endswith("<p>End.</p>")
    (heading,) = [tag.split(">")[0] for tag in shown.split("<th")[1:]]
    assert 'lang="ko"' in heading
    assert 'scope="row"' in heading


def test_a_text_that_is_refused_comes_back_into_the_editor(newsroom: Page) -> None:
    make_author(name="Ara")
    newsroom.goto("/admin/posts/post/add/")
    text(newsroom).click()
    newsroom.keyboard.type("Not lost.")
    newsroom.get_by_role("button", name="Save", exact=True).last.click()
    expect(newsroom.get_by_text("Please correct the errors below.")).to_be_visible()
    expect(text(newsroom)).to_contain_text("Not lost.")


def test_without_scripts_the_text_is_written_as_html(page_no_js: Page, site: str, tmp_path: Path) -> None:
    enter(page_no_js, site, make_editor())
    make_author(name="Ara"), make_category(name="Camps")
    file = tmp_path / "river.png"
    file.write_bytes(make_image_bytes())
    page_no_js.goto("/admin/posts/media/add/")
    page_no_js.get_by_label("Picture").set_input_files(file)
    page_no_js.get_by_label("Alternative text").fill("A river")
    page_no_js.get_by_role("button", name="Save and continue editing").click()
    expect(page_no_js.locator(".messagelist .success")).to_be_visible()
    address = page_no_js.locator(".field-address .readonly").inner_text()

    page_no_js.goto("/admin/posts/post/add/")
    page_no_js.get_by_label("Title").fill("By hand")
    body = page_no_js.get_by_label("Text:")
    body.fill('<p>Never <strong>lightly</strong>.</p><img src="/media/gone.webp">')
    page_no_js.get_by_label("Author").select_option("Ara")
    page_no_js.get_by_label("Camps").check()
    page_no_js.get_by_label("State").select_option("Published")
    page_no_js.get_by_role("button", name="Save", exact=True).last.click()
    expect(page_no_js.get_by_text("The media library does not have gone.webp")).to_be_visible()
    body.fill(f'<p>Never <strong>lightly</strong>.</p><img src="{address}">')
    page_no_js.get_by_role("button", name="Save", exact=True).last.click()
    expect(page_no_js.locator(".messagelist .success")).to_be_visible()

    page_no_js.goto("/")
    page_no_js.get_by_role("link", name="By hand").first.click()
    expect(page_no_js.get_by_role("img", name="A river")).to_be_visible()
    expect(page_no_js.get_by_role("main").get_by_role("link", name="Camps")).to_be_visible()


def test_the_reason_why_a_post_cannot_be_deleted_is_read(newsroom: Page) -> None:
    post = make_comment().post
    edit(newsroom, post)
    newsroom.get_by_role("link", name="Delete").last.click()
    expect(newsroom.get_by_text("Make the post a draft instead")).to_be_visible()


def test_a_moderator_reads_a_post(page: Page, site: str) -> None:
    enter(page, site, make_moderator())
    page.goto(f"/admin/posts/post/{make_post(body='<h2>Heading</h2><p>Words</p>', cover=make_media()).pk}/change/")
    expect(page.get_by_role("heading", name="Heading")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


ADDRESSES = [
    "post/",
    "post/add/",
    "post/{post}/change/",
    "page/{page}/change/",
    "media/",
    "media/add/",
    "media/{media}/change/",
]
ADDRESSES += ["media/pick/?CKEditorFuncNum=-1", "category/", "author/add/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_newsroom_is_for_everybody(new_page: NewPage, site: str, axe: Axe, scheme: str) -> None:
    page = new_page(color_scheme=scheme, bypass_csp=True)  # axe copies elements with the style that a script gave them
    enter(page, site, make_editor())
    media = make_media(caption="In spring", credit="NKHR")
    post = make_post(
        body=f'<dl><dt>Words</dt></dl><figure><img src="{media.url}" alt="River"></figure>',
        cover=media,
        categories=[make_category()],
    )
    make_post(state=State.DRAFT), make_post(published_at=now() + timedelta(days=2), featured=True)
    keys, found = {"post": post.pk, "page": make_page().pk, "media": media.pk}, {}
    for address in ADDRESSES:
        page.goto("/admin/posts/" + address.format(**keys))
        if "change/" in address and "media" not in address:
            expect(text(page)).to_be_visible()
        found[address] = axe(page)
    assert found == dict.fromkeys(ADDRESSES, [])


def test_the_list_of_posts_fits_a_laptop(newsroom: Page) -> None:
    categories = [make_category(name="Freedom of information"), make_category(name="United Nations")]
    make_post(title="A rather long title " * 5, featured=True, categories=categories)
    make_post(published_at=now() + timedelta(days=2))
    newsroom.set_viewport_size({"width": 1280, "height": 800})
    newsroom.goto("/admin/posts/post/")
    expect(newsroom.get_by_role("link", name="View", exact=True)).to_be_in_viewport(ratio=1)


def test_the_newsroom_fits_a_phone(new_page: NewPage, site: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    enter(page, site, make_editor())
    make_post(title="A rather long title " * 5), make_media(title="A rather long title " * 5)
    for address in ("post/", "post/add/", "media/", "media/add/", "media/pick/"):
        page.goto(f"/admin/posts/{address}")
        assert fits(page), address
