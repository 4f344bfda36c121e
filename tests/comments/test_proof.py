"""A browser proves its comments, if its owner wishes, and forgets it. Nothing of it shows anywhere else."""

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
from django.db import connection
from django.test import Client
from django.utils import timezone

from comments import moderation, proof, retention
from comments.addresses import status_address
from comments.models import Comment, CommentSignal, Proof, Status
from comments.scoring import submission_of
from posts.models import Post
from tests.comments.contenders import race, same_form_ticked
from tests.comments.test_submitting import database_text
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


def send(client: Client, post: Post, text: str, *, tick: bool = False, headers: Any = None, **fields: str) -> Comment:
    data = {"name": "Kim", "comment": text} | ({"prove": "on"} if tick else {}) | fields
    answer = client.post(f"{post.get_absolute_url()}comments/", data, headers=headers)
    assert answer.status_code == 303
    return Comment.objects.get(pk=int(answer["Location"].split("/")[2].partition(":")[0]))


def cookie(client: Client) -> Morsel:
    return client.cookies["proof"]


def proven(**fields: Any) -> Comment:
    """A comment with a proof of its own unless told otherwise."""
    found = fields.pop("proof", None) or Proof.objects.create(kind=Proof.Kind.BROWSER, digest=secrets.token_hex(32))
    status = fields.pop("status", Status.PENDING)
    comment = make_comment(status=Status.PENDING, name="Kim", **fields)
    proof.link(comment, found)
    comment.save(update_fields=["proof", "proven_name"])
    decide = {
        Status.APPROVED: moderation.approve,
        Status.REJECTED: moderation.reject,
        Status.SPAM: moderation.mark_spam,
    }
    if status in decide:
        decide[status](comment, by=make_moderator())
    return comment


def names(comment: Comment) -> set[str]:
    return set(comment.signals.values_list("name", flat=True))


# The token in the browser


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


# What it counts for


def test_history_counts_for_the_browser_that_proves_it_only(client: Client) -> None:
    post = make_post()
    first = send(client, post, "One.", tick=True)
    moderation.approve(first, by=make_moderator())
    again, stranger = send(client, post, "Two."), send(Client(), post, "Three.", name="ＫIM")
    assert names(again) == {"proven_history"}
    assert names(stranger) == {"same_name_unproven"}
    assert (again.score, stranger.score) == (-0.5, 0.0)
    mark = CommentSignal.objects.get(comment=stranger)
    assert mark.evidence == {"field": "name", "start": 0, "end": 3, "quote": "ＫIM"}


def test_a_proof_without_history_does_not_lift_the_mark(client: Client) -> None:
    post = make_post()
    moderation.approve(send(client, post, "One.", tick=True), by=make_moderator())
    impostor = Client()
    fresh = send(impostor, post, "Two.", tick=True)
    assert names(fresh) == {"same_name_unproven"}
    moderation.approve(fresh, by=make_moderator())
    assert names(send(impostor, post, "Three.")) == {"proven_history"}, "two people with one name, both known by now"


def test_only_published_comments_make_a_name_known(client: Client) -> None:
    post = make_post()
    send(client, post, "One.", tick=True)
    assert names(send(Client(), post, "Two.")) == set()


def test_refused_comments_count_against_their_author() -> None:
    found = proven(status=Status.REJECTED).proof
    proven(status=Status.SPAM, proof=found)
    proven(status=Status.APPROVED, proof=found)
    assert proof.history(proven(proof=found)) == (1, 2, False)


def test_what_the_policy_decided_is_no_history() -> None:
    first = proven()
    moderation.mark_spam(first, by=None)
    published = proven(proof=first.proof)
    moderation.approve(published, by=None)
    assert proof.history(proven(proof=first.proof)) == (0, 0, False)


def test_only_earlier_comments_are_history() -> None:
    first = proven()
    proven(proof=first.proof, status=Status.APPROVED)
    assert proof.history(first)[:2] == (0, 0)


