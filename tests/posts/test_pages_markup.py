"""What readers, search engines and other sites find in the markup of the public pages."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.asserts import assertInHTML

from comments.models import Comment, Status
from posts import identity, publishing, views
from posts.models import Post
from tests.factories import (
    days_ago,
    make_author,
    make_category,
    make_comment,
    make_moderator,
    make_page,
    make_picture,
    make_post,
    make_tag,
)

pytestmark = pytest.mark.django_db

AFTER_AN_EDIT = 4  # queries, once: what the site says of itself


def markup(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def meta(html: str) -> dict[str, str]:
    """OpenGraph and other meta elements of a page."""
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', html))


def canonical(html: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]+)"', html)


def test_a_post_names_its_full_address_as_canonical(client: Client) -> None:
    post = make_post()
    assert canonical(markup(client, post.get_absolute_url())) == [settings.SITE_URL + post.get_absolute_url()]


def linked_data(html: str) -> list[dict[str, Any]]:
    """All nodes of a page's JSON-LD."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [node for script in scripts for node in json.loads(script)["@graph"]]


def test_search_engines_read_what_a_post_is_and_where_it_stands(client: Client) -> None:
    category = make_category(name="Camps")
    title = "A </script><b> & “quote”"
    post = make_post(
        title=title, categories=[category], tags=[make_tag(name="Law")], source_name="S", source_url="https://s.test/"
    )
    address = settings.SITE_URL + post.get_absolute_url()
    article, breadcrumbs = linked_data(markup(client, post.get_absolute_url()))
    assert article["@type"] == "Article"
    assert (article["headline"], article["mainEntityOfPage"]) == (title, address)
    assert article["isBasedOn"] == "https://s.test/"
    assert article["author"] == {
        "@type": "Person",
        "name": post.author.name,
        "url": settings.SITE_URL + post.author.get_absolute_url(),
    }
    assert (article["articleSection"], article["keywords"]) == (["Camps"], ["Law"])
    assert "image" not in article
    assert datetime.fromisoformat(article["datePublished"]) == post.published_at
    steps = [(step["position"], step["name"]) for step in breadcrumbs["itemListElement"]]
    assert steps == [(1, identity.current().name), (2, "Camps"), (3, title)]


