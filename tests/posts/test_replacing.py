"""Another file takes a picture's place, wherever the picture is shown."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from config.wordpress.exporter import export
from posts import publishing
from posts.models import FormerName, Identity, Media, Post
from tests.factories import make_editor, make_image_bytes, make_media, make_page, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_editor())
    return client


@pytest.fixture
def replace(editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Any:
    """Replaces the picture as an editor does, and returns the answer."""

    def replace(picture: Media, data: bytes, **fields: str) -> Any:
        form = {"title": picture.title, "alt": picture.alt, "caption": "", "credit": ""} | fields
        with django_capture_on_commit_callbacks(execute=True):
            file = SimpleUploadedFile("new.png", data)
            answer = editor.post(f"/admin/posts/media/{picture.pk}/change/", {**form, "file": file})
        picture.refresh_from_db()
        return answer

    return replace


def shown(text: str, picture: Media) -> bool:
    return f'src="{picture.url}"' in text


def image(picture: Media) -> str:
    return f'<p>Look:</p><img src="{picture.url}" alt="A river">'


def markup(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_texts_covers_and_logo_show_the_new_file_and_its_size(client: Client, replace: Any) -> None:
    picture = make_media(make_image_bytes(size=(640, 480)))
    post, page = make_post(body=image(picture), cover=picture), make_page(body=image(picture))
    Identity.objects.update_or_create(pk=1, defaults={"logo": picture})
    publishing.touch()
    before, etag = picture.url, client.get("/")["ETag"]
    assert replace(picture, make_image_bytes(size=(300, 200))).status_code == 302
    assert picture.url != before
    for address in [post.get_absolute_url(), page.get_absolute_url(), "/", "/feed/"]:
        assert picture.url in markup(client, address)
        assert before not in markup(client, address)
    assert 'width="300" height="200"' in Post.objects.get(pk=post.pk).html
    assert client.get("/")["ETag"] != etag


def test_the_old_file_is_gone_and_its_address_leads_to_the_new_one(client: Client, replace: Any) -> None:
    picture = make_media(make_image_bytes(size=(640, 480)))
    old, rendition = picture.name, picture.thumbnail
    replace(picture, make_image_bytes(size=(300, 200)))
    assert not default_storage.exists(old)
    for address in [f"/media/{old}", rendition]:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, picture.url)
        assert answer["Cache-Control"] == "public, no-cache"
    assert client.get(picture.url).getvalue()
    assert client.get(f"/media/{'0' * 32}.webp").status_code == 404


def test_a_text_that_names_the_old_file_can_be_saved_and_shows_the_new_one(replace: Any) -> None:
    picture = make_media()
    post = make_post(body=image(picture))
    for _time in range(2):  # whoever replaces a picture may do so again
        replace(picture, make_image_bytes(size=(300, 200)))
    post.refresh_from_db()
    post.full_clean()
    publishing.save_post(post)
    assert shown(post.html, picture)
    assert publishing.shown_in(picture) == [post]


def test_where_it_is_used_is_still_known(editor: Client, replace: Any) -> None:
    picture = make_media()
    post = make_post(title="Where it stands", body=image(picture))
    replace(picture, make_image_bytes(size=(300, 200)))
    assert "Where it stands" in markup(editor, f"/admin/posts/media/{picture.pk}/change/")
    assert f"/admin/posts/post/{post.pk}/change/" in markup(editor, f"/admin/posts/media/{picture.pk}/delete/")


def test_a_picture_can_go_back_to_what_it_was(client: Client, replace: Any) -> None:
    first, second = make_image_bytes(size=(640, 480)), make_image_bytes(size=(300, 200))
    picture = make_media(first)
    old = picture.url
    replace(picture, second)
    between = picture.url
    assert replace(picture, first).status_code == 302
    assert picture.url == old
    assert client.get(old).getvalue()
    assert client.get(between)["Location"] == old
    assert FormerName.objects.count() == 1


def test_what_is_in_the_library_or_was_replaced_there_is_not_taken_again(editor: Client, replace: Any) -> None:
    bad, good = make_image_bytes(size=(640, 480)), make_image_bytes(size=(300, 200))
    picture, other = make_media(bad), make_media()
    assert "already in the library" in replace(other, bad).content.decode()
    assert "already in the library" in replace(picture, bad).content.decode()
    replace(picture, good)
    assert "already in the library" in replace(other, bad).content.decode()
    upload = {"title": "x", "alt": "x", "file": SimpleUploadedFile("x.png", bad)}
    assert "already in the library" in editor.post("/admin/posts/media/add/", upload).content.decode()


def test_a_file_that_is_no_picture_changes_nothing(replace: Any) -> None:
    picture = make_media(title="Before")
    before = picture.name
    answer = replace(picture, b"GIF89a no picture", title="After")
    assert "it is broken" in answer.content.decode()
    assert (picture.name, picture.title) == (before, "Before")
    assert default_storage.exists(before)


def test_words_can_be_changed_without_a_file(editor: Client) -> None:
    picture = make_media()
    words = {"title": "New title", "alt": "New words", "caption": "", "credit": ""}
    assert editor.post(f"/admin/posts/media/{picture.pk}/change/", words).status_code == 302
    picture.refresh_from_db()
    assert (picture.title, FormerName.objects.count()) == ("New title", 0)


def test_the_same_file_put_in_twice_at_once_stays() -> None:
    """As when two editors replace a picture by the same file at the same moment."""
    picture = make_media()
    stored = publishing.files.StoredPicture(picture.name, picture.width, picture.height, picture.widths)
    publishing.replace_media(picture, stored)
    assert default_storage.exists(picture.name)
    assert not FormerName.objects.exists()


def test_an_export_names_the_new_file(replace: Any) -> None:
    picture = make_media()
    make_post(body=image(picture))
    old = picture.name
    replace(picture, make_image_bytes(size=(300, 200)))
    written = "".join(export())
    assert picture.name in written
    assert old not in written


def test_a_picture_is_found_by_its_address(editor: Client) -> None:
    picture = make_media(title="Found")
    make_media(title="Other")
    page = markup(editor, f"/admin/posts/media/?q={picture.name}")
    assert "Found" in page
    assert "Other" not in page
