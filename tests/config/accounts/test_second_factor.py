"""The code at the door, and at every other address of the newsroom."""

import re
from datetime import timedelta
from importlib import import_module
from urllib.parse import unquote

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key
from pytest_django import Settings

from comments.models import OutboxMail
from config.accounts import second_factor
from config.accounts.forms import sign_key
from tests.config.accounts.door import (
    CODE,
    DEVICE,
    PASSWORD,
    code_of,
    give_code,
    give_password,
    is_inside,
    make_device,
    make_member,
    show_again,
)
from tests.config.test_permissions import routes
from tests.factories import make_editor

pytestmark = pytest.mark.django_db

DOOR = {
    "admin/login/",
    "admin/logout/",
    "admin/account/code/",
    "admin/account/device/",
    "admin/account/password/<int:pk>/<str:token>/",
    "admin/password_reset/",
    "admin/password_reset/asked/",
}
EXAMPLES = {"<uuid:batch>": "6f1c1c0a-7d3a-4b1e-9c43-0c7a1c6b6a11", "<str:token>": "x", "<id>": "1"}


def addresses() -> list[str]:
    """One for each route of the newsroom, but those at the door."""
    found = []
    for route in sorted(set(routes(get_resolver().url_patterns)) - DOOR):
        if route.startswith("admin/") and "^" not in route and "(?P" not in route:
            found.append("/" + re.sub(r"<[^>]+>", lambda part: EXAMPLES.get(part[0], "1"), route))
    return found


def follow_to_device(client: Client) -> str:
    """The signed key that the page shows."""
    return client.get(DEVICE).context["signed_key"]


def key_in(signed: str) -> str:
    return signing.loads(signed, salt="config.accounts.forms")[1]


def code_for(key: str) -> str:
    return code_of(TOTPDevice(key=key))


@pytest.mark.parametrize("has_device", [True, False])
def test_with_the_password_alone_every_address_leads_to_the_door(
    client: Client, strict: None, *, has_device: bool
) -> None:
    user = make_member()
    if has_device:
        make_device(user)
    client.force_login(user)
    assert len(addresses()) > 60
    for address in addresses():
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            assert (answer.status_code, answer.get("Location", "").partition("?")[0]) == (302, "/admin/login/"), address


def test_the_login_leads_on_to_the_code_and_then_to_where_one_wanted_to_go(client: Client, strict: None) -> None:
    device = make_device(make_member(username="ann"))
    client.post("/admin/login/?next=/admin/posts/post/", {"username": "ann", "password": PASSWORD})
    answer = client.get("/admin/posts/post/", follow=True)
    assert unquote(answer.redirect_chain[-1][0]) == f"{CODE}?next=/admin/posts/post/"
    answer = give_code(client, code_of(device), next="/admin/posts/post/")
    assert answer["Location"] == "/admin/posts/post/"
    assert client.get("/admin/posts/post/").status_code == 200


@pytest.mark.parametrize("has_device", [True, False])
def test_who_goes_away_half_way_leaves_no_way_in(client: Client, strict: None, *, has_device: bool) -> None:
    user = make_member()
    if has_device:
        make_device(user)
    give_password(client, user)
    key = default_key()
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        for address in (CODE, DEVICE, "/admin/"):
            answer = client.post(address, {"key": sign_key(user, key), "code": code_for(key)})
            assert answer["Location"].startswith("/admin/login/")
        assert client.get("/admin/login/").status_code == 200  # and leads round in no circle
    assert TOTPDevice.objects.filter(user=user).count() == has_device


