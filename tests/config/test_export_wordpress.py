"""What is exported can be imported: here without any loss, and by WordPress by the rules of its importer."""

import datetime
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from comments import moderation
from comments.models import Comment, Status
from config.wordpress.terms import author_login, author_slug
from posts import publishing
from posts.models import Category, Language, Media, Page, Post, Redirect, State
from posts.wordpress.writing import cdata
from tests.factories import (
    days_ago,
    make_author,
    make_category,
    make_comment,
    make_media,
    make_moderator,
    make_page,
    make_post,
    make_tag,
)

pytestmark = pytest.mark.django_db

NAMESPACES = {
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
NASTY = "A ]]> & &amp; <b>b</b> <!-- [gallery ids=1] [[x]] \x0b\x01 한국 \N{SNOWMAN}  end"
PLAIN = (
    "A ]]> & &amp; <b>b</b> <!-- [gallery ids=1] [[x]] 한국 \N{SNOWMAN} end"  # as one line, without what XML forbids
)


def export() -> str:
    out = io.StringIO()
    call_command("export_wordpress", stdout=out)
    return out.getvalue()


def items(kind: str = "post", *, text: str = "") -> list[Element]:
    channel = fromstring(text or export()).find("channel")
    assert channel is not None
    return [item for item in channel.findall("item") if get(item, "wp:post_type") == kind]


def get(element: Element, name: str) -> str:
    found = element.find(name, NAMESPACES)
    assert found is not None, name
    return found.text or ""


def meta(item: Element) -> dict[str, str]:
    return {get(one, "wp:meta_key"): get(one, "wp:meta_value") for one in item.findall("wp:postmeta", NAMESPACES)}


def comments(item: Element) -> list[Element]:
    return item.findall("wp:comment", NAMESPACES)


def moved(make: Callable[[], object], settings: Settings, folder: Path) -> tuple[str, dict[str, Any]]:
    """The export of a site, and the report of its import into a site without content."""
    with transaction.atomic():
        make()
        text = export()
        transaction.set_rollback(True)
    old, settings.MEDIA_ROOT = settings.MEDIA_ROOT, folder / "new media"
    old.mkdir(exist_ok=True)
    (folder / "export.xml").write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("import_wordpress", str(folder / "export.xml"), media=old, report="json", stdout=out)
    return text, json.loads(out.getvalue())


def make_site() -> None:
    """Something of everything."""
    asia = make_category(name="Asia & Pacific", slug="zz-asia", description="Two\n\nlines <b>")
    korea = make_category(name="한국", slug="한국", parent=asia)
    seoul = make_category(name="Seoul", slug="aa-seoul", parent=korea)
    cover = make_media(
        title="Cover & more", caption="A <caption>", credit="Photo: Mina  Lee", alt="A “bridge” & a river"
    )
    plain = make_media(decorative=True, caption="Nobody is told")
    author = make_author(name="김미나", slug="김미나")
    post = make_post(
        title=NASTY,
        slug="긴-글",
        body=f'<p>One [gallery ids="1"] {cdata("x")} &amp;</p>\r\n<p><a href="{cover.url}" title="Large">'
        f'<img src="{cover.url}" alt="It" width="30"></a> "{plain.url}"</p><pre>\n  [1] two\n</pre>',
        excerpt=NASTY,
        language=Language.KOREAN,
        author=author,
        cover=cover,
        featured=True,
        categories=[seoul, asia],
        tags=[make_tag(name="R&D", slug="r-d"), make_tag(name="<강>", slug="강")],
        source_name="The Source",
        source_url="https://source.example/?a=1&b=2",
        full_reprint=True,
        comments=Post.Comments.TIMED,
        comments_days=90,
        published_at=days_ago(5),
    )
    post.slug = "새-글"
    publishing.save_post(post)
    publishing.add_redirect("/old/%ec%98%9b/100%25/", post=post)
    make_post(author=author, state=State.PUBLISHED, published_at=days_ago(-400))
    make_post(state=State.DRAFT, published_at=None)
    make_post(state=State.DRAFT, published_at=days_ago(9), comments=Post.Comments.CLOSED, wordpress_id=10)
    make_page(title="About & all", position=3, in_navigation=False, wordpress_id=10, wordpress_site="other.example")
    make_page(state=State.DRAFT, language=Language.KOREAN)
    make_comments(post)


def make_comments(post: Post) -> None:
    first = make_comment(post=post, name="Mina <x> & me@mail.example@more.example", body=NASTY, wordpress_id=500)
    gone = make_comment(post=post, parent=first, status=Status.WITHDRAWN)
    make_comment(
        post=post, parent=gone, body="An answer\r\nin two lines\n\n\n\nand more", website="https://a.example/?x&y"
    )
    make_comment(post=post, parent=first, status=Status.SPAM, created_at=days_ago(400))
    make_comment(post=post, status=Status.PENDING, name="192.0.2.1")
    make_comment(post=post, status=Status.REJECTED)
    hidden = make_comment(post=post, body="Her name is Sook and she lives in Hoeryong.")
    moderation.redact(hidden, [(12, 16)], by=make_moderator())


def test_export_import_and_export_again_give_the_same_file(settings: Settings, tmp_path: Path) -> None:
    text, report = moved(make_site, settings, tmp_path)
    assert export() == text
    assert report["skipped"] == report["repaired"] == []
    assert (report["posts"], report["pages"], report["attachments"]) == (4, 2, 2)
    assert report["comments"] == {"approved": 3, "pending": 1, "spam": 1, "trash": 1}


def test_what_an_import_makes_is_what_there_was(settings: Settings, tmp_path: Path) -> None:
    moved(make_site, settings, tmp_path)
    post = Post.objects.get(featured=True)
    assert (post.title, post.excerpt, post.slug) == (PLAIN, PLAIN, "새-글")
    assert (post.language, post.comments, post.comments_days) == (Language.KOREAN, Post.Comments.TIMED, 90)
    assert (post.source_name, post.source_url) == ("The Source", "https://source.example/?a=1&b=2")
    assert post.full_reprint
    assert (post.author.name, post.author.slug) == ("김미나", "김미나")
    assert {category.slug for category in post.categories.all()} == {"aa-seoul", "zz-asia"}
    assert post.cover
    assert (post.cover.alt, post.cover.credit) == ("A “bridge” & a river", "Photo: Mina Lee")
    assert f'<a href="{post.cover.url}" title="Large"><img src="{post.cover.url}" alt="It" width="30"></a>' in post.body
    assert Redirect.objects.filter(path="/old/옛/100%/", post=post).exists()
    assert Category.objects.get(slug="aa-seoul").parent == Category.objects.get(slug="한국")
    assert not Page.objects.get(position=3).in_navigation
    [plain] = Media.objects.filter(decorative=True)
    assert (plain.alt, plain.caption) == ("", "Nobody is told")
    [reply] = Comment.objects.filter(body="An answer\nin two lines\n\nand more")
    assert reply.parent
    assert (reply.parent.wordpress_id, reply.parent.name) == (500, "Mina <x> & me")


def test_covered_passages_withdrawn_comments_and_addresses_stay_here() -> None:
    make_site()
    text = export()
    assert "Sook" not in text
    assert "Her name is [가림] and she" in text
    assert "mail.example" not in text
    assert "192.0.2.1" not in text
    [post] = [item for item in items(text=text) if comments(item)]
    assert len(comments(post)) == 6
    assert all(get(comment, "wp:comment_author_email") == "" for comment in comments(post))


def test_comments_have_wordpress_s_words_for_their_states() -> None:
    post = make_post()
    for status in (Status.APPROVED, Status.PENDING, Status.SPAM, Status.REJECTED):
        make_comment(post=post, status=status)
    [item] = items()
    assert [get(comment, "wp:comment_approved") for comment in comments(item)] == ["1", "0", "spam", "trash"]


def test_posts_have_wordpress_s_words_for_their_states() -> None:
    make_post(slug="seen")
    make_post(slug="scheduled", published_at=days_ago(-3))
    make_post(slug="draft", state=State.DRAFT)
    found = {get(item, "wp:post_name"): get(item, "wp:status") for item in items()}
    assert found == {"seen": "publish", "scheduled": "future", "draft": "draft"}


def test_dates_are_told_in_the_site_s_time_and_in_utc() -> None:
    make_post(published_at=datetime.datetime(2024, 2, 29, 20, 5, 7, 99, tzinfo=datetime.UTC))
    [item] = items()
    assert get(item, "wp:post_date") == "2024-03-01 05:05:07"
    assert get(item, "wp:post_date_gmt") == "2024-02-29 20:05:07"
    assert get(item, "pubDate") == "Thu, 29 Feb 2024 20:05:07 +0000"


def test_comments_that_are_over_are_closed_for_wordpress() -> None:
    make_post(slug="over", comments=Post.Comments.TIMED, comments_days=3, published_at=days_ago(4))
    make_post(slug="open", comments=Post.Comments.TIMED, comments_days=3, published_at=days_ago(2))
    found = {get(item, "wp:post_name"): get(item, "wp:comment_status") for item in items()}
    assert found == {"over": "closed", "open": "open"}


def test_what_came_from_wordpress_keeps_its_id_and_no_two_items_have_one() -> None:
    make_post(wordpress_id=7, wordpress_site="a.example", slug="first")
    make_post(wordpress_id=7, wordpress_site="b.example", slug="second")
    make_post(wordpress_id=2**62 + 1)
    make_page(wordpress_id=8)
    make_page()
    make_media()
    text = export()
    every = [item for kind in ("post", "page", "attachment") for item in items(kind, text=text)]
    numbers = [int(get(item, "wp:post_id")) for item in every]
    assert len(set(numbers)) == len(numbers) == 6
    assert {get(item, "wp:post_name"): number for item, number in zip(every, numbers, strict=True)}["first"] == 7
    assert 8 in numbers
    assert max(numbers) < 2**53


# The rules of WordPress's importer (plugin wordpress-importer, all three of its parsers).


def test_wordpress_finds_the_version_and_the_address() -> None:
    text = export()
    assert re.search(r"^<wp:wxr_version>\d+\.\d+</wp:wxr_version>$", text, re.MULTILINE)
    assert re.search(r"^<wp:base_site_url>http://127.0.0.1:8000</wp:base_site_url>$", text, re.MULTILINE)


def test_wordpress_finds_each_author_and_term_on_one_line() -> None:
    make_site()
    text = export()
    for name in ("wp:author", "wp:category", "wp:tag"):
        assert text.count(f"<{name}>") == len(re.findall(rf"^<{name}>.*</{name}>$", text, re.MULTILINE)) > 0
    assert text.count("<item>") == len(re.findall(r"^<item>$", text, re.MULTILINE))


def test_wordpress_finds_categories_after_those_above_them() -> None:
    make_site()
    found = re.findall(
        r"<wp:category_nicename><!\[CDATA\[(.*?)\]\]>.*?<wp:category_parent><!\[CDATA\[(.*?)\]\]>", export()
    )
    assert found == [("zz-asia", ""), ("한국", "zz-asia"), ("aa-seoul", "한국")]


def test_wordpress_finds_comments_after_those_that_they_answer() -> None:
    make_site()
    [post] = [item for item in items() if comments(item)]
    numbers = [int(get(comment, "wp:comment_id")) for comment in comments(post)]
    parents = [int(get(comment, "wp:comment_parent")) for comment in comments(post)]
    assert numbers == sorted(set(numbers))
    assert all(parent == 0 or parent in numbers[:place] for place, parent in enumerate(parents))


def test_wordpress_takes_the_login_of_an_author_with_a_korean_slug() -> None:
    for slug in ("mina-lee", "김미나", "xn--mina"):
        login = author_login(slug)
        assert re.fullmatch(r"[a-z0-9_.-]+", login)
        assert author_slug(login) == slug


def test_wordpress_finds_the_cover_and_the_pictures_in_a_text() -> None:
    picture = make_media()
    make_post(cover=picture, body=f'<p><img src="{picture.url}" alt="x"></p>')
    text = export()
    [post], [attachment] = items(text=text), items("attachment", text=text)
    assert meta(post)["_thumbnail_id"] == get(attachment, "wp:post_id")
    address = get(attachment, "wp:attachment_url")
    assert address == f"http://127.0.0.1:8000{picture.url}"
    assert f'src="{address}"' in get(post, "content:encoded")


def test_wordpress_takes_no_word_in_brackets_for_a_shortcode() -> None:
    make_post(body="<p>[gallery] [[x]] [1]</p>")
    [post] = items()
    assert get(post, "content:encoded") == "<p>&#91;gallery] &#91;&#91;x]] [1]</p>"


def test_a_file_is_written_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    make_post()
    call_command("export_wordpress", output=tmp_path / "site.xml")
    assert (tmp_path / "site.xml").read_text() == export()
    assert (tmp_path / "site.xml").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*.xml*")] == ["site.xml"]
    with pytest.raises(CommandError, match=r"No such file or directory\.$"):
        call_command("export_wordpress", output=tmp_path / "nowhere" / "site.xml")


def test_posts_cost_one_query_each_and_a_few_for_all() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            export()
        return len(captured)

    make_post(categories=[make_category()], tags=[make_tag()])
    before = queries()
    for _ in range(5):
        make_comment(post=make_post(categories=[make_category()], tags=[make_tag()]))
    assert queries() == before + 5
