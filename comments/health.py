"""Sources of signals that give no answer, are too slow, or end the process: moderators are told, and decide."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from comments.models import Comment, SourceHealth
from comments.spam import Answer, gap_name

State = SourceHealth.State


def states() -> dict[str, str]:
    """The sources that are not well. One query."""
    return dict(SourceHealth.objects.values_list("source", "state"))


def troubles() -> list[SourceHealth]:
    """The same with all that is known of them. One query."""
    return list(SourceHealth.objects.all())


def switched_off(states: Mapping[str, str]) -> frozenset[str]:
    return frozenset(source for source, state in states.items() if state == State.OFF)


def note(answers: Iterable[Answer], before: Mapping[str, str]) -> None:
    """Remember who failed, and forget it of those who answer again. No query where nothing has changed."""
    for answer in answers:
        if answer.too_slow is not None:
            switch_off(answer.source, milliseconds=answer.too_slow)
        elif answer.missing == "unavailable":
            SourceHealth.objects.get_or_create(
                source=answer.source, defaults={"state": State.UNAVAILABLE, "error": answer.error[:60]}
            )
        elif not answer.missing and answer.source in before:
            SourceHealth.objects.filter(source=answer.source, state=State.UNAVAILABLE).delete()


def switch_off(source: str, *, milliseconds: float | None = None) -> None:
    """Ask it no more until a moderator has looked; comments wait meanwhile."""
    SourceHealth.objects.update_or_create(
        source=source,
        defaults={"state": State.OFF, "since": timezone.now(), "error": "", "milliseconds": milliseconds},
    )


@transaction.atomic
def switch_on(source: str) -> bool:
    """Ask it again, and about the comments, too, that wait without its answer. False if it was not switched off."""
    deleted, _each = SourceHealth.objects.filter(source=source, state=State.OFF).delete()
    if not deleted:
        return False
    owed = Comment.objects.waiting().filter(signals__name=gap_name(source, "switched off"))
    Comment.objects.filter(pk__in=owed.values("pk")).update(score_again_at=timezone.now(), scoring_tries=1)
    return True
