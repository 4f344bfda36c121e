"""What a text was before: each state that was saved is kept, can be compared with any other, and restored.

Kept are those that editors save, and what they found when they first did; nothing is kept of an import. With a post or
page its revisions are deleted, too. Updates, corrections and chosen posts are kept and compared, and never restored:
what readers were told about a post is not taken back with its text.
"""

from datetime import date
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
from posts.models import Amendment, AmendmentKind, Page, Post, RelatedPost
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


def filed_under(text: Any) -> dict[str, list[Any]]:
    """Primary keys by relation, and what stands beside the text. One query each."""
    if hasattr(text, "filed"):
        return dict(text.filed)
    keys = {name: sorted(getattr(text, name).values_list("pk", flat=True)) for name in relations(text)}
    return keys | (beside(text) if isinstance(text, Post) else {})


def relations(text: Any) -> list[str]:
    return [field.name for field in text._meta.many_to_many]


def beside(post: Post) -> dict[str, list[Any]]:
    """Updates and corrections as kind, day and text; keys of the related posts that were chosen. Only what there is."""
    amendments = [[row.kind, row.date.isoformat(), row.text] for row in post.amendments.all()]
    there: dict[str, list[Any]] = {
        "amendments": amendments,
        "chosen": list(post.chosen.values_list("other", flat=True)),
    }
    return {name: rows for name, rows in there.items() if rows}


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


def compare(before: Any, after: Any, *, filed: dict[str, list[Any]] | None = None) -> list[Difference]:
    """In what two states of a text differ: revisions, or texts themselves.

    `filed` is what the second will be filed under, where the database does not know yet. Two queries for a relation.
    """
    fields = [compared(field, in_words(before, field), in_words(after, field)) for field in fields_of(after)]
    were, are = filed_under(before), filed_under(after)
    are |= filed or {}
    terms = [
        compared(field, names(field, were.get(field.name, [])), names(field, are.get(field.name, [])))
        for field in getattr(after, "instance_type", type(after))._meta.many_to_many
    ]
    amendments = [amendments_in_words(state.get("amendments", [])) for state in (were, are)]
    chosen = [titles(state.get("chosen", [])) for state in (were, are)]
    others = [
        difference(Amendment._meta.verbose_name_plural, *amendments),
        difference(RelatedPost._meta.verbose_name_plural, *chosen),
    ]
    return [found for found in fields + terms + others if found]


def difference(label: Any, before: str, after: str) -> Difference | None:
    passages = differences(before, after)
    if all(passage.side == Side.BOTH for passage in passages):
        return None
    return Difference(capfirst(str(label)), passages)


def compared(field: Any, before: str, after: str) -> Difference | None:
    found = difference(field.verbose_name, before, after)
    if found and field.name == "body":
        return found._replace(passages=[readable(passage) for passage in found.passages])
    return found


def amendments_in_words(rows: list[tuple[str, str, str]]) -> str:
    return "\n".join(
        f"{AmendmentKind(kind).label}, {date_format(date.fromisoformat(day))}: {text}" for kind, day, text in rows
    )


def titles(keys: list[int]) -> str:
    """Of posts, in this order. One query."""
    found = Post.objects.only("title").in_bulk(keys)
    return "\n".join(str(found[key]) if key in found else _("deleted since") for key in keys)


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
    for name in relations(text):
        related = getattr(text, name)
        related.set(related.model.objects.filter(pk__in=revision.filed.get(name, [])))
    keep(text, by=by)
