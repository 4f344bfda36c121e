"""Before a text is published, its editor is asked once about what some readers will miss. A draft is always saved."""

from copy import copy
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from posts import publishing
from posts.html import HtmlError
from posts.models import State
from posts.newsroom.accessibility import Barrier, barriers


class AskingForm(forms.ModelForm):
    """Refuses once what its editor should see first."""

    def refuse_once(self, field: str, value: str, said: str) -> None:
        """The form is shown again with this value, and passes when it comes back with it."""
        self.data = cast(QueryDict, self.data).copy()
        self.data[field] = value
        self.add_error(field, said)


class PublishingForm(AskingForm):
    accepted = forms.CharField(widget=forms.HiddenInput, required=False)  # a fingerprint of what was asked about

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["accepted"] = self.data.get("accepted", "")  # that one was asked is no change of the text
        self.barriers: list[Barrier] = []

    def clean(self) -> None:
        """Refuse once what would be new to readers. Sent once more, it is accepted."""
        super().clean()
        if self.cleaned_data.get("state") == State.PUBLISHED and "body" in self.cleaned_data:
            self.barriers = self.new_barriers()
        fingerprint = sha256(repr(self.barriers).encode()).hexdigest()
        if self.barriers and self.cleaned_data.get("accepted") != fingerprint:
            self.refuse_once("accepted", fingerprint, _("Not published yet: some readers will miss something."))

    def new_barriers(self) -> list[Barrier]:
        """Those that are not published already. One query."""
        text = copy(self.instance)
        text.body, text.language = self.cleaned_data["body"], self.cleaned_data.get("language", text.language)
        try:
            html = publishing.render(text)
        except HtmlError:  # which is said at the text
            return []
        known = barriers(text.html) if text.state == State.PUBLISHED else []
        return [found for found in barriers(html) if found not in known]
