"""To which other posts a post leads: those that editors have chosen, or else those that are most like it."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count

from posts import search
from posts.models import Category, Post, Tag

MOST = 3  # that are found; editors may choose more
LOOKED_AT = 50  # posts with most of the tags, then the newest: a tag may be that of half the site


def related(post: Post, tags: Iterable[Tag], categories: Iterable[Category]) -> list[Post]:
    """Public posts in the language of the post, which has these tags and categories. Six queries at most."""
    chosen = public_ones(post, post.chosen.values_list("other", flat=True))
    return chosen or like(post, tags, categories)


def like(post: Post, tags: Iterable[Tag], categories: Iterable[Category]) -> list[Post]:
    """Those that share most tags with the post; where they are too few, those with the words of its title, too."""
    found = sharing(post, tags, categories)[:MOST]
    if len(found) < MOST:
        found += [other for other in public_ones(post, search.like_in_words(post.title)) if other not in found]
    return found[:MOST]


def sharing(post: Post, tags: Iterable[Tag], categories: Iterable[Category]) -> list[Post]:
    """Of those with as many of the tags, the ones with more of the categories come first, then the newest."""
    by_tags: Any = Post.tags.through.objects.filter(tag__in=tags).exclude(post=post).values_list("post")
    tagged = dict(by_tags.annotate(number=Count("pk")).order_by("-number", "-post")[:LOOKED_AT])
    by_category = Post.categories.through.objects.filter(category__in=categories, post__in=tagged)
    filed = Counter(by_category.values_list("post", flat=True))
    return sorted(
        public_ones(post, tagged),
        key=lambda other: (tagged[other.pk], filed[other.pk], other.published_at, other.pk),
        reverse=True,
    )


def public_ones(post: Post, keys: Collection[int]) -> list[Post]:
    """Those with these keys, in this order, to which the post may lead its readers. One query, if there is a key.

    Which are public is not asked of the database: SQLite would look through all public posts for the few.
    """
    found = Post.objects.only("title", "slug", "published_at", "language", "state").in_bulk(keys)
    others = [found[key] for key in keys if key in found]
    return [other for other in others if other.is_published and other.language == post.language and other != post]
