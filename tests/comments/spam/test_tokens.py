"""Texts are cut into words, links, tags and marks, each at its place, and disguised words are seen through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.spam import Submission
from comments.spam.domains import is_cheap, is_disposable, is_shortener, registrable
from comments.spam.shingles import ALIKE, sketch
from comments.spam.tokens import concepts_of, plain


@given(
    st.lists(
        st.sampled_from(["http://a.b/c", "<b>", "&amp;", "don't", "카지노에서", "a", " ", "_", "!"])
        | st.text(max_size=5)
    )
)
def test_tokens_stand_in_order_and_leave_out_spaces_only(pieces: list[str]) -> None:
    text = "".join(pieces)
    tokens = Submission(text=text).tokens
    ends = [0, *(token.end for token in tokens)]

    assert all(end <= token.start < token.end for end, token in zip(ends, tokens, strict=False))
    covered = {place for token in tokens for place in range(token.start, token.end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("See www.example.com!", ["word", "link", "mark"]),
        ("<a href=x>don't</a>", ["tag", "word", "tag"]),
        ("a &amp; b_c", ["word", "mark", "word", "mark", "word"]),
        ("example.com에서 봤어요", ["link", "word", "word"]),
    ],
)
def test_text_is_cut_by_kind(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in Submission(text=text).tokens] == kinds


@pytest.mark.parametrize(
    ("word", "seen", "mixed"),
    [
        ("CASINO", "casino", False),
        ("ｃａｓｉｎｏ", "casino", False),
        ("𝓬𝓪𝓼𝓲𝓷𝓸", "casino", False),
        ("саsino", "casino", True),  # with Cyrillic с and а
        ("кaзинo", "казино", True),  # with Latin a and o
        ("1990th", "00th", False),
        ("coooool", "cool", False),
        ("don&#39;t", "don't", False),
        ("Windowsовский", "windowsовский", False),
        ("카지노에서", "카지노에서", False),
    ],
)
def test_words_are_compared_without_their_disguise(word: str, seen: str, mixed: bool) -> None:  # noqa: FBT001
    assert plain(word) == (seen, mixed)


@pytest.mark.parametrize(
    ("word", "concept"),
    [("카지노에서", "gamble"), ("казином", ""), ("casino", "gamble"), ("casinoverse", ""), ("출장마사지", "adult")],
)
def test_a_stem_stands_for_every_ending_and_a_word_for_itself(word: str, concept: str) -> None:
    assert (concept in concepts_of(word)) == bool(concept)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("blog.example.co.uk", "example.co.uk"),
        ("example.com", "example.com"),
        ("a.b.c.kobe.jp", "b.c.kobe.jp"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("a.river.한국", "river.한국"),
        ("a.river.xn--3e0b707e", "river.xn--3e0b707e"),
        ("a.river.example", "river.example"),
        ("a.river.xn--\u00e9", "river.xn--\u00e9"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_part_of_a_host_that_somebody_registered(host: str, name: str) -> None:
    assert registrable(host) == name


def test_lists_of_domains_are_asked_by_whole_names() -> None:
    assert is_shortener("www.bit.ly")
    assert not is_shortener("rabbit.ly")
    assert is_cheap("a.xyz")
    assert not is_cheap("xyz.com")
    assert is_disposable("mailinator.com")
    assert not any(map(is_disposable, ("", "gmail.com", "naver.com", "daum.net", "proton.me", "example.org")))


STORY = "The old bridge in Hyesan was rebuilt after the flood of that year, and nobody wrote about those who fell."


def alike(one: str, other: str) -> bool:
    return len(set(sketch(one)) & set(sketch(other))) >= ALIKE


@pytest.mark.parametrize(
    "other", [STORY.upper(), STORY.replace("old", "new"), f"{STORY} So sad!", STORY.replace(" ", "  ")]
)
def test_small_changes_leave_a_text_alike(other: str) -> None:
    assert alike(STORY, other)


def test_korean_texts_are_alike_too() -> None:
    text = "우리 할머니는 함흥에서 태어나셨고 전쟁 때 남쪽으로 내려오셨습니다. 정말 슬픈 일입니다."
    assert alike(text, text.replace("정말", "참으로"))


@pytest.mark.parametrize(
    "other", ["My grandmother was born in Hamhung; I never heard her speak of it, and I never asked her.", "", "Yes"]
)
def test_other_texts_are_not_alike(other: str) -> None:
    assert not alike(STORY, other)


def test_a_short_text_has_no_sketch() -> None:
    assert sketch("Thank you!") == sketch("👍" * 100) == ()
