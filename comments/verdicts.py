"""What the policy makes of a judgement, stored with the comment and with the signals that led to it."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from comments import policy, precision, rulebook
from comments.models import Comment, CommentSignal, RuleHit
from comments.scoring import again_at, submission_of
from comments.spam import Judgement

CAREFUL = 100.0  # added to the score, beyond what the clues of spam add up to: what may endanger people comes first


def store(comment: Comment, judgement: Judgement) -> policy.Verdict | None:
    """Belongs into the transaction that acts on the verdict, and takes the place of an earlier one.

    None, and nothing is stored, where somebody was faster: a moderator, the commenter, or a later try to score it.
    """
    holds = policy.current()
    weighed = policy.weigh(judgement, holds.weights)
    verdict = policy.decide(weighed, holds, proven=_is_proven(comment), earned=precision.earned(holds))
    careful = policy.is_careful(weighed)
    fields = _fields(verdict) | {
        "careful": careful,
        "risk": verdict.score + (CAREFUL if careful else 0),
        "policy_version": holds.version,
        "incomplete": bool(judgement.unavailable),
        "score_again_at": again_at(comment.scoring_tries) if judgement.may_become_whole else None,
    }
    seen = Comment.objects.waiting().filter(
        pk=comment.pk, revision=comment.revision, scoring_tries=comment.scoring_tries
    )
    if not seen.update(**fields):
        return None
    comment.score_again_at = fields["score_again_at"]  # what a decision puts back if it is undone
    if comment.scoring_tries > 1:
        comment.signals.all().delete()
    CommentSignal.objects.bulk_create(_signal_rows(comment, judgement, weighed))
    fitting = rulebook.fitting(submission_of(comment))
    RuleHit.objects.bulk_create([RuleHit(comment=comment, rule_id=pk) for pk in fitting], ignore_conflicts=True)
    return verdict


def _is_proven(comment: Comment) -> bool:
    return comment.proof_id is not None and Comment.objects.proven().filter(pk=comment.pk).exists()


def _fields(verdict: policy.Verdict) -> dict[str, Any]:
    return {
        "score": verdict.score,
        "threshold": verdict.threshold,
        "outcome": verdict.outcome,
        "blind": False,  # unless it is laid before moderators again
        "counterfactual": asdict(verdict.counterfactual) if verdict.counterfactual else None,
        "scored_at": timezone.now(),
    }


def _signal_rows(comment: Comment, said: Judgement, weighed: Judgement) -> Iterator[CommentSignal]:
    for signal, counted in zip((*said.signals, *said.gaps), (*weighed.signals, *weighed.gaps), strict=True):
        yield CommentSignal(
            comment=comment,
            name=signal.name,
            points=counted.points,
            unweighted=None if counted is signal else signal.points,
            reason=signal.reason,
            evidence=asdict(signal.evidence) if signal.evidence else None,
        )
