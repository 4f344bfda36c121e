"""The only code that writes posts, pages and pictures: what readers see changes with its stamp, index and redirects."""

from hashlib import sha256
from urllib.parse import unquote

from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator

from posts import search
from posts.html import media_names, post_html
from posts.models import Media, Page, Post, Redirect, SiteStamp, new_token

SUMMARY_WORDS = 55
SUMMARY_LENGTH = 400  # characters; for scripts without spaces


def touch() -> None:
    """Give every page a new stamp. To be called in the transaction that changed what readers see."""
    SiteStamp.objects.update_or_create(pk=1, defaults={"token": new_token()})


@transaction.atomic
def save_post(post: Post) -> None:
    """Store a post with all that is derived from it. Raises HtmlError for a body that cannot be read safely."""
    old_path = Post.objects.get(pk=post.pk).get_absolute_url() if post.pk else ""
    post.html = render(post)
    post.summary = post.excerpt or beginning(search.plain_text(post.html))
    post.save()
    if old_path and old_path != post.get_absolute_url():
        add_redirect(old_path, post=post)
    search.index(post)
    touch()


@transaction.atomic
def save_page(page: Page) -> None:
    """Store a page with all that is derived from it. Raises HtmlError for a body that cannot be read safely."""
    old_path = Page.objects.get(pk=page.pk).get_absolute_url() if page.pk else ""
    page.html = render(page)
    page.save()
    if old_path and old_path != page.get_absolute_url():
        add_redirect(old_path, page=page)
    touch()


@transaction.atomic
def delete_post(post: Post) -> None:
    """Raises ProtectedError where readers have commented: such a post can be unpublished only."""
    search.forget(post)
    post.delete()
    touch()


@transaction.atomic
def save_media(media: Media) -> None:
    """Store a picture, and renew the texts that show it."""
    media.save()
    for model in (Post, Page):
        for text in model.objects.filter(body__contains=media.name):
            model.objects.filter(pk=text.pk).update(html=render(text))
    touch()


def render(text: Post | Page) -> str:
    """The text's safe HTML. One query."""
    pictures = {media.name: media for media in Media.objects.filter(name__in=media_names(text.body))}
    with translation.override(text.language):
        return post_html(text.body, pictures)


def beginning(text: str) -> str:
    """The first words, as WordPress shows them where nobody wrote an excerpt."""
    words = Truncator(" ".join(text.split())).words(SUMMARY_WORDS, truncate=" …")
    return Truncator(words).chars(SUMMARY_LENGTH)


def add_redirect(path: str, *, post: Post | None = None, page: Page | None = None) -> None:
    """Lead an old address (a path as readers see it, percent-decoded) to its post or page from now on."""
    path = unquote(path)
    Redirect.objects.update_or_create(digest=path_digest(path), defaults={"path": path, "post": post, "page": page})


def path_digest(path: str) -> str:
    return sha256(path.encode()).hexdigest()
