"""Training the prior: a logistic regression on top of the signals, whose points it takes as given.

The method is dual coordinate descent (Yu, Huang and Lin 2011, "Dual coordinate descent methods for logistic
regression and maximum entropy models"): it needs no step size and comes close to the optimum in a few rounds.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from operator import mul
from random import Random

from comments.spam.features import SIZE, features
from comments.spam.judgement import Source, judge
from comments.spam.learner import Prior, scales
from comments.spam.submission import Submission

ROUNDS = 20  # over all examples
COST = 20.0  # of an error against the size of the weights
BIAS = 4.0  # value of the feature that all examples have; the larger, the freer the intercept
FULL_BYTE = 127


@dataclass(frozen=True, slots=True)
class Example:
    submission: Submission
    spam: bool
    weight: float = 1.0  # how many examples it counts for


@dataclass(slots=True)
class Row:
    numbers: "array[int]"  # of its features
    values: "array[float]"
    given: float  # points of the signals
    sign: int  # 1 for spam, -1 for ham
    cost: float
    dual: float  # between 0 and cost
    length: float  # of its values, squared


def train(examples: Iterable[Example], signals: Sequence[Source]) -> Prior:
    """The same examples in the same order give the same prior. Takes a minute for ten thousand."""
    rows = [_row(example, signals) for example in examples]
    weights, bias = array("d", bytes(8 * SIZE)), 0.0
    for row in rows:
        bias += _move(weights, row, row.dual)
    random = Random(1)  # noqa: S311 the order of the examples is no secret
    for _round in range(ROUNDS):
        random.shuffle(rows)
        for row in rows:
            margin = row.sign * (
                row.given + bias * BIAS + sum(map(mul, row.values, map(weights.__getitem__, row.numbers)))
            )
            dual = _best(row, margin)
            bias += _move(weights, row, dual - row.dual)
            row.dual = dual
    return _quantised(weights, bias * BIAS)


def _row(example: Example, signals: Sequence[Source]) -> Row:
    found = features(example.submission)
    values = array("d", (scale for kind, scale in zip(found, scales(found), strict=True) for _number in kind))
    cost = COST * example.weight
    return Row(
        array("l", chain(*found)),
        values,
        judge(example.submission, signals).score,
        1 if example.spam else -1,
        cost,
        cost / 1000,
        sum(map(mul, values, values)) + BIAS * BIAS,
    )


def _move(weights: "array[float]", row: Row, change: float) -> float:
    """Change the weights by a change of the row's dual. Returns the change of the bias."""
    change *= row.sign
    for number, value in zip(row.numbers, row.values, strict=True):
        weights[number] += change * value
    return change * BIAS


def _best(row: Row, margin: float) -> float:
    """The dual at which the derivative is 0, which grows with it: Newton's method, held by bisection."""
    low, high, dual = 0.0, row.cost, row.dual
    for _step in range(12):
        slope = margin + (dual - row.dual) * row.length + log(dual / (row.cost - dual))
        low, high = (low, dual) if slope > 0 else (dual, high)
        change = slope / (row.length + row.cost / (dual * (row.cost - dual)))
        dual = dual - change if low < dual - change < high else (low + high) / 2
        if abs(change) < 1e-6 * row.cost:
            break
    return dual


def _quantised(weights: "array[float]", intercept: float) -> Prior:
    unit = (max(map(abs, weights)) or 1.0) / FULL_BYTE
    return Prior(array("b", (round(weight / unit) for weight in weights)), unit, intercept)
