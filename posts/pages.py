"""How a public page is answered: it depends on its address only, is known by its stamp, and is never stale."""

import gzip
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.functional import SimpleLazyObject

from posts import identity, reading
from posts.models import Post, SiteStamp
from posts.search import plain_text

CACHE_SECONDS = 60 * 60 * 24  # a page whose stamp is no longer asked for is dropped by then
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)  # and not "by no means gzip"
SOURCES = ("comments", "config", "locale", "posts", "static", "templates")


class Body(NamedTuple):
    """A rendered page."""

    content: bytes
    content_type: str = "text/html; charset=utf-8"


def absolute(path: str) -> str:
    """The full address of a path on this site."""
    return settings.SITE_URL + path


def render(template: str, context: dict[str, Any], *, language: str | None = None) -> Body:
    """Render without the request, so that a page cannot depend on who asks for it.

    The interface speaks `language`, by default the site's. One query for what it says of the site, where it does.
    """
    language = language or settings.LANGUAGE_CODE
    with translation.override(language):
        site = SimpleLazyObject(partial(identity.current, language))
        text = render_to_string(template, {"site": site, "language": language, **context})
    return Body(text.encode())


def of_post(post: Post) -> dict[str, Any]:
    """What is shown of a post and of its preview. Three queries."""
    return {
        "post": post,
        "minutes": reading.minutes(plain_text(post.html)),
        "categories": list(post.categories.all()),
        "tags": list(post.tags.all()),
        "amendments": list(post.amendments.all()),
    }


def respond(request: HttpRequest, build: Callable[[], Body], *parts: object, keep: bool = True) -> HttpResponse:
    """Answer with the page that `build` renders, or with 304 if the reader has it already.

    `parts` are what the page shows beyond what editors write (visible comments, page number …). One query, and those
    of `build` unless the page lies in the cache; `keep=False` is for addresses without number, such as searches.
    """
    stamp = page_stamp(request.path, *parts)
    etag = f'W/"{stamp}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = packed_response(request, packed(stamp, build, keep=keep))
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    response["Vary"] = "Accept-Encoding"
    return response


def page_stamp(path: str, *parts: object) -> str:
    """Changes whenever the page may look different: after an edit, a release, or a scheduled publication."""
    newest = Post.objects.published().newest_first().values("published_at")[:1]
    row = SiteStamp.objects.values_list("token", Subquery(newest)).first()
    path = unicodedata.normalize(
        "NFC", path
    )  # each syllable of Hangul can be written in two ways: one page all the same
    return sha256(repr((RELEASE, path, row, parts)).encode()).hexdigest()[:32]


def packed(stamp: str, build: Callable[[], Body], *, keep: bool) -> Body:
    """The gzipped page, from the cache or built now."""
    body = cache.get(f"page:{stamp}") if keep else None
    if body is None:
        content, content_type = build()
        body = (gzip.compress(content, compresslevel=6, mtime=0), content_type)
        if keep:
            cache.set(f"page:{stamp}", body, CACHE_SECONDS)
    return Body(*body)


def packed_response(request: HttpRequest, body: Body) -> HttpResponse:
    if GZIP.search(request.headers.get("Accept-Encoding", "")):
        response = HttpResponse(body.content, content_type=body.content_type)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(gzip.decompress(body.content), content_type=body.content_type)
    response["Content-Length"] = str(len(response.content))
    return response


def page_number(request: HttpRequest) -> int:
    """`?page=N`, the only parameter that a public page reads. Raises Http404 for anything but a positive number."""
    number = request.GET.get("page", "1")
    if not number.isdecimal() or len(number) > 6 or int(number) < 1:
        raise Http404
    return int(number)


def paginate(queryset: QuerySet[Any], number: int, *, size: int = 10) -> Any:
    """One page of the list. Two queries. Raises Http404 beyond the last page."""
    try:
        return Paginator(queryset, size).page(number)
    except InvalidPage as error:
        raise Http404 from error


def release() -> str:
    """A fingerprint of the code, templates and settings that pages are made from."""
    names = ("SITE_URL", "LANGUAGE_CODE", "TIME_ZONE")
    switches = [bool(settings.AKISMET_KEY)]  # of the key itself no trace may lead out
    digest = sha256(repr([getattr(settings, name) for name in names] + switches).encode())
    for folder in SOURCES:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.*")):
            if path.suffix in {".css", ".html", ".js", ".mo", ".py", ".svg"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


RELEASE = release()
