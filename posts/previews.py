"""A draft is shown to people outside by a link that cannot be guessed. It ends by itself, or when it is revoked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from posts import pages
from posts.models import Page, Post, PreviewLink, about

signer = Signer(salt="posts.preview")


def address(link: PreviewLink) -> str:
    return reverse("posts:preview", args=[signer.sign(link.key)])


class Preview(NamedTuple):
    link: PreviewLink
    address: str  # in full


def of(text: Post | Page) -> list[Preview]:
    """Those that can still be followed, newest first. One query."""
    links = PreviewLink.objects.valid().filter(**about(text)).select_related("by").order_by("-pk")
    return [Preview(link, pages.absolute(address(link))) for link in links]


@transaction.atomic
def change(text: Post | Page, wish: Mapping[str, Any], *, by: User) -> None:
    """Revoke the link whose key is named, or else make one."""
    PreviewLink.objects.filter(expires_at__lte=timezone.now()).delete()
    if key := wish.get("revoke"):
        PreviewLink.objects.filter(**about(text), key=key).delete()
    else:
        PreviewLink.objects.create(**about(text), by=by)


def link_of(token: str) -> PreviewLink:
    """One query. Raises Http404, the same for links that were never made, are revoked, or have ended."""
    try:
        key = signer.unsign(token)
    except BadSignature as error:
        raise Http404 from error
    links = PreviewLink.objects.valid().select_related("post__author", "post__cover", "page")
    return get_object_or_404(links, key=key)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft as it is now. Nobody keeps it: no cache, no search engine, and no site that it links to hears of it.

    Once it is published, the link leads to where everybody reads it.
    """
    link = link_of(token)
    response = redirect(link.text) if link.text.is_published else HttpResponse(body(link).content)
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"  # robots.txt must let them come, or they never read it
    response["Referrer-Policy"] = "no-referrer"
    return response


def body(link: PreviewLink) -> pages.Body:
    ends = {"expires_at": link.expires_at}
    if page := link.page:
        return pages.render("posts/page_preview.html", {"shown": page, **ends}, language=page.language)
    post: Any = link.post
    post.published_at = post.published_at or timezone.now()  # shown with the date that it would have today
    return pages.render("posts/post_preview.html", pages.of_post(post) | ends, language=post.language)
