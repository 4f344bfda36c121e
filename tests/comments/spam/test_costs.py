"""What it costs to look at the texts that cost most: linear, and little for a comment of the usual length."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from comments.scoring import sources
from comments.spam import Source, Submission, judge, source_name
from comments.spam.learner import Counts, prior
from comments.spam.shingles import sketch

SHORT, LONG = 2500, 10_000  # characters; no comment may have more
MAX_CPU = 0.1  # seconds of one source for a long text
MARGIN = 0.003  # seconds that the clock and the machine may add to a short time
HOSTILE = [
    "a", "a.", "a-", "-a", ".", "a.com.", "www.", "http://", "http://a@", "가", "a가", "[url", "<a ", "<", "(", "1",
    "1 ", "1-", "(1", "1.", "1..", "1,", "$1 ", "@", "a@", "a@a.", "😀", "aа", "é", "e\u0301", "\u0301", "_", "ㅋ", "ﷺ",
    "İ", "\ud800", "\u200b", "\n", "a\n", " ", "a'", "&#", "like this ", "sub ", "check ", "my ", "check my ",
    "viagra ", "카지노에서 ", "http://a.com ", "{|",
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


def seconds(work: Callable[[], object]) -> float:
    """Of CPU, at best: what it takes where nothing comes in between."""

    def once() -> float:
        started = time.thread_time()
        work()
        return time.thread_time() - started

    gc.disable()
    try:
        return min(once() for _time in range(3))
    finally:
        gc.enable()


def asked() -> Iterator[Source]:
    counts = Counts()
    for spam in (True, False):
        counts.learn(Submission(text="Buy it here, it was in the year 1950."), spam=spam)
    yield from (*sources(), prior, counts)


@pytest.mark.parametrize(("start", "piece"), TEXTS, ids=ascii)
def test_cost_of_hostile_text_is_small_and_linear(start: str, piece: str) -> None:
    short, long = (hostile(start, piece, length) for length in (SHORT, LONG))
    assert judge(long, asked()).unavailable == ()
    for source in asked():
        cost, long_cost = (seconds(lambda source=source, text=text: list(source(text))) for text in (short, long))  # type: ignore[misc]
        assert long_cost < min(MAX_CPU, 8 * (cost + MARGIN)), source_name(source)


@pytest.mark.parametrize(("start", "piece"), TEXTS, ids=ascii)
def test_cost_of_preparing_hostile_text_is_small_and_linear(start: str, piece: str) -> None:
    for work in (
        lambda length: hostile(start, piece, length),
        lambda length: sketch(hostile(start, piece, length).text),
    ):
        cost, long_cost = (seconds(lambda work=work, length=length: work(length)) for length in (SHORT, LONG))  # type: ignore[misc]
        assert long_cost < min(2 * MAX_CPU, 8 * (cost + MARGIN))


def test_a_usual_comment_costs_next_to_nothing() -> None:
    sources_asked = list(asked())
    texts = [
        f"My grandmother was born in Hamhung in 19{year}; I never heard her speak of it." for year in range(10, 60)
    ]
    judge(Submission(text=texts[0]), sources_asked)

    costs = sorted(seconds(lambda text=text: judge(Submission(text=text), sources_asked)) for text in texts)  # type: ignore[misc]

    assert costs[len(costs) // 2] < 0.002
