"""The site as records of a WordPress export, item by item.

What the importer would not keep is left out here, so that an import of the file and another export make the same file.
"""

import datetime
import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, unquote

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from comments.models import Comment, Status
from config.wordpress import discussion, texts
from config.wordpress.terms import MAX_NAME_LENGTH, author_login
from posts import identity, wxr
from posts.models import Author, Category, FormerName, Media, Page, Post, Redirect, Tag
from posts.wordpress.plain import tidy
from posts.wordpress.writing import allowed, lines, markup, one_line

BATCH = 50  # posts in memory at once
LARGEST = 2**53  # ids from here on are made up, and no program that reads the file need know them
STATES = {Status.APPROVED: "1", Status.PENDING: "0", Status.SPAM: "spam", Status.REJECTED: "trash"}
OUR_PICTURE = re.compile(r"""(["'])/media/([0-9a-f]{32}\.webp)\1""")
CODE = re.compile(r"\[(?=[\[/a-zA-Z])")  # what WordPress might take for the beginning of a shortcode

Numbers = dict[int, int]  # by primary key
Names = dict[str, str]  # of pictures: what texts may still call them, and what they are called


def export() -> Iterator[str]:
    """The lines of the file. Remembers an id of each post and picture, and nothing else of them."""
    site = identity.current()
    yield from lines(wxr.Site(site.name, site.url, site.language), site.tagline, records())


def records() -> Iterator[wxr.Record]:
    for author in Author.objects.order_by("slug").iterator():
        yield wxr.Author(None, author_login(author.slug), markup(texts.public_name(markup(author.name))))
    yield from categories()
    for tag in Tag.objects.order_by("slug").iterator():
        yield wxr.Tag(tag.slug, name(tag))
    posts, pages = numbers_of_texts()
    pictures = numbers_of_pictures(max([0, *posts.values(), *pages.values()]))
    replaced = dict(FormerName.objects.values_list("name", "media__name"))
    yield from post_items(posts, pictures, replaced)
    yield from page_items(pages, replaced)
    for picture in Media.objects.order_by("name").iterator(BATCH):
        if picture.pk in pictures:
            yield attachment(picture, pictures[picture.pk])


def numbers_of_texts() -> tuple[Numbers, Numbers]:
    """Ids of posts and pages: the one that it came with, if no other has it; else one above all of these."""
    kept: dict[int, tuple[type[Post | Page], int]] = {}
    for model in (Post, Page):
        came = model.objects.filter(wordpress_id__gt=0, wordpress_id__lt=LARGEST).order_by("pk")
        for pk, number in came.values_list("pk", "wordpress_id").iterator():
            kept.setdefault(number or 0, (model, pk))
    free = max(kept, default=0)
    posts = {pk: free + 2 * pk for pk in Post.objects.values_list("pk", flat=True)}
    pages = {pk: free + 2 * pk + 1 for pk in Page.objects.values_list("pk", flat=True)}
    for number, (model, pk) in kept.items():
        (posts if model is Post else pages)[pk] = number
    return posts, pages


def numbers_of_pictures(free: int) -> Numbers:
    """By their names, for these are the same wherever the picture is imported."""
    return {pk: free + place for place, pk in enumerate(Media.objects.order_by("name").values_list("pk", flat=True), 1)}


def categories() -> Iterator[wxr.Category]:
    """Each after the one above it: WordPress finds no other."""
    below: dict[int | None, list[Category]] = {}
    for category in Category.objects.order_by("-slug").select_related("parent"):
        below.setdefault(category.parent_id, []).append(category)
    ahead = below.pop(None, [])
    while ahead:
        category = ahead.pop()
        ahead += below.pop(category.pk, [])
        parent = category.parent.slug if category.parent else ""
        yield wxr.Category(category.slug, name(category), parent, markup(category.description))


def name(term: Category | Tag) -> str:
    return markup(one_line(term.name)[:MAX_NAME_LENGTH])


def post_items(numbers: Numbers, pictures: Numbers, replaced: Names) -> Iterator[wxr.Item]:
    free = Comment.objects.filter(wordpress_id__lt=LARGEST).aggregate(last=Max("wordpress_id"))["last"] or 0
    posts = Post.objects.select_related("author").prefetch_related("categories", "tags", "old_addresses")
    for batch in batches(numbers):
        found = posts.in_bulk(batch)
        for pk in filter(found.__contains__, batch):
            yield post_item(found[pk], numbers[pk], pictures, free, replaced)


def post_item(post: Post, number: int, pictures: Numbers, free: int, replaced: Names) -> wxr.Item:
    """Four queries for a batch of posts, and one for the comments of each."""
    return wxr.Item(
        id=number,
        is_copy=False,
        is_ours=True,
        type="post",
        status="future" if post.is_scheduled else "publish" if post.is_published else "draft",
        title=markup(post.title),
        slug=post.slug,
        link=settings.SITE_URL + (post.get_absolute_url() or f"/?p={number}"),
        author=author_login(post.author.slug),
        date=local(post.published_at),
        body=body(post, replaced),
        excerpt=markup(texts.shortened(one_line(post.excerpt), texts.MAX_EXCERPT_LENGTH)),
        parent=None,
        position=0,
        has_password=False,
        is_sticky=post.featured,
        comments_open=takes_comments(post),
        file_address="",
        terms=terms(post),
        meta=post_meta(post, pictures),
        comments=tuple(comments(post, free)),
    )


