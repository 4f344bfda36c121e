"""What was learnt: beforehand from collections of comments, and from the decisions of this site's moderators.

Both say which words weighed most. How the methods were chosen is in docs/decisions/009-learner.md.
"""

import json
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import fsum, log, sqrt, trunc
from pathlib import Path

from comments.spam.features import SIZE, VERSION, Features, features
from comments.spam.judgement import Evidence, Signal
from comments.spam.submission import Submission

PRIOR_FILE = Path(__file__).parent / "prior.bin"
KINDS = (1.0, 0.7, 1.0, 0.7)  # weights of pieces, words, shape and fields, which each kind's features share
BENEFIT = 1.5  # log-odds taken for granted against every text, since most of what is unlike spam is unlike it by chance
MOST_PRIOR = 5.0  # points: no collection of elsewhere makes spam obvious alone

BUCKETS = 1 << 16  # that a site counts in: two 4-byte numbers each
VOICE = 8.0  # points for each log-odds of the mean: the features of one text are no independent witnesses
MOST_LEARNT = 4.0  # points in either direction, so that what was learnt decides nothing alone
FEW = 4  # comments of the rarer kind at which what was learnt counts half

SHOWN = 3  # words that a moderator is shown
WORTH_SHOWING = 0.2  # points
TINY = 1e-9  # points that rounding alone may leave

Contributions = Mapping[int, float]  # place of a token to log-odds; -1 for what belongs to no token


@dataclass(frozen=True, slots=True)
class Prior:
    """A logistic regression of which every weight is one byte."""

    weights: "array[int]"  # signed bytes, one for each number of a feature
    unit: float  # log-odds of a weight of 1
    intercept: float

    def __call__(self, submission: Submission) -> Iterator[Signal]:
        """Speaks against a comment or is silent: what is unlike the spam of others is not therefore honest."""
        found = self.contributions(features(submission))
        points = min(self.intercept + BENEFIT + sum(found.values()), MOST_PRIOR)
        if points > 0:
            yield from explained("prior", points, found, submission)

    def contributions(self, found: Features) -> dict[int, float]:
        places: dict[int, float] = {}
        for kind, scale in zip(found, scales(found), strict=True):
            unit = self.unit * scale
            for number, place in kind.items():
                if weight := self.weights[number]:
                    places[place] = places.get(place, 0.0) + unit * weight
        return places

    def dump(self) -> bytes:
        head = {"features": VERSION, "unit": self.unit, "intercept": self.intercept}
        return json.dumps(head).encode() + b"\n" + zlib.compress(self.weights.tobytes(), 9)

    @classmethod
    def parse(cls, data: bytes) -> "Prior":
        """Raises ValueError if it was made for other features."""
        line, _newline, packed = data.partition(b"\n")
        head = json.loads(line)
        weights = array("b", zlib.decompress(packed))
        if head["features"] != VERSION or len(weights) != SIZE:
            raise ValueError("The prior was made for other features; run manage.py train_prior.")
        return cls(weights, head["unit"], head["intercept"])


def scales(found: Features) -> Iterator[float]:
    """What one feature of each kind counts: many share the weight of their kind."""
    return (weight / sqrt(len(kind) or 1) for kind, weight in zip(found, KINDS, strict=True))


@cache
def trained() -> Prior:
    """What comes with the software. Raises ValueError or OSError where the file is not fit."""
    return Prior.parse(PRIOR_FILE.read_bytes())


def prior(submission: Submission) -> Iterator[Signal]:
    """The source: what was learnt beforehand."""
    return trained()(submission)


