"""The only code that writes posts, pages and pictures: what readers see changes with its stamp, index and redirects."""

from contextlib import suppress
from dataclasses import asdict
from functools import partial, reduce
from hashlib import sha256
from operator import or_
from urllib.parse import unquote_to_bytes

from django.db import transaction
from django.db.models import F, ProtectedError, Q
from django.utils import translation
from django.utils.encoding import repercent_broken_unicode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from posts import media as files
from posts import search
from posts.html import HtmlError, media_names, post_html
from posts.models import FormerName, Identity, Media, Page, Post, Redirect, SiteStamp, about, new_token

SUMMARY_WORDS = 55
SUMMARY_LENGTH = 400  # characters; for scripts without spaces


class StaleTextError(Exception):
    """Somebody else has saved or deleted the text since it was read."""


def touch() -> None:
    """Give every page a new stamp. To be called in the transaction that changed what readers see."""
    SiteStamp.objects.update_or_create(pk=1, defaults={"token": new_token()})


def save(text: Post | Page) -> None:
    """Store a post or page. Raises what `save_post` and `save_page` do."""
    if isinstance(text, Post):
        save_post(text)
    else:
        save_page(text)


@transaction.atomic
def save_post(post: Post) -> None:
    """Store a post with all that is derived from it.

    Raises HtmlError for a body that cannot be read safely, and StaleTextError.
    """
    post.html = render(post)
    post.summary = post.excerpt or beginning(search.plain_text(post.html))
    store(post)
    search.index(post)
    touch()


@transaction.atomic
def save_page(page: Page) -> None:
    """Store a page with all that is derived from it.

    Raises HtmlError for a body that cannot be read safely, and StaleTextError.
    """
    page.html = render(page)
    store(page)
    touch()


def store(text: Post | Page) -> None:
    """The row itself; where it had another address, that leads to the present one. Raises StaleTextError."""
    before = type(text)._default_manager.filter(pk=text.pk).first()
    if before:
        take_turn(text)
    text.save()
    if before and (old_path := before.get_absolute_url()) and old_path != text.get_absolute_url():
        add_redirect(old_path, **about(text))


def take_turn(text: Post | Page) -> None:
    """Of all who have read the same revision, only one may save the next. Raises StaleTextError for the others."""
    read = type(text)._default_manager.filter(pk=text.pk, revision=text.revision)
    if not read.update(revision=F("revision") + 1):
        raise StaleTextError
    text.revision += 1


@transaction.atomic
def delete_post(post: Post) -> None:
    """Raises ProtectedError where readers have commented: such a post can be unpublished only."""
    search.forget(post)
    post.delete()
    touch()


@transaction.atomic
def delete_page(page: Page) -> None:
    page.delete()
    touch()


@transaction.atomic
def save_media(media: Media) -> None:
    """Store a picture, and renew the texts that show it. One that cannot be read any more stays as it was."""
    media.save()
    for text in shown_in(media):
        with suppress(HtmlError):
            text.html = render(text)
            text.save(update_fields=["html"])
    touch()


@transaction.atomic
def replace_media(media: Media, stored: files.StoredPicture) -> None:
    """Put a stored file in the place of the picture's own, in every text that shows it.

    The old files go when the database has let go of them; their name leads to the new one.
    """
    before = Media.objects.select_for_update().get(pk=media.pk)
    for name, value in asdict(stored).items():
        setattr(media, name, value)
    if before.name != stored.name:
        FormerName.objects.filter(name=stored.name).delete()
        FormerName.objects.create(name=before.name, media=media)
        transaction.on_commit(partial(files.remove, before.name, before.widths))
    save_media(media)


@transaction.atomic
def delete_media(media: Media) -> None:
    """Raises ProtectedError where the picture is in use. Its files go when the database has let go of it."""
    if uses := used_by(media):
        raise ProtectedError(_("The picture is in use."), set(uses))
    transaction.on_commit(partial(files.remove, media.name, media.widths))
    media.delete()
    touch()


def shown_in(media: Media) -> list[Post | Page]:
    """The posts and pages that show the picture. Three queries."""
    names = [media.name, *media.former_names.values_list("name", flat=True)]
    in_text = reduce(or_, (Q(body__contains=name.removesuffix(".webp")) for name in names))
    return [*Post.objects.filter(in_text | Q(cover=media)), *Page.objects.filter(in_text)]


def used_by(media: Media) -> list[Post | Page | Identity]:
    """The texts that show the picture, and the site if it is its logo. Four queries."""
    return [*shown_in(media), *Identity.objects.filter(logo=media)]


def render(text: Post | Page) -> str:
    """The text's safe HTML. Two queries."""
    pictures = Media.objects.named(media_names(text.body))
    with translation.override(text.language):
        return post_html(text.body, pictures)


def beginning(text: str) -> str:
    """The first words, as WordPress shows them where nobody wrote an excerpt."""
    words = Truncator(" ".join(text.split())).words(SUMMARY_WORDS, truncate=" …")
    return Truncator(words).chars(SUMMARY_LENGTH)


def add_redirect(path: str, *, post: Post | None = None, page: Page | None = None) -> None:
    """Lead an old address (a path as readers see it, percent-decoded) to its post or page from now on."""
    path = decoded(path)
    Redirect.objects.update_or_create(digest=path_digest(path), defaults={"path": path, "post": post, "page": page})


def decoded(path: str) -> str:
    """The path as a request has it, where what is not UTF-8 stays encoded: WordPress cuts slugs within a letter."""
    return repercent_broken_unicode(unquote_to_bytes(path)).decode()


def path_digest(path: str) -> str:
    return sha256(path.encode()).hexdigest()
