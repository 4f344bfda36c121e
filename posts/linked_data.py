"""What search engines read of a post: JSON-LD in the terms of schema.org, which no browser runs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from posts.html import json_ld
from posts.models import Category, Post, Tag
from posts.pages import absolute

Node = dict[str, Any]


def article_id(post: Post) -> str:
    return f"{absolute(post.get_absolute_url())}#article"


def of_post(post: Post, categories: Sequence[Category], tags: Sequence[Tag]) -> SafeString:
    """The post as an Article, and the way to it from the home page. No query."""
    return json_ld([article(post, categories, tags), breadcrumbs(post, categories)])


def article(post: Post, categories: Sequence[Category], tags: Sequence[Tag]) -> Node:
    address = absolute(post.get_absolute_url())
    return {
        "@type": "Article",
        "@id": article_id(post),
        "mainEntityOfPage": address,
        "headline": post.title,
        "description": post.summary,
        "inLanguage": post.language,
        "datePublished": localtime(post.published_at).isoformat(),
        "dateModified": localtime(post.updated_at).isoformat(),
        "author": {
            "@type": "Organization" if post.author.kind == post.author.Kind.ORGANISATION else "Person",
            "name": post.author.name,
            "url": absolute(post.author.get_absolute_url()),
        },
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")},
        "image": absolute(post.cover.url) if post.cover else "",
        "articleSection": [category.name for category in categories],
        "keywords": [tag.name for tag in tags],
        "isBasedOn": post.source_url,
    }


def breadcrumbs(post: Post, categories: Sequence[Category]) -> Node:
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(steps_to(post, categories), start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def steps_to(post: Post, categories: Sequence[Category]) -> Iterator[tuple[str, str]]:
    """Names and paths, from the home page on."""
    yield settings.SITE_NAME, "/"
    for category in categories[:1]:
        yield category.name, category.get_absolute_url()
    yield post.title, post.get_absolute_url()
