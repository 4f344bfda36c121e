"""A lost connection loses no word: the browser keeps what is not saved, and forgets it when it should."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from posts import publishing
from posts.models import Post
from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import enter, press_save
from tests.browser.test_newsroom import text
from tests.factories import make_author, make_category, make_editor, make_post, make_tag

DRAFTS = "Object.keys(localStorage).filter(name => name.startsWith('draft:')).length"


@pytest.fixture
def post(site: str) -> Post:
    return make_post(
        title="Two years", body="<p>He was held.</p>", slug="two-years", categories=[make_category(name="Law")]
    )


@pytest.fixture
def editor(page: Page, site: str, post: Post) -> Page:
    enter(page, site, make_editor(username="ara"))
    return page


def opened(page: Page, post: Post) -> None:
    page.goto(f"/admin/posts/post/{post.pk}/change/")
    expect(text(page)).to_be_visible()


def written(page: Page) -> None:
    """Change something, and wait until the browser has kept it."""
    page.get_by_role("textbox", name="Title").fill("Three years")
    text(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Canary. ")
    page.get_by_label("Law").uncheck()
    expect(page.get_by_text("is kept in this browser until you save it")).to_be_visible()


def test_what_was_not_saved_comes_back_when_the_editor_wants_it(editor: Page, post: Post) -> None:
    river = make_tag(name="river")
    opened(editor, post)
    written(editor)
    editor.get_by_role("searchbox", name="Tags").fill("riv")
    editor.get_by_role("option", name="river").click()
    editor.context.set_offline(True)
    editor.get_by_role("button", name="Save and continue editing").last.click()
    editor.wait_for_url("chrome-error://**")
    editor.context.set_offline(False)
    opened(editor, post)
    expect(editor.get_by_role("textbox", name="Title")).to_have_value("Two years")
    editor.get_by_role("button", name="Put it into the form").click()
    expect(editor.get_by_role("textbox", name="Title")).to_have_value("Three years")
    expect(text(editor)).to_have_text("Canary. He was held.")
    expect(editor.get_by_label("Law")).not_to_be_checked()
    press_save(editor)
    expect(editor.locator(".messagelist .success")).to_be_visible()
    post.refresh_from_db()
    assert (post.title, post.body) == ("Three years", "<p>Canary. He was held.</p>")
    assert (list(post.categories.all()), list(post.tags.all())) == ([], [river])
    assert editor.evaluate(DRAFTS) == 0


def test_lines_that_were_added_come_back_too(editor: Page, post: Post) -> None:
    opened(editor, post)
    updates = editor.locator("#amendments-group")
    texts = updates.get_by_label("What is new, or what was wrong").locator("visible=true")
    updates.get_by_text("Updates and corrections").click()
    updates.get_by_text("Add another").click()
    texts.nth(0).fill("She was released.")
    texts.nth(1).fill("In May, not in June.")
    expect(editor.get_by_text("is kept in this browser until you save it")).to_be_visible()
    opened(editor, post)
    editor.get_by_role("button", name="Put it into the form").click()
    press_save(editor)
    expect(editor.locator(".messagelist .success")).to_be_visible()
    assert set(post.amendments.values_list("text", flat=True)) == {"She was released.", "In May, not in June."}


def test_a_draft_that_is_not_wanted_is_deleted(editor: Page, post: Post) -> None:
    opened(editor, post)
    written(editor)
    editor.reload()
    editor.get_by_role("button", name="Delete the draft").click()
    assert editor.evaluate(DRAFTS) == 0
    expect(editor.get_by_role("textbox", name="Title")).to_have_value("Two years")
    editor.reload()
    expect(text(editor)).to_be_visible()
    expect(editor.get_by_role("region", name="This browser has a draft")).to_be_hidden()


def test_what_was_saved_or_taken_back_is_kept_no_more(editor: Page, post: Post) -> None:
    opened(editor, post)
    written(editor)
    with editor.expect_navigation():
        editor.get_by_role("button", name="Save", exact=True).last.click()
    assert editor.evaluate(DRAFTS) == 0
    opened(editor, post)
    editor.get_by_role("textbox", name="Title").fill("Four years")
    expect(editor.get_by_text("is kept in this browser until you save it")).to_be_visible()
    editor.get_by_role("textbox", name="Title").fill("Three years")
    expect(editor.get_by_text("is kept in this browser until you save it")).to_be_hidden()
    assert editor.evaluate(DRAFTS) == 0


def test_a_refused_form_stays_kept(editor: Page, post: Post) -> None:
    opened(editor, post)
    written(editor)
    editor.get_by_role("textbox", name="Title").fill("")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Save", exact=True).last.click()
    expect(editor.get_by_text("Please correct the error")).to_be_visible()
    expect(editor.get_by_role("region", name="This browser has a draft")).to_be_hidden()
    assert editor.evaluate(DRAFTS) == 1


def test_logging_out_forgets_all_drafts_in_every_window(editor: Page, post: Post) -> None:
    opened(editor, post)
    written(editor)
    other = editor.context.new_page()
    other.goto("/admin/posts/post/add/")
    other.get_by_role("textbox", name="Title").fill("Another canary")
    expect(other.get_by_text("is kept in this browser until you save it")).to_be_visible()
    assert editor.evaluate(DRAFTS) == 2
    with editor.expect_navigation():
        editor.get_by_role("button", name="Log out").click()
    other.get_by_role("textbox", name="Title").fill("Written after that")
    other.close(run_before_unload=True)
    editor.goto("/admin/login/")
    assert "anary" not in editor.evaluate("JSON.stringify(localStorage)")
    assert editor.evaluate(DRAFTS) == 0


def test_a_draft_is_offered_to_nobody_else_and_not_for_ever(editor: Page, post: Post, site: str) -> None:
    opened(editor, post)
    written(editor)
    enter(editor, site, make_editor(username="bora"))
    opened(editor, post)
    expect(editor.get_by_role("region", name="This browser has a draft")).to_be_hidden()
    assert editor.evaluate(DRAFTS) == 1
    editor.clock.install(time=timezone.now() + timedelta(days=8))
    editor.reload()
    expect(text(editor)).to_be_visible()
    assert editor.evaluate(DRAFTS) == 0


def test_a_draft_from_before_somebody_elses_change_overwrites_nothing_unseen(editor: Page, post: Post) -> None:
    opened(editor, post)
    written(editor)
    post.title = "By a colleague"
    publishing.save_post(post)
    opened(editor, post)
    editor.get_by_role("button", name="Put it into the form").click()
    press_save(editor)
    expect(editor.get_by_role("heading", name="there are two versions now")).to_be_visible()


def test_a_new_text_is_kept_as_well(editor: Page) -> None:
    make_author(name="Ara")
    editor.goto("/admin/posts/post/add/")
    editor.get_by_role("textbox", name="Title").fill("Canary")
    expect(editor.get_by_text("is kept in this browser until you save it")).to_be_visible()
    editor.goto("/admin/posts/post/add/")
    editor.get_by_role("button", name="Put it into the form").click()
    editor.get_by_label("Author").select_option("Ara")
    press_save(editor)
    assert Post.objects.filter(title="Canary").exists()
    assert editor.evaluate(DRAFTS) == 0


@pytest.mark.parametrize("look", [{"viewport": PHONE}, {"color_scheme": "dark"}], ids=str)
def test_words_are_counted_as_one_types_and_the_offer_is_for_everybody(
    new_page: NewPage, site: str, post: Post, axe: Axe, look: dict[str, object]
) -> None:
    page = new_page(bypass_csp=True, **look)  # for axe
    enter(page, site, make_editor())
    opened(page, post)
    tools = page.locator("#text-tools")
    expect(tools).to_contain_text("Words: 3")
    expect(tools.get_by_text("Korean syllables:")).to_be_hidden()
    text(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("북한 인권 ")
    expect(tools).to_contain_text("Korean syllables: 4")
    page.reload()
    expect(page.get_by_role("region", name="This browser has a draft")).to_be_visible()
    assert axe(page) == []
    assert fits(page)
