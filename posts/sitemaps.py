"""The sitemap: what search engines may find, with the day of its last change."""

import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from posts import pages
from posts.models import Category, Page, PageQuerySet, Post, PostQuerySet


class PostSitemap(Sitemap):
    def items(self) -> PostQuerySet:
        return Post.objects.published().newest_first().only("slug", "published_at", "updated_at")

    def lastmod(self, post: Post) -> datetime.datetime:
        return post.updated_at


class PageSitemap(Sitemap):
    def items(self) -> PageQuerySet:
        return Page.objects.published().only("slug", "updated_at")

    def lastmod(self, page: Page) -> datetime.datetime:
        return page.updated_at


class CategorySitemap(Sitemap):
    def items(self) -> list[Category]:
        return list(Category.objects.filter(posts__in=Post.objects.published()).distinct())


class Home:
    """What Django's sitemaps want to know of the site."""

    name = settings.SITE_HOST
    domain = urlsplit(settings.SITE_URL).netloc


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    def build() -> pages.Body:
        protocol = urlsplit(settings.SITE_URL).scheme
        urlset = [
            url
            for section in (PostSitemap(), PageSitemap(), CategorySitemap())
            for url in section.get_urls(site=cast(Any, Home()), protocol=protocol)
        ]
        return pages.Body(render_to_string("sitemap.xml", {"urlset": urlset}).encode(), "application/xml")

    return pages.respond(request, build)
