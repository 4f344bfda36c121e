"""A WordPress export becomes posts, pages, terms, pictures and comments, once, and nothing hidden becomes public."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from comments.models import MAX_DEPTH, Comment, Contact, Status
from posts.models import Author, Category, Media, Page, Post, Redirect, State, Tag
from tests.exports import attachment, author, category, comment, export, item, meta, tag, term, without, write
from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db

Import = Callable[..., dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """Imports the items, or a whole export, and returns the report."""

    def run(*items: str, whole: str = "", **options: Any) -> dict[str, Any]:
        path = write(tmp_path / "export.xml", whole or export(*items))
        out = io.StringIO()
        call_command("import_wordpress", str(path), report="json", stdout=out, **options)
        report: dict[str, Any] = json.loads(out.getvalue())
        return report

    return run


def skipped(report: dict[str, Any]) -> dict[str, int]:
    return {f"{entry['what']}: {entry['why']}": entry["count"] for entry in report["skipped"]}


def repaired(report: dict[str, Any]) -> dict[str, int]:
    return {entry["what"]: entry["count"] for entry in report["repaired"]}


def dump() -> dict[str, list[Any]]:
    """All rows of our tables, as they are stored."""
    with connection.cursor() as cursor:
        tables = [
            name for name in connection.introspection.table_names(cursor) if name.startswith(("posts_", "comments_"))
        ]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


@contextmanager
def statements() -> Iterator[list[tuple[str, bool]]]:
    """The SQL that is run, and whether it was within a transaction. (The import empties Django's own list.)"""
    seen: list[tuple[str, bool]] = []

    def see(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append((sql, connection.in_atomic_block))
        return execute(sql, *rest)

    with connection.execute_wrapper(see):
        yield seen


def picture(folder: Path, name: str, colour: str = "red") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (30, 20), colour).save(path)


def test_a_post_comes_with_all_that_it_has(run: Import) -> None:
    header = (
        author("mina", "Mina Lee") + category("asia", "Asia") + category("korea", "Korea", "asia", "North &amp; South")
    )
    report = run(
        whole=export(
            item(
                term("category", "korea", "Korea"),
                term("post_tag", "river", "River"),
                content__encoded="<![CDATA[One.\n\nTwo.]]>",
                excerpt__encoded="<![CDATA[A <em>short</em> text.]]>",
                wp__is_sticky="1",
                wp__comment_status="closed",
            ),
            header=header + tag("river", "River"),
        )
    )
    post = Post.objects.get()
    assert (post.title, post.slug, post.state, post.wordpress_id) == ("Title 1", "title-1", State.PUBLISHED, 1)
    assert f"{post.published_at:%Y-%m-%d %H:%M}" == "2019-05-04 10:30"
    assert (post.body, post.excerpt) == ("<p>One.</p>\n<p>Two.</p>", "A short text.")
    assert post.author.name == "Mina Lee"
    assert post.author.slug == "mina"
    assert post.featured
    assert post.comments == Post.Comments.CLOSED
    [korea] = post.categories.all()
    assert (korea.name, korea.description, korea.parent and korea.parent.slug) == ("Korea", "North & South", "asia")
    assert [one.name for one in post.tags.all()] == ["River"]
    assert report == {
        "posts": 1,
        "pages": 0,
        "categories": 2,
        "tags": 1,
        "authors": 1,
        "attachments": 0,
        "comments": {"approved": 0, "pending": 0, "spam": 0, "trash": 0},
        "threads": 0,
        "redirects": 0,
        "skipped": [],
        "repaired": [],
    }


def test_the_report_is_written_for_people_unless_json_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "import_wordpress",
        str(write(tmp_path / "a.xml", export(item(comment(), wp__post_type="page"), item(number=2)))),
    )
    out, err = capsys.readouterr()
    assert "posts: 1\n" in out
    assert "skipped: 1 × comment, on a page" in out
    assert err == ""  # no progress bar where no person watches


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, State.PUBLISHED),
        ({"wp__status": "draft"}, State.DRAFT),
        ({"wp__status": "private"}, State.DRAFT),
        ({"wp__status": "pending"}, State.DRAFT),
        ({"wp__status": "wc-processing"}, State.DRAFT),
        ({"wp__status": ""}, State.DRAFT),
        ({"wp__post_password": "secret"}, State.DRAFT),
        ({"wp__status": "future"}, State.DRAFT),  # its time has passed while nobody looked
        ({"wp__status": "future", "wp__post_date_gmt": "2999-01-01 00:00:00"}, State.PUBLISHED),
        ({"wp__post_date_gmt": "0000-00-00 00:00:00", "wp__post_date": ""}, State.DRAFT),
    ],
)
def test_only_what_was_public_becomes_public(run: Import, client: Client, values: dict[str, str], state: State) -> None:
    report = run(item(**values))
    post = Post.objects.get()
    assert post.state == state
    assert bool(repaired(report)) == (state == State.DRAFT and values.get("wp__status") != "draft")
    was_public = values == {}
    assert Post.objects.published().exists() == was_public
    assert ("Title 1" in client.get("/").content.decode()) == was_public


