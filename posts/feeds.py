"""RSS, Atom and JSON feeds. A feed is described once (a Channel) and written in three formats."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from posts import identity, pages
from posts.html import CONTROL_CHARACTERS
from posts.models import Author, Category, Post, PostQuerySet, Tag
from posts.pages import absolute

ITEMS = 20  # newest entries in a feed

# Tags and addresses as the sanitiser writes them; and where one on this site begins, be it one of several in `srcset`.
TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z]+="[^"]*")+')
ADDRESS = re.compile(r' (?:href|src|srcset|cite)="[^"]*"')
OWN = re.compile(r'(?<=")(?=#)|(?<=")(?=/(?!/))|(?<=, )(?=/(?!/))')


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself, beside what the site does."""

    path: str  # of the page that it follows
    items: Iterable[dict[str, Any]]  # arguments of SyndicationFeed.add_item
    title: str = ""  # of what is listed; the name of the site follows
    description: str = ""  # or else the tagline
    language: str = settings.LANGUAGE_CODE
    stamp: tuple[object, ...] = ()  # what it shows beyond what editors write


class JSONFeed(SyndicationFeed):
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "description": self.feed["description"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "language": self.feed["language"],
            "items": [self.entry(item) for item in self.items],
        }
        if self.feed["logo"]:
            document["icon"] = self.feed["logo"]
        outfile.write(json.dumps(document, ensure_ascii=False, indent=1))

    def entry(self, item: dict[str, Any]) -> dict[str, Any]:
        entry = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["content"] or item["description"],
            "date_published": item["pubdate"].isoformat(),
            "authors": [{"name": item["author_name"]}],
            "tags": list(item["categories"]),
        }
        if item["updateddate"]:
            entry["date_modified"] = item["updateddate"].isoformat()
        return entry


class RSSFeed(Rss201rev2Feed):
    """RSS 2.0 with the whole text in content:encoded and the byline in dc:creator."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["logo"]:
            handler.startElement("image", {})
            for name, value in [("url", "logo"), ("title", "title"), ("link", "link")]:
                handler.addQuickElement(name, self.feed[value])
            handler.endElement("image")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])


class AtomFeed(Atom1Feed):
    """Atom 1.0 with the whole text in content."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["logo"]:
            handler.addQuickElement("logo", self.feed["logo"])

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})


FORMATS: dict[str, Any] = {"": RSSFeed, "atom/": AtomFeed, "json/": JSONFeed}


def addresses(prefix: str, channel: Callable[..., Channel], name: str) -> list[URLPattern]:
    """The addresses `PREFIXfeed/`, `PREFIXfeed/atom/` and `PREFIXfeed/json/`."""
    return [
        path(f"{prefix}feed/{ending}", feed, {"channel": channel, "ending": ending}, name=f"{name}{ending.strip('/')}")
        for ending in FORMATS
    ]


@require_safe
def feed(request: HttpRequest, channel: Callable[..., Channel], ending: str, **named: Any) -> HttpResponse:
    described = channel(**named)
    own_path = unicodedata.normalize("NFC", request.path)
    return pages.respond(request, lambda: written(described, FORMATS[ending], own_path), *described.stamp)


def written(channel: Channel, feed_type: Any, own_path: str) -> pages.Body:
    site = identity.current(channel.language)
    generator = feed_type(
        title=printable(f"{channel.title} – {site.name}" if channel.title else site.name),
        link=absolute(channel.path),
        description=printable(channel.description or site.tagline),
        language=channel.language,
        feed_url=absolute(own_path),
        logo=absolute(site.logo.whole) if site.logo else "",
    )
    for item in channel.items:
        generator.add_item(**{name: printable(value) for name, value in item.items()})
    return pages.Body(generator.writeString("utf-8").encode(), generator.content_type)


def entry_id(post: Post) -> str:
    """What feed readers know a post by. It stays when slug or date change, so that nobody gets the post twice."""
    return f"tag:{settings.SITE_HOST},{post.created_at:%Y-%m-%d}:post-{post.pk}"


def with_full_addresses(post: Post) -> str:
    """The post's HTML with each address on this site written out, since a feed is read elsewhere."""
    permalink = absolute(post.get_absolute_url())

    def start(found: re.Match[str]) -> str:
        return permalink if found.string.startswith("#", found.start()) else settings.SITE_URL

    def in_tag(tag: re.Match[str]) -> str:
        return ADDRESS.sub(lambda address: OWN.sub(start, address[0]), tag[0])

    return TAG.sub(in_tag, post.html)


def printable(value: Any) -> Any:
    """Without what XML cannot hold, which may have been pasted into a title or a name along with it."""
    if isinstance(value, list):
        return [printable(part) for part in value]
    return value.translate(CONTROL_CHARACTERS) if isinstance(value, str) else value


def amendments(post: Post) -> str:
    """Updates and corrections, for those who have read the post already."""
    if not (found := post.amendments.all()):
        return ""
    with translation.override(post.language):
        return render_to_string("posts/_amendments.html", {"amendments": found})


def entries(posts: PostQuerySet) -> Iterable[dict[str, Any]]:
    """The newest posts as items. Three queries, made when the feed is written."""
    newest = posts.published().newest_first().select_related("author").prefetch_related("categories", "amendments")
    for post in newest[:ITEMS]:
        link = absolute(post.get_absolute_url())
        source = format_html("<p>[{}]</p>", post.source_name) if post.source_name else ""
        yield {
            "title": post.title,
            "link": link,
            "unique_id": entry_id(post),
            "unique_id_is_permalink": False,
            "description": post.summary,
            "content": amendments(post) + with_full_addresses(post) + source,
            "author_name": post.author.name,
            "pubdate": post.published_at,
            "updateddate": post.updated_at,
            "categories": [category.name for category in post.categories.all()],
        }


def site_posts() -> Channel:
    return Channel("/", entries(Post.objects.all()))


def category_posts(slug: str) -> Channel:
    category = get_object_or_404(Category, slug=slug)
    posts = Post.objects.filter(categories__in=category.family()).distinct()
    return listed(category.name, category.description, category.get_absolute_url(), posts)


def tag_posts(slug: str) -> Channel:
    tag = get_object_or_404(Tag, slug=slug)
    return listed(tag.name, "", tag.get_absolute_url(), Post.objects.filter(tags=tag))


def author_posts(slug: str) -> Channel:
    author = get_object_or_404(Author, slug=slug)
    return listed(author.name, author.bio, author.get_absolute_url(), Post.objects.filter(author=author))


def listed(name: str, description: str, address: str, posts: PostQuerySet) -> Channel:
    return Channel(address, entries(posts), name, description)
