"""Old addresses lead to new ones; what is not public is led to by nothing."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from posts import publishing
from posts.models import State
from tests.factories import days_ago, make_page, make_post

pytestmark = pytest.mark.django_db


def target(client: Client, address: str) -> str | None:
    answer = client.get(address)
    return answer["Location"] if answer.status_code == 301 else None


def test_a_post_that_changed_its_slug_or_date_is_found_at_its_old_addresses(client: Client) -> None:
    post = make_post(slug="first")
    addresses = [post.get_absolute_url()]
    for field, value in {"slug": "두번째", "published_at": days_ago(100)}.items():
        setattr(post, field, value)
        publishing.save_post(post)
        addresses.append(post.get_absolute_url())
    assert len(set(addresses)) == 3
    assert [target(client, old) for old in addresses[:-1]] == [addresses[-1]] * 2
    assert client.get(addresses[-1]).status_code == 200


@pytest.mark.parametrize("below", ["feed/", "feed/atom/", "comments/12/", "?page=2"])
def test_what_stood_below_a_post_moved_with_it(client: Client, below: str) -> None:
    post = make_post(slug="before")
    old = post.get_absolute_url()
    post.slug = "다음"
    publishing.save_post(post)
    assert target(client, old + below) == post.get_absolute_url() + below


def test_a_post_that_got_its_old_slug_back_leads_to_itself_no_more(client: Client) -> None:
    post = make_post(slug="처음")
    address = post.get_absolute_url()
    for slug in ["다음", "처음"]:
        post.slug = slug
        publishing.save_post(post)
    for below in ["?page=99", "comments/12/", "feed/none/"]:
        assert client.get(address + below).status_code == 404


def test_a_page_that_changed_its_slug_is_found_at_its_old_address(client: Client) -> None:
    page = make_page(slug="before")
    page.slug = "after"
    publishing.save_page(page)
    assert target(client, "/before/") == "/after/"


def test_an_old_address_of_any_length_and_script_leads_to_the_post(client: Client) -> None:
    post, old = make_post(), "/" + "북한/" * 1000
    publishing.add_redirect(old, post=post)
    assert target(client, old) == post.get_absolute_url()
    assert target(client, old.rstrip("/")) == post.get_absolute_url()


def test_an_old_address_of_a_draft_leads_nowhere(client: Client) -> None:
    post = make_post(slug="before")
    old = post.get_absolute_url()
    post.slug, post.state = "after", State.DRAFT
    publishing.save_post(post)
    assert client.get(old).status_code == 404


@pytest.mark.parametrize("parameter", ["p", "page_id"])
def test_wordpress_numbers_lead_to_posts_and_pages(client: Client, parameter: str) -> None:
    post, page = make_post(wordpress_id=7), make_page(wordpress_id=8)
    assert target(client, f"/?{parameter}=7") == post.get_absolute_url()
    assert target(client, f"/?{parameter}=8") == page.get_absolute_url()


@pytest.mark.parametrize("number", ["9", "0", "-1", "x", "9" * 40, "٣"])
def test_any_other_number_is_the_home_page(client: Client, number: str) -> None:
    make_post(wordpress_id=9, state=State.DRAFT)
    assert client.get(f"/?p={number}").status_code == 200


def test_a_post_is_found_in_its_own_month_only(client: Client) -> None:
    post = make_post(slug="here", published_at=days_ago(1))
    assert client.get(post.get_absolute_url()).status_code == 200
    assert client.get(reverse("posts:post", args=[2001, 1, "here"])).status_code == 404


def test_decomposed_hangul_in_an_address_is_the_same_address(client: Client) -> None:
    post = make_post(slug="인권")
    decomposed = post.get_absolute_url().replace("%EC%9D%B8%EA%B6%8C", "\u110b\u1175\u11ab\u1100\u116f\u11ab")
    assert decomposed != post.get_absolute_url()
    assert client.get(decomposed).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/0000/01/", "/0001/01/", "/2026/13/", "/2026/00/", "/9998/12/", "/9999/12/", "/category/none/", "/tag/x/"],
)
@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Los_Angeles"])
def test_what_does_not_exist_is_not_found(client: Client, address: str, zone: str, settings: Settings) -> None:
    settings.TIME_ZONE = zone
    assert client.get(address).status_code == 404
