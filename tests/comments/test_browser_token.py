"""The token that a browser keeps, if its owner wishes: who gets one, what it proves, and that no page depends on it."""

import datetime
import os
import secrets
import subprocess
import sys
from http.cookies import Morsel
from typing import Any

import pytest
import time_machine
from django.core.signing import Signer
from django.test import Client, RequestFactory
from django.utils import timezone

from comments import browser_token, proof, retention
from comments.addresses import status_address
from comments.models import Comment, Proof
from posts.models import Post
from tests.comments.contenders import race, same_form_ticked
from tests.comments.test_submitting import database_text
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def send(client: Client, post: Post, text: str, *, tick: bool = False, headers: Any = None, **fields: str) -> Comment:
    data = {"name": "Kim", "comment": text} | ({"prove": "on"} if tick else {}) | fields
    answer = client.post(f"{post.get_absolute_url()}comments/", data, headers=headers)
    assert answer.status_code == 303
    return Comment.objects.get(pk=int(answer["Location"].split("/")[2].partition(":")[0]))


def cookie(client: Client) -> Morsel:
    return client.cookies["proof"]


# Who gets one, and what it proves


def test_without_the_tick_there_is_neither_cookie_nor_proof(client: Client) -> None:
    comment = send(client, make_post(), "Hello.")
    assert comment.proof is None
    assert not client.cookies
    assert not Proof.objects.exists()


def test_who_ticks_the_box_gets_one_token_which_the_database_does_not_hold(client: Client) -> None:
    comment = send(client, make_post(), "Hello.", tick=True)
    morsel = cookie(client)
    assert list(client.cookies) == ["proof"]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (True, "Lax", "/", "")
    assert morsel["max-age"] == 180 * 24 * 60 * 60
    assert comment.proof
    assert comment.proof.digest in database_text()
    assert not any(part in database_text() for part in morsel.value.split(":"))


def test_the_browser_proves_the_next_comments_ticked_or_not(client: Client) -> None:
    post = make_post()
    first = send(client, post, "One.", tick=True)
    value = cookie(client).value
    others = [send(client, post, "Two."), send(client, make_post(), "Three.", tick=True)]
    assert {comment.proof for comment in others} == {first.proof}
    assert cookie(client).value == value
    assert Proof.objects.count() == 1


def test_another_browser_with_the_same_name_is_not_proven(client: Client) -> None:
    post = make_post()
    send(client, post, "One.", tick=True)
    assert send(Client(), post, "Two.").proof is None
    assert send(Client(), post, "Three.", tick=True).proof != Comment.objects.earliest("pk").proof


@pytest.mark.parametrize("tick", [False, True])
@pytest.mark.parametrize("kind", ["tampered", "signed elsewhere", "of another purpose", "unknown", "nonsense", "empty"])
def test_a_token_that_is_not_ours_is_ignored_and_the_comment_taken(client: Client, kind: str, *, tick: bool) -> None:
    post = make_post()
    first = send(client, post, "One.", tick=True)
    value = cookie(client).value
    random = value.partition(":")[0]
    forged = {
        "tampered": value[:-1] + ("A" if value[-1] != "A" else "B"),
        "signed elsewhere": Signer(key="another key of some length", salt="comments.browser").sign(random),
        "of another purpose": Signer(salt="comments.status").sign(random),
        "unknown": Signer(salt="comments.browser").sign("x" * 43),
        "nonsense": "\\303\\050:é",
        "empty": "",
    }[kind]
    stranger = Client()
    stranger.cookies["proof"] = forged
    second = send(stranger, post, "Two.", tick=tick)
    assert second.proof != first.proof
    assert bool(second.proof) == tick
    assert (cookie(stranger).value == forged) != tick, "a new token for who wants one"


