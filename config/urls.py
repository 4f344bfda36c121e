"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("posts.urls")),
]

handler404 = "posts.views.not_found"
handler500 = "posts.views.server_error"
