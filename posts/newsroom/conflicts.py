"""Two people change one text: whoever saves second is shown both, and nothing is overwritten silently."""

from copy import copy
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from posts.models import Page, Post
from posts.newsroom import revisions
from posts.newsroom.differences import Difference
from posts.newsroom.publishing_form import PublishingForm


class TextForm(PublishingForm):
    """Knows from which revision of the text it was filled in."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    theirs: Post | Page | None = None  # the text as somebody else has saved it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.revision

    def clean(self) -> None:
        """Refuse a form that was filled in before the last change. Sent once more, it has seen that change."""
        super().clean()
        if self.instance.pk and self.cleaned_data.get("seen") != self.instance.revision:
            self.theirs = copy(self.instance)
            said = _("Nothing was saved yet: the text was changed while you were writing.")
            self.refuse_once("seen", str(self.instance.revision), said)

    def differences(self) -> list[Difference]:
        """What saving this form would change in the text as it is now."""
        relations = {field.name for field in self.instance._meta.many_to_many} & self.cleaned_data.keys()
        filed = {name: sorted(chosen.pk for chosen in self.cleaned_data[name]) for name in relations}
        return revisions.compare(self.theirs, self.instance, filed=filed)


def row_differences(formset: Any) -> list[Difference]:
    """What saving would change in rows that belong to the text. One query for each that was changed."""
    return [
        found
        for form in formset.initial_forms
        if form.instance.pk and form.has_changed()
        for found in row_difference(form.instance)
    ]


def row_difference(row: Any) -> list[Difference]:
    stored = type(row).objects.get(pk=row.pk)
    fields = [field for field in row._meta.fields if field.editable and not field.primary_key]
    found = (
        revisions.compared(field, revisions.in_words(stored, field), revisions.in_words(row, field)) for field in fields
    )
    return [each._replace(label=f"{stored}: {each.label}") for each in found if each]


def last_change(text: Post | Page) -> str:
    """One sentence: who changed the text last, and when. One query."""
    last = revisions.all_of(text).first()
    if not last or not last.history_user or last.revision != text.revision:
        return _("Somebody else has changed this while you were writing.")
    return _("%(name)s saved this text on %(when)s, while you were writing.") % {
        "name": last.history_user.get_username(),
        "when": date_format(localtime(last.history_date), "DATETIME_FORMAT"),
    }
