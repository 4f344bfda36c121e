"""Addresses that things had before, here or in WordPress, lead to where they are now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from posts.models import Page, Post, Redirect
from posts.publishing import path_digest


def redirect_old_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: where nothing was found, look for an old address. Costs a query on a 404 only."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 404 and request.method in {"GET", "HEAD"}:
            target = new_address(request.path)
            if target and target != request.path:
                return HttpResponsePermanentRedirect(target)
        return response

    return middleware


def new_address(path: str) -> str:
    """Where readers find now what stood at the path, or the empty string. Never leads to what is not public."""
    paths = [path, path + "/"] if not path.endswith("/") else [path]
    redirect = Redirect.objects.select_related("post", "page").filter(digest__in=map(path_digest, paths)).first()
    if redirect and redirect.post and redirect.post.is_published:
        return redirect.post.get_absolute_url()
    if redirect and redirect.page and redirect.page.is_published:
        return redirect.page.get_absolute_url()
    return ""


def wordpress_address(wordpress_id: str) -> str:
    """The address of what WordPress called `/?p=ID`, or the empty string."""
    if not wordpress_id.isdecimal() or len(wordpress_id) > 18:
        return ""
    for model in (Post, Page):
        found = model.objects.published().filter(wordpress_id=int(wordpress_id)).first()
        if found:
            return found.get_absolute_url()
    return ""
