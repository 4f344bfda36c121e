"""What the roles are called. They are Django's groups, named in English by the migration that makes them."""

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

ADMINISTRATOR = _("Administrator")  # Django's superuser
NAMES = {"Editors": _("Editors"), "Moderators": _("Moderators")}


def name_of(role: Group) -> str:
    """As it is called in the language of the reader, unless administrators called it otherwise."""
    return str(NAMES.get(role.name, role.name))


def names_of(user: User) -> list[str]:
    """One query, unless the groups are there."""
    return [str(ADMINISTRATOR)] * user.is_superuser + [name_of(role) for role in user.groups.all()]
