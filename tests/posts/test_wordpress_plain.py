"""Titles and comments of WordPress are HTML; here they are plain text."""

import time

import pytest

from posts.wordpress.plain import comment_text, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Title <em>with</em> mark<sup>up</sup>", "Title with markup"),
        ("Bread &amp; &#8220;roses&#8221;", "Bread & “roses”"),
        ("1 < 2 &lt; 3", "1 < 2 < 3"),
        ("<P>One</P>\n<p>two</p>", "One two"),
        ("<!-- wp:paragraph --><p>One</p><!-- /wp:paragraph --> <!-- two", "One two"),
    ],
)
def test_a_title_is_one_line_of_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("One\r\n\r\n\r\ntwo", "One\n\ntwo"),
        ("One<br />\ntwo<br>three", "One\ntwo\nthree"),
        ("<p>One</p><blockquote>two</blockquote>three", "One\n\ntwo\n\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<dl><dt>a</dt><dd>b</dd></dl>c", "a\n\nb\n\nc"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ('See <a href="https://a.example/x?a=1&amp;b=2" rel="nofollow">this</a>.', "See this (https://a.example/x?a=1&b=2)."),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/"),
        ('<a href="https://www.a.example/x/">a.example/x</a>', "https://www.a.example/x/"),
        ('<a href="https://a.example/long/way">a.example/long…</a>', "https://a.example/long/way"),
        ('<a href="https://a.example/"></a>', "https://a.example/"),
        ('<a href="javascript:alert(1)">this</a>', "this"),
        ('<a href="https://a.example/">one</a> <a href="https://b.example/">two</a>', "one (https://a.example/) two (https://b.example/)"),
        ('<a href="https://a.example/">never closed', "never closed (https://a.example/)"),
        ('A picture: <img src="https://a.example/x.jpg" alt="x">', "A picture:\nhttps://a.example/x.jpg"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)  # fmt: skip
def test_a_comment_keeps_its_paragraphs_and_the_addresses_of_its_links(markup: str, text: str) -> None:
    assert comment_text(markup) == text


@pytest.mark.parametrize(
    "unit", ["a", "<", "<a", "<a href=x>", "<!--", "</a>", "&", "&amp;", "<p>", "\n", " ", "<a href='"]
)
def test_the_time_is_linear_whatever_the_text(unit: str) -> None:
    """A quadratic step would take minutes."""
    started = time.monotonic()
    for before in ("", "<", "<a ", "<!--"):
        comment_text(before + unit * (200_000 // len(unit)))
        plain_text(before + unit * (200_000 // len(unit)))
    assert time.monotonic() - started < 20
