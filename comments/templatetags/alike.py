"""What cards of the queue have in common is rendered once for all of them: nearly all of a page's time is rendering."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

MARKS = {name: f"\0{name}\0" for name in ("pk", "seen", "following")}  # no text of a site has a NUL in it

register = template.Library()


class AlikeNode(template.Node):
    def __init__(self, what: list[FilterExpression], nodelist: NodeList) -> None:
        self.what = what
        self.nodelist = nodelist

    def render(self, context: Any) -> SafeString:
        what = tuple(str(each.resolve(context)) for each in self.what)
        rendered = context.render_context.setdefault(self, {})
        if what not in rendered:
            with context.push(**MARKS):
                rendered[what] = self.nodelist.render(context)
        html = rendered[what]
        for name, mark in MARKS.items():
            html = html.replace(mark, conditional_escape(context[name]))
        return SafeString(html)


@register.tag
def alike(parser: Parser, token: Token) -> AlikeNode:
    """Rendered once for all comments with the same values; `pk`, `seen` and `following` are put in for each.

    Nothing else inside may differ. It must not stand in a template that is included for each of them.
    """
    _tag, *what = token.split_contents()
    nodelist = parser.parse(["endalike"])
    parser.delete_first_token()
    return AlikeNode([parser.compile_filter(each) for each in what], nodelist)
