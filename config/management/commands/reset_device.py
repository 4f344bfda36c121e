"""For the administrator who lost device and recovery codes, and whom no other administrator can help."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.accounts import second_factor


class Command(BaseCommand):
    help = "Delete the device and the recovery codes of an account, and end its sessions. The next login sets up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        second_factor.reset(user)
        self.stdout.write(f"At the next login {username} sets up a new device.")
