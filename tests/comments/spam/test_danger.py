"""What is found of what endangers people, on invented comments: all that matters, and little else."""

import pytest

from comments.spam import Signal, Submission, judge
from comments.spam.signals import danger
from tests.comments.spam.danger_cases import DANGEROUS, HARMLESS
from tests.comments.spam.test_signals import quote

SOURCES = [danger.phone_number, danger.id_number, danger.street_address, danger.account, danger.relative]


def found(text: str, **fields: str) -> list[Signal]:
    judgement = judge(Submission(text=text, **fields), SOURCES)
    assert judgement.unavailable == ()
    return list(judgement.signals)


def names(text: str) -> set[str]:
    return {signal.name for signal in found(text)}


def test_the_cases_are_many_and_different() -> None:
    assert len({text for _name, text in DANGEROUS}) == len(DANGEROUS) >= 80
    assert len(set(HARMLESS)) == len(HARMLESS) >= 120


@pytest.mark.parametrize("unseen", [False, True], ids=["seen", "unseen"])
def test_what_is_dangerous_is_found_and_hardly_anything_else(*, unseen: bool) -> None:
    """Each third case was kept back while the patterns were written."""
    dangerous = [case for number, case in enumerate(DANGEROUS) if (number % 3 == 2) == unseen]
    harmless = [text for number, text in enumerate(HARMLESS) if (number % 3 == 2) == unseen]
    right = [text for name, text in dangerous if name in names(text)]
    wrong = [text for text in harmless if names(text)]

    assert len(right) / len(dangerous) >= 0.95, [text for _name, text in dangerous if text not in right]
    assert len(right) / (len(right) + len(wrong)) >= 0.95, wrong


def test_danger_is_no_spam() -> None:
    signals = [signal for _name, text in DANGEROUS for signal in found(text)]

    assert all(signal.points == 0 and danger.is_danger(signal.name) for signal in signals)


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("제 번호는 ０１０－１２３４－５６７８입니다", ["０１０－１２３４－５６７８"]),
        ("010-1234-5678 or +82 10 9999 8888", ["010-1234-5678", "+82 10 9999 8888"]),
        ("Write to a.b@example.com, not to info@example.com.", ["a.b@example.com"]),
        ("Since then my brother in Hoeryong is silent.", ["my brother in Hoeryong"]),
        ("우리는 북에 있는 동생을 압니다", ["북에 있는 동생"]),
    ],
)
def test_each_passage_is_quoted_so_that_it_can_be_covered(text: str, passages: list[str]) -> None:
    assert [quote(signal) for signal in found(text)] == passages


def test_not_more_passages_are_quoted_than_a_source_may() -> None:
    assert len(found("010-1234-5678 " * 500)) == danger.MAX_PASSAGES


def test_a_number_in_the_name_is_found_too() -> None:
    assert [quote(signal) for signal in found("Hello.", name="Kim 010-1234-5678")] == ["010-1234-5678"]


@pytest.mark.parametrize("address", ["https://example.org/010-1234-5678", "example.com/850312-2345678/12"])
def test_numbers_in_links_are_those_of_pages(address: str) -> None:
    assert names(f"See {address} for it.") == set()


@pytest.mark.parametrize("ending", ["에", "에서", "에는", "에 사는데", "의 시장에"])
def test_places_are_found_with_every_particle(ending: str) -> None:
    assert names(f"우리 누나가 혜산{ending} 있어요") == {"danger_relative"}


@pytest.mark.parametrize(
    ("past", "present"),
    [
        ("My uncle was born in Hyesan.", "My uncle was born in Hyesan and still works there."),
        ("제 고모는 혜산에서 태어나셨어요.", "제 고모는 혜산에서 태어나 지금도 거기 계십니다."),
    ],
)
def test_what_is_past_endangers_nobody_unless_it_lasts(past: str, present: str) -> None:
    assert names(past) == set()
    assert names(present) == {"danger_relative"}


def test_the_family_that_rules_is_no_relative() -> None:
    assert names("우리 어머니는 김정은이 평양에 있다고 하셨다") == set()
