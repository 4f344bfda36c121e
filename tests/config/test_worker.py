from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection
from time_machine import TimeMachineFixture

from comments.models import Sweep
from config import worker
from config.worker import Job, attempt

HOUR = timedelta(hours=1)
START = "2026-03-01T12:00Z"


def claim(job: Job) -> bool:
    return Sweep.objects.claim(job.name, every=job.every)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_job_waits_until_it_is_due_again(time_machine: TimeMachineFixture) -> None:
    done: list[str] = []
    job = Job("count", HOUR, lambda: done.append("once more"))
    time_machine.move_to(START, tick=False)
    attempt(job)
    time_machine.shift(HOUR - timedelta(seconds=1))
    attempt(job)
    assert len(done) == 1
    time_machine.shift(timedelta(seconds=2))
    attempt(job)
    assert len(done) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_clock_that_was_wrong_stops_no_job(time_machine: TimeMachineFixture) -> None:
    job = Job("count", HOUR, list)
    time_machine.move_to("2031-01-01T00:00Z", tick=False)
    assert claim(job)
    time_machine.move_to(START)
    assert claim(job)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("first_time", [True, False])
def test_of_many_workers_one_takes_the_turn(time_machine: TimeMachineFixture, *, first_time: bool) -> None:
    job = Job("count", HOUR, list)
    time_machine.move_to(START, tick=False)
    if not first_time:
        claim(job)
        time_machine.shift(2 * HOUR)
    together = Barrier(8)

    def run(_number: int) -> bool:
        together.wait()
        try:
            return claim(job)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(run, range(8))) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("error", [OperationalError("database is locked"), ValueError("nonsense")])
def test_a_job_that_fails_is_logged_and_the_next_is_done(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()

    def fail() -> None:
        raise error

    monkeypatch.setattr(worker, "JOBS", [Job("broken", HOUR, fail), Job("last", HOUR, stop.set)])
    worker.work(stop)
    assert [record.getMessage().startswith("broken") for record in caplog.records] == [True]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_job_begins_after_the_worker_was_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    done: list[str] = []
    monkeypatch.setattr(worker, "JOBS", [Job("stops", HOUR, stop.set), Job("late", HOUR, lambda: done.append("late"))])
    worker.work(stop)
    assert done == []


def test_job_names_are_unique_and_fit_their_column() -> None:
    names = [job.name for job in worker.JOBS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 40
