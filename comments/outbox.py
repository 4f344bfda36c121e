"""Mail that must leave the machine: written with its cause in one transaction, sent and tried again by the worker."""

import datetime
import logging
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from comments.addresses import status_address
from comments.models import CONFIRMATION_DAYS, Comment, Contact, Moderator, OutboxMail
from posts import identity

logger = logging.getLogger(__name__)

BATCH = 50  # mails in one turn of the worker
LEASE = datetime.timedelta(minutes=15)  # that a sender has for one mail; then it counts as crashed, and another may try
BACK_OFF = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360, 720)]  # nearly a day in all
ERASED = {"to": "", "subject": "", "body": "", "comment": None}


def enqueue(
    kind: OutboxMail.Kind,
    to: str,
    subject: str,
    body: str,
    *,
    comment: Comment | None = None,
    not_before: datetime.datetime | None = None,
) -> None:
    OutboxMail.objects.create(
        kind=kind,
        to=to,
        subject=subject,
        body=body,
        comment=comment,
        message_id=f"<{uuid4()}@{settings.SITE_HOST}>",
        next_try_at=not_before or timezone.now(),
    )


def announce(comment: Comment) -> None:
    """Tell the commenter, if they asked for it, that the comment is published; in the transaction that publishes it.

    Not before the decision can have been undone.
    """
    contact = Contact.objects.filter(comment=comment, purpose=Contact.Purpose.NOTICE).first()
    if contact is None:
        return
    with translation.override(comment.post.language):
        site = identity.current(comment.post.language).name
        subject = _("Your comment on %(site)s was published") % {"site": site}
        body = _(
            "The comment that you left on %(site)s can now be read there.\n\n"
            "This is your own page about it. Who has its address can withdraw the comment, so keep it to yourself:\n"
            "%(address)s\n\n"
            "With this message your e-mail address is deleted; we will not write again."
        ) % {"site": site, "address": settings.SITE_URL + status_address(comment)}
    not_before = timezone.now() + datetime.timedelta(seconds=settings.UNDO_SECONDS)
    enqueue(OutboxMail.Kind.PUBLISHED, contact.email, subject, body, comment=comment, not_before=not_before)


def ask_to_confirm(contact: Contact, address: str) -> None:
    """Send the link under which the commenter confirms their e-mail address; in the transaction that asks for it."""
    with translation.override(contact.comment.post.language):
        site = identity.current(contact.comment.post.language).name
        subject = _("Confirm your e-mail address for %(site)s") % {"site": site}
        body = _(
            "Somebody, most likely you, left this e-mail address on %(site)s and asked for this link, "
            "under which it can be confirmed within %(days)d days:\n"
            "%(address)s\n\n"
            "If it was not you, do nothing: without your confirmation nothing happens."
        ) % {"site": site, "days": CONFIRMATION_DAYS, "address": settings.SITE_URL + address}
    enqueue(OutboxMail.Kind.CONFIRM, contact.email, subject, body, comment=contact.comment)


def cancel_announcement(comment: Comment) -> None:
    """A comment that is not public any more is not announced. The address stays, for the next time it is."""
    OutboxMail.objects.filter(comment=comment, kind=OutboxMail.Kind.PUBLISHED).delete()


def write_anew() -> None:
    """What moderators were to be told is written again, where it may quote a text that is covered or erased now."""
    if not settings.MAIL_SHOWS_COMMENTS:
        return
    waiting = OutboxMail.objects.filter(kind=OutboxMail.Kind.QUEUE, next_try_at__isnull=False)
    told = Moderator.objects.filter(user__email__in=list(waiting.values_list("to", flat=True)))
    if waiting.delete()[0]:
        told.update(told_at=None, reminded_at=None)


def cancel(comment: Comment) -> None:
    """Send nothing more about the comment."""
    OutboxMail.objects.filter(comment=comment).delete()


def send_due() -> int:
    """Send what is due, oldest first. Stops at a failure, since the next would most likely fail, too."""
    sent = 0
    for mail in OutboxMail.objects.due()[:BATCH]:
        if _claim(mail):
            if not _send(mail):
                break
            sent += 1
    return sent


def _claim(mail: OutboxMail) -> bool:
    """Take the mail for as long as the lease lasts. False if another sender was faster, or it was cancelled."""
    seen, lease = mail.next_try_at, timezone.now() + LEASE
    mail.tries, mail.next_try_at = mail.tries + 1, lease
    return bool(OutboxMail.objects.filter(pk=mail.pk, next_try_at=seen).update(tries=F("tries") + 1, next_try_at=lease))


def _send(mail: OutboxMail) -> bool:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers).send()
    except Exception as error:  # noqa: BLE001 whatever a mail backend raises
        _try_later(mail, type(error).__name__)  # its text may name the address
        return False
    _forget(mail)
    return True


@transaction.atomic
def _forget(mail: OutboxMail) -> None:
    """The mail is with the server: its text is not needed any more, nor is the address that was given for it."""
    OutboxMail.objects.filter(pk=mail.pk).update(**ERASED, next_try_at=None, sent_at=timezone.now())
    if mail.kind == OutboxMail.Kind.PUBLISHED:
        Contact.objects.filter(comment=mail.comment_id, purpose=Contact.Purpose.NOTICE).delete()


def _try_later(mail: OutboxMail, error: str) -> None:
    """Unless the lease has ended meanwhile, and another sender has the mail."""
    ours = OutboxMail.objects.filter(pk=mail.pk, next_try_at=mail.next_try_at)
    if mail.tries <= len(BACK_OFF):
        ours.update(next_try_at=timezone.now() + BACK_OFF[mail.tries - 1])
        logger.warning("Mail %d (%s) was not sent at try %d: %s.", mail.pk, mail.kind, mail.tries, error)
    else:
        ours.update(**ERASED, next_try_at=None)
        logger.error("Mail %d (%s) is given up after %d tries: %s.", mail.pk, mail.kind, mail.tries, error)
