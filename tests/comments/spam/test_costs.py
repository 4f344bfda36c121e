"""What it costs to look at the texts that cost most: linear, and little for a comment of the usual length."""

import gc
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from comments.campaigns import KEPT
from comments.scoring import sources
from comments.spam import Source, Submission, judge, source_name
from comments.spam.learner import Counts, prior
from comments.spam.phrases import phrases, spread
from comments.spam.shingles import sketch

Text = TypeVar("Text")

SHORT, LONG = 1250, 5000  # characters; a comment with nothing but line breaks may have twice as many
MAX_CPU = 0.1  # seconds of one source for a long text; at twice as many it is switched off
TIMES = 8  # that a text of four times the length may cost; a quadratic cost is sixteen times as high
MARGIN = 0.003  # seconds that the clock and the machine may add to a short time
HOSTILE = [
    "a", "a.", "a-", "-a", ".", "a.com.", "www.", "http://", "http://a@", "가", "a가", "[url", "<a ", "<", "(", "1",
    "1 ", "1-", "(1", "1.", "1..", "1,", "$1 ", "@", "a@", "a@a.", "😀", "aа", "é", "e\u0301", "\u0301", "_", "ㅋ", "ﷺ",
    "İ", "\ud800", "\u200b", "\n", "a\n", " ", "a'", "&#", "like this ", "sub ", "check ", "my ", "check my ",
    "viagra ", "카지노에서 ", "http://a.com ", "{|", "my mother ", "in ", "in-", "동생 ", "혜산에 ", "my son in ",
    "my a.", "01", "0 ", "+1 ", "공일", "동 1", "1 A", "A-", "시 가", "a [at] ", "카톡 ", "kakao id", "路1", "850312",
]  # fmt: skip
RUNS = [
    ("check", " "),
    ("like", " "),
    ("1", "("),
    ("<a ", "b"),
    ("1", " "),
    ("take a", " "),
    ("sub", " "),
    ("http://", "a."),
]
TEXTS = [("", piece) for piece in HOSTILE] + RUNS


def hostile(start: str, piece: str, length: int) -> Submission:
    text = (start + piece * length)[:length]
    return Submission(text=text, name=text[:245], website=f"https://{text}"[:500], post_text="Of Hamhung " * 200)


def once(work: Callable[[], object]) -> float:
    """Seconds of CPU."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def seconds(work: Callable[[], object]) -> float:
    """Of CPU, at best: what it takes where nothing comes in between."""
    gc.disable()
    try:
        return min(once(work) for _time in range(3))
    finally:
        gc.enable()


def is_cheap(work: Callable[[Text], object], short: Text, long: Text, *, limit: float) -> bool:
    """Below the limit, and linear. What is quick at first sight need not be looked at more closely."""
    if once(lambda: work(long)) < TIMES * MARGIN:
        return True
    cost, long_cost = (seconds(lambda text=text: work(text)) for text in (short, long))  # type: ignore[misc]
    return long_cost < min(limit, TIMES * (cost + MARGIN))


def asked() -> Iterator[Source]:
    counts = Counts()
    for spam in (True, False):
        counts.learn(Submission(text="Buy it here, it was in the year 1950."), spam=spam)
    yield from (*sources(), prior, counts)


@pytest.mark.parametrize(("start", "piece"), TEXTS, ids=ascii)
def test_cost_of_hostile_text_is_small_and_linear(start: str, piece: str) -> None:
    short, long = (hostile(start, piece, length) for length in (SHORT, LONG))
    for source in asked():

        def answer(submission: Submission, source: Source = source) -> None:
            assert judge(submission, [source]).unavailable == ()

        assert is_cheap(answer, short, long, limit=MAX_CPU), source_name(source)


@pytest.mark.parametrize(("start", "piece"), TEXTS, ids=ascii)
def test_cost_of_preparing_hostile_text_is_small_and_linear(start: str, piece: str) -> None:
    texts = [hostile(start, piece, length).text for length in (SHORT, LONG)]

    assert is_cheap(lambda length: hostile(start, piece, length), SHORT, LONG, limit=2 * MAX_CPU)
    assert is_cheap(sketch, *texts, limit=2 * MAX_CPU)
    assert is_cheap(lambda text: spread(range(len(phrases(text))), KEPT), *texts, limit=2 * MAX_CPU)


def test_quadratic_work_is_not_cheap() -> None:
    assert not is_cheap(lambda text: sum(range(len(text) ** 2)), "a" * SHORT, "a" * LONG, limit=1)


def test_a_usual_comment_costs_next_to_nothing() -> None:
    sources_asked = list(asked())
    texts = [
        f"My grandmother was born in Hamhung in 19{year}; I never heard her speak of it." for year in range(10, 60)
    ]
    judge(Submission(text=texts[0]), sources_asked)

    costs = sorted(seconds(lambda text=text: judge(Submission(text=text), sources_asked)) for text in texts)  # type: ignore[misc]

    assert costs[len(costs) // 2] < 0.002
