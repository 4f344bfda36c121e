#!/usr/bin/env python3
"""How well spam filters do on sources that they have never seen, and how quickly they learn a new site.

Leaves out one source after the other (a video, a news site, a blog), lets every filter learn from the others and score
what was left out. All filters see the same comments. Then each begins anew on that source, as on a new site, with the
first 10 to 200 decisions of a moderator, and scores the rest.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import fsum, nan
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import mean
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.spam_filters import PEERS, SIGNALS, TUMEN, Filter, Scored
from comments import rows
from comments.measures import Measures
from comments.scoring import sources
from comments.spam import judge
from comments.spam.learner import Counts, Prior
from comments.spam.training import Example
from config.management.commands.train_prior import chosen, example

SOURCES = {
    "youtube-spam-collection/Youtube01-Psy": "YouTube, Psy",
    "youtube-spam-collection/Youtube03-LMFAO": "YouTube, LMFAO",
    "youtube-spam-collection/Youtube05-Shakira": "YouTube, Shakira",
    "tg-spam": "Telegram groups",
    "sms-spam-collection": "SMS",
    "wxr/cc-labs-2014": "WordPress blog",
    "fox-news-comments": "English news",
}
NEVER_LEARNT = {  # their licences do not allow it
    "Korean news": "spam/ko_news_ham_dev.jsonl",
    "spam on a blog": "spam/blogspam_bitsquid_dev.jsonl",
}
NEW_SITES = tuple(SOURCES)[:5]
DECISIONS = (10, 25, 50, 100, 200)
DRAWS = 3
MOST_TESTED = 500  # comments after each number of decisions
FILTERS = (TUMEN, SIGNALS, *PEERS)
CURVES = ("Tumen, without prior", "Tumen", *(peer.name for peer in PEERS))
EMPTY = "–"

Curve = dict[tuple[str, int], float]  # name and decisions to MCC
Found = dict[str, dict[str, Scored]]  # title of a source and name of a filter to what it said


class Fold(NamedTuple):
    found: Found
    labels: dict[str, list[bool]]  # of each source
    curve: Curve


def fold(left_out: str, folder: Path) -> Fold:
    """Everything about one source; about those that are never learnt if it is none."""
    every = list(chosen(folder))
    examples = [example(*one) for one in every if one[1]["source"] != left_out]
    tests = {SOURCES[left_out]: [example(*one) for one in every if one[1]["source"] == left_out]} if left_out else {}
    tests = tests or {title: list(never_learnt(folder / path)) for title, path in NEVER_LEARNT.items()}
    found: Found = {title: {} for title in tests}
    with tempfile.TemporaryDirectory() as model:
        for each in FILTERS:
            if each.present:
                each.learn(Path(model), examples)
                for title, those in tests.items():
                    found[title][each.name] = in_fresh_process(each, Path(model), those)
        prior = Prior.parse((Path(model) / "prior").read_bytes())
    curve = learning(tests[SOURCES[left_out]], prior) if left_out in NEW_SITES else {}
    return Fold(found, {title: [one.spam for one in those] for title, those in tests.items()}, curve)


def never_learnt(path: Path) -> Iterator[Example]:
    return (Example(rows.submission(row), row["label"] == "spam") for row in rows.read(path))


def in_fresh_process(each: Filter, model: Path, those: Sequence[Example]) -> Scored:
    """So that its memory can be told from that of others."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(each.score, model, [one.submission for one in those]).result()


def learning(site: Sequence[Example], prior: Prior) -> Curve:
    told = [dict(known_beforehand(one, prior)) for one in site]
    curves = [curve_of(site, told, seed) for seed in range(DRAWS)]
    return {key: mean(curve[key] for curve in curves) for key in curves[0]}


def known_beforehand(one: Example, prior: Prior) -> Iterator[tuple[str, float]]:
    signals = judge(one.submission, sources()).score
    yield "Tumen, without prior", signals
    yield "Tumen", signals + fsum(signal.points for signal in prior(one.submission))


def curve_of(site: Sequence[Example], told: Sequence[dict[str, float]], seed: int) -> Curve:
    curve: Curve = {}
    order = drawn(site, Random(seed))
    for count in DECISIONS:
        decided, rest = [site[place] for place in order[:count]], order[count:][:MOST_TESTED]
        spam = [site[place].spam for place in rest]
        learnt = learnt_points(decided, [site[place] for place in rest])
        for name in CURVES[:2]:
            scores = [told[place][name] + points for place, points in zip(rest, learnt, strict=True)]
            curve[name, count] = mcc(scores, spam, TUMEN.threshold)
        for peer in PEERS:
            curve[peer.name, count] = mcc(asked(peer, decided, [site[place] for place in rest]), spam, peer.threshold)
    return curve


