"""How often a password may be tried: not often for who guesses, and never too often for its owner."""

from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import hashers
from django.test import Client
from pytest_django import Settings

from comments.models import RateWindow
from config.accounts import attempts
from tests.config.accounts.door import PASSWORD, code_of, give_code, give_password, is_inside, make_device, make_member

pytestmark = pytest.mark.django_db


def guess(source: str, username: str = "ann", *, times: int = 1, client: Client | None = None) -> int:
    """Returns the status of the last answer. Each source is an address; a new browser unless one is named."""
    for number in range(times):
        answer = give_password(client or Client(), username, f"wrong {number}", REMOTE_ADDR=source)
    return answer.status_code


def enters(source: str, *, client: Client | None = None) -> bool:
    client = client or Client()
    give_password(client, "ann", REMOTE_ADDR=source)
    return is_inside(client)


def test_one_source_has_few_tries_at_an_account(client: Client) -> None:
    make_member(username="ann")
    assert guess("192.0.2.1", times=attempts.MAX_OF_ACCOUNT_AND_SOURCE) == 200
    answer = give_password(client, "ann", REMOTE_ADDR="192.0.2.1")  # the right one
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "no-store" in answer["Cache-Control"]
    assert not is_inside(client)


def test_the_owner_enters_from_elsewhere_while_one_source_guesses() -> None:
    make_member(username="ann")
    guess("192.0.2.1", times=30)
    assert enters("198.51.100.1")


def test_many_sources_together_have_few_tries_at_an_account() -> None:
    make_member(username="ann")
    answers = [guess(f"192.0.2.{number}") for number in range(1, 40)]
    assert answers.count(200) == attempts.MAX_OF_ACCOUNT
    assert set(answers) == {200, 429}


def test_the_owner_enters_in_a_browser_of_theirs_whoever_guesses() -> None:
    make_member(username="ann")
    home = Client()
    assert enters("198.51.100.1", client=home)
    home.post("/admin/logout/")
    for number in range(1, 20):
        guess(f"192.0.2.{number}", times=2)
    guess("198.51.100.1", times=20)
    assert not enters("203.0.113.1")
    assert enters("198.51.100.1", client=home)
    assert enters("203.0.113.9", client=home)  # wherever it is carried to


def test_a_session_goes_on_whoever_guesses(client: Client) -> None:
    make_member(username="ann")
    give_password(client, "ann", REMOTE_ADDR="192.0.2.1")
    guess("192.0.2.1", times=30)
    assert is_inside(client)


def test_a_known_browser_is_no_way_to_guess_on(client: Client) -> None:
    make_member(username="ann")
    enters("192.0.2.1", client=client)
    client.post("/admin/logout/")
    tries = [guess("192.0.2.1", client=client) for _time in range(attempts.MAX_OF_KNOWN_BROWSER + 1)]
    assert tries == [200] * attempts.MAX_OF_KNOWN_BROWSER + [429]


def test_a_known_browser_is_known_for_its_owner_alone(client: Client, settings: Settings) -> None:
    make_member(username="ann")
    make_member(username="bob")
    give_password(client, "bob")
    client.post("/admin/logout/")
    guess("192.0.2.1", times=attempts.MAX_OF_ACCOUNT_AND_SOURCE)
    assert guess("192.0.2.1", client=client) == 429
    client.cookies[settings.KNOWN_COOKIE_NAME] = "made:up:by-somebody"
    assert guess("192.0.2.1", client=client) == 429


def test_one_source_has_a_limit_over_all_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MAX_OF_SOURCE", 6)
    make_member(username="ann")
    answers = [guess("192.0.2.1", f"name {number}") for number in range(8)]
    assert answers == [200] * 6 + [429] * 2
    assert not enters("192.0.2.1")
    assert enters("198.51.100.1")


def test_who_signs_in_often_is_not_refused() -> None:
    make_member(username="ann")
    for _time in range(3 * attempts.MAX_OF_ACCOUNT):
        assert enters("192.0.2.1")


def test_a_name_in_other_letters_is_the_same_name() -> None:
    make_member(username="ann")
    for spelling in ("ann", "ANN", "Ann", "ａｎｎ", "aNN"):
        guess("192.0.2.1", spelling)
    assert guess("192.0.2.1", "ann") == 429


def test_known_and_unknown_names_get_the_same_answers() -> None:
    make_member(username="xq-ann")
    make_member(username="xq-off", is_active=False)
    make_member(username="xq-new", password=None)  # invited, and has set none yet
    make_member(username="xq-guest", is_staff=False, is_superuser=False)

    def answers(username: str, password: str) -> list[tuple[int, str]]:
        given = [give_password(Client(), username, password, REMOTE_ADDR="192.0.2.1") for _time in range(7)]
        return [(answer.status_code, answer.text.replace(username, "")) for answer in given]

    expected = without_tokens(answers("xq-nobody", PASSWORD))
    assert [status for status, _text in expected] == [200] * 5 + [429] * 2
    tries = [("xq-ann", "wrong"), ("xq-off", PASSWORD), ("xq-new", PASSWORD), ("xq-guest", PASSWORD)]
    for username, password in tries:
        assert without_tokens(answers(username, password)) == expected, username


def without_tokens(answers: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The same page has another token against forgery each time."""
    return [
        (status, "".join(line for line in text.splitlines(keepends=True) if "csrfmiddlewaretoken" not in line))
        for status, text in answers
    ]


@pytest.mark.parametrize("username", ["ann", "off", "new", "nobody"])
def test_the_same_work_is_done_for_known_and_unknown_names(monkeypatch: pytest.MonkeyPatch, username: str) -> None:
    make_member(username="ann")
    make_member(username="off", is_active=False)
    make_member(username="new", password=None)
    done: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(hasher: Any, password: str, salt: str) -> str:
        done.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    guess("192.0.2.1", username)
    assert len(done) == 1


def test_nothing_of_who_tried_what_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    make_member(username="ann")
    give_password(Client(), "ann-typed", "canary-password", REMOTE_ADDR="192.0.2.77", HTTP_USER_AGENT="canary-browser")
    guess("192.0.2.77", times=9)
    enters("198.51.100.77")
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        assert not model.objects.exists()
    assert RateWindow.objects.exists()
    kept = f"{list(RateWindow.objects.values_list())} {caplog.text}"
    assert not any(each in kept for each in ("ann", "canary", "192.0.2.77", "198.51.100.77"))


def test_the_cookie_of_a_known_browser_names_nobody(client: Client, settings: Settings) -> None:
    make_member(username="ann")
    give_password(client, "ann")
    cookie = client.cookies[settings.KNOWN_COOKIE_NAME]
    assert cookie["httponly"]
    assert "ann" not in cookie.value


def test_a_guess_at_the_code_needs_the_password_first(client: Client) -> None:
    user = make_member(username="ann")
    device = make_device(user)
    give_code(client, code_of(device))
    assert not is_inside(client)
    assert not RateWindow.objects.exists()
    device.refresh_from_db()
    assert device.throttling_failure_count == 0
