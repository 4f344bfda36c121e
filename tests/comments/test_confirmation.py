"""A commenter confirms their address by a link. Whoever types somebody else's causes one mail at most, and no more."""

import datetime
import json
import re
from typing import Any

import pytest
import time_machine
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from comments import confirmation, limits, moderation, outbox, proof, rescoring, retention
from comments.addresses import confirmation_address, status_address
from comments.models import Comment, Confirmation, Contact, OutboxMail, Proof, Status
from comments.spam import Submission
from posts.models import Post
from tests.comments.test_submitting import database_text
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db

ADDRESS = "canary@example.org"
DAY = datetime.timedelta(days=1)


def waiting(*, email: str = ADDRESS, **fields: Any) -> Comment:
    comment = make_comment(status=Status.PENDING, **fields)
    expires = timezone.now() + 30 * DAY
    Contact.objects.create(comment=comment, email=email, purpose=Contact.Purpose.NOTICE, expires_at=expires)
    return comment


def ask(client: Client, comment: Comment, **headers: str) -> Any:
    return client.post(f"{status_address(comment)}ask/", headers=headers)


def link(client: Client, comment: Comment) -> str:
    """Ask for the link and take it from the mail."""
    ask(client, comment)
    outbox.send_due()
    found = re.search(r"http://127\.0\.0\.1:8000(/comments/confirm/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def proof_of(comment: Comment) -> Proof | None:
    comment.refresh_from_db()
    return comment.proof


# Asking


def test_the_link_is_sent_to_who_asks_for_it(client: Client) -> None:
    comment = waiting(body="Canary text", name="Canary name")
    assert "Send me the link" in client.get(status_address(comment)).text
    answer = ask(client, comment)
    assert (answer.status_code, answer["Location"]) == (303, status_address(comment))
    assert "The link is on its way" in client.get(status_address(comment)).text
    outbox.send_due()
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "Confirm your e-mail address for Tumen"
    everything = message.message().as_string()
    assert "Canary" not in everything
    assert comment.post.title not in everything


def test_the_mail_speaks_the_language_of_the_post(client: Client) -> None:
    link(client, waiting(post=make_post(language="ko")))
    assert mail.outbox[0].subject == "Tumen: 이메일 주소를 확인해 주십시오"


def test_the_mail_is_written_with_its_cause_or_not_at_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    comment = waiting()
    monkeypatch.setattr(outbox, "ask_to_confirm", lambda *mail: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(client, comment)
    assert not Confirmation.objects.exists()


def test_a_comment_causes_one_mail_however_often_and_long_it_is_asked_for(client: Client) -> None:
    comment = waiting()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _day in range(40):
            ask(client, comment)
            outbox.send_due()
            retention.purge()
            clock.shift(DAY)
    assert len(mail.outbox) == 1


def test_an_address_gets_a_few_mails_a_day_and_nobody_learns_how_many(client: Client) -> None:
    post = make_post()
    spellings = [ADDRESS, ADDRESS.upper(), ADDRESS.title()]
    comments = [waiting(post=post, email=spellings[number % 3]) for number in range(limits.MAX_MAILS + 3)]
    with time_machine.travel(timezone.now().replace(hour=0, minute=10) + DAY, tick=False) as clock:
        pages = []
        for comment in comments:
            ask(client, comment)
            retention.purge()
            clock.shift(datetime.timedelta(hours=1))
            page = client.get(status_address(comment)).text.partition("<main")[2]
            pages.append(page.replace(comment.name, "").replace(comment.body, "").replace(status_address(comment), ""))
        assert OutboxMail.objects.count() == limits.MAX_MAILS
        assert len(set(pages)) == 1
        ask(client, waiting(post=post, email="another@example.org"))
        assert OutboxMail.objects.count() == limits.MAX_MAILS + 1
        clock.shift(DAY)
        ask(client, waiting(post=post))
        assert OutboxMail.objects.count() == limits.MAX_MAILS + 2


def test_without_an_address_there_is_nothing_to_ask(client: Client) -> None:
    bare, imported = make_comment(status=Status.PENDING), make_comment(status=Status.PENDING)
    Contact.objects.create(comment=imported, email=ADDRESS, purpose=Contact.Purpose.IMPORTED)
    for comment in (bare, imported):
        assert "Send me the link" not in client.get(status_address(comment)).text
        ask(client, comment)
    assert not OutboxMail.objects.exists()
    assert not Confirmation.objects.exists()


def test_a_comment_that_is_proven_needs_no_link(client: Client) -> None:
    comment = waiting()
    proof.link(comment, Proof.objects.create(kind=Proof.Kind.BROWSER, digest="b"))
    comment.save()
    assert "Send me the link" not in client.get(status_address(comment)).text
    ask(client, comment)
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_can_neither_ask_nor_confirm(client: Client, headers: dict[str, str]) -> None:
    comment = waiting()
    assert ask(client, comment, **headers).status_code == 403
    assert not OutboxMail.objects.exists()
    assert client.post(link(client, comment), headers=headers).status_code == 403
    assert proof_of(comment) is None


def test_a_stranger_who_types_an_address_proves_nothing(client: Client) -> None:
    post = make_post()
    honest = waiting(post=post, name="Kim")
    client.post(link(client, honest))
    moderation.approve(honest, by=make_moderator())
    client.post(f"{post.get_absolute_url()}comments/", {"name": "Kim", "email": ADDRESS, "comment": "Not I."})
    stranger = Comment.objects.get(body="Not I.")
    assert stranger.proof is None
    assert set(stranger.signals.values_list("name", flat=True)) == {"same_name_unproven"}
    ask(client, stranger)
    assert proof_of(stranger) is None


# Confirming


def test_who_gets_the_mail_confirms(client: Client) -> None:
    comment = waiting()
    address = link(client, comment)
    page = client.get(address)
    assert page.status_code == 200
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "Your address is confirmed" in client.get(address).text
    found = proof_of(comment)
    assert found
    assert found.kind == Proof.Kind.EMAIL
    assert "Your confirmed e-mail address proves" in client.get(status_address(comment)).text


def test_comments_confirmed_by_one_address_have_one_proof(client: Client) -> None:
    first, second = waiting(), waiting(email="Canary@EXAMPLE.org")
    for comment in (first, second):
        client.post(link(client, comment))
    assert proof_of(first) == proof_of(second) == Proof.objects.get()
    other = waiting(email="other@example.org")
    client.post(link(client, other))
    assert proof_of(other) != proof_of(first)


def test_the_page_tells_nothing_of_any_comment(client: Client) -> None:
    post = make_post()
    moderation.approve(first := waiting(post=post, name="Canary", body="Canary text"), by=make_moderator())
    client.post(link(client, first))
    lone = link(client, waiting(post=post, name="Canary", body="Canary text", email="new@example.org"))
    known = link(client, waiting(post=post, name="Canary", body="Canary text"))
    for confirmed in (False, True):
        pages = [client.get(address).text.partition("<main")[2] for address in (lone, known)]
        assert pages[0] == pages[1]
        assert "Canary" not in pages[0]
        assert ("Your address is confirmed" in pages[0]) == confirmed
        for address in (lone, known):
            client.post(address)


def test_a_hundred_programs_that_follow_the_link_change_nothing(client: Client) -> None:
    comment = waiting()
    address = link(client, comment)
    for _ in range(100):
        client.get(address)
    for method in (client.head, client.options, client.put, client.delete, client.patch):
        method(address)
    assert proof_of(comment) is None
    assert client.post(address).status_code == 303
    assert proof_of(comment)


def test_a_tampered_link_leads_nowhere(client: Client) -> None:
    comment, other = waiting(), waiting(email="other@example.org")
    address, foreign = link(client, comment), link(client, other)
    start, payload, rest = re.split(r"(?<=confirm/)([^:]+)", address)
    own = signing.b64_encode(json.dumps([comment.pk, "0" * 64]).encode()).decode()
    forged = [
        f"{start}{re.split(r'(?<=confirm/)([^:]+)', foreign)[1]}{rest}",
        f"{start}{own}{rest}",
        f"{start}{payload}{rest[:-2]}{'A' if rest[-2] != 'A' else 'B'}/",
        f"{start}{payload}/",
        f"{start}{signing.dumps([comment.pk, '0' * 64])}/",
        f"{start}{signing.dumps([comment.pk, '0' * 64], salt='comments.status')}/",
    ]
    assert [client.get(path).status_code for path in forged] == [404] * len(forged)
    assert [client.post(path).status_code for path in forged] == [404] * len(forged)
    assert not Proof.objects.exists()


def test_a_link_is_used_once(client: Client) -> None:
    comment = waiting()
    address = link(client, comment)
    client.post(address)
    client.post(f"{status_address(comment)}forget/")
    for _ in range(2):
        client.post(address)
    assert proof_of(comment) is None
    assert not Proof.objects.exists()
    page = client.get(address)
    assert page.status_code == 410
    assert "This link is not valid any more" in page.text


@pytest.mark.parametrize(("days", "is_good"), [(6.99, True), (7, False), (29, False), (31, False)])
def test_a_link_expires_after_a_week(client: Client, days: float, *, is_good: bool) -> None:
    comment = waiting()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        address = link(client, comment)
        clock.shift(days * DAY)
        retention.purge()
        assert client.get(address).status_code == (200 if is_good else 410)
        client.post(address)
    assert bool(proof_of(comment)) == is_good


def test_a_withdrawn_comment_is_confirmed_by_nobody(client: Client) -> None:
    comment, unsent = waiting(), waiting()
    address = link(client, comment)
    ask(client, unsent)
    for each in (comment, unsent):
        client.post(status_address(each))
    client.post(address)
    assert client.get(address).status_code == 410
    assert not Proof.objects.exists()
    assert not OutboxMail.objects.filter(kind=OutboxMail.Kind.CONFIRM, sent_at=None).exists()


def test_the_mark_for_an_unproven_name_goes_when_it_is_proven(client: Client) -> None:
    post = make_post()
    known = waiting(post=post, name="Kim")
    client.post(link(client, known))
    moderation.approve(known, by=make_moderator())
    impostor, same = waiting(post=post, name="Kim", email="other@example.org"), waiting(post=post, name="Kim")
    for comment in (impostor, same):
        comment.signals.create(name="same_name_unproven", points=0, reason="Same name.")
        client.post(link(client, comment))
    assert [comment.signals.count() for comment in (impostor, same)] == [1, 0]


@pytest.mark.usefixtures("silent_prior")
def test_what_became_of_earlier_comments_counts_once_it_is_proven(client: Client) -> None:
    earlier = waiting()
    client.post(link(client, earlier))
    moderation.approve(earlier, by=make_moderator())
    comment = waiting(body="", scored_at=None, score=None)
    moderation.score(comment, Submission(text="", honeypot="x"))
    client.post(link(client, comment))
    assert rescoring.score_due() == 1
    comment.refresh_from_db()
    points = {signal.name: signal.points for signal in comment.signals.all()}
    assert points == {"honeypot": 4.0, "proven_history": -0.5}, "what only the request knew is still known"
    assert (comment.score, comment.incomplete, comment.score_again_at) == (3.5, False, None)
    assert rescoring.score_due() == 0


@pytest.mark.usefixtures("silent_prior")
def test_history_is_not_counted_twice(client: Client) -> None:
    comment = waiting(body="", scored_at=None, score=None)
    moderation.score(comment, Submission(text=""))
    comment.signals.create(name="proven_history", points=-2.0, reason="As it was then.")
    client.post(link(client, comment))
    rescoring.score_due()
    assert not comment.signals.exists()


@pytest.mark.parametrize("decide", [moderation.mark_spam, moderation.reject, moderation.approve])
@pytest.mark.parametrize("restored", [True, False])
def test_what_somebody_has_decided_about_is_not_scored_again(client: Client, decide: Any, *, restored: bool) -> None:
    comment, moderator = waiting(), make_moderator()
    address = link(client, comment)
    decide(comment, by=moderator)
    if restored and comment.status != Status.APPROVED:
        moderation.restore(comment, by=moderator)
    client.post(address)
    assert proof_of(comment)
    assert rescoring.score_due() == 0


# What is kept of the address


def test_after_all_is_done_the_database_holds_no_address(client: Client) -> None:
    comment = waiting()
    client.post(link(client, comment))
    moderation.approve(comment, by=make_moderator())
    outbox.send_due()
    assert len(mail.outbox) == 2
    dump = database_text()
    assert ADDRESS not in dump
    assert proof.digest_of(Proof.Kind.EMAIL, ADDRESS) in dump
    assert proof.digest_of(Proof.Kind.BROWSER, ADDRESS) not in dump


def test_the_link_that_is_sent_does_not_end_the_wait_for_the_notice(client: Client) -> None:
    comment = waiting()
    link(client, comment)
    assert Contact.objects.get().email == ADDRESS
    moderation.approve(comment, by=make_moderator())
    outbox.send_due()
    assert [message.subject for message in mail.outbox][1:] == ["Your comment on Tumen was published"]


def test_taking_a_comment_down_does_not_stop_the_link(client: Client) -> None:
    comment = waiting()
    moderation.approve(comment, by=make_moderator())
    ask(client, comment)
    moderation.reject(comment, by=make_moderator())
    assert OutboxMail.objects.get().kind == OutboxMail.Kind.CONFIRM


def test_the_record_of_asking_outlives_the_address_and_then_goes() -> None:
    comment = waiting()
    confirmation.ask(comment)
    with time_machine.travel(timezone.now() + 29.9 * DAY):
        retention.purge()
        assert Confirmation.objects.exists()
    with time_machine.travel(timezone.now() + 30.1 * DAY):
        retention.purge()
        assert not Confirmation.objects.exists()
        assert not Contact.objects.exists()


def test_a_post_that_is_hidden_is_not_named(client: Client) -> None:
    comment = waiting(post=make_post(title="canary"))
    address = link(client, comment)
    Post.objects.update(state="draft")
    assert "canary" not in client.get(address).text
    assert confirmation_address(comment, "0") != confirmation_address(comment, "1")