@pytest.mark.parametrize("has_device", [True, False])
def test_who_owes_a_code_can_log_out(client: Client, strict: None, *, has_device: bool) -> None:
    user = make_member()
    if has_device:
        make_device(user)
    give_password(client, user)
    assert client.post("/admin/logout/").status_code == 200
    assert not Session.objects.exists()
    for address in (CODE, DEVICE):
        assert client.get(address)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(
    "where",
    [
        "//evil.example",
        "https://evil.example/admin/",
        "/admin/\\evil",
        "/elsewhere/",
        "/\t/evil.example",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("how", ["query", "field"])
def test_the_code_leads_nowhere_but_into_the_newsroom(client: Client, strict: None, where: str, how: str) -> None:
    user = make_member()
    device = make_device(user)
    client.force_login(user)
    fields = {"code": code_of(device)} | ({"next": where} if how == "field" else {})
    answer = client.post(CODE, fields, query_params={"next": where} if how == "query" else None)
    assert answer["Location"] in {"/admin/", "/admin/%5Cevil"}


def test_where_no_code_is_required_those_without_a_device_need_none(client: Client) -> None:
    give_password(client, make_member())
    assert is_inside(client)


def test_where_no_code_is_required_those_with_a_device_need_one(client: Client) -> None:
    user = make_member()
    device = make_device(user)
    give_password(client, user)
    assert not is_inside(client)
    give_code(client, code_of(device))
    assert is_inside(client)


def test_a_wrong_code_lets_nobody_in(client: Client, strict: None) -> None:
    user = make_member()
    device = make_device(user)
    give_password(client, user)
    wrong = f"{(int(code_of(device)) + 1) % 1_000_000:06}"
    assert give_code(client, wrong).status_code == 400
    assert not is_inside(client)


def test_the_code_of_somebody_else_lets_nobody_in(client: Client, strict: None) -> None:
    user = make_member()
    make_device(user)
    other = make_device(make_member())
    give_password(client, user)
    give_code(client, code_of(other))
    assert not is_inside(client)


def test_a_code_is_good_once(strict: None) -> None:
    user = make_member()
    code = code_of(make_device(user))
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, user)
        give_code(client, code)
    assert is_inside(first)
    assert not is_inside(second)


def test_each_wrong_code_doubles_the_wait_and_says_so(client: Client, strict: None) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        user = make_member()
        device = make_device(user)
        give_password(client, user)
        for waited in (1, 2, 4, 8):
            answer = give_code(client, "000000" if code_of(device) != "000000" else "000001")
            assert answer.status_code == 400
            clock.shift(waited)
        give_code(client, "000000" if code_of(device) != "000000" else "000001")
        answer = give_code(client, code_of(device))  # the right one, but too early
        assert "Wait 17 seconds" in answer.text
        assert not is_inside(client)
        clock.shift(17)
        give_code(client, code_of(device))
        assert is_inside(client)


def test_a_code_may_be_typed_with_spaces_and_wide_digits(client: Client, strict: None) -> None:
    user = make_member()
    device = make_device(user)
    give_password(client, user)
    code = code_of(device).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    give_code(client, f" {code[:3]} {code[3:]} ")
    assert is_inside(client)


def test_a_recovery_code_is_good_once_in_place_of_the_device(strict: None) -> None:
    user = make_member()
    make_device(user)
    code, *_rest = second_factor.new_recovery_codes(user)
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, user)
        give_code(client, code.upper())
    assert is_inside(first)
    assert not is_inside(second)
    assert second_factor.recovery_codes_left(user) == second_factor.RECOVERY_CODES - 1


def test_new_recovery_codes_take_the_place_of_the_earlier_ones(client: Client) -> None:
    user = make_member()
    device = make_device(user)
    old, *_rest = second_factor.new_recovery_codes(user)
    give_password(client, user)
    give_code(client, code_of(device))
    show_again(client)
    codes = client.post("/admin/account/recovery_codes/").context["codes"]
    assert is_inside(client)
    assert len(codes) == second_factor.RECOVERY_CODES
    assert len(set(codes)) == len(codes)
    assert second_factor.verify(user, old) is None
    StaticDevice.objects.update(throttling_failure_count=0)
    assert second_factor.verify(user, codes[3])


