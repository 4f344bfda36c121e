"""Feeds in three formats, the sitemap and robots.txt."""

import json

import pytest
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.test import Client
from django.utils import timezone

from posts import publishing
from posts.models import State
from tests.factories import days_ago, make_author, make_category, make_page, make_post, make_tag

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"


def titles(client: Client, address: str) -> list[str | None]:
    content = client.get(address).content
    if address.endswith("json/"):
        return [item["title"] for item in json.loads(content)["items"]]
    root = fromstring(content)
    return [node.text for node in [*root.findall(".//item/title"), *root.findall(f"{ATOM}entry/{ATOM}title")]]


@pytest.mark.parametrize("ending", ["feed/", "feed/atom/", "feed/json/"])
def test_every_list_has_a_feed_of_what_is_public(client: Client, ending: str) -> None:
    parent = make_category()
    child, tag, author = make_category(parent=parent), make_tag(), make_author()
    make_post(title="New", categories=[child], tags=[tag], author=author, published_at=days_ago(1))
    make_post(title="Old", categories=[parent], tags=[tag], author=author, published_at=days_ago(2))
    make_post(title="Draft", categories=[parent], tags=[tag], author=author, state=State.DRAFT)
    make_post(title="Later", categories=[parent], tags=[tag], author=author, published_at=days_ago(-1))
    for owner in ["/", parent.get_absolute_url(), tag.get_absolute_url(), author.get_absolute_url()]:
        assert titles(client, owner + ending) == ["New", "Old"]
    assert titles(client, child.get_absolute_url() + ending) == ["New"]


def test_addresses_in_feeds_are_absolute(client: Client) -> None:
    post = make_post(body='<p><a href="/media/x.webp">picture</a></p>')
    permalink = settings.SITE_URL + post.get_absolute_url()
    rss = fromstring(client.get("/feed/").content)
    assert rss.findtext(".//item/link") == permalink
    assert rss.findtext("channel/link") == settings.SITE_URL + "/"
    assert f'href="{settings.SITE_URL}/media/x.webp"' in (rss.findtext(f".//item/{CONTENT}encoded") or "")
    item = json.loads(client.get("/feed/json/").content)["items"][0]
    assert item["url"] == permalink


def test_a_post_that_was_renamed_is_the_same_entry(client: Client) -> None:
    def ids() -> list[str | None]:
        rss, atom = (fromstring(client.get(f"/feed/{ending}").content) for ending in ["", "atom/"])
        item = json.loads(client.get("/feed/json/").content)["items"][0]
        return [
            rss.findtext('.//item/guid[@isPermaLink="false"]'),
            atom.findtext(f".//{ATOM}entry/{ATOM}id"),
            item["id"],
        ]

    post = make_post(slug="before")
    before = ids()
    post.slug, post.published_at = "after", days_ago(100)
    publishing.save_post(post)
    assert [post_id and post_id.startswith("tag:") for post_id in before] == [True] * 3
    assert ids() == before


def test_a_feed_names_the_source(client: Client) -> None:
    make_post(source_name="The Organization for World Peace", source_url="https://theowp.org/x")
    assert b"[The Organization for World Peace]" in client.get("/feed/").content


def test_feeds_say_what_they_are(client: Client) -> None:
    make_post()
    types = {address: client.get(address)["Content-Type"] for address in ["/feed/", "/feed/atom/", "/feed/json/"]}
    assert types == {
        "/feed/": "application/rss+xml; charset=utf-8",
        "/feed/atom/": "application/atom+xml; charset=utf-8",
        "/feed/json/": "application/feed+json; charset=utf-8",
    }


def test_a_feed_costs_the_same_for_one_post_and_for_many(client: Client, django_assert_num_queries) -> None:
    make_post()
    with django_assert_num_queries(3):
        client.get("/feed/")
    for _number in range(5):
        make_post(categories=[make_category()])
    with django_assert_num_queries(3):
        client.get("/feed/")


def test_the_sitemap_names_what_is_public_with_the_day_of_its_last_change(client: Client) -> None:
    category = make_category()
    post, page = make_post(categories=[category]), make_page()
    make_post(slug="draft", state=State.DRAFT, categories=[make_category(slug="empty")])
    make_page(slug="hidden", state=State.DRAFT)
    root = fromstring(client.get("/sitemap.xml").content)
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {url.findtext(f"{namespace}loc"): url.findtext(f"{namespace}lastmod") for url in root}
    assert found == {
        settings.SITE_URL + post.get_absolute_url(): timezone.localdate(post.updated_at).isoformat(),
        settings.SITE_URL + page.get_absolute_url(): timezone.localdate(page.updated_at).isoformat(),
        settings.SITE_URL + category.get_absolute_url(): None,
    }


def test_robots_are_kept_from_the_admin_and_led_to_the_sitemap(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


@pytest.mark.parametrize("ending", ["feed/", "feed/atom/", "feed/json/"])
@pytest.mark.parametrize("hidden", ["\b", "\x1f", "\uffff"])
def test_what_xml_cannot_hold_does_not_break_a_feed(client: Client, ending: str, hidden: str) -> None:
    category, author = make_category(name=f"Ca{hidden}mps"), make_author(name=f"An{hidden}n")
    make_post(title=f"A ti{hidden}tle", excerpt=f"x{hidden}", categories=[category], author=author)
    assert titles(client, "/" + ending) == ["A title"]
    assert titles(client, category.get_absolute_url() + ending) == ["A title"]
