"""What a text was before: each state that was saved is kept, can be compared with any other, and restored.

Kept are those that editors save, and what they found when they first did; nothing is kept of an import. With a post or
page its revisions are deleted, too.
"""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from posts import publishing
from posts.models import Page, Post
from posts.newsroom.differences import Difference, Side, differences, readable

LOGGED = 200  # characters of a title that the log keeps

# How a text is published is not restored: an old draft would take it away from its readers.
PUBLICATION = frozenset(
    "state published_at slug featured translation_of comments comments_days position in_navigation".split()
)


def all_of(text: Post | Page) -> QuerySet[Any]:
    """Newest first, without the texts themselves. One query."""
    revisions: QuerySet[Any] = text.history.defer("body").select_related("history_user")
    return revisions


def fields_of(text: Any) -> list[models.Field]:
    """What an editor may change of a text, or of a revision."""
    kept = getattr(text, "tracked_fields", None) or type(text).history.model.tracked_fields
    return [field for field in kept if field.editable and not field.primary_key]


def filed_under(text: Any) -> dict[str, list[int]]:
    """Primary keys by relation. One query each."""
    if hasattr(text, "filed"):
        return dict(text.filed)
    relations = [field.name for field in text._meta.many_to_many]
    return {name: sorted(getattr(text, name).values_list("pk", flat=True)) for name in relations}


def keep(text: Post | Page, *, by: User | None) -> None:
    """Keep the text as it is, unless it was kept so last. To be called in the transaction that changes it."""
    last = text.history.first()
    values = {field.attname: getattr(text, field.attname) for field in fields_of(text)}
    filed = filed_under(text)
    if last and last.filed == filed and all(getattr(last, name) == value for name, value in values.items()):
        return
    kind = "~" if last else "+"
    about = {"id": text.pk, "revision": text.revision, "history_date": text.updated_at, "history_type": kind}
    text.history.create(**values, **about, filed=filed, history_user=by)


def compare(before: Any, after: Any, *, filed: dict[str, list[int]] | None = None) -> list[Difference]:
    """In what two states of a text differ: revisions, or texts themselves.

    `filed` is what the second will be filed under, where the database does not know yet. Two queries for a relation.
    """
    fields = [compared(field, in_words(before, field), in_words(after, field)) for field in fields_of(after)]
    were, are = filed_under(before), filed_under(after) if filed is None else filed
    relations = [
        compared(field, names(field, were.get(field.name, [])), names(field, are.get(field.name, [])))
        for field in getattr(after, "instance_type", type(after))._meta.many_to_many
    ]
    return [found for found in fields + relations if found]


def compared(field: Any, before: str, after: str) -> Difference | None:
    passages = differences(before, after)
    if all(passage.side == Side.BOTH for passage in passages):
        return None
    if field.name == "body":
        passages = [readable(passage) for passage in passages]
    return Difference(capfirst(field.verbose_name), passages)


def names(field: Any, keys: list[int]) -> str:
    """What the keys stand for; what is deleted since has no name any more. One query."""
    return ", ".join(sorted(map(str, field.related_model.objects.filter(pk__in=keys))))


def in_words(text: Any, field: models.Field) -> str:
    """A value as an editor knows it."""
    if field.choices:
        return str(getattr(text, f"get_{field.name}_display")())
    try:
        value = getattr(text, field.name)
    except ObjectDoesNotExist:
        return _("deleted since")
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField) and value:
        return date_format(localtime(value), "DATETIME_FORMAT")
    return "" if value is None else str(value)


@transaction.atomic
def forget_earlier(text: Post | Page) -> int:
    """Delete all revisions but the newest: what endangers somebody must not stay behind. Answers how many.

    The log of the newsroom has called the text by its title of the time, and calls it by the present one then.
    """
    logged = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(text), object_id=str(text.pk))
    logged.update(object_repr=str(text)[:LOGGED])
    newest = text.history.first()
    deleted, _models = text.history.exclude(pk=newest and newest.pk).delete()
    return int(deleted)


@transaction.atomic
def restore(text: Post | Page, revision: Any, *, by: User) -> None:
    """Make what was written then the newest revision; all others stay.

    Raises ValidationError where that is not possible any more, HtmlError, and StaleTextError.
    """
    keep(text, by=None)
    for field in fields_of(text):
        if field.name not in PUBLICATION:
            setattr(text, field.attname, getattr(revision, field.attname))
    text.full_clean()
    publishing.save(text)
    for name, keys in revision.filed.items():
        related = getattr(text, name)
        related.set(related.model.objects.filter(pk__in=keys))
    keep(text, by=by)
