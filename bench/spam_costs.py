#!/usr/bin/env python3
"""What Tumen's spam filter costs: CPU time for a comment, memory of what was learnt, and start-up.

The site has learnt from all labelled comments of the folder and scores the same ones: only the cost counts here.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.spam_filters import judge, megabytes, sources  # noqa: E402 it sets Django up
from comments import rows  # noqa: E402
from comments.spam import Source  # noqa: E402
from comments.spam.learner import PRIOR_FILE, Counts, Prior  # noqa: E402
from config.settings import SPAM_SIGNALS  # noqa: E402

STARTS = 9
START_UP = """
import sys, time
import django.db.models, django.forms  # which a site has anyway
begun = time.process_time()
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
from comments.spam import domains, learner
learner.trained()
loaded = time.process_time()
domains.registrable("example.org")
print(1000 * (loaded - begun), 1000 * (time.process_time() - loaded))
"""


def labelled(folder: Path) -> list[dict[str, Any]]:
    paths = sorted(chain(folder.glob("spam/*.jsonl"), folder.glob("spam/*.jsonl.gz")))
    return [row for path in paths for row in rows.read(path)]


def learnt(comments: Sequence[dict[str, Any]]) -> Counts:
    counts = Counts()
    for row in comments:
        counts.learn(rows.submission(row), spam=row["label"] == "spam")
    return counts


def milliseconds(comments: Sequence[dict[str, Any]], asked: Sequence[Source]) -> list[float]:
    """From the fields to the score, for each comment."""
    taken = []
    for row in comments:
        begun = time.process_time()
        judge(rows.submission(row), asked)
        taken.append(1000 * (time.process_time() - begun))
    return taken


def start_up() -> list[tuple[float, ...]]:
    """Milliseconds of CPU on top of Django: modules and prior, and then the list of public suffixes.

    As a site starts, with the bytecode that an earlier start has left: the first is not counted.
    """
    modules = sorted({name.rpartition(".")[0] for name in SPAM_SIGNALS})
    command = [sys.executable, "-c", START_UP, *modules]
    with tempfile.TemporaryDirectory() as bytecode:
        kept = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": bytecode}
        printed = [
            subprocess.run(command, cwd=ROOT, env=kept, check=True, capture_output=True).stdout
            for _time in range(STARTS + 1)
        ]
    return [tuple(map(float, line.split())) for line in printed[1:]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds spam/")
    comments = labelled(parser.parse_args().folder)
    before = megabytes("self")
    asked = [*sources(), Prior.parse(PRIOR_FILE.read_bytes()), learnt(comments)]
    taken = milliseconds(comments, asked)
    grown = megabytes("self") - before
    modules, suffixes = map(median, zip(*start_up(), strict=True))
    print(
        f"{len(taken)} comments: median {median(taken):.2f} ms of CPU, 99 % up to {quantiles(taken, n=100)[-1]:.2f} ms"
    )
    print(f"memory: the process grew by {grown:.1f} MB")
    print(
        f"start-up on top of Django: {modules:.0f} ms for modules and prior, {suffixes:.0f} ms more at the first link"
    )


if __name__ == "__main__":
    main()
