#!/usr/bin/env python3
"""How rightly comments are grouped into campaigns: pairwise precision and recall, and what a comment costs.

Two comments that were put into the same campaign are a pair found; two that one sender's programme made are a pair
sought. First seeded mixes, then collections, if a folder with them is there. Nobody has labelled those by sender, so
what they show is how many readers are grouped at all; `--show` prints the groups with readers in them.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" * 4)
os.environ["DATABASE_URL"] = "sqlite://:memory:"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from bench.campaign_mix import Sent, measured, mix, run, store  # noqa: E402
from comments import rows  # noqa: E402
from comments.models import MAX_LENGTH, Comment, SketchPart  # noqa: E402
from tests.factories import make_post  # noqa: E402

CORPORA = Path(os.environ.get("TEST_CORPORA", ROOT.parent / "shared" / "data")) / "spam"
COLLECTIONS = ("foxnews_ham_dev.jsonl", "ko_news_ham_dev.jsonl", "wp_comments_dev.jsonl", "youtube_dev.jsonl")


def report_mix(seed: int) -> None:
    sent = mix(seed)
    found = measured(sent, run(sent))
    print(
        f"| mix {seed} | {len(sent)} | {found.precision:.4f} | {found.recall:.3f} "
        f"| {found.honest_grouped} of {found.honest} |"
    )


def report_collection(path: Path, *, show: bool) -> None:
    """Readers who were grouped, and advertisers: on one post without text."""
    post, groups, times = make_post(), defaultdict[int, list[tuple[bool, str]]](list), []
    labelled = [(sent_of(row), spam) for row, spam in rows.labelled(path)]
    for sent, _spam in labelled:
        began = time.perf_counter()
        store(sent, post)
        times.append(time.perf_counter() - began)
    for comment, (_sent, spam) in zip(Comment.objects.order_by("pk"), labelled, strict=True):
        if comment.campaign_id:
            groups[comment.campaign_id].append((spam, comment.body))
    members = [spam for group in groups.values() for spam, _body in group]
    spam_in_all = sum(spam for _sent, spam in labelled)
    print(
        f"| {path.name} | {len(labelled) - spam_in_all} | {members.count(False)} | {spam_in_all} "
        f"| {members.count(True)} | {len(groups)} | {1000 * median(times):.1f} "
        f"| {SketchPart.objects.count() / len(labelled):.1f} |"
    )
    for group in groups.values() if show else ():
        if not all(spam for spam, _body in group):
            print(*(f"    {'spam' if spam else 'ham '} {body[:160]!r}" for spam, body in group), "", sep="\n")


def sent_of(row: dict[str, object]) -> Sent:
    submission = rows.submission(row)
    return Sent(submission.text[:MAX_LENGTH], name=submission.name, website=submission.website)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="mixes (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="print the groups with readers in them")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    print("| seeded | comments | pairwise precision | recall | honest comments grouped |\n|:--|--:|--:|--:|--:|")
    for seed in range(options.seeds):
        with transaction.atomic():
            report_mix(seed)
            transaction.set_rollback(True)
    if not CORPORA.is_dir():
        return
    print("\n| collection | readers | grouped | advertisers | grouped | campaigns | median ms | parts a comment |")
    print("|:--|--:|--:|--:|--:|--:|--:|--:|")
    for name in COLLECTIONS:
        with transaction.atomic():
            report_collection(CORPORA / name, show=options.show)
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
