"""What this site learns from its moderators' decisions, and lets go of when a decision is undone."""

from collections.abc import Iterator

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


@transaction.atomic
def relearn(comment: Comment, label: str) -> None:
    """Learn that the comment is `label` (spam, ham or nothing) instead of what was learnt of it before.

    Belongs into the transaction of the decision, before the text is erased and before `Comment.learnt` says so.
    """
    before = Comment.objects.select_for_update().values_list("learnt", flat=True).get(pk=comment.pk)
    if label == before:
        return
    state, submission = _locked(), counted(comment)
    counts = _counts(state)
    for kind, times in ((before, -1), (label, 1)):
        if kind:
            counts.learn(submission, spam=kind == "spam", times=times)
            _count_hosts(submission, kind, times)
    _store(state, counts)


def _locked() -> LearnerState:
    state, _created = LearnerState.objects.select_for_update().get_or_create(name=SITE, defaults={"features": VERSION})
    if state.features != VERSION:
        _store(state, _counted_anew())
    return state


def _counted_anew() -> Counts:
    """After the features have changed: from all texts that are still held."""
    counts = Counts()
    for comment in Comment.objects.exclude(learnt="").only("body", "name", "website", "learnt").iterator():
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


def _count_hosts(submission: Submission, kind: str, times: int) -> None:
    for host in hosts(submission):
        row, _created = MarkedHost.objects.get_or_create(host=host)
        # Not below zero: a newer list of endings may cut the same address otherwise than when it was counted.
        if kind == "spam":
            row.spam = max(0, row.spam + times)
        else:
            row.ham = max(0, row.ham + times)
        if row.spam or row.ham:
            row.save()
        else:
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
    imported = Comment.objects.filter(wordpress_id__isnull=False, learnt="", status__in=LABELS).only(
        "body", "name", "website", "status", "learnt", "post_id"
    )
    for comment in imported.iterator(chunk_size=500):
        label = LABELS[Status(comment.status)]
        with transaction.atomic():
            relearn(comment, label)
            current = Comment.objects.filter(pk=comment.pk, status=comment.status, learnt="").update(learnt=label)
            transaction.set_rollback(not current)  # somebody has decided about it meanwhile, and that was learnt
            taught += current
    return taught
