"""Trains what the spam filter knows on a site's first day, from collections whose licences allow it."""

from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments import rows
from comments.scoring import sources
from comments.spam.domains import DISPOSABLE_FILE, fingerprint
from comments.spam.learner import PRIOR_FILE
from comments.spam.training import Example, train

SPAM_WEIGHT = 2.0  # there is less spam than ham in the collections


class Collection(NamedTuple):
    path: str
    licence: str
    weight: float = 1.0  # of a comment; the few that stood on blogs count more
    every: int = 1  # only each n-th row


COLLECTIONS = (
    Collection("spam/youtube_dev.jsonl", "CC BY 4.0, Alberto, Lochter and Almeida 2015"),
    Collection("spam/sms_dev.jsonl.gz", "CC BY 4.0, Almeida and Hidalgo 2011"),
    Collection("spam/tgspam_dev.jsonl", "MIT, umputun/tg-spam"),
    Collection("spam/wp_comments_dev.jsonl", "CC BY 4.0, Creative Commons Labs", 8.0),
    Collection("spam/foxnews_ham_dev.jsonl", "MIT, sjtuprog/fox-news-comments", 1.5),
    Collection("toxic/en_jigsaw_sample_dev.jsonl", "CC0, Jigsaw sample of IBM/MAX", 4.0),
    Collection("toxic/ko_curse_dev.jsonl.gz", "MIT, 2runo/Curse-detection-data", every=2),  # rude, and no spam
)
DISPOSABLE = Collection("lists/disposable_email_blocklist.conf", "CC0, disposable-email-domains")


class Command(BaseCommand):
    help = "Train the prior of the spam filter from a folder of collections, and write it into comments/spam/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="holds spam/, toxic/ and lists/")
        parser.add_argument("--output", type=Path, default=PRIOR_FILE.parent, metavar="FOLDER")

    def handle(self, *, folder: Path, output: Path, **options: Any) -> None:
        try:
            domains = (folder / DISPOSABLE.path).read_text(errors="replace").split()
            examples = list(collected(folder))
            disposable = array("I", sorted(set(map(fingerprint, domains)))).tobytes()
            (output / DISPOSABLE_FILE.name).write_bytes(disposable)
            trained = train(examples, sources()).dump()
            (output / PRIOR_FILE.name).write_bytes(trained)
        except (OSError, rows.RowError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Trained on {len(examples)} comments: {len(trained)} bytes in {PRIOR_FILE.name}.")


def collected(folder: Path) -> Iterator[Example]:
    return (example(collection, row) for collection, row in chosen(folder))


def chosen(folder: Path) -> Iterator[tuple[Collection, dict[str, Any]]]:
    for collection in COLLECTIONS:
        for row in islice(rows.read(folder / collection.path), 0, None, collection.every):
            yield collection, row


def example(collection: Collection, row: dict[str, Any]) -> Example:
    if "label" not in row:
        raise rows.RowError(f"{collection.path}: a comment has no label.")
    spam = row["label"] == "spam"
    return Example(rows.submission(row), spam, collection.weight * (SPAM_WEIGHT if spam else 1.0))
