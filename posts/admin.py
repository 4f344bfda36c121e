"""Posts, pages and what they are filed under, in the newsroom. Forms and pictures are in posts/newsroom/."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from posts import publishing
from posts.models import Author, Category, Identity, Media, Page, Post, PostQuerySet, State, Tag
from posts.newsroom.identity_admin import IdentityAdmin
from posts.newsroom.library import MediaAdmin
from posts.newsroom.post_inlines import AmendmentInline, RelatedInline
from posts.newsroom.text_admin import TextAdmin

admin.site.register(Media, MediaAdmin)
admin.site.register(Identity, IdentityAdmin)


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
    inlines = [AmendmentInline, RelatedInline]
    fieldsets = [
        (None, {"fields": ["seen", "accepted", "title", "body", "excerpt", "cover"]}),
        (
            gettext_lazy("Publication"),
            {"fields": ["state", "published_at", "language", "translation_of", "slug", "featured"]},
        ),
        (gettext_lazy("Classification"), {"fields": ["author", "categories", "tags"]}),
        (gettext_lazy("Source"), {"fields": ["source_name", "source_url", "full_reprint"]}),
        (gettext_lazy("Comments"), {"fields": ["comments", "comments_days"]}),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Under the author of the last post that this editor saved, or the only one that there is."""
        last = Post.history.filter(history_user=request.user.pk).order_by("-pk").values_list("author", flat=True)
        known = list(Author.objects.filter(pk__in=last[:1])) or list(Author.objects.order_by("pk")[:2])
        only = {"author": known[0].pk} if len(known) == 1 else {}
        return {**super().get_changeform_initial_data(request), **only}

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
        (None, {"fields": ["seen", "accepted", "title", "body"]}),
        (gettext_lazy("Publication"), {"fields": ["state", "language", "slug"]}),
        (gettext_lazy("Navigation"), {"fields": ["in_navigation", "position"]}),
    ]

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
