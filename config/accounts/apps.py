"""Accounts of the staff: invitations, passwords, second factors, and what is tried at the door."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "config.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Call Django's users and groups what the newsroom calls them."""
        auth = apps.get_app_config("auth")
        account, role = auth.get_model("User")._meta, auth.get_model("Group")._meta
        auth.verbose_name = _("Accounts and roles")
        account.verbose_name, account.verbose_name_plural = _("account"), _("accounts")
        role.verbose_name, role.verbose_name_plural = _("role"), _("roles")
