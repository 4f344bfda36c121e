"""Forms of the staff's side for rules and policy. What they would change is shown before they can be saved."""

import re
import unicodedata
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import rulebook
from comments.models import PolicyRevision, Rule, Template
from comments.models.spam import MAX_POINTS
from comments.moves import MAX_REASON_LENGTH
from comments.ready_made import PLACEHOLDERS, unknown_placeholders
from comments.spam.rules import (
    PatternError,
    PatternFitsNothingError,
    PatternSyntaxError,
    PatternTooLargeError,
    compile_pattern,
)

MAX_THRESHOLD = 100  # points
MAX_FACTOR = 5.0
HOST = re.compile(r"(?:https?://)?(?:[^/@\s]*@)?([^/:?#\s@]+)", re.IGNORECASE)  # in what people paste
FACTOR = re.compile(r"([\w.]{1,60})[ \t:=]+(\d{1,2}(?:\.\d{1,6})?)", re.ASCII)
REFUSALS: dict[type[PatternError], Any] = {
    PatternSyntaxError: gettext_lazy(
        "This is no regular expression that can be used here. References back and looking ahead are not possible."
    ),
    PatternTooLargeError: gettext_lazy("This would take too long. Use fewer or smaller repetitions."),
    PatternFitsNothingError: gettext_lazy("This fits every comment."),
}


class PreviewedForm(forms.ModelForm):
    """Valid only once what its values would change has been shown: the page that shows it names their digest."""

    def is_valid(self) -> bool:
        return super().is_valid() and self.data.get("shown") == self.digest

    @property
    def is_to_be_shown(self) -> bool:
        return self.is_bound and not self.errors

    @property
    def digest(self) -> str:
        return sha256(repr(sorted(self.cleaned_data.items())).encode()).hexdigest()


class RuleForm(PreviewedForm):
    points = forms.FloatField(
        label=gettext_lazy("Points"),
        min_value=-MAX_POINTS,
        max_value=MAX_POINTS,
        initial=2.0,
        help_text=gettext_lazy("Above zero speaks for spam, below zero against it. A rule never publishes a comment."),
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("From then on the rule is ignored. Empty: never."),
    )

    class Meta:
        model = Rule
        fields = ["kind", "text", "points", "state", "expires_at", "note"]
        help_texts = {
            "text": gettext_lazy(
                "A word or phrase is found in text, name and website, in capitals or not, also with Korean particles. "
                "A host, such as example.com, stands for its subdomains, too."
            ),
            "note": gettext_lazy("Why there is this rule, for other moderators."),
        }

    def clean_text(self) -> str:
        return tidy_text(self.cleaned_data["text"])

    def clean(self) -> None:
        super().clean()
        kind, text = self.cleaned_data.get("kind"), self.cleaned_data.get("text")
        if kind and text:
            try:
                self.cleaned_data["text"] = TIDY[kind](text)
            except ValidationError as error:
                self.add_error("text", error)
            refuse_too_many(self.instance, kind)


class TemplateForm(forms.ModelForm):
    class Meta:
        model = Template
        fields = ["kind", "language", "label", "text", "position"]
        help_texts = {
            "language": gettext_lazy("Offered for comments on posts in this language."),
            "label": gettext_lazy("What moderators choose it by."),
            "text": gettext_lazy(
                "{name} stands for the commenter’s name, {post} for the title of the post, {site} for the name of "
                "this site. A reason is shown to the author of a rejected comment and has at most 500 characters."
            ),
            "position": gettext_lazy("The smallest number comes first."),
        }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        for name in unknown_placeholders(text):
            raise ValidationError(
                _("There is no placeholder {%(unknown)s}. Those that can be used are: %(known)s."),
                params={"unknown": name, "known": ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)},
            )
        return text

    def clean(self) -> None:
        super().clean()
        text = self.cleaned_data.get("text", "")
        if self.cleaned_data.get("kind") == Template.Kind.REASON and len(text) > MAX_REASON_LENGTH:
            self.add_error("text", _("A reason has at most %(number)d characters.") % {"number": MAX_REASON_LENGTH})


