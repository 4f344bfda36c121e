"""The public side of commenting: the form's target, a page to reply, and the commenter's own page."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import appeals, browser_token, confirmation, desk, limits, moderation, proof
from comments.addresses import comment_id, confirmation_of, status_address
from comments.forms import AppealForm, CommentForm
from comments.models import CONFIRMATION_DAYS, Comment, Proof, Status
from comments.origin import is_same_origin
from comments.proof import BrowserToken
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
    token = browser_token.token_of(request, wanted=form.cleaned_data["prove"])
    try:
        return taken(store(form, limits.source_of(request), token), token)
    except moderation.CommentsClosedError:
        return refused(request, post, "closed")
    except limits.TooManyCommentsError as error:
        return too_many(form, error.retry_after)


def taken(comment: Comment, token: BrowserToken) -> HttpResponse:
    """The way to the comment's own page, with the token for the browser if it proves the comment."""
    response = SeeOther(status_address(comment))
    if proof.is_proven_by(comment, token):
        browser_token.keep(response, token)
    return response


def store(form: CommentForm, source: limits.Source, token: BrowserToken) -> Comment:
    comment, email = form.unsaved_comment(), form.cleaned_data["email"]
    receipt = limits.receipt(source, comment, email=email)
    seen = submission_of(comment).knowing(
        honeypot=form.cleaned_data["subject"],
        seconds_to_submit=form.cleaned_data["seconds"],
        email_domain=email.rpartition("@")[2].lower(),
    )
    return moderation.submit(comment, seen, source=source, email=email, receipt=receipt, token=token)


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
    comment = own_comment(token)
    if request.method != "POST":
        return private(status_body(comment))
    if not is_same_origin(request):
        return refused(request, comment.post, "other site")
    withdraw(comment.pk)
    return SeeOther(request.path)


def own_comment(token: str) -> Comment:
    return get_object_or_404(Comment.objects.select_related("post", "proof", "appeal"), pk=comment_id(token))


def status_body(comment: Comment, *, appeal_form: AppealForm | None = None) -> pages.Body:
    context = {
        "comment": comment,
        "post": comment.post,
        "address": permalink(comment) if comment.is_visible else "",
        "reason": desk.reason_told(comment),
        "own_address": status_address(comment),
        "appeal_form": (appeal_form or AppealForm()) if appeals.may_be_made(comment) else None,
        "appeal_is_open": appeals.is_open(comment),
        "may_ask": confirmation.may_ask(comment),
        "was_asked": confirmation.is_open(comment),
        "proof_days": proof.DAYS,
        "confirmation_days": CONFIRMATION_DAYS,
    }
    return pages.render("comments/status.html", context, language=comment.post.language)


@transaction.atomic
def withdraw(pk: int) -> None:
    """Whatever its status is by now, and whether or not it was withdrawn before."""
    comment = Comment.objects.select_for_update().get(pk=pk)
    if comment.status != Status.WITHDRAWN:
        moderation.withdraw(comment)


@csrf_exempt  # comments.origin takes its place
@require_POST
def forget_proof(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing shows any more that the commenter's comments come from one person; their browser forgets it, too."""
    comment = own_comment(token)
    if not is_same_origin(request):
        return refused(request, comment.post, "other site")
    response = SeeOther(status_address(comment))
    if comment.proof:
        if comment.proof.kind == Proof.Kind.BROWSER:
            browser_token.expire(response)
        proof.forget(comment.proof)
    return response


@csrf_exempt  # comments.origin takes its place
@require_POST
def ask_for_link(request: HttpRequest, token: str) -> HttpResponse:
    """Send the link that confirms the address which was left with the comment."""
    comment = own_comment(token)
    if not is_same_origin(request):
        return refused(request, comment.post, "other site")
    confirmation.ask(comment)
    return SeeOther(status_address(comment))


@csrf_exempt  # comments.origin takes its place
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the mail leads. Programs that follow links in mail use GET, so only POST confirms.

    Shows nothing of the comment: whoever reads the mailbox did not necessarily write it.
    """
    pk, digest = confirmation_of(token)
    comment = get_object_or_404(Comment.objects.select_related("post", "proof"), pk=pk)
    if request.method != "POST":
        return confirm_page(comment, digest)
    if not is_same_origin(request):
        return refused(request, comment.post, "other site")
    confirmation.confirm(comment, digest)
    return SeeOther(request.path)


def confirm_page(comment: Comment, digest: str) -> HttpResponse:
    confirmed, is_open = confirmation.is_confirmed(comment, digest), confirmation.is_open(comment)
    context = {
        "post": comment.post,
        "confirmed": confirmed,
        "is_open": is_open,
        "proof_days": proof.DAYS,
        "confirmation_days": CONFIRMATION_DAYS,
    }
    body = pages.render("comments/confirm.html", context, language=comment.post.language)
    return private(body, status=200 if confirmed or is_open else 410)