class Counts:
    """In how many spam and honest comments each feature stood. Learning and un-learning are exact opposites."""

    def __init__(self, spam: int = 0, ham: int = 0, data: bytes = b"") -> None:
        self.spam = spam  # comments
        self.ham = ham  # comments
        self.counts = array("I", data or bytes(8 * BUCKETS))  # of spam and ham in turn
        self.said = [sum(self.counts[::2]), sum(self.counts[1::2])]  # features of all spam and of all ham

    def learn(self, submission: Submission, *, spam: bool, times: int = 1) -> None:
        """Count a decision, or with `times=-1` take it back."""
        for bucket in buckets(features(submission)):
            place = 2 * bucket + (not spam)
            before = self.counts[place]
            self.counts[place] = max(0, before + times)  # a newer Python may see other letters in a text
            self.said[not spam] += self.counts[place] - before
        if spam:
            self.spam = max(0, self.spam + times)
        else:
            self.ham = max(0, self.ham + times)

    def dump(self) -> bytes:
        return self.counts.tobytes() if self.spam or self.ham else b""

    def __call__(self, submission: Submission) -> Iterator[Signal]:
        """Speaks for the mean of what the features say, not the sum: a long text has more of them, not better ones."""
        found = list(self.odds(features(submission)))
        if not found:
            return
        rarer = min(self.spam, self.ham)
        voice = VOICE * rarer / (rarer + FEW) / len(found)
        places: dict[int, float] = {}
        for place, odds in found:
            places[place] = places.get(place, 0.0) + voice * odds
        points = sum(places.values())
        yield from explained("learnt", max(-MOST_LEARNT, min(points, MOST_LEARNT)), places, submission)

    def odds(self, found: Features) -> Iterator[tuple[int, float]]:
        """Place and log-odds of the features that were seen before. None while only one kind is known."""
        spam_size, ham_size = self.spam * self.said[0], self.ham * self.said[1]
        if not spam_size or not ham_size:
            return
        # A share neither of the comments nor of all they say, which longer ones make smaller: the mean of both.
        ratio = sqrt(spam_size / ham_size)
        for bucket, place in buckets(found).items():
            spam, ham = self.counts[2 * bucket], self.counts[2 * bucket + 1]
            if seen := spam + ham:
                # Laplace: as if it had stood in one more of each, so what was seen once is not carried far.
                likely = seen * spam / (spam + ham * ratio)
                yield place, log((1 + likely) / (1 + seen - likely))


def buckets(found: Features) -> dict[int, int]:
    """Where a site counts the features, with their places. Pieces of words are too many for a few decisions."""
    kinds = chain(found.words.items(), found.shape.items(), found.fields.items())
    places: dict[int, int] = {}
    for number, place in kinds:
        places.setdefault(number % BUCKETS, place)
    return places


REASONS = {
    ("prior", True): ("This is usual in spam elsewhere.", "The rest of it reads like spam elsewhere."),
    ("learnt", True): ("This was usual in spam here.", "The rest of it is like spam here."),
    ("learnt", False): (
        "This was usual in what was published here.",
        "The rest of it is like what was published here.",
    ),
}


def explained(name: str, points: float, found: Contributions, submission: Submission) -> Iterator[Signal]:
    """Signals that add up to `points`: the tokens that weighed most in that direction, then all the rest."""
    of_word, of_rest = REASONS[name, points > 0]
    shown = list(strongest(found, points))
    for place, share in shown:
        token = submission.tokens[place]
        yield Signal(name, share, of_word, Evidence.of(submission, "text", token.start, token.end))
    left = fsum((points, *(-share for _place, share in shown)))
    if abs(left) > TINY:
        yield Signal(name, left, of_rest)


def strongest(found: Contributions, points: float) -> Iterable[tuple[int, float]]:
    """Places and points of the few tokens that weighed most, together never more than all of it."""
    way = 1 if points > 0 else -1
    agreeing = {place: odds for place, odds in found.items() if odds * way > 0}
    if not agreeing:
        return []
    factor = min(1.0, abs(points / sum(agreeing.values())))
    shares = [(place, trunc(100 * factor * odds) / 100) for place, odds in agreeing.items() if place >= 0]
    shares.sort(key=lambda each: -abs(each[1]))
    return [share for share in shares[:SHOWN] if abs(share[1]) >= WORTH_SHOWING]
