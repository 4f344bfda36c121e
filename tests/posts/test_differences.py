"""What is marked where two texts differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.newsroom.differences import MOST, Passage, Side, as_the_editor, differences, readable

BOTH, BEFORE, AFTER = Side.BOTH, Side.BEFORE, Side.AFTER
markup = st.lists(st.sampled_from(["<p>", "</p>", "<br>", "word", " ", "\n", "다른", "<", "&amp;"]), max_size=60)


@given(markup.map("".join), markup.map("".join))
def test_both_texts_are_whole_in_it(before: str, after: str) -> None:
    found = differences(before, after)
    assert "".join(passage.text for passage in found if passage.side != AFTER) == as_the_editor(before)
    assert "".join(passage.text for passage in found if passage.side != BEFORE) == as_the_editor(after)


@given(markup.map("".join))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {passage.side for passage in differences(text, text)} <= {BOTH}
    assert {passage.side for passage in differences(text, text.replace("\n", "\r\n"))} <= {BOTH}


def test_white_space_between_paragraphs_is_no_difference() -> None:
    by_hand = "<ul>\n<li>One <b>two</b> <i>three</i></li>\n</ul>\n\n<p>Four</p>\n"
    in_the_editor = "<ul>\n<li>One <b>two</b> <i>three</i></li></ul><p>Four</p>\n"
    assert {passage.side for passage in differences(by_hand, in_the_editor)} == {BOTH}


def test_the_words_that_differ_are_marked_and_no_others() -> None:
    assert differences("He was held in camp 14.", "He was held in camp 15.") == [
        Passage(BOTH, "He was held in camp "),
        Passage(BEFORE, "14."),
        Passage(AFTER, "15."),
    ]
    assert differences("<p>그는 집에 갔다.</p>", "<p>그는 갔다.</p>") == [
        Passage(BOTH, "<p>그는 "),
        Passage(BEFORE, "집에 "),
        Passage(BOTH, "갔다.</p>"),
    ]


def test_a_new_paragraph_is_one_passage() -> None:
    before, after = "<p>One.</p><p>Three.</p>", "<p>One.</p><p>Two &amp; a half.</p><p>Three.</p>"
    assert [passage.text for passage in differences(before, after) if passage.side == AFTER] == [
        "<p>Two &amp; a half.</p>"
    ]


@pytest.mark.parametrize(
    ("passage", "text"),
    [
        (Passage(BOTH, "<p>One <b>two</b></p><p>A &amp; b</p>"), "One two\nA & b\n"),
        (Passage(AFTER, "<p>One <b>two</b></p>"), "One <b>two</b>¶\n"),
        (Passage(BEFORE, '<a href="/x">'), '<a href="/x">'),
        (Passage(BEFORE, "</p><p>"), "¶\n"),
    ],
)
def test_tags_are_shown_only_where_they_differ(passage: Passage, text: str) -> None:
    assert readable(passage) == Passage(passage.side, text)


def test_what_would_take_too_long_counts_as_new_altogether() -> None:
    before, after = "word " * (MOST + 1), "Word " * 3
    assert differences(before, after) == [Passage(BEFORE, before), Passage(AFTER, after)]


def test_so_do_all_lines_between_the_first_and_the_last_that_differ_where_they_are_many() -> None:
    lines = [f"<p>{number} days</p>" for number in range(MOST + 3)]
    moved = [lines[0], *lines[-2:0:-1], lines[-1]]
    assert [passage.side for passage in differences("".join(lines), "".join(moved))] == [BOTH, BEFORE, AFTER, BOTH]


def test_one_change_in_a_text_of_many_lines_is_found() -> None:
    lines = [f"<p>{number} days</p>" for number in range(3 * MOST)]
    changed = [*lines[:MOST], "<p>No days</p>", *lines[MOST + 1 :]]
    found = differences("".join(lines), "".join(changed))
    assert [passage.text for passage in found if passage.side != BOTH] == [f"{MOST} ", "No "]
