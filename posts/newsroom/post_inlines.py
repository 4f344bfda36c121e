"""What is edited below the text of a post, by those who may edit the post."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import TextField
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy

from posts.models import Amendment, RelatedPost


class KeptRows(BaseInlineFormSet):
    """A row that somebody else has deleted meanwhile is a new one: what is written in it is not lost."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and (gone := self.gone()):
            self.data = self.with_last(gone)
            del self.management_form  # it is kept, and has counted them

    def rows(self) -> range:
        """Those that were there when the form was opened, as it says; of what it says only the total has a limit."""
        return range(min(self.initial_form_count(), self.total_form_count()))

    def gone(self) -> set[int]:
        """Numbers of the rows that are not stored any more. One query."""
        there = set(map(str, self.get_queryset().values_list("pk", flat=True)))
        return {row for row in self.rows() if self.data.get(f"{self.prefix}-{row}-id") not in there}

    def with_last(self, gone: set[int]) -> QueryDict:
        """What was sent, with these rows behind those that are still there, as new ones."""
        data: QueryDict = self.data.copy()
        order = sorted(self.rows(), key=lambda row: row in gone)
        for name in self.empty_form.fields:
            for place, row in enumerate(order):
                sent = self.data.getlist(f"{self.prefix}-{row}-{name}")
                data.setlist(f"{self.prefix}-{place}-{name}", [""] if name == "id" and row in gone else sent)
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(order) - len(gone))
        return data


class NamedFields(KeptRows):
    """Each field with its name, for in a table a screen reader does not get it from the head of the column."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label:
                field.widget.attrs["aria-label"] = field.label


class PostInline(admin.options.InlineModelAdmin):
    formset = NamedFields
    extra = 1
    classes = ["collapse"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Opened where there is something in it. One query."""
        if obj and self.model._default_manager.filter(post=obj).exists():
            self.classes = []
        return super().get_formset(request, obj, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("posts.view_post")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("posts.change_post")

    has_delete_permission = has_change_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)


class AmendmentInline(PostInline, admin.StackedInline):
    model = Amendment
    fields = [("kind", "date"), "text"]
    formfield_overrides = {TextField: {"widget": AdminTextareaWidget({"rows": 3})}}


class RelatedInline(PostInline, admin.TabularInline):
    model = RelatedPost
    fk_name = "post"
    raw_id_fields = ["other"]
    verbose_name_plural = gettext_lazy("Related posts (without any: those with the same tags, categories and words)")
