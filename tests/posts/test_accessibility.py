"""What some readers would miss is named before a text is published, and never in the way of a draft."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from posts.models import Page, Post, State
from posts.newsroom.accessibility import barriers
from tests.factories import make_editor, make_media, make_page, make_post
from tests.posts.test_admin import page_fields, post_fields
from tests.posts.test_conflicts import draft, fields_of, form_of

POSTS = "/admin/posts/post/"
HERE = '<p>Read it <a href="https://example.org/report">here</a>.</p>'
REFUSED = "Not published yet: some readers will miss something"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_editor(username="ara"))
    return client


def said(html: str) -> list[str]:
    return [found.said for found in barriers(html)]


@pytest.mark.parametrize(
    ("html", "said", "passage"),
    [
        ('<p><img src="/media/a.webp"></p>', "no alternative text", "/media/a.webp"),
        ('<img src="/media/a.webp" alt="IMG_2041.JPG">', "does not say what is to be seen", "IMG_2041.JPG"),
        ('<img src="/media/a.webp" alt="사진">', "does not say what is to be seen", "사진"),
        ("<h2>A</h2><h4>Below</h4>", "level 4 comes after level 2", "Below"),
        ("<h3>First</h3>", "level 3 comes after level 1", "First"),
        ("<h2> <br></h2>", "The heading is empty", "<h2>"),
        ('<a href="/x"></a>', "The link has no text", "/x"),
        ('<a href="/x"><img src="/media/a.webp" alt=""></a>', "The link has no text", "/x"),
        ('<a href="/x">Click here!</a>', "does not say where it leads", "Click here! → /x"),
        ('<a href="/x"><b>여기</b></a>', "does not say where it leads", "여기 → /x"),
        ('<a href="/x">Read\nmore …</a>', "does not say where it leads", "Read more … → /x"),
        ('<a href="https://a.example/b">https://a.example/b</a>', "read out letter by letter", "https://a.example/b"),
        ('<a href="https://a.example/b">www.a.example/b</a>', "read out letter by letter", "www.a.example/b"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "The table has no headers", "12"),
        ("<table><tr><td><table><tr><th>A</th></tr></table></td></tr></table>", "The table has no headers", "A"),
    ],
)
def test_a_barrier_is_named_with_its_passage(html: str, said: str, passage: str) -> None:
    [found] = barriers(html)
    assert said in found.said
    assert found.passage == passage


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Words</p>",
        '<p><img src="/media/a.webp" alt="A wide river"><img src="/media/b.webp" alt=""></p>',
        "<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2><h3>E</h3>",
        '<h2><img src="/media/a.webp" alt="A heading in a picture"></h2>',
        '<a href="/x">The report of the commission</a> <a href="/y">hereafter</a>',
        '<a href="/x"><img src="/media/a.webp" alt="The report"></a>',
        '<a href="https://youtu.be/x" class="video"><span>Watch the video</span> <span>youtu.be</span></a>',
        "<table><tr><th>Year</th></tr><tr><td>1999</td></tr></table>",
        '<p>See https://a.example and <a id="x">here</a></p>',
    ],
)
def test_what_everybody_can_read_is_not_complained_of(html: str) -> None:
    assert barriers(html) == []


def test_several_are_named_and_long_passages_are_cut() -> None:
    found = barriers("<h2></h2>" + HERE + f"<table><tr><td>{'long ' * 100}</td></tr></table>")
    assert len(found) == 3
    assert len(found[-1].passage) == 120
    assert len(barriers(HERE * 60)) == 50


# In the newsroom


def publish(editor: Client, post: Post, **fields: Any) -> HttpResponse:
    post.refresh_from_db()
    return editor.post(form_of(post), fields_of(post, seen=post.revision, state="published", **fields))


def accepted(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    assert REFUSED in answer.content.decode()
    return str(answer.context["adminform"].form["accepted"].value())


@pytest.mark.django_db
def test_a_draft_is_saved_whatever_is_in_it(editor: Client) -> None:
    assert editor.post(f"{POSTS}add/", post_fields(body=HERE)).status_code == 302
    shown = editor.get(form_of(Post.objects.get())).content.decode()
    assert "1 thing that some readers will miss" in shown
    assert "here → https://example.org/report" in shown


@pytest.mark.django_db
def test_publishing_asks_once_and_then_obeys(editor: Client) -> None:
    post = draft()
    answer = publish(editor, post, body=HERE)
    post.refresh_from_db()
    assert post.state == State.DRAFT
    assert b"View on site" not in answer.content
    assert "here → https://example.org/report" in answer.content.decode()
    assert publish(editor, post, body=HERE, accepted=accepted(answer)).status_code == 302
    post.refresh_from_db()
    assert (post.state, post.body) == (State.PUBLISHED, HERE)


@pytest.mark.django_db
def test_what_was_not_asked_about_is_asked_about(editor: Client) -> None:
    post = draft()
    first = accepted(publish(editor, post, body=HERE))
    second = accepted(publish(editor, post, body=f"<h2></h2>{HERE}", accepted=first))
    assert second != first
    assert publish(editor, post, body=f"<h2></h2>{HERE}", accepted=second).status_code == 302


@pytest.mark.django_db
def test_what_is_published_already_is_not_asked_about_again(editor: Client) -> None:
    post = make_post(body=HERE)
    assert publish(editor, post, title="Another title", body=HERE).status_code == 302
    accepted(publish(editor, post, body=f"{HERE}<h2></h2>"))
    Post.objects.filter(pk=post.pk).update(state="draft")
    accepted(publish(editor, post, body=HERE))


@pytest.mark.django_db
def test_a_new_post_and_a_page_are_asked_about_too(editor: Client) -> None:
    accepted(editor.post(f"{POSTS}add/", post_fields(body=HERE, state="published")))
    accepted(editor.post("/admin/posts/page/add/", page_fields(body=HERE, state="published")))
    page = make_page(state=State.DRAFT)
    accepted(editor.post(form_of(page), page_fields(body=HERE, slug=page.slug, state="published")))
    assert not Post.objects.exists()
    assert Page.objects.get().state == State.DRAFT


@pytest.mark.django_db
def test_what_is_faultless_is_published_without_a_question(editor: Client) -> None:
    picture = make_media(alt="A wide river")
    body = f'<h2>A</h2><p><img src="{picture.url}"> <a href="/about/">About us</a></p>'
    assert publish(editor, draft(), body=body).status_code == 302
    assert b"some readers will miss" not in editor.get(form_of(Post.objects.get())).content


@pytest.mark.django_db
def test_a_text_that_cannot_be_read_is_not_asked_about(editor: Client) -> None:
    answer = publish(editor, draft(), body="<div>" * 101 + HERE)
    errors = answer.context["adminform"].form.errors
    assert "body" in errors
    assert "accepted" not in errors


@pytest.mark.django_db
def test_having_been_asked_is_no_change_of_the_text(editor: Client) -> None:
    post = draft(body=HERE)
    answer = publish(editor, post)
    publish(editor, post, accepted=accepted(answer))
    assert "ccepted" not in editor.get(form_of(post).replace("change", "history")).content.decode()


@pytest.mark.django_db
def test_a_conflict_and_a_barrier_are_shown_together(editor: Client) -> None:
    post = draft()
    answer = editor.post(form_of(post), fields_of(post, seen=9, state="published", body=HERE))
    assert answer.status_code == 409
    form = answer.context["adminform"].form
    again = fields_of(post, state="published", body=HERE, seen=form["seen"].value(), accepted=form["accepted"].value())
    assert editor.post(form_of(post), again).status_code == 302
