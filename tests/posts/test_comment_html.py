"""The sanitising seam on comments: plain text with paragraphs and live addresses, and nothing else."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts.html import comment_html
from tests.attacks import OWN, corpora, needs_corpora
from tests.posts.test_html import seconds

LINK = re.compile(r'<a href="https?://[^"<>\s]+" rel="nofollow ugc noopener noreferrer">')


def assert_plain(text: str) -> None:
    """All that is left beside links, paragraphs and line breaks is text."""
    rest = re.sub(r"</?p>|<br>|</a>", "", LINK.sub("", comment_html(text)))
    assert "<" not in rest
    assert ">" not in rest


@pytest.mark.parametrize("attack", OWN)
def test_no_attack_of_our_own_survives(attack: str) -> None:
    assert_plain(attack)


@needs_corpora
@pytest.mark.corpora
def test_no_attack_of_the_corpora_survives() -> None:
    for attack in corpora():
        assert_plain(attack)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.sampled_from(["http://", "https://a.b/", "<", ">", '"', "'", "&", "\n", " ", ")", "한"]) | st.text()
    ).map("".join)
)
def test_any_text_is_shown_as_text(text: str) -> None:
    assert_plain(text)


@pytest.mark.parametrize("text", ["1 < 2 && <b>bold</b>", 'it\'s "quoted"', "{{ x }} & &amp; &#60;", "한글 🕊"])
def test_what_was_written_is_what_is_read(text: str) -> None:
    assert unescape(comment_html(text)) == f"<p>{text}</p>"


def test_lines_and_paragraphs_are_kept() -> None:
    assert comment_html("\na\r\nb\r\n \r\n\r\nc\rd\n") == "<p>a<br>b</p><p>c<br>d</p>"


@pytest.mark.parametrize(
    ("text", "target", "after"),
    [
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2", ""),
        ("https://example.org/a).", "https://example.org/a", ")."),
        ("https://example.org/a_(b)!", "https://example.org/a_(b)", "!"),
        ("https://user:password@example.org/", "https://example.org/", ""),
        ("http://한국.kr/길", "http://xn--3e0b707e.kr/길", ""),
        ("http://example.org:8080/…", "http://example.org:8080/", "…"),
    ],
)
def test_an_address_becomes_a_link_that_shows_where_it_leads(text: str, target: str, after: str) -> None:
    rel = "nofollow ugc noopener noreferrer"
    assert comment_html(text) == f'<p><a href="{target}" rel="{rel}">{target}</a>{after}</p>'


@pytest.mark.parametrize(
    "text",
    ["example.org", "ftp://example.org/", "javascript:alert(1)", "http://localhost/", "http://x..y/", "http://[::1]/"],
)
def test_what_is_no_web_address_stays_text(text: str) -> None:
    assert comment_html(text) == f"<p>{text}</p>"


@pytest.mark.parametrize("unit", ["http://", "http://a.b/)", "<", "&", "\n\n", "\n \n", "http://가.", "(", "a"])
def test_reading_takes_time_in_proportion_to_length(unit: str) -> None:
    quarter, whole = unit * (20_000 // len(unit)), unit * (80_000 // len(unit))
    assert seconds(lambda: comment_html(whole)) < 10 * seconds(lambda: comment_html(quarter)) + 0.1
