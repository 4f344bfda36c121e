"""One appeal for each rejected comment, without an account, which goes to another moderator."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from comments import appeals, moderation
from comments.addresses import status_address
from comments.models import Appeal, Comment, Decision, Status
from comments.moves import ModerationError, StaleCommentError
from comments.tallies import tallies
from tests.factories import make_comment, make_decided, make_editor, make_moderator

pytestmark = pytest.mark.django_db

PAGE = "/admin/comments/appeals/"
FORM = 'name="appeal"'


@pytest.fixture
def first() -> User:
    return make_moderator(username="first")


@pytest.fixture
def second() -> User:
    return make_moderator(username="second")


@pytest.fixture
def rejected(first: User) -> Comment:
    return make_decided(Status.REJECTED, by=first, body="What I meant.")


def post(comment: Comment, text: str, **headers: str) -> Any:
    return Client().post(f"{status_address(comment)}appeal/", {"appeal": text}, headers=headers)


def status_page(comment: Comment) -> str:
    return Client().get(status_address(comment)).content.decode()


def appealed(comment: Comment, text: str = "I was polite.") -> Comment:
    post(comment, text)
    return Comment.objects.get(pk=comment.pk)


def as_moderator(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def answer(user: User, comment: Comment, action: str, text: str = "") -> str:
    """The page after the answer."""
    data = {"comment": f"{comment.pk}:{comment.revision}", "action": action, "answer": text}
    return as_moderator(user).post(PAGE, data, follow=True).content.decode()


# The author


def test_a_rejected_author_may_appeal_once(rejected: Comment) -> None:
    assert FORM in status_page(rejected)
    response = post(rejected, "I was polite.\r\nReally.")
    assert (response.status_code, response["Location"]) == (303, status_address(rejected))
    appeal = Appeal.objects.get()
    assert (appeal.comment, appeal.text) == (rejected, "I was polite.\nReally.")
    assert appeal.against == Decision.objects.get()
    page = status_page(rejected)
    assert FORM not in page
    assert "Your appeal waits" in page
    post(rejected, "Once more.")
    assert Appeal.objects.get().text == appeal.text


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED, Status.SPAM])
def test_only_a_rejection_can_be_appealed_against(status: Status, first: User) -> None:
    comment = make_comment(status=Status.PENDING) if status == Status.PENDING else make_decided(status, by=first)
    assert FORM not in status_page(comment)
    assert post(comment, "Please.").status_code == 303
    assert not Appeal.objects.exists()


def test_what_no_person_rejected_cannot_be_appealed_against() -> None:
    imported, banned = make_comment(status=Status.REJECTED), make_comment(status=Status.PENDING)
    moderation.reject(banned, by=None, reason="Banned: host bad.example")
    for comment in (imported, banned):
        assert FORM not in status_page(comment)
        post(comment, "Please.")
    assert not Appeal.objects.exists()


def test_covering_a_passage_is_no_rejection(first: User) -> None:
    banned = make_comment(status=Status.PENDING)
    moderation.reject(banned, by=None)
    moderation.redact(banned, [(0, 3)], by=first)
    assert FORM not in status_page(banned)


def test_a_rejection_that_was_undone_does_not_count(first: User) -> None:
    comment = make_comment(status=Status.PENDING)
    moderation.reject(comment, by=None)
    moderation.undo(moderation.restore(comment, by=first), by=first)
    assert Comment.objects.get(pk=comment.pk).status == Status.REJECTED
    assert FORM not in status_page(comment)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1001, "\u3164"])
def test_an_appeal_that_says_nothing_or_too_much_is_given_back(text: str, rejected: Comment) -> None:
    response = post(rejected, text)
    assert response.status_code == 400
    page = response.content.decode()
    assert 'role="alert"' in page
    assert text.strip() in page
    assert not Appeal.objects.exists()


def test_a_line_break_is_one_character(rejected: Comment) -> None:
    assert post(rejected, "\r\n".join("x" * 500) + "x").status_code == 303
    assert len(Appeal.objects.get().text) == 1000


def test_what_is_given_back_is_escaped(rejected: Comment) -> None:
    page = post(rejected, "</textarea><b>" + "x" * 1000).content.decode()
    assert "</textarea><b>" not in page
    assert "&lt;/textarea&gt;&lt;b&gt;" in page


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_cannot_appeal(headers: dict[str, str], rejected: Comment) -> None:
    assert post(rejected, "Please.", **headers).status_code == 403
    assert not Appeal.objects.exists()


def test_the_author_finds_the_answer(rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    answer(second, comment, "refuse", "It is <i>still</i> about another subject.")
    page = status_page(comment)
    assert "It is &lt;i&gt;still&lt;/i&gt; about another subject." in page
    assert "second" not in page
    assert FORM not in page


def test_the_author_learns_that_the_comment_was_published(rejected: Comment, second: User) -> None:
    answer(second, appealed(rejected), "publish")
    assert "Your comment is published." in status_page(rejected)


def test_what_lies_in_the_spam_folder_still_looks_as_if_it_waited(rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    moderation.restore(comment, by=second)
    waiting = status_page(comment)
    moderation.mark_spam(comment, by=second)
    assert status_page(comment) == waiting


def test_withdrawing_deletes_the_appeal(rejected: Comment) -> None:
    moderation.withdraw(appealed(rejected))
    assert not Appeal.objects.exists()


# The moderators


def test_the_page_shows_what_is_needed_to_answer(first: User, second: User) -> None:
    comment = make_comment(status=Status.PENDING, body="<b>My text</b>", name="Kim")
    moderation.reject(comment, by=first, reason="Off topic.")
    appealed(comment, "It <i>is</i> on topic.")
    page = as_moderator(second).get(PAGE).content.decode()
    for shown in (
        "&lt;b&gt;My text&lt;/b&gt;",
        "It &lt;i&gt;is&lt;/i&gt; on topic.",
        "Rejected by first",
        "Off topic.",
    ):
        assert shown in page


def test_the_longest_waiting_comes_first(first: User, second: User) -> None:
    comments = [make_decided(Status.REJECTED, by=first) for _number in range(3)]
    for comment in reversed(comments):
        appealed(comment)
    assert [one.comment for one in as_moderator(second).get(PAGE).context["appeals"]] == comments[::-1]


def test_who_rejected_does_not_answer(rejected: Comment, first: User, second: User) -> None:
    comment = appealed(rejected)
    assert 'value="refuse"' not in as_moderator(first).get(PAGE).content.decode()
    for action in ("publish", "refuse"):
        assert "another moderator answers" in answer(first, comment, action)
    assert Appeal.objects.open().get().comment.status == Status.REJECTED


def test_who_rejected_answers_where_there_is_no_other_moderator(rejected: Comment, first: User) -> None:
    make_moderator(is_active=False)
    make_editor()
    comment = appealed(rejected)
    answer(first, comment, "publish")
    assert Comment.objects.get(pk=comment.pk).status == Status.APPROVED


def test_a_refusal_is_a_record_and_moves_nothing(rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    answer(second, comment, "refuse", "No.")
    appeal = Appeal.objects.get()
    assert (appeal.refused_by, appeal.answer) == (second, "No.")
    assert Comment.objects.get(pk=comment.pk).revision == comment.revision
    assert not Appeal.objects.open().exists()


@pytest.mark.parametrize("then", ["publish", "refuse"])
@pytest.mark.parametrize("before", ["publish", "refuse"])
def test_the_second_to_answer_is_told(before: str, then: str, rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    answer(second, comment, before, "First.")
    facts = Appeal.objects.values().get(), Comment.objects.values("status", "revision").get()
    assert "Somebody else has decided" in answer(make_moderator(), comment, then, "Second.")
    assert (Appeal.objects.values().get(), Comment.objects.values("status", "revision").get()) == facts


def test_what_changed_since_it_was_seen_is_not_answered(rejected: Comment, first: User, second: User) -> None:
    comment = appealed(rejected)
    moderation.redact(Comment.objects.get(pk=comment.pk), [(0, 4)], by=first)
    for decide in (appeals.publish, lambda *seen, by: appeals.refuse(*seen, by=by, answer="")):
        with pytest.raises(StaleCommentError):
            decide(comment.pk, comment.revision, by=second)
    assert Appeal.objects.open().exists(), "covering a passage answers no appeal"


def test_a_refusal_can_be_undone(rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    before = Appeal.objects.values().get()
    answer(second, comment, "refuse", "No.")
    moment = Appeal.objects.get().refused_at
    assert moment
    data = {"comment": comment.pk, "refused_at": moment.isoformat()}
    browser = as_moderator(second)
    assert moment.isoformat() in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}reopen/", data)
    assert Appeal.objects.values().get() == before
    answer(second, comment, "refuse", "No!")
    browser.post(f"{PAGE}reopen/", data)
    assert Appeal.objects.get().answer == "No!", "another refusal than the one that was seen"


def test_undoing_the_publication_lets_the_appeal_wait_again(rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    decision = appeals.publish(comment.pk, comment.revision, by=second)
    assert not Appeal.objects.open().exists()
    moderation.undo(decision, by=second)
    assert Appeal.objects.open().exists()


def test_who_rejected_does_not_answer_by_rejecting_again(rejected: Comment, first: User, second: User) -> None:
    comment = appealed(rejected)
    moderation.restore(comment, by=first)
    moderation.reject(comment, by=first)
    assert "I was polite." in as_moderator(second).get(PAGE).text
    answer(second, comment, "publish")
    assert Comment.objects.get(pk=rejected.pk).status == Status.APPROVED


def test_who_rejected_does_not_end_it_by_calling_the_comment_spam(rejected: Comment, first: User, second: User) -> None:
    comment = appealed(rejected)
    moderation.mark_spam(comment, by=first)
    assert "What I meant." in as_moderator(second).get(PAGE).text
    answer(second, Comment.objects.get(pk=comment.pk), "publish")
    assert Comment.objects.get(pk=comment.pk).status == Status.APPROVED


def test_a_later_rejection_is_no_matter_of_the_earlier_appeal(rejected: Comment, first: User, second: User) -> None:
    comment = appealed(rejected)
    appeals.publish(comment.pk, comment.revision, by=second)
    moderation.reject(Comment.objects.get(pk=comment.pk), by=first)
    assert not Appeal.objects.open().exists()
    assert tallies().counts["appeals"] == 0
    page = status_page(comment)
    assert "decided anew after your appeal" in page
    assert FORM not in page


@pytest.mark.parametrize("data", [{}, {"comment": "1"}, {"comment": "1:0", "action": "x"}, {"comment": "a:b"}])
def test_a_malformed_answer_is_a_bad_request(data: dict[str, str], second: User) -> None:
    assert as_moderator(second).post(PAGE, data).status_code == 400


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-01-01T00:00:00", "2026-99-01T00:00:00Z"])
def test_a_malformed_undoing_is_a_bad_request(moment: str, second: User) -> None:
    data = {"comment": "1", "refused_at": moment}
    assert as_moderator(second).post(f"{PAGE}reopen/", data).status_code == 400


def test_an_appeal_that_is_gone_is_answered_with_a_message(rejected: Comment, second: User) -> None:
    comment = appealed(rejected)
    moderation.withdraw(comment)
    assert "Somebody else has decided" in answer(second, rejected, "publish")
    with pytest.raises(ModerationError):
        appeals.refuse(comment.pk, comment.revision, by=second, answer="")


# In the queue


def test_the_queue_counts_the_appeals_that_wait(rejected: Comment, second: User) -> None:
    appealed(rejected)
    page = as_moderator(second).get("/admin/comments/queue/").content.decode()
    assert 'href="/admin/comments/appeals/">Appeals <span class="count" data-count="appeals">1</span>' in page


def test_the_history_tells_of_the_appeal(rejected: Comment, second: User) -> None:
    comment = appealed(rejected, "I <i>was</i> polite.")
    answer(second, comment, "refuse", "You were not.")
    page = as_moderator(second).get("/admin/comments/queue/?status=rejected").content.decode()
    for shown in (
        "Appeal by its author",
        "I &lt;i&gt;was&lt;/i&gt; polite.",
        "Appeal refused by second",
        "You were not.",
    ):
        assert shown in page
