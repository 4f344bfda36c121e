"""The media library: uploading, describing, finding and choosing pictures."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from posts import media
from posts.models import Media
from tests.factories import days_ago, make_editor, make_image_bytes, make_media, make_moderator, make_page, make_post
from tests.posts.test_media import png_bomb

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/posts/media/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_editor())
    return client


def upload(
    editor: Client, data: bytes = b"", *, query: str = "", name: str = "river.jpg", **fields: Any
) -> HttpResponse:
    file = SimpleUploadedFile(name, data or make_image_bytes("JPEG", (1000, 500)))
    described = {"title": "River", "alt": "A river", "caption": "", "credit": ""}
    return editor.post(f"{LIBRARY}add/{query}", described | {"file": file} | fields)


def faults(answer: HttpResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    errors: dict[str, Any] = answer.context["adminform"].form.errors
    return errors


def test_a_picture_is_uploaded_and_served(editor: Client) -> None:
    assert upload(editor, credit="NKHR").status_code == 302
    picture = Media.objects.get()
    assert (picture.title, picture.alt, picture.credit) == ("River", "A river", "NKHR")
    assert (picture.width, picture.height, picture.widths) == (1000, 500, [480, 960])
    for address in (picture.url, picture.thumbnail):
        answer = editor.get(address)
        assert answer.status_code == 200
        assert answer.getvalue()


def test_a_picture_without_a_title_is_called_like_its_file(editor: Client) -> None:
    upload(editor, name="두만강 2026.png", title="")
    assert Media.objects.get().title == "두만강 2026"


@pytest.mark.parametrize(
    ("fields", "taken"), [({"alt": ""}, False), ({"alt": "  "}, False), ({"alt": "", "decorative": "on"}, True)]
)
def test_a_picture_is_described_or_marked_as_decorative(editor: Client, fields: dict[str, str], *, taken: bool) -> None:
    answer = upload(editor, **fields)
    assert Media.objects.exists() is taken
    assert default_storage.exists("") is taken
    if not taken:
        assert "Describe the picture" in faults(answer)["alt"][0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"hello", "not a JPEG, PNG, WebP or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG, PNG, WebP or GIF"),
        (png_bomb(20_000, 20_000), "too many pixels"),
        (make_image_bytes() + bytes(media.MAX_BYTES), "larger than 20 MB"),
    ],
    ids=["text", "svg", "bomb", "too large"],
)
def test_what_is_not_taken_is_said_at_the_file(editor: Client, data: bytes, message: str) -> None:
    errors = faults(upload(editor, data))
    assert list(errors) == ["file"]
    assert message in errors["file"][0]
    assert not Media.objects.exists()
    assert not default_storage.exists("")


def test_a_file_is_asked_for(editor: Client) -> None:
    assert "file" in faults(editor.post(f"{LIBRARY}add/", {"title": "River", "alt": "A river"}))


def test_the_same_picture_again_leads_to_the_one_that_is_there(editor: Client) -> None:
    data = make_image_bytes()
    known = make_media(data, title="<Known> & loved")
    message = str(faults(upload(editor, data))["file"])
    assert f'<a href="{LIBRARY}{known.pk}/change/">&lt;Known&gt; &amp; loved</a>' in message
    assert Media.objects.count() == 1


def test_a_new_description_reaches_the_texts(editor: Client) -> None:
    picture = make_media()
    post = make_post(body=f'<img src="{picture.url}">')
    editor.get(post.get_absolute_url())
    fields = {"title": "x", "alt": "Fresh words", "caption": "", "credit": ""}
    assert editor.post(f"{LIBRARY}{picture.pk}/change/", fields).status_code == 302
    assert 'alt="Fresh words"' in editor.get(post.get_absolute_url()).content.decode()


def test_a_description_cannot_be_taken_away(editor: Client) -> None:
    picture = make_media()
    answer = editor.post(f"{LIBRARY}{picture.pk}/change/", {"title": "x", "alt": "", "caption": "", "credit": ""})
    assert "alt" in faults(answer)


def test_a_picture_tells_its_address_and_where_it_is_shown(editor: Client) -> None:
    picture = make_media()
    post = make_post(title="The <river>", body=f'<img src="{picture.url}">')
    page = make_page(title="About", body=f'<a href="{picture.url}">x</a>')
    shown = editor.get(f"{LIBRARY}{picture.pk}/change/").content.decode()
    assert picture.url in shown
    assert f'<a href="/admin/posts/post/{post.pk}/change/">The &lt;river&gt;</a>' in shown
    assert f'<a href="/admin/posts/page/{page.pk}/change/">About</a>' in shown
    assert "Nowhere." in editor.get(f"{LIBRARY}{make_media().pk}/change/").content.decode()


def test_an_unused_picture_is_deleted_with_its_files(editor: Client, django_capture_on_commit_callbacks: Any) -> None:
    one, others = make_media(), [make_media(), make_media()]
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(f"{LIBRARY}{one.pk}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [picture.pk for picture in others]}
        editor.post(LIBRARY, chosen)
    assert not Media.objects.exists()
    assert default_storage.listdir("")[1] == []


def test_a_picture_that_is_shown_is_kept_and_the_reason_is_clear(editor: Client) -> None:
    in_text, cover, unused = make_media(), make_media(), make_media()
    posts = [make_post(title="In text", body=f'<img src="{in_text.url}">'), make_post(title="As cover", cover=cover)]
    for picture, post in zip([in_text, cover], posts, strict=True):
        for answer in [editor.get(address := f"{LIBRARY}{picture.pk}/delete/"), editor.post(address, {"post": "yes"})]:
            assert f'<a href="/admin/posts/post/{post.pk}/change/">{post}</a>' in answer.content.decode()
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [in_text.pk, unused.pk]}
    assert "In text" in editor.post(LIBRARY, chosen).content.decode()
    assert Media.objects.count() == 3


def test_the_list_shows_thumbnails_and_what_they_show(editor: Client) -> None:
    picture = make_media(title="River", alt="A wide river", credit="NKHR")
    make_media(alt="", decorative=True)
    shown = editor.get(LIBRARY).content.decode()
    assert f'<img class="thumbnail" src="{picture.thumbnail}" alt="River"' in shown
    for text in ["River", "A wide river", "NKHR", "(decorative)"]:
        assert text in shown


@pytest.mark.parametrize("text", ["rare-title", "rare-alt", "rare-caption", "rare-credit"])
def test_pictures_are_found_by_what_is_written_of_them(editor: Client, text: str) -> None:
    found = make_media(title="rare-title", alt="rare-alt", caption="rare-caption", credit="rare-credit")
    make_media()
    for address, results in [(LIBRARY, "cl"), (f"{LIBRARY}pick/", "page")]:
        shown = editor.get(address, {"q": text}).context[results]
        assert list(getattr(shown, "result_list", None) or shown.object_list) == [found]


def test_pictures_are_narrowed_to_the_decorative_and_walked_by_date(editor: Client) -> None:
    plain = make_media(alt="", decorative=True)
    old = make_media()
    Media.objects.filter(pk=old.pk).update(created_at=days_ago(800))
    for query, expected in [({"decorative__exact": "1"}, plain), ({"created_at__year": days_ago(800).year}, old)]:
        assert list(editor.get(LIBRARY, query).context["cl"].result_list) == [expected]


# The pop-up window


def test_the_window_offers_the_newest_pictures_with_their_words(editor: Client) -> None:
    old, new = make_media(), make_media(alt='A "wide" <river>', caption="In spring", credit="NKHR")
    answer = editor.get(f"{LIBRARY}pick/?CKEditorFuncNum=-3")
    assert list(answer.context["page"]) == [new, old]
    shown = answer.content.decode()
    assert f'data-address="{new.url}"' in shown
    assert 'data-alt="A &quot;wide&quot; &lt;river&gt;"' in shown
    assert 'data-caption="In spring – NKHR"' in shown
    assert f'href="{LIBRARY}add/?CKEditorFuncNum=-3&amp;_popup=1"' in shown
    assert '<input type="hidden" name="CKEditorFuncNum" value="-3">' in shown


def test_the_window_has_pages(editor: Client) -> None:
    for _number in range(25):
        make_media(make_image_bytes(size=(20, 20 + _number)))
    first = editor.get(f"{LIBRARY}pick/?CKEditorFuncNum=1&q=picture")
    assert len(first.context["page"].object_list) == 24
    assert "?CKEditorFuncNum=1&amp;q=picture&amp;page=2" in first.content.decode()
    assert len(editor.get(f"{LIBRARY}pick/?page=2").context["page"].object_list) == 1
    assert len(editor.get(f"{LIBRARY}pick/?page=nonsense").context["page"].object_list) == 24


def test_the_window_costs_the_same_however_much_it_shows(editor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            editor.get(f"{LIBRARY}pick/")
        return len(captured)

    make_media()
    queries()
    with_one = queries()
    for _number in range(5):
        make_media()
    assert queries() == with_one


def test_nothing_in_the_window_is_inline(editor: Client) -> None:
    make_media()
    shown = editor.get(f"{LIBRARY}pick/").content.decode()
    assert " style=" not in shown
    assert all(" src=" in tag.partition(">")[0] for tag in shown.split("<script")[1:])


def test_an_upload_from_the_window_leads_back_to_it(editor: Client) -> None:
    answer = upload(editor, query="?CKEditorFuncNum=-3&_popup=1", _popup="1")
    assert answer["Location"] == f"{LIBRARY}pick/?CKEditorFuncNum=-3"


def test_an_empty_library_says_so(editor: Client) -> None:
    assert "No picture was found." in editor.get(f"{LIBRARY}pick/").content.decode()


def test_a_moderator_has_no_business_in_the_library(client: Client) -> None:
    client.force_login(make_moderator())
    for address in (LIBRARY, f"{LIBRARY}pick/", f"{LIBRARY}add/"):
        assert client.get(address).status_code == 403


def test_a_broken_upload_does_not_break_the_form(editor: Client) -> None:
    answer = editor.post(f"{LIBRARY}add/", {"title": "x", "alt": "y", "file": BytesIO(b"")})
    assert "file" in faults(answer)
