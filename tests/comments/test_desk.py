"""The inside of a card in the queue, and what can be done in it: reasons, notes, replies, covers."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from comments import appeals, desk, moderation, outbox, queue, ready_made
from comments.addresses import status_address
from comments.models import Comment, CommentSignal, Contact, Decision, Note, Proof, Status, Template
from comments.moves import PassageError
from posts import identity
from tests.factories import make_comment, make_decided, make_moderator, make_post, make_user

QUEUE = "/admin/comments/queue/"
TEMPLATES = "/admin/comments/template/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_moderator(username="haneul")


@pytest.fixture
def browser(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def waiting(**fields: Any) -> Comment:
    return make_comment(status=Status.PENDING, **fields)


def card_of(comment: Comment, *, viewer: User | None = None) -> desk.Card:
    shown = desk.in_context().filter(pk=comment.pk)
    [card] = desk.lay_out(dict.fromkeys(shown, []), Template.objects.all(), viewer=viewer or make_moderator())
    return card


def send(browser: Client, deed: str, comment: Comment, **fields: str) -> HttpResponse:
    """The form of a card, for the comment as it is in memory: as it was shown."""
    return browser.post(f"{QUEUE}{deed}/", {"comment": f"{comment.pk}:{comment.revision}", **fields})


def reject(browser: Client, *comments: Comment, **fields: str) -> HttpResponse:
    chosen = [f"{comment.pk}:{comment.revision}" for comment in comments]
    return browser.post(QUEUE, {"action": "reject", "comment": chosen, **fields})


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def make_template(text: str, *, kind: str = Template.Kind.REASON, **fields: Any) -> Template:
    return Template.objects.create(kind=kind, label=f"Label {Template.objects.count()}", text=text, **fields)


# What the card shows


def test_evidence_is_marked_in_the_text_and_numbered_as_in_the_list(browser: Client) -> None:
    comment = waiting(body="Buy <pills>.", careful=True)
    evidence = {"field": "text", "start": 4, "end": 11, "quote": "<pills>"}
    CommentSignal.objects.create(comment=comment, name="danger_x", points=1, reason='It "sells".', evidence=evidence)
    page = browser.get(QUEUE).text
    assert 'title="It &quot;sells&quot;.">&lt;pills&gt;<sup class="reference">1</sup></mark>.' in page
    assert '<mark class="danger"' in page
    assert '<span class="number">1</span>' in page
    assert "Needs a careful eye" in page


def test_the_language_is_that_of_the_text(browser: Client) -> None:
    waiting(body="강을 건너는 이야기", post=make_post(language="en"))
    page = browser.get(QUEUE).text
    assert '<span class="hint">Korean</span>' in page
    assert 'dir="auto" lang="ko" data-redactable>강을' in page


def test_what_became_of_earlier_comments_by_the_same_proven_author(browser: Client, moderator: User) -> None:
    proof = Proof.objects.create(kind="browser", digest="a" * 64)
    post = make_post(title="The river")
    for status in (Status.APPROVED, Status.APPROVED, Status.SPAM):
        make_decided(status, by=moderator, post=post, name="Jun", proof=proof)
    before = Comment.objects.latest("pk")
    comment = waiting(name="Jun", proof=proof)
    waiting(name="Jun", proof=proof)  # later ones are not earlier
    card = card_of(comment)
    assert card.proven
    assert card.proven.fates == "2 published, 1 spam"
    assert not card.proven.is_cut
    assert card.namesakes is None
    page = browser.get(QUEUE).text
    assert "The same author, proven: 2 published, 1 spam" in page
    assert f'<a href="{queue.address_of(before).replace("&", "&amp;")}">Spam, ' in page


def test_comments_under_the_same_name_are_marked_as_unproven(browser: Client, moderator: User) -> None:
    proof = Proof.objects.create(kind="browser", digest="a" * 64)
    make_decided(Status.REJECTED, by=moderator, name="Jun", proof=proof)
    make_decided(Status.APPROVED, by=moderator, name="Jun")
    make_decided(Status.APPROVED, by=moderator, name="jun")
    card = card_of(waiting(name="Jun"))
    assert card.proven is None
    assert card.namesakes
    assert card.namesakes.fates == "1 published, 1 rejected"
    assert "The same name, unproven: 1 published, 1 rejected" in browser.get(QUEUE).text


def test_only_the_latest_are_counted_and_fewer_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MAX_EARLIER", 4)
    monkeypatch.setattr(desk, "EARLIER_LISTED", 2)
    post = make_post()
    made = [make_comment(name="Jun", post=post, status=status) for status in ("spam", *["approved"] * 4)]
    namesakes = card_of(waiting(name="Jun", post=post)).namesakes
    assert namesakes
    assert (namesakes.fates, namesakes.is_cut) == ("4 published", True)
    assert [each.comment for each in namesakes.listed] == [made[4], made[3]]


def test_comments_without_a_name_have_no_namesakes() -> None:
    make_comment(name="")
    assert card_of(waiting(name="")).namesakes is None


def test_the_cost_of_cards_is_flat(moderator: User) -> None:
    def more(number: int) -> None:
        proof = Proof.objects.create(kind="browser", digest=f"{number:064}")
        comment = waiting(parent=make_comment(name="Jun", proof=proof), name="Jun", proof=proof)
        desk.add_note(comment, "Hm.", by=make_moderator())
        moderation.redact(comment, [(0, 2)], by=moderator)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown = desk.lay_out(dict.fromkeys(desk.in_context().waiting(), []), [], viewer=moderator)
            assert all([note.by.username for note in card.comment.notes.all()] for card in shown)
        return len(captured)

    more(1)
    with_one = queries()
    for number in range(2, 7):
        more(number)
    assert queries() == with_one == 5


def test_history_says_what_was_undone_and_uncovered(moderator: User) -> None:
    comment = waiting(body="Call me.")
    undone = moderation.reject(comment, by=moderator, reason="Rude.")
    moderation.undo(undone, by=moderator)
    moderation.redact(comment, [(0, 4)], by=moderator)
    covered_again = moderation.redact(comment, [(0, 4), (5, 7)], by=moderator)
    moderation.undo(covered_again, by=moderator)
    moderation.redact(comment, [], by=moderator)
    assert [(deed.words, deed.undone) for deed in card_of(comment).history] == [
        ("Rejected by haneul", True),
        ("Undone by haneul", False),
        ("Passages covered by haneul", False),
        ("Passages covered by haneul", True),
        ("Undone by haneul", False),
        ("Passages uncovered by haneul", False),
    ]


def test_history_takes_what_was_erased_for_no_uncovering(moderator: User) -> None:
    comment = waiting(body="Call me.")
    for covers in ([(0, 4)], [(0, 4), (5, 7)]):
        moderation.redact(comment, covers, by=moderator)
    Comment.objects.filter(pk=comment.pk).update(body="", redactions=None, purged_at=timezone.now())
    assert [deed.words for deed in card_of(comment).history] == ["Passages covered by haneul"] * 2


# Reasons


def test_a_reason_is_a_template_with_its_placeholders_filled_and_words_added(browser: Client) -> None:
    template = make_template("Dear {name}, “{post}” at {site} is about the river.")
    comment = waiting(name="Jun {site}", post=make_post(title="{site}"))
    reject(browser, comment, reason_template=str(template.pk), reason=" Sorry. ")
    assert Decision.objects.get().reason_told == "Dear Jun {site}, “{site}” at Tumen is about the river. Sorry."


def test_a_reason_that_has_no_room_rejects_nothing(browser: Client) -> None:
    template, comment = make_template("n" * 400), waiting()
    moderation.undo(moderation.approve(comment, by=make_moderator()), by=make_moderator())  # nobody is told of this
    comment = Comment.objects.get(pk=comment.pk)
    answer = reject(browser, comment, reason_template=str(template.pk), reason="o" * 100)
    assert told(answer) == ["A reason has at most 500 characters."]
    assert Comment.objects.get(pk=comment.pk).status == Status.PENDING


def test_each_of_many_gets_its_own_reason(browser: Client) -> None:
    template = make_template("Dear {name}.")
    reject(browser, waiting(name="Jun"), waiting(name="Ara"), reason_template=str(template.pk))
    assert [decision.reason_told for decision in Decision.objects.all()] == ["Dear Jun.", "Dear Ara."]


def test_no_reason_keeps_the_name_of_who_has_withdrawn_the_comment(browser: Client) -> None:
    comment = waiting(name="Canary")
    reject(browser, comment, reason_template=str(make_template("Dear {name}, no.").pk))
    assert "Dear Canary, no." in browser.get(f"{QUEUE}?status=rejected").text
    assert "Dear Canary, no." in browser.get("/admin/comments/log/").text
    assert "Dear Canary, no." in Client().get(status_address(comment)).text
    moderation.withdraw(Comment.objects.get(pk=comment.pk))
    assert "Canary" not in repr(list(Decision.objects.values()))
    assert "Dear …, no." in browser.get("/admin/comments/log/").text


def test_what_speaks_of_one_comment_is_not_said_of_many() -> None:
    data = {"reason_template": str(make_template("Dear {name}.").pk)}
    with pytest.raises(ready_made.TemplateError):
        ready_made.reason_from(data)
    general = make_template("Not at {site}.", language="ko")
    assert ready_made.reason_from({"reason_template": str(general.pk)}) == "Not at Tumen."
    offered = ready_made.general_reasons(Template.objects.all())
    assert general in offered
    assert not any("{name}" in template.text for template in offered)


@pytest.mark.parametrize("pk", ["9999", "x", "1.5", "-1", "9" * 30, "9" * 5000])
def test_a_template_that_is_gone_rejects_nothing(browser: Client, pk: str) -> None:
    answer = reject(browser, waiting(), reason_template=pk)
    assert told(answer) == ["This template does not exist any more."]
    assert not Decision.objects.exists()


def test_a_reply_is_no_reason(browser: Client) -> None:
    reply = make_template("Thanks.", kind=Template.Kind.REPLY)
    assert told(reject(browser, waiting(), reason_template=str(reply.pk))) == ["This template does not exist any more."]


def test_reasons_are_offered_in_the_language_of_the_post(browser: Client) -> None:
    english, korean = make_template("No <names>."), make_template("아니요.", language="ko")
    reply = make_template("Thanks.", kind=Template.Kind.REPLY)
    offered, offered_in_korean = card_of(waiting()), card_of(waiting(post=make_post(language="ko")))
    assert english in offered.reasons
    assert korean not in offered.reasons
    assert korean in offered_in_korean.reasons
    assert english not in offered_in_korean.reasons
    assert reply in offered.replies
    assert reply not in offered.reasons + offered_in_korean.reasons + offered_in_korean.replies
    assert browser.get(QUEUE).text.count("No &lt;names&gt;.</option>") == 2  # in the card, and for what is ticked


# Templates


def save_template(browser: Client, **fields: str) -> HttpResponse:
    form = {"kind": "reason", "language": "en", "label": "New", "text": "No.", "position": "0"}
    return browser.post(f"{TEMPLATES}add/", form | fields)


def test_moderators_keep_the_templates(browser: Client) -> None:
    answer = save_template(browser, text="Dear {name}, see {post} at {site}. {}")
    assert "There is no placeholder {}" in answer.text
    assert save_template(browser, text="Dear {name}, see {post} at {site}.").status_code == 302
    made = Template.objects.get(label="New")
    assert "New" in browser.get(TEMPLATES).text
    assert browser.post(f"{TEMPLATES}{made.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Template.objects.filter(label="New").exists()


def test_an_unknown_placeholder_is_named_and_nothing_saved(browser: Client) -> None:
    page = save_template(browser, text="Dear {nmae}.").text
    assert "There is no placeholder {nmae}. Those that can be used are: {name}, {post}, {site}." in page
    assert not Template.objects.filter(label="New").exists()


def test_a_reason_is_no_longer_than_what_is_recorded_of_it(browser: Client) -> None:
    assert "A reason has at most 500 characters." in save_template(browser, text="x" * 501).text
    assert save_template(browser, text="x" * 501, kind="reply").status_code == 302


# Notes


def test_a_note_is_shown_to_moderators_with_who_and_when(browser: Client, moderator: User) -> None:
    comment, address = waiting(), f"{QUEUE}?status=pending&after=20260101T000000.0-1#comment-1"
    answer = send(browser, "note", comment, text=" <b>Known</b> to us. ", next=address)
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert told(answer) == ["Your note is kept."]
    note = Note.objects.get()
    assert (note.comment, note.by, note.text) == (comment, moderator, "<b>Known</b> to us.")
    page = browser.get(QUEUE).text
    assert "&lt;b&gt;Known&lt;/b&gt; to us." in page
    assert '<p class="by"><bdi>haneul</bdi>, <time datetime="' in page


@pytest.mark.parametrize("text", ["", " ", "x" * 2001])
def test_a_note_that_cannot_be_kept_is_given_back(browser: Client, text: str) -> None:
    answer = send(browser, "note", waiting(), text=text, next=f"{QUEUE}?status=spam")
    assert answer.status_code == 400
    assert text.strip() in answer.text
    assert f'name="next" value="{QUEUE}?status=spam"' in answer.text
    assert not Note.objects.exists()


def test_nothing_is_noted_about_what_was_withdrawn(browser: Client) -> None:
    comment = make_comment(status=Status.WITHDRAWN)
    assert send(browser, "note", comment, text="x").status_code == 404
    assert send(browser, "reply", comment, text="x").status_code == 404


def test_what_its_author_withdraws_takes_the_notes_along(moderator: User) -> None:
    comment = waiting()
    desk.add_note(comment, "Says that Jun lives in Hyesan.", by=moderator)
    moderation.withdraw(comment)
    assert not Note.objects.exists()


# Replies


def test_a_reply_publishes_both_as_one_thing_that_can_be_undone(browser: Client, moderator: User) -> None:
    comment = waiting(name="Jun")
    answer = send(browser, "reply", comment, text="Thank you.", next=QUEUE)
    assert answer["Location"] == QUEUE
    assert told(answer) == ["Your reply is published. Undoing takes it back, and the comment waits again."]
    reply = Comment.objects.get(parent=comment)
    assert (reply.staff, reply.body, reply.status) == (moderator, "Thank you.", Status.APPROVED)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    [batch] = set(Decision.objects.values_list("batch", flat=True))
    moderation.undo_batch(batch, by=moderator)
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["pending", "withdrawn"]


def test_a_template_is_filled_in_and_can_be_edited_first(browser: Client) -> None:
    template = make_template("Dear {name},", kind=Template.Kind.REPLY)
    comment = waiting(name="<Jun>")
    page = send(browser, "reply", comment, template=str(template.pk), text="thank you.", edit="1")
    assert page.status_code == 200
    assert "Dear &lt;Jun&gt;,\n\nthank you.</textarea>" in page.text
    assert Comment.objects.count() == 1
    send(browser, "reply", comment, template=str(template.pk), text="thank you.")
    assert Comment.objects.get(parent=comment).body == "Dear <Jun>,\n\nthank you."


@pytest.mark.parametrize(("text", "problem"), [("", "This field is required."), ("x" * 5001, "at most 5000")])
def test_a_reply_that_cannot_be_sent_is_given_back(browser: Client, text: str, problem: str) -> None:
    answer = send(browser, "reply", waiting(), text=text)
    assert answer.status_code == 400
    assert problem in answer.text
    assert text in answer.text
    assert Comment.objects.count() == 1


def test_a_reply_to_what_was_decided_meanwhile_is_given_back(browser: Client) -> None:
    comment = waiting(name="Jun")
    moderation.reject(Comment.objects.get(pk=comment.pk), by=make_moderator(username="ara"))
    page = send(browser, "reply", comment, text="Thank you all.").text
    assert "Somebody else has decided about this comment meanwhile. Rejected by ara." in page
    assert "Thank you all.</textarea>" in page
    assert f'name="comment" value="{comment.pk}:1"' in page
    assert Comment.objects.count() == 1


def test_only_an_answer_by_staff_is_shown_as_the_publications(
    client: Client, moderator: User, settings: Settings
) -> None:
    comment = make_comment(name=identity.current().name, body="I am the publication.")
    address = comment.post.get_absolute_url()
    pages = [address, f"{address}feed/", f"{address}feed/atom/", f"{address}feed/json/"]
    for page in [*pages, f"{address}comments/{comment.pk}/"]:
        assert "From the publication" not in client.get(page).text
    reply = moderation.reply(comment, "We answer.", by=moderator)
    for page in [*pages, f"{address}comments/{reply.pk}/"]:
        assert client.get(page).text.count("From the publication") == 1


# Covers


def test_a_passage_is_covered_wherever_it_stands(browser: Client) -> None:
    comment = waiting(body="Call 010-1234.\r\nI say: 010-1234")
    answer = send(browser, "redact", comment, passage=" 010-1234 ", next=f"{QUEUE}?status=pending")
    assert answer["Location"] == f"{QUEUE}?status=pending"
    assert told(answer) == ["2 passages are covered."]
    comment.refresh_from_db()
    assert comment.public_text == "Call [removed].\r\nI say: [removed]"
    send(browser, "redact", comment, passage="Call")
    comment.refresh_from_db()
    assert comment.public_text == "[removed] [removed].\r\nI say: [removed]"


def test_what_is_covered_cannot_be_tried_out(moderator: User) -> None:
    comment = waiting(body="Call 010-1234.")
    desk.cover(comment, "010-1234", by=moderator)
    for passage in ("010-1234", "010", "Call 0", "nothing", ""):
        with pytest.raises(PassageError):
            desk.cover(comment, passage, by=moderator)


def test_a_cover_over_what_was_changed_meanwhile_is_not_laid(browser: Client, moderator: User) -> None:
    comment = waiting(body="Call 010-1234.")
    moderation.reject(Comment.objects.get(pk=comment.pk), by=moderator)
    assert "Rejected by haneul." in told(send(browser, "redact", comment, passage="Call"))[0]
    assert Comment.objects.get().redactions is None
    comment.refresh_from_db()
    assert told(send(browser, "redact", comment, passage="x"))[-1] == "This passage is not in the text."
    assert Comment.objects.get().redactions is None


def test_administrators_alone_uncover(browser: Client, client: Client, moderator: User) -> None:
    comment = waiting(body="Call 010-1234.")
    desk.cover(comment, "010-1234", by=moderator)
    page = browser.get(QUEUE).text
    assert '<span class="cover">[removed]</span>' in page
    assert "1 passage is covered. Administrators can uncover it." in page
    assert "010-1234" not in page
    assert send(browser, "redact", comment, uncover="1").status_code == 403
    client.force_login(make_user(is_superuser=True))
    page = client.get(QUEUE).text
    assert '<span class="covered"' in page
    assert "<li><q><bdi>010-1234</bdi></q></li>" in page
    assert told(send(client, "redact", comment, uncover="1")) == ["Nothing is covered any more."]
    assert Comment.objects.get().public_text == "Call 010-1234."


def test_the_parent_is_shown_as_readers_see_it(browser: Client, moderator: User) -> None:
    parent = make_comment(body="Call canary-1234.")
    waiting(parent=parent)
    desk.cover(parent, "canary-1234", by=moderator)
    page = browser.get(QUEUE).text
    assert "Call [removed]." in page
    assert "canary" not in page


# What leads back


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/admin/comments/queue/",
        "//evil.example/admin/comments/queue/",
        "///evil.example/admin/comments/queue/",
        "\\\\evil.example/admin/comments/queue/",
        "javascript:alert(1)",
        "/admin/comments/queue/../../logout/",
        "/admin/comments/queue/note/",
        "/admin/",
        "queue",
        "http://[",
    ],
)
def test_a_form_leads_nowhere_but_into_the_queue(browser: Client, address: str) -> None:
    for deed, fields in {"note": {"text": "x"}, "reply": {"text": "x"}, "redact": {"passage": "x"}}.items():
        assert send(browser, deed, waiting(), next=address, **fields)["Location"] == QUEUE


@pytest.mark.parametrize("deed", ["note", "reply", "redact"])
@pytest.mark.parametrize("comment", ["", "1", "x:y", "1:0:0"])
def test_a_form_that_was_never_given_is_refused(browser: Client, deed: str, comment: str) -> None:
    waiting(pk=1)
    assert browser.post(f"{QUEUE}{deed}/", {"comment": comment, "text": "x", "passage": "x"}).status_code == 400


# What readers and machines get


@pytest.fixture
def canaries(moderator: User) -> Comment:
    """A published comment with a covered passage and a note about it."""
    post = make_post(title="River", slug="river")
    proof = Proof.objects.create(kind="browser", digest="a" * 64)
    comment = make_decided(
        Status.APPROVED, by=moderator, post=post, body="My number is canary-1234, call.", proof=proof
    )
    Contact.objects.create(comment=comment, email="a@example.org", purpose="notice", expires_at=timezone.now())
    desk.cover(comment, "canary-1234", by=moderator)
    desk.add_note(comment, "canary: known to us", by=moderator)
    return comment


def test_what_is_covered_or_noted_reaches_no_reader(client: Client, moderator: User, canaries: Comment) -> None:
    reply = moderation.reply(canaries, "We answer.", by=moderator)
    outbox.send_due()
    address = canaries.post.get_absolute_url()
    surfaces = [
        "/",
        "/archive/",
        "/search/?q=canary",
        "/sitemap.xml",
        "/feed/",
        address,
        f"{address}comments/{canaries.pk}/",
        *(f"{address}feed/{kind}" for kind in ("", "atom/", "json/")),
        status_address(reply),
    ]
    pages = {surface: client.get(surface).text for surface in surfaces}
    assert [surface for surface, page in pages.items() if "canary-1234" in page or "known to us" in page] == []
    assert "My number is [removed], call." in pages[address]
    assert len(mail.outbox) == 1
    assert "canary" not in mail.outbox[0].body
    own = client.get(status_address(canaries)).text  # its author's own page, which shows what they wrote
    assert "canary-1234" in own
    assert "known to us" not in own


def test_the_list_of_appeals_shows_the_cover(browser: Client, canaries: Comment) -> None:
    moderation.reject(canaries, by=make_moderator())
    appeals.make(canaries, "Why?")
    page = browser.get("/admin/comments/appeals/").text
    assert "My number is [removed], call." in page
    assert "canary" not in page


def test_the_preview_of_a_ban_shows_the_cover(browser: Client, moderator: User) -> None:
    comment = waiting(body="Buy pills from canary-1234.")
    desk.cover(comment, "canary-1234", by=moderator)
    form = {"comment": str(comment.pk), "target": "phrase", "phrase": "buy pills", "effect": "ban", "days": "7"}
    page = browser.post("/admin/comments/sanctions/new/", form | {"reject_waiting": "on"}).text
    assert "Buy pills from [removed]." in page
    assert "canary" not in page


def test_the_preview_of_a_rule_shows_the_cover(browser: Client, canaries: Comment) -> None:
    rule = {"kind": "word", "text": "number", "points": "20", "state": "active", "expires_at": "", "note": ""}
    page = browser.post("/admin/comments/rule/add/", rule).text
    assert "My number is [removed], call." in page
    assert "canary" not in page


# What cards have in common


def test_each_card_has_its_own_forms(browser: Client) -> None:
    """Though what they have in common is rendered once."""
    english, korean = make_template("Not here."), make_template("여기서는 안 됩니다.", language="ko")
    comments = [
        waiting(body="See https://bad.example/1."),
        waiting(body="See https://bad.example/2."),
        waiting(body="See https://worse.example."),
        waiting(post=make_post(language="ko")),
    ]
    moderation.redact(comments[1], [(0, 3)], by=make_moderator())
    cards = re.findall(r"<article.*?</article>", browser.get(QUEUE).text, re.DOTALL)
    for card, comment, following in zip(cards, comments, [*comments[1:], comments[-1]], strict=True):
        assert re.findall(r'name="comment" value="(\d+)', card) == [str(comment.pk)] * 6
        assert re.findall(r'action="[^"]*#comment-(\d+)', card) == [str(following.pk)]
        assert "\0" not in card
    assert [english.text in card for card in cards] == [True, True, True, False]
    assert [korean.text in card for card in cards] == [False, False, False, True]
    assert ["host:bad.example" in card for card in cards] == [True, True, False, False]
    assert ["host:worse.example" in card for card in cards] == [False, False, True, False]
    assert ["1 passage is covered" in card for card in cards] == [False, True, False, False]


def test_an_administrator_reads_below_each_cover_what_it_covers(client: Client) -> None:
    """Though as much is covered in both."""
    client.force_login(make_user(is_superuser=True))
    first, second = waiting(body="canary-one calls"), waiting(body="canary-two calls")
    for comment in (first, second):
        moderation.redact(comment, [(0, 10)], by=make_moderator())
    cards = re.findall(r"<article.*?</article>", client.get(QUEUE).text, re.DOTALL)
    assert [re.findall(r"<q><bdi>(canary-\w+)</bdi></q>", card) for card in cards] == [["canary-one"], ["canary-two"]]
