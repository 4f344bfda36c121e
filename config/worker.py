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
from django.utils import timezone

from comments import moderation
from comments.models import Sweep

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds between two looks at what is due


class Job(NamedTuple):
    name: str
    every: timedelta
    do: Callable[[], object]


JOBS = (Job("score comments", timedelta(minutes=1), moderation.score_unscored),)


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
        if claim(job):
            job.do()
    except OperationalError as error:
        logger.warning("%s: the database does not answer: %s", job.name, error)
    except Exception:
        logger.exception("%s failed", job.name)


def claim(job: Job) -> bool:
    """Take the job's turn. False if it is not due, or if another worker was faster."""
    now = timezone.now()
    turn = Sweep.objects.filter(name=job.name)
    # A last run in the far future is left from a clock that was wrong.
    due = turn.exclude(last_run__range=(now - job.every, now + job.every))
    if due.update(last_run=now):
        return True
    _row, created = Sweep.objects.get_or_create(name=job.name, defaults={"last_run": now})
    return created
