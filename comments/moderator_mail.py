"""Mail to moderators about what waits: as often as each wishes, in their language.

A mailbox is the first place where others would look: nothing of the comments is in it, unless the operator wants that.
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext_lazy

from comments import outbox
from comments.addresses import decision_address
from comments.models import Comment, Moderator, OutboxMail, Status
from comments.permissions import moderators
from comments.queue import VIEWS
from posts import identity

DAY = timedelta(days=1)
EVERY = {  # wish to the least time between two mails
    Moderator.Mail.IMMEDIATE: timedelta(0),
    Moderator.Mail.HOURLY: timedelta(hours=1),
    Moderator.Mail.DAILY: DAY,
}
MOST_LISTED = 10  # comments in a mail, those that wait longest
EXCERPT = 500  # characters of a comment, where the operator wants them in mail


class Occasion(Enum):
    NEWS = "told_at"
    REMINDER = "reminded_at"


SUBJECTS = {
    Occasion.NEWS: ngettext_lazy("%(site)s: %(count)d comment waits", "%(site)s: %(count)d comments wait", "count"),
    Occasion.REMINDER: ngettext_lazy(
        "%(site)s: %(count)d comment has waited for more than a day",
        "%(site)s: %(count)d comments have waited for more than a day",
        "count",
    ),
}


def tell() -> int:
    """Write to each moderator what is due. Returns how many mails. One query if nothing waits."""
    waiting = Comment.objects.waiting().order_by("status_since")
    oldest = waiting.values_list("status_since", flat=True).first()
    if oldest is None:
        return 0
    newest = waiting.order_by("-status_since").values_list("status_since", flat=True)[0]
    return sum(_tell(moderator, oldest, newest) for moderator in moderators().exclude(email=""))


def _tell(user: User, oldest: datetime, newest: datetime) -> bool:
    wish, _created = Moderator.objects.get_or_create(user=user, defaults={"language": settings.LANGUAGE_CODE})
    occasion = _occasion(wish, oldest, newest)
    if occasion is None:
        return False
    with transaction.atomic():
        seen = {occasion.value: getattr(wish, occasion.value)}
        if not Moderator.objects.filter(pk=wish.pk, **seen).update(**{occasion.value: timezone.now()}):
            return False  # another worker was faster
        with translation.override(wish.language):
            subject, body = _text(user, occasion, wish.language)
        outbox.enqueue(OutboxMail.Kind.QUEUE, user.email, subject, body)
    return True


def _occasion(wish: Moderator, oldest: datetime, newest: datetime) -> Occasion | None:
    now = timezone.now()
    told, reminded = _past(wish.told_at, now), _past(wish.reminded_at, now)
    every = EVERY.get(Moderator.Mail(wish.mail))
    if every is not None and (told is None or (newest > told and told <= now - every)):
        return Occasion.NEWS
    if wish.reminded and oldest <= now - DAY and (reminded is None or reminded <= now - DAY):
        return Occasion.REMINDER
    return None


def _past(when: datetime | None, now: datetime) -> datetime | None:
    """A moment in the future is left from a clock that was wrong."""
    return when if when and when <= now else None


def _text(user: User, occasion: Occasion, language: str) -> tuple[str, str]:
    """Subject and body."""
    waiting = Comment.objects.waiting()
    if occasion == Occasion.REMINDER:
        waiting = waiting.filter(status_since__lte=timezone.now() - DAY)
    count = waiting.count()
    listed = waiting.select_related("post").order_by("status_since", "pk")[:MOST_LISTED]
    context = {
        "queue": settings.SITE_URL + reverse("queue"),
        "profile": settings.SITE_URL + reverse("moderator"),
        "listed": [(comment, _links(comment, user)) for comment in listed],
        "shown": settings.MAIL_SHOWS_COMMENTS,
        "excerpt": EXCERPT,
        "more": count - MOST_LISTED,
    }
    subject = SUBJECTS[occasion] % {"site": identity.current(language).name, "count": count}
    return subject, render_to_string("comments/moderator_mail.txt", context)


def _links(comment: Comment, user: User) -> list[tuple[Any, str]]:
    """What can be done about it, and the address that asks for it."""
    actions = VIEWS[Status.PENDING].actions
    return [(each.label, settings.SITE_URL + decision_address(comment, each.name, user)) for each in actions]
