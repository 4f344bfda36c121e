"""How right a score is, compared with numbers computed by hand."""

import pytest

from comments.measures import Measures, auc


def test_measures_are_those_computed_by_hand() -> None:
    """Spam at 3, 3, 1; ham at 2, 0, 0, 0; the threshold is 2. AUC: of 12 pairs, 3's win 8, 1 wins 3 and loses 1."""
    scored = [(3.0, True), (3.0, True), (1.0, True), (2.0, False), (0.0, False), (0.0, False), (0.0, False)]
    found = Measures.of(scored, 2.0)

    assert (found.true_spam, found.false_spam, found.true_ham, found.false_ham) == (2, 1, 3, 1)
    assert (found.precision, found.recall, found.false_alarms) == (2 / 3, 2 / 3, 1 / 4)
    assert found.mcc == pytest.approx((2 * 3 - 1 * 1) / (3 * 3 * 4 * 4) ** 0.5)
    assert found.auc == pytest.approx(11 / 12)


def test_equal_scores_count_half_and_nothing_is_no_number() -> None:
    assert auc([1.0], [1.0]) == 0.5
    empty = Measures.of([], 2.0)
    assert (empty.mcc, str(empty.auc), str(empty.precision)) == (0.0, "nan", "nan")
