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
NEVER_IN_THEMSELVES = frozenset("body colgroup head html option p tbody td tfoot th thead tr".split())
UNCOUNTED = VOID | NEVER_IN_THEMSELVES

# A part ends where another of its kind begins, or what it is part of ends; but it may stand in one of another kind.
PARTS = {"dd": ("dd", "dt"), "dt": ("dd", "dt"), "li": ("li",)}
CONTAINERS = frozenset(  # whose end tags end the parts in them
    """address article aside blockquote center dd details dir div dl dt fieldset figcaption figure footer header li nav
    ol pre section summary ul""".split()
)

FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # end within any block
BLOCKS = CONTAINERS | frozenset("dialog form h1 h2 h3 h4 h5 h6 hgroup listing main menu search".split())
PASSED = ("address", "div")  # by a part that looks for the one before it

# An end tag is disregarded where one of these was opened after the element that it names.
BARRIERS = frozenset(
    """applet button iframe marquee math noembed noframes noscript object script select style svg table template
    textarea title xmp""".split()
)
BARRIERS_FOR_ITEMS = BARRIERS | {"ol", "ul"}
BARRIERS_FOR_OTHERS = BARRIERS | BLOCKS  # than containers and formatting
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
                begin(open_now, name)
        deepest = max(deepest, len(open_now))
        cost += len(open_now)
    return Nesting(deepest, cost)


def begin(open_now: list[str], name: str) -> None:
    """Put the element on the list, in the place of the part beside it. What was formatted there goes on in it."""
    kinds = PARTS.get(name, ())
    for index in reversed(range(max(0, len(open_now) - REACH), len(open_now) if kinds else 0)):
        if open_now[index] in kinds:
            open_now[index:] = [each for each in open_now[index + 1 :] if each in FORMATTING]
            break
        if open_now[index] in BARRIERS or (open_now[index] in BLOCKS and open_now[index] not in PASSED):
            break
    open_now.append(name)


def barriers_for(name: str) -> frozenset[str]:
    if name == "li":
        return BARRIERS_FOR_ITEMS
    return BARRIERS if name in CONTAINERS or name in FORMATTING else BARRIERS_FOR_OTHERS


def close(open_now: list[str], name: str) -> None:
    """Take the element off the list, with the parts that end with it, if every parser would close it here."""
    barriers = barriers_for(name)
    for index in reversed(range(max(0, len(open_now) - REACH), len(open_now))):
        if open_now[index] == name:
            parts = PARTS if name in CONTAINERS else ()
            open_now[index:] = [each for each in open_now[index + 1 :] if each not in parts]
            return
        if open_now[index] in barriers:
            return
