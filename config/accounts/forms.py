"""What the staff type to get in, and what administrators type to let them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm, UsernameField
from django.contrib.auth.models import Group, User
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from comments import limits
from comments.spam.names import name_key
from config.accounts import languages, roles
from config.accounts.models import PasswordRequest

MAX_OF_ADDRESS = 5  # links that are asked for on one day
MAX_OF_SOURCE = 20
MAX_OF_SHARED_SOURCE = 200  # onion services, whose visitors look alike
KEY_SECONDS = 60 * 60  # that a key is good for, from being shown to being used


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
    )


class ReauthenticationForm(CodeForm):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ["password", "code"]

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]
        if not with_code:
            del self.fields["code"]


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Of the newsroom, and of mail to you"), choices=languages.NAMES)


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
        email, source = self.cleaned_data["email"], limits.source_of(options["request"])
        with transaction.atomic():
            most = MAX_OF_SHARED_SOURCE if source.shared else MAX_OF_SOURCE
            by_source = limits.within(most, limits.DAY, "password of source", source.digest)
            if by_source and limits.within(MAX_OF_ADDRESS, limits.DAY, "password", email.casefold()):
                PasswordRequest.objects.create(email=email)


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Group) -> str:
        return roles.name_of(obj)


class LookedThroughForm(forms.ModelForm):
    """Is not saved as it was sent before password and code were given: somebody else may have left it to its owner."""

    def clean(self) -> None:
        super().clean()
        if "sent_before" in self.data:
            raise ValidationError(_("This was sent before you showed who you are. Look through it, and save it."))


class MemberForm(LookedThroughForm):
    """One of the staff. No account can be taken for another, nor its mail reach another's owner."""

    groups = RolesField(
        Group.objects.order_by("name"), label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_superuser = forms.BooleanField(
        label=roles.ADMINISTRATOR, required=False, help_text=_("May do everything, and invite others.")
    )

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        others = User.objects.exclude(pk=self.instance.pk).values_list("username", flat=True)
        if "username" in self.changed_data and name_key(username) in map(name_key, others):
            raise ValidationError(_("Another account has this username, or one that looks like it."))
        return username

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email and User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another account has this address."))
        return email


class AccountForm(MemberForm):
    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_superuser", "is_active"]
        field_classes = {"username": UsernameField}
        labels = {"email": _("E-mail")}
        help_texts = {"is_active": _("Take it away from who leaves: their sessions end at once.")}

    def clean(self) -> None:
        """In the transaction that saves it, so that of two administrators who make each other less one is refused."""
        super().clean()
        is_one = self.cleaned_data.get("is_superuser") and self.cleaned_data.get("is_active", True)
        if not is_one and is_last_administrator(self.instance):
            raise ValidationError(_("There would be no administrator left."))


def is_last_administrator(user: User) -> bool:
    """Lets nobody else change administrators until the transaction ends."""
    administrators = User.objects.select_for_update().filter(is_active=True, is_staff=True, is_superuser=True)
    return [each.pk for each in administrators.order_by("pk") if each.has_usable_password()] == [user.pk]


class InvitationForm(MemberForm):
    """A new account, whose password its owner sets."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=languages.NAMES,
        initial=settings.LANGUAGE_CODE,
        help_text=_("In which the invitation is written and the newsroom shown. They can change it."),
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups", "is_superuser"]
        field_classes = {"username": UsernameField}
