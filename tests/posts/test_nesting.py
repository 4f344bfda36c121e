"""The scan that comes before every parser: exact where markup is in order, and never less than a parser would find."""

import pytest
from hypothesis import given, settings

from posts import html
from posts.nesting import Nesting, nesting
from tests.posts.test_html import bodies


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("", Nesting(0, 0)),
        ("text < 3 <3 </ > & <", Nesting(0, 0)),
        ("<p>a<p>b<br><img src=x>", Nesting(0, 0)),
        ("<b><i>x</i></b>", Nesting(2, 1 + 2 + 1 + 0)),
        ("<B></b><DIV></Div>", Nesting(1, 1 + 0 + 1 + 0)),
        ("<b><i></b></i>", Nesting(2, 1 + 2 + 1 + 0)),
        ("<ul><li><ul><li>x<li>y</ul><li></ul>", Nesting(4, 1 + 2 + 3 + 4 + 4 + 2 + 2 + 0)),
        ("<dl><dt>x<dd>y<dt>z</dl>", Nesting(2, 1 + 2 + 2 + 2 + 0)),
    ],
)
def test_what_is_in_order_is_counted_exactly(markup: str, found: Nesting) -> None:
    assert nesting(markup) == found


@pytest.mark.parametrize(
    "hidden",
    [
        "<!--</b>-->",
        "<!--</b>--!>",
        "<!-- > </b> -->",
        "<i title='</b>'></i>",
        '<i title="</b>"></i>',
        "<i title=></i>",
        "<i title= '</b>'></i>",
        "<i a'b='</b>'></i>",
        "<i =</b></i>",
        "<? </b>",
        "<! </b>",
        "</ </b>",
        "<table></b></table>",
        "<svg></b></svg>",
        "<select></b></select>",
        "<style></b></style>",
        "<textarea></b></textarea>",
        "<template></b></template>",
        "<div>" * 8 + "</b>" + "</div>" * 8,
    ],
)
def test_an_end_tag_that_a_parser_may_disregard_does_not_count(hidden: str) -> None:
    assert nesting(f"<b>{hidden}" * 10 + "x").deepest >= 10


@pytest.mark.parametrize("parts", ["<li><dd>", "<dt><li>", "<optgroup>"])
def test_parts_may_stand_inside_one_another(parts: str) -> None:
    assert nesting(parts * 100).deepest >= 100


@pytest.mark.parametrize("block", ["<div>", "<h2>", "<li><dd>"])
def test_a_block_keeps_open_what_is_no_block(block: str) -> None:
    assert nesting(f"<abbr>{block}</abbr>" * 100).deepest >= 100


@pytest.mark.parametrize(
    "shown",
    [
        "<i title='x'></i></b>",
        "<!-- x --></b>",
        "<br/></b >",
        "<p></b x=y>",
        "<!--></b>",
        "a < b</b>",
        "<div></b></div>",
        "<li></b>",
    ],
)
def test_an_end_tag_that_every_parser_sees_counts(shown: str) -> None:
    assert nesting(f"<b>{shown}" * 10).deepest <= 2


@settings(max_examples=1000, deadline=None)
@given(bodies)
def test_no_parser_finds_more(markup: str) -> None:
    assert nesting(html._post_reader.clean(markup)).deepest <= nesting(markup).deepest
