"""A public page is known by its stamp: unchanged it is a 304, changed it is never stale."""

import gzip

import pytest
import time_machine
from django.test import Client

from comments import moderation
from comments.models import Status
from posts import publishing
from posts.models import State
from tests.factories import days_ago, make_comment, make_moderator, make_page, make_post

pytestmark = pytest.mark.django_db


def etag(client: Client, address: str) -> str:
    return client.get(address)["ETag"]


def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    address = make_post().get_absolute_url()
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == again["Cache-Control"] == "public, no-cache"


def test_a_304_costs_two_queries_on_a_post_and_one_on_the_home_page(client: Client, django_assert_num_queries) -> None:
    address = make_post().get_absolute_url()
    known, home = etag(client, address), etag(client, "/")
    with django_assert_num_queries(2):
        client.get(address, headers={"if-none-match": known})
    with django_assert_num_queries(1):
        client.get("/", headers={"if-none-match": home})


def test_an_edit_shows_at_once(client: Client) -> None:
    post = make_post(title="Before")
    address, before = post.get_absolute_url(), etag(client, "/")
    client.get(address)
    post.title = "After"
    publishing.save_post(post)
    assert b"After" in client.get(address).content
    assert b"After" in client.get("/").content
    assert etag(client, "/") != before


def test_a_scheduled_post_shows_at_its_time_without_any_worker(client: Client) -> None:
    post = make_post(title="Later", published_at=days_ago(-1))
    before = client.get("/")
    assert b"Later" not in before.content
    assert client.get(post.get_absolute_url()).status_code == 404
    with time_machine.travel(post.published_at, tick=False):
        after = client.get("/", headers={"if-none-match": before["ETag"]})
        assert after.status_code == 200
        assert b"Later" in after.content
        assert client.get(post.get_absolute_url()).status_code == 200


def test_unpublishing_shows_at_once(client: Client) -> None:
    post = make_post(title="Gone")
    client.get("/")
    post.state = State.DRAFT
    publishing.save_post(post)
    assert b"Gone" not in client.get("/").content
    assert client.get(post.get_absolute_url()).status_code == 404


def test_an_approval_and_a_removal_show_at_once(client: Client) -> None:
    comment = make_comment(status=Status.PENDING, body="canary")
    address, moderator = comment.post.get_absolute_url(), make_moderator()
    assert b"canary" not in client.get(address).content
    moderation.approve(comment, by=moderator)
    assert b"canary" in client.get(address).content
    moderation.reject(comment, by=moderator)
    assert b"canary" not in client.get(address).content


def test_an_approval_leaves_other_posts_as_they_were(client: Client) -> None:
    comment, other = make_comment(status=Status.PENDING), make_post()
    before = etag(client, other.get_absolute_url())
    moderation.approve(comment, by=make_moderator())
    assert etag(client, other.get_absolute_url()) == before


def test_the_form_goes_when_the_comments_close(client: Client) -> None:
    post = make_post(comments="timed", comments_days=3)
    before = etag(client, post.get_absolute_url())
    with time_machine.travel(days_ago(-3), tick=False):
        assert etag(client, post.get_absolute_url()) != before


def test_every_page_of_a_list_has_its_own_stamp(client: Client) -> None:
    for _number in range(11):
        make_post()
    assert etag(client, "/") != etag(client, "/?page=2")


def test_other_parameters_change_nothing(client: Client) -> None:
    make_post()
    plain, decorated = client.get("/"), client.get("/?utm_source=x&fbclid=y&format=json&page=1&lang=ko")
    assert plain.content == decorated.content
    assert plain["ETag"] == decorated["ETag"]


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "٣", "99999999999", "2", ""])
def test_a_page_that_does_not_exist_is_not_found(client: Client, page: str) -> None:
    make_post()
    assert client.get(f"/?page={page}").status_code == 404


def test_nothing_in_the_request_changes_a_page(client: Client, admin_client: Client) -> None:
    address = make_post().get_absolute_url()
    plain = client.get(address)
    headers = {
        "accept-language": "ko",
        "user-agent": "x",
        "referer": "http://x/",
        "x-forwarded-host": "evil",
        "dnt": "1",
    }
    for answer in (client.get(address, headers=headers), admin_client.get(address)):
        assert answer.content == plain.content
        assert answer["ETag"] == plain["ETag"]
        assert not answer.cookies


def test_pages_are_gzipped_with_their_length(client: Client) -> None:
    address = make_page().get_absolute_url()
    packed, plain = client.get(address, headers={"accept-encoding": "gzip"}), client.get(address)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    for answer in (packed, plain):
        assert int(answer["Content-Length"]) == len(answer.content)
        assert answer["Vary"] == "Accept-Encoding"


def test_a_page_out_of_the_cache_is_the_same(client: Client, django_assert_num_queries) -> None:
    make_post()
    first = client.get("/")
    with django_assert_num_queries(1):
        second = client.get("/")
    assert second.content == first.content


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_a_public_page_can_only_be_read(client: Client, method: str) -> None:
    for address in ["/", "/feed/", "/sitemap.xml", make_post().get_absolute_url()]:
        assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("ending", ["", "feed/"])
def test_the_same_address_in_decomposed_hangul_is_the_same_page(client: Client, ending: str) -> None:
    address = make_post(slug="인권").get_absolute_url() + ending
    decomposed = address.replace("%EC%9D%B8%EA%B6%8C", "\u110b\u1175\u11ab\u1100\u116f\u11ab")
    one, other = client.get(decomposed), client.get(address)
    assert decomposed != address
    assert (one["ETag"], one.content) == (other["ETag"], other.content)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip", "gzip"), ("br, GZIP;q=0.5", "gzip"), ("gzip;q=0", None), ("gzip; q=0.000, br", None), ("identity", None)],
)
def test_a_page_is_packed_for_those_who_can_unpack_it(client: Client, accepted: str, encoding: str | None) -> None:
    assert client.get("/", headers={"accept-encoding": accepted}).get("Content-Encoding") == encoding
