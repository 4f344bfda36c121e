"""Addresses of comments below their post, and of a commenter's own comment."""

from django.urls import path

from comments import feeds, views
from posts.feeds import addresses

POST = "<yyyy:year>/<mm:month>/<uslug:slug>/"

app_name = "comments"
urlpatterns = [
    path(f"{POST}comments/", views.submit, name="submit"),
    path(f"{POST}comments/<int:pk>/", views.reply, name="reply"),
    path("comments/<str:token>/", views.status, name="status"),
    path("comments/<str:token>/forget/", views.forget_proof, name="forget_proof"),
    path("comments/<str:token>/ask/", views.ask_for_link, name="ask_for_link"),
    path("comments/confirm/<str:token>/", views.confirm, name="confirm"),
    *addresses(POST, feeds.post_comments, "feed"),
]
