"""Akismet, the spam check of another company: a remote source of signals, off unless the operator gives it a key.

It is told as little as it takes: text, name, website, post, and the client's address, which exists in the request only.
No e-mail address, no browser, no referrer.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from comments.models import Comment, Correction, Status
from comments.spam import Signal, Source, Submission

if TYPE_CHECKING:
    import akismet

    Question = Callable[[akismet.AsyncClient], Awaitable["Reply"]]

logger = logging.getLogger(__name__)
Reply = TypeVar("Reply")

TIMEOUT = 2.0  # seconds for one question, in all
NO_ADDRESS = "0.0.0.0"  # noqa: S104 what stands for one that is not known (any more): Akismet refuses an empty one
SIGNAL = "akismet"
ANSWERS = {
    "HAM": Signal(SIGNAL, -0.5, "Akismet sees no spam in it."),
    "SPAM": Signal(SIGNAL, 3.0, "Akismet calls it spam."),
    "DISCARD": Signal(SIGNAL, 4.0, "Akismet calls it blatant spam, not worth a look."),
}
BATCH = 20  # corrections in one turn of the worker
LEASE = timedelta(minutes=5)  # that a worker has for one correction
TRY_AGAIN = [timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 360, 1440)]


@dataclass(frozen=True, slots=True)
class Akismet:
    """Asks about one comment."""

    comment: Comment
    address: str  # of the client; empty when the comment is asked about later

    remote: ClassVar = True

    def __call__(self, _submission: Submission) -> Iterator[Signal]:
        fields = _fields(self.comment)
        verdict = _within_limit(lambda client: client.comment_check(self.address or NO_ADDRESS, **fields))
        yield ANSWERS[verdict.name]


def _fields(comment: Comment) -> dict[str, Any]:
    """Without the passages that a moderator has covered, for some comments are asked about again while they wait."""
    return {
        "comment_type": "comment",
        "comment_content": comment.public_text,
        "comment_author": comment.name,
        "comment_author_url": comment.website,
        "permalink": settings.SITE_URL + comment.post.get_absolute_url(),
        "blog_lang": comment.post.language,
        "blog_charset": "UTF-8",
    }


def _within_limit(ask: "Question[Reply]") -> Reply:
    """Raises whatever goes wrong, and TimeoutError.

    The library's own limit is for each packet, so a server that sends them one by one could hold the request for ever.
    The event loop keeps the limit for the whole, but has no power over the look-up of Akismet's name; hence the thread,
    which is not waited for any longer than that.
    """
    reply: Future[Reply] = Future()
    Thread(target=_run, args=(ask, reply), name=SIGNAL, daemon=True).start()
    return reply.result(TIMEOUT)


def _run(ask: "Question[Reply]", reply: "Future[Reply]") -> None:
    try:
        reply.set_result(asyncio.run(_asked(ask)))
    except Exception as error:  # noqa: BLE001 it is raised where the reply is waited for
        reply.set_exception(error)


async def _asked(ask: "Question[Reply]") -> Reply:
    import akismet  # an extra, which most sites do not have; comments.apps has imported it where it is in use
    import httpx

    async with asyncio.timeout(TIMEOUT), httpx.AsyncClient(headers={"User-Agent": akismet.USER_AGENT}) as http:
        return await ask(akismet.AsyncClient(akismet.Config(settings.AKISMET_KEY, settings.SITE_URL), http))


def sources(comment: Comment, *, address: str = "") -> list[Source]:
    """The source, where it is in use."""
    return [Akismet(comment, address)] if settings.AKISMET_KEY else []


def decided(comment: Comment, *, by: User | None) -> None:
    """Note what Akismet must be told because a moderator decided otherwise than it thought; nothing where it was right.

    Belongs into the decision's transaction. A later decision takes back what has not been sent yet.
    """
    if not settings.AKISMET_KEY:
        return
    Correction.objects.filter(comment=comment).delete()
    if by is None or comment.purged_at:  # the text that it has seen is erased
        return
    thought = comment.signals.filter(name=SIGNAL).values_list("points", flat=True).first()
    is_spam = {Status.SPAM: True, Status.APPROVED: False}.get(Status(comment.status))
    if thought is not None and is_spam is not None and is_spam != (thought > 0):
        due = timezone.now() + timedelta(seconds=settings.UNDO_SECONDS)
        Correction.objects.create(comment=comment, is_spam=is_spam, next_try_at=due)


def send_due() -> int:
    """Tell Akismet what is due, oldest first. Stops at a failure, since the next would most likely fail, too."""
    if not settings.AKISMET_KEY:
        Correction.objects.all().delete()
        return 0
    sent = 0
    for correction in Correction.objects.due().select_related("comment__post")[:BATCH]:
        if _claim(correction):
            if not _send(correction):
                break
            sent += 1
    return sent


def _claim(correction: Correction) -> bool:
    """Take it for as long as the lease lasts. False if another worker was faster, or it was taken back."""
    seen = correction.next_try_at
    correction.tries, correction.next_try_at = correction.tries + 1, timezone.now() + LEASE
    unclaimed = Correction.objects.filter(pk=correction.pk, next_try_at=seen)
    return bool(unclaimed.update(tries=correction.tries, next_try_at=correction.next_try_at))


def _send(correction: Correction) -> bool:
    fields = _fields(correction.comment)
    ours = Correction.objects.filter(pk=correction.pk, next_try_at=correction.next_try_at)
    try:
        _within_limit(
            lambda client: (client.submit_spam if correction.is_spam else client.submit_ham)(NO_ADDRESS, **fields)
        )
    except Exception as error:  # noqa: BLE001 whatever the library raises; its text may hold the key
        again = TRY_AGAIN[correction.tries - 1 :]
        logger.warning("Akismet was not told at try %d: %s.", correction.tries, type(error).__name__)
        if again:
            ours.update(next_try_at=timezone.now() + again[0])
        else:
            ours.delete()
        return False
    ours.delete()
    return True
