"""How a post's page shows the comments below it, so that posts need not know of them."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from comments import linked_data
from comments.forms import CommentForm
from comments.queue import address_of
from comments.tallies import capped
from comments.threads import thread_page
from posts.identity import Link, Site
from posts.models import Page, Post

register = template.Library()
register.filter("queue_address", address_of)
register.filter(capped)

PRIVACY_SLUGS = {"en": "how-comment-data-is-processed", "ko": "댓글-정보-처리-안내"}


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comment_thread(context: dict[str, Any], post: Post) -> dict[str, Any]:
    """The comments of the page `comments_page`, and the form: the bound `comment_form` if the context has one.

    One query, however many comments. Raises Http404 beyond the last page.
    """
    thread = thread_page(post, context["comments_page"])
    return {"thread": thread, "linked_data": linked_data.of_thread(post, thread), **form_context(context, post)}


@register.inclusion_tag("comments/_form.html", takes_context=True)
def comment_form(context: dict[str, Any], post: Post) -> dict[str, Any]:
    """The form alone; as a reply if the context has a `parent`."""
    return form_context(context, post)


@register.inclusion_tag("comments/_akismet.html")
def akismet_notice(page: Page) -> dict[str, Any]:
    """What Akismet is told, on the page about the data of comments, where it is in use."""
    return {"told": settings.AKISMET_KEY and page.slug == PRIVACY_SLUGS[page.language]}


def form_context(context: dict[str, Any], post: Post) -> dict[str, Any]:
    form = context.get("comment_form") or CommentForm(post=post)
    return {
        "post": post,
        "post_address": post.get_absolute_url(),
        "open": post.comments_open,
        "closes": post.comments_close_at,
        "parent": context.get("parent"),
        "form": form,
        "fields": [form[name] for name in ("name", "email", "website", "comment")],
        "akismet": bool(settings.AKISMET_KEY),
        "prove": form["prove"],
        "privacy_page": privacy_page(context["site"], post.language),
        "comment_policy": context["site"].comment_policy,
    }


def privacy_page(site: Site, language: str) -> Link | None:
    """The page that says what is stored of a comment, why and how long, if it is published."""
    address = reverse("posts:page", args=[PRIVACY_SLUGS[language]])
    return next((page for page in site.pages if page.address == address), None)
