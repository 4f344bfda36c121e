"""What waits for the worker."""

from django.db import models


class PasswordRequest(models.Model):
    """Somebody asked for a link to set a new password.

    Kept for every address alike, and only the worker looks whose it is: so the answer, and the time that it takes, say
    nothing about who has an account.
    """

    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"
