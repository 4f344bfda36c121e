"""Whose password it is, and whose session."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_totp.models import TOTPDevice


class StaffBackend(ModelBackend):
    """Django's, but loads a session's user with what pages of the newsroom ask for: `has_device` and `moderator`."""

    def get_user(self, user_id: int) -> User | None:
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users = User.objects.select_related("moderator").annotate(has_device=Exists(device))
        user = users.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
