"""What the tools and dialogs of the prose editor say, which it says in English alone."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

TOOLS = [
    _("heading 2"),
    _("heading 3"),
    _("heading 4"),
    _("unordered list"),
    _("ordered list"),
    _("List properties"),
    _("blockquote"),
    _("horizontal rule"),
    _("figure"),
    _("bold"),
    _("italic"),
    _("strike"),
    _("subscript"),
    _("superscript"),
    _("Code"),
    _("Code block"),
    _("insert link"),
    _("remove link"),
    _("Insert table"),
    _("Add column"),
    _("Delete column"),
    _("Add row"),
    _("Delete row"),
    _("Merge cells"),
    _("Split cell"),
    _("Toggle header cell"),
    _("Delete table"),
    _("undo"),
    _("redo"),
    _("edit HTML"),
    _("Add caption"),
    _("Remove caption"),
]

DIALOGS = [
    _("Insert Figure"),
    _("Edit Figure"),
    _("Edit Image"),
    _("Image URL"),
    _("Browse..."),
    _("Alternative Text"),
    _("Caption"),
    _("Edit Link"),
    _("URL"),
    _("Title"),
    _("Table Properties"),
    _("Rows"),
    _("Columns"),
    _("Include header row"),
    _("Yes"),
    _("No"),
    _("Insert Table"),
    _("Start at"),
    _("List type"),
    _("Bullets"),
    _("Edit HTML"),
    _("The HTML contents of the editor. Note that the allowed HTML is restricted by the editor schema."),
    _("Prettify"),
    _("Insert"),
    pgettext_lazy("a button", "Update"),
    _("Cancel"),
]


def words() -> dict[str, str]:
    """From what the editor says to the same in the language of the newsroom."""
    said = [*TOOLS, *DIALOGS]
    with override(None):
        in_english = [str(word) for word in said]
    return dict(zip(in_english, map(str, said), strict=True))
