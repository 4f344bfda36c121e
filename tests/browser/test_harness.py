"""The harness itself: a guard that cannot fail guards nothing."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Axe, watch


@pytest.mark.parametrize(
    ("deed", "fault"),
    [
        ("document.body.append(Object.assign(document.createElement('script'), {text: '0'}))", "Security Policy"),
        ("setTimeout(() => { throw new Error('a fault') })", "a fault"),
        ("fetch('http://elsewhere.test/').catch(() => 0)", "elsewhere.test"),
        ("new Image().src = 'http://elsewhere.test/'", "elsewhere.test"),
    ],
    ids=["breaks the policy", "throws", "fetches elsewhere", "shows a foreign image"],
)
def test_forbidden_deeds_are_noticed(chromium: Browser, site: str, deed: str, fault: str) -> None:
    faults: list[str] = []
    context = chromium.new_context(base_url=site)
    watch(context, site, faults)
    page = context.new_page()
    page.goto("/admin/login/")
    assert faults == []
    page.evaluate(f"() => {{ {deed} }}")
    page.wait_for_timeout(300)
    context.close()
    assert any(fault in noticed for noticed in faults)


def test_axe_finds_what_is_wrong(page: Page, axe: Axe) -> None:
    page.goto("/admin/login/")
    page.evaluate("() => document.querySelectorAll('label').forEach(label => label.remove())")
    assert any(finding.startswith("label: ") for finding in axe(page))


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_begins_with_what_the_migrations_made(time: str) -> None:
    assert Group.objects.filter(name="Moderators").exists()


def test_pages_are_read_without_javascript(page_no_js: Page) -> None:
    page_no_js.goto("/admin/login/")
    expect(page_no_js.locator("input[name=username]")).to_be_visible()


def test_static_files_are_served_under_their_hashed_names(page: Page) -> None:
    with page.expect_response("**/static/admin/css/login.*.css") as response:
        page.goto("/admin/login/")
    assert response.value.status == 200
