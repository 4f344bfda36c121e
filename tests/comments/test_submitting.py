"""From the form to the commenter's own page, and back to the form."""

import re
from hashlib import md5, sha1, sha256
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from comments.limits import MAX_COMMENTS
from comments.models import MAX_DEPTH, Comment, Contact, Status
from posts import publishing
from posts.models import Post, State
from tests.factories import days_ago, make_comment, make_page, make_post

pytestmark = pytest.mark.django_db

SENT = {"name": "Kim", "email": "canary@example.org", "website": "https://example.org/", "comment": "Thank you.\r\nKim"}


def send(client: Client, post: Post, headers: dict[str, str] | None = None, **fields: object) -> Any:
    data = {name: value for name, value in (SENT | {"subject": "", "parent": ""} | fields).items() if value is not None}
    return client.post(post.get_absolute_url() + "comments/", data, headers=headers or {})


def test_a_comment_is_stored_as_sent_and_waits(client: Client) -> None:
    post = make_post()
    answer = send(client, post)
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"].split(":")[0]) == (303, f"/comments/{comment.pk}")
    assert (comment.post, comment.parent, comment.status) == (post, None, Status.PENDING)
    assert (comment.name, comment.website, comment.body) == ("Kim", "https://example.org/", "Thank you.\r\nKim")
    assert comment.scored_at is not None


def test_the_whole_way_needs_no_cookie(client: Client) -> None:
    post = make_post()
    assert client.get(post.get_absolute_url()).status_code == 200
    assert client.get(send(client, post)["Location"]).status_code == 200
    assert not client.cookies


def test_the_form_is_sent_from_a_cached_page_by_a_client_that_checks_tokens() -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, make_post()).status_code == 303


def test_the_email_address_stands_apart_with_its_purpose(client: Client) -> None:
    send(client, make_post())
    contact = Contact.objects.get()
    assert (contact.email, contact.purpose) == ("canary@example.org", Contact.Purpose.NOTICE)
    assert days_ago(-31) > contact.expires_at > days_ago(-29)


def test_without_an_email_address_there_is_nothing_to_keep(client: Client) -> None:
    send(client, make_post(), email="")
    assert not Contact.objects.exists()


def test_the_database_holds_neither_address_nor_browser(client: Client) -> None:
    client.defaults |= {"REMOTE_ADDR": "203.0.113.77"}
    assert send(client, make_post(), {"user-agent": "canary-agent/9"}).status_code == 303
    dump = database_text()
    assert "Thank you." in dump
    for source in ("203.0.113.77", "canary-agent/9"):
        for trace in (source, *(new(source.encode()).hexdigest() for new in (md5, sha1, sha256))):
            assert trace not in dump


