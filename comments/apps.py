from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Comments")

    def ready(self) -> None:
        if settings.AKISMET_KEY:  # imported now, since there is no time for it while a comment waits
            try:
                import_module("akismet")
            except ModuleNotFoundError as error:
                raise ImproperlyConfigured(
                    "AKISMET_KEY is set, but the package is missing: pip install akismet"
                ) from error
