"""An open session that somebody else finds: it lets them work, and not take the account over."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key
from pytest_django import Settings

from comments.models import Moderator, OutboxMail
from config.accounts import attempts, mails, reauthentication, second_factor
from config.accounts.forms import sign_key
from tests.config.accounts.door import (
    AGAIN,
    DEVICE,
    NEW,
    PASSWORD,
    code_of,
    give_both,
    give_code,
    give_password,
    is_inside,
    make_device,
    make_member,
    show_again,
)
from tests.factories import make_editor

pytestmark = pytest.mark.django_db

RECOVERY_CODES, CHANGE_PASSWORD = "/admin/account/recovery_codes/", "/admin/password_change/"


@pytest.fixture
def ann() -> User:
    return make_member(username="ann", email="ann@example.org", is_superuser=False)


@pytest.fixture
def codes(ann: User) -> list[str]:
    """Recovery codes. The device, too, is set up."""
    make_device(ann)
    return second_factor.new_recovery_codes(ann)


@pytest.fixture
def inside(client: Client, ann: User, codes: list[str]) -> Client:
    """Where the owner signed in a moment ago."""
    give_password(client, ann)
    give_code(client, codes.pop())
    assert is_inside(client)
    return client


def new_device(user: User) -> dict[str, str]:
    key = default_key()
    return {"key": sign_key(user, key), "code": code_of(TOTPDevice(key=key))}


def ways_in(user: User) -> list[object]:
    """What decides who gets in."""
    user = User.objects.get(pk=user.pk)
    keys = TOTPDevice.objects.filter(user=user).values_list("key", flat=True)
    return [user.password, user.email, *keys, *StaticToken.objects.order_by("pk").values_list("token", flat=True)]


def mailed() -> list[str]:
    return [mail.body.partition("\n")[0] for mail in OutboxMail.objects.order_by("pk")]


def test_an_open_session_alone_changes_no_way_in(inside: Client, ann: User) -> None:
    before = ways_in(ann)
    for address, form in [
        (DEVICE, new_device(ann)),
        (RECOVERY_CODES, {}),
        (CHANGE_PASSWORD, {"new_password1": NEW, "new_password2": NEW, "old_password": PASSWORD}),
    ]:
        for answer in (inside.get(address), inside.post(address, form)):
            assert unquote(answer["Location"]) == f"{AGAIN}?next={address}"
    assert ways_in(ann) == before
    assert not mailed()


def test_an_open_session_of_an_administrator_alone_changes_no_account(client: Client, ann: User) -> None:
    root = make_member(email="root@example.org")
    client.force_login(root)
    before, roles = ways_in(root), root.groups.count()
    for address in ("user/add", f"user/{root.pk}/change", f"user/{ann.pk}/change", f"user/{ann.pk}/delete"):
        form = {"username": "x", "email": "x@example.org", "is_superuser": "on", "language": "en", "post": "yes"}
        assert unquote(client.get(f"/admin/auth/{address}/")["Location"]) == f"{AGAIN}?next=/admin/auth/{address}/"
        sent = client.post(f"/admin/auth/{address}/", form)
        assert sent.status_code == (302 if address.endswith("delete") else 403), address
    for address in (f"user/{ann.pk}/link", f"user/{root.pk}/reset", "group/add", "group/1/change", "group/1/delete"):
        assert client.post(f"/admin/auth/{address}/").status_code in (302, 403), address
    assert client.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": ann.pk}).status_code < 400
    assert set(User.objects.values_list("username", flat=True)) == {"ann", root.username}
    assert (ways_in(root), root.groups.count()) == (before, roles)
    assert not OutboxMail.objects.exists()


def test_what_an_administrator_sent_too_late_is_shown_to_the_owner_and_then_saved() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member())
    roles = [str(pk) for pk in Group.objects.values_list("pk", flat=True)]
    form = {"username": "new", "first_name": "<Ann>", "email": "new@example.org", "groups": roles, "language": "ko"}
    token = {"csrfmiddlewaretoken": token_in(client, "/admin/account/")}
    asked = client.post("/admin/auth/user/add/", form | token)
    assert (asked.status_code, User.objects.count()) == (403, 1)
    for password, status in [("wrong", 400), (PASSWORD, 307)]:
        found = re.findall('<input type="hidden" name="(.*?)" value="(.*?)">', asked.text)
        again = {"password": password}
        for name in dict(found):
            again[name] = [unescape(value) for each, value in found if each == name]
        asked = client.post(AGAIN, again)
        assert asked.status_code == status
    assert asked["Location"] == "/admin/auth/user/add/"
    shown = client.post(asked["Location"], again)
    assert "Look through it, and save it." in shown.text
    assert shown.context["adminform"].form["first_name"].value() == "<Ann>"
    assert User.objects.count() == 1
    assert client.post(asked["Location"], form | token).status_code == 302
    new = User.objects.get(email="new@example.org")
    assert (new.first_name, new.groups.count()) == ("<Ann>", len(roles))


def test_a_role_that_somebody_left_to_be_saved_is_shown_first(client: Client) -> None:
    client.force_login(make_member())
    show_again(client)
    role = Group.objects.first()
    assert role
    before = set(role.permissions.all())
    form = {"name": role.name, "sent_before": "yes"}
    assert client.post(f"/admin/auth/group/{role.pk}/change/", form).status_code == 200
    assert set(role.permissions.all()) == before


@pytest.mark.parametrize("kept", [True, False])
def test_nothing_else_that_somebody_left_is_done_with_the_password_of_the_owner(client: Client, *, kept: bool) -> None:
    client.force_login(make_member())
    ann = make_editor()
    left = client.post(AGAIN, {"password": "wrong", "post": "yes", "next": f"/admin/auth/user/{ann.pk}/delete/"})
    assert left.context["sent"] == [("post", "yes")]
    assert reauthentication.SENT_BEFORE in left.text
    marked = {reauthentication.SENT_BEFORE: "yes"} if kept else {}
    client.post(AGAIN, {"password": PASSWORD, "post": "yes", "next": left.context["next"], **marked}, follow=True)
    assert User.objects.filter(pk=ann.pk).exists()
    assert client.post(left.context["next"], {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=ann.pk).exists()


def test_password_and_code_open_what_was_asked_for_and_for_ten_minutes_only(
    inside: Client, ann: User, codes: list[str]
) -> None:
    answer = give_both(inside, code=codes.pop(), next=RECOVERY_CODES)
    assert answer["Location"] == RECOVERY_CODES
    assert inside.get(RECOVERY_CODES).status_code == inside.get(DEVICE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=reauthentication.SECONDS + 5)):
        assert inside.get(DEVICE)["Location"].startswith(AGAIN)
        assert is_inside(inside)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):  # a clock that was put back
        assert inside.get(DEVICE)["Location"].startswith(AGAIN)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"code": "123456"}, {"code": ""}, {"password": ""}])
def test_one_of_the_two_is_not_enough(inside: Client, codes: list[str], wrong: dict[str, str]) -> None:
    answer = give_both(inside, **{"code": codes.pop()} | wrong)
    assert answer.status_code == 400
    assert inside.get(DEVICE)["Location"].startswith(AGAIN)
    assert is_inside(inside)


def test_a_wrong_password_uses_no_recovery_code_up(inside: Client, ann: User, codes: list[str]) -> None:
    give_both(inside, password="wrong", code=codes[0])
    assert second_factor.recovery_codes_left(ann) == len(codes)


def test_the_code_of_somebody_else_is_not_enough(inside: Client) -> None:
    other = second_factor.new_recovery_codes(make_editor())
    assert give_both(inside, code=other[0]).status_code == 400


def test_a_code_that_signed_in_is_not_good_again(client: Client, ann: User) -> None:
    device = make_device(ann)
    give_password(client, ann)
    give_code(client, code_of(device))
    assert give_both(client, code=code_of(device)).status_code == 400


def test_who_has_no_device_gives_the_password_alone(client: Client, ann: User) -> None:
    client.force_login(ann)
    assert client.post(DEVICE, new_device(ann))["Location"].startswith(AGAIN)
    assert 'name="code"' not in client.get(AGAIN).text
    assert give_both(client, next=DEVICE)["Location"] == DEVICE
    assert client.post(DEVICE, new_device(ann)).status_code == 200
    assert second_factor.is_set_up(ann)


def test_passwords_are_tried_no_more_often_than_at_the_door(inside: Client, codes: list[str]) -> None:
    tries = [give_both(inside, password=f"wrong {time}", code=codes[0]) for time in range(12)]
    assert [answer.status_code for answer in tries] == [400] * attempts.MAX_OF_KNOWN_BROWSER + [429] * 2
    assert give_both(inside, code=codes[0]).status_code == 429
    assert is_inside(inside)


def test_who_gives_both_often_is_not_refused(inside: Client, ann: User) -> None:
    for _time in range(2):
        for code in second_factor.new_recovery_codes(ann):
            assert give_both(inside, code=code).status_code == 302


def test_wrong_codes_double_the_wait(inside: Client, ann: User) -> None:
    for _time in range(4):
        answer = give_both(inside, code="123456")
    assert "Wait" in answer.text


def test_forms_in_other_windows_stay_good(ann: User, codes: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    code = {"code": codes.pop(), "csrfmiddlewaretoken": token_in(client, "/admin/account/code/")}
    again = {"password": PASSWORD, "code": codes.pop()}
    client.post("/admin/account/code/", code)
    other_window = token_in(client, "/admin/account/")
    assert client.post(AGAIN, again | {"csrfmiddlewaretoken": other_window}).status_code == 302
    assert client.post("/admin/account/", {"language": "ko", "csrfmiddlewaretoken": other_window}).status_code == 302


def token_in(client: Client, address: str) -> str:
    return str(client.get(address).context["csrf_token"])


def test_a_token_against_forgery_is_needed(ann: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    show_again(client)
    before = ways_in(ann)
    for address, form in [
        (AGAIN, {"password": PASSWORD}),
        (DEVICE, new_device(ann)),
        (RECOVERY_CODES, {}),
        (CHANGE_PASSWORD, {"new_password1": NEW, "new_password2": NEW}),
        ("/admin/account/", {"language": "ko"}),
    ]:
        assert client.post(address, form).status_code == 403, address
    assert ways_in(ann) == before
    assert not Moderator.objects.exists()


def test_the_session_has_another_name_afterwards(inside: Client, codes: list[str], settings: Settings) -> None:
    before = inside.cookies[settings.SESSION_COOKIE_NAME].value
    give_both(inside, code=codes.pop())
    assert inside.cookies[settings.SESSION_COOKIE_NAME].value != before
    stale = Client()
    stale.cookies[settings.SESSION_COOKIE_NAME] = before
    assert not is_inside(stale)


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/admin/", "/elsewhere/", "/\t/evil.example"])
def test_it_leads_nowhere_but_into_the_newsroom(inside: Client, codes: list[str], where: str) -> None:
    assert give_both(inside, code=codes.pop(), next=where)["Location"] == "/admin/"


def test_only_who_is_inside_is_asked(client: Client, ann: User, codes: list[str], strict: None) -> None:
    assert client.get(AGAIN)["Location"].startswith("/admin/login/")
    give_password(client, ann)  # the code is due
    assert give_both(client, code=codes[0])["Location"].startswith("/admin/login/")
    assert second_factor.recovery_codes_left(ann) == len(codes)


def test_another_device_is_told_to_the_owner(inside: Client, ann: User) -> None:
    Moderator.objects.create(user=ann, language="ko")
    show_again(inside)
    answer = inside.post(DEVICE, new_device(ann), REMOTE_ADDR="192.0.2.77", HTTP_USER_AGENT="canary-browser")
    assert len(answer.context["codes"]) == second_factor.RECOVERY_CODES
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to) == (OutboxMail.Kind.ACCOUNT, "ann@example.org")
    assert "ann" in mail.body
    assert "/admin/password_reset/" in mail.body
    assert "A device was set up" not in mail.body  # but in Korean
    assert not any(each in mail.body for each in ("192.0.2.77", "canary", *answer.context["codes"]))


def test_a_device_that_was_not_set_up_is_told_to_nobody(inside: Client, ann: User) -> None:
    before = ways_in(ann)
    show_again(inside)
    assert inside.post(DEVICE, new_device(ann) | {"code": "000000"}).status_code == 400
    assert ways_in(ann) == before
    assert not OutboxMail.objects.exists()


def test_new_recovery_codes_are_told_to_the_owner(inside: Client) -> None:
    show_again(inside)
    assert inside.get(RECOVERY_CODES).status_code == 200
    assert not mailed()
    inside.post(RECOVERY_CODES)
    assert [body.partition(" for ")[0] for body in mailed()] == ["New recovery codes were made"]


def test_another_password_is_told_to_the_owner_and_ends_the_other_sessions(inside: Client, ann: User) -> None:
    other = Client()
    other.force_login(ann)
    show_again(inside)
    assert inside.post(CHANGE_PASSWORD, {"new_password1": NEW, "new_password2": "x"}).status_code == 400
    assert inside.post(CHANGE_PASSWORD, {"new_password1": NEW, "new_password2": NEW})["Location"] == "/admin/account/"
    assert User.objects.get(pk=ann.pk).check_password(NEW)
    assert is_inside(inside)
    assert not is_inside(other)
    assert ["was changed" in body for body in mailed()] == [True]


def test_a_password_that_was_set_by_a_link_is_told_but_not_the_first(ann: User) -> None:
    for user, told in [(ann, 1), (make_editor(email="new@example.org", password=None), 0)]:
        OutboxMail.objects.all().delete()
        address = str(mails.link_for(user)["address"]).removeprefix("http://127.0.0.1:8000")
        assert Client().post(address, {"new_password1": NEW, "new_password2": NEW}).status_code == 302
        assert OutboxMail.objects.count() == told


def test_another_address_is_told_at_the_former_one(client: Client, ann: User) -> None:
    client.force_login(make_member())
    show_again(client)
    form = {"username": "ann", "is_active": "on", "email": "other@example.org"}
    assert client.post(f"/admin/auth/user/{ann.pk}/change/", form).status_code == 302
    mail = OutboxMail.objects.get()
    assert mail.to == "ann@example.org"
    assert "other@example.org" not in mail.body
    assert "/admin/password_reset/" not in mail.body  # a link from there goes to the other address
    client.post(f"/admin/auth/user/{ann.pk}/change/", form)
    assert OutboxMail.objects.count() == 1


def test_administrators_choose_nobodys_password(client: Client, ann: User) -> None:
    client.force_login(make_member())
    show_again(client)
    before = ways_in(ann)
    form = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "x"}
    client.post(f"/admin/auth/user/{ann.pk}/password/", form)
    client.post(f"/admin/auth/user/{ann.pk}/change/", {"username": "ann", "is_active": "on", "password": "x"} | form)
    assert ways_in(ann)[0] == before[0]


def test_an_administrator_is_left(client: Client) -> None:
    root = make_member(username="root")
    make_member(username="gone", is_active=False)
    make_member(username="second", password=None)
    client.force_login(root)
    show_again(client)
    answer = client.post(f"/admin/auth/user/{root.pk}/change/", {"username": "root"})
    assert "There would be no administrator left." in answer.text
    make_member(username="third")
    assert client.post(f"/admin/auth/user/{root.pk}/change/", {"username": "root"}).status_code == 302
    root.refresh_from_db()
    assert not root.is_superuser


def test_nobody_disables_resets_or_deletes_their_own_account(client: Client, ann: User) -> None:
    root = make_member()
    make_device(root)
    client.force_login(root)
    give_code(client, code_of(TOTPDevice.objects.get()))
    show_again(client)
    client.post(f"/admin/auth/user/{root.pk}/change/", {"username": root.username, "is_superuser": "on"})
    root.refresh_from_db()
    assert root.is_active
    assert client.post(f"/admin/auth/user/{root.pk}/reset/")["Location"] == DEVICE
    assert second_factor.is_set_up(root)
    assert client.post(f"/admin/auth/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/auth/user/{ann.pk}/delete/", {"post": "yes"}).status_code == 302
    assert User.objects.get() == root


def test_pages_for_the_owner_are_kept_by_no_cache(inside: Client) -> None:
    show_again(inside)
    for address in (AGAIN, RECOVERY_CODES, CHANGE_PASSWORD, DEVICE):
        assert "no-store" in inside.get(address)["Cache-Control"], address


def test_what_was_typed_is_in_no_page_and_no_log(inside: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = give_both(inside, password="canary password", code="canary-code")
    assert "canary password" not in answer.text
    assert "canary" not in caplog.text
