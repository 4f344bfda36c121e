"""The form below a post. It validates and never acts; what a filled honeypot means is for a spam signal to say."""

import unicodedata
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from comments.models import MAX_APPEAL_LENGTH, MAX_LENGTH, MAX_NAME_LENGTH, Comment
from comments.moderation import CONTACT_DAYS
from comments.proof import DAYS as PROOF_DAYS
from comments.threads import visible_on
from posts.models import Post, validate_web_address

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they turn the text around them
MAX_MARKS = 4  # above and below one letter; no script that people write needs more
MAX_SECONDS = 24 * 60 * 60  # more is no time that anybody took to write
DAMAGED = "\ufffd"  # what Django makes of bytes that are no UTF-8
# Letters and symbols that show nothing: Hangul fillers, the empty Braille cell, the empty notehead.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")


def is_visible(text: str) -> bool:
    """Whether it holds anything to see: a letter, a digit, punctuation or a symbol."""
    return any(unicodedata.category(character)[0] in "LNPS" and character not in BLANK for character in text)


def most_marks(text: str) -> int:
    """How many combining marks follow each other at most: a tower of them covers the lines of others."""
    runs = groupby(text, key=lambda character: unicodedata.category(character)[0] == "M")
    return max((len(list(run)) for is_mark, run in runs if is_mark), default=0)


def is_storable(text: str) -> bool:
    """Whether it can be kept exactly as it was sent."""
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return DAMAGED not in text


def validate_name(name: str) -> None:
    """Refuse what readers could not see, and what would change the text around it. Raises ValidationError."""
    if len(name) > MAX_NAME_LENGTH:
        return  # the field says so
    if not is_storable(name):
        raise ValidationError(_("A character of your name arrived damaged. Please type it again."), code="damaged")
    if any(character in BIDI_CONTROLS or unicodedata.category(character) == "Cc" for character in name):
        raise ValidationError(_("Your name contains hidden control characters. Please type it again."), code="control")
    if not is_visible(name):
        raise ValidationError(_("Please enter a name that readers can see."), code="invisible")
    if most_marks(name) > MAX_MARKS:
        raise ValidationError(_("Please enter a name with fewer marks above and below its letters."), code="marks")


def validate_comment(text: str) -> None:
    """Refuse what is too long, damaged, or nothing to read. Raises ValidationError."""
    if (length := written_length(text)) > MAX_LENGTH:
        message = _("Your comment has %(length)d characters. Please shorten it to %(limit)d.")
        raise ValidationError(message, code="too_long", params={"length": length, "limit": MAX_LENGTH})
    if not is_storable(text):
        raise ValidationError(
            _("A character of your comment arrived damaged (it shows as �). Please replace it."), code="damaged"
        )
    if not is_visible(text):
        raise ValidationError(_("Please write a comment."), code="invisible")


def written_length(text: str) -> int:
    """In characters. A line break counts as one, as it does for the writer, although browsers send two."""
    return len(text.replace("\r\n", "\n"))


def validate_appeal(text: str) -> None:
    """As for a comment, but shorter."""
    if (length := written_length(text)) > MAX_APPEAL_LENGTH:
        message = _("Your appeal has %(length)d characters. Please shorten it to %(limit)d.")
        raise ValidationError(message, code="too_long", params={"length": length, "limit": MAX_APPEAL_LENGTH})
    if not is_storable(text):
        raise ValidationError(
            _("A character of your appeal arrived damaged (it shows as �). Please replace it."), code="damaged"
        )
    if not is_visible(text):
        raise ValidationError(_("Please write why your comment should be published."), code="invisible")


class WebAddressField(forms.URLField):
    default_validators = [validate_web_address]


class SecondsField(forms.Field):
    """How long it took, or None for whatever else was sent: a clue is no reason to refuse a comment."""

    def to_python(self, value: Any) -> float | None:
        try:
            seconds = float(value)
        except (TypeError, ValueError):
            return None
        return seconds if 0 <= seconds <= MAX_SECONDS else None  # not NaN, either


class CommentForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME_LENGTH,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Please enter your name, or any name you like.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=format_lazy(  # % would translate it once, when the module is imported
            _(
                "We write to it once, when your comment is published, and delete it then, "
                "after {days} days at the latest."
            ),
            days=CONTACT_DAYS,
        ),
    )
    website = WebAddressField(
        label=_("Website"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput({"autocomplete": "url", "inputmode": "url"}),
    )
    comment = forms.CharField(
        label=_("Comment"),
        strip=False,  # it is stored exactly as it was sent
        validators=[validate_comment],
        widget=forms.Textarea({"rows": 8}),  # without maxlength: browsers cut a pasted text silently
        error_messages={"required": _("Please write a comment.")},
    )
    prove = forms.BooleanField(
        label=_("Let this browser prove next time that it is me"),
        required=False,
        help_text=format_lazy(
            _(
                "It keeps a random number for {days} days, and we a fingerprint of it. "
                "Only moderators see which comments belong together."
            ),
            days=PROOF_DAYS,
        ),
    )
    subject = forms.CharField(  # the honeypot
        required=False, strip=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    seconds = SecondsField(required=False)  # measured and sent by static/comments.js, where it runs
    parent = forms.ModelChoiceField(
        Comment.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _(
                "The comment that you reply to is no longer there. Sent again, yours will stand on its own."
            )
        },
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        cast(forms.ModelChoiceField, self.fields["parent"]).queryset = visible_on(post)

    def unsaved_comment(self) -> Comment:
        data = self.cleaned_data
        return Comment(
            post=self.post, parent=data["parent"], name=data["name"], website=data["website"], body=data["comment"]
        )


class AppealForm(forms.Form):
    appeal = forms.CharField(
        label=_("Why should it be published?"),
        validators=[validate_appeal],
        widget=forms.Textarea({"rows": 5}),  # without maxlength: browsers cut a pasted text silently
        error_messages={"required": _("Please write why your comment should be published.")},
    )

    def clean_appeal(self) -> str:
        return str(self.cleaned_data["appeal"]).replace("\r\n", "\n")
