"""How often each signal fires on labelled comments: python bench/signals.py FILE.jsonl[.gz]...

Each line of a file is an object with "text", "label" (spam or ham) and, where known, "author" and "author_url".
"""

import gzip
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from comments.spam import Submission, judge, normalised, signals

SPAM_THRESHOLD = 5.0  # points from which a comment counts as spam unless an administrator says otherwise
SOURCES = (
    signals.many_links,
    signals.only_links,
    signals.link_markup,
    signals.link_in_name,
    signals.repeated_text,
    signals.spam_phrases,
)


def labelled(path: Path) -> Iterator[tuple[Submission, str]]:
    """The rows of one file, each with the number of earlier rows that say the same."""
    seen: Counter[str] = Counter()
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for row in map(json.loads, lines):
            key = normalised(row["text"])
            name, website = row.get("author") or "", row.get("author_url") or ""
            yield Submission(text=row["text"], name=name, website=website, same_text_before=seen[key]), row["label"]
            seen[key] += 1


def count(path: Path) -> Counter[tuple[str, str]]:
    """(name of a signal or outcome, label) to number of rows."""
    counts: Counter[tuple[str, str]] = Counter()
    for submission, label in labelled(path):
        judgement = judge(submission, SOURCES)
        names = {signal.name for signal in judgement.signals} | {"(rows)"}
        if judgement.score >= SPAM_THRESHOLD:
            names.add("(spam folder)")
        counts.update((name, label) for name in names)
    return counts


def log_odds(spam: int, ham: int, all_spam: int, all_ham: int) -> float:
    """Half a case added to each, so that a signal that never fired on ham is not infinitely sure."""
    return math.log((spam + 0.5) / (all_spam + 1) * (all_ham + 1) / (ham + 0.5))


def main(paths: list[Path]) -> None:
    files = [count(path) for path in paths]
    total = sum(files, Counter())
    width = max(len(name) for name, _ in total)
    print(" " * width, "spam/ham in " + ", ".join(path.name.partition("_dev")[0] for path in paths), "| all | log-odds")
    for name in sorted({name for name, _ in total}):
        cells = "  ".join(f"{file[name, 'spam']}/{file[name, 'ham']}" for file in files)
        spam, ham = total[name, "spam"], total[name, "ham"]
        odds = log_odds(spam, ham, total["(rows)", "spam"], total["(rows)", "ham"])
        print(f"{name:{width}} {cells} | {spam}/{ham} | {odds:.1f}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
