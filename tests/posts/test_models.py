"""Facts about posts that lists and pages rely on."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from posts import publishing
from posts.models import Author, Category, Media, Page, Post, State
from tests.factories import days_ago, make_author, make_category, make_media, make_post

pytestmark = pytest.mark.django_db


def test_neighbours_are_the_next_newer_and_the_next_older_public_post(django_assert_num_queries) -> None:
    when = days_ago(5)
    oldest, middle, twin, newest = (make_post(published_at=date) for date in (days_ago(9), when, when, days_ago(1)))
    make_post(published_at=days_ago(3), state=State.DRAFT)
    make_post(published_at=days_ago(-3))
    published = Post.objects.published()
    with django_assert_num_queries(1):
        assert published.beside(middle) == (twin, oldest, [])
    assert published.beside(twin) == (newest, middle, [])
    assert published.beside(newest) == (None, twin, [])
    assert published.beside(oldest) == (middle, None, [])


def test_a_post_and_its_translations_know_each_other_where_they_are_public() -> None:
    original = make_post(language="en", published_at=days_ago(5))
    make_post(published_at=days_ago(4))
    korean = make_post(language="ko", translation_of=original, published_at=days_ago(3))
    beside = Post.objects.published().beside
    assert beside(original).translations == [korean]
    assert beside(korean).translations == [original]
    assert original not in beside(korean)[:2]
    Post.objects.filter(pk=korean.pk).update(state=State.DRAFT)
    assert beside(original).translations == []


@pytest.mark.parametrize(
    ("language", "of", "message"),
    [("en", "original", "same language"), ("ko", "translation", "all translations were made from")],
)
def test_a_translation_points_at_the_original_in_another_language(language: str, of: str, message: str) -> None:
    original = make_post(language="en")
    posts = {"original": original, "translation": make_post(language="ko", translation_of=original)}
    with pytest.raises(ValidationError, match=message):
        make_post(language=language).check_original(posts[of])


def test_what_has_translations_is_no_translation() -> None:
    original, other = make_post(language="en"), make_post(language="ko")
    make_post(language="ko", translation_of=original)
    original.translation_of = other
    with pytest.raises(ValidationError, match="all translations were made from"):
        original.clean()


def test_months_are_counted_newest_first() -> None:
    for date in (days_ago(400), days_ago(400), days_ago(1), days_ago(-40)):
        make_post(published_at=date)
    assert [row["count"] for row in Post.objects.published().by_month()] == [1, 2]


@pytest.mark.parametrize(
    ("comments", "age", "is_open"),
    [("open", 900, True), ("closed", 0.1, False), ("timed", 29, True), ("timed", 31, False), ("open", -1, False)],
)
def test_comments_are_open_as_the_editor_chose(comments: str, age: float, is_open: bool) -> None:  # noqa: FBT001
    assert make_post(comments=comments, comments_days=30, published_at=days_ago(age)).comments_open is is_open


def test_a_draft_takes_no_comments() -> None:
    assert not make_post(state=State.DRAFT).comments_open


@pytest.mark.parametrize(
    ("title", "slug"), [("북한의 인권", "북한의-인권"), ("Café – in 2024!", "café-in-2024"), ("x" * 300, "x" * 200)]
)
def test_a_slug_is_made_from_the_title_in_its_own_letters(title: str, slug: str) -> None:
    category = Category(name=title)
    category.clean()
    assert category.slug == slug


def test_a_title_without_letters_asks_for_a_slug() -> None:
    with pytest.raises(ValidationError, match="slug"):
        Category(name="!!!").clean()


@pytest.mark.parametrize("slug", ["admin", "feed", "search", "category", "tag", "author", "media", "static", "2026"])
def test_a_page_cannot_hide_a_part_of_the_site(slug: str) -> None:
    with pytest.raises(ValidationError, match="The site itself uses"):
        Page(title="x", slug=slug).clean()


def test_publishing_without_a_date_publishes_now() -> None:
    post = Post(title="x", author=make_author(), state=State.PUBLISHED)
    post.clean()
    assert post.published_at is not None


def test_the_database_refuses_a_published_post_without_a_date() -> None:
    with pytest.raises(IntegrityError):
        Post.objects.create(title="x", slug="x", author=make_author(), state=State.PUBLISHED)


@pytest.mark.parametrize(
    "fields", [{"source_url": "https://x.org"}, {"full_reprint": True}, {"full_reprint": True, "source_name": "X"}]
)
def test_a_source_is_named_whole(fields: dict) -> None:
    with pytest.raises(ValidationError):
        Post(title="x", author=Author(name="x"), **fields).clean()


def test_a_category_cannot_stand_below_itself() -> None:
    top = make_category()
    below = make_category(parent=top)
    top.parent = below
    with pytest.raises(ValidationError, match="below itself"):
        top.clean()


def test_a_family_is_a_category_and_all_below_it_in_one_query(django_assert_num_queries) -> None:
    top = make_category()
    child = make_category(parent=top)
    grandchild = make_category(parent=child)
    make_category()
    with django_assert_num_queries(1):
        assert set(top.family()) == {top.pk, child.pk, grandchild.pk}


def test_a_slug_left_empty_is_numbered_where_the_title_is_taken() -> None:
    make_post(slug="weekly-news")
    post = Post(title="Weekly news", author=make_author())
    post.full_clean()
    assert post.slug == "weekly-news-2"
    publishing.save_post(post)
    post.full_clean()
    assert post.slug == "weekly-news-2"


def test_a_slug_that_was_typed_is_not_changed_but_refused_where_it_is_taken() -> None:
    make_post(slug="weekly-news")
    with pytest.raises(ValidationError, match="already exists"):
        Post(title="x", slug="weekly-news", author=make_author()).full_clean()


def test_a_text_too_deep_is_refused_at_its_field() -> None:
    with pytest.raises(ValidationError) as refused:
        Page(title="x", body="<div>" * 101).clean()
    assert list(refused.value.message_dict) == ["body"]


def test_pictures_in_a_text_come_from_the_library() -> None:
    media = make_media()
    post = Post(title="x", author=make_author(), body=f'<p>a</p><img alt="> x" src="{media.url}">')
    post.full_clean()
    post.body += '<img src="https://example.org/media/other.png"> <a href="/media/x.webp">x</a> src="/media/y.webp"'
    post.full_clean()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<img alt="a" src="/media/gone.webp">', "does not have gone.webp"),
        ('<IMG SRC=/media/gone.webp><img src="/media/also.webp">', "does not have also.webp, gone.webp"),
        ('<img src="data:image/png;base64,AAAA" alt="x">', "no web address"),
        ('<p><img alt="x">', "no web address"),
    ],
)
def test_a_picture_that_is_not_in_the_library_is_refused_at_the_text(body: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message) as refused:
        Page(title="x", body=body).clean()
    assert list(refused.value.message_dict) == ["body"]


@pytest.mark.parametrize(("alt", "decorative"), [("", False), ("  ", False), ("A river", True)])
def test_a_picture_is_either_described_or_decorative(alt: str, decorative: bool) -> None:  # noqa: FBT001
    with pytest.raises(ValidationError, match="one of the two"):
        Media(title="x", alt=alt, decorative=decorative).clean()


def test_the_database_refuses_a_picture_without_a_description() -> None:
    with pytest.raises(IntegrityError):
        make_media(alt="", decorative=False)


def test_state_is_told_at_the_very_moment() -> None:
    post = make_post(published_at=days_ago(-1))
    for moment, is_published in [(post.published_at - timedelta(microseconds=1), False), (post.published_at, True)]:
        with time_machine.travel(moment, tick=False):
            assert post.is_published is is_published
            assert post.is_scheduled is not is_published
            assert Post.objects.published().exists() is is_published
            assert Post.objects.scheduled().exists() is not is_published


def test_a_draft_has_no_address_until_it_has_a_date() -> None:
    draft = make_post(state=State.DRAFT, published_at=None)
    assert draft.get_absolute_url() == ""
    assert not draft.is_scheduled


def test_the_month_in_an_address_is_that_of_the_editors_clock() -> None:
    newyear = datetime(2025, 12, 31, 15, 0, tzinfo=UTC)  # 00:00 in Seoul
    assert make_post(slug="x", published_at=newyear).get_absolute_url() == "/2026/01/x/"
