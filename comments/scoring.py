"""The signal sources in use: the callables that the setting SPAM_SIGNALS names."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from comments.spam import Signal, Source, Submission


def sources() -> list[Source]:
    return [_source(name) for name in settings.SPAM_SIGNALS]


def _source(name: str) -> Source:
    """Imports when it is asked, inside the guard of `judge`: a name that is gone is unavailable, not an error page."""

    def ask(submission: Submission) -> Iterable[Signal]:
        source: Source = import_string(name)
        return source(submission)

    ask.__name__ = name
    return ask
