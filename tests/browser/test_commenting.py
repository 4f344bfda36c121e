"""A reader comments, sees what becomes of it, and withdraws it: with JavaScript and without."""

import pytest
from playwright.sync_api import Page, expect

from comments import moderation
from comments.models import MAX_LENGTH, Comment, Status
from comments.views import status_address
from posts.models import Post
from tests.browser.conftest import Axe, NewPage
from tests.factories import make_comment, make_moderator, make_page, make_post

with_and_without_javascript = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])


def fill(page: Page, **fields: str) -> None:
    for label, text in ({"Name": "Kim", "Comment": "Thank you."} | fields).items():
        page.locator(".comment-form").get_by_label(label).fill(text)


def send(page: Page) -> None:
    page.get_by_role("button", name="Post Comment").click()


@with_and_without_javascript
def test_a_reader_comments_and_sees_it_published(new_page: NewPage, *, javascript: bool) -> None:
    post, page, other = make_post(title="The river"), new_page(java_script_enabled=javascript), new_page()
    page.goto(post.get_absolute_url())
    fill(page, Comment="Two lines,\nand https://example.org/")
    page.get_by_label("E-mail").fill("kim@example.org")
    page.get_by_label("Website").fill("example.org")
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    expect(page.get_by_text("Two lines,")).to_be_visible()
    other.goto(post.get_absolute_url())
    expect(other.get_by_text("Two lines,")).to_have_count(0)

    moderation.approve(Comment.objects.get(), by=make_moderator())
    page.reload()
    page.get_by_role("link", name="See it on its page").click()
    expect(page.locator(".comment:target")).to_contain_text("Two lines,")
    other.reload()
    expect(other.get_by_role("heading", name="1 reply to “The river”")).to_be_visible()
    expect(other.get_by_role("link", name="Kim", exact=True)).to_have_attribute("href", "https://example.org")


@with_and_without_javascript
def test_its_author_withdraws_it(new_page: NewPage, *, javascript: bool) -> None:
    comment, page = make_comment(body="Not so."), new_page(java_script_enabled=javascript)
    page.goto(status_address(comment))
    erase = page.get_by_role("button", name="Erase my comment")
    expect(erase).to_be_hidden()
    page.get_by_text("Withdraw this comment").click()
    erase.click()
    expect(page.get_by_text("You have withdrawn your comment.")).to_be_visible()
    page.goto(comment.post.get_absolute_url())
    expect(page.get_by_text("Not so.")).to_have_count(0)


@with_and_without_javascript
def test_a_mistake_keeps_the_text_and_takes_the_reader_to_it(new_page: NewPage, *, javascript: bool) -> None:
    text = "First line\n\n  and  the last "
    post, page = make_post(), new_page(java_script_enabled=javascript)
    page.goto(post.get_absolute_url())
    fill(page, Comment=text)
    page.get_by_label("Website").fill("javascript:alert(1)")
    send(page)
    expect(page.locator(".error-summary:focus")).to_be_in_viewport()
    expect(page.get_by_label("Name")).to_have_value("Kim")
    expect(page.get_by_label("Comment", exact=False).and_(page.locator("textarea"))).to_have_value(text)
    page.get_by_role("link", name="Enter a valid URL.").click()
    expect(page.get_by_label("Website")).to_be_focused()
    page.get_by_label("Website").fill("")
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert Comment.objects.get().body == text.replace("\n", "\r\n")  # as browsers send it


def test_the_time_that_a_comment_took_is_sent(page: Page) -> None:
    page.goto(make_post().get_absolute_url())
    fill(page)
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert Comment.objects.get().signals.filter(name="too_fast").exists()


def test_who_takes_their_time_is_not_too_fast(page: Page) -> None:
    page.clock.install()
    page.goto(make_post().get_absolute_url())
    fill(page)
    page.clock.fast_forward(3000)
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert not Comment.objects.get().signals.filter(name="too_fast").exists()


def test_no_time_is_sent_with_a_text_that_the_form_came_back_with(page: Page) -> None:
    page.goto(make_post().get_absolute_url())
    fill(page)
    page.get_by_label("E-mail").fill("a@b")
    send(page)
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("E-mail").fill("")
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert not Comment.objects.get().signals.filter(name="too_fast").exists()


