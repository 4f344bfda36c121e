"""What this site learns from its moderators' decisions, and lets go of when a decision is undone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from django.db import transaction

from comments.models import Comment, LearnerState, MarkedHost, Status, new_mark
from comments.spam import Signal, Submission
from comments.spam.domains import registrable
from comments.spam.features import VERSION
from comments.spam.learner import Counts
from comments.spam.signals.fields import host_of

SITE = "site"
LABELS = {Status.APPROVED: "ham", Status.SPAM: "spam"}  # what a person's decision teaches; a rejected text is neither

_site: tuple[int, Counts] | None = None


def learnt(submission: Submission) -> Iterator[Signal]:
    """The source: what was learnt here. One small query where nothing was learnt since."""
    return site()(submission)


def site() -> Counts:
    """What is known, loaded again when its mark is another."""
    global _site
    mark = LearnerState.objects.filter(name=SITE, features=VERSION).values_list("mark", flat=True).first()
    if mark is None:
        return Counts()
    if _site is None or _site[0] != mark:
        state = LearnerState.objects.get(name=SITE)
        _site = state.mark, _counts(state)
    return _site[1]


def _counts(state: LearnerState) -> Counts:
    return Counts(state.spam, state.ham, bytes(state.counts))


class Lesson(NamedTuple):
    """What a decision teaches: that a comment is `after` (spam, ham or nothing) instead of `before`."""

    submission: Submission  # as `counted` gives it
    before: str
    after: str

    @property
    def steps(self) -> list[tuple[str, int]]:
        """What is counted how often: -1 is forgotten."""
        return [(kind, times) for kind, times in ((self.before, -1), (self.after, 1)) if kind]


def lesson(comment: Comment, after: str) -> Lesson | None:
    """None where nothing is to be learnt: then the text need not be looked at."""
    return Lesson(counted(comment), comment.learnt, after) if comment.learnt != after else None


def relearn(lessons: Sequence[Lesson]) -> None:
    """Learn from decisions, in the transaction in which `Comment.learnt` is changed. Written once for all of them.

    No query where nothing is to be learnt.
    """
    if not lessons:
        return
    state, _created = LearnerState.objects.select_for_update().get_or_create(name=SITE, defaults={"features": VERSION})
    # Counted anew after the features have changed: the comments say already what is to be learnt.
    _store(state, _with(lessons, _counts(state)) if state.features == VERSION else _counted_anew())
    _count_hosts(lessons)


def _with(lessons: Iterable[Lesson], counts: Counts) -> Counts:
    for lesson in lessons:
        for kind, times in lesson.steps:
            counts.learn(lesson.submission, spam=kind == "spam", times=times)
    return counts


def _counted_anew() -> Counts:
    """From all texts that are still held."""
    counts = Counts()
    held = Comment.objects.exclude(learnt="").exclude(body="")
    for comment in held.only("body", "name", "website", "learnt").iterator():
        counts.learn(counted(comment), spam=comment.learnt == "spam")
    return counts


def _store(state: LearnerState, counts: Counts) -> None:
    state.features, state.spam, state.ham, state.counts = VERSION, counts.spam, counts.ham, counts.dump()
    state.mark = new_mark()
    state.save()


def counted(comment: Comment) -> Submission:
    """What is learnt of a comment: only what stays stored with it, so that it can be un-learnt."""
    return Submission(text=comment.body, name=comment.name, website=comment.website)


def hosts(submission: Submission) -> set[str]:
    """The sites that a comment leads to."""
    named = [link.host for link in submission.links] + [host_of(submission.website)]
    return {registrable(host)[:253] for host in named if host}


def _count_hosts(lessons: Iterable[Lesson]) -> None:
    counted = Counter[tuple[str, str]]()
    for lesson in lessons:
        for host, (kind, times) in product(hosts(lesson.submission), lesson.steps):
            counted[host, kind] += times
    names = sorted({host for host, _kind in counted})
    found = MarkedHost.objects.select_for_update().order_by("host").in_bulk(names)
    for host in names:
        row = found.get(host) or MarkedHost(host=host)
        # Not below zero: a newer list of endings may cut the same address otherwise than when it was counted.
        row.spam = max(0, row.spam + counted[host, "spam"])
        row.ham = max(0, row.ham + counted[host, "ham"])
        if row.spam or row.ham:
            row.save()
        elif host in found:
            row.delete()


def marked_hosts(submission: Submission) -> tuple[str, ...]:
    """Those that moderators marked as spam and never published. One query if there is any host at all."""
    found = hosts(submission)
    if not found:
        return ()
    return tuple(MarkedHost.objects.filter(host__in=found, spam__gt=0, ham=0).values_list("host", flat=True))


def learn_imported() -> int:
    """Learn from the comments that came from WordPress with a state. Returns how many; a second time none."""
    taught = 0
    unlearnt = Comment.objects.filter(wordpress_id__isnull=False, learnt="", status__in=LABELS, purged_at=None)
    imported = unlearnt.only("body", "name", "website", "status", "learnt", "post_id")
    for comment in imported.iterator(chunk_size=500):
        label = LABELS[Status(comment.status)]
        with transaction.atomic():
            # Unless somebody has decided about it meanwhile, and that was learnt.
            if Comment.objects.filter(pk=comment.pk, status=comment.status, learnt="").update(learnt=label):
                relearn([Lesson(counted(comment), "", label)])
                taught += 1
    return taught
