"""Templates of moderators: what a reason or a reply says once its placeholders are filled in."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from comments.filters import parse_key
from comments.models import Comment, Template
from comments.models.decision import NAME
from comments.moves import MAX_REASON_LENGTH, ModerationError
from posts import identity

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ABOUT_ONE = ("name", "post")  # placeholders that only one comment can fill
PLACEHOLDERS = (*ABOUT_ONE, "site")


class TemplateError(ModerationError):
    """The template that was chosen cannot be used, or not any more."""


class ReasonError(ModerationError):
    """The reason has no room where it is kept."""


def unknown_placeholders(text: str) -> list[str]:
    return [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def is_general(text: str) -> bool:
    """Whether it can be said of many comments at once."""
    return set(ABOUT_ONE).isdisjoint(PLACEHOLDER.findall(text))


def offered(templates: Iterable[Template], kind: Template.Kind, language: str) -> list[Template]:
    """Those for one comment below a post in this language."""
    return [template for template in templates if template.kind == kind and template.language == language]


def general_reasons(templates: Iterable[Template]) -> list[Template]:
    """Those for many comments at once, in any language."""
    return [each for each in templates if each.kind == Template.Kind.REASON and is_general(each.text)]


def filled(text: str, comment: Comment | None, *, name: str) -> str:
    """With what each placeholder stands for; without a comment only the general ones. Raises TemplateError."""
    if comment is None and not is_general(text):
        raise TemplateError(_("This template speaks of one comment and cannot be used for many."))
    site = identity.current(comment.post.language) if comment else identity.current()
    values = {"name": name, "post": comment.post.title if comment else "", "site": site.name}
    return PLACEHOLDER.sub(lambda placeholder: values.get(placeholder[1], placeholder[0]), text)


def template_text(pk: str, kind: Template.Kind, comment: Comment | None, *, name: str) -> str:
    """The words of the template that a form names, filled in; none for an empty choice. Raises TemplateError."""
    if not pk:
        return ""
    try:
        template = Template.objects.get(pk=parse_key(pk), kind=kind)
    except (ValueError, Template.DoesNotExist) as error:
        raise TemplateError(_("This template does not exist any more.")) from error
    return filled(template.text, comment, name=name)


def reason_from(data: Mapping[str, str], comment: Comment | None = None) -> str:
    """The reason that a form gives: a template, free words, or both. For many comments, without one of them.

    The commenter's name is not yet in it: see Decision.reason_told. Raises TemplateError, or ReasonError if it is long.
    """
    words = data.get("reason", "").replace("\0", "").strip()
    chosen = template_text(data.get("reason_template", ""), Template.Kind.REASON, comment, name=NAME)
    if len(reason := f"{chosen} {words}".strip()) > MAX_REASON_LENGTH:
        raise ReasonError(_("A reason has at most %(number)d characters.") % {"number": MAX_REASON_LENGTH})
    return reason


def reply_from(data: Mapping[str, str], comment: Comment) -> str:
    """The answer that a form gives: a template, words of one's own, or both. Raises TemplateError."""
    words = data.get("text", "").replace("\0", "").strip()
    chosen = template_text(data.get("template", ""), Template.Kind.REPLY, comment, name=comment.name)
    return f"{chosen}\n\n{words}".strip()