@pytest.mark.parametrize(
    "values",
    [
        {"wp__status": "private"},
        {"wp__status": "future"},
        {"wp__status": "future", "wp__post_date_gmt": "2999-01-01 00:00:00"},
        {"wp__post_password": "x"},
    ],
)
def test_only_pages_that_were_public_become_public(run: Import, client: Client, values: dict[str, str]) -> None:
    run(item(wp__post_type="page", **values))
    assert client.get("/title-1/").status_code == 404


def test_what_was_put_away_keeps_its_date_and_a_draft_gets_one_later(run: Import) -> None:
    run(item(wp__status="private"), item(number=2, wp__status="draft"))
    assert [bool(post.published_at) for post in Post.objects.order_by("wordpress_id")] == [True, False]


def test_what_is_no_post_page_or_attachment_is_skipped_and_counted(run: Import) -> None:
    report = run(
        item(number=1, wp__post_type="nav_menu_item"),
        item(number=2, wp__post_type="nav_menu_item"),
        item(comment(), number=3, wp__post_type="wp_block"),
        item(number=4, wp__status="trash"),
        item(number=5, wp__status="auto-draft"),
        item(number=6),
        item(number=6),
    )
    assert skipped(report) == {
        "item: navigation": 2,
        "item: custom type wp_block": 1,
        "item: status trash": 1,
        "item: status auto-draft": 1,
        "item: the same item twice": 1,
        "comment: on an item that is skipped": 1,
    }
    assert report["posts"] == 1


def test_child_pages_become_pages_like_others(run: Import, client: Client) -> None:
    child = item(
        number=2,
        wp__post_type="page",
        wp__post_parent="1",
        link="https://old.example/about/team/",
        wp__post_name="team",
    )
    report = run(
        item(wp__post_type="page", wp__post_name="about", link="https://old.example/about/", wp__menu_order="3"), child
    )
    about, team = Page.objects.order_by("wordpress_id")
    assert (about.slug, about.position, about.in_navigation) == ("about", 3, True)
    assert (team.slug, team.in_navigation) == ("team", False)
    assert report["pages"] == 2
    assert client.get("/about/team/").headers["Location"] == "/team/"


@pytest.mark.parametrize(
    ("slug", "title", "result"),
    [
        ("%ec%9d%b8%ea%b6%8c", "인권", "인권"),
        ("%ec%9d%b8%ea%b6%8c"[:-1], "인권", "인"),
        ("인권", "인권", "인권"),
        ("", "North &amp; South", "north-south"),
        ("", "인권 소식", "인권-소식"),
        ("", "???", "post-1"),
        ("a" * 300, "x", "a" * 200),
        ("%zz/../x y", "x", "zzx-y"),
    ],
)
def test_slugs_are_letters(run: Import, slug: str, title: str, result: str) -> None:
    run(item(wp__post_name=slug, title=title))
    assert Post.objects.get().slug == result


def test_a_slug_that_is_taken_gets_a_number(run: Import) -> None:
    make_post(slug="news")
    report = run(item(wp__post_name="news"), item(number=2, wp__post_name="news"))
    assert sorted(post.slug for post in Post.objects.all()) == ["news", "news-2", "news-3"]
    assert repaired(report) == {"slugs that were taken, now with a number": 2}


@pytest.mark.parametrize("slug", ["admin", "feed", "tag", "2019"])
def test_a_page_does_not_hide_a_part_of_the_site(run: Import, slug: str) -> None:
    run(item(wp__post_type="page", wp__post_name=slug))
    assert Page.objects.get().slug == f"{slug}-page"


def test_old_addresses_lead_to_the_new_ones(run: Import, client: Client) -> None:
    report = run(
        item(number=1, link="https://old.example/2019/05/04/title-1/"),
        item(number=2, link="https://old.example/%ec%9d%b8%ea%b6%8c/", wp__post_name="x"),
        item(number=3, link="https://old.example/?p=3"),
        item(number=4, link="https://old.example/2019/05/title-4/"),
        item(number=5, link="https://old.example/secret/", wp__status="private"),
        item(number=6, link="https://old.example/?page_id=6", wp__post_type="page", wp__post_name="about"),
        item(number=7, link="https://old.example/x%00y/"),
        item(number=8, link="http://[broken/"),
        item(number=9, link="https://old.example/%ec%9d%b8%ea/"),
    )
    assert report["redirects"] == Redirect.objects.count() == 4
    assert client.get("/2019/05/04/title-1/").headers["Location"] == "/2019/05/title-1/"
    assert client.get("/인권/").headers["Location"] == "/2019/05/x/"
    assert client.get("/?p=3").headers["Location"] == "/2019/05/title-3/"
    assert client.get("/?page_id=6").headers["Location"] == "/about/"
    assert client.get("/2019/05/title-4/").status_code == 200
    assert client.get("/secret/").status_code == 404
    assert client.get("/%ec%9d%b8%ea/").headers["Location"] == "/2019/05/title-9/"
    assert client.get("/?p=5").status_code == 200  # the home page


