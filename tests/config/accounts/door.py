"""Staff at the door: what they type, and where it leads them."""

import time
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.accounts import reauthentication
from tests.factories import make_user

PASSWORD = "a long pass phrase"
NEW = "correct horse battery staple"  # a password to change to
CODE = "/admin/account/code/"
DEVICE = "/admin/account/device/"
AGAIN = "/admin/account/reauthenticate/"


def make_member(**fields: Any) -> User:
    """One of the staff who can sign in; an administrator unless told otherwise."""
    return make_user(**{"password": PASSWORD, "is_superuser": True, **fields})


def make_device(user: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=user, name="TOTP")


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06}"


def give_password(client: Client, user: User | str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    username = user if isinstance(user, str) else user.username
    return client.post("/admin/login/?next=/admin/", {"username": username, "password": password}, **extra)


def give_code(client: Client, code: str, **fields: str) -> HttpResponse:
    return client.post(CODE, {"code": code, **fields})


def give_both(client: Client, *, password: str = PASSWORD, code: str = "", **fields: str) -> HttpResponse:
    """Once more, in an open session."""
    return client.post(AGAIN, {"password": password, "code": code, **fields})


def show_again(client: Client) -> None:
    """As if password and code had been given once more just now."""
    session = client.session
    session[reauthentication.KEY] = int(time.time())
    session.save()


def is_inside(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
