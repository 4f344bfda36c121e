"""An invitation, a password, a device and recovery codes, in real Chromium."""

import re
from base64 import b32decode

import pytest
from django.contrib.auth.models import User
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from comments.models import OutboxMail
from config.accounts import reauthentication, second_factor
from tests.browser.conftest import PHONE, Axe, NewPage, fits
from tests.browser.staff import enter
from tests.factories import make_user

PASSWORD = "correct horse battery staple"


def code_of(key: str, *, step: int | None = None) -> str:
    """What an app shows that was told the key; at a step of the clock if one is named."""
    totp = TOTP(TOTPDevice(key=key).bin_key)
    if step is not None:
        totp.time = step * 30
    return f"{totp.token():06}"


def next_code(user: User) -> str:
    """One that was not used yet."""
    device = TOTPDevice.objects.get(user=user)
    return code_of(device.key, step=device.last_t + 1)


def hex_of(shown: str) -> str:
    """A key as a person reads it from the page."""
    return b32decode(shown.replace(" ", "")).hex()


def sign_in(page: Page, code: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Newsroom")).to_be_visible()


def show_that_it_is_you(page: Page, code: str) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/admin/logout/")


def invite(page: Page) -> str:
    """Returns the address in the mail."""
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("First name").fill("Ann")
    page.get_by_label("E-mail").fill("ann@example.org")
    page.get_by_label("Editors").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("An invitation goes to ann@example.org.")).to_be_visible()
    found = re.search(r"^http\S+$", OutboxMail.objects.get().body, re.MULTILINE)
    assert found
    return found[0]


@pytest.mark.parametrize("java_script", [True, False])
def test_from_the_invitation_to_a_login_with_a_recovery_code(
    new_page: NewPage, site: str, strict: None, *, java_script: bool
) -> None:
    root = make_user(is_superuser=True)
    administrator = new_page(java_script_enabled=java_script)
    enter(administrator, site, root, with_code=True)
    address = invite(administrator)

    page = new_page(java_script_enabled=java_script, viewport=PHONE)
    page.goto(address)
    page.get_by_label("New password:", exact=True).fill(PASSWORD)
    page.get_by_label("New password confirmation:").fill(PASSWORD)
    page.get_by_role("button", name="Set the password and log in").click()
    expect(page.get_by_role("img", name="The key as a QR code")).to_be_visible()
    page.get_by_label("Type the code").fill(code_of(hex_of(page.locator(".key").inner_text())))
    page.get_by_role("button", name="Set up this device").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == second_factor.RECOVERY_CODES
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Newsroom")).to_be_visible()

    ann = User.objects.get(username="ann")
    log_out(page)
    sign_in(page, next_code(ann))
    log_out(page)
    sign_in(page, codes[0])
    page.goto("/admin/account/")
    expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()

    page.get_by_role("link", name="Make new ones").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    show_that_it_is_you(page, codes[1])
    page.get_by_role("button", name="Make new recovery codes").click()
    assert not set(page.locator(".codes code").all_inner_texts()) & set(codes)
    assert OutboxMail.objects.latest("pk").to == "ann@example.org"
    page.get_by_role("link", name="I have kept them").click()
    page.locator("#content").get_by_role("link", name="Change password").click()  # the owner is still believed
    expect(page.get_by_label("New password:", exact=True)).to_be_visible()


@pytest.mark.parametrize("java_script", [True, False])
def test_an_invitation_that_was_written_too_slowly_is_not_lost(
    new_page: NewPage, site: str, monkeypatch: pytest.MonkeyPatch, *, java_script: bool
) -> None:
    page = new_page(java_script_enabled=java_script)
    enter(page, site, make_user(is_superuser=True, password=PASSWORD))
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Username").fill("ann")
    page.get_by_label("E-mail").fill("ann@example.org")
    page.get_by_label("Editors").check()
    with monkeypatch.context() as later:
        later.setattr(reauthentication, "SECONDS", 0)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Look through it, and save it.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("An invitation goes to ann@example.org.")).to_be_visible()
    assert User.objects.get(username="ann").groups.get().name == "Editors"


def test_the_newsroom_speaks_the_language_that_is_chosen(page: Page, site: str, axe: Axe) -> None:
    enter(page, site, make_user("Moderators"))
    page.goto("/admin/account/")
    page.get_by_label("Of the newsroom").select_option("한국어")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="내 계정")).to_be_visible()
    page.goto("/admin/comments/queue/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_accounts_fit_a_phone_and_pass_axe(
    new_page: NewPage, site: str, strict: None, axe: Axe, scheme: str
) -> None:
    root = make_user(is_superuser=True, email="root@example.org")
    # axe copies elements with their style
    half_way, inside, outside = (new_page(viewport=PHONE, color_scheme=scheme, bypass_csp=True) for _each in range(3))
    enter(half_way, site, root)
    faults = look(half_way, axe, "/admin/account/device/")
    enter(inside, site, root, with_code=True)
    faults += look(half_way, axe, "/admin/account/code/")
    ann = make_user(username="ann", email="ann@example.org")
    faults += look(
        inside,
        axe,
        "/admin/account/",
        "/admin/account/device/",
        "/admin/account/reauthenticate/",
        "/admin/password_change/",
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        f"/admin/auth/user/{ann.pk}/change/",
        f"/admin/auth/user/{ann.pk}/link/",
        f"/admin/auth/user/{ann.pk}/reset/",
    )
    inside.goto("/admin/account/")
    inside.get_by_role("link", name="Make new ones").click()
    faults += axe(inside)
    inside.get_by_role("button", name="Make new recovery codes").click()
    faults += axe(inside)
    faults += look(outside, axe, "/admin/login/", "/admin/password_reset/", "/admin/password_reset/asked/")
    faults += look(outside, axe, "/admin/account/password/1/used-up/")
    assert faults == [], "\n".join(faults)


def look(page: Page, axe: Axe, *addresses: str) -> list[str]:
    faults = []
    for address in addresses:
        page.goto(address)
        faults += [f"{address}: {fault}" for fault in axe(page)]
        if not fits(page):
            faults.append(f"{address} is wider than a phone")
    return faults


def test_who_leaves_at_the_door_leaves_no_draft_behind(page: Page, site: str, strict: None) -> None:
    enter(page, site, make_user(is_superuser=True))
    page.goto("/admin/account/device/")
    page.evaluate("localStorage.setItem('draft:1:/admin/posts/post/add/', JSON.stringify({ at: Date.now() }))")
    log_out(page)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    page.goto("/admin/account/device/")
    expect(page.get_by_label("Username")).to_be_visible()
