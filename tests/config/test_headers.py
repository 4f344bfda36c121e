"""Every answer carries the strict headers; the admin alone has a nonce."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import make_post

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def policy(client: Client, address: str) -> set[str]:
    return set(client.get(address)["Content-Security-Policy"].split("; "))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/archive/", "/search/?q=x", "/feed/", "/sitemap.xml", "/robots.txt", "/nothing/"]
)
def test_public_answers_allow_their_own_origin_only(client: Client, address: str) -> None:
    assert policy(client, address) == STRICT


@pytest.mark.django_db
def test_a_post_allows_its_own_origin_only(client: Client) -> None:
    assert policy(client, make_post().get_absolute_url()) == STRICT


@pytest.mark.django_db
def test_the_admin_adds_a_nonce_and_one_style_but_nothing_unsafe(admin_client: Client) -> None:
    value = admin_client.get("/admin/posts/post/add/")["Content-Security-Policy"]
    assert re.search(r"script-src 'self' 'nonce-[^']{20,}'", value)
    assert re.search(r"style-src 'self' 'sha256-[^']+'", value)
    assert "unsafe" not in value
    assert "http:" not in value
    assert "*" not in value


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/admin/login/", "/nothing/", "/robots.txt"])
def test_every_answer_is_isolated(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_reading_sets_no_cookie(client: Client) -> None:
    for address in ["/", "/feed/", "/archive/", make_post().get_absolute_url()]:
        assert not client.get(address).cookies


@pytest.mark.django_db
@pytest.mark.parametrize("cookies", ["csrf=broken", "session=broken", "session=broken; csrf=broken"])
def test_a_broken_cookie_is_not_answered_with_another_on_a_public_page(client: Client, cookies: str) -> None:
    clean, answer = client.get("/"), client.get("/", headers={"cookie": cookies})
    assert not answer.cookies
    assert answer["Vary"] == clean["Vary"] == "Accept-Encoding"


@pytest.mark.django_db
def test_a_foreign_host_name_is_refused_without_filling_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert caplog.records == []


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_on_a_page_of_our_own() -> None:
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "x"})
    assert answer.status_code == 403
    assert b"Your account may not do this" in answer.content
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/", {"if-match": '"x"'}, 412),
        ("/nothing/", {}, 404),
        ("/?" + "a&" * 1001, {}, 400),
        ("/", {"host": "evil.example"}, 400),
    ],
)
def test_no_cache_keeps_an_error(client: Client, address: str, headers: dict[str, str], status: int) -> None:
    answer = client.get(address, headers=headers)
    assert (answer.status_code, answer["Cache-Control"]) == (status, "private, no-store")


@pytest.mark.django_db
def test_no_cache_keeps_the_way_to_a_page_of_ones_own(client: Client) -> None:
    answer = client.post(f"{make_post().get_absolute_url()}comments/", {"name": "Ara", "comment": "Hello."})
    assert (answer.status_code, answer["Cache-Control"]) == (303, "private, no-store")


def test_what_is_refused_at_the_door_carries_headers_too(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/", headers={"host": "evil.example"})
    assert (answer.status_code, answer["Cache-Control"]) == (400, "private, no-store")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
