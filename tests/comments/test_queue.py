"""The moderators' queue: what it shows, in which order, and what its buttons do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from comments import batches, listing, moderation, queue, tallies
from comments.models import Campaign, Claim, Comment, CommentSignal, Contact, Decision, Moderator, Proof, Status
from posts.models import State
from tests.factories import days_ago, make_comment, make_editor, make_moderator, make_post, make_rule

QUEUE = "/admin/comments/queue/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_moderator(username="haneul")


@pytest.fixture
def browser(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def waiting(**fields: object) -> Comment:
    return make_comment(status=Status.PENDING, **fields)


def press(browser: Client, action: str, *comments: Comment, address: str = QUEUE, reason: str = "") -> HttpResponse:
    """Press a button for the comments as they are in memory: as they were shown."""
    chosen = [f"{comment.pk}:{comment.revision}" for comment in comments]
    return browser.post(address, {"action": action, "comment": chosen, "reason": reason})


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def said(browser: Client) -> str:
    """What the page says that the moderator did last."""
    return str(browser.get(QUEUE).context["last"].sentence)


def shown(browser: Client, address: str = QUEUE) -> list[Comment]:
    return list(browser.get(address).context["listing"].comments)


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


# What it shows


def test_each_view_shows_its_comments_and_counts_all(browser: Client) -> None:
    made = {status: make_comment(status=status) for status in queue.VIEWS}
    moderation.withdraw(waiting())
    waiting()
    for status, comment in made.items():
        page = browser.get(QUEUE, {"status": status})
        assert comment in page.context["listing"].comments
        assert {found.status for found in page.context["listing"].comments} == {status}
        assert [count for _tab, count in page.context["tabs"]] == [2, 1, 1, 1]
    assert set(queue.VIEWS) == set(Status) - {Status.WITHDRAWN}


def test_every_button_is_a_legal_move(moderator: User) -> None:
    for status, view in queue.VIEWS.items():
        for action in view.actions:
            outcome = batches.carry_out(action.after, {make_comment(status=status).pk: 0}, by=moderator)
            assert not outcome.problems


def test_who_has_waited_longest_comes_first(browser: Client, moderator: User) -> None:
    second, first = waiting(created_at=days_ago(2)), waiting(created_at=days_ago(3))
    restored = make_comment(status=Status.REJECTED, created_at=days_ago(4))
    moderation.restore(restored, by=moderator)
    assert shown(browser) == [first, second, restored]


def test_the_newest_decision_comes_first(browser: Client, moderator: User) -> None:
    early, late = waiting(created_at=days_ago(1)), waiting(created_at=days_ago(2))
    moderation.approve(early, by=moderator)
    moderation.approve(late, by=moderator)
    assert shown(browser, f"{QUEUE}?status=approved") == [late, early]


def test_a_comment_stands_in_its_context(browser: Client, moderator: User) -> None:
    post = make_post(title="The river", language="ko")
    parent = make_comment(post=post, name="Jun", body="Where was it?")
    comment = waiting(
        parent=parent, name="Min-ji", website="https://minji.example", created_at=days_ago(2), score=3.5, threshold=5.0
    )
    evidence = {"field": "text", "start": 0, "end": 7, "quote": "Comment"}
    CommentSignal.objects.create(comment=comment, name="a", points=4.5, reason="It has links.", evidence=evidence)
    CommentSignal.objects.create(comment=comment, name="b", points=-1, reason="It has a name.")
    moderation.reject(comment, by=moderator, reason="Rude.")
    moderation.restore(comment, by=moderator)
    Comment.objects.update(status_since=days_ago(2))

    page = browser.get(QUEUE).content.decode()
    for expected in [
        f'<a href="{post.get_absolute_url()}" lang="ko">The river</a>',
        "In reply to <bdi>Jun</bdi>",
        "Where was it?",
        "<bdi>Min-ji</bdi>",
        "<bdi>https://minji.example</bdi>",
        "waits 2\xa0days",
        "Score <strong>3.5</strong> (spam from 5.0)",
        '<span class="points">+4.5</span>',
        "It has links. <q><bdi>Comment</bdi></q>",
        '<span class="points">-1.0</span>',
        "It has a name.",
        "Rejected by haneul, ",
        "<q><bdi>Rude.</bdi></q>",
        "Restored by haneul, ",
    ]:
        assert expected in page


def test_what_readers_cannot_see_is_marked(browser: Client) -> None:
    parent = make_comment(status=Status.REJECTED, post=make_post(state=State.DRAFT, title="Draft"))
    waiting(parent=parent)
    page = browser.get(QUEUE).content.decode()
    assert '<span lang="en">Draft</span> (not public)' in page
    assert "(Rejected)" in page


def test_what_a_commenter_wrote_is_shown_as_text(browser: Client) -> None:
    bad = '<script>alert(1)</script> <a href="https://bad.example">x</a> https://bad.example'
    parent = make_comment(name=bad, body=bad)
    comment = waiting(parent=parent, name=bad, website=f"https://bad.example/{bad}", body=bad)
    CommentSignal.objects.create(comment=comment, name="x", points=1, reason=bad, evidence={"quote": bad})
    moderation.reject(comment, by=None, reason=bad)
    page = browser.get(QUEUE, {"status": "rejected"}).content.decode()
    assert "<script>alert" not in page
    assert 'href="https://bad.example' not in page
    assert page.count("&lt;script&gt;alert(1)") == 10


def test_no_address_of_a_commenter_is_shown(browser: Client) -> None:
    comment = waiting()
    assert "has e-mail" not in browser.get(QUEUE).content.decode()
    Contact.objects.create(comment=comment, email="canary@example.org", purpose=Contact.Purpose.NOTICE)
    page = browser.get(QUEUE).content.decode()
    assert "has e-mail" in page
    assert "canary" not in page


def test_nobody_keeps_a_copy(browser: Client) -> None:
    answer = browser.get(QUEUE)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("status", queue.VIEWS)
def test_an_empty_view_says_so(browser: Client, status: str) -> None:
    assert str(queue.VIEWS[status].empty) in browser.get(QUEUE, {"status": status}).content.decode()


@pytest.mark.parametrize(
    "query", ["status=withdrawn", "status=x", "after=x", "after=1-2-3", "before=20260101T000000.0-"]
)
def test_an_address_that_was_never_given_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"{QUEUE}?{query}").status_code == 404


def test_the_cost_does_not_grow_with_the_comments(browser: Client, moderator: User) -> None:
    """With all that a page may ask for: a campaign, hits of a rule, and a moderator who has entered a code."""
    campaign = Campaign.objects.create(kind=Campaign.Kind.HOST, key="x.example")
    rule = make_rule()
    press(browser, "approve", waiting(name="Bora"))
    session = browser.session
    session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.create(user=moderator, name="TOTP").persistent_id
    session.save()

    def more() -> None:
        comment = waiting(parent=make_comment(), name="Bora", campaign=campaign)
        CommentSignal.objects.create(comment=comment, name=f"rule_{rule.pk}", points=1, reason="x")
        moderation.reject(comment, by=make_moderator())
        moderation.restore(comment, by=make_moderator())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(QUEUE).status_code == 200
        return len(captured)

    more()
    queries()  # the first page of a process reads sanctions and rules, too
    with_one = queries()
    for _time in range(5):
        more()
    assert queries() == with_one <= 14


# Its pages


def pages(browser: Client, address: str, direction: str) -> Iterator[list[Comment]]:
    """From page to page, as a moderator follows the links."""
    status, place = address, ""
    for _page in range(10):
        listing = browser.get(f"{status}&{direction}={place}" if place else status).context["listing"]
        yield listing.comments
        place = getattr(listing, direction)
        if not place:
            return


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_pages_lead_forward_and_back_through_all_comments(
    browser: Client, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    moments = [days_ago(5), days_ago(4), days_ago(4), days_ago(4), days_ago(3)]
    moments[1:4] = [moments[1]] * 3  # the same moment: the number decides
    comments = [make_comment(status=status, created_at=moment) for moment in moments]
    if status != "pending":
        comments.reverse()
    address = f"{QUEUE}?status={status}"
    forward = list(pages(browser, address, "after"))
    assert forward == [comments[:2], comments[2:4], comments[4:]]

    last = browser.get(f"{address}&after={listing.position(comments[3])}").context["listing"]
    back = list(pages(browser, f"{address}&before={last.before}", "before"))
    assert back == [comments[2:4], comments[:2]]


def test_a_page_that_was_emptied_leads_to_what_is_left(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 1)
    left, gone = waiting(created_at=days_ago(2)), waiting(created_at=days_ago(1))
    address = f"{QUEUE}?after={listing.position(left)}"
    assert shown(browser, address) == [gone]
    press(browser, "approve", gone, address=address)
    assert shown(browser, address) == [left]


def test_the_way_back_never_ends_in_a_torn_page(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    first, second, third = (waiting(created_at=days_ago(age)) for age in (3, 2, 1))
    press(browser, "approve", first)
    assert shown(browser, f"{QUEUE}?before={listing.position(third)}") == [second, third]


# What its buttons do


@pytest.mark.parametrize(
    ("status", "action", "after", "deed"),
    [
        ("pending", "approve", Status.APPROVED, "Published"),
        ("pending", "reject", Status.REJECTED, "Rejected"),
        ("pending", "spam", Status.SPAM, "Marked as spam"),
        ("approved", "take-down", Status.REJECTED, "Taken down"),
        ("approved", "spam", Status.SPAM, "Marked as spam"),
        ("rejected", "approve", Status.APPROVED, "Published"),
        ("rejected", "restore", Status.PENDING, "Waits again"),
        ("rejected", "spam", Status.SPAM, "Marked as spam"),
        ("spam", "approve", Status.APPROVED, "Published"),
        ("spam", "restore", Status.PENDING, "Waits again"),
        ("spam", "reject", Status.REJECTED, "Rejected"),
    ],
)
def test_a_button_decides_and_leads_back(
    browser: Client, moderator: User, status: str, action: str, after: Status, deed: str
) -> None:
    comment, address = make_comment(status=status, name="Min-ji"), f"{QUEUE}?status={status}&after=20260101T000000.0-1"
    answer = press(browser, action, comment, address=address, reason=" Because. ")
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert told(answer) == []
    assert said(browser) == f"{deed}: “\u2068Min-ji\u2069”."
    decision = Decision.objects.get()
    assert (decision.by, decision.before, decision.after, decision.reason) == (moderator, status, after, "Because.")


def test_every_button_of_every_view_is_tried_above() -> None:
    [tried] = [mark for mark in test_a_button_decides_and_leads_back.pytestmark if mark.name == "parametrize"]
    buttons = {(view.status, action.name) for view in queue.VIEWS.values() for action in view.actions}
    assert {(status, action) for status, action, *_rest in tried.args[1]} == buttons


def test_many_are_decided_at_once(browser: Client) -> None:
    comments = [waiting() for _time in range(3)]
    answer = press(browser, "spam", comments[0], comments[2])
    assert told(answer) == []
    assert said(browser) == "Marked as spam: 2 comments."
    assert len(set(Decision.objects.values_list("batch", flat=True))) == 1
    assert statuses() == [Status.SPAM, Status.PENDING, Status.SPAM]


def test_a_second_moderator_is_told_and_the_rest_goes_through(browser: Client) -> None:
    colleague = make_moderator(username="jun")
    taken, erased, free = waiting(name="Min-ji"), waiting(name="Canary"), waiting()
    moderation.reject(Comment.objects.get(pk=taken.pk), by=colleague)
    moderation.withdraw(Comment.objects.get(pk=erased.pk))
    answer = press(browser, "approve", taken, erased, free)
    assert told(answer) == [
        "“\u2068Min-ji\u2069”: Somebody else has decided about this comment meanwhile. Rejected by jun.",
        f"“\u2068#{erased.pk}\u2069”: Somebody else has decided about this comment meanwhile. Withdrawn by its author.",
    ]
    assert said(browser).startswith("Published: ")
    assert statuses() == [Status.REJECTED, Status.WITHDRAWN, Status.APPROVED]
    assert Decision.objects.count() == 3


def test_who_agrees_with_a_faster_colleague_is_told_too(browser: Client) -> None:
    comment = waiting(name="Min-ji")
    moderation.approve(Comment.objects.get(pk=comment.pk), by=make_moderator(username="jun"))
    assert "Published by jun." in told(press(browser, "approve", comment))[0]
    assert Decision.objects.count() == 1


def test_restored_meanwhile_is_stale_too(browser: Client, moderator: User) -> None:
    comment = waiting()
    other = Comment.objects.get(pk=comment.pk)
    moderation.reject(other, by=moderator)
    moderation.restore(other, by=moderator)
    assert "Restored by haneul." in told(press(browser, "approve", comment))[0]
    assert statuses() == [Status.PENDING]


def test_a_comment_that_does_not_exist_changes_nothing(browser: Client) -> None:
    answer = browser.post(QUEUE, {"action": "approve", "comment": ["99:0", "98:0"]})
    assert told(answer) == ["Somebody else has decided about this comment meanwhile."] * 2


def test_nothing_ticked_is_said(browser: Client) -> None:
    waiting()
    assert told(press(browser, "approve")) == ["Please tick at least one comment."]
    assert statuses() == [Status.PENDING]


@pytest.mark.parametrize(
    "form",
    [
        {"action": "restore", "comment": "1:0"},  # not a button of this view
        {"action": "withdraw", "comment": "1:0"},
        {"comment": "1:0"},
        {"action": "approve", "comment": "1"},
        {"action": "approve", "comment": "x:y"},
        {"action": "approve", "comment": "1:0:0"},
        {"action": "approve", "comment": f"{10**40}:0"},
    ],
)
def test_a_form_that_was_never_given_is_refused(browser: Client, form: dict[str, str]) -> None:
    waiting(pk=1)
    assert browser.post(QUEUE, form).status_code == 400
    assert statuses() == [Status.PENDING]


def test_a_reason_of_any_kind_is_kept(browser: Client) -> None:
    press(browser, "reject", waiting(), reason="가\0" + "x" * 499)
    assert Decision.objects.get().reason == "가" + "x" * 499


def test_looking_changes_nothing(browser: Client) -> None:
    comment = waiting()
    browser.get(QUEUE, {"action": "approve", "comment": f"{comment.pk}:0"})
    browser.head(QUEUE, {"action": "approve", "comment": f"{comment.pk}:0"})
    assert browser.put(QUEUE).status_code == 405
    assert statuses() == [Status.PENDING]


def test_a_forged_form_is_refused(moderator: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(moderator)
    assert press(browser, "approve", waiting()).status_code == 403
    assert statuses() == [Status.PENDING]


def test_problems_are_told_on_the_next_page_and_in_no_cookie(browser: Client) -> None:
    press(browser, "approve")
    assert set(browser.cookies) <= {"session", "csrf"}
    assert "Please tick at least one comment." in browser.get(QUEUE, {"status": "spam"}).content.decode()
    assert '<li class="warning">' not in browser.get(QUEUE).content.decode()


# Undo


def undo(browser: Client, batch: object, **headers: str) -> HttpResponse:
    return browser.post(f"{QUEUE}undo/?status=spam", {"batch": str(batch)}, headers=headers)


def test_each_press_is_undone_one_after_the_other(browser: Client, moderator: User) -> None:
    ara, binna = waiting(name="Ara"), waiting(name="Binna")
    press(browser, "reject", ara)
    press(browser, "spam", binna)
    for name, left in [("Binna", [Status.REJECTED, Status.PENDING]), ("Ara", [Status.PENDING, Status.PENDING])]:
        page = browser.get(QUEUE)
        assert name in page.context["last"].sentence
        answer = undo(browser, page.context["last"].key)
        assert (answer.status_code, answer["Location"].split("#")[0]) == (302, f"{QUEUE}?status=spam")
        assert told(answer) == [f"Undone: “\u2068{name}\u2069”."]
        assert statuses() == left
    assert browser.get(QUEUE).context["last"] is None


def test_what_was_done_together_is_undone_together(browser: Client) -> None:
    press(browser, "spam", *[waiting() for _time in range(3)])
    answer = undo(browser, Decision.objects.values_list("batch", flat=True)[0])
    assert told(answer) == ["Undone: 3 comments."]
    assert answer["Location"].endswith(f"?status=spam#comment-{Comment.objects.earliest('pk').pk}")
    assert statuses() == [Status.PENDING] * 3


def test_what_a_colleague_decided_since_is_left_and_told(browser: Client) -> None:
    comment = waiting(name="Min-ji")
    press(browser, "reject", comment)
    batch = Decision.objects.get().batch
    moderation.approve(Comment.objects.get(), by=make_moderator(username="jun"))
    assert browser.get(QUEUE).context["last"] is None
    answer = undo(browser, batch)
    assert told(answer)[0] == "There is nothing left to undo."
    assert "Min-ji" in told(answer)[1]
    assert "Published by jun." in told(answer)[1]
    assert statuses() == [Status.APPROVED]


def test_only_what_one_did_oneself_of_late_is_offered_to_be_undone(browser: Client, moderator: User) -> None:
    batches.carry_out(Status.SPAM, {waiting().pk: 0}, by=make_moderator())
    with time_machine.travel(days_ago(2)):
        batches.carry_out(Status.SPAM, {waiting().pk: 0}, by=moderator)
    purged = waiting()
    batches.carry_out(Status.SPAM, {purged.pk: 0}, by=moderator)
    Comment.objects.filter(pk=purged.pk).update(purged_at=days_ago(0))
    assert browser.get(QUEUE).context["last"] is None


@pytest.mark.parametrize("batch", ["", "x", "1"])
def test_undoing_what_was_never_offered_is_refused(browser: Client, batch: str) -> None:
    assert undo(browser, batch).status_code == 400


def test_undoing_what_nobody_did_does_nothing(browser: Client) -> None:
    assert told(undo(browser, uuid4())) == ["There is nothing left to undo."]


# What its module asks for


JSON = {"accept": "application/json"}


def test_a_program_is_answered_at_once(browser: Client) -> None:
    ara, taken = waiting(name="Ara"), waiting(name="Binna")
    moderation.mark_spam(Comment.objects.get(pk=taken.pk), by=make_moderator(username="jun"))
    chosen = {"action": "reject", "comment": [f"{ara.pk}:0", f"{taken.pk}:0"]}
    answer = browser.post(QUEUE, chosen, headers=JSON)
    found = answer.json()
    assert found["done"] == [ara.pk]
    assert found["said"] == found["last"]["sentence"] == "Rejected: “\u2068Ara\u2069”."
    assert "Marked as spam by jun." in found["problems"][str(taken.pk)]
    assert [found["counts"][status] for status in ("pending", "approved", "rejected", "spam")] == ["0", "0", "1", "1"]
    assert told(answer) == []

    found = undo(browser, found["last"]["key"], **JSON).json()
    assert found["done"] == [ara.pk]
    assert found["said"] == "Undone: “\u2068Ara\u2069”."
    assert found["last"] is None


def test_comments_are_found_one_by_one(browser: Client) -> None:
    first, _second, third = waiting(), waiting(), waiting()
    elsewhere = make_comment(status=Status.SPAM)
    assert shown(browser, f"{QUEUE}?only={first.pk},{third.pk},{elsewhere.pk}") == [first, third]
    assert browser.get(f"{QUEUE}?only=x").status_code == 404


def test_what_was_fetched_alone_leads_back_to_the_page(browser: Client) -> None:
    comment = waiting()
    page = browser.get(f"{QUEUE}?order=newest&only={comment.pk}").content.decode()
    card = page[page.index("<article") : page.index("</article>")]
    assert f'action="{QUEUE}?order=newest#comment-{comment.pk}"' in card
    assert f'value="{QUEUE}?order=newest#comment-{comment.pk}"' in card
    assert "only=" not in card


# Decide what you saw


def test_what_changed_in_the_text_is_told_and_not_what_was_covered(browser: Client) -> None:
    comment = waiting(
        name="Ara", body="My \u2069\u202ebrother in Hoeryong is 010-1234-5678, do not call him in the evening, please."
    )
    moderation.redact(Comment.objects.get(), [(28, 41)], by=make_moderator(username="jun"))
    [problem] = told(press(browser, "approve", comment))
    assert problem == (
        "“\u2068Ara\u2069”: Somebody else has decided about this comment meanwhile. Passages covered by jun. "
        "It now reads “\u2068My brother in Hoeryong is [removed], do not call him in the eveni…\u2069”."
    )
    assert statuses() == [Status.PENDING]


def test_the_text_of_a_withdrawn_comment_is_not_told(browser: Client) -> None:
    comment = waiting(name="Ara", body="Canary.")
    moderation.redact(comment, [(0, 3)], by=make_moderator())
    moderation.withdraw(Comment.objects.get())
    [problem] = told(press(browser, "approve", comment))
    assert problem.endswith(" Withdrawn by its author.")


def test_many_cost_no_more_queries_than_their_decisions(browser: Client) -> None:
    def queries(count: int) -> int:
        comments = [waiting() for _time in range(count)]
        with CaptureQueriesContext(connection) as captured:
            press(browser, "reject", *comments)
        return len(captured)

    assert queries(6) - queries(2) <= 4


# Others at work


def live(browser: Client, *comments: Comment) -> dict[str, Any]:
    seen = ",".join(f"{comment.pk}:{comment.revision}" for comment in comments)
    return browser.get(f"{QUEUE}live/", {"seen": seen}).json()


def look(user: User, comment: Comment) -> dict[str, Any]:
    browser = Client()
    browser.force_login(user)
    return browser.post(f"{QUEUE}claim/", {"comment": comment.pk}).json()


def test_what_others_decide_is_known_while_one_looks(browser: Client, moderator: User) -> None:
    same, decided = make_comment(status=Status.SPAM), waiting()
    moderation.restore(same, by=moderator)
    moderation.reject(Comment.objects.get(pk=decided.pk), by=make_moderator(username="jun"))
    found = live(browser, same, decided)
    assert found["changed"] == {str(decided.pk): {"said": "Rejected by jun.", "status": "rejected"}}
    assert found["counts"]["pending"] == "1"
    assert live(browser)["changed"] == {}


def test_a_card_leads_to_all_of_its_post_and_of_its_author(browser: Client) -> None:
    post = make_post()
    proof = Proof.objects.create(kind=Proof.Kind.BROWSER, digest="a" * 64)
    of_post, of_name, of_proof = waiting(post=post), waiting(name="Ara & co"), waiting(proof=proof)
    latest = waiting(post=post, name="Ara & co", proof=proof)
    make_comment(name="Ara & co", status=Status.APPROVED)
    page = unescape(browser.get(f"{QUEUE}?order=newest").text)
    links = {field: re.findall(rf'href="(\?[^"]*{field}=[^"]*)"', page) for field in ("post", "name", "proof")}
    assert shown(browser, QUEUE + links["post"][0]) == [latest, of_post]
    assert shown(browser, QUEUE + links["name"][0]) == [latest, of_name]
    assert shown(browser, QUEUE + links["proof"][0]) == [latest, of_proof]
    assert f"{links['name'][0]}" in (narrowed := unescape(browser.get(QUEUE + links["name"][0]).text))
    assert "Published (1)" in narrowed
    assert "Only this post" not in browser.get(QUEUE + links["post"][0]).text


def test_whatever_the_tabs_count_is_counted_anew(browser: Client) -> None:
    counted = set(re.findall(r'data-count="(\w+)"', browser.get(QUEUE).text))
    assert counted == {"pending", "approved", "rejected", "spam", "appeals"}
    assert counted <= live(browser)["counts"].keys()


def test_others_see_who_looks_at_a_comment(browser: Client, moderator: User) -> None:
    comment, jun = waiting(), make_moderator(username="jun")
    assert look(jun, comment) == {"looking": {}}
    assert live(browser, comment)["looking"] == {str(comment.pk): "jun is looking at this."}
    assert "jun is looking at this." in browser.get(QUEUE).content.decode()
    assert look(moderator, comment)["looking"] == {str(comment.pk): "jun is looking at this."}
    assert "is looking" not in browser.get(QUEUE, {"status": "spam"}).content.decode()


def test_one_looks_at_one_comment_only(browser: Client) -> None:
    first, second, jun = waiting(), waiting(), make_moderator(username="jun")
    look(jun, first)
    look(jun, second)
    assert live(browser, first, second)["looking"] == {str(second.pk): "jun is looking at this."}


def test_a_claim_ends_by_itself_and_forbids_nothing(browser: Client, moderator: User) -> None:
    comment, jun = waiting(), make_moderator(username="jun")
    with time_machine.travel(days_ago(0) - timedelta(seconds=59), tick=False):
        look(jun, comment)
    assert live(browser, comment)["looking"] != {}
    with time_machine.travel(days_ago(0) + timedelta(seconds=2), tick=False):
        assert live(browser, comment)["looking"] == {}
        look(moderator, comment)
    assert Claim.objects.get().by == moderator
    press(browser, "approve", comment)
    assert statuses() == [Status.APPROVED]


def test_asking_what_others_do_writes_nothing(browser: Client) -> None:
    comments = [waiting() for _time in range(3)]
    look(make_moderator(), comments[0])
    with CaptureQueriesContext(connection) as captured:
        live(browser, *comments)
    assert {query["sql"].split()[0] for query in captured} == {"SELECT"}


def test_asking_about_many_costs_the_same(browser: Client, moderator: User) -> None:
    def queries(*comments: Comment) -> int:
        with CaptureQueriesContext(connection) as captured:
            live(browser, *comments)
        return len(captured)

    comments = [waiting() for _time in range(6)]
    for comment in comments:
        moderation.reject(Comment.objects.get(pk=comment.pk), by=moderator)
    assert queries(*comments) == queries(comments[0]) <= 8


@pytest.mark.parametrize("seen", ["x", "1", "1:2:3", "1:0,x"])
def test_asking_nonsense_is_refused(browser: Client, seen: str) -> None:
    assert browser.get(f"{QUEUE}live/", {"seen": seen}).status_code == 400


@pytest.mark.parametrize(("comment", "status"), [("x", 400), ("", 400), ("99", 404), ("9" * 40, 400)])
def test_looking_at_nothing_is_refused(browser: Client, comment: str, status: int) -> None:
    assert browser.post(f"{QUEUE}claim/", {"comment": comment}).status_code == status


# How it is set up


def test_the_page_carries_the_keys_that_the_moderator_chose(browser: Client, moderator: User) -> None:
    assert 'data-keys="tumen"' in browser.get(QUEUE).content.decode()
    Moderator.objects.create(user=moderator, keys=Moderator.Keys.CORAL)
    assert 'data-keys="coral"' in browser.get(QUEUE).content.decode()


def test_nobody_counts_further_than_anybody_reads(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "FAR_ENOUGH", 2)
    for _time in range(4):
        waiting()
    assert tallies.tallies().counts[Status.PENDING] == 3
    assert '<span class="count" data-count="pending">2+</span>' in browser.get(QUEUE).content.decode()
    assert "<strong>2+</strong> comments wait" in browser.get("/admin/").content.decode()


# The way to it


def test_the_front_page_and_every_header_lead_to_it_with_the_count(browser: Client) -> None:
    waiting()
    front = browser.get("/admin/").content.decode()
    assert "<strong>1</strong> comment waits for a decision." in front
    assert front.count(f'href="{QUEUE}"') == 2
    waiting()
    assert "<strong>2</strong> comments wait for a decision." in browser.get("/admin/").content.decode()
    assert (
        f'<a href="{QUEUE}">Comments (<span data-count="pending">2</span>)</a>' in browser.get(QUEUE).content.decode()
    )


def test_who_may_not_moderate_is_not_led_to_it(client: Client) -> None:
    client.force_login(make_editor())
    assert QUEUE not in client.get("/admin/").content.decode()
