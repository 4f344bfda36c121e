"""Addresses that things had before, here or in WordPress, lead to where they are now."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri

from posts.models import Page, Post, Redirect
from posts.publishing import path_digest

BELOW = re.compile(r"(/.+/)((?:comments|feed)/.*)", re.DOTALL)  # where a post's form leads, and feeds of its comments


def redirect_old_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: where nothing was found, look for an old address. Costs two queries at most, on a 404 only.

    A form is sent on as it is: a comment is not lost because its post was renamed while somebody wrote.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 404 and request.method in {"GET", "HEAD", "POST"}:
            target = iri_to_uri(new_address(request.path))
            if target and target != iri_to_uri(request.path):
                query = f"?{string}" if (string := request.META.get("QUERY_STRING", "")) else ""
                return HttpResponsePermanentRedirect(target + query, preserve_request=request.method == "POST")
        return response

    return middleware


def new_address(path: str) -> str:
    """Where readers find now what stood at the path, or the empty string. Never leads to what is not public."""
    if (target := moved(path)) or not (found := BELOW.fullmatch(path)):
        return target
    return target + found[2] if (target := moved(found[1])) else ""


def moved(path: str) -> str:
    paths = [path, path + "/"] if not path.endswith("/") else [path]
    redirect = Redirect.objects.select_related("post", "page").filter(digest__in=map(path_digest, paths)).first()
    if redirect and redirect.post and redirect.post.is_published:
        return redirect.post.get_absolute_url()
    if redirect and redirect.page and redirect.page.is_published:
        return redirect.page.get_absolute_url()
    return ""


def wordpress_address(wordpress_id: str) -> str:
    """The address of what WordPress called `/?p=ID`, or the empty string. Of two blogs, it is the first imported's."""
    if not wordpress_id.isdecimal() or len(wordpress_id) > 18:
        return ""
    found: list[Post | Page] = [
        *Post.objects.published().filter(wordpress_id=int(wordpress_id)),
        *Page.objects.published().filter(wordpress_id=int(wordpress_id)),
    ]
    return min(found, key=lambda one: one.created_at).get_absolute_url() if found else ""
