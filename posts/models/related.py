"""To which other posts a post leads its readers, where editors have chosen them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from posts.models.publication import Post


class RelatedPost(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="chosen")
    other = models.ForeignKey(Post, models.CASCADE, related_name="chosen_by", verbose_name=_("post"))
    position = models.PositiveSmallIntegerField(_("position"), default=10, help_text=_("Lower stands further up."))

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("related post")
        verbose_name_plural = _("related posts")
        constraints = [
            models.UniqueConstraint(name="related_once", fields=["post", "other"]),
            models.CheckConstraint(name="related_to_another", condition=~Q(post=F("other"))),
        ]

    def __str__(self) -> str:
        return str(self.other)

    def clean(self) -> None:
        other = Post.objects.filter(pk=self.other_id).first()
        if other and other == self.post:
            raise ValidationError({"other": _("A post is not related to itself.")})
        if other and other.language != self.post.language:
            raise ValidationError({"other": _("Readers of this post are led to posts in its own language.")})
