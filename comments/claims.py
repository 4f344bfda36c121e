"""Who looks at which comment, so that two moderators need not read the same one. It forbids nothing."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Claim, Comment

LASTS = timedelta(seconds=60)  # the queue renews it every 20 seconds


@transaction.atomic
def claim(comment: Comment, *, by: User) -> None:
    """Look at this comment, and at no other any more. Who looked at it first goes on doing so."""
    now = timezone.now()
    Claim.objects.filter(Q(by=by) | Q(until__lte=now)).delete()
    Claim.objects.bulk_create([Claim(comment=comment, by=by, until=now + LASTS)], ignore_conflicts=True)


def looking(comments: Iterable[int], *, but: User) -> dict[int, str]:
    """The comments that others look at, each with a sentence that says who. One query."""
    claims = Claim.objects.filter(comment__in=comments).select_related("by")
    return {claim.comment_id: said for claim in claims if (said := in_words(claim, but=but))}


def in_words(claim: Claim | None, *, but: User) -> str:
    """Who looks at the comment; empty if nobody does, or only the moderator who is told."""
    if claim is None or claim.until <= timezone.now() or claim.by_id == but.pk:
        return ""
    return _("%(name)s is looking at this.") % {"name": claim.by.get_username()}
