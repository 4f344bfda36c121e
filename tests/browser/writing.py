"""Editors at the text of a post."""

from playwright.sync_api import Locator, Page, expect

from posts.models import Post


def text(page: Page) -> Locator:
    """Where the text is written; found by the name that a screen reader says."""
    return page.get_by_role("textbox", name="Text", exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def edit(page: Page, post: Post) -> None:
    page.goto(f"/admin/posts/post/{post.pk}/change/")
    expect(text(page)).to_be_visible()
