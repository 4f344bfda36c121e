"""Bans, holds and trust: what they do, whom they fit, how they are said at a comment, and how all of it is undone."""

import datetime
import secrets
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import confirmation, moderation, proof, rescoring, retention, sanctions
from comments.addresses import status_address
from comments.models import Comment, Confirmation, Decision, LearnerState, Proof, Sanction, Status
from comments.policy import Outcome
from comments.scoring import submission_of
from comments.spam import Answer, Judgement, Signal
from comments.spam.rules import Rules
from comments.tallies import tallies
from tests.factories import days_ago, make_comment, make_moderator, make_post, make_sanction

pytestmark = pytest.mark.django_db

BAN, HOLD, TRUST = Sanction.Effect.BAN, Sanction.Effect.HOLD, Sanction.Effect.TRUST
NEW = "/admin/comments/sanctions/new/"
QUEUE = "/admin/comments/queue/"


@pytest.fixture
def moderator() -> User:
    return make_moderator()


@pytest.fixture
def browser(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def make_proof(kind: Proof.Kind = Proof.Kind.BROWSER, **fields: Any) -> Proof:
    return Proof.objects.create(kind=kind, digest=secrets.token_hex(32), **fields)


def waiting(*, proof: Proof | None = None, **fields: Any) -> Comment:
    comment = make_comment(**({"status": Status.PENDING} | fields))
    Comment.objects.filter(pk=comment.pk).update(proof=proof)
    return Comment.objects.get(pk=comment.pk)


def judged(*, points: float = 0.0, whole: bool = True, clue: str = "clue", **fields: Any) -> Comment:
    """A comment after it was scored."""
    comment = waiting(**fields)
    answer = Answer("source", (Signal(clue, points, "A clue."),))
    moderation.record(comment, Judgement.of([answer] if whole else [answer, Answer("other", missing="unavailable")]))
    return Comment.objects.select_related("post").get(pk=comment.pk)


def last(comment: Comment) -> Decision | None:
    return comment.decisions.last()


# What it does


@pytest.mark.parametrize("points", [-1.0, 0.0, 9.0])
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_banned_is_rejected_at_once(points: float, *, whole: bool) -> None:
    author = make_proof()
    make_sanction(proof=author)
    comment = judged(points=points, whole=whole, proof=author)
    decision = last(comment)
    assert decision
    assert (comment.status, decision.by, decision.reason) == (Status.REJECTED, None, "Banned: proven author")
    assert (comment.outcome, comment.counterfactual, comment.learnt) == (Outcome.REJECTED, None, "")


def test_the_log_names_the_host_that_is_banned_and_the_author_is_not_told(client: Client) -> None:
    make_sanction("bad.example")
    comment = judged(body="See https://www.bad.example/a")
    decision = last(comment)
    assert decision
    assert decision.reason == "Banned: host bad.example"
    assert "bad.example</a>" not in status_page(client, comment)
    assert "Banned" not in status_page(client, comment)


def status_page(client: Client, comment: Comment) -> str:

    return client.get(status_address(comment)).content.decode()


@pytest.mark.parametrize("points", [-1.0, 0.0, 9.0])
def test_what_is_held_waits_whatever_the_policy_says(points: float) -> None:
    author = make_proof()
    make_sanction(proof=author, effect=HOLD)
    comment = judged(points=points, proof=author)
    assert (comment.status, comment.outcome, last(comment)) == (Status.PENDING, Outcome.HELD, None)


def test_who_is_trusted_is_published_without_a_moderator() -> None:
    author = make_proof()
    make_sanction(proof=author, effect=TRUST)
    comment = judged(points=1.9, proof=author)
    decision = last(comment)
    assert decision
    assert (comment.status, comment.outcome) == (Status.APPROVED, Outcome.PUBLISHED)
    assert (decision.by, decision.reason) == (None, "Trusted: proven author")


@pytest.mark.parametrize("why", [{"points": 2.0}, {"points": 9.0}, {"whole": False}, {"clue": "danger_phone"}])
def test_what_counts_as_spam_is_not_wholly_known_or_may_endanger_people_waits_in_spite_of_trust(
    why: dict[str, Any],
) -> None:
    author = make_proof()
    make_sanction(proof=author, effect=TRUST)
    assert judged(proof=author, **why).status == Status.PENDING


@pytest.mark.parametrize(("kind", "text"), [("host", "good.example"), ("phrase", "granite quarry")])
def test_a_trusted_host_or_phrase_keeps_out_of_the_spam_folder_and_publishes_nothing(kind: str, text: str) -> None:
    make_sanction(text, kind=kind, effect=TRUST)
    body = "The granite quarry: https://good.example/"
    assert [judged(points=points, body=body).status for points in (0.0, 9.0)] == [Status.PENDING, Status.PENDING]
    assert judged(points=9.0, body="Something else").status == Status.SPAM


@pytest.mark.parametrize(
    ("effects", "status"),
    [((TRUST, BAN), Status.REJECTED), ((HOLD, BAN), Status.REJECTED), ((TRUST, HOLD), Status.PENDING)],
)
@pytest.mark.parametrize("swapped", [True, False])
def test_a_ban_wins_over_a_hold_and_a_hold_over_trust(
    effects: tuple[str, str], status: Status, *, swapped: bool
) -> None:
    author, host = reversed(effects) if swapped else effects
    found = make_proof()
    make_sanction(proof=found, effect=author)
    make_sanction("site.example", effect=host)
    assert judged(proof=found, body="https://site.example").status == status


def test_what_has_expired_does_nothing() -> None:
    make_sanction("bad.example", expires_at=days_ago(1))
    assert judged(body="https://bad.example").status == Status.PENDING


def test_it_expires_while_the_process_knows_it() -> None:
    make_sanction("bad.example", expires_at=timezone.now() + datetime.timedelta(days=1))
    assert judged(body="https://bad.example").status == Status.REJECTED
    with time_machine.travel(days_ago(-2)):
        assert judged(body="https://bad.example").status == Status.PENDING


# Whom it fits


@pytest.mark.parametrize(
    ("kind", "text", "body", "fits"),
    [
        ("host", "bad.example", "https://shop.bad.example/x", True),
        ("host", "bad.example", "https://notbad.example/x", False),
        ("host", "bad.example", "bad.example without a link", False),
        ("phrase", "토토사이트", "요즘 토토사이트에서 놀아요", True),
        ("phrase", "cheap loans", "CHEAP\nLOANS here", True),
        ("phrase", "loan", "loaned", False),
    ],
)
def test_hosts_and_phrases_are_found_as_rules_find_them(kind: str, text: str, body: str, *, fits: bool) -> None:
    make_sanction(text, kind=kind)
    assert (judged(body=body).status == Status.REJECTED) is fits


def test_the_website_beside_the_name_is_a_link_too() -> None:
    make_sanction("bad.example")
    assert judged(website="https://bad.example/").status == Status.REJECTED


def test_a_typed_name_or_address_has_no_ban_and_no_trust() -> None:
    author = make_proof()
    known = judged(proof=author, name="Kim")
    for effect in (BAN, TRUST):
        Sanction.objects.all().delete()
        make_sanction(proof=author, effect=effect)
        assert judged(name=known.name).status == Status.PENDING
        assert judged(name=known.name, proof=make_proof()).status == Status.PENDING


@pytest.mark.parametrize(("effect", "status"), [(BAN, Status.REJECTED), (HOLD, Status.PENDING), (TRUST, "approved")])
def test_it_fits_who_proves_only_later_who_they_are(effect: str, status: str) -> None:
    author = make_proof(Proof.Kind.EMAIL)
    make_sanction(proof=author, effect=effect)
    comment = judged()
    Confirmation.objects.create(comment=comment)
    confirmation.confirm(comment, author.digest)
    rescoring.score_due()
    assert Comment.objects.get(pk=comment.pk).status == status


def test_looking_for_them_costs_a_page_nothing_where_none_has_changed() -> None:
    for number in range(20):
        make_sanction(f"site{number}.example")
    page = [waiting(body="https://site7.example") for _number in range(6)]
    sanctions.describe(page, mark=tallies().sanctions_mark)
    with CaptureQueriesContext(connection) as queries:
        sanctions.describe(page, mark=sanctions.book().mark)
    assert len(queries) == 1  # that of the mark

    make_sanction("site7", effect=HOLD, kind="phrase")
    sanctions.describe(page, mark=tallies().sanctions_mark)
    assert [len(vars(comment)["person"].sanctions) for comment in page] == [2] * 6


def test_a_process_sees_every_change_of_another(moderator: User) -> None:
    comment = waiting(body="https://bad.example")
    sanction = make_sanction("bad.example")

    def seen() -> list[str]:
        return [one.effect for one in sanctions.book().fitting(comment)]

    assert seen() == [BAN]
    sanction.effect = HOLD
    sanctions.keep(sanction)
    assert seen() == [HOLD]
    sanction.delete()
    assert seen() == []


# Said at a comment


def ask(comment: Comment, target: str, **fields: Any) -> dict[str, Any]:
    return {"comment": comment.pk, "target": target, "effect": "ban", "days": "7"} | fields


def confirm(browser: Client, data: dict[str, Any]) -> Any:
    """Do what the page has shown."""
    shown = browser.get(NEW, data).context["digest"]
    return browser.post(NEW, data | {"shown": shown})


def test_the_card_offers_author_hosts_and_a_phrase(browser: Client) -> None:
    waiting(
        body="https://www.one.example/a and https://two.example", website="https://three.example", proof=make_proof()
    )
    page = browser.get("/admin/comments/queue/").content.decode()
    for value in ("author", "host:one.example", "host:two.example", "host:three.example", "phrase"):
        assert f'name="target" value="{value}"' in page


def test_the_card_of_an_unproven_comment_offers_no_author(browser: Client) -> None:
    comment = waiting(name="Kim")
    assert 'value="author"' not in browser.get("/admin/comments/queue/").content.decode()
    browser.post(NEW, ask(comment, "author", shown="x"))
    assert not Sanction.objects.exists()


def test_the_card_says_what_is_in_force(browser: Client) -> None:
    author = make_proof()
    make_sanction(proof=author, effect=TRUST)
    make_sanction("bad.example")
    make_sanction("old.example", expires_at=days_ago(1))
    waiting(proof=author, body="https://bad.example https://old.example")
    page = browser.get("/admin/comments/queue/").content.decode()
    assert "Banned host <bdi>bad.example</bdi>" in page
    assert "Trusted author" in page
    assert "Banned host <bdi>old.example</bdi>" not in page


def test_looking_tells_how_many_would_be_rejected_and_changes_nothing(browser: Client) -> None:
    post = make_post()
    for number in range(3):
        waiting(post=post, body=f"{number} https://bad.example/{number}")
    comment = waiting(post=post, body="https://bad.example and more")
    waiting(post=post, body="Innocent.")
    before = state()
    page = browser.get(NEW, ask(comment, "host:bad.example", reject_waiting="on")).content.decode()
    assert "<strong>4</strong> comments that wait would be rejected." in page
    assert state() == before


def test_what_is_covered_cannot_be_tried_out(browser: Client, moderator: User) -> None:
    comment = waiting(body="Call 010-1234-5678 about https://hidden.example today.")
    moderation.redact(comment, [(5, 18), (25, 47)], by=moderator)
    for phrase, found in [("010-1234-5678", 0), ("today", 1)]:
        assert browser.get(NEW, ask(comment, "phrase", phrase=phrase)).context["waiting"] == found
    assert "hidden.example" not in browser.get(QUEUE).text


def test_another_author_than_was_shown_is_not_banned(browser: Client) -> None:
    shown, other = (waiting(proof=make_proof()) for _number in range(2))
    digest = browser.get(NEW, ask(shown, "author")).context["digest"]
    browser.post(NEW, ask(other, "author", shown=digest))
    assert not Sanction.objects.exists()


def test_what_was_not_shown_is_not_done(browser: Client) -> None:
    comment = waiting(body="https://bad.example")
    before = state()
    shown = browser.get(NEW, ask(comment, "host:bad.example")).context["digest"]
    answer = browser.post(NEW, ask(comment, "host:bad.example", reject_waiting="on", shown=shown))
    assert answer.status_code == 200
    assert state() == before


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"target": "phrase", "phrase": " "}, "phrase"),
        ({"target": "phrase", "phrase": "a\u202eb"}, "phrase"),
        ({"target": "host:other.example"}, "target"),
        ({"target": "author"}, "target"),
        ({"comment": "99999999999999999999999"}, "comment"),
        ({"effect": "trust", "reject_waiting": "on"}, "reject_waiting"),
        ({"effect": "worse"}, "effect"),
        ({"days": "-5"}, "days"),
    ],
)
def test_what_makes_no_sense_is_explained(browser: Client, data: dict[str, Any], why: str) -> None:
    comment = waiting(body="https://bad.example")
    answer = browser.post(NEW, ask(comment, "host:bad.example") | data)
    assert why in answer.context["form"].errors
    assert not Sanction.objects.exists()