def database_text() -> str:
    """Every value of every table."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows.append(repr(cursor.fetchall()))
    return "\n".join(rows)


def test_a_reply_hangs_on_its_parent(client: Client) -> None:
    parent = make_comment()
    send(client, parent.post, parent=parent.pk)
    comment = Comment.objects.latest("pk")
    assert (comment.parent, comment.thread, comment.depth) == (parent, parent, 1)


def test_replies_deeper_than_five_levels_hang_on_the_last(client: Client) -> None:
    comment = make_comment()
    for _level in range(MAX_DEPTH):
        comment = make_comment(parent=comment)
    send(client, comment.post, parent=comment.pk)
    deepest = Comment.objects.latest("pk")
    assert (deepest.parent, deepest.depth) == (comment.parent, MAX_DEPTH)


def test_wrong_input_gives_the_form_back_with_everything_in_it(client: Client) -> None:
    sent = {"name": '<Kim> & "co"', "email": "kim@", "website": "javascript:x", "comment": "\n\n <b>Long</b>\r\ntext "}
    answer = send(client, make_post(), **sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert answer["Cache-Control"] == "private, no-store"
    assert "<title>Error: " in page
    for name in ("name", "email", "website"):
        assert value_of(page, name) == sent[name]
    assert text_of(page) == sent["comment"]
    assert [unescape(message) for message in re.findall(r'<li><a href="#id_\w+">(.*?)</a>', page)] == [
        "Enter a valid email address.",
        "Enter a valid URL.",
    ]
    assert not Comment.objects.exists()


def value_of(page: str, name: str) -> str:
    (tag,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
    (value,) = re.findall(r' value="([^"]*)"', tag)
    return unescape(value)


def text_of(page: str) -> str:
    """What a browser puts into the text area: it drops one line break at the beginning."""
    (text,) = re.findall(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.DOTALL)
    return unescape(text)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"name": ""}, "name", "Please enter your name"),
        ({"comment": ""}, "comment", "Please write a comment."),
        ({"comment": "x" * 5001}, "comment", "Your comment has 5001 characters."),
    ],
)
def test_each_message_leads_to_its_field_and_each_field_names_its_message(
    client: Client, fields: dict[str, str], field: str, message: str
) -> None:
    page = send(client, make_post(), **fields).content.decode()
    assert re.search(
        rf'<div class="error-summary" role="alert" tabindex="-1" autofocus>.*<a href="#id_{field}">{message}',
        page,
        re.DOTALL,
    )
    (control,) = re.findall(rf'<(?:input|textarea)[^>]* name="{field}"[^>]*>', page)
    assert 'aria-invalid="true"' in control
    assert f'aria-describedby="id_{field}_error"' in control
    assert f'id="id_{field}_error"' in page


def test_a_reply_with_a_mistake_stays_a_reply(client: Client) -> None:
    parent = make_comment(name="Parent author")
    answer = send(client, parent.post, parent=parent.pk, name="")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<title>Error: Reply to Parent author – " in page
    assert value_of(page, "parent") == str(parent.pk)


def test_a_reply_to_what_is_gone_can_be_sent_as_a_comment_of_its_own(client: Client) -> None:
    parent = make_comment(status=Status.REJECTED)
    answer = send(client, parent.post, parent=parent.pk)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "no longer there" in page
    assert (value_of(page, "parent"), text_of(page)) == ("", SENT["comment"])
    assert send(client, parent.post, parent=value_of(page, "parent")).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_a_form_from_another_site_is_refused_and_the_text_given_back(client: Client, headers: dict[str, str]) -> None:
    answer = send(client, make_post(), headers)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "private, no-store"
    assert text_of(page) == SENT["comment"]
    assert "<form" not in page.partition("<main")[2]  # nothing that another site wrote can be sent on from here
    assert not Comment.objects.exists()


@pytest.mark.parametrize("name", ["Kim", ""])
@pytest.mark.parametrize("fields", [{"comments": "closed"}, {"comments": "timed", "comments_days": 1}])
def test_a_closed_post_takes_nothing_and_gives_the_text_back(client: Client, fields: dict[str, Any], name: str) -> None:
    answer = send(client, make_post(published_at=days_ago(2), **fields), name=name)
    assert answer.status_code == 403
    assert "Comments on this post are closed." in answer.content.decode()
    assert text_of(answer.content.decode()) == SENT["comment"]
    assert not Comment.objects.exists()


def test_a_post_that_closes_meanwhile_takes_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    post = make_post()

    def close_first(request: object) -> bool:
        Post.objects.filter(pk=post.pk).update(comments=Post.Comments.CLOSED)
        return True

    monkeypatch.setattr("comments.views.is_same_origin", close_first)
    answer = send(client, post)
    assert (answer.status_code, text_of(answer.content.decode())) == (403, SENT["comment"])
    assert not Comment.objects.exists()


@pytest.mark.parametrize("hidden", [{"state": State.DRAFT}, {"published_at": days_ago(-1)}])
def test_a_post_that_is_not_public_is_not_found(client: Client, hidden: dict[str, Any]) -> None:
    assert send(client, make_post(**hidden)).status_code == 404


def test_the_same_form_sent_twice_is_one_comment_with_one_answer(client: Client) -> None:
    post = make_post()
    first, second = send(client, post), send(client, post)
    assert first["Location"] == second["Location"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("changed", [{"comment": "Another"}, {"name": "Lee"}, {"email": ""}, {"website": ""}])
def test_another_form_is_another_comment(client: Client, changed: dict[str, str]) -> None:
    post = make_post()
    send(client, post)
    send(client, post, **changed)
    assert Comment.objects.count() == 2


def test_the_same_form_sent_again_later_is_still_one_comment(client: Client) -> None:
    post = make_post()
    assert send(client, post, seconds="9.1")["Location"] == send(client, post, seconds="14.8")["Location"]


@pytest.mark.parametrize(("seconds", "found"), [("1.2", True), ("60.0", False), (None, False), ("soon", False)])
def test_a_comment_that_came_too_fast_is_marked(client: Client, seconds: str | None, *, found: bool) -> None:
    send(client, make_post(), seconds=seconds)
    comment = Comment.objects.get()
    assert comment.signals.filter(name="too_fast").exists() == found


def test_a_repeat_is_answered_even_by_a_source_that_has_sent_enough(client: Client) -> None:
    post = make_post()
    first = send(client, post)
    for number in range(MAX_COMMENTS - 1):
        send(client, post, comment=f"Comment {number}")
    assert send(client, post)["Location"] == first["Location"]


def test_too_many_comments_in_a_row_are_refused_with_the_text(client: Client) -> None:
    post = make_post()
    for number in range(MAX_COMMENTS):
        assert send(client, post, comment=f"Comment {number}").status_code == 303
    answer = send(client, post, comment="One too many")
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert "Please send this one again in ten minutes." in page
    assert (value_of(page, "name"), text_of(page)) == ("Kim", "One too many")
    assert Comment.objects.count() == MAX_COMMENTS
    with time_machine.travel(days_ago(-0.01), tick=False):
        assert send(client, post, comment="One too many").status_code == 303


def test_the_address_of_the_form_leads_back_to_the_post(client: Client) -> None:
    post = make_post()
    answer = client.get(post.get_absolute_url() + "comments/")
    assert (answer.status_code, answer["Location"]) == (302, post.get_absolute_url())
    assert client.put(post.get_absolute_url() + "comments/").status_code == 405


def test_a_comment_is_not_lost_where_its_post_was_renamed_meanwhile(client: Client) -> None:
    post = make_post(slug="before")
    form = f"{post.get_absolute_url()}comments/"
    post.slug = "after"
    publishing.save_post(post)
    answer = client.post(form, {"name": "Mina", "comment": "Written before."}, follow=True)
    assert answer.redirect_chain[0] == (f"{post.get_absolute_url()}comments/", 308)
    assert Comment.objects.get().body == "Written before."


def test_the_form_speaks_the_language_of_the_post(client: Client) -> None:
    page = send(client, make_post(language="ko"), email="kim@").content.decode()
    assert "올바른 이메일 주소를 입력하세요." in page


def test_the_page_on_comment_data_is_linked_where_there_is_one(client: Client) -> None:
    post = make_post()
    assert "how-comment-data-is-processed" not in client.get(post.get_absolute_url()).content.decode()
    page = make_page(title="How comment data is processed", slug="how-comment-data-is-processed")
    assert f'<a href="{page.get_absolute_url()}">' in client.get(post.get_absolute_url()).content.decode()
    page.state = State.DRAFT
    publishing.save_page(page)
    assert "how-comment-data-is-processed" not in client.get(post.get_absolute_url()).content.decode()


def test_a_korean_post_links_the_korean_page_on_comment_data(client: Client) -> None:
    page = make_page(title="댓글 정보 처리 안내", slug="댓글-정보-처리-안내", language="ko")
    content = client.get(make_post(language="ko").get_absolute_url()).content.decode()
    assert page.get_absolute_url() in content


def test_a_post_that_will_close_says_when(client: Client) -> None:
    post = make_post(comments="timed", comments_days=10)
    assert post.comments_close_at is not None
    day = date_format(timezone.localdate(post.comments_close_at))
    assert f"Comments on this post close on {day}." in client.get(post.get_absolute_url()).content.decode()
