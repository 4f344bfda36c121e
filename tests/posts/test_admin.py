"""The newsroom's lists and forms, as an editor meets them."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.admin import ModelAdmin, site
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from posts.models import Author, Category, Media, Page, Post, Redirect, SiteStamp, State, Tag
from posts.search import search
from tests.factories import (
    days_ago,
    make_author,
    make_category,
    make_comment,
    make_editor,
    make_media,
    make_moderator,
    make_page,
    make_post,
    make_tag,
)

pytestmark = pytest.mark.django_db

POSTS = "/admin/posts/post/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_editor())
    return client


def post_fields(**fields: Any) -> dict[str, Any]:
    """What the form of a post sends."""
    defaults = {
        "seen": "0",
        "title": "A title",
        "body": "<p>Text.</p>",
        "excerpt": "",
        "cover": "",
        "state": "draft",
        "published_at_0": "",
        "published_at_1": "",
        "language": "en",
        "slug": "",
        "author": "",
        "source_name": "",
        "source_url": "",
        "comments": "open",
        "comments_days": "30",
        "amendments-TOTAL_FORMS": "0",
        "amendments-INITIAL_FORMS": "0",
        "chosen-TOTAL_FORMS": "0",
        "chosen-INITIAL_FORMS": "0",
    }
    if "author" not in fields:
        fields["author"] = make_author().pk
    return defaults | fields


def page_fields(**fields: Any) -> dict[str, Any]:
    return {
        "seen": "0",
        "title": "A page",
        "body": "<p>T.</p>",
        "state": "draft",
        "language": "en",
        "slug": "",
        "position": "1",
    } | fields


ASKED = "The title is Korean, but the language is English. Is that meant?"


def said(answer: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def faults(answer: HttpResponse) -> dict[str, Any]:
    """The form's errors, by field."""
    assert answer.status_code == 200
    errors: dict[str, Any] = answer.context["adminform"].form.errors
    return errors


def rows(answer: HttpResponse) -> list[Any]:
    return list(answer.context["cl"].result_list)


def token() -> str:
    return SiteStamp.objects.get().token


# The list of posts


def test_the_list_shows_at_a_glance_what_an_editor_looks_for(editor: Client) -> None:
    public = make_post(
        title="Public", categories=[make_category(name="Camps")], author=make_author(name="Ara"), featured=True
    )
    make_post(title="Later", published_at=days_ago(-2))
    make_post(title="Unfinished", state=State.DRAFT, published_at=None)
    answer = editor.get(POSTS)
    assert answer.context["cl"].list_display[1:] == [
        "title",
        "state_in_words",
        "date",
        "author",
        "filed_under",
        "is_featured",
        "link",
    ]
    shown = answer.content.decode()
    assert f'<a href="{public.get_absolute_url()}">View</a>' in shown
    assert shown.count(">View</a>") == 1
    for text in ["Camps", "Ara", ">Published<", ">Draft<", ">Featured<", "Scheduled for "]:
        assert text in shown


def test_work_in_progress_stands_above_what_was_published_before_it(editor: Client) -> None:
    old_draft = make_post(state=State.DRAFT, published_at=None)
    Post.objects.update(updated_at=days_ago(20))
    yesterday, last_month = make_post(published_at=days_ago(1)), make_post(published_at=days_ago(30))
    later, draft = make_post(published_at=days_ago(-2)), make_post(state=State.DRAFT, published_at=None)
    assert rows(editor.get(POSTS)) == [later, draft, yesterday, old_draft, last_month]


@pytest.mark.parametrize("text", ["shamrock", "rarebody", "rare-slug"])
def test_the_list_is_searched_by_title_text_and_slug(editor: Client, text: str) -> None:
    found = make_post(title="A shamrock", slug="rare-slug", body="<p>rarebody</p>")
    make_post()
    assert rows(editor.get(POSTS, {"q": text})) == [found]


