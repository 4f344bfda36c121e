"""What the newsroom does with posts and pages alike."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from js_asset import Media as Assets

from posts import identity, previews, publishing
from posts.html import HtmlError
from posts.language import language_of
from posts.models import Language, Page, Post
from posts.newsroom import editing, revisions
from posts.newsroom.accessibility import barriers
from posts.newsroom.conflicts import TextForm, last_change, row_differences
from posts.newsroom.editor import BodyField
from posts.publishing import StaleTextError
from posts.reading import SYLLABLES_A_MINUTE, WORDS_A_MINUTE

REVISIONS = 50  # on a page


def chosen(kept: QuerySet[Any], key: str | None) -> Any:
    """The revision with this primary key, if one is named. Raises Http404 for one of another text."""
    if not key:
        return None
    if not key.isdecimal() or len(key) > 9:
        raise Http404
    return get_object_or_404(kept, pk=key)


class TextAdmin(admin.ModelAdmin):
    search_fields = ["title", "slug", "body"]
    list_per_page = 50
    save_on_top = True
    form = TextForm
    change_form_template = "admin/posts/text_form.html"

    class Media:
        css = {"all": ["admin/editor.css"]}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "body":
            return db_field.formfield(form_class=BodyField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):  # an author, say, is not deleted from here
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        if field and isinstance(field.widget, AdminSplitDateTime):
            for part, label in zip(field.widget.widgets, [_("Date"), _("Time")], strict=True):
                part.attrs["aria-label"] = label
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "categories":
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing: a link from elsewhere does not fill in the form, nor break it with a date that is none."""
        return {}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Offers the languages in which the site publishes, and the one that the text has."""
        form = super().get_form(request, obj, change, **kwargs)
        if "language" in form.base_fields:
            field: Any = form.base_fields["language"]
            site = identity.current()
            offered = {*site.languages, obj and obj.language}
            field.choices = [choice for choice in Language.choices if choice[0] in offered]
            field.initial = site.language if site.language in site.languages else site.languages[0]
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees the text as readers do."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        shown = {"body": ["text"], "seen": [], "accepted": []}
        return [
            (name, {**options, "fields": [field for known in options["fields"] for field in shown.get(known, [known])]})
            for name, options in fieldsets
        ]

    @admin.display(description=gettext_lazy("text"))
    def text(self, obj: Post | Page) -> SafeString:
        return SafeString(obj.html)

    def get_urls(self) -> list[URLPattern]:
        views = {"editing": require_POST(self.begin_editing), "previews": self.previews, "revisions": self.revisions}
        own = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"posts_{self.opts.model_name}_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def own_text(self, request: HttpRequest, pk: int) -> Any:
        """Raises PermissionDenied for who may not change it."""
        text = get_object_or_404(self.model.objects.defer("body", "html"), pk=pk)
        if not self.has_change_permission(request, text):
            raise PermissionDenied
        return text

    def begin_editing(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Let the others know who has the form open. Answers what they have done, in words."""
        text = self.own_text(request, object_id)
        by = cast(User, request.user)
        editing.begin(text, by=by)
        is_stale = request.POST.get("seen") != str(text.revision)
        return JsonResponse({"said": last_change(text) if is_stale else editing.others(text, but=by)})

    def previews(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The links by which others see the draft: they are made and revoked here."""
        text, by = self.own_text(request, object_id), cast(User, request.user)
        if request.method == "POST":
            previews.change(text, request.POST, by=by)
            return redirect(request.path)
        shown = {"title": _("Preview links"), "previews": previews.of(text)}
        return self.render_beside(request, "admin/posts/previews.html", text, shown)

    def revisions(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What the text was before. Any two states are compared, and one that was looked at is restored."""
        text = self.own_text(request, object_id)
        if request.method == "POST":
            return redirect(self.forget(request, text) if "forget" in request.POST else self.restore(request, text))
        kept = revisions.all_of(text)
        after = chosen(kept, request.GET.get("after")) or kept.first()
        before = chosen(kept, request.GET.get("before")) or (after and kept.filter(pk__lt=after.pk).first())
        shown = {
            "title": _("Revisions"),
            "page": Paginator(kept, REVISIONS).get_page(request.GET.get("page")),
            "newest": kept.first(),
            "before": before,
            "after": after,
            "differences": revisions.compare(before, after) if before else [],
        }
        return self.render_beside(request, "admin/posts/revisions.html", text, shown)

    def restore(self, request: HttpRequest, text: Any) -> str:
        """Answers the address to go on at."""
        if not (revision := chosen(text.history.all(), request.POST.get("restore"))):
            raise BadRequest
        try:
            revisions.restore(text, revision, by=cast(User, request.user))
        except (HtmlError, StaleTextError, ValidationError) as error:
            said = " ".join(getattr(error, "messages", [])) or str(error)
            messages.error(request, _("It cannot be restored. %(reason)s") % {"reason": said})
            return request.path
        messages.success(request, _("Restored. What was there before is kept among the revisions."))
        return reverse(f"admin:posts_{self.opts.model_name}_change", args=[text.pk])

    def forget(self, request: HttpRequest, text: Any) -> str:
        """Only if the box is ticked. Answers the address to go on at."""
        if "sure" not in request.POST:
            messages.error(request, _("Nothing was deleted: please tick the box first."))
        elif count := revisions.forget_earlier(text):
            said = ngettext("%(count)d revision was deleted.", "%(count)d revisions were deleted.", count)
            messages.success(request, said % {"count": count})
            self.log_change(request, text, _("Deleted the earlier revisions."))
        return request.path

    def render_beside(self, request: HttpRequest, template: str, text: Any, shown: dict[str, Any]) -> HttpResponse:
        """A page about a text that is beside its form."""
        about = {"opts": self.opts, "original": text}
        return render(request, template, self.admin_site.each_context(request) | about | shown)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Once more, if somebody else has saved while this form was being checked: then it does not pass."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except StaleTextError:
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """The editor's import map is an inline script, so its tags need the nonce of the response."""
        context["media"] = Assets.from_media(context["media"], nonce=str(request.csp_nonce))
        form, text = context["adminform"].form, kwargs["obj"]
        if text and form.is_bound:  # and refused: what is said of the text is what was saved, not what was asked for
            context["original"] = kwargs["obj"] = text = self.model.objects.get(pk=text.pk)
        context |= {"words_a_minute": WORDS_A_MINUTE, "syllables_a_minute": SYLLABLES_A_MINUTE}
        if text and self.has_change_permission(request, text):
            context["others"] = editing.others(text, but=request.user)
        if not form.is_bound:
            context["barriers"] = barriers(form.instance.html)
        if form.theirs:
            rows = [found for inline in context["inline_admin_formsets"] for found in row_differences(inline.formset)]
            context |= {"last_change": last_change(text), "differences": form.differences() + rows}
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if form.theirs else response.status_code
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        if change:
            revisions.keep(self.model.objects.get(pk=obj.pk), by=None)  # what was never changed here was never kept
        publishing.save(obj)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any) -> None:
        """Keep the revision last: what the text is filed under is part of it."""
        editing.end(form.instance, by=cast(User, request.user))
        super().save_related(request, form, formsets, change)
        revisions.keep(form.instance, by=cast(User, request.user))
        if "title" in form.changed_data:
            self.doubt_language(request, form.instance)

    def doubt_language(self, request: HttpRequest, text: Post | Page) -> None:
        """The one that the form began with is easily left standing."""
        if language_of(text.title) == Language.KOREAN and text.language == Language.ENGLISH:
            messages.warning(request, _("The title is Korean, but the language is English. Is that meant?"))

    def view_on_site(self, obj: Post | Page) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    @admin.display(description=gettext_lazy("on the site"), empty_value="")
    def link(self, obj: Post | Page) -> str:
        address = self.view_on_site(obj)
        return format_html('<a href="{}">{}</a>', address, _("View")) if address else ""
