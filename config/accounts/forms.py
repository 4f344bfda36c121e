"""What the staff type to get in, and what administrators type to let them."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm, UserChangeForm, UsernameField
from django.contrib.auth.models import Group, User
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments import limits
from comments.spam.names import name_key
from config.accounts.models import PasswordRequest

KEY_SECONDS = 60 * 60  # that a key is good for, from being shown to being used


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
    )


class DeviceForm(CodeForm):
    """Carries the key of the new device from the page that shows it back to us; signed, and for one account."""

    key = forms.CharField(max_length=400, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_key(self) -> str:
        try:
            owner, key = signing.loads(self.cleaned_data["key"], salt=__name__, max_age=KEY_SECONDS)
        except signing.BadSignature:
            owner, key = None, ""
        if owner != self.user.pk:
            raise ValidationError(_("The key was too old. Here is another: please add it to your app."))
        return str(key)


def sign_key(user: User, key: str) -> str:
    return signing.dumps([user.pk, key], salt=__name__)


class RequestForm(PasswordResetForm):
    """Django's form, but for what it does: only the worker looks whose address it is."""

    def save(self, *args: Any, **options: Any) -> None:
        email = self.cleaned_data["email"]
        if limits.may_write_to(email):
            PasswordRequest.objects.create(email=email)


class UniqueEmail(forms.ModelForm):
    """Whoever reads the mailbox can set the password: so each account has one of its own."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email and User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another account has this address."))
        return email


class AccountForm(UniqueEmail, UserChangeForm):
    pass


class InvitationForm(UniqueEmail):
    """A new account, whose password its owner sets."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_superuser = forms.BooleanField(
        label=_("Administrator"), required=False, help_text=_("May do everything, and invite others.")
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_superuser"]
        field_classes = {"username": UsernameField}

    def clean_username(self) -> str:
        """Refuse what could be taken for the name of another account."""
        username = str(self.cleaned_data["username"])
        if any(name_key(username) == name_key(other) for other in User.objects.values_list("username", flat=True)):
            raise ValidationError(_("Another account has this username, or one that looks like it."))
        return username