def drawn(site: Sequence[Example], random: Random) -> list[int]:
    """An order of the comments with both kinds among the first, without which no filter learns anything."""
    order = list(range(len(site)))
    random.shuffle(order)
    while len({site[place].spam for place in order[: DECISIONS[0]]}) < 2:
        random.shuffle(order)
    return order


def learnt_points(decided: Sequence[Example], rest: Sequence[Example]) -> list[float]:
    counts = Counts()
    for one in decided:
        counts.learn(one.submission, spam=one.spam)
    return [fsum(signal.points for signal in counts(one.submission)) for one in rest]


def asked(peer: Filter, decided: Sequence[Example], rest: Sequence[Example]) -> list[float]:
    if not peer.present:
        return []
    with tempfile.TemporaryDirectory() as model:
        peer.learn(Path(model), decided)
        return peer.score(Path(model), [one.submission for one in rest]).scores


def mcc(scores: Sequence[float], spam: Sequence[bool], threshold: float) -> float:
    return Measures.of(zip(scores, spam, strict=True), threshold).mcc if scores else nan


def recall_at(false_alarms: float, scored: Sequence[tuple[float, bool]]) -> float:
    """Share of the spam that scores higher than all honest comments but the allowed share."""
    ham = sorted((score for score, is_spam in scored if not is_spam), reverse=True)
    spam = [score for score, is_spam in scored if is_spam]
    if not ham or not spam:
        return nan
    limit = ham[int(false_alarms * len(ham))]
    return sum(score > limit for score in spam) / len(spam)


def print_comparison(folds: Sequence[Fold]) -> None:
    found = {title: by_filter for each in folds for title, by_filter in each.found.items()}
    labels = {title: spam for each in folds for title, spam in each.labels.items()}
    columns = "left out|filter|MCC|false alarms %|recall %|recall % at 0.5 %|at 1 %|AUC|µs|MB"
    print_heading(columns.split("|"), texts=2)
    for title, spam in labels.items():
        for each in FILTERS:
            said = found[title].get(each.name)
            scored = list(zip(said.scores, spam, strict=True)) if said else []
            name = f"{title} ({sum(spam)}/{len(spam) - sum(spam)})"
            print_row([name, each.name, *figures(scored, each.threshold), *cost([], 0)])  # few comments tell no cost
    for each in FILTERS:
        answers = [by_filter[each.name] for by_filter in found.values() if each.name in by_filter]
        scored = [pair for title in found if each.name in found[title] for pair in pairs(found, labels, title, each)]
        print_row(["**all together**", each.name, *figures(scored, each.threshold), *cost(answers, len(scored))])


def pairs(found: Found, labels: dict[str, list[bool]], title: str, each: Filter) -> Iterable[tuple[float, bool]]:
    return zip(found[title][each.name].scores, labels[title], strict=True)


def figures(scored: Sequence[tuple[float, bool]], threshold: float) -> list[str]:
    if not scored:
        return [EMPTY] * 6
    of = Measures.of(scored, threshold)
    both = {is_spam for _score, is_spam in scored} == {True, False}
    shares = (of.false_alarms, of.recall, recall_at(0.005, scored), recall_at(0.01, scored))
    return [
        shown(of.mcc if both else nan, ".3f"),
        *(shown(100 * share, ".1f") for share in shares),
        shown(of.auc, ".3f"),
    ]


def cost(answers: Sequence[Scored], count: int) -> list[str]:
    if not answers:
        return [EMPTY] * 2
    seconds = sum(answer.seconds for answer in answers)
    return [f"{1e6 * seconds / count:.0f}", f"{max(answer.megabytes for answer in answers):.0f}"]


def print_curves(curves: dict[str, Curve]) -> None:
    print_heading(["new site", "decisions", *CURVES], texts=1)
    averages = {key: mean(curve[key] for curve in curves.values()) for key in next(iter(curves.values()))}
    for title, curve in {**curves, "**mean**": averages}.items():
        for count in DECISIONS:
            print_row([title, str(count), *(shown(curve[name, count], ".3f") for name in CURVES)])


def print_heading(columns: Sequence[str], *, texts: int) -> None:
    print()
    print_row(columns)
    print_row([":--"] * texts + ["--:"] * (len(columns) - texts))


def print_row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |")


def shown(number: float, form: str) -> str:
    return EMPTY if number != number else format(number, form)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds spam/, toxic/ and lists/")
    parser.add_argument("--jobs", type=int, default=1, help="sources at a time")
    arguments = parser.parse_args()
    for peer in PEERS:
        if not peer.present:
            print(f"{peer.name} is missing, so its figures are: it needs {peer.needs}.")
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as pool:
        folds = list(pool.map(partial(fold, folder=arguments.folder), (*SOURCES, "")))
    print_comparison(folds)
    print_curves({SOURCES[source]: each.curve for source, each in zip(SOURCES, folds, strict=False) if each.curve})


if __name__ == "__main__":
    main()
