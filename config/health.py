"""Is the site alive, and is it fit to serve: for service managers, monitors and `manage.py serve`."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.models import Sweep

SILENCE = timedelta(minutes=3)  # a worker claims a turn at least every minute
MIN_FREE = 200_000_000  # bytes


def migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def database_answers() -> bool:
    connection.ensure_connection()
    return connection.is_usable()


def worker_beats() -> bool:
    return Sweep.objects.filter(last_run__gt=timezone.now() - SILENCE).exists()


def disk_has_room() -> bool:
    folders = (settings.VAR_DIR, settings.MEDIA_ROOT)
    return all(shutil.disk_usage(folder).free > MIN_FREE for folder in folders if folder.exists())


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrated,
    "worker": worker_beats,
    "disk": disk_has_room,
}


def monitors_need_no_host(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: monitors ask by an address of the machine, and are told nothing that depends on it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in {"/healthz", "/readyz"}:
            request.META["HTTP_HOST"] = settings.SITE_HOST
        return get_response(request)

    return middleware


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """All that the site needs is there: 200, else 503, and which part is missing."""
    found = {name: holds(check) for name, check in CHECKS.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Error:
        return False
