"""What is kept for a while only, and deleted when the while is over."""

import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from comments import campaigns, erasure, limits, proof, search, similar, traces
from comments.models import Comment, CommentQuerySet, Confirmation, Contact, OutboxMail, Receipt, Status
from comments.moderation import CONTACT_DAYS, RECEIPT_MINUTES

LATELY = datetime.timedelta(minutes=15)  # longer than from one turn of the worker to the next
OUTBOX_DAYS = 30  # a mail without address and text, to see what was sent and what was given up


def purge() -> None:
    """Delete what has expired, rows and key. Repeating it deletes nothing more."""
    now = timezone.now()
    Contact.objects.filter(expires_at__lte=now).delete()
    Receipt.objects.filter(created_at__lte=now - datetime.timedelta(minutes=RECEIPT_MINUTES)).delete()
    Session.objects.filter(expire_date__lte=now).delete()  # with messages that name commenters
    OutboxMail.objects.filter(next_try_at=None, created_at__lte=now - datetime.timedelta(days=OUTBOX_DAYS)).delete()
    # Not before the address is gone: the row is what keeps a second mail from being asked for.
    Confirmation.objects.filter(asked_at__lte=now - datetime.timedelta(days=CONTACT_DAYS)).delete()
    proof.purge()
    similar.purge()
    campaigns.purge()
    limits.purge()
    if erasure.erase_old() or _withdrawn_lately(now).exists():
        transaction.on_commit(search.scrub)
        transaction.on_commit(traces.vacuum)
    transaction.on_commit(traces.empty_log)


def _withdrawn_lately(now: datetime.datetime) -> CommentQuerySet:
    """Their words have left the index of the search, but on SQLite not yet its file."""
    return Comment.objects.filter(status=Status.WITHDRAWN, status_since__gte=now - LATELY)
