"""Rebuild the site from a backup, or only see whether that could be done."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.backup import check
from config.restoring import restore
from config.snapshots import BackupError


class Command(BaseCommand):
    help = "Rebuild the site from a backup. The site must not be running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
        parser.add_argument("--check", action="store_true", help="only see whether the file is whole")
        parser.add_argument("--replace", action="store_true", help="even if there is a site, which is then gone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = (
                check(options["file"]) if options["check"] else restore(options["file"], replace=options["replace"])
            )
        except (BackupError, DatabaseError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The backup was not restored: {error.strerror or error}.") from error
        verb = "is whole" if options["check"] else "is restored"
        self.stdout.write(
            f"The backup of {manifest.made_at} {verb}: the database and {len(manifest.members) - 1} files of media."
        )
