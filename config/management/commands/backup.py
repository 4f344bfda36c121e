"""Back up the whole site while it runs."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup import make
from config.snapshots import BackupError

KEEP = 14


class Command(BaseCommand):
    help = "Write database and media into one file, readable to its owner only, and delete the oldest such files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where the backups are kept")
        parser.add_argument("--keep", type=number, default=KEEP, metavar="N", help=f"how many (default: {KEEP})")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = make(options["folder"], keep=options["keep"])
        except (BackupError, DatabaseError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The backup was not made: {error.strerror or error}.") from error
        self.stdout.write(f"{path} ({path.stat().st_size / 1_000_000:.1f} MB)")


def number(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentTypeError("at least one backup must be kept")
    return int(value)