def test_an_old_address_that_several_items_have_leads_to_the_first_that_is_public(run: Import, client: Client) -> None:
    link = "https://old.example/same/"
    states = ["draft", "publish", "publish", "private"]
    items = [item(number=number, link=link, wp__status=status) for number, status in enumerate(states)]
    dry, report = run(*items, dry_run=True), run(*items)
    assert dry["redirects"] == report["redirects"] == Redirect.objects.count() == 1
    assert client.get("/same/").headers["Location"] == "/2019/05/title-1/"


@pytest.mark.parametrize(
    ("title", "body", "result"),
    [
        ("<![CDATA[<em>One</em> &amp; two]]>", "x", "One & two"),
        ("", "First <b>words</b> of the text", "First words of the text"),
        ("", "", "Untitled post"),
        ("long " * 100, "x", ("long " * 60)[:-6] + "…"),
    ],
)
def test_every_post_has_a_title(run: Import, title: str, body: str, result: str) -> None:
    run(item(title=title, content__encoded=f"<![CDATA[{body}]]>"))
    assert Post.objects.get().title == result


@pytest.mark.parametrize(
    ("body", "extra", "language"),
    [
        ("북한 인권 소식입니다.", "", "ko"),
        ("A text about 인권 in North Korea.", "", "en"),
        ("<!-- wp:paragraph --><p>북한 인권</p><!-- /wp:paragraph -->", "", "ko"),
        ("A text.", term("language", "ko", "한국어"), "ko"),
        ("북한", term("language", "en", "English"), "en"),
        ("", "", "en"),
    ],
)
def test_the_language_is_the_texts_own(run: Import, body: str, extra: str, language: str) -> None:
    run(item(extra, title="1", content__encoded=f"<![CDATA[{body}]]>"))
    assert Post.objects.get().language == language


def test_where_nothing_tells_the_language_it_is_the_old_blogs(run: Import) -> None:
    header = "<language>ko-KR</language>"
    run(whole=export(item(title="1", content__encoded="<img src='x.jpg' />"), header=header))
    assert Post.objects.get().language == "ko"


def test_the_more_mark_makes_the_excerpt(run: Import) -> None:
    run(item(content__encoded="<![CDATA[Above.\n\n<!--more-->\n\nBelow.]]>"))
    post = Post.objects.get()
    assert post.excerpt == "Above."
    assert "Below." in post.html


def test_a_text_nested_too_deeply_is_reduced_to_its_words(run: Import) -> None:
    report = run(item(content__encoded=f"<![CDATA[{'<div>' * 5000}One &lt;b&gt;\n\nTwo]]>"))
    assert Post.objects.get().body == "<p>One &lt;b&gt;</p>\n<p>Two</p>"
    assert repaired(report) == {"texts reduced to plain paragraphs": 1}


def test_a_text_that_is_too_long_is_skipped_with_its_comments(run: Import) -> None:
    report = run(item(comment(), content__encoded=f"<![CDATA[{'x ' * 300_000}]]>"), item(number=2))
    assert skipped(report) == {"item: its text is too long": 1, "comment: on an item that is skipped": 1}
    assert [post.wordpress_id for post in Post.objects.all()] == [2]


def test_files_inside_a_text_are_dropped(run: Import) -> None:
    run(item(content__encoded=f'<![CDATA[One <img src="data:image/png;base64,{"A" * 900_000}" alt="two"> three.]]>'))
    assert Post.objects.get().body == "<p>One two three.</p>"


def test_a_child_category_may_come_before_its_parent_and_a_circle_is_cut(run: Import) -> None:
    header = category("b", "B", "a") + category("a", "A") + category("x", "X", "y") + category("y", "Y", "x")
    report = run(whole=export(header=header + category("z", "Z", "nowhere")))
    parents = {one.slug: one.parent and one.parent.slug for one in Category.objects.select_related("parent")}
    assert parents["b"] == "a"
    assert parents["z"] is None
    assert None in {parents["x"], parents["y"]}
    assert repaired(report)["categories whose parent is missing or below them"] >= 2


def test_categories_may_come_after_the_items(run: Import) -> None:
    run(item(term("category", "seoul", "Seoul")), category("korea", "Korea") + category("seoul", "Seoul", "korea"))
    seoul = Category.objects.select_related("parent").get(slug="seoul")
    assert seoul.parent
    assert seoul.parent.slug == "korea"


