"""Measures the spam filter on labelled comments that it has not seen."""

from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments import policy, rows
from comments.measures import Measures
from comments.scoring import sources
from comments.spam import Source, judge
from comments.spam.learner import Counts, prior


class Command(BaseCommand):
    help = "Score labelled JSON lines (text, label spam or ham) and print how often the verdict is right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--train", nargs="+", type=Path, default=[], metavar="FILE", help="decisions that a site has taken before"
        )

    def handle(self, *, files: list[Path], train: list[Path], **options: Any) -> None:
        try:
            learnt = Counts()
            for row, spam in chain.from_iterable(map(rows.labelled, train)):
                learnt.learn(rows.submission(row), spam=spam)
            asked: list[Source] = [*sources(), prior, learnt]
            tested = chain.from_iterable(map(rows.labelled, files))
            scored = [(judge(rows.submission(row), asked).score, spam) for row, spam in tested]
        except (OSError, rows.RowError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(Measures.of(scored, policy.DEFAULT.spam_threshold)))
