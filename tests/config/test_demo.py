"""The demo fills an empty site with a living blog, once."""

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from io import StringIO
from typing import IO, Any
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker, Settings

from comments import sampling
from comments.models import MAX_DEPTH, Comment, CommentSignal, Decision, Status
from comments.moderation import CONTACT_DAYS
from config import demo_content
from posts import media
from posts.models import Category, Media, Page, Post, State


def named(file: IO[bytes]) -> media.StoredPicture:
    """A picture that is named but not stored: making the renditions takes most of the time."""
    return media.StoredPicture(f"{sha256(file.read()).hexdigest()[:32]}.webp", 1920, 1080, [480, 960])


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo is loaded once for all tests here; what it printed."""
    out, hashers = StringIO(), ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():
        before = connection.creation.serialize_db_to_string()
        with pytest.MonkeyPatch.context() as monkeypatch, override_settings(PASSWORD_HASHERS=hashers):
            monkeypatch.setattr(media, "store", named)
            monkeypatch.setattr(sampling, "ONE_IN", None)
            call_command("demo", stdout=out)
    yield out.getvalue()
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, reset_sequences=False, inhibit_post_migrate=True, verbosity=0)
        connection.creation.deserialize_db_from_string(before)


@pytest.fixture
def demo(loaded: str, db: None) -> str:
    return loaded


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: list(model._default_manager.order_by("pk").values()) for model in models}


def passwords(printed: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) +(\w+)$", printed, re.MULTILINE))


def test_a_second_run_changes_nothing(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = tables()
    call_command("demo")
    assert tables() == before
    assert passwords(capsys.readouterr().out) == passwords(demo)


def test_each_account_can_sign_in_and_do_its_own_work_only(demo: str, client: Client) -> None:
    may = {
        "admin": ["posts.change_post", "comments.moderate_comment", "auth.change_user"],
        "editor": ["posts.change_post"],
        "moderator": ["comments.moderate_comment"],
    }
    everything = set(may["admin"])
    assert passwords(demo).keys() == may.keys()
    for username, password in passwords(demo).items():
        client.post("/admin/login/?next=/admin/", {"username": username, "password": password})
        assert client.get("/admin/").context["user"].username == username
        user = User.objects.get(username=username)
        assert user.is_staff
        assert {permission for permission in everything if user.has_perm(permission)} == set(may[username])


def test_a_changed_password_stays_and_is_not_printed(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    editor = User.objects.get(username="editor")
    editor.set_password("something else")
    editor.save()
    call_command("demo")
    assert "editor" not in passwords(capsys.readouterr().out)
    editor.refresh_from_db()
    assert editor.check_password("something else")


def test_passwords_differ_between_machines(demo: str, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.filter(username="admin").delete()
    settings.SECRET_KEY = "the key of another machine"
    call_command("demo")
    assert passwords(capsys.readouterr().out)["admin"] != passwords(demo)["admin"]


def test_a_visitor_finds_posts_in_two_languages_and_nothing_unfinished(demo: str) -> None:
    shown = Post.objects.published()
    assert shown.filter(language="en").count() == 12
    assert shown.filter(language="ko").count() == 2
    assert shown.filter(featured=True).count() == 1
    assert sum(post.is_scheduled for post in Post.objects.all()) == 1
    assert Post.objects.filter(state=State.DRAFT).count() == 1
    assert Page.objects.published().filter(slug="how-comment-data-is-processed").exists()
    assert Category.objects.filter(parent=None).count() > 3
    assert not Category.objects.filter(description="").exists()


def test_every_published_post_has_a_picture_that_is_described_and_credited(demo: str) -> None:
    assert not Post.objects.published().filter(cover=None).exists()
    for picture in Media.objects.all():
        assert picture.alt.startswith(("Drawing: ", "Sketch map: ", "Bar chart "))
        assert picture.credit == "Drawing: Tumen"
    for text in (*Post.objects.all(), *Page.objects.all()):
        assert "../pictures/" not in text.body
        images = re.findall(r"<img [^>]*>", text.html)
        assert len(images) == text.body.count("<img ")
        assert all("srcset=" in image and 'alt="' in image for image in images)


def test_comments_end_in_the_state_that_is_written_beside_them(demo: str) -> None:
    written = sorted(
        (entry["text"].strip(), entry.get("state", Status.APPROVED))
        for entry in demo_content.read("comments.toml")["comment"]
    )
    stored = sorted(Comment.objects.exclude(status=Status.WITHDRAWN).values_list("body", "status"))
    assert stored == [pair for pair in written if pair[1] != Status.WITHDRAWN]
    assert {status for _text, status in written} == set(Status)


def test_comments_went_the_way_of_every_comment(demo: str) -> None:
    assert not Comment.objects.filter(scored_at=None).exists()
    assert CommentSignal.objects.filter(name="honeypot").exists()
    assert Comment.objects.aggregate(deepest=Max("depth"))["deepest"] == MAX_DEPTH
    moderator = User.objects.get(username="moderator")
    decided = Comment.objects.filter(status__in=[Status.APPROVED, Status.REJECTED])
    assert all(comment.decisions.filter(by=moderator).exists() for comment in decided)
    assert Decision.objects.filter(before=Status.APPROVED, after=Status.REJECTED).exists()
    assert not Decision.objects.filter(after=Status.REJECTED, reason="").exists()


def test_no_comment_is_older_than_its_post_or_than_the_one_it_answers(demo: str) -> None:
    for comment in Comment.objects.select_related("post", "parent"):
        assert comment.post.published_at is not None
        assert comment.created_at > comment.post.published_at
        assert comment.parent is None or comment.created_at > comment.parent.created_at


def test_a_post_whose_comments_are_closed_keeps_those_it_has(demo: str) -> None:
    closed = [post for post in Post.objects.published() if not post.comments_open]
    assert len(closed) == 3
    assert any(Comment.objects.visible().filter(post=post).exists() for post in closed)


def test_an_address_is_kept_for_waiting_comments_only(demo: str) -> None:
    with_address = Comment.objects.filter(contact__isnull=False)
    assert with_address.exists()
    assert set(with_address.values_list("status", flat=True)) == {Status.PENDING}
    assert CONTACT_DAYS == 30  # as the page "How comment data is processed" says


def test_every_link_within_the_site_leads_somewhere(demo: str, client: Client) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer["Content-Type"].startswith("text/html"):
            links = {urljoin(path, unescape(link)) for link in re.findall(r'<a [^>]*?href="([/?][^"#]*)', answer.text)}
            links = {link for link in links if not link.startswith(("/media/", "/static/"))}
            waiting += links - seen
            seen |= links
    assert len(seen) > 100