def test_a_ban_with_all_that_waits_rejects_it_in_one_batch(browser: Client, moderator: User) -> None:
    author = make_proof()
    comments = [waiting(proof=author) for _number in range(3)]
    others = [waiting(), judged(proof=author, points=9.0)]
    answer = confirm(browser, ask(comments[0], "author", reject_waiting="on", reason="Off topic.", note="Again."))

    sanction = Sanction.objects.get()
    assert answer["Location"] == f"/admin/comments/sanctions/{sanction.batch}/"
    assert (sanction.proof, sanction.effect, sanction.made_by, sanction.note) == (author, BAN, moderator, "Again.")
    assert sanction.expires_at
    assert abs(sanction.expires_at - timezone.now() - datetime.timedelta(days=7)) < datetime.timedelta(minutes=1)
    decisions = Decision.objects.filter(batch=sanction.batch)
    assert {decision.comment for decision in decisions} == set(comments)
    assert {(decision.by, decision.reason) for decision in decisions} == {(moderator, "Off topic.")}
    assert [Comment.objects.get(pk=other.pk).status for other in others] == [Status.PENDING, Status.SPAM]
    page = browser.get(answer["Location"]).content.decode()
    assert "<strong>3</strong> comments were rejected with it." in page


def test_of_many_that_wait_the_latest_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanctions, "MAX_AT_ONCE", 2)
    author, post = make_proof(), make_post()
    for number in range(3):
        waiting(post=post, proof=author, body=f"https://bad.example/{number}")
    for target in (sanctions.Target("proof", author), sanctions.Target("host", text="bad.example")):
        found = sanctions.waiting_for(target)
        assert [comment.body[-1] for comment in found] == ["2", "1"]


