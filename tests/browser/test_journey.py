"""A text from the editor's first word to the reader's answer, with JavaScript and without."""

import datetime
import re
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from posts.models import Author
from tests.factories import make_author, make_editor, make_moderator

PASSWORD = "a password of the tests"
TITLE = "The ice in November"
TEXT = "Nobody crosses the river lightly."
NewPage = Callable[..., Page]


def log_in(page: Page, name: str, target: str) -> None:
    page.goto(f"/admin/login/?next={target}")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_url(f"**{target}")


def write_post(page: Page, *, author: Author, with_script: bool, published_at: datetime.datetime) -> None:
    page.goto("/admin/posts/post/add/")
    page.fill("input[name=title]", TITLE)
    if with_script:
        page.locator(".ProseMirror").click()
        page.keyboard.type(TEXT)
    else:
        page.fill("textarea[name=body]", f"<p>{TEXT}</p>")
    page.select_option("select[name=author]", author.name)
    local = timezone.localtime(published_at)
    page.fill("input[name=published_at_0]", f"{local:%Y-%m-%d}")
    page.fill("input[name=published_at_1]", f"{local:%H:%M:%S}")
    page.select_option("select[name=state]", "published")
    page.click("input[name=_save]")
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_first_word_to_the_answer(new_page: NewPage, with_script: bool) -> None:  # noqa: FBT001
    author, editor = make_author(name="Han Byeol"), make_editor(username="editor", password=PASSWORD)
    make_moderator(username="moderator", password=PASSWORD)
    newsroom, reader, stranger, queue = (new_page(java_script_enabled=with_script) for _person in range(4))

    # The editor schedules a post for tomorrow: nobody sees it.
    log_in(newsroom, editor.username, "/admin/")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    write_post(newsroom, author=author, with_script=with_script, published_at=tomorrow)
    reader.goto("/")
    expect(reader.get_by_text(TITLE)).to_have_count(0)

    with time_machine.travel(tomorrow + datetime.timedelta(minutes=1)):
        # Its time has come: a reader finds it, reads it and answers.
        reader.goto("/search/?q=ice")
        reader.get_by_role("link", name=TITLE).first.click()
        expect(reader.get_by_text(TEXT)).to_be_visible()
        reader.get_by_label("Name").fill("River")
        reader.get_by_label("Comment", exact=False).last.fill("My aunt crossed there.")
        reader.get_by_role("button", name="Post Comment").click()
        expect(reader.get_by_text("awaiting moderation")).to_be_visible()
        own_address = reader.url

        # Nobody else sees it until a moderator has approved it.
        stranger.goto("/")
        stranger.get_by_role("link", name=TITLE).first.click()
        expect(stranger.get_by_text("My aunt crossed there.")).to_have_count(0)
        log_in(queue, "moderator", "/admin/comments/queue/")
        queue.get_by_role("article").get_by_role("button", name="Approve").click()
        expect(queue.get_by_text("Published: ")).to_be_visible()
        stranger.reload()
        expect(stranger.get_by_text("My aunt crossed there.")).to_be_visible()
        expect(stranger.get_by_role("heading", name=re.compile("1 reply to"))).to_be_visible()

        # Its author withdraws it: it is gone everywhere.
        reader.goto(own_address)
        expect(reader.get_by_text("Your comment is published.")).to_be_visible()
        reader.get_by_text("Withdraw this comment").click()
        reader.get_by_role("button", name="Erase my comment").click()
        expect(reader.get_by_text("Its text is erased.")).to_be_visible()
        stranger.reload()
        expect(stranger.get_by_text("My aunt crossed there.")).to_have_count(0)
