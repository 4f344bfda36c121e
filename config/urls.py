"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from comments import sanction_views
from comments.appeal_views import appeals, reopen
from comments.campaign_views import campaign, campaigns
from comments.desk_views import note, redact, reply
from comments.figures_views import dashboard, log
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
    path("admin/comments/figures/", admin.site.admin_view(dashboard), name="figures"),
    path("admin/comments/log/", admin.site.admin_view(log), name="decision-log"),
    path("admin/comments/profile/", admin.site.admin_view(moderator), name="moderator"),
    path("admin/comments/decide/<str:token>/", admin.site.admin_view(decide), name="decide"),
    path("admin/comments/queue/note/", admin.site.admin_view(note), name="note"),
    path("admin/comments/queue/reply/", admin.site.admin_view(reply), name="queue-reply"),
    path("admin/comments/queue/redact/", admin.site.admin_view(redact), name="redact"),
    path("admin/comments/sanctions/new/", admin.site.admin_view(sanction_views.impose), name="impose"),
    path("admin/comments/sanctions/<uuid:batch>/", admin.site.admin_view(sanction_views.imposed), name="sanction"),
    path("admin/comments/appeals/", admin.site.admin_view(appeals), name="appeals"),
    path("admin/comments/appeals/reopen/", admin.site.admin_view(reopen), name="reopen-appeal"),
    path("admin/comments/campaigns/", admin.site.admin_view(campaigns), name="campaigns"),
    path("admin/comments/campaigns/<int:pk>/", admin.site.admin_view(campaign), name="campaign"),
    path("admin/", include("config.accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("comments.urls")),
    path("", include("posts.urls")),
]

handler403 = "posts.views.forbidden"
handler404 = "posts.views.not_found"
handler500 = "config.outage.server_error"
