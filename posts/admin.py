"""The newsroom: posts, pages and what they are filed under. Pictures are in posts/library.py."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminSplitDateTime, RelatedFieldWidgetWrapper
from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from js_asset import Media as Assets

from posts import publishing
from posts.editor import BodyField
from posts.language import language_of
from posts.library import MediaAdmin
from posts.models import Author, Category, Language, Media, Page, Post, PostQuerySet, State, Tag

admin.site.register(Media, MediaAdmin)


class TextAdmin(admin.ModelAdmin):
    """What the newsroom does with posts and pages alike."""

    search_fields = ["title", "slug", "body"]
    list_per_page = 50
    save_on_top = True

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

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look sees the text as readers do."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": ["text" if field == "body" else field for field in options["fields"]]})
            for name, options in fieldsets
        ]

    @admin.display(description=gettext_lazy("text"))
    def text(self, obj: Post | Page) -> SafeString:
        return SafeString(obj.html)

    def render_change_form(self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """The editor's import map is an inline script, so its tags need the nonce of the response."""
        context["media"] = Assets.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any) -> None:
        """English is what a new text has until somebody says otherwise, which is easily forgotten."""
        super().save_related(request, form, formsets, change)
        is_korean = "title" in form.changed_data and language_of(form.instance.title) == Language.KOREAN
        if is_korean and form.instance.language == Language.ENGLISH:
            messages.warning(request, _("The title is Korean, but the language is English. Is that meant?"))

    def view_on_site(self, obj: Post | Page) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    @admin.display(description=gettext_lazy("on the site"), empty_value="")
    def link(self, obj: Post | Page) -> str:
        address = self.view_on_site(obj)
        return format_html('<a href="{}">{}</a>', address, _("View")) if address else ""


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("draft", _("Draft")), ("scheduled", _("Scheduled")), ("published", _("Published"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> PostQuerySet:
        views = {"draft": queryset.drafts, "scheduled": queryset.scheduled, "published": queryset.published}
        chosen: PostQuerySet = views.get(self.value() or "", queryset.all)()
        return chosen


class PostList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> PostQuerySet:
        posts: Any = super().get_queryset(request, exclude_parameters)
        found: PostQuerySet = posts.with_summary()
        return found


@admin.register(Post)
class PostAdmin(TextAdmin):
    list_display = ["title", "state_in_words", "date", "author", "filed_under", "is_featured", "link"]
    list_filter = [
        StateFilter,
        ("categories", admin.RelatedOnlyFieldListFilter),
        ("author", admin.RelatedOnlyFieldListFilter),
        "language",
        "featured",
    ]
    date_hierarchy = "published_at"
    ordering = [Coalesce("published_at", "updated_at").desc(), "-pk"]  # a draft stands where it was last worked on
    autocomplete_fields = ["tags"]
    raw_id_fields = ["cover", "translation_of"]  # the pop-up window shows the pictures, or the list of posts
    fieldsets = [
        (None, {"fields": ["title", "body", "excerpt", "cover"]}),
        (
            gettext_lazy("Publication"),
            {"fields": ["state", "published_at", "language", "translation_of", "slug", "featured"]},
        ),
        (gettext_lazy("Classification"), {"fields": ["author", "categories", "tags"]}),
        (gettext_lazy("Source"), {"fields": ["source_name", "source_url", "full_reprint"]}),
        (gettext_lazy("Comments"), {"fields": ["comments", "comments_days"]}),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PostList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Without the side bar: every column of the list is in sight on a laptop."""
        return super().changelist_view(request, {**(extra_context or {}), "is_nav_sidebar_enabled": False})

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_in_words(self, post: Post) -> str:
        if post.is_scheduled and post.published_at:
            return _("Scheduled for %(when)s") % {"when": date_format(localtime(post.published_at), "DATETIME_FORMAT")}
        return str(State(post.state).label)

    @admin.display(description=gettext_lazy("date"), ordering=Coalesce("published_at", "updated_at"))
    def date(self, post: Post) -> str:
        return date_format(localtime(post.published_at), "SHORT_DATE_FORMAT") if post.published_at else ""

    @admin.display(description=gettext_lazy("featured"), ordering="featured", empty_value="")
    def is_featured(self, post: Post) -> str:
        return _("Featured") if post.featured else ""

    @admin.display(description=gettext_lazy("categories"), empty_value="")
    def filed_under(self, post: Post) -> str:
        return ", ".join(category.name for category in post.categories.all())

    def save_model(self, request: HttpRequest, obj: Post, form: ModelForm, change: Any) -> None:
        publishing.save_post(obj)

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        publishing.delete_post(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        for post in queryset:
            publishing.delete_post(post)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Readers' comments protect a post: say so, instead of naming each."""
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        if protected:
            reason = ngettext(
                "%(count)d comment by a reader. Make the post a draft instead: then nobody sees it.",
                "%(count)d comments by readers. Make the post a draft instead: then nobody sees it.",
                len(protected),
            )
            protected = [reason % {"count": len(protected)}]
        return to_delete, counts, missing, protected


@admin.register(Page)
class PageAdmin(TextAdmin):
    list_display = ["title", "state", "language", "position", "in_navigation", "link"]
    list_filter = ["state", "language"]
    fieldsets = [
        (None, {"fields": ["title", "body"]}),
        (gettext_lazy("Publication"), {"fields": ["state", "language", "slug"]}),
        (gettext_lazy("Navigation"), {"fields": ["in_navigation", "position"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Page, form: ModelForm, change: Any) -> None:
        publishing.save_page(obj)

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        publishing.delete_page(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        for page in queryset:
            publishing.delete_page(page)


class TermAdmin(admin.ModelAdmin):
    """Categories, tags and authors: every page may name them."""

    search_fields = ["name", "slug"]
    ordering = ["name"]  # counting the posts drops the model's own order
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        terms: QuerySet[Any] = super().get_queryset(request).annotate(post_count=Count("posts"))
        return terms

    @admin.display(description=gettext_lazy("posts"), ordering="post_count")
    def post_count(self, term: Any) -> int:
        return int(term.post_count)

    def view_on_site(self, obj: Category | Tag | Author) -> str:
        return obj.get_absolute_url()

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        super().save_model(request, obj, form, change)
        publishing.touch()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        publishing.touch()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        publishing.touch()


@admin.register(Category)
class CategoryAdmin(TermAdmin):
    list_display = ["name", "slug", "parent", "post_count"]
    list_select_related = ["parent"]
    fields = ["name", "slug", "parent", "description"]


@admin.register(Tag)
class TagAdmin(TermAdmin):
    list_display = ["name", "slug", "post_count"]
    fields = ["name", "slug"]


@admin.register(Author)
class AuthorAdmin(TermAdmin):
    list_display = ["name", "kind", "slug", "post_count"]
    list_filter = ["kind"]
    fields = ["name", "slug", "kind", "bio", "website"]
