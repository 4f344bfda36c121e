"""Forms for bans, holds and trust: one at a comment, which is shown before it acts, and one in the list of them."""

import datetime
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin_forms import TIDY, tidy_text
from comments.models import Comment, Rule, Sanction
from comments.moves import MAX_REASON_LENGTH
from comments.sanctions import MAX_PHRASES, MAX_SANCTIONS, Target, hosts
from comments.spam.rules import MAX_TEXT

AUTHOR, PHRASE, HOST = "author", "phrase", "host:"  # a host follows the last
DAYS = [
    (1, gettext_lazy("for a day")),
    (7, gettext_lazy("for a week")),
    (30, gettext_lazy("for 30 days")),
    (0, gettext_lazy("for good")),
]


class ImposeForm(forms.Form):
    """Says something about where a comment comes from. Confirmed once the page that shows the effect was sent."""

    comment = forms.ModelChoiceField(Comment.objects.select_related("proof"), widget=forms.HiddenInput)
    target = forms.ChoiceField(label=gettext_lazy("About"))
    phrase = forms.CharField(
        label=gettext_lazy("Phrase"), required=False, max_length=MAX_TEXT, help_text=gettext_lazy("If it is about one.")
    )
    effect = forms.ChoiceField(label=gettext_lazy("What it does"), choices=Sanction.Effect.choices)
    days = forms.TypedChoiceField(label=gettext_lazy("How long"), choices=DAYS, coerce=int)
    reject_waiting = forms.BooleanField(label=gettext_lazy("Reject all that waits from it"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason for rejecting"),
        required=False,
        max_length=MAX_REASON_LENGTH,
        help_text=gettext_lazy("The authors of what is rejected are told. They are not told of a ban."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=500, help_text=gettext_lazy("For other moderators.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["target"]).choices = self.targets()

    def targets(self) -> list[tuple[str, str]]:
        """What a comment can be known by."""
        pk = str(self.data.get("comment", ""))
        comment = Comment.objects.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
        if comment is None:
            return []
        author = [(AUTHOR, _("the proven author"))] if comment.proof_id else []
        return [*author, *((f"{HOST}{host}", host) for host in hosts(comment)), (PHRASE, _("a phrase"))]

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        if data.get("target") == PHRASE and "phrase" in data:
            self.clean_phrase_that_is_meant()
        if data.get("effect") == Sanction.Effect.TRUST and data.get("reject_waiting"):
            self.add_error("reject_waiting", _("What is trusted is not rejected."))
        if not self.errors:
            refuse_too_many(self.about.kind)

    def clean_phrase_that_is_meant(self) -> None:
        try:
            self.cleaned_data["phrase"] = tidy(Sanction.Kind.PHRASE, self.cleaned_data["phrase"])
        except ValidationError as error:
            self.add_error("phrase", error)

    @property
    def about(self) -> Target:
        target, comment = self.cleaned_data["target"], self.cleaned_data["comment"]
        if target == AUTHOR:
            return Target(Sanction.Kind.PROOF, proof=comment.proof)
        if target == PHRASE:
            return Target(Sanction.Kind.PHRASE, text=self.cleaned_data["phrase"])
        return Target(Sanction.Kind.HOST, text=target.removeprefix(HOST))

    @property
    def expires_at(self) -> datetime.datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + datetime.timedelta(days=days) if days else None

    @property
    def digest(self) -> str:
        """Of what the page shows the effect of."""
        about, shown = self.about, [self.cleaned_data[name] for name in ("effect", "days", "reject_waiting")]
        return sha256(repr([about, about.proof and about.proof.pk, *shown]).encode()).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        return self.is_valid() and self.data.get("shown") == self.digest


class SanctionForm(forms.ModelForm):
    """In the list of bans and trust. What one is about stays what it is."""

    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("From then on it is ignored. Empty: never."),
    )

    class Meta:
        model = Sanction
        fields = ["effect", "expires_at", "note"]


class NewSanctionForm(SanctionForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("kind"),
        choices=[(kind.value, kind.label) for kind in (Sanction.Kind.HOST, Sanction.Kind.PHRASE)],
        help_text=gettext_lazy("A proven author is banned or trusted at a comment in the queue."),
    )
    text = forms.CharField(label=gettext_lazy("host or phrase"), max_length=MAX_TEXT)

    class Meta(SanctionForm.Meta):
        fields = ["kind", "text", *SanctionForm.Meta.fields]

    def clean(self) -> None:
        super().clean()
        kind, text = self.cleaned_data.get("kind"), self.cleaned_data.get("text")
        if kind and text:
            try:
                self.cleaned_data["text"] = refuse_second(kind, tidy(kind, text))
            except ValidationError as error:
                self.add_error("text", error)
            refuse_too_many(kind)


def refuse_second(kind: str, text: str) -> str:
    if Sanction.objects.filter(kind=kind, text=text).exists():
        raise ValidationError(_("There is one about this already."))
    return text


def tidy(kind: str, text: str) -> str:
    """As it is looked for. Raises ValidationError."""
    text = TIDY[Rule.Kind(kind)](tidy_text(text))
    if not text:
        raise ValidationError(_("Please write the phrase."))
    return text


def refuse_too_many(kind: str) -> None:
    kept = Sanction.objects.filter(kind=kind).count() if kind == Sanction.Kind.PHRASE else Sanction.objects.count()
    limit = MAX_PHRASES if kind == Sanction.Kind.PHRASE else MAX_SANCTIONS
    if kept >= limit:
        raise ValidationError(_("There can be %(count)d of them. Delete one first.") % {"count": limit})
