"""The public side of commenting: the form's target, a page to reply, and the commenter's own page."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments import limits, moderation
from comments.addresses import comment_id, status_address
from comments.forms import CommentForm
from comments.models import Comment, Status
from comments.origin import is_same_origin
from comments.scoring import submission_of
from comments.threads import permalink, visible_on
from posts import pages
from posts.models import Post
from posts.views import post_body, published_post

TOO_MANY = _("Many comments came from you in a short time. Please send this one again in ten minutes.")


class SeeOther(HttpResponseRedirect):
    """What answers a form: the next page is fetched with GET, whatever the client."""

    status_code = 303


def private(body: pages.Body, *, status: int = 200) -> HttpResponse:
    """A page for the one who asked: kept by no cache, found by no search engine."""
    response = HttpResponse(body.content, content_type=body.content_type, status=status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@csrf_exempt  # comments.origin takes its place
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """Take a comment and lead its author to their own page, or give the form back with all that was in it."""
    post = published_post(year, month, slug)
    if request.method != "POST":
        return redirect(post)
    if not is_same_origin(request):
        return refused(request, post, "other site")
    if not post.comments_open:
        return refused(request, post, "closed")
    form = CommentForm(request.POST, post=post)
    if not form.is_valid():
        return form_again(form, status=400)
    try:
        return SeeOther(status_address(store(form, limits.source_of(request))))
    except moderation.CommentsClosedError:
        return refused(request, post, "closed")
    except limits.TooManyCommentsError as error:
        return too_many(form, error.retry_after)


def store(form: CommentForm, source: limits.Source) -> Comment:
    comment, email = form.unsaved_comment(), form.cleaned_data["email"]
    receipt = limits.receipt(source, comment, email=email)
    seen = replace(
        submission_of(comment), honeypot=form.cleaned_data["subject"], email_domain=email.rpartition("@")[2].lower()
    )
    return moderation.submit(comment, seen, source=source, email=email, receipt=receipt)


def form_again(form: CommentForm, *, status: int) -> HttpResponse:
    """The page that the form was on, with what was sent and what is wrong with it."""
    parent = form.cleaned_data.get("parent")
    body = reply_body(parent, comment_form=form) if parent else post_body(form.post, 1, comment_form=form)
    return private(body, status=status)


def too_many(form: CommentForm, retry_after: int) -> HttpResponse:
    """The form back, to be sent again later."""
    form.add_error(None, TOO_MANY)
    response = form_again(form, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def refused(request: HttpRequest, post: Post, why: str) -> HttpResponse:
    """Nothing is taken, and the text is given back to be copied: in no form, for another site may have written it."""
    context = {"post": post, "why": why, "text": request.POST.get("comment", "")}
    return private(pages.render("comments/refused.html", context, language=post.language), status=403)


@require_safe
def reply(request: HttpRequest, year: int, month: int, slug: str, pk: int) -> HttpResponse:
    """One comment with the form to reply to it."""
    post = published_post(year, month, slug)
    parent = get_object_or_404(visible_on(post), pk=pk)
    parent.post = post
    response = pages.respond(request, lambda: reply_body(parent), post.comments_stamp, post.comments_open)
    response["X-Robots-Tag"] = "noindex"
    return response


def reply_body(parent: Comment, **context: Any) -> pages.Body:
    post = parent.post
    found_at = permalink(parent)
    return pages.render(
        "comments/reply.html",
        {"post": post, "parent": parent, "parent_address": found_at, "canonical": found_at, **context},
        language=post.language,
    )


@csrf_exempt  # comments.origin takes its place
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The commenter sees what became of the comment, and withdraws it with POST.

    What lies in the spam folder looks as if it waited, which it does: moderators look there, too, and a program that
    posts spam learns nothing from it.
    """
    comment = get_object_or_404(Comment.objects.select_related("post"), pk=comment_id(token))
    post = comment.post
    if request.method != "POST":
        context = {"comment": comment, "post": post, "address": permalink(comment) if comment.is_visible else ""}
        return private(pages.render("comments/status.html", context, language=post.language))
    if not is_same_origin(request):
        return refused(request, post, "other site")
    withdraw(comment.pk)
    return SeeOther(request.path)


@transaction.atomic
def withdraw(pk: int) -> None:
    """Whatever its status is by now, and whether or not it was withdrawn before."""
    comment = Comment.objects.select_for_update().get(pk=pk)
    if comment.status != Status.WITHDRAWN:
        moderation.withdraw(comment)