def test_terms_that_are_here_already_are_left_as_they_are(run: Import) -> None:
    make_category(slug="news", name="Our news")
    report = run(whole=export(item(term("category", "news", "News")), header=category("news", "News", "", "Theirs")))
    assert report["categories"] == 0
    assert [(one.name, one.description) for one in Post.objects.get().categories.all()] == [("Our news", "")]


def test_terms_that_only_items_name_are_made(run: Import) -> None:
    report = run(
        item(term("category", "%ec%9d%b8%ea%b6%8c", "인권"), term("post_tag", "", "😀"), term("nav_menu", "m", "M"))
    )
    assert (report["categories"], report["tags"]) == (1, 1)
    assert [one.slug for one in Post.objects.get().categories.all()] == ["인권"]
    assert [one.name for one in Tag.objects.all()] == ["😀"]


def test_terms_that_only_punctuation_tells_apart_stay_apart(run: Import) -> None:
    first, second = (term("post_tag", slug, name) for slug, name in [("c", "C"), ("c%2b%2b", "C++")])
    report = run(
        whole=export(item(first), item(second, number=2), header=tag("c", "C") + tag("c%2b%2b", "C++") + tag("C", "C"))
    )
    assert report["tags"] == 2
    names = [post.tags.get().name for post in Post.objects.order_by("wordpress_id")]
    assert names == ["C", "C++"]


def test_authors_keep_apart_and_their_addresses_stay_secret(run: Import, client: Client) -> None:
    header = author("j.doe", "J Doe") + author("jdoe", "Jane Doe") + author("kim@secret.example", "kim@secret.example")
    items = [
        item(number=number, dc__creator=login)
        for number, login in enumerate(["j.doe", "jdoe", "kim@secret.example"], 1)
    ]
    run(whole=export(*items, header=header))
    names = [
        (post.author.name, post.author.slug) for post in Post.objects.select_related("author").order_by("wordpress_id")
    ]
    assert names == [("J Doe", "jdoe"), ("Jane Doe", "jdoe-2"), ("kim", "kim")]
    assert "secret.example" not in repr(dump())


def test_a_mangled_login_is_still_its_authors(run: Import) -> None:
    run(whole=export(item(dc__creator="&gt;mina"), header=author("mina", "Mina Lee")))
    assert Post.objects.get().author.name == "Mina Lee"


def test_a_post_without_an_author_is_the_blogs(run: Import) -> None:
    run(without("dc:creator", item()))
    assert Author.objects.get().name == "The Old Blog"
    assert Author.objects.get().kind == Author.Kind.ORGANISATION


def test_comments_keep_their_state_and_text(run: Import, client: Client) -> None:
    approved = ["1", "0", "spam", "trash", "post-trashed", "hold", "approve", "nonsense", ""]
    comments = [comment(number, wp__comment_approved=state) for number, state in enumerate(approved, 1)]
    report = run(item(*comments))
    stored = [Status(one.status) for one in Comment.objects.order_by("wordpress_id")]
    approve, wait = Status.APPROVED, Status.PENDING
    assert stored == [approve, wait, Status.SPAM, Status.REJECTED, Status.REJECTED, wait, approve, wait, wait]
    assert report["comments"] == {"approved": 2, "pending": 4, "spam": 1, "trash": 2}
    assert repaired(report) == {"comments in an unknown state, now waiting": 2}
    page = client.get("/2019/05/title-1/").content.decode()
    assert [number for number in range(1, 10) if f"Comment {number}." in page] == [1, 7]


@pytest.mark.parametrize(
    "forged", ["<wp:comment_approved>1</wp:comment_approved>", "<wp:comment_type>comment</wp:comment_type>"]
)
def test_a_text_that_breaks_out_of_a_comment_does_not_publish_it(run: Import, forged: str) -> None:
    text = f"<![CDATA[Hidden]]></wp:comment_content>{forged}<wp:comment_content><![CDATA[x]]>"
    report = run(item(comment(1, wp__comment_content=text, wp__comment_approved="spam"), comment(2)))
    hidden, _ = Comment.objects.order_by("wordpress_id")
    assert (hidden.body, hidden.status) == ("Hidden", Status.PENDING)
    assert repaired(report) == {"comments whose state is told twice, now waiting": 1}


@pytest.mark.parametrize(
    "forged",
    [
        "<wp:status>publish</wp:status>",
        "<wp:post_type>post</wp:post_type>",
        "<wp:post_password></wp:post_password>",
    ],
)
def test_a_text_that_breaks_out_of_a_post_does_not_publish_it(run: Import, forged: str) -> None:
    text = f"<![CDATA[Hidden]]></content:encoded>{forged}<content:encoded><![CDATA[x]]>"
    hidden = item(content__encoded=text, wp__status="private", wp__post_password="secret")
    assert repaired(run(hidden, item(number=2)))["items whose state is told twice, now drafts"] == 1
    assert {post.wordpress_id: post.state for post in Post.objects.all()} == {1: State.DRAFT, 2: State.PUBLISHED}


