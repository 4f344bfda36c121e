"""What is written with a post, a page or a picture: its HTML, its old addresses, the index and the stamp."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.models import ProtectedError

from posts import publishing
from posts.html import HtmlError
from posts.models import Page, Post, Redirect, SiteStamp, State
from posts.search import search
from tests.factories import days_ago, make_comment, make_media, make_page, make_post

pytestmark = pytest.mark.django_db


def token() -> str:
    return SiteStamp.objects.get().token


def test_html_is_derived_from_the_text() -> None:
    post, page = make_post(body="<h1>T</h1><script>x</script>"), make_page(body="<p onclick=x>P</p>")
    assert Post.objects.get(pk=post.pk).html == "<h2>T</h2>"
    assert Page.objects.get(pk=page.pk).html == "<p>P</p>"


def test_the_text_itself_stays_as_it_was_written() -> None:
    body = "<h1>T</h1><script>x</script>"
    assert Post.objects.get(pk=make_post(body=body).pk).body == body


def test_every_change_gives_the_site_a_new_stamp() -> None:
    post, page, media = make_post(), make_page(), make_media()
    tokens = {token()}
    for change in (
        lambda: publishing.save_post(post),
        lambda: publishing.save_page(page),
        lambda: publishing.save_media(media),
        lambda: publishing.delete_post(post),
        lambda: publishing.delete_page(page),
        lambda: publishing.delete_media(media),
        publishing.touch,
    ):
        change()
        tokens.add(token())
    assert len(tokens) == 8


def test_a_text_that_cannot_be_read_is_not_stored() -> None:
    post = make_post(title="Before")
    before = token()
    post.title, post.body = "After", "<div>" * 101
    with pytest.raises(HtmlError):
        publishing.save_post(post)
    assert Post.objects.get().title == "Before"
    assert token() == before


def test_nothing_is_written_if_a_part_of_it_fails(monkeypatch) -> None:
    post = make_post(title="Before")
    monkeypatch.setattr(publishing, "touch", lambda: Post.objects.create(pk=post.pk))
    post.title, post.slug = "After", "after"
    with pytest.raises(IntegrityError):
        publishing.save_post(post)
    assert Post.objects.get().title == "Before"
    assert not Redirect.objects.exists()
    assert list(search("Before")) == [post]


@pytest.mark.parametrize("change", [{"slug": "new"}, {"slug": "새-주소"}, {"published_at": days_ago(400)}])
def test_an_old_address_is_kept_when_slug_or_date_changes(change: dict[str, object]) -> None:
    post = make_post(slug="옛-주소")
    old = post.get_absolute_url()
    for name, value in change.items():
        setattr(post, name, value)
    publishing.save_post(post)
    redirect = Redirect.objects.get()
    assert redirect.post == post
    assert redirect.path.endswith("/옛-주소/")
    assert old != post.get_absolute_url()


def test_a_page_keeps_its_old_address_too() -> None:
    page = make_page(slug="about")
    page.slug = "about-us"
    publishing.save_page(page)
    assert Redirect.objects.get().path == "/about/"


def test_no_address_is_kept_where_nothing_changed_or_none_was() -> None:
    post = make_post(state=State.DRAFT, published_at=None)
    publishing.save_post(post)
    post.published_at = days_ago(1)
    publishing.save_post(post)
    publishing.save_post(post)
    assert not Redirect.objects.exists()


def test_an_old_address_leads_to_the_last_that_had_it() -> None:
    first, second = make_post(slug="a"), make_post(slug="b")
    first.slug = "c"
    publishing.save_post(first)
    second.slug = "a"
    publishing.save_post(second)
    second.slug = "d"
    publishing.save_post(second)
    assert Redirect.objects.get(path__endswith="/a/").post == second


def test_a_post_deleted_meanwhile_is_stored_anew() -> None:
    post = make_post()
    Post.objects.all().delete()
    publishing.save_post(post)
    assert Post.objects.get() == post


def test_a_deleted_post_leaves_nothing() -> None:
    post = make_post(title="Canary")
    post.slug = "new"
    publishing.save_post(post)
    publishing.delete_post(post)
    assert not Post.objects.exists()
    assert not Redirect.objects.exists()
    assert not search("Canary")


def test_a_post_with_comments_is_not_deleted() -> None:
    post = make_comment().post
    with pytest.raises(ProtectedError):
        publishing.delete_post(post)
    assert list(search(post.title)) == [post]


def test_texts_follow_their_picture() -> None:
    media = make_media(alt="Before")
    post, page = (make(body=f'<img src="{media.url}">') for make in (make_post, make_page))
    changed = post.updated_at
    media.alt = "After"
    publishing.save_media(media)
    for text in (post, page):
        text.refresh_from_db()
        assert 'alt="After"' in text.html
        assert "After" not in text.body
    assert post.updated_at == changed


def test_a_text_that_cannot_be_read_any_more_does_not_hold_up_its_picture() -> None:
    media = make_media()
    post = make_post()
    Post.objects.update(body=f'<img src="{media.url}">' + "<div>" * 101, html="<p>As it was.</p>")
    media.alt = "After"
    publishing.save_media(media)
    post.refresh_from_db()
    assert post.html == "<p>As it was.</p>"


def test_a_picture_is_shown_in_texts_and_as_a_cover() -> None:
    media = make_media()
    texts = [make_post(body=f'<img src="{media.url}">'), make_post(cover=media), make_page(body=media.thumbnail)]
    make_post()
    assert set(publishing.shown_in(media)) == set(texts)


def test_the_files_of_a_picture_go_with_it(django_capture_on_commit_callbacks) -> None:
    media, other = make_media(), make_media()
    with django_capture_on_commit_callbacks(execute=True):
        publishing.delete_media(media)
    left = default_storage.listdir("")[1]
    assert sorted(left) == sorted([other.name, other.name.replace(".webp", "-480.webp")])


def test_the_files_stay_if_the_database_does_not_let_go(django_capture_on_commit_callbacks) -> None:
    media = make_media()
    make_post(cover=media)
    with pytest.raises(ProtectedError), django_capture_on_commit_callbacks(execute=True):
        publishing.delete_media(media)
    assert len(default_storage.listdir("")[1]) == 2


@pytest.mark.parametrize("field", ["body", "cover"])
def test_a_picture_that_is_shown_is_not_deleted(field: str) -> None:
    media = make_media()
    make_post(**{field: media if field == "cover" else f'<img src="{media.url}">'})
    with pytest.raises(ProtectedError, match="in use"):
        publishing.delete_media(media)
