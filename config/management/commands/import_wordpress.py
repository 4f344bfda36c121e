"""Bring a WordPress export (WXR) into the site."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.wordpress.importer import Options, import_file
from posts.wxr import WxrError


class Command(BaseCommand):
    help = "Import a WordPress export file. Running it again imports what is not here yet, and changes nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the export, unpacked")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--report", choices=["json"], help="print the report as JSON")
        parser.add_argument("--media", type=Path, metavar="DIR", help="a copy of the folder wp-content/uploads")
        parser.add_argument("--keep-emails", action="store_true", help="keep the commenters' e-mail addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["media"] and not options["media"].is_dir():
            raise CommandError(f"{options['media']} is not a folder.")
        try:
            report = import_file(
                options["file"],
                Options(write=not options["dry_run"], media=options["media"], keep_emails=options["keep_emails"]),
                self.show_progress if sys.stderr.isatty() else lambda done, total: None,
            )
        except WxrError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. Run the command again to finish the import.") from error
        self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False) if options["report"] else report.as_text())

    def show_progress(self, done: int, total: int) -> None:
        width = 40 * done // total
        self.stderr.write(f"\r[{'#' * width:<40}] {done}/{total}", ending="\n" if done == total else "")
