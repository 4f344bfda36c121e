"""A draft that is shown to somebody outside: to nobody else, nowhere else, and no longer than meant."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from posts import identity, previews, publishing
from posts.models import Page, Post, PreviewLink, State
from tests.factories import (
    make_category,
    make_editor,
    make_media,
    make_moderator,
    make_page,
    make_post,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_editor(username="ara"))
    return client


@pytest.fixture
def outsider() -> Client:
    return Client()


def make_draft(**fields: Any) -> Post:
    return make_post(**{"state": State.DRAFT, "published_at": None, "title": "Canary"} | fields)


def page_of(text: Post | Page) -> str:
    return f"/admin/posts/{type(text).__name__.lower()}/{text.pk}/previews/"


def make_link(editor: Client, text: Post | Page) -> str:
    assert editor.post(page_of(text)).status_code == 302
    found = re.search(r'value="http://127.0.0.1:8000(/preview/[^"]+/)"', editor.get(page_of(text)).content.decode())
    assert found
    return found[1]


def test_whoever_has_the_link_sees_the_draft_as_it_is_now(editor: Client, outsider: Client) -> None:
    post = make_draft(body="<p>First.</p>", categories=[make_category(name="Camps")], tags=[make_tag(name="river")])
    address = make_link(editor, post)
    for text in ["Canary", "First.", "Camps", "river", "This is a draft and not published."]:
        assert text in outsider.get(address).content.decode()
    post.body = "<p>Second.</p>"
    publishing.save_post(post)
    shown = outsider.get(address).content.decode()
    assert "Second." in shown
    assert "First." not in shown


def test_a_page_and_a_scheduled_post_are_shown_too(editor: Client, outsider: Client) -> None:
    for text in (
        make_page(state=State.DRAFT, title="Canary"),
        make_post(title="Canary", published_at=timezone.now() + timedelta(days=2), cover=make_media()),
    ):
        assert "Canary" in outsider.get(make_link(editor, text)).content.decode()


def test_the_preview_speaks_the_language_of_the_draft(editor: Client, outsider: Client) -> None:
    shown = outsider.get(make_link(editor, make_draft(language="ko"))).content.decode()
    assert '<html lang="ko">' in shown
    assert "This is a draft" not in shown


def test_nobody_keeps_it_and_nobody_hears_of_it(editor: Client, outsider: Client) -> None:
    answer = outsider.get(make_link(editor, make_draft()))
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-store"}
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "ETag" not in answer
    assert not answer.cookies
    shown = answer.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in shown
    for absent in ["<textarea", "og:title", 'rel="canonical"', "ld+json", "hreflang", "comments/"]:
        assert absent not in shown.partition('<footer class="site-footer"')[0], absent
    assert "/preview/" not in outsider.get("/robots.txt").content.decode()  # or the headers were never read


def test_nothing_of_it_is_written_to_the_log(
    editor: Client, outsider: Client, caplog: pytest.LogCaptureFixture
) -> None:
    address = make_link(editor, make_draft())
    outsider.get(address)
    assert address.split("/")[2].split(":")[0] not in caplog.text


def test_a_link_ends_after_seven_days(editor: Client, outsider: Client) -> None:
    post, now = make_draft(), timezone.now()
    address = make_link(editor, post)
    with time_machine.travel(now + timedelta(days=7, seconds=-5)):
        assert outsider.get(address).status_code == 200
    with time_machine.travel(now + timedelta(days=7, seconds=5)):
        assert outsider.get(address).status_code == 404
        editor.force_login(make_editor())  # the session has ended as well
        make_link(editor, post)
        assert PreviewLink.objects.count() == 1


def test_a_revoked_link_leads_nowhere_and_the_others_still_do(editor: Client, outsider: Client) -> None:
    post = make_draft()
    kept = make_link(editor, post)
    revoked = make_link(editor, post)
    editor.post(page_of(post), {"revoke": PreviewLink.objects.latest("pk").key})
    assert outsider.get(revoked).status_code == 404
    assert outsider.get(kept).status_code == 200


def test_a_link_is_revoked_only_where_it_was_made(editor: Client) -> None:
    post, other = make_draft(), make_draft()
    make_link(editor, post)
    editor.post(page_of(other), {"revoke": PreviewLink.objects.get().key})
    assert PreviewLink.objects.count() == 1


@pytest.mark.parametrize("how", ["disabled", "no staff", "another role", "deleted"])
@pytest.mark.parametrize("make", [make_draft, lambda: make_page(state=State.DRAFT)])
def test_a_link_ends_with_the_account_or_the_right_of_who_made_it(
    client: Client, outsider: Client, make: Callable[[], Post | Page], how: str
) -> None:
    ara, text = make_editor(username="ara"), make()
    client.force_login(ara)
    address = make_link(client, text)
    client.force_login(make_editor())
    others = make_link(client, text)
    assert outsider.get(address).status_code == 200
    leave(ara, how)
    assert outsider.get(address).status_code == 404
    assert [preview.address for preview in previews.of(text)] == [f"http://127.0.0.1:8000{others}"]
    assert outsider.get(others).status_code == 200


def leave(user: User, how: str) -> None:
    if how == "another role":
        user.groups.set(Group.objects.filter(name="Moderators"))
    elif how == "deleted":
        user.delete()
    else:
        User.objects.filter(pk=user.pk).update(**({"is_active": False} if how == "disabled" else {"is_staff": False}))


def test_a_link_of_an_administrator_needs_no_role(client: Client, outsider: Client) -> None:
    client.force_login(make_user(is_superuser=True))
    assert outsider.get(make_link(client, make_draft())).status_code == 200


def test_links_that_do_not_work_are_answered_alike(editor: Client, outsider: Client) -> None:
    post = make_draft()
    revoked = make_link(editor, post)
    key = PreviewLink.objects.get().key
    PreviewLink.objects.all().delete()
    address = make_link(editor, post)
    number = PreviewLink.objects.get().key
    forged = [
        revoked,
        f"/preview/{number}/",
        f"/preview/{number}:{'A' * 43}/",
        f"/preview/{Signer(salt='comments.status').sign(number)}/",
        f"/preview/{Signer(salt='comments.status').sign(key)}/",
        f"{address[:-2]}/",
        address.replace(number, key),
        "/preview/x/",
        "/preview/%00/",
    ]
    answers = [outsider.get(wrong) for wrong in forged]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert b"Canary" not in answers[0].content


def test_every_link_is_another(editor: Client) -> None:
    post = make_draft()
    for _number in range(3):
        editor.post(page_of(post))
    keys = set(PreviewLink.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert all(len(key) == 16 for key in keys)


def test_the_database_alone_opens_nothing(editor: Client) -> None:
    """The signature is no part of the row: 256 bits that only the secret key makes."""
    token = make_link(editor, make_draft()).split("/")[2]
    key, signature = token.split(":")
    assert len(signature) == 43
    assert signature not in str(list(PreviewLink.objects.values()))
    assert key in str(list(PreviewLink.objects.values()))


def test_a_published_text_is_read_where_everybody_reads_it(editor: Client, outsider: Client) -> None:
    post = make_draft()
    address = make_link(editor, post)
    post.state, post.published_at = State.PUBLISHED, timezone.now()
    publishing.save_post(post)
    answer = outsider.get(address)
    assert (answer.status_code, answer["Location"]) == (302, post.get_absolute_url())
    assert "no-store" in answer["Cache-Control"]
    assert "lead to where everybody reads it" in editor.get(page_of(post)).content.decode()


def test_a_preview_makes_the_draft_no_more_public(editor: Client, outsider: Client) -> None:
    outsider.get(make_link(editor, make_draft(published_at=timezone.now())))
    for address in ["/", "/feed/", "/sitemap.xml", "/search/?q=canary", "/archive/"]:
        content = outsider.get(address, headers={"accept-encoding": "gzip"})
        body = gzip.decompress(content.content) if content.get("Content-Encoding") == "gzip" else content.content
        assert b"Canary" not in body


def test_the_form_of_a_draft_leads_to_its_links(editor: Client) -> None:
    draft, public = make_draft(), make_post()
    assert page_of(draft) in editor.get(f"/admin/posts/post/{draft.pk}/change/").content.decode()
    assert page_of(public) not in editor.get(f"/admin/posts/post/{public.pk}/change/").content.decode()
    assert "There is no link now." in editor.get(page_of(draft)).content.decode()


def test_only_editors_make_links(client: Client) -> None:
    client.force_login(make_moderator())
    post = make_draft()
    assert client.get(page_of(post)).status_code == client.post(page_of(post)).status_code == 403
    assert not PreviewLink.objects.exists()
    assert b"previews/" not in client.get(f"/admin/posts/post/{post.pk}/change/").content


def test_a_preview_costs_the_same_however_much_is_in_it(editor: Client, django_assert_max_num_queries: Any) -> None:
    link = PreviewLink.objects.create(
        post=make_draft(tags=[make_tag() for _ in range(5)], cover=make_media()), by=make_editor()
    )
    identity.current()  # read anew after each edit
    with django_assert_max_num_queries(7):
        Client().get(previews.address(link))