def test_a_long_text_is_not_cut_by_the_browser(page: Page) -> None:
    post = make_post()
    page.goto(post.get_absolute_url())
    fill(page, Comment="x" * (MAX_LENGTH + 1))
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Your comment has 5001 characters.")
    expect(page.locator("textarea")).to_have_value("x" * (MAX_LENGTH + 1))


def test_a_reply_is_written_below_its_comment(page: Page) -> None:
    post = make_post()
    first, second = make_comment(post=post, name="Kim"), make_comment(post=post, name="Lee")
    page.goto(post.get_absolute_url())
    page.get_by_role("link", name="Reply to Kim").click()
    form = page.locator(f"li:has(> #comment-{first.pk}) #respond")
    expect(form.get_by_role("heading", name="Reply to Kim")).to_be_visible()
    expect(form.get_by_label("Name")).to_be_focused()
    page.get_by_role("button", name="Cancel reply").click()
    expect(page.get_by_role("link", name="Reply to Kim")).to_be_focused()
    expect(page.get_by_role("heading", name="Leave a Reply")).to_be_visible()
    expect(page.locator("li #respond")).to_have_count(0)
    page.get_by_role("link", name="Reply to Lee").click()
    fill(page)
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert Comment.objects.latest("pk").parent == second


def test_a_cancelled_reply_is_a_comment_of_its_own(page: Page) -> None:
    comment = make_comment(name="Kim")
    page.goto(comment.post.get_absolute_url())
    page.get_by_role("link", name="Reply to Kim").click()
    page.get_by_role("button", name="Cancel reply").click()
    fill(page)
    send(page)
    expect(page.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert Comment.objects.latest("pk").parent is None


def test_without_javascript_reply_leads_to_a_page(page_no_js: Page) -> None:
    comment = make_comment(name="Kim", body="What do you think?")
    page_no_js.goto(comment.post.get_absolute_url())
    expect(page_no_js.get_by_role("button", name="Cancel reply")).to_be_hidden()
    page_no_js.get_by_role("link", name="Reply to Kim").click()
    expect(page_no_js.get_by_role("heading", name="Reply to Kim")).to_be_visible()
    expect(page_no_js.get_by_text("What do you think?")).to_be_visible()
    fill(page_no_js)
    send(page_no_js)
    expect(page_no_js.get_by_text("Your comment is awaiting moderation.")).to_be_visible()
    assert Comment.objects.latest("pk").parent == comment


def test_nobody_meets_the_honeypot(page: Page) -> None:
    page.goto(make_post().get_absolute_url())
    expect(page.locator("input[name=subject]")).to_be_hidden()
    page.get_by_label("Website").focus()
    page.keyboard.press("Tab")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Post Comment")).to_be_focused()


def rich_post() -> Post:
    make_page(title="How comment data is processed", slug="how-comment-data-is-processed")
    post = make_post(comments="timed", comments_days=9)
    top = make_comment(post=post, website="https://example.org/", body="One\n\nTwo https://example.org/")
    make_comment(parent=make_comment(parent=top))
    gone = make_comment(post=post)
    make_comment(parent=gone)
    moderation.reject(gone, by=make_moderator())
    return post


def test_everybody_can_use_the_comments(page: Page, axe: Axe) -> None:
    post = rich_post()
    page.goto(post.get_absolute_url())
    assert axe(page) == []
    page.get_by_role("link", name="Reply to").first.click()
    assert axe(page) == []
    fill(page, Name="\u200b")
    page.get_by_label("E-mail").fill("a@b")
    send(page)
    expect(page.locator(".error-summary")).to_be_visible()
    assert axe(page) == []


def test_everybody_can_use_the_page_of_a_reply(page: Page, axe: Axe) -> None:
    comment = make_comment(body="What do you think?")
    page.goto(f"{comment.post.get_absolute_url()}comments/{comment.pk}/")
    assert axe(page) == []


def test_everybody_can_use_the_page_of_their_comment(page: Page, axe: Axe) -> None:
    for status in Status:
        page.goto(status_address(make_comment(status=status)))
        assert axe(page) == [], status


def test_everybody_can_read_a_refusal(page: Page, axe: Axe) -> None:
    post = make_post()
    page.goto(post.get_absolute_url())
    fill(page)
    Post.objects.update(comments=Post.Comments.CLOSED)
    send(page)
    expect(page.get_by_label("Your text")).to_have_value("Thank you.")
    assert axe(page) == []
