"""Who edits which text, so that two do not do it at once without knowing. It forbids nothing."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.models import Editing, Page, Post, about

LASTS = timedelta(seconds=120)  # the form renews it every 20 seconds, but once a minute where it is out of sight


@transaction.atomic
def begin(text: Post | Page, *, by: User) -> None:
    """Edit this text from now on, or go on doing so."""
    now = timezone.now()
    Editing.objects.filter(until__lte=now).delete()
    Editing.objects.update_or_create(**about(text), by=by, defaults={"until": now + LASTS})


def end(text: Post | Page, *, by: User) -> None:
    Editing.objects.filter(**about(text), by=by).delete()


def others(text: Post | Page, *, but: User) -> str:
    """One sentence that says who else edits the text; empty if nobody does. One query."""
    found = Editing.objects.filter(**about(text), until__gt=timezone.now()).exclude(by=but).select_related("by")
    names = sorted(editing.by.get_username() for editing in found)
    if not names:
        return ""
    said = ngettext("%(names)s is editing this text.", "%(names)s are editing this text.", len(names))
    return said % {"names": get_text_list(names, _("and"))}
