"""Training beforehand: from templates as programs use them, and the same every time."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.scoring import sources
from comments.spam import Submission
from comments.spam.learner import Prior
from comments.spam.training import Example, spun, templates, train


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("plain", {"plain"}),
        ("{a|b} c", {"a c", "b c"}),
        ("{a|{b|c} d} e", {"a e", "b d e", "c d e"}),
        ("{a|} b", {"a b", " b"}),
        ("a} b", {"a b"}),
        ("{a b", {"a b"}),
        ("{{a|b} c", {"a c", "b c"}),
        ("}{", {""}),
        ("{}", {""}),
    ],
)
def test_one_text_of_a_template_is_spun(text: str, texts: set[str]) -> None:
    assert {spun(text, Random(seed)) for seed in range(50)} == texts  # noqa: S311 no secret


@given(st.text("ab{}| "))
def test_spinning_ends_whatever_the_braces(text: str) -> None:
    assert not {"{", "}"} & set(spun(text, Random(1)))  # noqa: S311 no secret


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("a|b", ["a", "b"]),
        ("{a|b}|c", ["{a|b}", "c"]),
        ("{a|{b|c}|d}|e", ["{a|{b|c}|d}", "e"]),
        ("a}|b", ["a}", "b"]),
        ("{a|b", ["{a|b"]),
    ],
)
def test_templates_are_parted_between_choices_only(text: str, parts: list[str]) -> None:
    assert list(templates(text)) == parts


@given(st.text("ab{}| "))
def test_no_letter_of_a_template_is_lost(text: str) -> None:
    assert "|".join(templates(text)) == text


def examples() -> list[Example]:
    spam = [Example(Submission(text=f"granite worktops number {number}"), spam=True) for number in range(10)]
    ham = [
        Example(Submission(text=f"my grandmother wrote letter {number}"), spam=False, weight=2.0)
        for number in range(10)
    ]
    return spam + ham


def test_the_same_examples_give_the_same_prior_that_tells_them_apart() -> None:
    trained = train(examples(), sources())

    assert train(examples(), sources()).dump() == trained.dump()
    assert Prior.parse(trained.dump()) == trained
    assert list(trained(Submission(text="granite worktops")))
    assert not list(trained(Submission(text="my grandmother wrote")))
