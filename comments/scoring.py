"""What is known of a stored comment, laid before the signal sources that are in use."""

import datetime
from collections.abc import Iterable
from typing import NoReturn

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from comments import akismet, health, learning, proof, similar, staff_names
from comments.models import Comment
from comments.rulebook import rules
from comments.spam import Judgement, Signal, Source, Submission, judge
from comments.spam.learner import prior

POST_TEXT = 2000  # characters of a post that comments are compared with
SCORE_AGAIN = {1: 1, 2: 5, 3: 20}  # tries so far to minutes until the next; the fourth is the last


def again_at(tries: int) -> datetime.datetime | None:
    """When a comment is scored again that has been tried so often. None: not any more, it just stays held."""
    minutes = SCORE_AGAIN.get(tries)
    return timezone.now() + datetime.timedelta(minutes=minutes) if minutes else None


def submission_of(comment: Comment) -> Submission:
    """What is stored of it. What only the request knew (source, honeypot, time) is left as not known."""
    return Submission(
        text=comment.body,
        name=comment.name,
        website=comment.website,
        post_title=comment.post.title,
        post_text=f"{comment.post.title} {comment.post.body[:POST_TEXT]}",
        post_language=comment.post.language,
    )


def examine(comment: Comment, submission: Submission, *, address: str = "") -> Judgement:
    """Ask the sources in use about a stored comment. Nothing they do raises here.

    The client's `address` is for a remote source that needs it; nothing here keeps it.
    """
    return ask(comment, submission, sources_about(comment, address=address))


def ask(
    comment: Comment, submission: Submission, asked: Iterable[Source], *, known: Iterable[Signal] = ()
) -> Judgement:
    """Ask these sources, as far as they are not switched off, and note how they do. `known` was said before."""
    since = comment.created_at - datetime.timedelta(days=1)
    twins = Comment.objects.filter(text_digest=comment.text_digest, created_at__gte=since).exclude(pk=comment.pk)
    submission = submission.knowing(
        same_text_before=twins.count(),
        similar_before=similar.count_similar(comment),
        name_of_staff=staff_names.is_borne_by_staff(comment.name),
        marked_hosts=learning.marked_hosts(submission),
        **proof.history(comment)._asdict(),
    )
    states = health.states()
    judgement = judge(submission, asked, off=health.switched_off(states), known=known)
    health.note(judgement.answers, states)
    return judgement


def sources_about(comment: Comment, *, address: str = "") -> list[Source]:
    """All that are in use: the local ones, the moderators' rules, and last whoever must be asked elsewhere."""
    return [*sources(), prior, learning.learnt, rules, *akismet.sources(comment, address=address)]


def sources() -> list[Source]:
    """The callables that the setting SPAM_SIGNALS names."""
    return [_source(name) for name in settings.SPAM_SIGNALS]


def _source(name: str) -> Source:
    """A name that is gone is a source that is unavailable, not an error page."""
    try:
        source: Source = import_string(name)  # here, so that what importing costs is not held against it
    except (Exception, SystemExit) as error:  # noqa: BLE001 whatever its module does
        return _unavailable(name, error)

    def named(submission: Submission) -> Iterable[Signal]:
        return source(submission)

    named.__name__ = name
    vars(named)["remote"] = getattr(source, "remote", False)
    return named


def _unavailable(name: str, error: BaseException) -> Source:
    def source(submission: Submission) -> NoReturn:
        raise error

    source.__name__ = name
    return source
