"""What a proof counts for, what moderators see of it, and how it is forgotten."""

import secrets
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from comments import moderation, proof, retention
from comments.addresses import status_address
from comments.models import Comment, CommentSignal, Proof, Status
from comments.scoring import submission_of
from tests.comments.test_browser_token import cookie, send
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


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