# Undone


def state() -> str:
    """A hash of all that a ban changes, but for the history itself."""
    comments = [
        {name: value for name, value in row.items() if name != "revision"}
        for row in Comment.objects.order_by("pk").values()
    ]
    bans = [
        {name: value for name, value in row.items() if name != "mark"}
        for row in Sanction.objects.order_by("pk").values()
    ]
    learner = [(row.spam, row.ham, bytes(row.counts)) for row in LearnerState.objects.exclude(spam=0, ham=0)]
    return sha256(repr([comments, bans, learner]).encode()).hexdigest()


def batch_of(answer: Any) -> UUID:
    return UUID(answer["Location"].split("/")[-2])


@pytest.mark.parametrize(
    "earlier",
    [None, {"effect": HOLD}, {"effect": TRUST, "expires_at": days_ago(-3)}, {"effect": BAN, "expires_at": days_ago(1)}],
)
def test_a_ban_with_all_that_waits_is_undone_exactly(
    browser: Client, moderator: User, earlier: dict[str, Any] | None
) -> None:
    post, author = make_post(), make_proof()
    comments = [waiting(post=post, proof=author, body=f"{number}") for number in range(4)]
    moderation.mark_spam(waiting(post=post, body="Learnt."), by=moderator)
    if earlier:
        make_sanction(proof=author, batch=uuid4(), note="Earlier.", made_at=days_ago(2), **earlier)
    before = state()
    answer = confirm(browser, ask(comments[0], "author", reject_waiting="on", days="0"))
    assert state() != before

    assert browser.get(answer["Location"]).status_code == 200
    browser.post(answer["Location"])

    assert state() == before
    assert browser.get(answer["Location"]).status_code == 404


