import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import repeat
from math import fsum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.spam import Evidence, Judgement, Signal, Source, Submission, judge

SUBMISSION = Submission(text="Visit example.com today")


def clue(submission: Submission) -> Iterator[Signal]:
    yield Signal("clue", 1.5, "It says visit.", Evidence.of(submission, "text", 0, 5))


def silent(submission: Submission) -> Iterable[Signal]:
    return ()


def saying(answer: Any) -> Source:
    def broken(submission: Submission) -> Any:
        return answer

    return broken


def test_signals_of_all_sources_are_gathered_in_order() -> None:
    second = Signal("second", -0.5, "It is polite.")

    judgement = judge(SUBMISSION, [clue, silent, saying([second])])

    assert [signal.name for signal in judgement.signals] == ["clue", "second"]
    assert judgement.score == 1.0
    assert judgement.unavailable == ()


def test_no_opinion_is_an_answer() -> None:
    assert judge(SUBMISSION, [silent]) == Judgement(())


def test_source_may_be_an_object_that_holds_data() -> None:
    class Rules:
        def __init__(self, word: str) -> None:
            self.word = word

        def __call__(self, submission: Submission) -> Iterator[Signal]:
            if (at := submission.text.find(self.word)) >= 0:
                yield Signal("rule", 2.0, "A rule.", Evidence.of(submission, "text", at, at + len(self.word)))

    assert judge(SUBMISSION, [Rules("today")]).score == 2.0


def test_broken_object_is_named_by_its_class() -> None:
    class Learner:
        def __call__(self, submission: Submission) -> Iterable[Signal]:
            raise RuntimeError

    assert judge(SUBMISSION, [Learner()]).unavailable == ("Learner",)


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, SystemExit])
def test_source_that_raises_is_unavailable_and_the_others_are_heard(error: type[BaseException]) -> None:
    def raising(submission: Submission) -> Iterator[Signal]:
        yield Signal("half", 9.0, "Half an answer.")
        raise error

    judgement = judge(SUBMISSION, [raising, clue])

    assert [signal.name for signal in judgement.signals] == ["clue"], "half an answer does not count"
    assert judgement.unavailable == ("raising",)


def test_what_a_source_raises_does_not_carry_the_text_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def raising(submission: Submission) -> Iterable[Signal]:
        raise ValueError(submission.text)

    judge(SUBMISSION, [raising])

    assert "raising is unavailable: ValueError" in caplog.text
    assert SUBMISSION.text not in caplog.text


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        3.0,
        "spam",
        [None],
        [("clue", 1.0, "A reason.")],
        [Signal("", 1.0, "A reason.")],
        [Signal("clue", 1.0, "")],
        [Signal("c" * 61, 1.0, "A reason.")],
        [Signal("clue", 1.0, "A" * 301)],
        [Signal("clue", 1.0, "A reason\0")],
        [Signal("clue", math.nan, "A reason.")],
        [Signal("clue", math.inf, "A reason.")],
        [Signal("clue", 1e9, "A reason.")],
        [Signal("clue", -1e9, "A reason.")],
        [Signal("clue", "1", "A reason.")],  # type: ignore[arg-type]
        [Signal("clue", Decimal(1), "A reason.")],  # type: ignore[arg-type]
        [Signal("clue", 1.0, "A reason.", Evidence("text", 0, 5, "other"))],
        [Signal("clue", 1.0, "A reason.", Evidence("text", 0, 99, SUBMISSION.text))],
        [Signal("clue", 1.0, "A reason.", Evidence("text", -5, -1, "toda"))],
        [Signal("clue", 1.0, "A reason.", Evidence("text", 3, 3, ""))],
        [Signal("clue", 1.0, "A reason.", Evidence("post_language", 0, 2, "en"))],  # type: ignore[arg-type]
        [Signal("clue", 1.0, "A reason.", (0, 5))],  # type: ignore[arg-type]
        repeat(Signal("clue", 0.1, "Once more.")),
    ],
)
def test_nonsense_is_unavailable(nonsense: Any) -> None:
    judgement = judge(SUBMISSION, [saying(nonsense), clue])

    assert judgement.unavailable == ("broken",)
    assert judgement.score == 1.5


@given(st.lists(st.floats(min_value=-50, max_value=50), max_size=20))
def test_points_add_up_to_the_score(points: list[float]) -> None:
    answer = [Signal(f"clue{number}", value, "A reason.") for number, value in enumerate(points)]

    judgement = judge(SUBMISSION, [saying(answer)])

    assert judgement.score == fsum(signal.points for signal in judgement.signals) == fsum(reversed(points))
