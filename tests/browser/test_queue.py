"""Moderators at work in the queue, with JavaScript and without, on a desk and by thumb."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, Route, expect

from comments import erasure, health, moderation
from comments.models import Campaign, Comment, CommentSignal, Decision, Moderator, SourceHealth, Status
from comments.queue import VIEWS
from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import enter
from tests.factories import days_ago, make_comment, make_moderator, make_post

QUEUE = "/admin/comments/queue/"
DESK = {"width": 1280, "height": 900}

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def log_in(page: Page, username: str) -> Page:
    enter(page, settings.SITE_URL, make_moderator(username=username))
    return page


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


def neighbours(page: Page) -> Locator:
    return page.get_by_role("region", name="On this page")


def turn_to(page: Page, name: str) -> None:
    neighbours(page).get_by_role("link", name=name).click()
    expect(card(page, name).get_by_role("heading")).to_be_in_viewport()


def tick(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=name, exact=True).first


def press(page: Page, name: str, button: str) -> None:
    turn_to(page, name)
    card(page, name).get_by_role("button", name=button, exact=True).click()


def said(page: Page) -> Locator:
    """What was done last, and what others did."""
    return page.locator("#said")


def three_wait() -> list[Comment]:
    post = make_post()
    return [
        make_comment(post=post, name=name, status=Status.PENDING, created_at=days_ago(age), body="Text. " * 200)
        for name, age in [("Ara", 3), ("Binna", 2), ("Chul", 1)]
    ]


def many_wait(count: int) -> None:
    post = make_post()
    for number in range(1, count + 1):
        name = f"Reader {number:02}"
        make_comment(post=post, name=name, status=Status.PENDING, created_at=days_ago(count - number))


def status_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


@with_and_without_scripts
def test_a_moderator_works_through_the_queue_from_the_front_page(new_page: NewPage, *, scripts: bool) -> None:
    ara, binna, chul = three_wait()
    page = log_in(new_page(java_script_enabled=scripts), "haneul")
    page.goto("/admin/")
    expect(page.get_by_text("3 comments wait for a decision.")).to_be_visible()
    page.get_by_role("link", name="Open the queue").click()
    expect(page.get_by_role("link", name="Waiting 3")).to_have_attribute("aria-current", "page")

    turn_to(page, "Binna")
    card(page, "Binna").get_by_text("Give a reason").click()
    card(page, "Binna").get_by_label("Reason", exact=True).fill("Names a relative.")
    press(page, "Binna", "Reject")
    expect(said(page)).to_contain_text("Rejected:")
    expect(said(page)).to_be_in_viewport()
    expect(card(page, "Chul").get_by_role("heading")).to_be_in_viewport()
    press(page, "Ara", "Approve")
    expect(said(page)).to_contain_text("Published:")
    press(page, "Chul", "Spam")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    expect(said(page)).to_contain_text("Marked as spam:")
    assert [status_of(comment) for comment in (ara, binna, chul)] == [Status.APPROVED, Status.REJECTED, Status.SPAM]

    page.get_by_role("link", name="Rejected 1").click()
    expect(page.get_by_text("Rejected by haneul")).to_contain_text("Names a relative.")
    press(page, "Binna", "Back to waiting")
    expect(said(page)).to_contain_text("Waits again:")
    page.get_by_role("link", name="Published 1").click()
    press(page, "Ara", "Take down")
    expect(said(page)).to_contain_text("Taken down:")
    assert [status_of(comment) for comment in (ara, binna)] == [Status.REJECTED, Status.PENDING]


@with_and_without_scripts
def test_what_was_done_is_undone_one_after_the_other(new_page: NewPage, *, scripts: bool) -> None:
    comments = three_wait()
    page = log_in(new_page(java_script_enabled=scripts), "haneul")
    page.goto(QUEUE)
    press(page, "Ara", "Spam")
    expect(said(page)).to_contain_text("Ara")
    press(page, "Binna", "Reject")
    expect(said(page)).to_contain_text("Binna")
    for name in ("Binna", "Ara"):
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("Undone:")).to_contain_text(name)
        expect(card(page, name).get_by_role("heading")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    assert [status_of(comment) for comment in comments] == [Status.PENDING] * 3


@with_and_without_scripts
def test_ticked_comments_are_decided_together(new_page: NewPage, *, scripts: bool) -> None:
    ara, binna, chul = three_wait()
    page = log_in(new_page(java_script_enabled=scripts, viewport=PHONE), "haneul")
    page.goto(QUEUE)
    together = page.get_by_role("form", name="Ticked comments:")
    expect(together).to_be_hidden()
    expect(page.get_by_text("Tick all on this page").first).to_be_visible(visible=scripts)
    for name in ("Ara", "Chul"):
        turn_to(page, name)
        tick(page, name).check()
    expect(together).to_be_in_viewport()
    together.get_by_role("button", name="Spam").click()
    expect(said(page)).to_contain_text("Marked as spam: 2 comments.")
    assert [status_of(comment) for comment in (ara, binna, chul)] == [Status.SPAM, Status.PENDING, Status.SPAM]


def test_all_are_ticked_at_once(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.get_by_label("Tick all on this page").check()
    neighbours(page).get_by_role("checkbox", name="Binna").uncheck()
    expect(page.get_by_text("Ticked comments: 2")).to_be_visible()
    page.get_by_label("Tick all on this page").check()
    expect(page.get_by_text("Ticked comments: 3")).to_be_visible()
    page.get_by_role("form").get_by_role("button", name="Approve").click()
    expect(said(page)).to_contain_text("Published: 3 comments.")


@with_and_without_scripts
def test_the_enter_key_decides_nothing(new_page: NewPage, *, scripts: bool) -> None:
    three_wait()
    page = log_in(new_page(java_script_enabled=scripts), "haneul")
    page.goto(QUEUE)
    card(page, "Ara").get_by_text("Give a reason").click()
    card(page, "Ara").get_by_label("Reason", exact=True).press("Enter")
    tick(page, "Ara").check()
    tick(page, "Ara").press("Enter")
    page.get_by_role("form").get_by_text("Give a reason").click()
    page.get_by_role("form").get_by_label("Reason", exact=True).press("Enter")
    page.goto(QUEUE)
    assert not Decision.objects.exists()


# By keys


def test_a_keyboard_alone_empties_the_queue(new_page: NewPage) -> None:
    ara, binna, chul = three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.keyboard.press("j")
    expect(card(page, "Binna").get_by_role("heading")).to_be_focused()
    expect(card(page, "Ara")).to_be_hidden()
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(card(page, "Binna").get_by_role("heading")).to_be_focused()
    expect(said(page)).to_have_text("Published: “\u2068Ara\u2069”. 2 left.")
    page.keyboard.press("r")
    page.keyboard.type("Rude, just a joke.")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("Rejected: “\u2068Binna\u2069”. 1 left.")
    page.keyboard.press("s")
    expect(page.get_by_text("Nothing waits")).to_be_focused()
    expect(said(page)).to_have_text("Marked as spam: “\u2068Chul\u2069”. 0 left.")
    assert [status_of(comment) for comment in (ara, binna, chul)] == [Status.APPROVED, Status.REJECTED, Status.SPAM]
    assert Decision.objects.get(comment=binna).reason == "Rude, just a joke."

    for name in ("Chul", "Binna", "Ara"):
        page.keyboard.press("u")
        expect(said(page)).to_contain_text(f"Undone: “\u2068{name}\u2069”.")
        expect(card(page, name).get_by_role("heading")).to_be_focused()
    page.keyboard.press("u")
    expect(said(page)).to_have_text("There is nothing left to undo.")
    assert [status_of(comment) for comment in (ara, binna, chul)] == [Status.PENDING] * 3
    expect(neighbours(page).get_by_role("link")).to_have_count(3)


def test_many_are_ticked_and_decided_by_keys(new_page: NewPage) -> None:
    comments = three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.keyboard.press("Shift+A")
    expect(said(page)).to_have_text("Please tick at least one comment.")
    for key in ("x", "j", "x", "Shift+S"):
        page.keyboard.press(key)
    expect(said(page)).to_contain_text("Marked as spam: 2 comments. 1 left.")
    expect(card(page, "Chul").get_by_role("heading")).to_be_focused()
    page.keyboard.press("u")
    expect(said(page)).to_contain_text("Undone: 2 comments.")
    for key in ("Shift+X", "Shift+R"):
        page.keyboard.press(key)
    page.keyboard.type("Off topic.")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Rejected: 3 comments.")
    assert {status_of(comment) for comment in comments} == {Status.REJECTED}
    assert set(Decision.objects.filter(after="rejected").values_list("reason", flat=True)) == {"Off topic."}


def hold_decisions(page: Page) -> list[Route]:
    """From here on: those that are on their way and not let through."""
    held: list[Route] = []
    page.route(f"**{QUEUE}", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    return held


def test_the_next_comment_stands_there_before_the_server_has_answered(new_page: NewPage) -> None:
    many_wait(25)
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    held = hold_decisions(page)
    page.keyboard.press("a")
    expect(card(page, "Reader 02").get_by_role("heading")).to_be_focused()
    assert not Decision.objects.exists()
    for route in held:
        route.continue_()
    expect(said(page)).to_contain_text("Published:")


def test_the_next_page_follows_by_itself(new_page: NewPage) -> None:
    many_wait(15)
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    expect(neighbours(page).get_by_role("link", name="Reader")).to_have_count(10)
    page.get_by_label("Tick all on this page").check()
    for number in (1, 2, 3):
        neighbours(page).get_by_role("checkbox", name=f"Reader 0{number}").uncheck()
    page.keyboard.press("Shift+A")
    expect(card(page, "Reader 01").get_by_role("heading")).to_be_visible()
    expect(neighbours(page).get_by_role("link", name="Reader")).to_have_count(8)
    for _time in range(7):
        page.keyboard.press("j")
    expect(card(page, "Reader 15").get_by_role("heading")).to_be_focused()


def test_nothing_is_called_empty_while_the_next_page_is_on_its_way(new_page: NewPage) -> None:
    many_wait(15)
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    held = hold_decisions(page)
    page.get_by_label("Tick all on this page").check()
    page.keyboard.press("Shift+S")
    expect(card(page, "Reader 01")).to_be_hidden()
    expect(page.get_by_text("Nothing waits")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(card(page, "Reader 11").get_by_role("heading")).to_be_focused()
    page.unroute_all()
    page.keyboard.press("Shift+X")
    page.keyboard.press("Shift+S")
    expect(page.get_by_text("Nothing waits")).to_be_focused()


def test_a_held_key_decides_about_one_comment(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.keyboard.down("a")
    page.keyboard.down("a")  # as it repeats itself
    page.keyboard.up("a")
    expect(said(page)).to_contain_text("2 left.")
    assert Decision.objects.count() == 1


def test_no_key_acts_where_somebody_types_or_means_the_browser(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    card(page, "Ara").get_by_text("Give a reason").click()
    card(page, "Ara").get_by_label("Reason", exact=True).press_sequentially("as")
    page.keyboard.press("Escape")
    for chord in ("Control+a", "Alt+a", "Meta+s"):
        page.keyboard.press(chord)
    page.keyboard.press("?")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    expect(card(page, "Ara")).to_be_visible()
    page.keyboard.press("j")
    expect(card(page, "Binna")).to_be_visible()
    assert not Decision.objects.exists()


def test_a_korean_keyboard_works_as_it_lies(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ㅁ', code: 'KeyA', bubbles: true}))")
    expect(said(page)).to_contain_text("Published:")


def test_what_is_erased_stands_among_what_is_not(new_page: NewPage) -> None:
    post = make_post()
    for name, age in [("Ara", 40), ("Binna", 2), ("Chul", 1)]:
        make_comment(post=post, name=name, status=Status.REJECTED, status_since=days_ago(age))
    erasure.erase_old()
    page = log_in(new_page(viewport=DESK), "haneul")
    page.goto(f"{QUEUE}?status=rejected")
    expect(card(page, "Chul")).to_be_visible()
    turn_to(page, "Anonymous")
    expect(card(page, "Anonymous").get_by_text("The text has been erased.")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(said(page)).to_contain_text("Published: “\u2068Binna\u2069”.")


@pytest.mark.parametrize(
    ("keys", "deeds"),
    [
        (Moderator.Keys.WORDPRESS, {"a": "Published:", "d": "Rejected:", "s": "Marked as spam:", "z": "Undone:"}),
        (Moderator.Keys.CORAL, {"f": "Published:", "d": "Rejected:"}),
    ],
)
def test_moderators_use_the_keys_they_know(new_page: NewPage, keys: str, deeds: dict[str, str]) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    Moderator.objects.create(user=User.objects.get(), keys=keys)
    page.goto(QUEUE)
    page.keyboard.press("?")
    for key in deeds:
        expect(page.get_by_role("dialog").get_by_text(key, exact=True).first).to_be_visible()
    page.get_by_role("button", name="Close").click()
    for key, deed in deeds.items():
        page.keyboard.press(key)
        expect(said(page)).to_contain_text(deed)


def test_a_key_goes_from_view_to_view(new_page: NewPage) -> None:
    user = make_moderator()
    Moderator.objects.create(user=user, keys="coral")
    page = new_page()
    enter(page, settings.SITE_URL, user)
    page.goto(f"{QUEUE}?status=rejected")
    for title in ("Spam", "Waiting", "Published"):
        page.keyboard.press("t")
        expect(page.get_by_role("link", name=title).and_(page.locator("[aria-current]"))).to_be_visible()


def test_keys_can_be_switched_off(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    Moderator.objects.create(user=User.objects.get(), keys=Moderator.Keys.OFF)
    page.goto(QUEUE)
    for key in ("a", "s", "j", "?"):
        page.keyboard.press(key)
    expect(card(page, "Ara")).to_be_visible()
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog").get_by_text("No key does anything here")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("link")).to_have_attribute("href", "/admin/comments/profile/")
    assert not Decision.objects.exists()


def test_escape_leads_from_every_field_back_to_the_comment(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    for key, field in [("n", "Note for other moderators"), ("e", "Passage that readers"), ("/", "Search")]:
        page.keyboard.press(key)
        expect(page.get_by_label(field).and_(page.locator("textarea, input")).locator("visible=true")).to_be_focused()
        page.keyboard.type("a")
        page.keyboard.press("Escape")
        expect(card(page, "Ara").get_by_role("heading")).to_be_focused()
    card(page, "Ara").get_by_text("Ban, hold or trust").click()
    card(page, "Ara").get_by_label("a phrase").focus()
    page.keyboard.press("Escape")
    expect(card(page, "Ara").get_by_role("heading")).to_be_focused()
    expect(card(page, "Ara").get_by_label("a phrase")).to_be_hidden()
    page.keyboard.press("j")
    expect(card(page, "Binna")).to_be_visible()
    assert not Decision.objects.exists()


def test_a_note_leads_back_to_its_comment(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("Ask the editor.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your note is kept.")).to_be_visible()
    expect(card(page, "Binna")).to_contain_text("Ask the editor.")
    expect(card(page, "Ara")).to_be_hidden()


@pytest.mark.parametrize(("key", "field"), [("r", "Reply as the publication"), ("b", "a phrase")])
def test_what_a_key_unfolds_has_the_focus(new_page: NewPage, key: str, field: str) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    Moderator.objects.create(user=User.objects.get(), keys=Moderator.Keys.CORAL)
    page.goto(QUEUE)
    page.keyboard.press(key)
    expect(card(page, "Ara").get_by_label(field)).to_be_focused()


# Campaigns


def four_of_which_three_belong_together() -> list[Comment]:
    campaign = Campaign.objects.create(kind=Campaign.Kind.HOST, key="sells.example")
    comments = [*three_wait(), make_comment(name="Dasom", status=Status.PENDING, created_at=days_ago(0))]
    Comment.objects.exclude(name="Chul").update(campaign=campaign)
    return comments


@with_and_without_scripts
def test_a_campaign_is_decided_together_but_for_what_is_not_ticked(new_page: NewPage, *, scripts: bool) -> None:
    ara, binna, chul, dasom = four_of_which_three_belong_together()
    page = log_in(new_page(java_script_enabled=scripts), "haneul")
    page.goto(QUEUE)
    expect(neighbours(page).get_by_role("link")).to_have_count(2)
    card(page, "Ara").get_by_role("checkbox", name="Binna").uncheck()
    press(page, "Ara", "Spam 2" if scripts else "Spam")
    expect(said(page)).to_contain_text("Marked as spam: 2 comments.")
    assert [status_of(comment) for comment in (ara, dasom)] == [Status.SPAM] * 2
    assert [status_of(comment) for comment in (binna, chul)] == [Status.PENDING] * 2
    expect(neighbours(page).get_by_role("link", name="Binna")).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone:")).to_contain_text("2 comments")
    assert {status_of(comment) for comment in (ara, binna, chul, dasom)} == {Status.PENDING}
    expect(card(page, "Ara").get_by_role("checkbox", name="Dasom")).to_be_checked()


def test_a_campaign_is_ticked_as_a_whole(new_page: NewPage) -> None:
    comments = four_of_which_three_belong_together()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    card(page, "Ara").get_by_role("checkbox", name="Binna").uncheck()
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("Ticked comments: 3")).to_be_visible()
    page.keyboard.press("Shift+S")
    expect(said(page)).to_contain_text("Marked as spam: 3 comments. 1 left.")
    expect(card(page, "Binna")).to_be_visible()
    assert status_of(comments[1]) == Status.PENDING


def test_what_others_decide_about_a_campaign_leaves_its_card(new_page: NewPage) -> None:
    ara, binna, *_others = four_of_which_three_belong_together()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    jun = make_moderator(username="jun")
    card(page, "Ara").get_by_role("checkbox", name="Dasom").uncheck()
    page.keyboard.press("j")
    moderation.approve(binna, by=jun)
    look_again(page)
    expect(said(page)).to_have_text("Others have decided: Binna: Published by jun.")
    page.keyboard.press("k")
    expect(card(page, "Ara").get_by_role("checkbox", name="Binna")).to_have_count(0)
    expect(card(page, "Ara").get_by_role("checkbox", name="Dasom")).not_to_be_checked()

    moderation.approve(ara, by=jun)
    look_again(page)
    expect(said(page)).to_have_text("Others have decided: Ara: Published by jun.")
    expect(card(page, "Ara").get_by_role("button", name="Approve")).to_be_disabled()
    expect(neighbours(page).get_by_role("link", name="Dasom")).to_be_visible()


# Two at once


def look_again(page: Page) -> None:
    """As after a while: what did others do?"""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_two_moderators_see_what_the_other_does(new_page: NewPage) -> None:
    three_wait()
    first, second = log_in(new_page(), "haneul"), log_in(new_page(), "jun")
    with first.expect_response("**/claim/"):
        first.goto(QUEUE)
    second.goto(QUEUE)
    expect(card(second, "Ara").locator("..")).to_contain_text("haneul is looking at this.")

    with second.expect_response("**/claim/"):
        second.keyboard.press("j")
    first.keyboard.press("s")
    expect(said(first)).to_contain_text("Marked as spam:")
    look_again(second)
    expect(said(second)).to_have_text("Others have decided: Ara: Marked as spam by haneul.")
    expect(neighbours(second).get_by_role("link", name="Ara")).to_have_count(0)
    expect(second.get_by_role("link", name="Waiting 2")).to_be_visible()

    expect(card(first, "Binna").locator("..")).to_contain_text("jun is looking at this.")
    first.keyboard.press("a")
    expect(said(first)).to_contain_text("Published:")
    look_again(second)
    expect(card(second, "Binna").locator("..")).to_contain_text("Published by haneul.")
    expect(card(second, "Binna").get_by_role("button", name="Approve")).to_be_disabled()
    second.keyboard.press("j")
    expect(neighbours(second).get_by_role("link")).to_have_count(1)


def test_who_comes_second_is_told_and_the_card_comes_back(new_page: NewPage) -> None:
    ara, *_others = three_wait()
    page = log_in(new_page(), "haneul")
    page.route("**/live/*", lambda route: route.abort())  # or it is heard of before
    page.goto(QUEUE)
    moderation.reject(Comment.objects.get(pk=ara.pk), by=make_moderator(username="jun"))
    page.keyboard.press("a")
    expect(said(page)).to_contain_text("Somebody else has decided about this comment meanwhile. Rejected by jun.")
    expect(card(page, "Binna")).to_be_visible()
    page.keyboard.press("k")
    expect(card(page, "Ara").locator("..")).to_contain_text("Rejected by jun.")
    expect(card(page, "Ara").get_by_role("button", name="Approve")).to_be_disabled()
    assert status_of(ara) == Status.REJECTED


def test_what_changed_meanwhile_is_shown_before_it_is_decided(new_page: NewPage) -> None:
    comment = make_comment(name="Ara", status=Status.PENDING, body="Call 010-1234-5678 now.")
    page = log_in(new_page(), "haneul")
    page.route("**/live/*", lambda route: route.abort())  # or it is heard of before
    page.goto(QUEUE)
    moderation.redact(Comment.objects.get(pk=comment.pk), [(5, 18)], by=make_moderator(username="jun"))
    page.keyboard.press("a")
    quoted = "\N{FIRST STRONG ISOLATE}Call [removed] now.\N{POP DIRECTIONAL ISOLATE}"
    expect(card(page, "Ara").locator("..")).to_contain_text(f"now reads “{quoted}”")
    assert status_of(comment) == Status.PENDING
    page.keyboard.press("a")
    expect(said(page)).to_contain_text("Published:")
    assert status_of(comment) == Status.APPROVED


@pytest.mark.parametrize("scripts", [False], ids=["no-scripts"])
def test_the_second_of_two_moderators_is_told(new_page: NewPage, *, scripts: bool) -> None:
    ara, binna, _chul = three_wait()
    first, second = (log_in(new_page(java_script_enabled=scripts), name) for name in ("haneul", "jun"))
    first.goto(QUEUE)
    second.goto(QUEUE)
    press(first, "Ara", "Reject")
    expect(said(first)).to_contain_text("Rejected:")
    tick(second, "Ara").check()
    tick(second, "Binna").check()
    second.get_by_role("form").get_by_role("button", name="Approve").click()
    expect(second.get_by_text("Somebody else has decided")).to_contain_text("Rejected by haneul.")
    expect(said(second)).to_contain_text("Published:")
    assert [status_of(comment) for comment in (ara, binna)] == [Status.REJECTED, Status.APPROVED]


def test_a_decision_that_does_not_arrive_is_not_taken_for_one(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(), "haneul")
    page.goto(QUEUE)
    page.route(f"**{QUEUE}", lambda route: route.abort())
    page.keyboard.press("a")
    expect(said(page)).to_contain_text("No answer came")
    expect(neighbours(page).get_by_role("link", name="Ara")).to_be_visible()
    assert not Decision.objects.exists()


# For everybody


def test_the_buttons_are_where_the_thumb_is(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(viewport=PHONE), "haneul")
    page.goto(QUEUE)
    for name in ("Ara", "Binna", "Chul"):
        button = card(page, name).get_by_role("button", name="Approve")
        expect(button).to_be_in_viewport()
        box = button.bounding_box()
        assert box is not None
        assert box["y"] > PHONE["height"] * 3 / 4
        assert box["height"] >= 44
        button.click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()


def test_a_thumb_moves_on_without_deciding(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(viewport=PHONE), "haneul")
    page.goto(QUEUE)
    page.get_by_role("button", name="Next comment").click()
    expect(card(page, "Binna").get_by_role("heading")).to_be_in_viewport()
    page.get_by_role("button", name="Previous comment").click()
    expect(card(page, "Ara").get_by_role("heading")).to_be_in_viewport()
    assert not Decision.objects.exists()


def test_on_a_phone_the_comment_comes_before_the_filters(new_page: NewPage) -> None:
    three_wait()
    page = log_in(new_page(viewport=PHONE), "haneul")
    page.goto(QUEUE)
    box = card(page, "Ara").bounding_box()
    assert box is not None
    assert box["y"] < PHONE["height"] / 2
    page.get_by_text("Search and filter").click()
    page.get_by_label("Language").select_option("en")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Language")).to_have_value("en")


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_everybody_can_use_it(new_page: NewPage, axe: Axe, viewport: dict[str, int], scheme: str) -> None:
    for status in VIEWS:
        parent = make_comment(status=status, name="", website="https://example.org/" + "x" * 200, body="y" * 3000)
        comment = make_comment(parent=parent, status=status, score=9.0, threshold=5.0)
        CommentSignal.objects.create(
            comment=comment, name="x", points=9, reason="It is spam.", evidence={"quote": "z" * 300}
        )
    page = log_in(new_page(viewport=viewport, color_scheme=scheme), "haneul")
    for status in VIEWS:
        page.goto(f"{QUEUE}?status={status}")
        page.get_by_text("Give a reason").first.click()
        assert axe(page) == []
        page.get_by_label("Tick all on this page").check()
        assert axe(page) == []
        if viewport == DESK:
            page.get_by_role("button", name="Keys").click()
            assert axe(page) == []
        assert fits(page)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_sources_that_fail_are_shown_to_everybody_and_switched_on_again(
    new_page: NewPage, axe: Axe, viewport: dict[str, int], scheme: str
) -> None:
    three_wait()
    unavailable = SourceHealth.State.UNAVAILABLE
    SourceHealth.objects.create(source="Akismet", state=unavailable, error="APIKeyError", since=days_ago(1))
    health.switch_off("comments.spam.signals.form.mixed_scripts", milliseconds=412)
    health.switch_off("comments.spam.signals.behaviour.repeated_text")
    page = log_in(new_page(viewport=viewport, color_scheme=scheme), "haneul")
    for address in ("/admin/", QUEUE):
        page.goto(address)
        expect(page.get_by_role("region", name="Not every clue")).to_contain_text("because it took 412 ms")
        assert axe(page) == []
        assert fits(page)
    for left in (1, 0):
        page.get_by_role("button", name="Switch on again").first.click()
        expect(page.get_by_role("button", name="Switch on again")).to_have_count(left)
    expect(page.get_by_role("region", name="Not every clue")).to_contain_text("Akismet has given no answer")
