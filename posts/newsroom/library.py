"""The media library: pictures are uploaded, described and found here, and chosen for a text from a pop-up window."""

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from PIL.Image import Image

from posts import media, publishing
from posts.models import Identity, Page, Post
from posts.models import Media as Picture

PICTURES_ON_A_PAGE = 24
WRITTEN = ["title", "alt", "decorative", "caption", "credit"]


class UploadForm(forms.ModelForm):
    file = forms.FileField(
        label=gettext_lazy("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or GIF, up to 20 MB. Place, camera and all other metadata are removed."
        ),
    )

    picture: Image | None = None  # that was uploaded

    class Meta:
        model = Picture
        fields = WRITTEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            data = media.read(file)
            self.name = media.content_name(data)
            self.refuse_known()
            self.picture = media.opened(data)
        except media.MediaError as error:
            raise ValidationError(str(error)) from error
        return file

    def refuse_known(self) -> None:
        """Also what was replaced by another picture; but a picture may go back to what it was itself."""
        known = Picture.objects.named([self.name]).get(self.name)
        if known and (known != self.instance or known.name == self.name):
            address = reverse("admin:posts_media_change", args=[known.pk])
            link = format_html('<a href="{}">{}</a>', address, known)
            raise ValidationError(format_html("{} {}", _("This picture is already in the library:"), link))

    def clean_title(self) -> str:
        """Left empty, the name of the file."""
        title: str = self.cleaned_data["title"]
        file = self.cleaned_data.get("file")
        return title or (PurePath(file.name).stem[:200] if file else "")


class ReplaceForm(UploadForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.required, file.label = False, _("Replace by")
        file.help_text = _(
            "Whatever shows the picture shows the new one at once, and the old one is deleted. "
            "A description that was written into a text stays there as it is: look at where it is shown."
        )


class MediaAdmin(admin.ModelAdmin):
    list_display = ["thumbnail", "title", "alternative_text", "credit", "created_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["decorative"]
    search_fields = ["title", "alt", "caption", "credit", "name"]
    list_per_page = 50
    date_hierarchy = "created_at"
    readonly_fields = ["preview", "address", "shown_in"]

    class Media:
        css = {"all": ["admin/editor.css"]}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(request, obj, change, **kwargs | {"form": ReplaceForm if change else UploadForm})

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        if obj is None:
            return ["file", *WRITTEN]
        replace = ["file"] if self.has_change_permission(request, obj) else []
        return ["preview", *replace, *WRITTEN, "address", "shown_in"]

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, picture: Picture) -> str:
        return format_html('<img class="thumbnail" src="{}" alt="{}" loading="lazy">', picture.thumbnail, picture)

    @admin.display(description=gettext_lazy("picture"))
    def preview(self, picture: Picture) -> str:
        return format_html('<img class="preview" src="{}" alt="{}">', picture.thumbnail, picture.alt)

    @admin.display(description=gettext_lazy("alternative text"), ordering="alt")
    def alternative_text(self, picture: Picture) -> str:
        return picture.alt or _("(decorative)")

    @admin.display(description=gettext_lazy("address"))
    def address(self, picture: Picture) -> str:
        return picture.url

    @admin.display(description=gettext_lazy("shown in"))
    def shown_in(self, picture: Picture) -> str:
        return format_html_join(", ", '<a href="{}">{}</a>', map(link_to, publishing.used_by(picture))) or _("Nowhere.")

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:  # noqa: FBT001
        if form.picture is None:
            publishing.save_media(obj)
            return
        stored = media.keep(form.name, form.picture)
        if change:
            publishing.replace_media(obj, stored)
        else:
            for name, value in asdict(stored).items():
                setattr(obj, name, value)
            publishing.save_media(obj)

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        publishing.delete_media(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> None:
        for picture in queryset:
            publishing.delete_media(picture)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What uses a picture protects it."""
        to_delete, counts, missing, _protected = super().get_deleted_objects(objs, request)
        protected = [
            format_html('<a href="{}">{}</a>', *link_to(use)) for picture in objs for use in publishing.used_by(picture)
        ]
        return to_delete, counts, set() if protected else missing, protected

    def get_urls(self) -> list[URLPattern]:
        pick = path("pick/", self.admin_site.admin_view(self.pick), name="posts_media_pick")
        return [pick, *super().get_urls()]

    @method_decorator(require_safe)
    def pick(self, request: HttpRequest) -> HttpResponse:
        """A page of the library in the editor's pop-up window; static/admin/media-picker.js hands over the choice."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        query = request.GET.get("q", "")
        found, _duplicates = self.get_search_results(request, self.get_queryset(request), query)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Choose a picture"),
            "is_popup": True,
            "query": query,
            "page": Paginator(found, PICTURES_ON_A_PAGE).get_page(request.GET.get("page")),
            "may_upload": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/posts/media/pick.html", context)

    def response_add(self, request: HttpRequest, obj: Picture, post_url_continue: str | None = None) -> HttpResponse:
        """Whoever came from the pop-up window goes back to it."""
        if number := request.GET.get("CKEditorFuncNum"):
            return redirect(reverse("admin:posts_media_pick", query={"CKEditorFuncNum": number}))
        return super().response_add(request, obj, post_url_continue)


def link_to(use: Post | Page | Identity) -> tuple[str, str]:
    """Where it is edited, and its title."""
    return reverse(f"admin:posts_{use._meta.model_name}_change", args=[use.pk]), str(use)
