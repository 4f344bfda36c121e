"""The deferred work alone: mail, scores that are missing, what must be erased."""

import argparse
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config import logs
from config.processes import end_with_parent
from config.worker import work


class Command(BaseCommand):
    help = "Do the deferred work until stopped. Several workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)  # `serve` names itself

    def handle(self, *, parent: int | None, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        if parent:
            end_with_parent(parent)
        logs.to_stdout()
        work(stop)
