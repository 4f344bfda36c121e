"""How costly a text's markup would be to parse, found by one linear scan before any parser sees it."""

import re
from typing import NamedTuple

# A tag or a comment exactly as the HTML standard tokenises it, so that nothing hides in quotes or comments.
# Possessive throughout: no input makes it go back.
TOKEN = re.compile(
    r"""<(?:
        !--(?: -?> | .*?(?: --!?> | \Z ) )
      | (?P<closing>/?)(?P<name>[a-z][^\t\n\f\r />]*+)
        (?: [\t\n\f\r /]++
          | [^\t\n\f\r />][^\t\n\f\r />=]*+
            (?: [\t\n\f\r ]*+ = [\t\n\f\r ]*+
                (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\t\n\f\r "'>][^\t\n\f\r >]*+ )?+
            )?+
        )*+ (?: > | \Z )
      | [!?/][^>]*+
    )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
END_TAG_OPTIONAL = frozenset("body colgroup dd dt head html li optgroup option p tbody td tfoot th thead tr".split())
UNCOUNTED = VOID | END_TAG_OPTIONAL

# An end tag is disregarded where one of these was opened after the element that it names.
BARRIERS = frozenset(
    """applet button iframe marquee math noembed noframes noscript object script select style svg table template
    textarea title xmp""".split()
)
REACH = 8  # elements; a parser that finds a formatting element open further up may leave it open


class Nesting(NamedTuple):
    deepest: int  # elements open at once
    cost: int  # elements open at each tag, added up: what a parser may have to go through or to repeat


def nesting(markup: str) -> Nesting:
    """Exact for well-nested markup; otherwise too much rather than too little."""
    open_now: list[str] = []
    deepest = cost = 0
    for token in TOKEN.finditer(markup):
        name = (token["name"] or "").lower()
        if name and name not in UNCOUNTED:
            if token["closing"]:
                close(open_now, name)
            else:
                open_now.append(name)
        deepest = max(deepest, len(open_now))
        cost += len(open_now)
    return Nesting(deepest, cost)


def close(open_now: list[str], name: str) -> None:
    """Take the element off the list if every parser would close it here."""
    for index in reversed(range(max(0, len(open_now) - REACH), len(open_now))):
        if open_now[index] == name:
            del open_now[index]
            return
        if open_now[index] in BARRIERS:
            return