def test_a_comment_is_kept_whole(run: Import) -> None:
    text = "One <strong>two</strong>\n\n" + "word " * 3000
    run(item(comment(wp__comment_content=f"<![CDATA[{text}]]>", wp__comment_author_url="https://reader.example/")))
    stored = Comment.objects.get()
    assert stored.body == "One two\n\n" + ("word " * 3000).strip()
    assert (stored.name, stored.website) == ("Reader 1", "https://reader.example/")
    assert f"{stored.created_at:%Y-%m-%d %H:%M:%S}" == "2019-05-05 10:30:01"


def test_nothing_but_readers_comments_comes_along(run: Import) -> None:
    types = ["pingback", "trackback", "like", "order_note"]
    comments = [comment(number, wp__comment_type=kind) for number, kind in enumerate(types, 1)]
    empty = comment(8, wp__comment_content="<![CDATA[ <br/> ]]>")
    report = run(
        item(*comments, comment(7), comment(7), empty, comment(9, wp__comment_type="comment")),
        item(comment(), number=2, wp__post_type="page"),
        attachment(comment(), number=3, file="2019/05/a.jpg"),
    )
    assert [one.wordpress_id for one in Comment.objects.order_by("pk")] == [7, 9]
    assert skipped(report) == {f"comment: {kind}": 1 for kind in types} | {
        "comment: the same comment twice": 1,
        "comment: without a text": 1,
        "comment: on a page": 1,
        "comment: on an attachment": 1,
    }


def test_threads_stay_threads(run: Import) -> None:
    """Whatever the order, answers stand below what they answer, and deeper ones than we show on the last level."""
    line = [comment(number, wp__comment_parent=str(number + 1 if number < 9 else 0)) for number in range(1, 10)]
    report = run(item(*line))
    depths = [one.depth for one in Comment.objects.order_by("-wordpress_id")]
    assert depths == [0, 1, 2, 3, *[MAX_DEPTH] * 5]
    assert {one.thread_id for one in Comment.objects.exclude(depth=0)} == {Comment.objects.get(depth=0).pk}
    assert report["threads"] == 8


def test_comments_stand_in_the_order_of_their_dates(run: Import) -> None:
    dated = [
        comment(number, wp__comment_date_gmt=f"2019-05-0{day} 00:00:00") for number, day in [(1, 7), (2, 5), (3, 6)]
    ]
    run(item(*dated))
    assert [one.wordpress_id for one in Comment.objects.order_by("pk")] == [2, 3, 1]


def test_answers_to_nothing_and_to_each_other_stand_alone(run: Import) -> None:
    parents = {1: "99", 2: "3", 3: "2", 4: "4", 5: "3", 6: "x"}
    report = run(item(*[comment(number, wp__comment_parent=parent) for number, parent in parents.items()]))
    assert Comment.objects.count() == 6
    assert repaired(report)["replies to a comment that is not there"] == 1
    assert repaired(report)["replies that answer each other"] == 2
    assert report["threads"] == Comment.objects.exclude(parent=None).count() == 2


def test_comments_without_this_or_that(run: Import) -> None:
    poor = comment(wp__comment_author="", wp__comment_author_url="http://", wp__comment_id="")
    for name in ["wp:comment_date", "wp:comment_date_gmt", "wp:comment_parent", "wp:comment_type"]:
        poor = without(name, poor)
    run(item(poor, poor.replace("Comment 1", "Other"), comment(3, wp__comment_author="me@mail.example")))
    first, second, third = Comment.objects.order_by("pk").select_related("post")
    assert (third.name, third.website, third.created_at) == ("Anonymous", "", third.post.published_at)
    assert (first.name, second.wordpress_id) == ("me", None)


def test_addresses_of_readers_are_dropped_unless_they_are_asked_for(run: Import) -> None:
    run(item(comment()))
    assert not Contact.objects.exists()
    assert "mail.example" not in repr(dump())
    assert "203.0.113.77" not in repr(dump())


@pytest.mark.parametrize("name", ["203.0.113.77", "2001:db8::77"])
def test_an_ip_address_is_no_name(run: Import, name: str) -> None:
    run(item(comment(wp__comment_author=name)))
    assert Comment.objects.get().name == "Anonymous"


@pytest.mark.parametrize("website", ["http://jane@mail.example", "https://jane:x@mail.example/a", "jane@mail.example"])
def test_an_email_address_that_was_typed_as_website_is_dropped(run: Import, website: str) -> None:
    run(item(comment(wp__comment_author_url=website)))
    assert Comment.objects.get().website == ""


