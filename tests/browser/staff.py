"""Staff at the door of the newsroom, and at their forms."""

import time

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Locator, Page, expect

from config.accounts import reauthentication


def enter(page: Page, site: str, user: User, *, with_code: bool = False) -> None:
    """Be logged in without the form, which has tests of its own. With a code: as who gave it once more just now."""
    client = Client()
    client.force_login(user)
    if with_code:
        device, _made = TOTPDevice.objects.get_or_create(user=user)
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session[reauthentication.KEY] = int(time.time())
        session.save()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])


def press_save(page: Page) -> None:
    with page.expect_navigation():  # the message of an earlier save may still stand there
        page.get_by_role("button", name="Save and continue editing").last.click()


def save(page: Page) -> None:
    press_save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()


def choose(window: Page, choice: Locator) -> None:
    """Click what closes a window, which may be gone before a click of Playwright's would return."""
    with window.expect_event("close"):
        choice.evaluate("element => void setTimeout(() => element.click())")
