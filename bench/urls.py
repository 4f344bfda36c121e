"""The site's addresses plus an empty view to compare with."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("empty/", empty), path("", include("config.urls"))]

handler403 = "posts.views.forbidden"
handler404 = "posts.views.not_found"
handler500 = "posts.views.server_error"