def test_addresses_of_readers_that_are_kept_stand_apart(run: Import) -> None:
    run(item(comment(), comment(2, wp__comment_author_email="no address")), keep_emails=True)
    [contact] = Contact.objects.all()
    assert (contact.email, contact.purpose) == ("reader1@mail.example", Contact.Purpose.IMPORTED)
    assert "203.0.113.77" not in repr(dump())


def test_pictures_come_from_the_copy_of_the_uploads(run: Import, tmp_path: Path) -> None:
    picture(tmp_path / "uploads", "2019/05/river.jpg")
    picture(tmp_path / "uploads", "2019/05/강.png", "blue")
    body = (
        '[caption]<a href="http://www.old.example/wp-content/uploads/2019/05/river.jpg">'
        '<img src="https://old.example/wp-content/uploads/2019/05/river-300x200.jpg" alt="A river" /></a> '
        "Amnok[/caption]\n\n"
        '<img src="/wp-content/uploads/2019/05/%EA%B0%95-scaled.png?w=9" />\n\n'
        '<img src="https://old.example/wp-content/uploads/2019/05/gone.jpg" alt="Gone" />\n\n'
        '<img src="https://other.example/wp-content/uploads/2019/05/river.jpg" alt="Theirs" />'
    )
    report = run(
        item(meta("_thumbnail_id", "7"), content__encoded=f"<![CDATA[{body}]]>"),
        attachment(meta("_wp_attachment_image_alt", "The Amnok"), number=7, file="2019/05/river.jpg", title="river1"),
        attachment(number=8, file="2019/05/gone.jpg"),
        media=tmp_path / "uploads",
    )
    post = Post.objects.get()
    river, han = Media.objects.order_by("pk")
    assert (river.alt, river.title, river.decorative) == ("The Amnok", "river1", False)
    assert (han.alt, han.title, han.decorative) == ("", "강-scaled.png", True)
    assert post.cover == river
    assert post.body.count(river.url) == 2
    assert f'<img src="{han.url}" alt="">' in post.body
    assert '<a href="https://old.example/wp-content/uploads/2019/05/gone.jpg">Gone</a>' in post.body
    assert '<a href="https://other.example/wp-content/uploads/2019/05/river.jpg">Theirs</a>' in post.body
    assert f'src="{river.url}"' in post.html
    assert report["attachments"] == 2
    assert repaired(report) == {
        "pictures that are not here, now links": 2,
        "attached files that are not here": 1,
        "pictures without a description, marked as decorative": 1,
    }


def test_a_gallery_shows_the_pictures_attached_to_the_post(run: Import, tmp_path: Path) -> None:
    picture(tmp_path, "2019/05/a.jpg")
    run(
        item(content__encoded="[gallery]"),
        attachment(number=2, file="2019/05/a.jpg", wp__post_parent="1", excerpt__encoded="The <b>Han</b>", title="Han"),
        attachment(number=3, file="2019/05/b.jpg", wp__post_parent="1", title="Gone"),
        media=tmp_path,
    )
    [one] = Media.objects.all()
    body = Post.objects.get().body.replace("\n", "")
    first = f'<figure><img src="{one.url}" alt="Han"><figcaption>The &lt;b&gt;Han&lt;/b&gt;</figcaption></figure>'
    assert body.startswith(first.replace("&lt;b&gt;", "<b>").replace("&lt;/b&gt;", "</b>"))
    assert body.endswith('<figure><a href="https://old.example/wp-content/uploads/2019/05/b.jpg">Gone</a></figure>')


def test_the_same_gallery_ten_thousand_times_is_shown_a_few_times(run: Import) -> None:
    many = [attachment(number=number, file=f"{number}.jpg", wp__post_parent="1") for number in range(2, 102)]
    report = run(item(content__encoded="[gallery]" * 10_000), *many)
    assert Post.objects.get().body.count("<figure>") == 1000
    assert repaired(report)["shortcode [gallery] removed"] == 9990


def test_a_picture_may_be_told_by_its_place_on_the_old_server(run: Import, tmp_path: Path) -> None:
    picture(tmp_path, "2007/05/a.jpg")
    there = meta("_wp_attached_file", "/home/mina/www/wp-content/uploads/2007/05/a.jpg")
    run(item(meta("_thumbnail_id", "9")), attachment(there, number=9, file="2007/05/a.jpg"), media=tmp_path)
    cover = Post.objects.get().cover
    assert cover
    assert cover.title == "Title 9"


@pytest.mark.parametrize("number", ["7", "none", "", "-1", "9" * 5000])
def test_a_cover_that_there_is_not_is_no_cover(run: Import, number: str) -> None:
    run(item(meta("_thumbnail_id", number)))
    assert Post.objects.get().cover is None


