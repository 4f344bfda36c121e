"""Bans and appeals in real Chromium: with scripts and without, on a desk and by thumb."""

import secrets

import pytest
from playwright.sync_api import expect

from comments import appeals
from comments.addresses import status_address
from comments.models import Appeal, Comment, Proof, Sanction, Status
from tests.browser.conftest import Axe, NewPage, fits
from tests.browser.staff import enter
from tests.browser.test_queue import DESK, PHONE, with_and_without_scripts
from tests.factories import make_comment, make_decided, make_moderator, make_post, make_sanction


def a_flood(count: int = 3) -> None:
    author, post = Proof.objects.create(kind=Proof.Kind.BROWSER, digest=secrets.token_hex(32)), make_post()
    for number in range(count):
        body = f"Buy it at https://shop.bad.example/{number} " + "x" * 300
        comment = make_comment(post=post, status=Status.PENDING, name="Seller", body=body)
        Comment.objects.filter(pk=comment.pk).update(proof=author)


@with_and_without_scripts
def test_a_moderator_bans_an_author_with_all_that_waits_and_undoes_it(
    new_page: NewPage, site: str, *, scripts: bool
) -> None:
    a_flood()
    page = new_page(java_script_enabled=scripts)
    enter(page, site, make_moderator())
    page.goto("/admin/comments/queue/")
    card = page.get_by_role("article", name="Seller").first
    card.get_by_text("Ban, hold or trust").click()
    card.get_by_label("the proven author").check()
    card.get_by_label("How long").select_option("for good")
    card.get_by_label("Reject all that waits from it").check()
    card.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("region", name="What it would do")).to_contain_text(
        "3 comments that wait would be rejected."
    )
    assert not Sanction.objects.exists()

    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("status").first).to_contain_text("3 comments were rejected with it.")
    assert not Comment.objects.waiting().exists()

    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Undone: 3 comments are as they were.")).to_be_visible()
    assert (Comment.objects.waiting().count(), Sanction.objects.count()) == (3, 0)


@with_and_without_scripts
def test_an_author_appeals_and_finds_the_answer(new_page: NewPage, site: str, *, scripts: bool) -> None:
    comment = make_decided(Status.REJECTED, by=make_moderator(), name="Kim")
    author, page = new_page(java_script_enabled=scripts), new_page(java_script_enabled=scripts)
    author.goto(status_address(comment))
    author.get_by_text("Ask that another moderator look again").click()
    author.get_by_label("Why should it be published?").fill("It was meant kindly.")
    author.get_by_role("button", name="Send the appeal").click()
    expect(author.get_by_text("Your appeal waits")).to_be_visible()

    enter(page, site, make_moderator())
    page.goto("/admin/comments/queue/")
    page.get_by_role("link", name="Appeals 1").click()
    shown = page.get_by_role("article", name="Kim")
    expect(shown).to_contain_text("It was meant kindly.")
    shown.get_by_label("Answer to the author").fill("It still names your neighbour.")
    shown.get_by_role("button", name="Keep rejected").click()
    expect(page.get_by_text("The comment stays rejected")).to_be_visible()

    author.reload()
    expect(author.get_by_text("It still names your neighbour.")).to_be_visible()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_everybody_can_use_it(new_page: NewPage, site: str, axe: Axe, viewport: dict[str, int], scheme: str) -> None:
    a_flood(2)
    make_sanction("bad.example", effect=Sanction.Effect.HOLD, note="x" * 200)
    first, second = make_moderator(), make_moderator()
    rejected = [make_decided(Status.REJECTED, by=first, name="y" * 80, body="x" * 500) for _number in range(2)]
    for comment in rejected:
        appeals.make(comment, "z" * 300)
    answered = rejected[0]
    appeals.refuse(answered.pk, answered.revision, by=second, answer="w" * 300)
    assert Appeal.objects.count() == 2
    page = new_page(viewport=viewport, color_scheme=scheme, bypass_csp=True)  # axe copies elements with their style
    enter(page, site, second)
    page.goto("/admin/comments/queue/")
    card = page.get_by_role("article", name="Seller").first
    card.get_by_text("Ban, hold or trust").click()
    assert axe(page) == []
    card.get_by_label("bad.example").check()
    card.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("region", name="What it would do")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("button", name="Undo all of it")).to_be_visible()
    assert axe(page) == []
    for address in ("/admin/comments/appeals/", "/admin/comments/sanction/", *map(status_address, rejected)):
        page.goto(address)
        assert axe(page) == []
        assert fits(page), address
