"""Scores comments that are read as lines of JSON, without storing anything."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from comments import learning, policy, rows
from comments.scoring import sources
from comments.spam import Source, judge
from comments.spam.learner import prior


class Command(BaseCommand):
    help = "Read comments as JSON lines (text, author, email, url, lang, post_title); write score and signals of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learned", choices=LEARNED, default="site", help="what was learnt counts (default: site)")

    def handle(self, *, learned: str, **options: Any) -> None:
        asked = [*sources(), *LEARNED[learned]]
        holds = _current_policy() if learned == "site" else policy.DEFAULT
        try:
            for row in rows.parse(sys.stdin, name="standard input"):
                judgement = policy.weigh(judge(rows.submission(row), asked), holds.weights)
                self.stdout.write(rows.verdict(judgement, holds.spam_threshold))
        except rows.RowError as error:
            raise CommandError(str(error)) from error


def _current_policy() -> policy.Policy:
    try:
        return policy.current()
    except DatabaseError as error:
        raise CommandError("The database of the site cannot be read. Without one, ask with: --learned prior") from error


LEARNED: dict[str, list[Source]] = {
    "site": [prior, learning.learnt],  # this site's own decisions on top of what was learnt beforehand
    "prior": [prior],
    "none": [],
}
