"""What is edited below the text of a post, by those who may edit the post."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import TextField
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from posts.models import Amendment, RelatedPost


class NamedFields(BaseInlineFormSet):
    """Each field with its name, for in a table a screen reader does not get it from the head of the column."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = field.label


class PostInline(admin.TabularInline):
    formset = NamedFields
    extra = 1
    classes = ["collapse"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("posts.view_post")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("posts.change_post")

    has_delete_permission = has_change_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request)


class AmendmentInline(PostInline):
    model = Amendment
    formfield_overrides = {TextField: {"widget": AdminTextareaWidget({"rows": 3})}}


class RelatedInline(PostInline):
    model = RelatedPost
    fk_name = "post"
    raw_id_fields = ["other"]
    verbose_name_plural = gettext_lazy("Related posts (without any: those with the same tags, categories and words)")
