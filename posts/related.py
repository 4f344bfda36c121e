"""To which other posts a post leads: those that editors have chosen, or else those that are most like it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from posts import search
from posts.models import Category, Post, PostQuerySet, Tag

MOST = 3  # that are found; editors may choose more


def related(post: Post, tags: Iterable[Tag], categories: Iterable[Category]) -> list[Post]:
    """Public posts in the language of the post, which has these tags and categories. Four queries at most."""
    public = Post.objects.published().filter(language=post.language)
    public = public.only("title", "slug", "published_at", "language")
    chosen = public.filter(chosen_by__post=post).order_by("chosen_by__position", "chosen_by__pk")
    return list(chosen) or like(public.exclude(pk=post.pk), post, tags, categories)


def like(posts: PostQuerySet, post: Post, tags: Iterable[Tag], categories: Iterable[Category]) -> list[Post]:
    """Those that share most tags with the post; where they are too few, those with the words of its title, too."""
    found = list(sharing(posts, tags, categories)[:MOST])
    if len(found) < MOST:
        found += [other for other in with_words_of(posts, post.title) if other not in found]
    return found[:MOST]


def sharing(posts: PostQuerySet, tags: Iterable[Tag], categories: Iterable[Category]) -> PostQuerySet:
    """Of those with as many of the tags, the ones with more of the categories come first, then the newest."""
    tagged = Post.tags.through.objects.filter(tag__in=tags)
    filed = Post.categories.through.objects.filter(category__in=categories)
    counted = posts.filter(pk__in=tagged.values("post")).annotate(tagged=number(tagged), filed=number(filed))
    return counted.order_by(F("tagged").desc(), F("filed").desc(), "-published_at", "-pk")


def number(shared: Any) -> Coalesce:
    """How many of these a post has."""
    of_post = shared.filter(post=OuterRef("pk")).order_by().values("post").annotate(number=Count("pk"))
    return Coalesce(Subquery(of_post.values("number"), output_field=IntegerField()), Value(0))


def with_words_of(posts: PostQuerySet, title: str) -> Iterator[Post]:
    """The most like first."""
    keys = search.like_in_words(title)
    found = posts.in_bulk(keys) if keys else {}
    return (found[key] for key in keys if key in found)
