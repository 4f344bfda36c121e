"""Staff at the door of the newsroom."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page


def enter(page: Page, site: str, user: User, *, with_code: bool = False) -> None:
    """Be logged in without the form, which has tests of its own."""
    client = Client()
    client.force_login(user)
    if with_code:
        device, _made = TOTPDevice.objects.get_or_create(user=user)
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
