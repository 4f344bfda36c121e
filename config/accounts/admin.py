"""Accounts and roles in the admin: for administrators alone, since whoever changes them can make themselves one."""

from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, ManyToManyField, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from comments.permissions import AdministratorsOnly, is_administrator
from config.accounts import languages, mails, own_account, reauthentication, roles, second_factor
from config.accounts.forms import AccountForm, InvitationForm, LookedThroughForm, is_last_administrator
from config.accounts.views import page
from posts.language import language_of
from posts.models import Language

admin.site.unregister([User, Group, StaticDevice, TOTPDevice])  # nobody needs to see another's keys


def by_owner(view: reauthentication.View) -> reauthentication.View:
    """Administrators give password and code again; others are refused as ever."""
    gate = reauthentication.required(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> Any:
        return (gate if is_administrator(request) else view)(request, *args, **named)

    return answer


class ForAdministrators(AdministratorsOnly):
    """Who changes accounts can make themselves one: an open session alone is not enough for it."""

    # The stock widget's script breaks the Content-Security-Policy.
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    actions = None  # delete many at once

    def changeform_view(self, request: HttpRequest, *args: Any, **named: Any) -> Any:
        """What is sent too late is not lost: it waits for password and code, and then for being sent once more."""
        if is_administrator(request) and not reauthentication.is_recent(request):
            return own_account.ask_again(request) if request.method == "POST" else reauthentication.lead(request)
        return super().changeform_view(request, *args, **named)

    @method_decorator(by_owner)
    def delete_view(self, request: HttpRequest, *args: Any, **named: Any) -> Any:
        return super().delete_view(request, *args, **named)


@admin.register(Group)
class RoleAdmin(ForAdministrators, GroupAdmin):
    form = LookedThroughForm
    list_display = ["called"]

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def called(self, role: Group) -> str:
        return roles.name_of(role)


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        groups = [(str(role.pk), roles.name_of(role)) for role in Group.objects.order_by("name")]
        return [("administrator", str(roles.ADMINISTRATOR)), *groups]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        wanted = self.value()
        if wanted == "administrator":
            return queryset.filter(is_superuser=True)
        return queryset.filter(groups__pk=wanted) if wanted in dict(self.lookup_choices) else queryset


@admin.register(User)
class AccountAdmin(ForAdministrators, UserAdmin):
    """Accounts begin with an invitation."""

    form = AccountForm
    add_form = InvitationForm
    add_form_template = None
    change_form_template = "admin/accounts/change_form.html"
    change_list_template = "admin/accounts/change_list.html"
    fieldsets = (
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (gettext_lazy("What they may do"), {"fields": ["groups", "is_superuser", "is_active"]}),
        (gettext_lazy("Since"), {"fields": ["last_login", "date_joined"]}),
    )
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = ((None, {"fields": [*InvitationForm.Meta.fields, "language"]}),)
    list_display = ["username", "name", "email", "roles", "is_active", "has_device", "last_seen"]
    list_filter = ["is_active", RoleFilter]
    ordering = ["username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users: QuerySet[User] = super().get_queryset(request).annotate(has_device=Exists(device))
        return users.prefetch_related("groups")

    @admin.display(description=gettext_lazy("name"), empty_value="")
    def name(self, user: User) -> str:
        if language_of(user.get_full_name()) == Language.KOREAN:
            return f"{user.last_name}{user.first_name}"
        return user.get_full_name()

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(roles.names_of(user))

    @admin.display(description=gettext_lazy("device"), boolean=True, ordering="has_device")
    def has_device(self, user: Any) -> bool:
        return bool(user.has_device)

    @admin.display(description=gettext_lazy("last login"), ordering="last_login")
    def last_seen(self, user: User) -> str:
        return date_format(localtime(user.last_login), "SHORT_DATE_FORMAT") if user.last_login else "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody disables their own account, nor deletes it."""
        return [*self.readonly_fields, *(["is_active"] if obj and obj.pk == request.user.pk else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    def get_urls(self) -> list[URLPattern]:
        """Without Django's page on which an administrator chooses a password, and then knows it."""
        return [
            path("<int:pk>/link/", self.admin_site.admin_view(self.send_link), name="auth_user_link"),
            path("<int:pk>/reset/", self.admin_site.admin_view(self.reset), name="auth_user_reset"),
            *super(UserAdmin, self).get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": _("Invite somebody")} | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: Any) -> None:
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change:
            languages.choose(obj, form.cleaned_data["language"])
            mails.invite(obj)
            messages.info(request, _("An invitation goes to %(email)s.") % {"email": obj.email})
        elif "email" in form.changed_data and form.initial["email"]:
            mails.tell_of_address(obj, form.initial["email"])
        if not obj.is_active:
            second_factor.end_sessions(obj)  # or they would go on when the account is enabled again

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        if is_last_administrator(obj):  # two who delete each other
            raise PermissionDenied
        super().delete_model(request, obj)

    @method_decorator(by_owner)
    def send_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Invite once more who has no password yet; let the others set a new one."""
        user = self.user_or_404(request, pk)
        invited = not user.has_usable_password()
        can_be_sent = user.email and user.is_active
        if request.method == "POST" and can_be_sent:
            with transaction.atomic():
                (mails.invite if invited else mails.send_password_link)(user)
                self.log_change(request, user, _("A link to set the password was sent."))
            messages.success(request, _("A link goes to %(email)s.") % {"email": user.email})
            return redirect("admin:auth_user_change", user.pk)
        title = _("Invite once more") if invited else _("Send a link for a new password")
        return page(request, "send_link", title, account=user, can_be_sent=can_be_sent)

    @method_decorator(by_owner)
    def reset(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The account's device is lost."""
        user = self.user_or_404(request, pk)
        if user == request.user:
            return redirect("device")  # takes the place of what is lost
        if request.method == "POST":
            with transaction.atomic():
                second_factor.reset(user)
                mails.tell_of_reset(user)
                self.log_change(request, user, _("Device and recovery codes were deleted."))
            messages.success(request, _("At the next login %(user)s sets up a new device.") % {"user": user})
            return redirect("admin:auth_user_change", user.pk)
        return page(request, "reset", _("A lost device"), account=user)

    def user_or_404(self, request: HttpRequest, pk: int) -> User:
        """Raises PermissionDenied for all but administrators."""
        if not is_administrator(request):
            raise PermissionDenied
        return get_object_or_404(User, pk=pk)
