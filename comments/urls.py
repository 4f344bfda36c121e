"""Addresses of comments below their post, and of a commenter's own comment."""

from django.conf import settings
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from comments import appeal_views, feeds, figures_views, views
from posts.feeds import addresses

POST = "<yyyy:year>/<mm:month>/<uslug:slug>/"

app_name = "comments"
urlpatterns = [
    path(f"{POST}comments/", views.submit, name="submit"),
    path(f"{POST}comments/<int:pk>/", views.reply, name="reply"),
    path("comments/<str:token>/", views.status, name="status"),
    path("comments/<str:token>/forget/", views.forget_proof, name="forget_proof"),
    path("comments/<str:token>/appeal/", appeal_views.appeal, name="appeal"),
    path("comments/<str:token>/ask/", views.ask_for_link, name="ask_for_link"),
    path("comments/confirm/<str:token>/", views.confirm, name="confirm"),
    path(
        "transparency/",
        require_safe(RedirectView.as_view(url=f"/transparency/{settings.LANGUAGE_CODE}/")),
        name="figures",
    ),
    path("transparency/<str:language>/", figures_views.transparency, name="transparency"),
    *addresses(POST, feeds.post_comments, "feed"),
]
