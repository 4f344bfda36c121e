"""What a text was before each change."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class Filed(models.Model):
    """What a revision was filed under."""

    filed = models.JSONField(default=dict)  # see posts.newsroom.revisions.filed_under

    class Meta:
        abstract = True


class Revisions(HistoricalRecords):  # type: ignore[misc]
    """Kept by posts.newsroom.revisions, when a text was saved with all that belongs to it; not at each `save()`."""

    def __init__(self, *derived: str) -> None:
        unkept = ["html", "wordpress_id", "wordpress_site", "created_at", "updated_at", *derived]
        super().__init__(excluded_fields=unkept, bases=[Filed], cascade_delete_history=True)

    def post_save(self, *args: Any, **kwargs: Any) -> None:
        pass
