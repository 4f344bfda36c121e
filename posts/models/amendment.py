"""What was added to a post, or put right in it, after it was published."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models.publication import Post


class AmendmentKind(models.TextChoices):
    UPDATE = "update", _("Update")
    CORRECTION = "correction", _("Correction")


class Amendment(models.Model):
    """Stands at the top of the post, with its date."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="amendments")
    kind = models.CharField(_("kind"), max_length=10, choices=AmendmentKind, default=AmendmentKind.UPDATE)
    date = models.DateField(_("day"), default=timezone.localdate)
    text = models.TextField(
        _("what is new, or what was wrong"), max_length=2000, help_text=_("Plain text; web addresses become links.")
    )

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("update or correction")
        verbose_name_plural = _("updates and corrections")
        constraints = [models.CheckConstraint(name="amendment_kind_known", condition=Q(kind__in=AmendmentKind.values))]

    def __str__(self) -> str:
        return f"{AmendmentKind(self.kind).label}, {self.date}"

    def clean(self) -> None:
        if self.date and self.date > timezone.localdate():
            raise ValidationError({"date": _("This day has not come yet.")})
