"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from comments.live import claim, live
from comments.moderator_views import decide, moderator
from comments.queue import queue, switch_on, undo
from config.health import healthz, readyz

urlpatterns = [
    path("admin/comments/queue/", admin.site.admin_view(queue), name="queue"),
    path("admin/comments/queue/undo/", admin.site.admin_view(undo), name="queue-undo"),
    path("admin/comments/queue/live/", admin.site.admin_view(live), name="queue-live"),
    path("admin/comments/queue/claim/", admin.site.admin_view(claim), name="queue-claim"),
    path("admin/comments/sources/switch-on/", admin.site.admin_view(switch_on), name="switch-on"),
    path("admin/comments/profile/", admin.site.admin_view(moderator), name="moderator"),
    path("admin/comments/decide/<str:token>/", admin.site.admin_view(decide), name="decide"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("comments.urls")),
    path("", include("posts.urls")),
]

handler403 = "posts.views.forbidden"
handler404 = "posts.views.not_found"
handler500 = "posts.views.server_error"
