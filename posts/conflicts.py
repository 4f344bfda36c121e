"""Two people change one text: whoever saves second is shown both, and nothing is overwritten silently."""

from typing import Any, NamedTuple, cast

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from posts.differences import Passage, Side, differences, readable
from posts.models import Page, Post


class Difference(NamedTuple):
    """A field that is not the same in both, with what differs marked."""

    label: str
    theirs: list[Passage]
    mine: list[Passage]


class TextForm(forms.ModelForm):
    """Knows from which revision of the text it was filled in."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.revision

    def clean(self) -> None:
        """Refuse a form that was filled in before the last change. Sent once more, it has seen that change."""
        super().clean()
        if self.instance.pk and self.cleaned_data.get("seen") != self.instance.revision:
            self.is_stale = True
            self.data = cast(QueryDict, self.data).copy()
            self.data["seen"] = str(self.instance.revision)
            self.add_error("seen", _("Nothing was saved yet: the text was changed while you were writing."))

    def differences(self) -> list[Difference]:
        """What saving this form would change in the text as it is now."""
        return [found for name in self.changed_data if name != "seen" if (found := self.difference(name))]

    def difference(self, name: str) -> Difference | None:
        field = self.fields[name]
        theirs = in_words(field, self.get_initial_for_field(field, name))
        mine = in_words(field, self.cleaned_data[name]) if name in self.cleaned_data else self[name].value()
        found = differences(theirs, str(mine))
        if all(passage.side == Side.BOTH for passage in found):
            return None
        passages = [readable(passage) for passage in found] if name == "body" else found
        return Difference(
            str(field.label),
            theirs=[passage for passage in passages if passage.side != Side.AFTER],
            mine=[passage for passage in passages if passage.side != Side.BEFORE],
        )


def in_words(field: forms.Field, value: Any) -> str:
    """The value of a field as the form's reader knows it."""
    if value in (None, ""):
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(map(str, value)))
    if isinstance(field, forms.SplitDateTimeField):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.TypedChoiceField):
        return str(dict(cast(Any, field.choices))[value])
    return str(field.to_python(value))


def last_change(text: Post | Page) -> str:
    """One sentence: who changed the text last, and when. One query."""
    changes = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(text), object_id=str(text.pk))
    if not (last := changes.select_related("user").first()):
        return _("Somebody else has changed this text while you were writing.")
    return _("%(name)s saved this text on %(when)s, while you were writing.") % {
        "name": last.user.get_username(),
        "when": date_format(localtime(last.action_time), "DATETIME_FORMAT"),
    }
