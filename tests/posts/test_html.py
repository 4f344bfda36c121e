"""The sanitising seam on posts: what comes out is harmless, whole, the same a second time, and soon there."""

import time
from collections.abc import Callable
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from bleach.sanitizer import Cleaner
from hypothesis import given, settings
from hypothesis import strategies as st

from posts import html
from posts.html import POST_ATTRIBUTES, POST_SCHEMES, POST_TAGS, SCROLLED, HtmlError, check_post_body, post_html
from tests.attacks import OWN, corpora, needs_corpora
from tests.posts.test_expansion import PICTURES


class Inspector(HTMLParser):
    """Collects all that is not on the allow-list."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in POST_TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in {*POST_ATTRIBUTES["*"], *POST_ATTRIBUTES.get(tag, []), *SCROLLED.get(tag, [])}:
                self.faults.append(f"<{tag} {name}>")
            if name in {"href", "src", "cite"} and urlsplit(value or "").scheme not in POST_SCHEMES | {""}:
                self.faults.append(f"<{tag} {name}={value}>")
            if tag == "img" and name in {"src", "srcset"} and not (value or "").startswith("/media/"):
                self.faults.append(f"<img {name}={value}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(markup: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(markup)
    inspector.close()
    return inspector.faults


def each_sanitiser_alone(markup: str) -> list[str]:
    attributes = {tag: sorted(names) for tag, names in POST_ATTRIBUTES.items()}
    cleaner = Cleaner(tags=POST_TAGS, attributes=attributes, protocols=POST_SCHEMES, strip=True)
    return [html._post_nh3.clean(cleaner.clean(markup)), html._post_nh3.clean(markup)]


def assert_harmless(body: str) -> None:
    shown = post_html(body, PICTURES)
    assert faults(shown) == []
    assert each_sanitiser_alone(shown) == [shown, shown]
    assert post_html(shown, PICTURES) == shown


@pytest.mark.parametrize("attack", OWN)
def test_no_attack_of_our_own_survives(attack: str) -> None:
    assert_harmless(attack)
    assert_harmless(f"<p>{attack}</p><p>After.</p>")


@needs_corpora
@pytest.mark.corpora
def test_no_attack_of_the_corpora_survives() -> None:
    attacks = corpora()
    assert len(attacks) > 600
    for attack in attacks:
        assert_harmless(attack)


@pytest.mark.parametrize(
    "unsafe", ["<svg>", "<p onclick=x>", "<a href='javascript:x'>", "<img src='//x/'>", "<!--x-->"]
)
def test_the_inspector_sees_what_is_not_allowed(unsafe: str) -> None:
    assert faults(unsafe)


tags = st.sampled_from(
    [*sorted(POST_TAGS), "h1", "script", "style", "svg", "math", "mtext", "select", "template", "object", "iframe"]
    + ["textarea", "title", "noscript", "font", "nobr", "option", "form", "foreignObject", "plaintext", "colgroup"]
)
attributes = st.sampled_from(
    """
    , lang=ko, class="video", href="https://youtu.be/x", href="javascript:a", src=/media/river.webp, title="<b>",
    src="https://example.org/x.png?a=1&b=2" alt="a&quot;b", onclick=a, alt='x"y', colspan=2, a"b, cite="http://x"
    """.replace("\n", "").split(",")
)
pieces = st.one_of(
    st.builds("<{}{}>".format, tags, attributes),
    st.builds("</{}>".format, tags),
    st.sampled_from(
        'x|&|&amp;|&lt;|&nbsp;|<|>|"|<!--|-->|https://youtu.be/x?a=1&b=2|\x0c|\r\n|\x00|<![CDATA['.split("|")
    ),
    st.text(max_size=5),
)


bodies = st.lists(pieces, max_size=25).map("".join)


@settings(max_examples=500, deadline=None)
@given(bodies)
def test_any_markup_comes_out_harmless_and_settled(body: str) -> None:
    assert_harmless(body)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    check_post_body(text)
    assert_harmless(text)


def seconds(call: Callable[[], object]) -> float:
    """Processor time of the faster of two calls."""
    times = []
    for _attempt in range(2):
        start = time.process_time()
        with suppress(HtmlError):
            call()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "unit",
    "< </ <!-- & &a &amp; <b <br> <p> </p> <li> <dd> <b> <a> <div> <ul><li> <b>x</b> <img/src=x> <table><tr><td> "
    "<b><!--</b>--> <b/title='</b>'> <b><table></b></table> <svg> <select> <style> <font/color=1> https:// "
    '<a/href=" <p>https://youtu.be/x <b/ <![CDATA[ <rt> <option> <b><p>'.split(),
)
def test_reading_takes_time_in_proportion_to_length(unit: str) -> None:
    half, whole = ((unit * (length // len(unit))) for length in (10_000, 40_000))
    assert seconds(lambda: post_html(whole, {})) < 10 * seconds(lambda: post_html(half, {})) + 0.1


@pytest.mark.parametrize(
    "body",
    [
        "x" * 500_001,
        "&" * 200_000,
        "<div>" * 101,
        "<div>" * 100_000,
        "<ul><li>" * 60_000,
        "<b><!--</b>-->" * 30_000,
        "<b title='</b>'>" * 30_000,
        "<b><table></b></table>" * 20_000,
        "<b><style></b></style>" * 20_000,
        "<p>" + "".join(f"<b lang=x{number}>" for number in range(60)) + "</p>" + "<p>x" * 100_000,
    ],
    ids=lambda body: f"{body[:24]}… {len(body)}",
)
def test_what_would_take_too_long_is_refused_at_once(body: str) -> None:
    assert seconds(lambda: check_post_body(body)) < 1
    with pytest.raises(HtmlError):
        check_post_body(body)
    with pytest.raises(HtmlError):
        post_html(body, {})


@pytest.mark.parametrize(
    "body", ["<p>word</p>" * 40_000, "<ul>" + "<li><b>x</b>" * 20_000, "<div>" * 100, "한" * 500_000]
)
def test_a_very_long_text_is_taken(body: str) -> None:
    check_post_body(body)


def test_a_refusal_says_what_is_wrong() -> None:
    with pytest.raises(HtmlError, match="longer than 500000 characters"):
        check_post_body("x" * 500_001)
    with pytest.raises(HtmlError, match="more than 100 elements inside one another"):
        check_post_body("<div>" * 101)


@pytest.mark.parametrize(
    "markup",
    [
        "<h2>A</h2><h3>B</h3><h4>C</h4>",
        '<p lang="ko">북한 <em>인권</em> <span lang="en" dir="ltr">NKHR</span></p>',
        '<table tabindex="0"><caption>C</caption><thead><tr><th scope="col">A</th></tr></thead>'
        '<tbody><tr><th scope="row">B</th><td colspan="2" rowspan="3">1</td></tr></tbody></table>',
        '<ol start="3" type="a" reversed=""><li value="5">x</li></ol><dl><dt>T</dt><dd>D</dd></dl>',
        '<blockquote cite="https://example.org/"><p>Q</p></blockquote><p><q>q</q> <cite>c</cite></p>',
        '<p><a href="/about/" title="t">a</a> <a href="mailto:x@example.org">m</a> <a href="#n">n</a></p>',
        '<details><summary>S</summary><p>D</p></details><hr><pre tabindex="0"><code>a  b\n</code></pre>',
        '<p><abbr title="t">A</abbr> H<sub>2</sub>O<br>e<sup>2</sup> <s>s</s> <mark>m</mark> <kbd>k</kbd></p>',
        '<p>1 &lt; 2 &amp; 3 &gt; 2; "quoted" &amp;lt; © … 한글 🕊</p>',
    ],
)
def test_what_editors_write_is_kept_as_it_is(markup: str) -> None:
    assert post_html(markup, {}) == markup


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<h1>A</h1>", "<h2>A</h2>"),
        ("<script>alert(1)</script><style>p{}</style>After", "After"),
        ("<p>One<p>Two", "<p>One</p><p>Two</p>"),
        ("<b>bold <i>both</b> italic</i>", "<b>bold <i>both</i></b><i> italic</i>"),
        ("<!--more--><p>x</p><!-- wp:x -->", "<p>x</p>"),
        ('<p class="c" id="i" style="s" data-x="d" onclick="o">x</p>', "<p>x</p>"),
        ("a\x00b\x0bc\x7f", "abc"),
        ("1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
        ("", ""),
    ],
)
def test_markup_is_mended(body: str, shown: str) -> None:
    assert post_html(body, {}) == shown
