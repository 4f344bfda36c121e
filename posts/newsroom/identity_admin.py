"""Where administrators say what the site is: one form for its name, logo, navigation and languages."""

from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, TextField
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts import identity, publishing
from posts.models import Identity, Language, NavigationEntry, Wording
from posts.newsroom.conflicts import row_difference, row_differences
from posts.newsroom.post_inlines import KeptRows, NamedFields
from posts.newsroom.publishing_form import AskingForm

SPARE_ENTRIES = 3  # empty lines for new entries of the navigation


def fingerprint(pk: int) -> str:
    """Of all that the form holds, as it is stored. Three queries."""
    models = [(Identity, "pk"), (Wording, "identity"), (NavigationEntry, "identity")]
    rows = [list(model._default_manager.filter(**{key: pk}).order_by("pk").values_list()) for model, key in models]
    return sha256(repr(rows).encode()).hexdigest()


class IdentityForm(AskingForm):
    """Knows from which state it was filled in."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = fingerprint(self.instance.pk)

    def clean(self) -> None:
        """Refuse a form that was filled in before the last change. Sent once more, it has seen that change."""
        super().clean()
        if self.cleaned_data.get("seen") != self.initial["seen"]:
            self.is_stale = True
            self.refuse_once("seen", self.initial["seen"], _("Nothing was saved yet: somebody else has changed this."))


class WordingFormSet(KeptRows):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        main = next((wording for wording in kept if wording.get("language") == settings.LANGUAGE_CODE), None)
        if not any(self.errors) and not (main and main["name"]):
            language = dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]
            raise ValidationError(_("The site needs a name and a tagline in %(language)s.") % {"language": language})


class IdentityInline(admin.options.InlineModelAdmin):
    """Pages and categories are chosen here, and edited where they are listed."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class WordingInline(IdentityInline, admin.StackedInline):
    model = Wording
    formset = WordingFormSet
    formfield_overrides = {TextField: {"widget": AdminTextareaWidget({"rows": 3})}}
    extra = 0
    min_num = 1
    max_num = len(Language)


class NavigationInline(IdentityInline, admin.TabularInline):
    model = NavigationEntry
    formset = NamedFields
    extra = SPARE_ENTRIES
    verbose_name_plural = gettext_lazy(
        "Navigation (without entries: the largest categories, the archive and the pages that are marked for it)"
    )


class IdentityAdmin(admin.ModelAdmin):
    """There is one, which is made by a migration; it is only changed."""

    form = IdentityForm
    change_form_template = "admin/posts/identity_form.html"
    fields = ["seen", "logo", "name_in_logo", "email"]
    raw_id_fields = ["logo"]  # the pop-up window shows the pictures
    inlines = [WordingInline, NavigationInline]
    save_on_top = True

    class Media:
        css = {"all": ["admin/editor.css", "admin/identity.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Identity]:
        """Of two forms that are sent at once, the second waits, and finds what the first has changed."""
        found = super().get_queryset(request)
        return found.select_for_update() if request.method == "POST" else found

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """Without the side bar: the navigation is a wide table."""
        form = context["adminform"].form
        if form.is_stale:
            rows = [found for inline in context["inline_admin_formsets"] for found in row_differences(inline.formset)]
            context |= {"last_change": _("Somebody else has changed this while you were writing.")}
            context |= {"differences": row_difference(form.instance) + rows}
        context |= {"is_nav_sidebar_enabled": False}
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if form.is_stale else response.status_code
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        Identity.objects.get_or_create(pk=1)
        return redirect("admin:posts_identity_change", 1)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        publishing.touch()
        identity.current()  # so that the page that follows has the new name at its head
