"""Scoring what was not scored to the end: the process ended, or a source gave no answer. The worker's part.

Each try is counted before it is made, so none can bring down one worker after the other for ever.
"""

import faulthandler
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from comments import health, moderation
from comments.models import Comment, CommentSignal
from comments.scoring import SCORE_AGAIN, again_at, ask, sources_about, submission_of
from comments.spam import Answer, Evidence, Judgement, Signal, Source, gap_name, source_name
from comments.spam.signals.history import HISTORY, SAME_NAME

BATCH = 100  # comments in one turn of the worker
LAST = max(SCORE_AGAIN)
MAX_TRIES = LAST + 1
PATIENCE = 60  # seconds for one source
ABOUT_AUTHOR = {"history.proven_history", "history.same_name_unproven"}  # names of sources
UNFINISHED = Judgement.of([Answer("scoring", missing="did not finish")])


def score_due() -> int:
    """Score what is due, oldest first. Returns how many."""
    done = 0
    for comment in Comment.objects.to_score().select_related("post")[:BATCH]:
        if _claim(comment):
            _score(comment)
            done += 1
    return done


def _claim(comment: Comment) -> bool:
    """Count the try, and say when the next is due should this one not finish. False if another worker was faster."""
    seen = comment.scoring_tries
    comment.scoring_tries += 1
    due = again_at(min(comment.scoring_tries, LAST))
    unclaimed = Comment.objects.to_score().filter(pk=comment.pk, revision=comment.revision, scoring_tries=seen)
    return bool(unclaimed.update(scoring_tries=comment.scoring_tries, score_again_at=due))


def _score(comment: Comment) -> None:
    if comment.asking:
        health.switch_off(comment.asking)  # the process of an earlier try ended in this source
    if comment.scoring_tries <= MAX_TRIES:
        moderation.record(comment, examine_again(comment))
    elif comment.scored_at is None:
        moderation.record(comment, UNFINISHED)
    else:
        Comment.objects.filter(pk=comment.pk).update(score_again_at=None)


def examine_again(comment: Comment) -> Judgement:
    """Ask with what is stored: every source if none was heard yet, else those that have not answered.

    What the others said stays, for some of it only the request knew; except about the author, who may have proven
    meanwhile who they are.
    """
    stored, in_use = list(comment.signals.all()), sources_about(comment)
    names = {row.name for row in stored}
    owing = [
        source
        for source in in_use
        if comment.scored_at is None or names & _gap_names(source) or source_name(source) in ABOUT_AUTHOR
    ]
    gaps = {name for source in in_use for name in _gap_names(source)}
    known = [_signal(row) for row in stored if row.name not in gaps | {HISTORY, SAME_NAME}]
    return ask(comment, submission_of(comment), _watched(comment, owing), known=known)


def _gap_names(source: Source) -> set[str]:
    return {gap_name(source_name(source), missing) for missing in ("unavailable", "switched off")}


def _signal(row: CommentSignal) -> Signal:
    points = row.points if row.unweighted is None else row.unweighted
    return Signal(row.name, points, row.reason, Evidence(**row.evidence) if row.evidence else None)


def _watched(comment: Comment, asked: Iterable[Source]) -> Iterator[Source]:
    """Say in the comment's row who is asked now, if an earlier try did not finish.

    Should the process end in that source, the next worker finds its name there and does not follow.
    """
    row = Comment.objects.filter(pk=comment.pk, revision=comment.revision, scoring_tries=comment.scoring_tries)
    for source in asked:
        if comment.scoring_tries > 1:
            row.update(asking=source_name(source))
        with end_unless_done(PATIENCE):
            yield source
    Comment.objects.filter(pk=comment.pk, scoring_tries=comment.scoring_tries).update(asking="")


@contextmanager
def end_unless_done(seconds: float) -> Iterator[None]:
    """End the process if the block takes longer, even in a loop that lets nothing else run. `serve` replaces it."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=2)  # standard error
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
