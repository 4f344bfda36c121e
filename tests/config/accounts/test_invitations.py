"""How an account begins, and how a password is set anew: by a link in a mail, good once."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from comments.models import Moderator, OutboxMail
from config.accounts import forms, mails, second_factor
from config.accounts.models import PasswordRequest
from config.worker import JOBS
from posts import publishing
from posts.models import Wording
from tests.config.accounts.door import (
    DEVICE,
    NEW,
    code_of,
    give_code,
    give_password,
    is_inside,
    make_device,
    make_member,
    show_again,
)
from tests.factories import make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    """Signed in with `client`."""
    user = make_member(username="root", email="root@example.org")
    client.force_login(user)
    show_again(client)
    return user


def invite(client: Client, **fields: Any) -> HttpResponse:
    data = {"username": "ann", "first_name": "Ann", "last_name": "Yi", "email": "ann@example.org", "language": "en"}
    return client.post("/admin/auth/user/add/", data | fields)


def link() -> str:
    """The path in the newest mail."""
    return re.search(r"^https?://[^/]+(/\S+)$", OutboxMail.objects.latest("pk").body, re.MULTILINE)[1]


def set_password(address: str, password: str = NEW, *, client: Client | None = None) -> HttpResponse:
    return (client or Client()).post(address, {"new_password1": password, "new_password2": password})


def ask(email: str) -> HttpResponse:
    return Client().post("/admin/password_reset/", {"email": email})


def test_an_invited_person_gets_a_mail_and_an_account_in_their_role(
    client: Client, administrator: User, settings: Settings
) -> None:
    editors = Group.objects.get(name="Editors")
    answer = invite(client, groups=[editors.pk])
    user = User.objects.get(username="ann")
    assert answer.status_code == 302
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert [group.name for group in user.groups.all()] == ["Editors"]
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to) == (OutboxMail.Kind.ACCOUNT, "ann@example.org")
    assert f"{settings.SITE_URL}/admin/account/password/" in mail.body
    assert "ann" in mail.body


def test_mail_is_written_in_the_language_that_its_reader_wishes_with_the_name_of_the_site_there() -> None:
    Wording.objects.filter(language="ko").update(name="두만강", tagline="북한 인권을 기록합니다")
    publishing.touch()
    user = make_editor(email="ed@example.org", password=NEW)
    Moderator.objects.create(user=user, language="ko")
    mails.send_password_link(user)
    mail = OutboxMail.objects.get()
    assert "두만강" in mail.subject
    assert "두만강" in mail.body
    assert "Somebody, most likely you" not in mail.body


def test_an_administrator_can_be_invited(client: Client, administrator: User) -> None:
    invite(client, is_superuser="on")
    assert User.objects.get(username="ann").is_superuser


def test_the_invited_person_sets_a_password_then_a_device(client: Client, administrator: User, strict: None) -> None:
    client.force_login(administrator)
    give_code(client, code_of(make_device(administrator)))
    show_again(client)
    invite(client)
    theirs = Client()
    assert theirs.get(link()).status_code == 200
    assert set_password(link(), client=theirs)["Location"] == DEVICE
    assert theirs.get(DEVICE).status_code == 200
    assert not is_inside(theirs)
    assert User.objects.get(username="ann").check_password(NEW)


def test_looking_at_a_link_changes_nothing(client: Client, administrator: User) -> None:
    invite(client)
    before = list(User.objects.values()), Session.objects.count()
    for _time in range(3):
        answer = Client().get(link())
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert (list(User.objects.values()), Session.objects.count()) == before


def test_a_link_is_good_once(client: Client, administrator: User) -> None:
    invite(client)
    assert set_password(link()).status_code == 302
    answer = set_password(link(), "another pass phrase")
    assert answer.status_code == 410
    assert User.objects.get(username="ann").check_password(NEW)
    assert Client().get(link()).status_code == 410


def test_a_link_ends_after_three_days(client: Client, administrator: User) -> None:
    invite(client)
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=12)):
        assert set_password(link()).status_code == 410


def test_a_link_is_good_for_its_own_account_alone(client: Client, administrator: User) -> None:
    invite(client)
    token = link().split("/")[-2]
    other = make_editor()
    assert set_password(f"/admin/account/password/{other.pk}/{token}/").status_code == 410
    assert set_password(f"/admin/account/password/999999/{token}/").status_code == 410
    for at in range(len(token)):
        broken = token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]
        assert Client().get(link().replace(token, broken)).status_code == 410


def test_a_newer_invitation_takes_the_place_of_the_first(client: Client, administrator: User) -> None:
    invite(client)
    first, user = link(), User.objects.get(username="ann")
    client.post(f"/admin/auth/user/{user.pk}/link/")
    assert set_password(first).status_code == 410
    assert set_password(link()).status_code == 302


def test_a_disabled_or_deleted_account_has_no_link(client: Client, administrator: User) -> None:
    invite(client)
    User.objects.filter(username="ann").update(is_active=False)
    assert set_password(link()).status_code == 410
    User.objects.filter(username="ann").delete()
    assert set_password(link()).status_code == 410


def test_a_weak_password_is_refused_and_the_link_stays_good(client: Client, administrator: User) -> None:
    invite(client)
    assert set_password(link(), "password").status_code == 400
    assert set_password(link()).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ""},
        {"email": "ROOT@example.org"},  # another's
        {"username": "Root"},
        {"username": "rооt"},  # Cyrillic
        {"username": "r00t"},
        {"username": ""},
        {"email": "a@example.org\r\nBcc: b@example.org"},
    ],
)
def test_an_account_that_could_be_taken_for_another_is_not_made(
    client: Client, administrator: User, fields: dict[str, str]
) -> None:
    assert invite(client, **fields).status_code == 200
    assert User.objects.count() == 1
    assert not OutboxMail.objects.exists()


def test_the_address_of_another_account_cannot_be_taken(client: Client, administrator: User) -> None:
    editor = make_editor(email="ed@example.org")
    answer = client.post(
        f"/admin/auth/user/{editor.pk}/change/", {"username": editor.username, "email": "Root@example.org"}
    )
    assert "Another account has this address." in answer.text
    editor.refresh_from_db()
    assert editor.email == "ed@example.org"


def test_nobody_but_administrators_touches_accounts_even_with_the_permissions(client: Client) -> None:
    """Whoever may change accounts could make themselves an administrator."""
    editor = make_editor()
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    client.force_login(editor)
    root = make_member()
    for address in (
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        f"/admin/auth/user/{editor.pk}/change/",
        f"/admin/auth/user/{root.pk}/link/",
        f"/admin/auth/user/{root.pk}/reset/",
        f"/admin/auth/user/{root.pk}/delete/",
        "/admin/auth/group/",
        f"/admin/auth/group/{editor.groups.get().pk}/change/",
    ):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"username": editor.username, "is_superuser": "on"}).status_code == 403, address
    editor.refresh_from_db()
    assert not editor.is_superuser


def test_known_and_unknown_addresses_get_the_same_answer_and_cause_the_same_work(
    django_assert_num_queries: Any,
) -> None:
    make_editor(email="ed@example.org", password=NEW)
    ask("first@example.org")  # the first page of a process asks for the name of the site
    answers = []
    for email in ("ed@example.org", "no@example.org"):
        with django_assert_num_queries(5):  # of which two begin and end the transaction
            answer = ask(email)
        answers.append((answer.status_code, answer["Location"]))
    assert answers[0] == answers[1] == (302, "/admin/password_reset/asked/")
    assert PasswordRequest.objects.count() == 3
    assert not OutboxMail.objects.exists()


def test_the_worker_sends_the_link_to_the_account_alone(settings: Settings) -> None:
    make_editor(username="ed", email="ed@example.org", password=NEW)
    make_editor(email="off@example.org", password=NEW, is_active=False)
    make_editor(email="new@example.org")  # was invited, and has no password yet
    for email in ("ed@example.org", "off@example.org", "new@example.org", "no@example.org"):
        ask(email)
    assert mails.answer_requests() == 4
    assert [mail.to for mail in OutboxMail.objects.all()] == ["ed@example.org"]
    assert link().startswith("/admin/account/password/")
    assert settings.SITE_URL in OutboxMail.objects.get().body
    assert mails.answer_requests() == 0
    assert not PasswordRequest.objects.exists()
    assert mails.answer_requests in [job.do for job in JOBS]


def test_the_link_is_made_of_the_sites_address_whatever_the_request_says(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    make_editor(email="ed@example.org", password=NEW)
    Client().post(
        "/admin/password_reset/",
        {"email": "ed@example.org"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    mails.answer_requests()
    assert "evil.example" not in OutboxMail.objects.get().body


def test_strangers_cause_few_mails() -> None:
    make_editor(email="ed@example.org", password=NEW)
    answers = {ask("Ed@example.org").status_code for _time in range(9)}
    mails.answer_requests()
    assert answers == {302}
    assert OutboxMail.objects.count() == 5


def test_a_flood_from_everywhere_fills_no_inbox_and_everybody_is_answered_alike() -> None:
    make_editor(email="ed@example.org", password=NEW)

    def flood(email: str, network: str) -> list[tuple[int, bytes, int]]:
        """Status and content of each answer, and what it cost the database."""
        found = []
        for number in range(12):
            with CaptureQueriesContext(connection) as captured:
                answer = Client().post(
                    "/admin/password_reset/", {"email": email}, REMOTE_ADDR=f"{network}.{number}", follow=True
                )
            found.append((answer.status_code, answer.content, len(captured)))
        return found

    flood("warm@example.org", "203.0.113")
    known, unknown = flood("ed@example.org", "192.0.2"), flood("no@example.org", "198.51.100")
    assert known == unknown
    assert len({answer[:2] for answer in known}) == 1
    mails.answer_requests()
    assert OutboxMail.objects.count() == 5


def test_an_onion_service_asks_for_no_end_of_links(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRODUCTION = True
    monkeypatch.setattr(forms, "MAX_OF_SHARED_SOURCE", 25)
    for number in range(30):
        assert ask(f"reader{number}@example.org").status_code == 302
    assert PasswordRequest.objects.count() == 25


def test_a_link_stays_good_when_somebody_with_the_old_password_signs_in(client: Client) -> None:
    user = make_member(email="ann@example.org")
    ask("ann@example.org")
    mails.answer_requests()
    give_password(Client(), user)
    assert set_password(link(), client=client).status_code == 302


def test_one_source_asks_for_few_links() -> None:
    for number in range(30):
        assert ask(f"reader{number}@example.org").status_code == 302
    assert PasswordRequest.objects.count() == 20


def test_a_name_cannot_be_changed_into_one_that_looks_like_anothers(client: Client, administrator: User) -> None:
    editor = make_editor(username="ed")
    answer = client.post(f"/admin/auth/user/{editor.pk}/change/", {"username": "R00t", "is_active": "on"})
    assert "one that looks like it" in answer.text


@pytest.mark.parametrize("address", ["/admin/password_reset/", "/admin/password_reset/asked/"])
def test_nobody_keeps_the_pages_on_which_a_link_is_asked_for(client: Client, address: str) -> None:
    assert "no-store" in client.get(address)["Cache-Control"]


def test_a_new_password_ends_all_sessions_and_forgets_wrong_codes(client: Client) -> None:
    user = make_member(email="ann@example.org")
    device = make_device(user)
    second_factor.new_recovery_codes(user)
    thief = Client()
    give_password(thief, user)
    for _time in range(9):
        give_code(thief, "123456")
    assert thief.get(DEVICE)["Location"].startswith("/admin/account/code/")
    ask("ann@example.org")
    mails.answer_requests()
    set_password(link(), client=client)
    assert thief.get("/admin/account/code/")["Location"].startswith("/admin/login/")
    assert not is_inside(client)  # the link takes the place of the password, and not of the code
    give_code(client, code_of(device))
    assert is_inside(client)


def test_the_link_lets_the_owner_in_while_others_guess(client: Client) -> None:
    user = make_member(username="ann", email="ann@example.org")
    for number in range(30):
        give_password(Client(), "ann", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert give_password(client, user).status_code == 429
    ask("ann@example.org")
    mails.answer_requests()
    set_password(link(), client=client)
    assert is_inside(client)


def test_a_session_ends_at_once_with_its_account(client: Client) -> None:
    editor = make_editor(password=NEW)
    theirs = Client()
    give_password(theirs, editor, NEW)
    assert is_inside(theirs)
    client.force_login(make_member())
    show_again(client)
    client.post(f"/admin/auth/user/{editor.pk}/change/", {"username": editor.username})
    editor.refresh_from_db()
    assert not editor.is_active
    assert not is_inside(theirs)
    User.objects.filter(pk=editor.pk).update(is_active=True)
    assert not is_inside(theirs)  # nor does it come back


def test_a_session_ends_at_once_with_logout_and_with_another_password(client: Client, settings: Settings) -> None:
    user = make_member()
    sessions = [Client(), Client(), Client()]
    for session in sessions:
        give_password(session, user)
    stolen = sessions[0].cookies[settings.SESSION_COOKIE_NAME].value
    sessions[0].post("/admin/logout/")
    sessions[0].cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert not is_inside(sessions[0])
    user.set_password(NEW)
    user.save()
    assert not is_inside(sessions[1])


def test_the_list_says_who_has_a_device_with_one_query_for_all(client: Client, administrator: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/admin/auth/user/")
        assert answer.status_code == 200
        return len(captured)

    queries()  # the first page of a process asks for the name of the site
    first = queries()
    for _each in range(5):
        make_device(make_editor())
    assert queries() == first


def test_the_list_of_accounts_says_who_they_are(client: Client, administrator: User) -> None:
    invite(client)
    listed = client.get("/admin/auth/user/").content.decode()
    assert "Ann Yi" in listed
    invite(client, username="hana", email="hana@example.org", first_name="하나", last_name="김")
    assert "김하나" in client.get("/admin/auth/user/").text
    assert "full name" not in listed.lower()