class WeightsField(forms.CharField):
    """A dictionary of factors, written as lines of a signal's name and a number."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 40, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name} {factor}" for name, factor in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        return dict(parse_factor(line) for line in (super().to_python(value) or "").splitlines() if line.strip())


def threshold(label: Any, help_text: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=-MAX_THRESHOLD, max_value=MAX_THRESHOLD, help_text=help_text)


class PolicyForm(PreviewedForm):
    spam_threshold = threshold(
        gettext_lazy("Counts as spam from"), gettext_lazy("Points from which the queue calls a comment spam.")
    )
    obvious_threshold = threshold(
        gettext_lazy("Obvious spam from"),
        gettext_lazy("Points from which a comment goes to the spam folder, whether the switch below is on or off."),
    )
    publish_threshold = threshold(
        gettext_lazy("Publishes up to"),
        gettext_lazy("Points up to which the switch for publishing lets a comment through."),
    )
    weights = WeightsField(
        label=gettext_lazy("Factors"),
        required=False,
        help_text=gettext_lazy(
            "One line for each signal whose points are to count more or less: its name and a number from 0 to 5. "
            "“many_links 0.5” halves the points for links."
        ),
    )

    class Meta:
        model = PolicyRevision
        fields = [
            "spam_threshold",
            "obvious_threshold",
            "publish_threshold",
            "auto_spam",
            "auto_publish",
            "weights",
            "note",
        ]
        help_texts = {
            "auto_spam": gettext_lazy("All that counts as spam goes to the spam folder."),
            "auto_publish": gettext_lazy(
                "For authors who have proven who they are, were published before and never refused."
            ),
            "note": gettext_lazy("Why it was changed, for other administrators."),
        }


def tidy_text(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        raise ValidationError(_("Please use visible characters and spaces only."))
    return text


def tidy_word(text: str) -> str:
    if " " in text:
        raise ValidationError(_("This is more than one word: choose “Phrase”."))
    return text


def tidy_phrase(text: str) -> str:
    return " ".join(text.split())


def tidy_host(text: str) -> str:
    """The host alone of an address that was pasted."""
    match = HOST.match(text)
    host = match[1].strip(".").lower() if match else ""
    if "." not in host:
        raise ValidationError(_("Please write a host, such as example.com."))
    return host


def tidy_pattern(text: str) -> str:
    try:
        compile_pattern(text)
    except PatternError as error:
        raise ValidationError(REFUSALS[type(error)]) from error
    return text


TIDY = {
    Rule.Kind.WORD: tidy_word,
    Rule.Kind.PHRASE: tidy_phrase,
    Rule.Kind.HOST: tidy_host,
    Rule.Kind.PATTERN: tidy_pattern,
}


def refuse_too_many(rule: Rule, kind: str) -> None:
    others = Rule.objects.exclude(pk=rule.pk)
    patterns = others.filter(kind=Rule.Kind.PATTERN)
    if kind == Rule.Kind.PATTERN and patterns.count() >= rulebook.MAX_PATTERNS:
        raise ValidationError(
            _("There can be %(count)d regular expressions. Delete one first.") % {"count": rulebook.MAX_PATTERNS}
        )
    if others.count() >= rulebook.MAX_RULES:
        raise ValidationError(_("There can be %(count)d rules. Delete one first.") % {"count": rulebook.MAX_RULES})


def parse_factor(line: str) -> tuple[str, float]:
    match = FACTOR.fullmatch(line.strip())
    if not match or float(match[2]) > MAX_FACTOR:
        raise ValidationError(_("“%(line)s” is not a signal’s name and a number from 0 to 5.") % {"line": line.strip()})
    return match[1], float(match[2])