def test_one_after_the_other_is_undone_back_to_nothing(browser: Client) -> None:
    comment = waiting(body="https://bad.example", proof=make_proof())
    states, batches = [state()], []
    for effect in ("trust", "hold", "ban"):
        batches.append(batch_of(confirm(browser, ask(comment, "host:bad.example", effect=effect))))
        states.append(state())
    for batch in reversed(batches):
        states.pop()
        browser.post(f"/admin/comments/sanctions/{batch}/")
        assert state() == states[-1]
    assert not Sanction.objects.exists()


def test_undoing_leaves_what_was_said_or_decided_since(browser: Client) -> None:
    comments = [waiting(body=f"https://bad.example/{number}") for number in range(2)]
    first = batch_of(confirm(browser, ask(comments[0], "host:bad.example", reject_waiting="on")))
    moderation.approve(Comment.objects.get(pk=comments[0].pk), by=make_moderator())
    confirm(browser, ask(comments[1], "host:bad.example", effect="hold"))

    moderation.undo_batch(first, by=make_moderator())

    assert Sanction.objects.get().effect == HOLD
    assert [Comment.objects.get(pk=comment.pk).status for comment in comments] == [Status.APPROVED, Status.PENDING]


def test_undoing_leaves_what_was_changed_by_hand_since(browser: Client) -> None:
    comment = waiting(body="https://bad.example")
    make_sanction("bad.example", effect=TRUST)
    batch = batch_of(confirm(browser, ask(comment, "host:bad.example", reject_waiting="on")))
    pk = Sanction.objects.get().pk
    browser.post(f"/admin/comments/sanction/{pk}/change/", {"effect": "hold", "expires_at": "", "note": ""})

    moderation.undo_batch(batch, by=make_moderator())

    assert Sanction.objects.get().effect == HOLD
    assert Comment.objects.get(pk=comment.pk).status == Status.PENDING