def test_the_list_is_narrowed_by_state_category_author_language_and_feature(editor: Client) -> None:
    wanted = make_post(categories=[make_category()], language="ko", featured=True)
    later, draft = make_post(published_at=days_ago(-2)), make_post(state=State.DRAFT)
    for query, expected in [
        ({"state": "published"}, [wanted]),
        ({"state": "scheduled"}, [later]),
        ({"state": "draft"}, [draft]),
        ({"categories__id__exact": wanted.categories.get().pk}, [wanted]),
        ({"author__id__exact": wanted.author.pk}, [wanted]),
        ({"language__exact": "ko"}, [wanted]),
        ({"featured__exact": "1"}, [wanted]),
    ]:
        assert rows(editor.get(POSTS, query)) == expected, query
    assert len(rows(editor.get(POSTS, {"state": "nonsense"}))) == 3


def test_filters_offer_only_authors_and_categories_that_have_posts(editor: Client) -> None:
    make_post(author=make_author(name="Writes"), categories=[make_category(name="Used")])
    make_author(name="Silent"), make_category(name="Empty")
    shown = editor.get(POSTS).content.decode()
    assert "Writes" in shown
    assert "Used" in shown
    assert "Silent" not in shown
    assert "Empty" not in shown


def test_the_list_is_walked_by_date(editor: Client) -> None:
    wanted = make_post(published_at=days_ago(400))
    make_post()
    year = localtime(wanted.published_at).year
    assert rows(editor.get(POSTS, {"published_at__year": year})) == [wanted]


@pytest.mark.parametrize("model", [Post, Page, Category, Tag, Author, Media])
def test_no_option_of_a_list_is_misspelt(model: type[Model]) -> None:
    """Neither Django's checks nor mypy find those."""
    own = vars(type(site.get_model_admin(model))).items()
    options = {name for name, value in own if not callable(value) and not name.startswith("_")}
    assert options <= {*vars(ModelAdmin), *vars(BaseModelAdmin), "media"}


def test_the_list_shows_fifty_a_page(editor: Client) -> None:
    author = make_author()
    for number in range(51):
        Post.objects.create(title=f"P{number}", slug=f"p{number}", author=author, state=State.DRAFT)
    assert len(rows(editor.get(POSTS))) == 50
    assert len(rows(editor.get(POSTS, {"p": 2}))) == 1


@pytest.mark.parametrize("kind", ["post", "page", "category", "tag", "author", "media"])
def test_a_list_costs_the_same_however_long_it_is(editor: Client, kind: str) -> None:
    author, category, tag = make_author(), make_category(), make_tag()

    def make() -> None:
        make_post(author=author, categories=[category, make_category(parent=category)], tags=[tag], cover=make_media())
        make_page()
        make_author(), make_tag()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            editor.get(f"/admin/posts/{kind}/")
        return len(captured)

    make()
    queries()
    with_one = queries()
    for _number in range(5):
        make()
    assert queries() == with_one <= 13


def test_the_list_does_not_load_the_texts(editor: Client) -> None:
    make_post()
    with CaptureQueriesContext(connection) as queries:
        editor.get(POSTS)
    assert not any('"posts_post"."body"' in query["sql"].partition("FROM")[0] for query in queries)


# The form of a post


def test_the_form_is_grouped(editor: Client) -> None:
    answer = editor.get(f"{POSTS}add/")
    assert [str(fieldset.name) for fieldset in answer.context["adminform"]] == [
        "None",
        "Publication",
        "Classification",
        "Source",
        "Comments",
    ]


def test_a_draft_is_saved_and_nobody_sees_it(editor: Client) -> None:
    answer = editor.post(f"{POSTS}add/", post_fields(title="두만강의 겨울", body="<h1>A</h1><script>x</script>"))
    assert answer.status_code == 302
    post = Post.objects.get()
    assert (post.slug, post.html, post.published_at, post.state) == ("두만강의-겨울", "<h2>A</h2>", None, "draft")
    assert "두만강" not in editor.get("/").content.decode()


