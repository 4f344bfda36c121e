"""The tools of the prose editor, one after the other, and in Korean."""

import base64
import hashlib
import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from config.admin import TIPTAP_STYLE
from posts.models import Post
from tests.browser.staff import enter, save
from tests.browser.writing import edit, press, text
from tests.factories import make_editor, make_post

ENGLISH = re.compile(r"(?<![A-Za-z])(?!HTML|ii|II)[A-Za-z]{2,}")


@pytest.fixture
def newsroom(page: Page, site: str) -> Page:
    enter(page, site, make_editor())
    return page


def test_every_tool_of_the_editor_obeys_the_policy(newsroom: Page) -> None:
    """The harness fails the test if the Content-Security-Policy is broken, or a script."""
    edit(newsroom, make_post(body="<p>One two three</p>"))
    text(newsroom).click()
    newsroom.keyboard.press("Control+a")
    for tool in ["bold", "italic", "strike", "subscript", "superscript", "undo", "redo"]:
        press(newsroom, tool)
    newsroom.keyboard.press("End")
    newsroom.keyboard.press("Enter")
    for tool in [
        "heading 2",
        "heading 3",
        "heading 4",
        "heading 4",
        "unordered list",
        "ordered list",
        "List properties",
    ]:
        press(newsroom, tool)
    press(newsroom, "Update")
    newsroom.keyboard.type("Item")
    for _time in range(2):
        newsroom.keyboard.press("Enter")
    press(newsroom, "blockquote")
    newsroom.keyboard.type("Quote")
    for _time in range(2):
        newsroom.keyboard.press("Enter")
    press(newsroom, "horizontal rule")
    press(newsroom, "Insert table")
    newsroom.get_by_label("Include header row").select_option("Yes")
    press(newsroom, "Insert Table")
    newsroom.keyboard.type("Year")
    for tool in ["Add column", "Delete column", "Add row", "Delete row", "Toggle header cell"]:
        press(newsroom, tool)
    press(newsroom, "edit HTML")
    press(newsroom, "Prettify")
    press(newsroom, "Update")
    newsroom.locator(".select2-selection").click()
    newsroom.get_by_role("searchbox", name="Tags").fill("x")
    expect(newsroom.get_by_text("No results found")).to_be_visible()
    newsroom.keyboard.press("Escape")
    for widget in ["Choose a Date", "Choose a Time"]:
        newsroom.locator(".field-published_at").get_by_title(widget).click()
        newsroom.keyboard.press("Escape")
    save(newsroom)
    shown = Post.objects.get().html
    for tag in ["<ol>", "<blockquote>", "<hr>", "<th", "<td"]:
        assert tag in shown


def test_the_one_style_sheet_that_the_editor_injects_is_the_one_that_the_policy_names(newsroom: Page) -> None:
    edit(newsroom, make_post())
    style = newsroom.locator("style")
    digest = hashlib.sha256(str(style.text_content()).encode()).digest()
    assert f"'sha256-{base64.b64encode(digest).decode()}'" == TIPTAP_STYLE
    assert style.evaluate("style => style.sheet.cssRules.length") > 0


def test_in_a_korean_newsroom_every_tool_and_dialog_speaks_korean(newsroom: Page, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "ko"
    newsroom.goto(f"/admin/posts/post/{make_post(body='<p>Words</p><h3>Caption</h3>').pk}/change/")
    box, dialog = newsroom.locator(".ProseMirror"), newsroom.locator(".prose-editor-dialog")
    box.locator("p").click()
    newsroom.keyboard.press("Shift+Home")
    tools = newsroom.locator(".prose-menubar button")
    expect(newsroom.get_by_role("button", name="굵게")).to_be_visible()
    names = tools.evaluate_all("found => found.flatMap(tool => [tool.title, tool.ariaLabel])")
    assert [name for name in names if ENGLISH.search(name)] == []
    for tool in ["이미지", "링크 넣기", "HTML 편집", "표 넣기"]:
        press(newsroom, tool)
        expect(dialog).to_be_visible()
        assert not ENGLISH.search(dialog.inner_text()), tool
        if tool != "표 넣기":
            press(newsroom, "취소")
    dialog.get_by_role("combobox").select_option("예")
    press(newsroom, "넣기")
    expect(box.locator("th")).to_have_count(3)
    expect(box.locator("h3")).to_have_text("Caption")  # what is written here is not translated
    press(newsroom, "번호 목록")
    press(newsroom, "목록 속성")
    assert not ENGLISH.search(dialog.inner_text())
