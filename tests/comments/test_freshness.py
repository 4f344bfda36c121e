"""A decision shows at once, whoever asks and whatever they or the server have kept."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from comments import moderation, threads
from comments.models import Comment, Status
from tests.factories import days_ago, make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db

PATHS = ["", "feed/", "feed/atom/", "feed/json/"]


def move(name: str) -> Callable[[Comment], object]:
    return lambda comment: getattr(moderation, name)(comment, by=make_moderator())


@pytest.fixture
def visitors() -> tuple[Client, Client]:
    return Client(), Client()


@pytest.mark.parametrize("path", PATHS)
def test_an_approval_shows_at_once(visitors: tuple[Client, Client], path: str) -> None:
    comment = make_comment(status=Status.PENDING, body="canary")
    address = comment.post.get_absolute_url() + path
    kept = [visitor.get(address)["ETag"] for visitor in visitors]
    moderation.approve(comment, by=make_moderator())
    for visitor, etag in zip(visitors, kept, strict=True):
        answer = visitor.get(address, headers={"if-none-match": etag})
        assert answer.status_code == 200
        assert "canary" in answer.content.decode()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("take_down", [move("reject"), move("mark_spam"), moderation.withdraw])
def test_a_removal_shows_at_once(
    visitors: tuple[Client, Client], path: str, take_down: Callable[[Comment], object]
) -> None:
    comment = make_comment(body="canary")
    address = comment.post.get_absolute_url() + path
    kept = [visitor.get(address)["ETag"] for visitor in visitors]
    take_down(comment)
    for visitor, etag in zip(visitors, kept, strict=True):
        answer = visitor.get(address, headers={"if-none-match": etag})
        assert answer.status_code == 200
        assert "canary" not in answer.content.decode()


def test_a_reply_page_goes_with_its_comment(client: Client) -> None:
    comment = make_comment()
    address = f"{comment.post.get_absolute_url()}comments/{comment.pk}/"
    etag = client.get(address)["ETag"]
    moderation.reject(comment, by=make_moderator())
    assert client.get(address, headers={"if-none-match": etag}).status_code == 404


def test_a_reply_page_leads_to_where_its_comment_is_now(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "THREADS_A_PAGE", 1)
    post = make_post()
    first, second = make_comment(post=post), make_comment(post=post)
    address = f"{post.get_absolute_url()}comments/{second.pk}/"
    assert f"?page=2#comment-{second.pk}" in client.get(address).content.decode()
    moderation.reject(first, by=make_moderator())
    assert f'{post.get_absolute_url()}#comment-{second.pk}"' in client.get(address).content.decode()


def test_the_form_goes_from_a_reply_page_when_the_comments_close(client: Client) -> None:
    post = make_post(comments="timed", comments_days=3)
    address = f"{post.get_absolute_url()}comments/{make_comment(post=post).pk}/"
    before = client.get(address)
    assert "comment-form" in before.content.decode()
    with time_machine.travel(days_ago(-3), tick=False):
        after = client.get(address, headers={"if-none-match": before["ETag"]})
        assert after.status_code == 200
        assert "comment-form" not in after.content.decode()


def test_a_comment_that_waits_changes_no_page(client: Client) -> None:
    post = make_post()
    addresses = [post.get_absolute_url() + path for path in PATHS]
    before = [client.get(address)["ETag"] for address in addresses]
    make_comment(post=post, status=Status.PENDING)
    client.post(post.get_absolute_url() + "comments/", {"name": "Kim", "comment": "Text"})
    after = [
        client.get(address, headers={"if-none-match": etag}) for address, etag in zip(addresses, before, strict=True)
    ]
    assert [answer.status_code for answer in after] == [304] * len(addresses)