def test_files_that_are_no_pictures_stay_links(run: Import, tmp_path: Path) -> None:
    write(tmp_path / "paper.pdf", b"%PDF-1.4")
    write(tmp_path / "logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    link = '<a href="https://old.example/wp-content/uploads/paper.pdf">Paper</a>'
    body = f'{link} <img src="https://old.example/wp-content/uploads/logo.svg" alt="Logo">'
    report = run(item(content__encoded=f"<![CDATA[{body}]]>"), media=tmp_path)
    assert link in Post.objects.get().body
    assert not Media.objects.exists()
    assert repaired(report)["files that are no pictures, left as links"] == 2


def test_no_file_outside_the_folder_is_taken(run: Import, tmp_path: Path) -> None:
    picture(tmp_path, "secret.jpg")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "uploads" / "loop.jpg").symlink_to("loop.jpg")
    paths = [
        "../secret.jpg",
        "..%2fsecret.jpg",
        "link.jpg",
        "loop.jpg",
        f"/{tmp_path}/secret.jpg",
        "x%00.jpg",
        "a" * 5000 + ".jpg",
    ]
    images = "".join(f'<img src="https://old.example/wp-content/uploads/{path}">' for path in paths)
    run(item(content__encoded=f"<![CDATA[{images}]]>"), media=tmp_path / "uploads")
    assert not Media.objects.exists()


FULL = export(
    item(
        comment(1),
        comment(2, wp__comment_parent="1"),
        comment(3, wp__comment_approved="0"),
        meta("_thumbnail_id", "9"),
        term("category", "korea", "Korea"),
        term("post_tag", "new", "New"),
        link="https://old.example/old/",
        content__encoded='<![CDATA[<img src="https://old.example/wp-content/uploads/2019/05/a.jpg" alt="A"> [x_y]]]>',
    ),
    item(number=2, wp__post_name="title-1"),
    item(number=3, wp__post_type="page", link="https://old.example/a/b/"),
    without("wp:post_id", item(number="x", guid="x", link="")),
    attachment(number=9, file="2019/05/a.jpg"),
    header=author("mina", "Mina")
    + category("korea", "Korea", "asia")
    + category("asia", "Asia")
    + tag("river", "River"),
)


def test_a_second_run_changes_nothing(run: Import, tmp_path: Path) -> None:
    picture(tmp_path, "2019/05/a.jpg")
    first = run(whole=FULL, media=tmp_path, keep_emails=True)
    before = dump()
    second = run(whole=FULL, media=tmp_path, keep_emails=True)
    assert dump() == before
    assert first["posts"] == 3
    assert {
        name: second[name] for name in ["posts", "pages", "categories", "tags", "authors", "redirects", "threads"]
    } == (dict.fromkeys(["posts", "pages", "categories", "tags", "authors", "redirects", "threads"], 0))
    assert skipped(second)["item: imported before"] == 4


def test_a_dry_run_says_the_same_and_writes_nothing(run: Import, tmp_path: Path) -> None:
    picture(tmp_path, "2019/05/a.jpg")
    before = dump()
    dry = run(whole=FULL, media=tmp_path, dry_run=True)
    assert dump() == before
    assert not list((tmp_path / "media").rglob("*.webp"))
    assert run(whole=FULL, media=tmp_path) == dry


def test_a_file_that_breaks_off_is_refused_before_anything_is_written(run: Import) -> None:
    before = dump()
    with pytest.raises(CommandError, match="cut short"):
        run(whole=FULL[: FULL.index("</channel>")])
    assert dump() == before


OLD = FULL.replace("<channel>\n", "<channel>\n<link>https://old.example</link>")
OTHER = OLD.replace("old.example", "other.example").replace("Comment ", "Remark ").replace("Title ", "Headline ")


def test_two_blogs_with_the_same_ids_both_arrive_whole(run: Import, client: Client, tmp_path: Path) -> None:
    picture(tmp_path, "2019/05/a.jpg")
    first, second = run(whole=OLD, media=tmp_path), run(whole=OTHER, media=tmp_path)
    for what in ("posts", "pages", "attachments", "comments", "threads"):
        assert second[what] == first[what], what
    assert skipped(second) == skipped(first)
    assert [Post.objects.count(), Page.objects.count(), Comment.objects.count()] == [6, 2, 6]
    assert repaired(second)["addresses /?p=ID that another blog has"] == 3
    assert repaired(second)["old addresses that another item has"] == 3
    assert client.get("/?p=2").headers["Location"] == "/2019/05/title-1-2/"

    before = dump()
    for whole in (OLD, OTHER):
        assert skipped(run(whole=whole, media=tmp_path))["item: imported before"] == 4
    assert dump() == before