def test_names_are_found_without_reading_all_comments() -> None:
    comment = make_comment(name="Kim")
    with connection.cursor() as cursor:
        named = Comment.objects.filter(proof__isnull=False, proven_name=proof.name_digest(comment.name))
        sql, parameters = named.query.sql_with_params()
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            assert "USING INDEX comment_name" in str(cursor.fetchall())


def test_a_name_without_letters_is_nobodys() -> None:
    comment = proven(status=Status.APPROVED)
    Comment.objects.filter(pk=comment.pk).update(name="...", proven_name=proof.name_digest("..."))
    assert not proof.bears_name_of_proven(make_comment(name="!!!"))


def test_moderators_see_what_is_proven(client: Client) -> None:
    first = proven(status=Status.APPROVED)
    proven(proof=first.proof)
    by_mail = Proof.objects.create(kind=Proof.Kind.EMAIL, digest="m")
    proven(proof=by_mail, body="By mail.")
    stranger = Comment(post=first.post, name="kim", body="Not I.")
    moderation.submit(stranger, submission_of(stranger))
    client.force_login(make_moderator())
    queue = client.get("/admin/comments/queue/").text
    assert "proven: browser, 1 published before" in queue
    assert "proven: confirmed e-mail, 0 published before" in queue
    assert queue.count('class="unproven"') == 1


# Forgetting


def forget(client: Client, comment: Comment, **headers: str) -> Any:
    return client.post(f"{status_address(comment)}forget/", headers=headers)


def test_the_commenter_lets_it_be_forgotten(client: Client) -> None:
    post = make_post()
    first, second = send(client, post, "One.", tick=True), send(client, post, "Two.")
    value = cookie(client).value
    assert "Forget this proof" in client.get(status_address(first)).text
    answer = forget(client, first)
    assert (answer.status_code, answer["Location"]) == (303, status_address(first))
    assert answer.cookies["proof"]["max-age"] == 0
    assert not Proof.objects.exists()
    for comment in (first, second):
        comment.refresh_from_db()
        assert (comment.proof, comment.proven_name, comment.status) == (None, "", Status.PENDING)
    assert "Forget this proof" not in client.get(status_address(first)).text

    client.cookies["proof"] = value  # kept by a browser that was elsewhere
    assert send(client, post, "Three.").proof is None


def test_forgetting_twice_is_forgetting_once(client: Client) -> None:
    comment = proven()
    assert [forget(client, comment).status_code for _ in range(2)] == [303, 303]


def test_a_confirmed_address_is_forgotten_without_touching_the_browser(client: Client) -> None:
    comment = proven(proof=Proof.objects.create(kind=Proof.Kind.EMAIL, digest="m"))
    assert not forget(client, comment).cookies
    assert not Proof.objects.exists()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_cannot_let_it_be_forgotten(client: Client, headers: dict[str, str]) -> None:
    comment = proven()
    assert forget(client, comment, **headers).status_code == 403
    assert Proof.objects.exists()


def test_looking_forgets_nothing(client: Client) -> None:
    comment = proven()
    for address in (status_address(comment), f"{status_address(comment)}forget/"):
        for method in (client.get, client.head, client.options, client.put, client.delete):
            method(address)
    assert client.get(f"{status_address(comment)}forget/").status_code == 405
    assert Proof.objects.get().comments.get() == comment


def test_withdrawing_a_comment_leaves_the_others_proven() -> None:
    first = proven()
    second = proven(proof=first.proof)
    moderation.withdraw(first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.proof, first.proven_name) == (None, "")
    assert second.proof
    moderation.withdraw(second)
    assert not Proof.objects.exists()


def test_a_proof_of_nothing_is_purged() -> None:
    Proof.objects.create(kind=Proof.Kind.BROWSER, digest="a")
    kept = proven()
    retention.purge()
    assert list(Proof.objects.all()) == [kept.proof]