def test_a_post_is_published_with_one_choice(editor: Client) -> None:
    category, tag = make_category(), make_tag()
    editor.get("/")
    editor.post(f"{POSTS}add/", post_fields(state="published", categories=[category.pk], tags=[tag.pk]))
    post = Post.objects.get()
    assert post.is_published
    assert (list(post.categories.all()), list(post.tags.all())) == ([category], [tag])
    assert "A title" in editor.get("/").content.decode()
    assert "A title" in editor.get(category.get_absolute_url()).content.decode()
    assert list(search("title")) == [post]


def test_a_post_put_into_another_category_shows_there_at_once(editor: Client) -> None:
    before, after = make_category(), make_category()
    post = make_post(title="Mover", categories=[before])
    for category in (before, after):
        editor.get(category.get_absolute_url())
    when = localtime(post.published_at)
    fields = post_fields(title="Mover", state="published", slug=post.slug, author=post.author.pk, categories=[after.pk])
    fields |= {"published_at_0": f"{when:%Y-%m-%d}", "published_at_1": f"{when:%H:%M:%S}"}
    assert editor.post(f"{POSTS}{post.pk}/change/", fields).status_code == 302
    assert "Mover" not in editor.get(before.get_absolute_url()).content.decode()
    assert "Mover" in editor.get(after.get_absolute_url()).content.decode()


def test_a_scheduled_post_appears_by_itself_exactly_at_its_time(editor: Client) -> None:
    with time_machine.travel("2026-03-01 12:00+09:00", tick=False):
        fields = post_fields(title="Later", state="published", published_at_0="2026-03-05", published_at_1="09:30:00")
        fields["categories"] = [make_category(slug="camps").pk]
        editor.post(f"{POSTS}add/", fields)
        assert "Scheduled for March 5, 2026, 9:30 a.m." in editor.get(POSTS).content.decode()
    surfaces = [
        "/",
        "/category/camps/",
        "/2026/03/",
        "/archive/",
        "/feed/",
        "/feed/json/",
        "/category/camps/feed/atom/",
    ]
    surfaces += ["/sitemap.xml", "/search/?q=later", "/2026/03/later/"]

    def seen() -> list[str]:
        answers = {address: editor.get(address) for address in surfaces}
        return [
            a
            for a, answer in answers.items()
            if answer.status_code == 200 and b"ater" in answer.content.replace(b"q=later", b"")
        ]

    with time_machine.travel("2026-03-05 09:29:59.999999+09:00", tick=False):
        early = editor.get("/")["ETag"]
        assert set(seen()) <= {"/search/?q=later"}
    with time_machine.travel("2026-03-05 09:30+09:00", tick=False):
        assert editor.get("/", headers={"if-none-match": early}).status_code == 200
        assert set(surfaces) - set(seen()) == {"/archive/"}
        assert "/2026/03/" in editor.get("/archive/").content.decode()


def test_a_text_that_is_too_long_or_too_deep_comes_back_whole(editor: Client) -> None:
    for body in ["<div>" * 101 + "canary", "x" * 500_001 + "canary"]:
        answer = editor.post(f"{POSTS}add/", post_fields(title="Kept", body=body, excerpt="Kept too"))
        assert list(faults(answer)) == ["body"]
        shown = answer.content.decode()
        for kept in ["canary", "Kept", "Kept too"]:
            assert kept in shown
    assert not Post.objects.exists()


def test_the_longest_korean_text_fits_into_the_form(editor: Client) -> None:
    assert editor.post(f"{POSTS}add/", post_fields(body="한" * 500_000)).status_code == 302
    assert b'enctype="multipart/form-data"' in editor.get(f"{POSTS}add/").content


