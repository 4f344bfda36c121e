"""A picture in the text outlives whatever is typed while it is selected."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from posts.models import Media
from tests.browser.staff import choose, enter
from tests.browser.writing import edit, press, text
from tests.factories import make_editor, make_media, make_post

FIGURE = '<figure><img src="{0}" alt="River"><figcaption>Spring</figcaption></figure>'
TEXTS = {
    "with a caption": f"<p>Above</p>{FIGURE}<p>Below</p>",
    "without": '<p>Above</p><figure><img src="{0}" alt="River"></figure><p>Below</p>',
    "without a figure": '<p>Above</p><img src="{0}" alt="River"><p>Below</p>',
    "in a quotation": f"<blockquote><p>Above</p>{FIGURE}<p>Below</p></blockquote>",
    "at the end": f"<p>Above</p>{FIGURE}",
}
PASTE = """box => {
  const data = new DataTransfer()
  data.setData("text/html", "<b>Words</b>")
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))
}"""


def type_words(page: Page) -> None:
    page.keyboard.type("Words")


def paste_words(page: Page) -> None:
    text(page).evaluate(PASTE)


def enter_words(page: Page) -> None:
    page.keyboard.press("Enter")
    page.keyboard.type("Words")


def type_behind(page: Page) -> None:
    page.keyboard.press("ArrowRight")
    page.keyboard.type("Words")


def compose_words(page: Page) -> None:
    """As Korean is typed: letters become syllables before they are text."""
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process"})
    for composed in ("W", "Wo"):
        keyboard.send("Input.imeSetComposition", {"text": composed, "selectionStart": 1, "selectionEnd": 1})
    keyboard.send("Input.insertText", {"text": "Words"})


@pytest.fixture
def newsroom(page: Page, site: str) -> Page:
    enter(page, site, make_editor())
    return page


def select_picture(page: Page, body: str) -> None:
    edit(page, make_post(body=body.format(make_media().url)))
    picture = text(page).get_by_role("img")
    picture.evaluate("picture => picture.decode()")
    picture.click()
    expect(text(page).locator(".ProseMirror-selectednode")).to_have_count(1)


def insert(page: Page, media: Media) -> None:
    press(page, "figure")
    with page.expect_popup() as opened:
        press(page, "Browse...")
    choose(opened.value, opened.value.get_by_role("button", name=media.title))
    press(page, "Insert")
    expect(text(page)).to_be_focused()


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("write", [type_words, paste_words, enter_words, compose_words])
def test_what_is_written_at_a_selected_picture_stands_below_it(
    newsroom: Page, write: Callable[[Page], None], body: str
) -> None:
    select_picture(newsroom, body)
    write(newsroom)
    expect(text(newsroom).locator(":is(figure, img) + p", has_text="Words")).to_have_text("Words")
    expect(text(newsroom).get_by_role("img")).to_have_count(1)
    expect(text(newsroom).locator("figcaption")).to_have_count(body.count("<figcaption"))
    expect(text(newsroom)).to_contain_text("Above")


def test_between_a_picture_and_its_caption_nothing_is_written(newsroom: Page) -> None:
    select_picture(newsroom, TEXTS["with a caption"])
    type_behind(newsroom)
    expect(text(newsroom).locator("figure + p")).to_have_text("Words")
    expect(text(newsroom).locator("figcaption")).to_have_text("Spring")


@pytest.mark.parametrize("key", ["Backspace", "Delete"])
def test_a_picture_is_deleted_with_its_caption(newsroom: Page, key: str) -> None:
    select_picture(newsroom, TEXTS["with a caption"])
    newsroom.keyboard.press(key)
    expect(text(newsroom).locator("figure")).to_have_count(0)
    expect(text(newsroom)).to_have_text("AboveBelow")


def test_pictures_are_inserted_one_after_the_other(newsroom: Page) -> None:
    river, camp = make_media(title="River", caption="Spring"), make_media(title="Camp", alt="A camp")
    edit(newsroom, make_post(body=""))
    text(newsroom).click()
    insert(newsroom, river)
    insert(newsroom, camp)
    newsroom.keyboard.type("Words")
    expect(text(newsroom).locator("figure + figure + p")).to_have_text("Words")
    expect(text(newsroom).locator("figcaption")).to_have_text(["Spring"])


def test_a_line_is_not_lost_by_writing(newsroom: Page) -> None:
    edit(newsroom, make_post(body="<p>Above</p><hr><p>Below</p>"))
    text(newsroom).locator("hr").click()
    newsroom.keyboard.type("Words")
    expect(text(newsroom).locator("hr + p")).to_have_text("Words")