def test_a_number_that_two_blogs_have_leads_to_the_first_one(run: Import, client: Client) -> None:
    run(item(wp__post_type="page"))
    report = run(whole=export(item(title="Other")).replace("old.example", "other.example"))
    assert repaired(report) == {"addresses /?p=ID that another blog has": 1}
    assert client.get("/?p=1").headers["Location"] == "/title-1/"


@pytest.mark.parametrize("address", ["http://old.example", "https://www.old.example/", "https://OLD.example"])
def test_a_blog_is_the_same_however_it_was_reached(run: Import, address: str) -> None:
    run(item())
    header = f"<wp:base_blog_url>{address}</wp:base_blog_url>"
    assert skipped(run(whole=export(item(), header=header))) == {"item: imported before": 1}


@pytest.mark.parametrize("address", ["http://[broken", "x" * 5000, "/blog", "old.example:8080"])
def test_any_address_tells_a_blog_apart(run: Import, address: str) -> None:
    header = f"<wp:base_blog_url>{address}</wp:base_blog_url>"
    reports = [run(item()), *[run(whole=export(item(), header=header)) for _ in range(2)]]
    assert [report["posts"] for report in reports] == [1, 1, 0]


def test_what_came_before_blogs_were_told_apart_is_known_by_its_title(run: Import) -> None:
    run(item(), item(number=2))
    Post.objects.update(wordpress_site="")
    report = run(item(), item(number=2, title="Of another blog"))
    assert skipped(report) == {"item: imported before": 1}
    assert report["posts"] == 1


def test_an_encoding_that_is_not_declared_is_refused_before_anything_is_written(run: Import, tmp_path: Path) -> None:
    before = dump()
    told = export(item(), *[item(number=number, title="북한 인권 소식") for number in range(2, 9)])
    path = write(tmp_path / "korean.xml", told.encode("cp949"))
    with pytest.raises(CommandError, match="please name its encoding"):
        call_command("import_wordpress", str(path))
    assert dump() == before


def test_an_edited_post_is_left_as_it_is(run: Import) -> None:
    run(item())
    Post.objects.update(title="Edited")
    run(item(comment()))
    assert Post.objects.get().title == "Edited"
    assert not Comment.objects.exists()


def test_the_cost_of_an_item_does_not_grow_with_the_site(run: Import, tmp_path: Path) -> None:
    def queries() -> int:
        Post.objects.all().delete()
        with statements() as seen:
            run(item(number=10_000))
        return len(seen)

    few = queries()
    run(*[item(number=number) for number in range(1, 9)])
    assert queries() <= few


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_terms_of_the_header_are_written_at_once(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[None] = []
    commit = connection.commit
    monkeypatch.setattr(connection, "commit", lambda: (commits.append(None), commit()))
    with statements() as seen:
        run(whole=export(header="".join(tag(f"t{number}", f"T {number}") for number in range(40))))
    assert [within for sql, within in seen if sql.startswith('INSERT INTO "posts_tag"')] == [True] * 40
    assert len(commits) < 5


def test_an_author_who_is_listed_among_the_items_keeps_the_name(run: Import) -> None:
    run(item(dc__creator="jun"), author("mina", "Mina Lee"), item(number=2))
    assert Post.objects.get(wordpress_id=2).author.name == "Mina Lee"


def test_a_free_number_is_looked_for_once_for_all_equal_slugs(run: Import) -> None:
    def queries(*posts: str) -> int:
        with statements() as seen:
            run(*posts)
        return len(seen)

    run(*[item(number=number, wp__post_name="news") for number in range(1, 41)])
    different = queries(*[item(number=number, link="") for number in range(41, 61)])
    equal = queries(*[item(number=number, link="", wp__post_name="news") for number in range(61, 81)])
    assert equal - different < 2 * 40 + 20
    assert {"news", "news-2", "news-60"} <= set(Post.objects.values_list("slug", flat=True))


def test_queries_are_not_kept_in_memory_while_debug_is_on(run: Import, settings: Settings) -> None:
    settings.DEBUG = True
    run(*[item(number=number) for number in range(1, 4)])
    assert len(connection.queries) < 10


def test_errors_are_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    """As a person sees it who runs the command."""
    result = subprocess.run(
        [sys.executable, "manage.py", "import_wordpress", str(write(tmp_path / "a.xml", "<html></html>"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == "CommandError: This is an HTML page, not a WordPress export.\n"


def test_a_media_folder_that_is_none_is_refused(run: Import, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        run(item(), media=tmp_path / "nowhere")


def test_what_is_scheduled_appears_by_itself(run: Import) -> None:
    run(item(wp__status="future", wp__post_date_gmt="2999-01-01 00:00:00"))
    assert Post.objects.get().is_scheduled
    assert not Post.objects.published().exists()
    Post.objects.update(published_at=timezone.now())
    assert Post.objects.published().exists()
