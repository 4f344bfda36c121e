"""Teaches the spam filter by the comments that were imported with a state."""

from typing import Any

from django.core.management.base import BaseCommand

from comments import learning


class Command(BaseCommand):
    help = "Learn from imported comments: published ones as honest, those in the spam folder as spam. Once each."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Learnt from {learning.learn_imported()} imported comments.")
