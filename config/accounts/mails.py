"""Mail about accounts: by the outbox, with links that are made of SITE_URL and never of what a request says."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comments import outbox
from comments.models import OutboxMail
from config.accounts import languages
from config.accounts.models import PasswordRequest
from posts import identity

BATCH = 50  # requests in one turn of the worker
STALE = datetime.timedelta(hours=1)  # who waited longer for an answer has asked again, or given up
CHANGED = _("Your account at %(site)s was changed")


class LinkTokens(PasswordResetTokenGenerator):
    """Django's, but a login does not end them: whoever knows the old password could keep the owner from a new one."""

    key_salt = "config.accounts.link"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        return f"{user.pk} {user.password} {timestamp} {getattr(user, 'email', '')}"


link_tokens = LinkTokens()


def invite(user: User) -> None:
    """Send the link under which the account's first password is set. Earlier links of it are good for nothing any more.

    Belongs into the transaction that makes the account.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    body = _(
        "You have been invited to the newsroom of %(site)s. Your username there is %(username)s.\n\n"
        "Within %(days)d days, set your password here:\n"
        "%(address)s\n\n"
        "The address is good once. Who has it has your account, so keep it to yourself."
    )
    _write(user, user.email, _("Your account at %(site)s"), body, **link_for(user))


def send_password_link(user: User) -> None:
    body = _(
        "Somebody, most likely you, asked for a new password for your account %(username)s at %(site)s.\n\n"
        "Within %(days)d days, set it here:\n"
        "%(address)s\n\n"
        "The address is good once. If it was not you, do nothing: your password stays as it is."
    )
    _write(user, user.email, _("A new password for %(site)s"), body, **link_for(user))


def tell_of_reset(user: User) -> None:
    """Whoever did not ask for it should know that their account opens with the password alone now."""
    body = _(
        "An administrator deleted the device and the recovery codes of your account %(username)s at %(site)s.\n\n"
        "When you log in the next time, you set up a new device. If you did not ask for this, log in at once, "
        "and tell an administrator."
    )
    if user.email:
        _write(user, user.email, _("Codes for %(site)s were reset"), body)


def tell_of_device(user: User) -> None:
    _tell(user, _("A device was set up for your account %(username)s at %(site)s. Earlier ones are good for nothing."))


def tell_of_recovery_codes(user: User) -> None:
    _tell(user, _("New recovery codes were made for your account %(username)s at %(site)s."))


def tell_of_password(user: User) -> None:
    _tell(user, _("The password of your account %(username)s at %(site)s was changed."))


def tell_of_address(user: User, former: str) -> None:
    """At the former address: whoever took the account over reads the other, and links for a new password."""
    body = _(
        "Mail for your account %(username)s at %(site)s goes to another address from now on.\n\n"
        "If you did not ask for this, tell an administrator at once."
    )
    _write(user, former, CHANGED, body)


def _tell(user: User, what: Any) -> None:
    """What decides who gets in has changed. Belongs into the transaction that changes it."""
    body = format_lazy(
        "{}\n\n{}",
        what,
        _(
            "If it was not you, set a new password at once, which ends all sessions, and tell an administrator:\n"
            "%(address)s"
        ),
    )
    if user.email:
        _write(user, user.email, CHANGED, body, address=settings.SITE_URL + reverse("admin_password_reset"))


def link_for(user: User) -> dict[str, object]:
    """The address under which the account's password is set once, and how long it is good."""
    address = reverse("set-password", args=[user.pk, link_tokens.make_token(user)])
    return {"address": settings.SITE_URL + address, "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)}


def _write(user: User, to: str, subject: Any, body: Any, **about: object) -> None:
    """Send it in the language that the user wishes, which both texts are translated into here."""
    language = languages.of(user)
    about |= {"site": identity.current(language).name, "username": user.get_username()}
    with translation.override(language):
        outbox.enqueue(OutboxMail.Kind.ACCOUNT, to, subject % about, body % about)


def answer_requests() -> int:
    """Send links to those accounts for which one was asked. Returns how many requests are done with."""
    PasswordRequest.objects.filter(asked_at__lt=timezone.now() - STALE).delete()
    return sum(_answer(request) for request in PasswordRequest.objects.order_by("pk")[:BATCH])


@transaction.atomic
def _answer(request: PasswordRequest) -> bool:
    if not PasswordRequest.objects.filter(pk=request.pk).delete()[0]:
        return False  # another worker was faster
    for user in PasswordResetForm().get_users(request.email):
        send_password_link(user)
    return True
