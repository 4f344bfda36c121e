"""What search engines read of a post: JSON-LD in the terms of schema.org, which no browser runs."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from posts.html import json_ld
from posts.identity import Logo, Site
from posts.models import Amendment, AmendmentKind, Category, Post, Tag
from posts.pages import absolute

Node = dict[str, Any]


def article_id(post: Post) -> str:
    return f"{absolute(post.get_absolute_url())}#article"


def of_post(
    post: Post, categories: Sequence[Category], tags: Sequence[Tag], amendments: Sequence[Amendment], site: Site
) -> SafeString:
    """The post as an Article, and the way to it from the home page. No query."""
    corrected = article(post, categories, tags, site) | {"correction": corrections(amendments)}
    return json_ld([corrected, breadcrumbs(post, categories, site)])


def article(post: Post, categories: Sequence[Category], tags: Sequence[Tag], site: Site) -> Node:
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
        "publisher": publisher(site),
        "image": absolute(post.cover.url) if post.cover else "",
        "articleSection": [category.name for category in categories],
        "keywords": [tag.name for tag in tags],
        "isBasedOn": post.source_url,
    }


def corrections(amendments: Sequence[Amendment]) -> list[Node]:
    return [
        {"@type": "CorrectionComment", "text": amendment.text, "datePublished": amendment.date.isoformat()}
        for amendment in amendments
        if amendment.kind == AmendmentKind.CORRECTION
    ]


def publisher(site: Site) -> Node:
    node = {"@type": "Organization", "name": site.name, "url": absolute("/")}
    return node | ({"email": site.email} if site.email else {}) | ({"logo": image(site.logo)} if site.logo else {})


def image(logo: Logo) -> Node:
    size = {"width": logo.whole_width, "height": logo.whole_height}
    return {"@type": "ImageObject", "url": absolute(logo.whole), "caption": logo.alt, **size}


def breadcrumbs(post: Post, categories: Sequence[Category], site: Site) -> Node:
    steps = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(steps_to(post, categories, site), start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def steps_to(post: Post, categories: Sequence[Category], site: Site) -> Iterator[tuple[str, str]]:
    """Names and paths, from the home page on."""
    yield site.name, "/"
    for category in categories[:1]:
        yield category.name, category.get_absolute_url()
    yield post.title, post.get_absolute_url()
