"""Write the site as a WordPress export (WXR), to move elsewhere."""

import os
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.wordpress.exporter import export


class Command(BaseCommand):
    help = "Write posts, pages, terms, picture references and comments as an export that WordPress imports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: stdout)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["output"] is None:
            for line in export():
                self.stdout.write(line)
            return
        try:
            write(options["output"], export())
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error


def write(path: Path, lines: Iterable[str]) -> None:
    """Whole or not at all, and for its owner only: there are drafts in it, and comments that nobody published."""
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        unfinished = Path(folder, path.name)
        unfinished.touch(mode=0o600)
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
