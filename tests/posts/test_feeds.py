"""Feeds in three formats, the sitemap and robots.txt."""

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from posts import identity, publishing
from posts.models import Post, State
from tests.factories import days_ago, make_author, make_category, make_comment, make_page, make_post, make_tag

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
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
    links = '<a href="/media/x.webp">a</a> <a href="#note">b</a> <a href="//other.test/">c</a>'
    post = make_post(body=f'<p>{links} 1 / 2 &lt;a href="/d"&gt;</p>')
    Post.objects.update(html=post.html + '<img src="/e" srcset="/f 1w, /g 2w" alt="/h, /i">')
    permalink, site = settings.SITE_URL + post.get_absolute_url(), settings.SITE_URL
    rss = fromstring(client.get("/feed/").content)
    assert rss.findtext(".//item/link") == permalink
    assert rss.findtext("channel/link") == settings.SITE_URL + "/"
    item = json.loads(client.get("/feed/json/").content)["items"][0]
    assert item["url"] == permalink
    for content in [rss.findtext(f".//item/{CONTENT}encoded"), item["content_html"]]:
        assert f'<a href="{site}/media/x.webp">a</a> <a href="{permalink}#note">b</a>' in content
        assert '<a href="//other.test/">c</a> 1 / 2 &lt;a href="/d"&gt;' in content
        assert f'<img src="{site}/e" srcset="{site}/f 1w, {site}/g 2w" alt="/h, /i">' in content


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
    identity.current()
    with django_assert_num_queries(5):
        client.get("/feed/")
    for _number in range(5):
        make_post(categories=[make_category()])
    identity.current()
    with django_assert_num_queries(5):
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


@pytest.mark.parametrize("listed", ["/", "category", "tag", "author", "comments"])
def test_feeds_keep_the_rules_of_the_validator(client: Client, listed: str) -> None:
    """Those of the W3C's feed validator that a generator can break; see https://validator.w3.org/feed/docs/."""
    category, tag, author = make_category(), make_tag(), make_author()
    posts = [make_post(categories=[category], tags=[tag], author=author, body="<p>&amp; 한글 ]]></p>") for _ in "ab"]
    make_comment(post=posts[0], name="Ara & <b>", body="See https://example.org/?a=1&b=2")
    owner = {"category": category, "tag": tag, "author": author, "comments": posts[0]}.get(listed)
    page = owner.get_absolute_url() if owner else "/"
    check_rss(client.get(f"{page}feed/"), page)
    check_atom(client.get(f"{page}feed/atom/"), page)
    check_json(client.get(f"{page}feed/json/"), page)


def check_rss(response: HttpResponse, page: str) -> None:
    root = fromstring(response.content)
    channel = root.find("channel")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert channel.findtext("link") == settings.SITE_URL + page
    assert channel.findtext("title")
    assert channel.findtext("description")
    assert re.fullmatch(r"[a-z]{2}(-[a-z]{2})?", channel.findtext("language"))
    parsedate_to_datetime(channel.findtext("lastBuildDate"))
    myself = channel.find(f"{ATOM}link")
    assert (myself.get("rel"), myself.get("href")) == ("self", f"{settings.SITE_URL}{page}feed/")
    items = channel.findall("item")
    assert items
    assert len({item.findtext("guid") for item in items}) == len(items)
    for item in items:
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.findtext("link").startswith(settings.SITE_URL)
        assert parsedate_to_datetime(item.findtext("pubDate")) <= timezone.now()
        assert item.findtext(f"{DC}creator")
        assert item.find("author") is None  # which would have to be an e-mail address
        assert not re.search(r'(?:href|src)="(?!https?:|mailto:)', item.findtext(f"{CONTENT}encoded"))


def check_atom(response: HttpResponse, page: str) -> None:
    root = fromstring(response.content)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert root.tag == f"{ATOM}feed"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": settings.SITE_URL + page, "self": f"{settings.SITE_URL}{page}feed/atom/"}
    entries = root.findall(f"{ATOM}entry")
    for node in [root, *entries]:
        assert urlsplit(node.findtext(f"{ATOM}id")).scheme
        assert node.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(node.findtext(f"{ATOM}updated")).tzinfo
    assert entries
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert entry.find(f"{ATOM}content").get("type") == "html"


def check_json(response: HttpResponse, page: str) -> None:
    feed = json.loads(response.content)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (
        settings.SITE_URL + page,
        f"{settings.SITE_URL}{page}feed/json/",
    )
    for item in feed["items"]:
        assert item["id"]
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
