"""Rules and policy in real Chromium: seen first, saved then, with scripts and without, on a desk and by thumb."""

import pytest
from playwright.sync_api import expect

from comments.models import CommentSignal, PolicyRevision, Rule, Status
from comments.policy import DEFAULT
from tests.browser.conftest import Axe, NewPage, fits
from tests.browser.staff import enter
from tests.browser.test_queue import DESK, PHONE, with_and_without_scripts
from tests.factories import make_comment, make_decided, make_moderator, make_policy, make_post, make_rule, make_user

RULES = "/admin/comments/rule/"
POLICY = "/admin/comments/policyrevision/"


def a_decided_site() -> None:
    by, post, points = make_moderator(), make_post(), DEFAULT.obvious_threshold
    make_decided(Status.SPAM, by=by, post=post, name="Spammer", body="A casino for you. " + "x" * 300)
    make_decided(Status.APPROVED, by=by, post=post, name="", body="나선의 카지노와 casino에 대한 기사")
    thanks = make_decided(Status.APPROVED, by=by, post=post, body="Thank you.", score=points)
    CommentSignal.objects.create(comment=thanks, name="flattery", points=points, reason="It praises the blog.")


@with_and_without_scripts
def test_a_moderator_sees_what_a_rule_would_change_and_then_keeps_it(
    new_page: NewPage, site: str, *, scripts: bool
) -> None:
    a_decided_site()
    page = new_page(java_script_enabled=scripts)
    enter(page, site, make_moderator())
    page.goto("/admin/")
    page.get_by_role("link", name="Rules", exact=True).first.click()
    page.get_by_role("link", name="Add rule").click()
    page.get_by_label("Kind:").select_option("Word")
    page.get_by_label("Looks for:").fill("casino")
    page.get_by_label("Points:").fill("6")
    page.get_by_label("State:").select_option("Active")
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="What it would change")
    expect(shown).to_contain_text("2 comments would be judged otherwise.")
    expect(shown.get_by_role("row", name="Spam that counts as spam 0 1")).to_be_visible()
    expect(shown.get_by_role("link", name="Spammer")).to_be_in_viewport()
    assert not Rule.objects.exists()

    page.get_by_label("Points:").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(shown).to_contain_text("0 comments would be judged otherwise.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("was added successfully.")).to_be_visible()
    assert (Rule.objects.get().text, Rule.objects.get().points) == ("casino", 1.0)


def test_an_administrator_changes_the_policy(new_page: NewPage, site: str) -> None:
    a_decided_site()
    page = new_page()
    enter(page, site, make_user(is_superuser=True))
    page.goto(POLICY)
    page.get_by_role("link", name="Change the policy").click()
    page.get_by_label("Obvious spam from:").fill(f"{DEFAULT.obvious_threshold + 1}")
    page.get_by_label("Spam is put aside by itself").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="What it would change")).to_contain_text("1 comment would be")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"From {DEFAULT.obvious_threshold + 1} points on it is obvious spam")).to_be_visible()
    expect(page.get_by_text("Spam is not put aside by itself any more")).to_be_visible()
    assert PolicyRevision.objects.get().auto_spam


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_everybody_can_use_it(new_page: NewPage, site: str, axe: Axe, viewport: dict[str, int], scheme: str) -> None:
    a_decided_site()
    make_policy(auto_spam=True, weights={"many_links": 0.5}, note="For the summer")
    rule = make_rule("https" * 30, note="x" * 200)
    page = new_page(viewport=viewport, color_scheme=scheme, bypass_csp=True)  # axe copies elements with their style
    enter(page, site, make_user(is_superuser=True))
    for address in (RULES, f"{RULES}add/", f"{RULES}{rule.pk}/change/", POLICY, f"{POLICY}add/"):
        page.goto(address)
        assert axe(page) == [], address
        assert fits(page), address
    page.goto(f"{RULES}{rule.pk}/change/")
    page.get_by_label("Looks for:").fill("casino")
    page.get_by_label("Points:").fill("6")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="What it would change")).to_be_visible()
    assert axe(page) == []
    assert fits(page)


def test_a_card_says_which_signal_decided(new_page: NewPage, site: str) -> None:
    because = {"name": "many_links", "points": 2.5, "reason": "It has 3 links.", "otherwise": "published"}
    make_comment(status=Status.PENDING, outcome="held", counterfactual=because, score=2.5, threshold=5.0)
    page = new_page()
    enter(page, site, make_moderator())
    page.goto("/admin/comments/queue/")
    expect(page.get_by_text("Held only because of “It has 3 links” (+2.5); otherwise published.")).to_be_visible()