def test_what_was_not_signed_here_is_not_even_looked_up(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.post("/")
    request.COOKIES["proof"] = "x" * 43 + ":" + "y" * 43
    with django_assert_num_queries(0):
        assert browser_token.token_of(request, wanted=False) == proof.NO_TOKEN


def test_using_the_token_puts_off_its_end(client: Client) -> None:
    post = make_post()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = send(client, post, "One.", tick=True)
        clock.shift(datetime.timedelta(days=179))
        send(client, post, "Two.")
        clock.shift(datetime.timedelta(days=179))
        retention.purge()
        assert send(client, post, "Three.").proof == first.proof
        clock.shift(datetime.timedelta(days=181))
        retention.purge()
    assert not Proof.objects.exists()
    assert set(Comment.objects.values_list("proof", "proven_name")) == {(None, "")}


def test_a_form_sent_twice_leaves_the_browser_with_a_token_that_proves(client: Client) -> None:
    post = make_post()
    first = send(Client(), post, "Hello.", tick=True)  # the answer never arrived
    assert send(client, post, "Hello.", tick=True) == first
    assert send(client, post, "More.").proof == Comment.objects.get(pk=first.pk).proof
    assert Proof.objects.count() == 1


def test_a_form_sent_twice_takes_no_proof_that_other_comments_have(client: Client) -> None:
    post, stranger = make_post(), Client()
    send(client, post, "One.", tick=True)
    send(client, post, "Hello.")
    send(stranger, post, "Hello.", tick=True)
    assert not stranger.cookies
    assert Proof.objects.get().comments.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_form_sent_many_times_at_once_has_one_proof() -> None:
    outcomes = race(same_form_ticked, processes=4, attempts=8, post=make_post().pk)
    assert list(outcomes) == [str(Comment.objects.get())]
    assert Comment.objects.get().proof == Proof.objects.get()


def test_a_refused_form_leaves_no_proof(client: Client) -> None:
    post = make_post()
    answers = [
        client.post(f"{post.get_absolute_url()}comments/", {"name": "", "comment": "Hello.", "prove": "on"}),
        client.post(
            f"{post.get_absolute_url()}comments/",
            {"name": "Kim", "comment": "Hello.", "prove": "on"},
            headers={"sec-fetch-site": "cross-site"},
        ),
    ]
    assert [answer.status_code for answer in answers] == [400, 403]
    assert 'id="id_prove" checked' in answers[0].text
    assert not client.cookies
    assert not Proof.objects.exists()


def test_in_production_the_cookie_is_bound_to_the_host_and_to_https() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.http import HttpResponse\n"
        "from comments import browser_token\n"
        "for act in (lambda r: browser_token.keep(r, browser_token.BrowserToken('x')), browser_token.expire):\n"
        "    response = HttpResponse(); act(response); print(response.cookies.output(header=''))\n"
    )
    environment = os.environ | {
        "SITE_URL": "https://example.org",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    kept, expired = [set(line.strip().split("; ")) for line in run.stdout.splitlines()]
    assert kept >= {"__Host-proof=x", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=15552000"}
    assert expired >= {'__Host-proof=""', "Secure", "SameSite=Lax", "Path=/", "Max-Age=0"}
    assert not any(part.startswith("Domain") for part in kept | expired)


# Pages are the same for everybody


def test_no_page_depends_on_the_cookie(client: Client) -> None:
    comment = make_comment()
    send(client, comment.post, "Hello.", tick=True)
    value = cookie(client).value
    for address in (
        comment.post.get_absolute_url(),
        f"{comment.post.get_absolute_url()}comments/{comment.pk}/",
        f"{comment.post.get_absolute_url()}feed/",
        "/",
        status_address(comment),
    ):
        with_cookie, without = client.get(address), Client().get(address)
        assert with_cookie.content == without.content
        assert value not in with_cookie.text
        assert [with_cookie.get(name) for name in ("ETag", "Vary", "Set-Cookie")] == [
            without.get(name) for name in ("ETag", "Vary", "Set-Cookie")
        ]
        assert "cookie" not in with_cookie.get("Vary", "").lower()
        assert not with_cookie.cookies


def test_readers_see_nothing_of_a_proof() -> None:
    post = make_post()
    plain = make_comment(post=post, name="Kim", body="Hello.", created_at=timezone.now())
    before = Client().get(post.get_absolute_url())
    proof.link(plain, Proof.objects.create(kind=Proof.Kind.BROWSER, digest="a"))
    plain.save(update_fields=["proof", "proven_name"])
    assert Client().get(post.get_absolute_url()).content == before.content
