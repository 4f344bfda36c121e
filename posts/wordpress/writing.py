"""Records as a WordPress export (WXR 1.2), line by line: what posts/wxr.py reads back unchanged. Knows no models.

The order of the elements is WordPress's own. Its importer falls back on regular expressions that need it, and that want
an author, a category or a tag on one line.
"""

import datetime
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from html import escape
from itertools import count

from posts import wxr
from posts.wordpress.decoding import ANY_BROKEN

NO_DATE = "0000-00-00 00:00:00"
BEGINNING = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/">
<channel>"""
END = "</channel>\n</rss>"


def lines(site: wxr.Site, description: str, records: Iterable[wxr.Record]) -> Iterator[str]:
    """The whole file. The records come in the order of the format: authors, categories, tags, items."""
    yield BEGINNING
    yield section("title", site.title)
    yield element("link", site.address)
    yield section("description", description)
    yield element("language", site.language)
    yield element("wp:wxr_version", "1.2")
    yield element("wp:base_site_url", site.address)
    yield element("wp:base_blog_url", site.address)
    yield element("generator", wxr.GENERATOR)
    numbers = count(1)  # of authors and terms, which nothing else in the file refers to
    for record in records:
        match record:
            case wxr.Author():
                yield author(record, next(numbers))
            case wxr.Category():
                yield category(record, next(numbers))
            case wxr.Tag():
                yield tag(record, next(numbers))
            case wxr.Item():
                yield from item(record, site)
    yield END


def author(record: wxr.Author, number: int) -> str:
    inside = [
        element("wp:author_id", number),
        section("wp:author_login", record.login),
        element("wp:author_email"),
        section("wp:author_display_name", record.name),
        element("wp:author_first_name"),
        element("wp:author_last_name"),
    ]
    return f"<wp:author>{''.join(inside)}</wp:author>"


def category(record: wxr.Category, number: int) -> str:
    inside = [
        element("wp:term_id", number),
        section("wp:category_nicename", record.slug),
        section("wp:category_parent", record.parent),
        section("wp:cat_name", record.name),
        section("wp:category_description", record.description),
    ]
    return f"<wp:category>{''.join(inside)}</wp:category>"


def tag(record: wxr.Tag, number: int) -> str:
    inside = [
        element("wp:term_id", number),
        section("wp:tag_slug", record.slug),
        section("wp:tag_name", record.name),
    ]
    return f"<wp:tag>{''.join(inside)}</wp:tag>"


def item(record: wxr.Item, site: wxr.Site) -> Iterator[str]:
    yield "<item>"
    yield section("title", record.title)
    yield element("link", record.link)
    yield element("pubDate", format_datetime(record.date.astimezone(datetime.UTC)) if record.date else "")
    yield section("dc:creator", record.author)
    yield f'<guid isPermaLink="false">{escape(record.file_address or f"{site.address}/?p={record.id}")}</guid>'
    yield element("description")
    yield section("content:encoded", record.body)
    yield section("excerpt:encoded", record.excerpt)
    yield element("wp:post_id", record.id)
    yield element("wp:post_date", written(record.date))
    yield element("wp:post_date_gmt", written(record.date and record.date.astimezone(datetime.UTC)))
    yield element("wp:comment_status", "open" if record.comments_open else "closed")
    yield element("wp:ping_status", "closed")
    yield section("wp:post_name", record.slug)
    yield element("wp:status", record.status)
    yield element("wp:post_parent", record.parent or 0)
    yield element("wp:menu_order", record.position)
    yield element("wp:post_type", record.type)
    yield element("wp:post_password")
    yield element("wp:is_sticky", int(record.is_sticky))
    if record.file_address:
        yield element("wp:attachment_url", record.file_address)
    for term in record.terms:
        yield f'<category domain="{term.taxonomy}" nicename="{escape(term.slug)}">{cdata(term.name)}</category>'
    for key, value in record.meta.items():
        yield f"<wp:postmeta>{element('wp:meta_key', key)}{section('wp:meta_value', value)}</wp:postmeta>"
    for one in record.comments:
        yield from comment(one)
    yield "</item>"


def comment(record: wxr.Comment) -> Iterator[str]:
    yield "<wp:comment>"
    yield element("wp:comment_id", record.id or 0)
    yield section("wp:comment_author", record.author)
    yield section("wp:comment_author_email", record.email)
    yield section("wp:comment_author_url", record.website)
    yield element("wp:comment_author_IP")
    yield element("wp:comment_date", written(record.date))
    yield element("wp:comment_date_gmt", written(record.date and record.date.astimezone(datetime.UTC)))
    yield section("wp:comment_content", record.text)
    yield element("wp:comment_approved", record.approved)
    yield element("wp:comment_type", record.type)
    yield element("wp:comment_parent", record.parent or 0)
    yield element("wp:comment_user_id", 0)
    yield "</wp:comment>"


def written(moment: datetime.datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else NO_DATE


def element(name: str, value: str | int = "") -> str:
    """For addresses, numbers and single words."""
    return f"<{name}>{escape(str(value), quote=False)}</{name}>"


def section(name: str, value: str) -> str:
    return f"<{name}>{cdata(value)}</{name}>"


def cdata(value: str) -> str:
    """Only the end of CDATA itself needs care."""
    return f"<![CDATA[{allowed(value).replace(']]>', ']]]]><![CDATA[>')}]]>"


def markup(text: str) -> str:
    """Plain text as WordPress keeps titles, names and excerpts: one line of HTML."""
    return escape(one_line(text), quote=False)


def one_line(text: str) -> str:
    return " ".join(allowed(text).split())


def allowed(value: str) -> str:
    """Without what XML forbids, and with the line ends that its parsers make of all others."""
    return ANY_BROKEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