# Kept in a list


def test_moderators_add_change_and_lift_them(browser: Client, moderator: User) -> None:
    folder = "/admin/comments/sanction/"
    data = {"kind": "host", "text": "https://Bad.example/x", "effect": "ban", "expires_at": "", "note": ""}
    browser.post(f"{folder}add/", data)
    sanction = Sanction.objects.get()
    assert (sanction.text, sanction.effect, sanction.made_by) == ("bad.example", BAN, moderator)
    browser.post(f"{folder}{sanction.pk}/change/", {"effect": "hold", "expires_at": "", "note": "Milder."})
    assert [one.effect for one in sanctions.book().sanctions.values()] == [HOLD]
    browser.post(f"{folder}{sanction.pk}/delete/", {"post": "yes"})
    assert not Sanction.objects.exists()


def test_the_same_is_not_said_twice(browser: Client) -> None:
    make_sanction("bad.example")
    data = {"kind": "host", "text": "BAD.example", "effect": "trust", "expires_at": "", "note": ""}
    answer = browser.post("/admin/comments/sanction/add/", data)
    assert answer.status_code == 200
    assert "There is one about this already." in answer.content.decode()


def test_the_list_names_authors_by_number_and_says_what_has_expired(browser: Client) -> None:
    author = make_proof()
    make_sanction(proof=author)
    make_sanction("old.example", expires_at=days_ago(1))
    page = browser.get("/admin/comments/sanction/").content.decode()
    assert f"proven author #{author.pk}" in page
    assert f'href="/admin/comments/queue/?proof={author.pk}"' in page
    assert "Expired on" in page
    assert author.digest not in page


# Proofs


def test_a_proof_with_a_ban_in_force_is_in_use() -> None:
    banned, expired, unknown = (make_proof(used_at=days_ago(200)) for _number in range(3))
    make_sanction(proof=banned)
    make_sanction(proof=expired, expires_at=days_ago(1))
    comment = waiting(proof=unknown)
    retention.purge()
    assert list(Proof.objects.all()) == [banned]
    assert Sanction.objects.count() == 1
    assert Comment.objects.get(pk=comment.pk).proof is None


def test_withdrawing_the_last_comment_lifts_no_ban() -> None:
    author = make_proof()
    make_sanction(proof=author)
    moderation.withdraw(waiting(proof=author))
    assert judged(proof=author).status == Status.REJECTED


def test_what_is_forgotten_is_not_banned_any_more() -> None:
    author = make_proof()
    make_sanction(proof=author)
    proof.forget(author)
    assert not Sanction.objects.exists()


def test_the_engine_sees_in_a_stored_comment_what_it_sees_in_a_new_one() -> None:

    comment = waiting(body="www.bad.example 그리고 https://shop.bad.example", website="https://bad.example")
    rules = Rules([sanctions.row(1, make_sanction("bad.example"))])
    assert list(rules.hits(sanctions.said(comment))) == list(rules.hits(submission_of(comment)))