def test_a_picture_that_the_library_does_not_have_is_refused_at_the_text(editor: Client) -> None:
    answer = editor.post(f"{POSTS}add/", post_fields(body='<img src="/media/gone.webp">'))
    assert "gone.webp" in faults(answer)["body"][0]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"title": ""}, "title"),
        ({"author": ""}, "author"),
        ({"slug": "taken"}, "slug"),
        ({"title": "!!!"}, "slug"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"full_reprint": "on"}, "source_url"),
        ({"comments_days": "0"}, "comments_days"),
        ({"state": "removed"}, "state"),
        ({"body": "nul\0"}, "body"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(editor: Client, fields: dict[str, str], fault: str) -> None:
    make_post(slug="taken")
    answer = editor.post(f"{POSTS}add/", post_fields(**fields))
    assert fault in faults(answer)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("body", ["<div>" * 5000, "\x08 <b", "&" * 300_000, "<p onclick='x'>한글"])
def test_a_form_opens_whatever_the_stored_text_is(editor: Client, body: str) -> None:
    post, page = make_post(), make_page()
    Post.objects.update(body=body), Page.objects.update(body=body)
    for address in (f"{POSTS}{post.pk}/change/", f"/admin/posts/page/{page.pk}/change/"):
        assert editor.get(address).status_code == 200


def test_changing_slug_or_date_leaves_the_old_address_working(editor: Client) -> None:
    post = make_post(slug="old")
    old = post.get_absolute_url()
    fields = post_fields(slug="new", state="published", published_at_0="2020-02-02", published_at_1="10:00:00")
    editor.post(f"{POSTS}{post.pk}/change/", fields)
    assert editor.get(old)["Location"] == "/2020/02/new/"


def test_the_site_is_linked_only_where_there_is_something_to_see(editor: Client) -> None:
    public, draft, later = make_post(), make_post(state=State.DRAFT), make_post(published_at=days_ago(-1))
    assert f'href="{public.get_absolute_url()}"' in editor.get(f"{POSTS}{public.pk}/change/").content.decode()
    for post in (draft, later):
        assert b"View on site" not in editor.get(f"{POSTS}{post.pk}/change/").content


# Deleting


def test_a_post_is_deleted_with_all_that_leads_to_it(editor: Client) -> None:
    post = make_post(title="Canary")
    before = token()
    assert editor.post(f"{POSTS}{post.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Post.objects.exists()
    assert not search("Canary")
    assert token() != before


def test_a_post_with_comments_is_not_deleted_and_the_reason_is_clear(editor: Client) -> None:
    post = make_comment().post
    make_comment(post=post)
    for answer in (editor.get(f"{POSTS}{post.pk}/delete/"), editor.post(f"{POSTS}{post.pk}/delete/", {"post": "yes"})):
        assert answer.status_code == 200
        assert "2 comments by readers. Make the post a draft instead" in answer.content.decode()
    assert Post.objects.exists()


def test_several_posts_are_deleted_at_once_unless_one_has_comments(editor: Client) -> None:
    commented, others = make_comment().post, [make_post(), make_post()]
    action = {"action": "delete_selected", "post": "yes"}
    answer = editor.post(POSTS, action | {"_selected_action": [commented.pk, *(post.pk for post in others)]})
    assert answer.status_code == 200
    assert "1 comment by a reader. Make the post a draft instead" in answer.content.decode()
    assert Post.objects.count() == 3
    assert editor.post(POSTS, action | {"_selected_action": [post.pk for post in others]}).status_code == 302
    assert list(Post.objects.all()) == [commented]
    assert not search(others[0].title)


# Pages


def test_a_page_is_written_found_and_deleted(editor: Client) -> None:
    assert editor.post("/admin/posts/page/add/", page_fields(title="소개", state="published")).status_code == 302
    page = Page.objects.get()
    assert editor.get(page.get_absolute_url()).status_code == 200
    make_page(state=State.DRAFT, language="ko", body="<p>rarebody</p>")
    for query, expected in [
        ({"q": "소개"}, [page]),
        ({"state__exact": "published"}, [page]),
        ({"language__exact": "en"}, [page]),
    ]:
        assert rows(editor.get("/admin/posts/page/", query)) == expected
    assert editor.get("/admin/posts/page/").content.decode().count(">View</a>") == 1
    editor.post(f"/admin/posts/page/{page.pk}/delete/", {"post": "yes"})
    assert not Page.objects.filter(pk=page.pk).exists()


def test_a_page_that_moved_is_found_at_its_old_address(editor: Client) -> None:
    page = make_page(slug="about")
    editor.post(f"/admin/posts/page/{page.pk}/change/", page_fields(slug="about-us", state="published"))
    assert editor.get("/about/")["Location"] == "/about-us/"


def test_a_page_cannot_take_an_address_of_the_site(editor: Client) -> None:
    assert "slug" in faults(editor.post("/admin/posts/page/add/", page_fields(slug="feed")))


def test_several_pages_are_deleted_at_once(editor: Client) -> None:
    pages, before = [make_page(), make_page()], token()
    action = {"action": "delete_selected", "post": "yes", "_selected_action": [page.pk for page in pages]}
    editor.post("/admin/posts/page/", action)
    assert not Page.objects.exists()
    assert token() != before


# Categories, tags and authors


TERMS = [
    ("category", Category, {"name": "Camps", "description": "d"}),
    ("tag", Tag, {"name": "Camps"}),
    ("author", Author, {"name": "Camps", "kind": "person"}),
]


@pytest.mark.parametrize(("kind", "model", "fields"), TERMS)
def test_a_term_is_made_renamed_and_deleted_and_the_site_notices(
    editor: Client, kind: str, model: Any, fields: dict[str, str]
) -> None:
    folder, tokens = f"/admin/posts/{kind}/", [""]

    def noticed() -> bool:
        tokens.append(token())
        return tokens[-1] != tokens[-2]

    make_post()
    model.objects.filter(posts=None).delete()
    assert noticed()
    editor.post(f"{folder}add/", fields)
    term = model.objects.get(name="Camps")
    assert term.slug == "camps"
    assert noticed()
    editor.post(f"{folder}{term.pk}/change/", fields | {"name": "Prison camps", "slug": "camps"})
    assert editor.get(term.get_absolute_url()).status_code == 200
    assert noticed()
    assert rows(editor.get(folder, {"q": "prison"})) == [term]
    assert f'href="{term.get_absolute_url()}"' in editor.get(f"{folder}{term.pk}/change/").content.decode()
    editor.post(f"{folder}{term.pk}/delete/", {"post": "yes"})
    assert not model.objects.filter(pk=term.pk).exists()
    assert noticed()
    again = model.objects.create(name="x", slug="x")
    editor.post(folder, {"action": "delete_selected", "post": "yes", "_selected_action": [again.pk]})
    assert not model.objects.filter(pk=again.pk).exists()
    assert noticed()


def test_tags_are_looked_up_by_name(editor: Client) -> None:
    for name in ("Seoul", "Sea", "Geneva"):
        make_tag(name=name)
    query = {"app_label": "posts", "model_name": "post", "field_name": "tags", "term": "se"}
    assert [found["text"] for found in editor.get("/admin/autocomplete/", query).json()["results"]] == ["Sea", "Seoul"]


def test_terms_tell_how_many_posts_they_have(editor: Client) -> None:
    category, tag, author = make_category(), make_tag(), make_author()
    for _number in range(3):
        make_post(categories=[category], tags=[tag], author=author)
    make_category(), make_tag(), make_author()
    for kind in ("category", "tag", "author"):
        most, *_others = rows(editor.get(f"/admin/posts/{kind}/", {"o": "-4" if kind != "tag" else "-3"}))
        assert most.post_count == 3


def test_authors_are_narrowed_by_kind(editor: Client) -> None:
    make_author()
    organisation = make_author(kind=Author.Kind.ORGANISATION)
    assert rows(editor.get("/admin/posts/author/", {"kind__exact": "organisation"})) == [organisation]


def test_an_author_with_posts_and_a_category_with_others_below_it_stay(editor: Client) -> None:
    author, category = make_post().author, make_category()
    make_category(parent=category)
    for kind, term in [("author", author), ("category", category)]:
        answer = editor.post(f"/admin/posts/{kind}/{term.pk}/delete/", {"post": "yes"})
        assert answer.status_code == 200
        assert "protected" in answer.content.decode()
    assert Author.objects.filter(pk=author.pk).exists()
    assert Category.objects.filter(pk=category.pk).exists()


# Who may only look


def test_a_moderator_reads_a_post_as_readers_do_and_changes_nothing(client: Client) -> None:
    client.force_login(make_moderator())
    post = make_post(body="<h1>Heading</h1><p onclick=x>Text</p>", cover=make_media())
    answer = client.get(f"{POSTS}{post.pk}/change/")
    shown = answer.content.decode()
    assert "<h2>Heading</h2><p>Text</p>" in shown
    assert "onclick" not in shown
    assert "<textarea" not in shown
    assert 'name="_save"' not in shown
    assert client.post(f"{POSTS}{post.pk}/change/", post_fields(title="Mine")).status_code == 403
    assert rows(client.get(POSTS)) == [post]
    assert "delete_selected" not in client.get(POSTS).content.decode()


def test_nothing_in_the_newsroom_is_inline_but_the_import_map(editor: Client) -> None:
    post = make_post(cover=make_media())
    for address in (
        POSTS,
        f"{POSTS}add/",
        f"{POSTS}{post.pk}/change/",
        f"{POSTS}{post.pk}/delete/",
        "/admin/posts/media/",
    ):
        shown = editor.get(address).content.decode()
        assert " style=" not in shown
        assert "<style" not in shown
        inline = [tag for tag in shown.split("<script")[1:] if " src=" not in tag.partition(">")[0]]
        assert all(
            'type="importmap" nonce="' in tag or 'nonce="' in tag and 'type="importmap"' in tag for tag in inline
        )


def test_a_saved_post_is_confirmed(editor: Client) -> None:
    answer = editor.post(f"{POSTS}add/", post_fields(title="Done"))
    assert "Done" in str(list(get_messages(answer.wsgi_request))[0])
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("year", ["0001", "9" * 25])
@pytest.mark.parametrize("address", ["post/?published_at__year=", "media/?created_at__year="])
def test_a_year_that_no_calendar_has_is_no_error_of_ours(admin_client: Client, address: str, year: str) -> None:
    answer = admin_client.get(f"/admin/posts/{address}{year}")
    assert answer.status_code == 400 or (year == "0001" and connection.vendor == "postgresql")  # which knows that year


def test_a_new_post_is_by_whom_the_editor_wrote_last(editor: Client) -> None:
    def offered() -> Any:
        return editor.get(f"{POSTS}add/").context["adminform"].form["author"].initial

    assert offered() is None
    ara = make_author(name="Ara")
    assert offered() == ara.pk  # there is no other
    bora = make_author(name="Bora")
    assert offered() is None
    editor.post(f"{POSTS}add/", post_fields(author=bora.pk))
    assert offered() == bora.pk


def test_a_link_does_not_fill_in_the_form(admin_client: Client) -> None:
    answer = admin_client.get("/admin/posts/post/add/?title=canary&published_at=nonsense")
    assert answer.status_code == 200
    assert b"canary" not in answer.content.replace(b"?title=canary", b"")


@pytest.mark.parametrize(
    ("title", "language", "times"),
    [("인권 소식", "en", 1), ("인권 소식", "ko", 0), ("News of 인권", "en", 0), ("2026", "en", 0)],
)
@pytest.mark.parametrize(("address", "fields"), [(POSTS, post_fields), ("/admin/posts/page/", page_fields)])
def test_a_korean_title_with_english_as_language_is_asked_about(
    editor: Client, address: str, fields: Callable[..., dict[str, Any]], title: str, language: str, times: int
) -> None:
    answer = editor.post(f"{address}add/", fields(title=title, language=language, slug="a"))
    assert answer.status_code == 302
    assert said(answer).count(ASKED) == times


def test_a_language_that_was_asked_about_is_not_asked_about_again(editor: Client) -> None:
    post = make_post(title="인권 소식", language="en")
    address = f"{POSTS}{post.pk}/change/"
    answer = editor.post(address, post_fields(title=post.title, slug=post.slug, author=post.author_id))
    assert answer.status_code == 302
    assert ASKED not in said(answer)
