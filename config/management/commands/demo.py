"""`manage.py demo`: a living blog to look at, with an account for each role. On this machine only."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.crypto import salted_hmac

from config import demo_content
from posts.models import Post

ROLES = {"admin": "", "editor": "Editors", "moderator": "Moderators"}  # username: group


class Command(BaseCommand):
    help = "Fills an empty site with demo content and makes an account for each role. Run again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo accounts are made only where SITE_URL is an http:// address of this machine.")
        with transaction.atomic():
            accounts = {username: account(username) for username in ROLES}
            if Post.objects.exists():
                self.stdout.write("There are posts already; the demo leaves them as they are.")
            else:
                demo_content.load(accounts["moderator"])
                self.stdout.write("Demo content is loaded.")
        self.stdout.write(f"\nTo log in at {settings.SITE_URL}/admin/ use one of these accounts:")
        for username, user in accounts.items():
            known = user.check_password(password(username))
            self.stdout.write(f"  {username:<10} {password(username) if known else '(its password was changed)'}")


def account(username: str) -> User:
    """The demo account of this name, made if there is none."""
    if user := User.objects.filter(username=username).first():
        return user
    if not ROLES[username]:
        return User.objects.create_superuser(username, password=password(username))
    user = User.objects.create_user(username, password=password(username), is_staff=True)
    user.groups.add(Group.objects.get(name=ROLES[username]))
    return user


def password(username: str) -> str:
    """The same on every run, and different on every machine: nobody can know it who does not know SECRET_KEY."""
    return salted_hmac("config.demo", username, algorithm="sha256").hexdigest()[:12]
