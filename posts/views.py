"""The public pages."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from posts import identity, linked_data, media, pages, reading
from posts.models import Author, Category, FormerName, Page, Post, PostQuerySet, Tag
from posts.redirects import wordpress_address
from posts.related import related
from posts.search import plain_text
from posts.search import search as find

FEATURED = 3  # posts at the top of the home page
MAX_QUERY_LENGTH = 200  # characters


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Featured posts, then the newest. Also what WordPress called `/?p=ID`."""
    if target := wordpress_address(request.GET.get("p") or request.GET.get("page_id") or ""):
        return redirect(target, permanent=True)
    number = pages.page_number(request)

    def build() -> pages.Body:
        posts = Post.objects.published()
        featured = posts.filter(featured=True).for_lists()[:FEATURED]
        page = pages.paginate(posts.exclude(pk__in=featured.values("pk")).for_lists(), number)
        context = {"featured": featured if number == 1 else [], "page": page, "canonical": request.path}
        return pages.render("posts/home.html", context)

    return pages.respond(request, build, number)


def list_page(request: HttpRequest, template: str, posts: PostQuerySet, canonical: str, **context: Any) -> HttpResponse:
    """A list of posts under a heading."""
    number = pages.page_number(request)

    def build() -> pages.Body:
        page = pages.paginate(posts.published().for_lists(), number)
        return pages.render(template, {"page": page, "canonical": canonical, **context})

    return pages.respond(request, build, number)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Category.objects.select_related("parent"), slug=slug)
    posts = Post.objects.filter(categories__in=shown.family()).distinct()
    return list_page(request, "posts/category.html", posts, shown.get_absolute_url(), category=shown)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Tag, slug=slug)
    posts = Post.objects.filter(tags=shown)
    return list_page(request, "posts/tag.html", posts, shown.get_absolute_url(), tag=shown)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Author, slug=slug)
    posts = Post.objects.filter(author=shown)
    return list_page(request, "posts/author.html", posts, shown.get_absolute_url(), author=shown)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    posts = Post.objects.filter(published_at__year=year, published_at__month=month)
    in_calendar = datetime.MINYEAR < year < datetime.MAXYEAR  # whatever the time zone
    if not in_calendar or not posts.published().exists():
        raise Http404
    return list_page(request, "posts/month.html", posts, request.path, month=datetime.date(year, month, 1))


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Every month with the number of its posts, and every category."""

    def build() -> pages.Body:
        months = Post.objects.published().by_month()
        context = {"months": months, "categories": Category.objects.all(), "canonical": request.path}
        return pages.render("posts/archive.html", context)

    return pages.respond(request, build)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:MAX_QUERY_LENGTH]
    number = pages.page_number(request)

    def build() -> pages.Body:
        page = pages.paginate(find(query).with_summary(), number)
        context = {"page": page, "query": query, "canonical": f"{request.path}?{urlencode({'q': query})}"}
        return pages.render("posts/search.html", context)

    return pages.respond(request, build, query, number, keep=False)


def published_post(year: int, month: int, slug: str) -> Post:
    """The post at this address. One query. Raises Http404 if there is none, or if it is not public yet."""
    found = get_object_or_404(Post.objects.published().select_related("author", "cover"), slug=slug)
    if (day := timezone.localtime(found.published_at)).year != year or day.month != month:
        raise Http404
    return found


def post_body(shown: Post, number: int, **context: Any) -> pages.Body:
    """The page of a post, with page `number` of its comments."""
    beside = Post.objects.published().beside(shown)
    categories, tags, amendments = list(shown.categories.all()), list(shown.tags.all()), list(shown.amendments.all())
    site = identity.current(shown.language)
    return pages.render(
        "posts/post.html",
        {
            "site": site,
            "post": shown,
            "comments_page": number,
            "beside": beside,
            "minutes": reading.minutes(plain_text(shown.html)),
            "canonical": shown.get_absolute_url(),
            "amendments": amendments,
            "related": related(shown, tags, categories),
            "categories": categories,
            "tags": tags,
            "linked_data": linked_data.of_post(shown, categories, tags, amendments, site),
            **context,
        },
        language=shown.language,
    )


@require_safe
def post(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    shown = published_post(year, month, slug)
    number = pages.page_number(request)
    return pages.respond(request, lambda: post_body(shown, number), number, shown.comments_stamp, shown.comments_open)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Page.objects.published(), slug=slug)
    context = {"shown": shown, "canonical": shown.get_absolute_url()}
    return pages.respond(request, lambda: pages.render("posts/page.html", context, language=shown.language))


@require_safe
def media_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture under the hash of its content, so it never changes; nothing in it can run."""
    try:
        file = media.open_file(name)
    except FileNotFoundError:
        return replaced_file(name)
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def replaced_file(name: str) -> HttpResponse:
    """To what took its place. One query. Raises Http404 if nothing did, and for any name that we never gave."""
    if not media.NAME.fullmatch(name):
        raise Http404
    former = get_object_or_404(FormerName.objects.select_related("media"), name=media.whole_name(name))
    response = redirect(former.media.url)
    response["Cache-Control"] = "public, no-cache"  # it may be replaced once more
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /comments/", "Disallow: /search/", ""]
    lines.append(f"Sitemap: {pages.absolute('/sitemap.xml')}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Also where a form of the newsroom comes without its token (CSRF_FAILURE_VIEW)."""
    return HttpResponse(pages.render("403.html", {}, language=get_language()).content, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In the newsroom, in the language of who works there; elsewhere in the site's."""
    return HttpResponse(pages.render("404.html", {}, language=get_language()).content, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a query: the database may be what failed."""
    return HttpResponse(pages.render("500.html", {"site": identity.last_known()}).content, status=500)
