"""What moderators do in a card beside deciding, with JavaScript and without: cover, note, reply, give a reason."""

import pytest
from playwright.sync_api import Locator, Page, expect

from comments import desk
from comments.models import Comment, CommentSignal, Note, Status, Template
from tests.browser.conftest import Axe, NewPage, fits
from tests.browser.staff import enter
from tests.factories import make_comment, make_decided, make_moderator, make_user

QUEUE = "/admin/comments/queue/"
TEXT = "Call 010-1234 now.\r\nI say: 010-1234, ask for Chol."
SELECT = """(text, words) => {
    const [start, end] = words.map((word) => {
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(word);
            if (at >= 0) return { node: walker.currentNode, at, length: word.length };
        }
    });
    getSelection().setBaseAndExtent(start.node, start.at, end.node, end.at + end.length);
}"""

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def queue_of_one(page: Page, site: str) -> Locator:
    """The card of a comment with a mark in it."""
    comment = make_comment(status=Status.PENDING, name="Jun", body=TEXT)
    evidence = {"field": "text", "start": 5, "end": 13, "quote": "010-1234"}
    CommentSignal.objects.create(comment=comment, name="danger_phone", points=0, reason="A number.", evidence=evidence)
    enter(page, site, make_moderator(username="haneul"))
    page.goto(QUEUE)
    return page.get_by_role("article", name="Jun", exact=True)


def tool(card: Locator, name: str) -> Locator:
    return card.locator(f'[data-key-target="{name}"]')


def test_what_is_selected_is_covered(page: Page, site: str) -> None:
    card = queue_of_one(page, site)
    card.locator("[data-redactable]").evaluate(SELECT, ["Call", "now"])  # across the mark and its number
    tool(card, "redact").click()
    passage = card.get_by_label("Passage that readers must not see")
    expect(passage).to_be_focused()
    expect(passage).to_have_value("Call 010-1234 now")
    card.locator("[data-redactable]").evaluate(SELECT, ["ask", "Chol"])
    tool(card, "redact").evaluate("button => button.click()")  # as a key does
    expect(passage).to_have_value("ask for Chol")
    passage.press("Enter")
    expect(page.get_by_text("1 passage is covered.", exact=True)).to_be_visible()
    assert Comment.objects.get().public_text == "Call 010-1234 now.\r\nI say: 010-1234, [removed]."


def test_what_was_selected_before_something_else_was_pressed_is_forgotten(page: Page, site: str) -> None:
    card = queue_of_one(page, site)
    card.locator("[data-redactable]").evaluate(SELECT, ["ask", "Chol"])
    card.get_by_role("heading").click()
    tool(card, "redact").click()
    passage = card.get_by_label("Passage that readers must not see")
    expect(passage).to_be_focused()
    expect(passage).to_have_value("")


@with_and_without_scripts
def test_a_moderator_covers_notes_and_replies(new_page: NewPage, site: str, *, scripts: bool) -> None:
    Template.objects.create(kind=Template.Kind.REPLY, label="Thanks", text="Dear {name},")
    page = new_page(java_script_enabled=scripts)
    card = queue_of_one(page, site)
    tool(card, "redact").click()
    card.get_by_label("Passage that readers must not see").fill("010-1234")
    card.get_by_role("button", name="Cover it").click()
    expect(page.get_by_text("2 passages are covered.", exact=True)).to_be_visible()
    expect(card.locator("[data-redactable]")).to_have_text("Call [removed] now. I say: [removed], ask for Chol.")

    tool(card, "note").click()
    card.get_by_label("Note for other moderators").fill("Known to us.")
    card.get_by_role("button", name="Keep the note").click()
    expect(card.get_by_role("list", name="Notes for moderators")).to_contain_text("Known to us.")
    assert Note.objects.get().by.username == "haneul"

    tool(card, "reply").click()
    card.get_by_label("Ready-made reply").select_option(label="Thanks: Dear {name},")
    card.get_by_label("Reply as the publication").fill("thank you.")
    card.get_by_role("button", name="Edit it first").click()
    expect(page.get_by_label("Reply")).to_have_value("Dear Jun,\n\nthank you.")
    page.get_by_role("button", name="Publish the reply").click()
    expect(page.get_by_text("Your reply is published.")).to_be_visible()
    assert Comment.objects.get(parent__name="Jun").status == Status.APPROVED


@with_and_without_scripts
def test_a_moderator_rejects_with_a_ready_made_reason(new_page: NewPage, site: str, *, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    card = queue_of_one(page, site)
    card.get_by_text("Give a reason").click()
    card.get_by_label("Ready-made reason").select_option(label="Insults: " + Template.objects.get(label="Insults").text)
    card.get_by_label("Reason", exact=True).fill("Thank you.")
    card.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    expect(page.get_by_text("Rejected:")).to_be_visible()  # the next stands there before the server has answered
    assert Comment.objects.get().decisions.get().reason.endswith("threatening anybody. Thank you.")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_everybody_can_use_it(new_page: NewPage, site: str, axe: Axe, width: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    make_decided(Status.APPROVED, by=make_moderator(), name="Jun")
    queue_of_one(page, site)
    comment = Comment.objects.latest("pk")
    Comment.objects.update(careful=True)
    desk.add_note(comment, "x" * 200, by=make_moderator())
    desk.cover(Comment.objects.get(pk=comment.pk), "Chol", by=make_moderator())
    Template.objects.create(kind=Template.Kind.REPLY, label="Thanks", text="Dear {name},")
    for person in (make_moderator(), make_user(is_superuser=True)):
        enter(page, site, person)
        page.goto(QUEUE)
        page.evaluate("for (const details of document.querySelectorAll('article details')) details.open = true")
        assert axe(page) == []
        assert fits(page)
