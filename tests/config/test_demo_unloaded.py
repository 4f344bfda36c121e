"""The demo where it is not loaded: in production, over another blog, and after a fault; and its pictures alone."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config import demo_content
from posts import media
from posts.models import Media, Page, Post
from tests.config.test_demo import named
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_a_blog_that_has_posts_is_left_as_it_is() -> None:
    make_post()
    call_command("demo")
    assert Post.objects.count() == 1
    assert not Page.objects.exists()


def test_it_is_refused_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="only where SITE_URL"):
        call_command("demo")
    assert not User.objects.exists()
    assert not Post.objects.exists()


def test_what_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError

    monkeypatch.setattr(media, "store", named)
    monkeypatch.setattr(demo_content, "make_comment", fail)
    with pytest.raises(OSError):  # noqa: PT011  there is no message
        call_command("demo")
    assert not User.objects.exists()
    assert not Media.objects.exists()


def test_pictures_are_stored_with_their_renditions() -> None:
    entry = demo_content.read("content.toml")["pictures"]["river"]
    picture = demo_content.make_picture("river", entry)
    assert picture.widths
    assert media.storage().exists(picture.name)
