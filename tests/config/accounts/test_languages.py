"""The newsroom speaks the language of who works there, and the site goes on to speak that of its texts."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from comments.models import Moderator, OutboxMail, Status
from config.accounts import languages, mails
from tests.config.accounts.door import give_code, give_password, make_device, make_member, show_again
from tests.factories import make_comment, make_editor, make_moderator, make_post

pytestmark = pytest.mark.django_db

GERMAN, ENGLISH, KOREAN = ({"accept-language": asked} for asked in ("de", "en-US,en;q=0.9", "ko-KR,ko;q=0.9,en;q=0.5"))

FOREIGN = [  # what Django calls accounts and roles
    *["Superuser", "superuser status", "Staff", "Users<", "Groups"],
    *["최상위 사용자", "스태프", "사용자 추가", "그룹"],
]


def speaks(text: str) -> str:
    return text.partition('<html lang="')[2][:2]


@pytest.fixture
def korean() -> User:
    user = make_moderator()
    languages.choose(user, "ko")
    return user


@pytest.mark.parametrize("headers", [ENGLISH, KOREAN, {}])
def test_the_newsroom_speaks_the_language_of_the_account_whatever_the_browser_asks_for(
    client: Client, korean: User, headers: dict[str, str]
) -> None:
    make_comment(status=Status.PENDING)
    client.force_login(korean)
    for address in ("/admin/", "/admin/comments/queue/", "/admin/account/", "/admin/comments/figures/"):
        assert speaks(client.get(address, headers=headers).text) == "ko", address
    other = Client()
    other.force_login(make_moderator())
    queue = other.get("/admin/comments/queue/", headers=headers).text
    assert speaks(queue) == "en"
    assert not any(word in queue for word in ("편집국", "대기 중", "로그아웃"))


def test_the_choice_is_made_on_the_page_of_the_account(client: Client) -> None:
    user = make_editor()
    client.force_login(user)
    assert client.post("/admin/account/", {"language": "ko"}, follow=True).text.count('<html lang="ko"') == 1
    assert client.post("/admin/account/", {"language": "xx"}).status_code == 400
    assert Moderator.objects.get(user=user).language == "ko"
    client.post("/admin/account/", {"language": "en"})
    assert speaks(client.get("/admin/").text) == "en"


def test_the_choice_leaves_other_wishes_alone(client: Client, korean: User) -> None:
    Moderator.objects.update(keys="off", mail="never")
    client.force_login(korean)
    client.post("/admin/account/", {"language": "en"})
    wish = Moderator.objects.get()
    assert (wish.keys, wish.mail, wish.language) == ("off", "never", "en")


def test_an_invitation_is_written_in_the_language_that_the_administrator_chose_and_so_is_all_that_follows(
    client: Client,
) -> None:
    client.force_login(make_member())
    show_again(client)
    form = {"username": "ann", "email": "ann@example.org", "language": "ko"}
    client.post("/admin/auth/user/add/", form)
    assert "초대" in OutboxMail.objects.get().body
    ann = User.objects.get(username="ann")
    address = str(mails.link_for(ann)["address"]).removeprefix("http://127.0.0.1:8000")
    theirs = Client(headers=ENGLISH)
    assert speaks(theirs.get(address).text) == "ko"
    password = "correct horse battery staple"
    theirs.post(address, {"new_password1": password, "new_password2": password})
    assert speaks(theirs.get("/admin/account/device/", follow=True).text) == "ko"
    assert speaks(theirs.get(address).text) == "ko"  # the link is used up, but it is known who is there


def test_who_owes_a_code_is_asked_in_their_language(client: Client, strict: None) -> None:
    user = make_member()
    languages.choose(user, "ko")
    make_device(user)
    give_password(client, user)
    assert speaks(client.get("/admin/account/code/", headers=ENGLISH).text) == "ko"
    assert speaks(give_code(client, "123456").text) == "ko"


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/password_reset/", "/admin/account/password/1/used-up/"])
def test_at_the_door_it_is_what_the_browser_asks_for_if_there_is_such_a_newsroom(
    client: Client, settings: Settings, address: str
) -> None:
    assert [speaks(client.get(address, headers=asked).text) for asked in (GERMAN, ENGLISH, KOREAN)] == [
        "en",
        "en",
        "ko",
    ]
    settings.LANGUAGE_CODE = "ko"
    assert [speaks(client.get(address, headers=asked).text) for asked in (GERMAN, ENGLISH, KOREAN)] == [
        "ko",
        "en",
        "ko",
    ]
    assert "Accept-Language" in client.get(address)["Vary"]


def test_what_one_person_chose_is_not_heard_by_the_next_on_the_site(client: Client, korean: User) -> None:
    post = make_post(language="en")
    client.force_login(korean)
    before = client.get(post.get_absolute_url(), headers=KOREAN)
    client.get("/admin/", headers=KOREAN)
    after = client.get(post.get_absolute_url(), headers=KOREAN)
    assert (before.content, before.get("Vary")) == (after.content, after.get("Vary"))
    assert "language" not in after.get("Vary", "").lower()
    assert client.get("/nothing/", headers=KOREAN).content == Client().get("/nothing/").content
    assert translation.get_language() == "en"


def test_what_is_refused_or_missing_in_the_newsroom_is_told_in_its_language(client: Client, korean: User) -> None:
    client.force_login(korean)
    for address, status in (("/admin/auth/user/", 403), ("/admin/nothing/", 404)):
        answer = client.get(address)
        assert (answer.status_code, speaks(answer.text)) == (status, "ko")


def test_no_page_costs_a_query_more(client: Client, django_assert_num_queries: Any) -> None:
    user = make_editor()
    client.force_login(user)
    client.get("/admin/account/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/admin/account/")
    before = len(captured)
    languages.choose(user, "ko")
    client.get("/admin/account/")  # the site has another name in another language
    with django_assert_num_queries(before):
        client.get("/admin/account/")
    with django_assert_num_queries(0):
        Client().get("/admin/login/")


@pytest.mark.parametrize(("language", "heard"), [("en", "Editors"), ("ko", "편집자")])
def test_roles_are_called_the_same_everywhere(client: Client, language: str, heard: str) -> None:
    root, editor = make_member(), make_editor()
    languages.choose(root, language)
    client.force_login(root)
    show_again(client)
    group = editor.groups.get()
    for address in ("user/add/", f"user/{editor.pk}/change/", "user/", "group/", f"user/?role={group.pk}"):
        page = client.get(f"/admin/auth/{address}").text
        assert heard in page, address
        if "group" not in address:
            assert {"en": "Administrator", "ko": "최고 관리자"}[language] in page, address
        for foreign in FOREIGN:
            assert foreign not in page, (address, foreign)


def test_accounts_are_listed_by_role(client: Client) -> None:
    root, editor, moderator = make_member(username="root"), make_editor(username="ed"), make_moderator(username="mo")
    client.force_login(root)

    def listed(role: object) -> set[str]:
        return {user.username for user in client.get(f"/admin/auth/user/?role={role}").context["cl"].result_list}

    assert listed("administrator") == {"root"}
    assert listed(editor.groups.get().pk) == {"ed"}
    assert listed(moderator.groups.get().pk) == {"mo"}
    assert listed("'; x") == listed("²") == listed("9" * 5000) == {"root", "ed", "mo"}
