"""What the prose editor offers. The sanitiser in posts/html.py allows at least this much."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from posts.newsroom.editor_words import words

TOOLBAR = [{"group": group} for group in ("headings", "lists", "nodes -blockType", "marks", "link", "table", "history")]

EXTENSIONS: dict[str, Any] = {
    "Menu": {"groups": [*TOOLBAR, {"group": "utility"}]},
    "Heading": {"levels": [2, 3, 4]},
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Figure": {"pickerUrl": reverse_lazy("admin:posts_media_pick")},
    "Image": True,
    "Caption": True,
    "HTML": True,
    "SpecialCharacters": True,
    # Ours, in the modules named below.
    "Languages": True,
    "Pictures": True,
    "Newsroom": {
        "warning": _("The editor does not know these parts of the text, and would drop them at the first change:"),
    },
}

MODULES = ["admin/editor.js", "admin/pictures.js", "admin/words.js"]


class BodyEditor(AdminProseEditorWidget):  # type: ignore[misc]
    needs_multipart_form = True  # otherwise Korean is sent percent-encoded, at three times the length

    def get_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().get_config()
        extensions = config["extensions"] | {"Words": {"words": words()}}
        return config | {"extensions": extensions, "js_modules": [static(name) for name in MODULES]}


class BodyField(ProseEditorFormField):  # type: ignore[misc]
    """The text of a post or page; without JavaScript, its HTML in a plain text field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"extensions": EXTENSIONS, "widget": BodyEditor(attrs={"rows": 20, "cols": 80})})
