"""How right a score is, measured on comments of which it is known whether they are spam."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from math import nan, sqrt


@dataclass(frozen=True, slots=True)
class Measures:
    true_spam: int
    false_spam: int  # honest comments that count as spam
    true_ham: int
    false_ham: int
    auc: float  # chance that a spam comment scores higher than an honest one; nan if there are none of a kind

    @classmethod
    def of(cls, scored: Iterable[tuple[float, bool]], threshold: float) -> "Measures":
        """`scored`: score, and whether it is spam."""
        spam: list[float] = []
        ham: list[float] = []
        for score, is_spam in scored:
            (spam if is_spam else ham).append(score)
        caught, accused = (sum(score >= threshold for score in kind) for kind in (spam, ham))
        return cls(caught, accused, len(ham) - accused, len(spam) - caught, auc(spam, ham))

    @property
    def precision(self) -> float:
        return _share(self.true_spam, self.true_spam + self.false_spam)

    @property
    def recall(self) -> float:
        return _share(self.true_spam, self.true_spam + self.false_ham)

    @property
    def false_alarms(self) -> float:
        return _share(self.false_spam, self.false_spam + self.true_ham)

    @property
    def mcc(self) -> float:
        """Matthews correlation coefficient; 0 where a row or column is empty, as is usual."""
        tp, fp, tn, fn = self.true_spam, self.false_spam, self.true_ham, self.false_ham
        product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        return (tp * tn - fp * fn) / sqrt(product) if product else 0.0

    def __str__(self) -> str:
        counts = f"TP {self.true_spam}  FP {self.false_spam}  TN {self.true_ham}  FN {self.false_ham}"
        shares = f"precision {self.precision:.4f}  recall {self.recall:.4f}  false-alarm rate {self.false_alarms:.4f}"
        return f"{counts}\n{shares}\nMCC {self.mcc:.4f}  ROC AUC {self.auc:.4f}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else nan


def auc(spam: list[float], ham: list[float]) -> float:
    """Area under the receiver operating characteristic; equal scores count half."""
    ordered = sorted(ham)
    below = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in spam)
    return below / 2 / (len(spam) * len(ham)) if spam and ham else nan