def test_search_engines_read_the_comments_and_what_they_answer(client: Client) -> None:
    post = make_post()
    first = make_comment(post=post, name="Ara", body="One <b> & two.\n\nhttps://example.org/")
    reply = make_comment(post=post, name="", parent=first)
    make_comment(post=post, status=Status.PENDING)
    address = settings.SITE_URL + post.get_absolute_url()
    _article, _breadcrumbs, count, *comments = linked_data(markup(client, post.get_absolute_url()))
    assert count == {"@id": f"{address}#article", "commentCount": 2}
    assert [comment["@id"] for comment in comments] == [f"{address}#comment-{one.pk}" for one in (first, reply)]
    assert [comment["parentItem"]["@id"] for comment in comments] == [f"{address}#article", comments[0]["@id"]]
    assert comments[0]["text"] == "One <b> & two.\n\nhttps://example.org/"
    assert comments[0]["author"] == {"@type": "Person", "name": "Ara"}
    Comment.objects.filter(pk=first.pk).update(staff=make_moderator())
    publishing.touch()
    assert linked_data(markup(client, post.get_absolute_url()))[3]["author"]["@type"] == "Organization"
    assert "author" not in comments[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", comments[0]["dateCreated"])  # the day only, as on the page


def test_a_page_without_comments_has_no_data_of_them(client: Client) -> None:
    assert len(linked_data(markup(client, make_post().get_absolute_url()))) == 2


def test_a_post_leads_to_its_translations(client: Client) -> None:
    english = make_post(language="en")
    korean = make_post(language="ko", translation_of=english)
    for shown, other in [(english, korean), (korean, english)]:
        html = markup(client, shown.get_absolute_url())
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', html))
        assert alternates == {post.language: settings.SITE_URL + post.get_absolute_url() for post in (english, korean)}
        assert f'hreflang="{other.language}" lang="{other.language}" href="{other.get_absolute_url()}"' in html
    assert "Read this in English" in markup(client, korean.get_absolute_url())
    assert "hreflang" not in markup(client, make_post().get_absolute_url())


def test_a_full_reprint_names_its_source_as_canonical(client: Client) -> None:
    source = {"source_name": "The Organization for World Peace", "source_url": "https://theowp.test/a?b=1&c=2"}
    reprint, drawn = make_post(**source, full_reprint=True), make_post(**source)
    assert canonical(markup(client, reprint.get_absolute_url())) == ["https://theowp.test/a?b=1&amp;c=2"]
    assert canonical(markup(client, drawn.get_absolute_url())) == [settings.SITE_URL + drawn.get_absolute_url()]


def test_each_page_of_a_list_is_its_own_canonical(client: Client) -> None:
    category = make_category(slug="인권")
    for _ in range(11):
        make_post(categories=[category])
    address = category.get_absolute_url()
    assert canonical(markup(client, address)) == [settings.SITE_URL + address]
    assert canonical(markup(client, address + "?page=2")) == [settings.SITE_URL + address + "?page=2"]


def test_neighbouring_pages_of_a_list_link_to_each_other(client: Client) -> None:
    tag = make_tag(name="Border", slug="border")
    for number in range(21):
        make_post(title=f"Border {number}", tags=[tag])
    address = tag.get_absolute_url()
    assertInHTML(f'<a rel="next" href="{address}?page=2">Next page</a>', markup(client, address))
    second = markup(client, address + "?page=2")
    assertInHTML(f'<a rel="prev" href="{address}">Previous page</a>', second)
    assertInHTML(f'<a rel="next" href="{address}?page=3">Next page</a>', second)
    found = markup(client, "/search/?q=border&page=2")
    assertInHTML('<a rel="prev" href="/search/?q=border">Previous page</a>', found)
    assertInHTML('<a rel="next" href="/search/?q=border&amp;page=3">Next page</a>', found)


def test_a_post_says_who_posted_it_when_and_where(client: Client) -> None:
    post = make_post(
        author=make_author(name="Eun-ji Park", slug="park"),
        categories=[make_category(name="Food"), make_category(name="Law")],
        tags=[make_tag(name="maize")],
        published_at="2026-03-09T03:00:00Z",
    )
    html = markup(client, Post.objects.get(pk=post.pk).get_absolute_url())
    words = text(html)
    assert "Posted on March 9, 2026 by Eun-ji Park" in words
    assert "This entry was posted in Food, Law by Eun-ji Park." in words
    assert "Tags: maize" in words
    assertInHTML('<time datetime="2026-03-09">March 9, 2026</time>', html)
    assertInHTML('<a href="/author/park/" rel="author">Eun-ji Park</a>', html, count=2)


def test_the_source_stands_under_the_text_in_brackets(client: Client) -> None:
    post = make_post(source_name="The Organization for World Peace", source_url="https://theowp.test/a")
    html = markup(client, post.get_absolute_url())
    assertInHTML('<a href="https://theowp.test/a">[The Organization for World Peace]</a>', html)
    assert html.index(post.html) < html.index("[The Organization") < html.index("This entry was posted")


def test_a_source_without_an_address_is_named_only(client: Client) -> None:
    html = markup(client, make_post(source_name="A letter").get_absolute_url())
    assertInHTML('<p class="source">[A letter]</p>', html)


def test_a_post_describes_itself_to_other_sites(client: Client) -> None:
    cover = make_picture(alt="A river")
    post = make_post(title="A & B", excerpt="In short.", cover=cover, published_at=days_ago(3))
    found = meta(markup(client, post.get_absolute_url()))
    assert (
        found.items()
        >= {
            "description": "In short.",
            "og:title": "A &amp; B",
            "og:description": "In short.",
            "og:type": "article",
            "og:url": settings.SITE_URL + post.get_absolute_url(),
            "og:site_name": identity.current().name,
            "og:locale": "en_US",
            "og:image": settings.SITE_URL + cover.url,
            "og:image:width": "1000",
            "og:image:height": "600",
            "og:image:alt": "A river",
            "article:published_time": timezone.localtime(post.published_at).isoformat(),
        }.items()
    )


def test_the_home_page_describes_the_site(client: Client) -> None:
    found = meta(markup(client, "/"))
    assert found["og:type"] == "website"
    assert found["og:title"] == identity.current().name
    assert found["description"] == found["og:description"] == identity.current().tagline
    assert found["og:url"] == settings.SITE_URL + "/"


def test_a_page_speaks_the_language_of_its_content(client: Client) -> None:
    korean = make_post(title="두만강", language="ko")
    make_page(title="소개", slug="소개", language="ko")
    html = markup(client, korean.get_absolute_url())
    assert '<html lang="ko">' in html
    assert meta(html)["og:locale"] == "ko_KR"
    assert '<html lang="ko">' in markup(client, "/소개/")


def test_each_text_in_a_list_says_its_language(client: Client) -> None:
    korean = make_post(title="두만강", excerpt="짧은 글", language="ko", published_at=days_ago(2))
    english = make_post(title="The river")
    html = markup(client, "/")
    assert '<html lang="en">' in html
    assertInHTML(f'<h2 lang="ko"><a href="{korean.get_absolute_url()}">두만강</a></h2>', html)
    assertInHTML('<p class="summary" lang="ko">짧은 글</p>', html)
    assertInHTML(f'<h2 lang="en"><a href="{english.get_absolute_url()}">The river</a></h2>', html)
    assertInHTML('<b lang="ko">두만강</b>', markup(client, english.get_absolute_url()))


def test_pictures_bring_their_size_and_renditions(client: Client) -> None:
    cover = make_picture(alt="A river", caption="The Tumen", credit="Drawing: us", size=(1000, 600))
    post = make_post(cover=cover)
    for address in ["/", post.get_absolute_url()]:
        image = re.search(r"<img src=\"/media/[^>]+>", markup(client, address))[0]
        assert 'width="1000" height="600"' in image
        assert f'srcset="{cover.srcset}"' in image
    assert [part.split()[1] for part in cover.srcset.split(", ")] == ["480w", "960w", "1000w"]
    assert "The Tumen Drawing: us" in text(markup(client, post.get_absolute_url()))


def test_a_text_without_excerpt_is_summed_up_by_its_beginning(client: Client) -> None:
    post = make_post(body=f"<h2>Camp <em>14</em></h2><p>{'word ' * 100}</p>")
    assert post.summary == f"Camp 14 {'word ' * 53}…"
    assert post.summary in markup(client, "/")
    assert len(make_post(body=f"<p>{'글' * 1000}</p>").summary) == 400


def test_every_featured_post_has_its_place_on_the_home_page(client: Client) -> None:
    titles = [make_post(title=f"Featured {n}", featured=True, published_at=days_ago(n)).title for n in range(1, 5)]
    make_post(title="Newest", published_at=timezone.now() - timedelta(minutes=1))
    found = re.findall(r"<h2[^>]*><a[^>]*>([^<]+)", markup(client, "/"))
    assert found == [*titles[:3], "Newest", "Featured 4"]


def test_the_header_shows_chosen_pages_and_top_categories_and_the_footer_all_pages(client: Client) -> None:
    make_page(title="About")
    make_page(title="Comment data", in_navigation=False)
    parent = make_category(name="Camps")
    make_category(name="Below", parent=parent)
    html = markup(client, "/")
    header, footer = html.split("<main")
    assert "About" in header
    assert "Camps" in header
    assert "Comment data" not in header
    assert "Below" not in header
    assert "About" in footer
    assert "Comment data" in footer


def test_the_header_holds_the_categories_that_are_used_most(client: Client) -> None:
    unused = [make_category(name=f"Category A{number}") for number in range(8)]
    used = make_category(name="Used")
    make_post(categories=[used])
    header = markup(client, "/").split("<main")[0]
    assert used.name in header
    assert sum(category.name in header for category in unused) == 7


def test_feeds_are_announced_where_they_belong(client: Client) -> None:
    category, tag, author = make_category(), make_tag(), make_author()
    post = make_post(categories=[category], tags=[tag], author=author)
    for thing in [category, tag, author, post]:
        html = markup(client, thing.get_absolute_url())
        for base in ["/", thing.get_absolute_url()]:
            for kind, ending in [("rss+xml", ""), ("atom+xml", "atom/"), ("feed+json", "json/")]:
                assert re.search(
                    rf'<link rel="alternate" type="application/{re.escape(kind)}"[^>]* href="{base}feed/{ending}"', html
                )


def test_only_searches_stay_out_of_search_engines(client: Client) -> None:
    post = make_post(title="River")
    assert meta(markup(client, "/search/?q=river"))["robots"] == "noindex"
    assert "robots" not in meta(markup(client, "/"))
    assert "robots" not in meta(markup(client, post.get_absolute_url()))


def test_what_people_wrote_is_escaped(client: Client) -> None:
    attack = "<img src=x onerror=alert(1)>"
    post = make_post(
        title=attack,
        excerpt=attack,
        source_name=attack,
        author=make_author(name=attack, bio=attack),
        categories=[make_category(name=attack, description=attack)],
        tags=[make_tag(name=attack)],
    )
    lists = [post.author, post.categories.get(), post.tags.get()]
    addresses = ["/", post.get_absolute_url(), "/archive/", *(thing.get_absolute_url() for thing in lists)]
    for address in [*addresses, f"/search/?q={attack}"]:
        assert "<img src=x" not in markup(client, address)


def test_no_page_carries_style_or_script_of_its_own(client: Client) -> None:
    category, tag, author = make_category(), make_tag(), make_author()
    post = make_post(categories=[category], tags=[tag], author=author, cover=make_picture(), source_name="A letter")
    make_comment(post=post)
    addresses = [thing.get_absolute_url() for thing in (post, make_page(), category, tag, author)]
    month = post.get_absolute_url().rsplit("/", 2)[0] + "/"
    pages = [markup(client, address) for address in [*addresses, month, "/", "/archive/", "/search/?q=post"]]
    pages.append(client.get("/nothing/").content.decode())
    for html in pages:
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:", html)
        scripts = [script for script in re.findall(r"<script[^>]*>", html) if "application/ld+json" not in script]
        assert all("src=" in script for script in scripts)


def test_what_is_not_there_is_said_in_the_dress_of_the_site(client: Client) -> None:
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert identity.current().name in response.content.decode()


def test_the_page_for_our_own_faults_needs_no_database(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    name = identity.current().name
    with django_assert_num_queries(0):
        response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert name in response.content.decode()


def test_the_page_for_our_own_faults_names_the_host_until_the_name_is_known(rf: RequestFactory) -> None:
    assert f"– {settings.SITE_HOST}</title>" in views.server_error(rf.get("/")).content.decode()


def fill(count: int) -> Post:
    """Posts, categories, tags and pages in this number, and one more post that has a bit of everything."""
    categories = [make_category() for _ in range(count)]
    tags = [make_tag() for _ in range(count)]
    posts = [make_post(categories=categories, tags=tags, cover=make_picture(), featured=i % 2) for i in range(count)]
    for _ in posts:
        make_page()
        make_comment(post=posts[0], parent=make_comment(post=posts[0]))
    make_post(published_at=days_ago(9))
    return posts[0]


@pytest.mark.parametrize("count", [1, 6])
def test_home_and_post_cost_twelve_queries_at_most_however_much_they_show(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    post = fill(count)
    with django_assert_max_num_queries(7 + AFTER_AN_EDIT):
        client.get("/")
    with django_assert_max_num_queries(12):
        client.get(post.get_absolute_url())


@pytest.mark.parametrize(("path", "queries"), [("/", 7), ("/archive/", 4), ("/search/?q=text", 5)])
def test_lists_cost_the_same_however_much_they_show(
    client: Client, django_assert_num_queries: Any, path: str, queries: int
) -> None:
    fill(6)
    with django_assert_num_queries(queries + AFTER_AN_EDIT):
        client.get(path)
    cache.clear()
    with django_assert_num_queries(queries):
        client.get(path)