def page_items(numbers: Numbers, replaced: Names) -> Iterator[wxr.Item]:
    pages = Page.objects.prefetch_related("old_addresses")
    for batch in batches(numbers):
        found = pages.in_bulk(batch)
        for pk in filter(found.__contains__, batch):
            yield page_item(found[pk], numbers[pk], replaced)


def batches(numbers: Numbers) -> Iterator[list[int]]:
    """Primary keys by their numbers. A query a batch: a single one, read slowly, keeps SQLite's writers waiting."""
    order = sorted(numbers, key=numbers.__getitem__)
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def page_item(page: Page, number: int, replaced: Names) -> wxr.Item:
    """WordPress dates it on import: a page has no date of ours."""
    return wxr.Item(
        id=number,
        is_copy=False,
        is_ours=True,
        type="page",
        status="publish" if page.is_published else "draft",
        title=markup(page.title),
        slug=page.slug,
        link=settings.SITE_URL + page.get_absolute_url(),
        author="",
        date=None,
        body=body(page, replaced),
        excerpt="",
        parent=None,
        position=page.position,
        has_password=False,
        is_sticky=False,
        comments_open=False,
        file_address="",
        terms=(),
        meta=shared_meta(page) | ({} if page.in_navigation else {"_tumen_in_navigation": "0"}),
        comments=(),
    )


def attachment(picture: Media, number: int) -> wxr.Item:
    meta = {
        "_wp_attached_file": picture.name,
        "_wp_attachment_image_alt": "" if picture.decorative else markup(picture.alt),
        "_tumen_credit": one_line(picture.credit),
        "_tumen_decorative": "1" if picture.decorative else "",
    }
    return wxr.Item(
        id=number,
        is_copy=False,
        is_ours=True,
        type="attachment",
        status="inherit",
        title=markup(picture.title),
        slug=picture.name.removesuffix(".webp"),
        link=settings.SITE_URL + picture.url,
        author="",
        date=local(picture.created_at),
        body="",
        excerpt=markup(picture.caption),
        parent=None,
        position=0,
        has_password=False,
        is_sticky=False,
        comments_open=False,
        file_address=settings.SITE_URL + picture.url,
        terms=(),
        meta=told(meta),
        comments=(),
    )


def local(moment: datetime.datetime | None) -> datetime.datetime | None:
    return timezone.localtime(moment) if moment else None


def body(text: Post | Page, replaced: Names) -> str:
    """The text with the whole addresses of pictures, which WordPress changes to its own, and without shortcodes."""

    def picture(found: re.Match[str]) -> str:
        return f"{found[1]}{settings.SITE_URL}/media/{replaced.get(found[2], found[2])}{found[1]}"

    return CODE.sub("&#91;", OUR_PICTURE.sub(picture, allowed(text.body).strip()))


def takes_comments(post: Post) -> bool:
    """WordPress does not know when it should close them, so what is over is closed."""
    closing = post.comments_close_at
    return post.comments != Post.Comments.CLOSED and (closing is None or timezone.now() < closing)


def terms(post: Post) -> tuple[wxr.Term, ...]:
    categories = sorted(post.categories.all(), key=lambda category: category.slug)
    tags = sorted(post.tags.all(), key=lambda tag: tag.slug)
    return (
        *(wxr.Term("category", category.slug, name(category)) for category in categories),
        *(wxr.Term("post_tag", tag.slug, name(tag)) for tag in tags),
    )


def post_meta(post: Post, pictures: Numbers) -> dict[str, str]:
    """What only we know begins with an underscore, too: WordPress keeps it and does not show it."""
    cover = pictures.get(post.cover_id) if post.cover_id else None
    return shared_meta(post) | told(
        {
            "_thumbnail_id": str(cover or ""),
            "_tumen_comments_days": str(post.comments_days) if post.comments == Post.Comments.TIMED else "",
            "_tumen_source_name": one_line(post.source_name),
            "_tumen_source_url": post.source_url,
            "_tumen_full_reprint": "1" if post.full_reprint else "",
        }
    )


def shared_meta(text: Post | Page) -> dict[str, str]:
    here = unquote(text.get_absolute_url())
    redirects: list[Redirect] = list(text.old_addresses.all())
    paths = sorted(quote(redirect.path) for redirect in redirects if redirect.path != here)
    return told({"_tumen_language": text.language, "_tumen_old_addresses": " ".join(paths)})


def told(meta: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in meta.items() if value}


def comments(post: Post, free: int) -> Iterator[wxr.Comment]:
    """Parents first, and without withdrawn ones: what answered such a comment answers the one above it."""
    every = list(post.comment_set.defer("html"))
    above = {comment.pk: comment.parent_id for comment in every}
    numbers = {comment.pk: comment_number(comment, free) for comment in every if comment_text(comment)}
    for comment in sorted(every, key=lambda comment: numbers.get(comment.pk, 0)):
        if comment.pk in numbers:
            parent = comment.parent_id
            while parent is not None and parent not in numbers:
                parent = above[parent]
            yield wxr.Comment(
                id=numbers[comment.pk],
                parent=numbers[parent] if parent else None,
                author=markup(discussion.shown_name(markup(comment.name)) or discussion.NO_NAME),
                email="",
                website=comment.website,
                date=local(comment.created_at),
                text=comment_text(comment),
                approved=STATES[Status(comment.status)],
                type="comment",
            )


def comment_number(comment: Comment, free: int) -> int:
    came = comment.wordpress_id
    return came if came and came < LARGEST else free + comment.pk


def comment_text(comment: Comment) -> str:
    """What others may see of it, as HTML; empty for what was withdrawn or erased."""
    return escape(tidy(allowed(comment.public_text)), quote=False) if comment.status in STATES else ""
