"""The filter as it comes, on collections that it was not trained on."""

import os
from pathlib import Path

import pytest

from comments import policy, rows
from comments.scoring import sources
from comments.spam import judge, learner
from config.management.commands import train_prior

CORPORA = Path(os.environ.get("TEST_CORPORA", "../shared/data")) / "spam"


def share_of_spam(name: str) -> float:
    asked = [*sources(), learner.prior]
    scores = [judge(rows.submission(row), asked).score for row, _spam in rows.labelled(CORPORA / name)]
    return sum(score >= policy.DEFAULT.spam_threshold for score in scores) / len(scores)


without_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no folder {CORPORA}; set TEST_CORPORA to run this")


@pytest.mark.corpora
@without_corpora
def test_korean_readers_of_news_are_hardly_ever_called_spam() -> None:
    assert share_of_spam("ko_news_ham_dev.jsonl") <= 0.005


@pytest.mark.corpora
@without_corpora
def test_most_spam_of_a_blog_that_nobody_moderated_is_found() -> None:
    assert share_of_spam("blogspam_bitsquid_dev.jsonl") >= 0.7


def test_the_collections_it_is_measured_on_are_not_those_it_was_trained_on() -> None:
    trained_on = {collection.path for collection in train_prior.COLLECTIONS}

    assert trained_on.isdisjoint({"spam/ko_news_ham_dev.jsonl", "spam/blogspam_bitsquid_dev.jsonl"})
