"""Whose password it is, and whose session."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_totp.models import TOTPDevice


class StaffBackend(ModelBackend):
    """Django's, but loads a session's user with `has_device`: every page of the newsroom asks for it."""

    def get_user(self, user_id: int) -> User | None:
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        user = User.objects.annotate(has_device=Exists(device)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
