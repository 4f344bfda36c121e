"""How a post's page shows the comments below it."""

import datetime
from html.parser import HTMLParser

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from comments import moderation, threads
from comments.models import Comment, Status
from posts.models import Post
from tests.factories import days_ago, make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


class Outline(HTMLParser):
    """The comments of a page as lines: a dash for each level below the first, then the name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.open: list[str] = []
        start, end = page.index('<ol class="comment-list">'), page.index('<section class="respond"')
        self.feed(page[start:end].partition("<nav")[0])
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "bdi" or ("class", "comment comment-removed") in attributes:
            self.lines.append("-" * (self.open.count("ol") - 1))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "bdi" in self.open or self.open[-2:] == ["li", "p"]:
            self.lines[-1] += data


def outline(client: Client, post: Post, number: int = 1) -> list[str]:
    return Outline(client.get(threads.page_address(post, number)).content.decode()).lines


def test_threads_stand_oldest_first_and_replies_below_their_comment(client: Client) -> None:
    post = make_post()
    late = make_comment(post=post, name="late", created_at=days_ago(1))
    early = make_comment(post=post, name="early", created_at=days_ago(9))  # imported after it was answered elsewhere
    make_comment(parent=early, name="second reply", created_at=days_ago(2))
    first = make_comment(parent=early, name="first reply", created_at=days_ago(3))
    make_comment(parent=first, name="deeper", created_at=days_ago(1))
    make_comment(parent=late, name="reply to late", created_at=days_ago(8))
    assert outline(client, post) == ["early", "-first reply", "--deeper", "-second reply", "late", "-reply to late"]


def test_five_levels_are_shown(client: Client) -> None:
    comment = make_comment(name="0")
    for level in range(1, 5):
        comment = make_comment(parent=comment, name=str(level))
    make_comment(post=comment.post, name="next")
    assert outline(client, comment.post) == ["0", "-1", "--2", "---3", "----4", "next"]


@pytest.mark.parametrize("removed", range(4))
def test_a_removed_comment_with_visible_replies_leaves_its_place(client: Client, removed: int) -> None:
    line = [make_comment(name="0")]
    for level in range(1, 5):
        line.append(make_comment(parent=line[-1], name=str(level)))
    moderation.reject(line[removed], by=make_moderator())
    expected = [str(level) if level != removed else "A comment here was removed." for level in range(5)]
    assert outline(client, line[0].post) == ["-" * level + text for level, text in enumerate(expected)]


def test_several_removed_comments_in_a_row_leave_their_places(client: Client) -> None:
    line = [make_comment(name="0")]
    for level in range(1, 5):
        line.append(make_comment(parent=line[-1], name=str(level)))
    for comment in line[:4]:
        moderation.withdraw(comment)
    gone = "A comment here was removed."
    assert outline(client, line[0].post) == [gone, f"-{gone}", f"--{gone}", f"---{gone}", "----4"]


def test_a_removed_comment_is_not_named_or_numbered(client: Client) -> None:
    top = make_comment(name="canary-name", body="canary-text", website="https://canary.example/")
    make_comment(parent=top)
    moderation.reject(top, by=make_moderator())
    page = client.get(top.post.get_absolute_url()).content.decode()
    for trace in ("canary", f"comment-{top.pk}", f"comments/{top.pk}/"):
        assert trace not in page


def test_a_removed_comment_without_visible_replies_leaves_nothing(client: Client) -> None:
    kept = make_comment(name="kept")
    top = make_comment(post=kept.post, status=Status.REJECTED)
    make_comment(parent=top, status=Status.SPAM)
    assert outline(client, kept.post) == ["kept"]


def test_the_heading_counts_what_is_visible(client: Client) -> None:
    post = make_post(title="The river")
    make_comment(post=post, status=Status.PENDING)
    assert "replies to" not in client.get(post.get_absolute_url()).content.decode()
    first = make_comment(post=post)
    assert "1 reply to “The river”" in client.get(post.get_absolute_url()).content.decode()
    make_comment(parent=first)
    assert "2 replies to “The river”" in client.get(post.get_absolute_url()).content.decode()


def test_only_the_day_of_a_comment_is_shown(client: Client) -> None:
    moment = datetime.datetime(2026, 3, 1, 15, 30, 59, tzinfo=datetime.UTC)  # half past midnight in Seoul
    with time_machine.travel(moment + datetime.timedelta(days=1), tick=False):
        page = client.get(make_comment(created_at=moment).post.get_absolute_url()).content.decode()
    assert '<time datetime="2026-03-02">March 2, 2026</time>' in page
    for trace in ("15:30", "00:30", "30:59"):
        assert trace not in page.partition('id="comments"')[2]


def test_a_website_is_linked_but_not_recommended(client: Client) -> None:
    comment = make_comment(name="Kim", website="https://example.org/?a=1&b=2")
    page = client.get(comment.post.get_absolute_url()).content.decode()
    link = '<a href="https://example.org/?a=1&amp;b=2" rel="nofollow ugc noopener noreferrer">Kim</a>'
    assert f'<bdi class="comment-author">{link}</bdi>' in page


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "JavaScript://x", " javascript:x", "//evil.example", "data:x"]
)
def test_an_imported_website_that_is_none_is_not_linked(client: Client, website: str) -> None:
    page = client.get(make_comment(website=website, name="Kim").post.get_absolute_url()).content.decode()
    assert '<bdi class="comment-author">Kim</bdi>' in page


def fill(post: Post, number: int) -> list[Comment]:
    """Threads one minute apart, named by their number."""
    start = timezone.now() - datetime.timedelta(minutes=number)
    return [
        make_comment(post=post, name=f"n{index}", created_at=start + datetime.timedelta(minutes=index))
        for index in range(1, number + 1)
    ]


@pytest.fixture
def three_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "THREADS_A_PAGE", 3)


def test_a_page_has_a_hundred_threads_and_all_their_replies(client: Client) -> None:
    post = make_post()
    comments = fill(post, 101)
    make_comment(parent=comments[0], name="reply")
    assert outline(client, post) == ["n1", "-reply", *(f"n{index}" for index in range(2, 101))]
    assert outline(client, post, 2) == ["n101"]
    assert client.get(threads.page_address(post, 3)).status_code == 404


@pytest.mark.usefixtures("three_a_page")
def test_the_pages_lead_to_one_another(client: Client) -> None:
    post = make_post()
    fill(post, 7)
    address = post.get_absolute_url()
    first, second, third = (client.get(threads.page_address(post, number)).content.decode() for number in (1, 2, 3))
    assert f'<a rel="next" href="{address}?page=2#comments">' in first
    assert 'rel="prev"' not in first
    assert f'<a rel="prev" href="{address}#comments">' in second
    assert f'<a rel="next" href="{address}?page=3#comments">' in second
    assert 'rel="next"' not in third
    assert "7 replies to" in third
    assert "Page 3 of 3" in third


@pytest.mark.usefixtures("three_a_page")
def test_a_permalink_leads_to_the_page_of_its_thread(client: Client) -> None:
    post = make_post()
    comments = fill(post, 7)
    reply = make_comment(parent=comments[3])
    for comment, number in [(comments[0], 1), (comments[2], 1), (comments[3], 2), (reply, 2), (comments[6], 3)]:
        link = threads.permalink(comment)
        assert link == f"{threads.page_address(post, number)}#comment-{comment.pk}"
        page = client.get(link).content.decode()
        assert f'id="comment-{comment.pk}"' in page
        assert f'href="{link}"' in page


@pytest.mark.usefixtures("three_a_page")
def test_a_removed_thread_moves_the_others_up(client: Client) -> None:
    post = make_post()
    comments = fill(post, 4)
    moderation.reject(comments[0], by=make_moderator())
    assert outline(client, post) == ["n2", "n3", "n4"]
    assert threads.permalink(comments[3]) == f"{post.get_absolute_url()}#comment-{comments[3].pk}"
    assert client.get(threads.page_address(post, 2)).status_code == 404


def test_a_thread_costs_one_query_however_many_comments(django_assert_num_queries) -> None:
    post = make_post()
    make_comment(post=post)
    with django_assert_num_queries(1):
        assert len(threads.thread_page(post, 1).rows) == 1
    for comment in fill(post, 5):
        make_comment(parent=comment)
    with django_assert_num_queries(1):
        assert len(threads.thread_page(post, 1).rows) == 11


def test_a_closed_post_shows_its_comments_but_no_way_to_reply(client: Client) -> None:
    comment = make_comment(post=make_post(comments="closed"), name="Kim")
    page = client.get(comment.post.get_absolute_url()).content.decode()
    assert "Kim" in page
    assert "Comments on this post are closed." in page
    for trace in ("<form", "comment-reply", "comments.js"):
        assert trace not in page.partition('id="comments"')[2]


def test_reply_leads_to_a_page_with_the_comment_and_the_form(client: Client) -> None:
    comment = make_comment(name="Kim <b>", body="The text")
    address = f"{comment.post.get_absolute_url()}comments/{comment.pk}/"
    assert f'href="{address}"' in client.get(comment.post.get_absolute_url()).content.decode()
    answer = client.get(address)
    page = answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    assert "Reply to Kim &lt;b&gt;" in page
    assert "The text" in page
    assert f'<input type="hidden" name="parent" value="{comment.pk}">' in page
    assert f'action="{comment.post.get_absolute_url()}comments/"' in page
    assert threads.permalink(comment) in page


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_only_a_visible_comment_has_a_reply_page(client: Client, status: Status) -> None:
    comment = make_comment(status=status)
    assert client.get(f"{comment.post.get_absolute_url()}comments/{comment.pk}/").status_code == 404


def test_a_reply_page_belongs_to_its_post(client: Client) -> None:
    comment, other = make_comment(), make_post()
    assert client.get(f"{other.get_absolute_url()}comments/{comment.pk}/").status_code == 404
    assert client.get(f"{other.get_absolute_url()}comments/{'9' * 30}/").status_code == 404
