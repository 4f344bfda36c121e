"""The feeds of the comments on a post."""

import datetime
import json

import pytest
import time_machine
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.test import Client

from comments import threads
from comments.models import Comment, Status
from posts import identity
from posts.feeds import entry_id
from posts.models import Post, State
from tests.factories import days_ago, make_comment, make_post

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
ENDINGS = ["feed/", "feed/atom/", "feed/json/"]


def titles(client: Client, post: Post, ending: str) -> list[str | None]:
    content = client.get(post.get_absolute_url() + ending).content
    if ending == "feed/json/":
        return [item["title"] for item in json.loads(content)["items"]]
    root = fromstring(content)
    return [node.text for node in [*root.findall(".//item/title"), *root.findall(f"{ATOM}entry/{ATOM}title")]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_has_what_is_visible_on_its_post_newest_first(client: Client, ending: str) -> None:
    post = make_post()
    make_comment(name="elsewhere")
    top = make_comment(post=post, name="old", created_at=days_ago(2))
    make_comment(parent=top, name="new", created_at=days_ago(1))
    for status in Status:
        if status != Status.APPROVED:
            make_comment(post=post, status=status)
    assert titles(client, post, ending) == ["new", "old"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_feed_ends_after_twenty_comments(client: Client, ending: str) -> None:
    post = make_post()
    for age in range(21):
        make_comment(post=post, name=f"{age} days old", created_at=days_ago(age))
    assert titles(client, post, ending) == [f"{age} days old" for age in range(20)]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("hidden", [{"state": State.DRAFT}, {"published_at": days_ago(-1)}])
def test_a_post_that_is_not_public_has_no_feed(client: Client, ending: str, hidden: dict[str, object]) -> None:
    post = make_post(**hidden)
    make_comment(post=post)
    assert client.get(post.get_absolute_url() + ending).status_code == 404


def test_a_feed_tells_the_day_and_not_the_time(client: Client) -> None:
    moment = datetime.datetime(2026, 3, 1, 15, 30, 59, tzinfo=datetime.UTC)  # half past midnight in Seoul
    with time_machine.travel(moment + datetime.timedelta(days=1), tick=False):
        post = make_comment(created_at=moment).post
        rss, atom, plain = (client.get(post.get_absolute_url() + ending).content.decode() for ending in ENDINGS)
    assert "<pubDate>Mon, 02 Mar 2026 00:00:00 +0900</pubDate>" in rss
    assert "<lastBuildDate>Mon, 02 Mar 2026 00:00:00 +0900</lastBuildDate>" in rss
    assert "<published>2026-03-02T00:00:00+09:00</published>" in atom
    assert '"date_published": "2026-03-02T00:00:00+09:00"' in plain
    for text in (rss, atom, plain):
        assert "30:59" not in text


def test_an_item_leads_to_the_page_of_its_comment_and_keeps_its_id(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "THREADS_A_PAGE", 1)
    post = make_post()
    make_comment(post=post, created_at=days_ago(2))
    comment = make_comment(post=post, body="See https://example.org/")
    item = json.loads(client.get(post.get_absolute_url() + "feed/json/").content)["items"][0]
    assert item["url"] == f"{settings.SITE_URL}{post.get_absolute_url()}?page=2#comment-{comment.pk}"
    assert item["id"] == f"{entry_id(post)}/comment-{comment.pk}"
    assert item["content_html"] == comment.html
    assert item["authors"] == [{"name": comment.name}]


def test_a_feed_says_what_it_follows(client: Client) -> None:
    post = make_post(title="The <river>", language="ko")
    make_comment(post=post, name="<i>Kim</i>", body="<b>bold</b> & http://x.org")
    root = fromstring(client.get(post.get_absolute_url() + "feed/").content)
    assert root.findtext("channel/link") == settings.SITE_URL + post.get_absolute_url()
    assert "The <river>" in str(root.findtext("channel/title"))
    assert root.findtext("channel/language") == "ko"
    assert root.findtext(".//item/title") == "<i>Kim</i>"
    assert root.findtext(f".//item/{CONTENT}encoded") == Comment.objects.get().html


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_xml_cannot_hold_does_not_break_a_feed(client: Client, ending: str) -> None:
    comment = make_comment(body="".join(map(chr, [*range(1, 32), *range(127, 160), 0xFFFE, 0xFFFF])) + "end")
    answer = client.get(comment.post.get_absolute_url() + ending)
    assert answer.status_code == 200
    assert "end" in answer.content.decode()


def test_a_feed_costs_the_same_for_one_comment_and_for_many(client: Client, django_assert_num_queries) -> None:
    post = make_post()
    make_comment(post=post)
    identity.current()
    with django_assert_num_queries(5):
        client.get(post.get_absolute_url() + "feed/")
    for _number in range(5):
        make_comment(post=post)
    identity.current()
    with django_assert_num_queries(5):
        client.get(post.get_absolute_url() + "feed/atom/")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_name_that_xml_cannot_hold_does_not_break_a_feed(client: Client, ending: str) -> None:
    post = make_comment(name="An\uffffn").post
    address = post.get_absolute_url() + ending
    assert "\uffff" not in client.get(address).content.decode()
