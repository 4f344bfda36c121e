"""What is known of a stored comment, laid before the signal sources that are in use."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from comments.models import Comment
from comments.spam import Judgement, Signal, Source, Submission, judge

POST_TEXT = 2000  # characters of a post that comments are compared with


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


def examine(comment: Comment, submission: Submission) -> Judgement:
    """Ask the sources in use about a stored comment. Nothing they do raises here."""
    since = comment.created_at - timedelta(days=1)
    twins = Comment.objects.filter(text_digest=comment.text_digest, created_at__gte=since).exclude(pk=comment.pk)
    return judge(replace(submission, same_text_before=twins.count()), sources())


def sources() -> list[Source]:
    """The callables that the setting SPAM_SIGNALS names."""
    return [_source(name) for name in settings.SPAM_SIGNALS]


def _source(name: str) -> Source:
    """Imports when it is asked, inside the guard of `judge`: a name that is gone is unavailable, not an error page."""

    def ask(submission: Submission) -> Iterable[Signal]:
        source: Source = import_string(name)
        return source(submission)

    ask.__name__ = name
    return ask
