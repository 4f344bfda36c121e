"""The deferred work: jobs over the rows that wait for something, repeated for as long as the worker runs.

The database is the queue. A job takes its turn by a conditional update, so that several workers share the work; it does
a bounded amount and returns. What a crash leaves undone is found by a later turn.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import NamedTuple

from django.db import OperationalError, close_old_connections

from comments import akismet, moderator_mail, outbox, rescoring, retention
from comments.models import Sweep
from config.accounts import mails

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds between two looks at what is due


class Job(NamedTuple):
    name: str
    every: timedelta
    do: Callable[[], object]


JOBS = (
    Job("score comments", timedelta(seconds=15), rescoring.score_due),
    Job("tell moderators", timedelta(minutes=1), moderator_mail.tell),
    Job("answer password requests", timedelta(seconds=15), mails.answer_requests),
    Job("send mail", timedelta(seconds=15), outbox.send_due),
    Job("correct Akismet", timedelta(minutes=1), akismet.send_due),
    Job("delete what has expired", timedelta(minutes=5), retention.purge),
)


def work(stop: Event) -> None:
    """Do what is due until `stop` is set. A job that has begun is finished first."""
    while not stop.is_set():
        for job in JOBS:
            if not stop.is_set():
                attempt(job)
        stop.wait(PAUSE)


def attempt(job: Job) -> None:
    """Do the job if it is due. What goes wrong is logged and tried again at the next turn; the worker goes on."""
    try:
        close_old_connections()
        if Sweep.objects.claim(job.name, every=job.every):
            job.do()
    except OperationalError as error:
        logger.warning("%s: the database does not answer: %s", job.name, error)
    except Exception:
        logger.exception("%s failed", job.name)