def test_who_reads_the_database_finds_no_recovery_code() -> None:
    user = make_member()
    codes = second_factor.new_recovery_codes(user)
    stored = list(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == len(codes)
    assert not set(stored) & set(codes)
    assert second_factor.verify(user, stored[0]) is None
    other = make_member()
    assert not set(stored) & {second_factor.fingerprint(other, code) for code in codes}


def test_codes_that_were_stored_as_they_are_stay_good_after_the_migration() -> None:
    user = make_member()
    device = StaticDevice.objects.create(user=user)
    StaticToken.objects.create(device=device, token="abcdefghijkl2345")
    migration = import_module("config.accounts.migrations.0002_recovery_code_fingerprints")
    migration.hash_codes(apps, None)
    assert StaticToken.objects.get().token != "abcdefghijkl2345"
    assert second_factor.verify(user, "ABCD-efgh ijkl 2345") == device
    assert second_factor.verify(user, "abcdefghijkl2345") is None


def test_recovery_codes_stay_good_when_the_secret_key_changes(settings: Settings) -> None:
    user = make_member()
    code, *_rest = second_factor.new_recovery_codes(user)
    settings.SECRET_KEY = "another one"
    assert second_factor.verify(user, code)


def test_wrong_codes_of_the_device_do_not_delay_the_recovery_codes(client: Client, strict: None) -> None:
    user = make_member()
    make_device(user)
    code, *_rest = second_factor.new_recovery_codes(user)
    give_password(client, user)
    for _time in range(8):
        give_code(client, "123456")
    give_code(client, code)
    assert is_inside(client)


def test_who_has_no_device_is_led_to_set_one_up(client: Client, strict: None) -> None:
    give_password(client, make_member())
    answer = client.get("/admin/posts/post/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(DEVICE)
    signed = answer.context["signed_key"]
    answer = client.post(DEVICE, {"key": signed, "code": code_for(key_in(signed))})
    assert len(answer.context["codes"]) == second_factor.RECOVERY_CODES
    assert is_inside(client)


def test_looking_at_the_page_for_a_device_makes_none(client: Client, strict: None) -> None:
    give_password(client, make_member())
    shown = {follow_to_device(client) for _time in range(3)}
    assert len(shown) == 3
    assert not TOTPDevice.objects.exists()


def test_a_device_that_does_not_know_its_key_is_not_set_up(client: Client, strict: None) -> None:
    user = make_member()
    give_password(client, user)
    signed = follow_to_device(client)
    wrong = f"{(int(code_for(key_in(signed))) + 1) % 1_000_000:06}"
    answer = client.post(DEVICE, {"key": signed, "code": wrong})
    assert answer.status_code == 400
    assert key_in(answer.context["signed_key"]) == key_in(signed)  # or the app would have to be told another
    assert not second_factor.is_set_up(user)
    assert not is_inside(client)


@pytest.mark.parametrize("whose", ["another's", "unsigned", "old", "none"])
def test_only_a_key_that_was_shown_to_the_same_account_lately_is_set_up(
    client: Client, strict: None, whose: str
) -> None:
    user, other = make_member(), make_member()
    give_password(client, user)
    key = default_key()
    with time_machine.travel(timezone.now() - timedelta(hours=2)):
        old = sign_key(user, key)
    signed = {"another's": sign_key(other, key), "unsigned": key, "old": old, "none": ""}[whose]
    answer = client.post(DEVICE, {"key": signed, "code": code_for(key)})
    assert answer.status_code == 400
    assert not second_factor.is_set_up(user)


def test_with_the_password_alone_nobody_replaces_a_device(client: Client, strict: None) -> None:
    user = make_member()
    give_password(client, user)
    signed = follow_to_device(client)  # before the owner set up theirs
    device = make_device(user)
    answer = client.post(DEVICE, {"key": signed, "code": code_for(key_in(signed))})
    assert answer["Location"].startswith(CODE)
    assert second_factor.enrol(user, key_in(signed), code_for(key_in(signed)), replace=False) is None
    assert TOTPDevice.objects.get() == device


def test_another_device_takes_the_place_of_the_first_and_ends_the_other_sessions(client: Client) -> None:
    user = make_member()
    device, stolen = make_device(user), Client()
    give_password(client, user)
    give_code(client, code_of(device))
    stolen.force_login(user)
    code, *_rest = second_factor.new_recovery_codes(user)
    give_code(stolen, code)
    assert is_inside(stolen)
    show_again(client)
    signed = follow_to_device(client)
    client.post(DEVICE, {"key": signed, "code": code_for(key_in(signed))})
    assert TOTPDevice.objects.get(user=user).key == key_in(signed)
    assert is_inside(client)
    assert not is_inside(stolen)
    assert stolen.get(DEVICE).status_code == 302


def test_the_session_has_another_name_after_each_step(client: Client, settings: Settings, strict: None) -> None:
    user = make_member()
    device = make_device(user)

    def name() -> str:
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32  # what somebody planted
    give_password(client, user)
    after_password = name()
    give_code(client, code_of(device))
    assert len({"a" * 32, after_password, name()}) == 3
    assert not Session.objects.filter(session_key__in=["a" * 32, after_password]).exists()


def test_an_administrator_resets_what_was_lost(client: Client) -> None:
    editor = make_editor(email="ed@example.org")
    device = make_device(editor)
    second_factor.new_recovery_codes(editor)
    theirs = Client()
    theirs.force_login(editor)
    give_code(theirs, code_of(device))
    assert is_inside(theirs)
    client.force_login(make_member())
    show_again(client)
    address = f"/admin/auth/user/{editor.pk}/reset/"
    assert client.get(address).status_code == 200
    assert is_inside(theirs)
    client.post(address)
    assert not TOTPDevice.objects.filter(user=editor).exists()
    assert not StaticDevice.objects.filter(user=editor).exists()
    assert not is_inside(theirs)
    assert theirs.get(DEVICE).status_code == 302  # or whoever has the session could set up a device of theirs
    assert OutboxMail.objects.get().to == "ed@example.org"
    assert "were deleted" in client.get(f"/admin/auth/user/{editor.pk}/history/").text


def test_the_command_resets_what_the_only_administrator_lost(capsys: pytest.CaptureFixture[str]) -> None:
    user = make_member(username="ann")
    make_device(user)
    call_command("reset_device", "ann")
    assert not second_factor.is_set_up(user)
    with pytest.raises(CommandError, match="no account bob"):
        call_command("reset_device", "bob")


def test_nobody_sees_the_keys_of_others(client: Client) -> None:
    client.force_login(make_member())
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert client.get("/admin/otp_static/staticdevice/").status_code == 404


def test_pages_with_keys_and_codes_are_kept_by_no_cache(client: Client) -> None:
    client.force_login(make_member())
    assert "no-store" in client.get(DEVICE)["Cache-Control"]
    make_device(User.objects.get())
    second = Client()
    second.force_login(User.objects.get())
    assert "no-store" in second.get(CODE)["Cache-Control"]


def test_a_new_device_needs_a_token_against_forgery(strict: None) -> None:
    client = Client(enforce_csrf_checks=True)
    user = make_member()
    client.force_login(user)
    key = default_key()
    assert client.post(DEVICE, {"key": sign_key(user, key), "code": code_for(key)}).status_code == 403
    assert client.post(CODE, {"code": "123456"}).status_code == 403
