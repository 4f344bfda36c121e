"""The commenter's own page: what became of the comment, and the way to withdraw it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client

from comments import moderation, threads
from comments.addresses import status_address
from comments.models import Comment, Contact, Decision, Receipt, Status
from posts import publishing
from posts.models import State
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


def test_only_the_signed_address_leads_there(client: Client) -> None:
    comment, other = make_comment(), make_comment()
    address = status_address(comment)
    signature = address.strip("/").partition(":")[2]
    forged = [
        f"/comments/{comment.pk}/",
        f"/comments/{other.pk}:{signature}/",
        f"/comments/{comment.pk}:{signature[:-1]}/",
        f"/comments/{comment.pk}:{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}/",
        f"/comments/{comment.pk}:/",
        f"/comments/{Signer().sign(str(comment.pk))}/",
        f"/comments/{Signer(salt='another').sign(str(comment.pk))}/",
    ]
    assert client.get(address).status_code == 200
    assert [client.get(path).status_code for path in forged] == [404] * len(forged)
    assert [client.post(path).status_code for path in forged] == [404] * len(forged)


def test_nobody_keeps_or_finds_the_page(client: Client) -> None:
    for address in (status_address(make_comment()), status_address(make_comment(status=Status.WITHDRAWN))):
        answer = client.get(address)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert not client.cookies


def status_page(client: Client, comment: Comment) -> str:
    return client.get(status_address(comment)).content.decode()


def test_while_it_waits_its_author_sees_the_text(client: Client) -> None:
    page = status_page(
        client, make_comment(status=Status.PENDING, name="Kim", body="<i>One</i>\r\n\r\nTwo http://x.org")
    )
    assert "Your comment is awaiting moderation." in page
    assert (
        "<p>&lt;i&gt;One&lt;/i&gt;</p>\n\n<p>Two http://x.org</p>" in page
    )  # nothing is linked before it is published
    assert "Set a bookmark" in page


def test_a_published_comment_is_linked(client: Client) -> None:
    comment = make_comment()
    page = status_page(client, comment)
    assert "Your comment is published." in page
    assert f'href="{threads.permalink(comment)}"' in page


def test_a_rejected_comment_is_said_to_be_so(client: Client) -> None:
    assert "Your comment was not published." in status_page(client, make_comment(status=Status.REJECTED))


# Why it was rejected


def test_the_author_is_told_why_a_moderator_rejected_it(client: Client) -> None:
    comment = make_comment(status=Status.PENDING)
    moderation.reject(comment, by=make_moderator(), reason="No <i>names</i>.")
    page = status_page(client, comment)
    assert "The moderators’ reason:" in page
    assert "No &lt;i&gt;names&lt;/i&gt;." in page


def test_a_cover_laid_later_does_not_hide_the_reason(client: Client) -> None:
    comment, moderator = make_comment(status=Status.PENDING), make_moderator()
    moderation.reject(comment, by=moderator, reason="It names people.")
    moderation.redact(comment, [(0, 1)], by=moderator)
    assert "It names people." in status_page(client, comment)


def test_a_published_comment_that_is_taken_down_has_a_reason_too(client: Client) -> None:
    comment = make_comment()
    moderation.reject(comment, by=make_moderator(), reason="canary")
    assert "canary" in status_page(client, comment)


def told_nothing(client: Client, comment: Comment) -> bool:
    page = status_page(client, comment)
    return "canary" not in page and "reason" not in page


def test_nobody_is_told_what_the_sites_rules_say(client: Client) -> None:
    comment = make_comment(status=Status.PENDING)
    moderation.reject(comment, by=None, reason="canary")
    assert told_nothing(client, comment)
    moderation.redact(comment, [(0, 1)], by=make_moderator())  # by a person, and no reason
    assert told_nothing(client, comment)


@pytest.mark.parametrize("deed", [moderation.approve, moderation.mark_spam])
def test_only_a_rejection_is_explained(client: Client, deed: Callable[..., Decision]) -> None:
    comment = make_comment(status=Status.PENDING)
    deed(comment, by=make_moderator(), reason="canary")
    assert told_nothing(client, comment)


def test_only_the_reason_that_stands_is_told(client: Client) -> None:
    comment, moderator = make_comment(status=Status.PENDING), make_moderator()
    undone = moderation.reject(comment, by=moderator, reason="canary")
    moderation.undo(undone, by=moderator)
    assert told_nothing(client, comment)
    moderation.reject(comment, by=moderator)
    assert told_nothing(client, comment)
    moderation.restore(comment, by=moderator, reason="canary")
    restored = moderation.reject(comment, by=moderator, reason="It names people.")
    spam = moderation.mark_spam(comment, by=moderator, reason="canary")
    moderation.undo(spam, by=moderator)
    assert restored.reason in status_page(client, comment)
    assert "canary" not in status_page(client, comment)


def test_a_program_does_not_learn_that_it_was_taken_for_spam(client: Client) -> None:
    post = make_post()
    pages = [
        status_page(client, make_comment(post=post, status=status, name="Kim", body="Same"))
        for status in (Status.PENDING, Status.SPAM)
    ]
    assert pages[0] == pages[1]


def test_a_comment_below_a_post_that_is_hidden_names_no_post(client: Client) -> None:
    comment = make_comment(post=make_post(title="canary"))
    comment.post.state = State.DRAFT
    publishing.save_post(comment.post)
    page = status_page(client, comment)
    assert "is not public at the moment" in page
    assert "canary" not in page
    assert comment.post.get_absolute_url() not in page


def test_the_page_speaks_the_language_of_the_post(client: Client) -> None:
    assert '<html lang="ko"' in status_page(client, make_comment(post=make_post(language="ko")))


@pytest.mark.parametrize("status", Status)
def test_its_author_withdraws_it_whatever_its_status(client: Client, status: Status) -> None:
    comment = make_comment(status=status, body="canary", name="canary", website="https://canary.example/")
    answer = client.post(status_address(comment))
    assert (answer.status_code, answer["Location"]) == (303, status_address(comment))
    comment.refresh_from_db()
    assert comment.status == Status.WITHDRAWN
    assert (comment.name, comment.website, comment.body, comment.html) == ("", "", "", "")
    page = status_page(client, comment)
    assert "You have withdrawn your comment. Its text is erased." in page
    assert "canary" not in page
    assert "<form" not in page.partition("<main")[2]


def test_withdrawing_erases_the_address_and_the_receipt(client: Client) -> None:
    post = make_post()
    sent = {"name": "Kim", "email": "kim@example.org", "comment": "Hello."}
    address = client.post(post.get_absolute_url() + "comments/", sent)["Location"]
    client.post(address)
    assert not Contact.objects.exists()
    assert not Receipt.objects.exists()
    assert client.post(post.get_absolute_url() + "comments/", sent)["Location"] != address


def test_withdrawing_twice_is_withdrawing_once(client: Client) -> None:
    comment = make_comment()
    client.post(status_address(comment))
    assert client.post(status_address(comment)).status_code == 303
    assert Decision.objects.filter(comment=comment).count() == 1


def test_looking_changes_nothing(client: Client) -> None:
    comment = make_comment()
    for method in (client.get, client.head, client.options, client.put, client.delete):
        method(status_address(comment))
    comment.refresh_from_db()
    assert (comment.status, comment.revision) == (Status.APPROVED, 0)


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_cannot_withdraw_it(client: Client, headers: dict[str, Any]) -> None:
    comment = make_comment(body="canary")
    answer = client.post(status_address(comment), headers=headers)
    comment.refresh_from_db()
    assert (answer.status_code, comment.status) == (403, Status.APPROVED)
    assert b"canary" not in answer.content


def test_a_decision_made_meanwhile_does_not_keep_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    comment = make_comment(status=Status.PENDING)

    def approve_first(request: object) -> bool:
        moderation.approve(Comment.objects.get(pk=comment.pk), by=make_moderator())
        return True

    monkeypatch.setattr("comments.views.is_same_origin", approve_first)
    assert client.post(status_address(comment)).status_code == 303
    comment.refresh_from_db()
    assert comment.status == Status.WITHDRAWN
