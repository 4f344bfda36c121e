"""The claim of docs/decisions/004-first-signals.md, checked on the comments it was measured on."""

import os
from collections import Counter
from pathlib import Path

import pytest

from bench.signals import count, log_odds

SPAM = Path(os.environ.get("TEST_CORPORA", "../shared/data")) / "spam"
FILES = ("blogspam_bitsquid", "wp_comments", "youtube", "tgspam", "foxnews_ham", "ko_news_ham")
MOST_POINTS = {
    "call_to_click": 2.0,
    "flattery": 1.0,
    "link_markup": 2.5,
    "many_links": 4.0,
    "only_links": 3.0,
    "repeated_text": 4.0,
    "self_promotion": 4.0,
    "selling": 4.0,
}

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not SPAM.is_dir(), reason=f"no folder {SPAM}; set TEST_CORPORA to run this"),
]


@pytest.fixture(scope="module")
def counts() -> Counter[tuple[str, str]]:
    return sum((count(SPAM / f"{name}_dev.jsonl") for name in FILES), Counter())


@pytest.mark.parametrize("name", MOST_POINTS)
def test_signal_gives_no_more_points_than_it_earned(name: str, counts: Counter[tuple[str, str]]) -> None:
    spam, ham = counts[name, "spam"], counts[name, "ham"]

    assert log_odds(spam, ham, counts["(rows)", "spam"], counts["(rows)", "ham"]) >= MOST_POINTS[name]


def test_honest_comments_stay_out_of_the_spam_folder(counts: Counter[tuple[str, str]]) -> None:
    assert counts["(rows)", "ham"] > 2000
    assert counts["(spam folder)", "ham"] == 0
