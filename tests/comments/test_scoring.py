from collections.abc import Iterable

import pytest
from django.conf import LazySettings
from django.conf import settings as our_settings
from django.db.models import Model

from comments.models import Comment, CommentSignal, SourceHealth
from comments.scoring import sources
from comments.spam import Signal, Submission, gap_name, judge, source_name

EVERY_CLUE = Submission(
    text="[url] Click here: a.com b.com c.com", name="a.com", honeypot="x", same_text_before=2, from_source_recently=9
)


def test_the_sources_that_the_settings_name_are_asked() -> None:
    names = {signal.name for signal in judge(EVERY_CLUE, sources()).signals}

    assert names == {
        "call_to_click",
        "frequent_source",
        "honeypot",
        "link_in_name",
        "link_markup",
        "many_links",
        "mostly_links",
        "repeated_text",
    }


def test_every_source_in_the_settings_answers() -> None:
    assert judge(EVERY_CLUE, sources()).unavailable == ()


def test_moderators_know_every_source_by_its_whole_name() -> None:
    assert [f"comments.spam.signals.{source_name(source)}" for source in sources()] == our_settings.SPAM_SIGNALS


@pytest.mark.parametrize("missing", ["unavailable", "switched off"])
def test_the_longest_name_fits_its_columns(missing: str) -> None:
    def source(_submission: Submission) -> Iterable[Signal]:
        return ()

    source.__name__ = "a.package.of.somebody.else." + "signal" * 20
    name = source_name(source)

    assert source.__name__.endswith(name)
    assert len(name) <= width(SourceHealth, "source")
    assert len(name) <= width(Comment, "asking")
    assert len(gap_name(name, missing)) <= width(CommentSignal, "name")


def width(model: type[Model], field: str) -> int:
    longest = model._meta.get_field(field).max_length
    assert longest
    return longest


@pytest.mark.parametrize("name", ["no_such_package.signal", "comments.spam.signals.no_such_signal", "nonsense", ""])
def test_source_that_cannot_be_imported_is_unavailable(name: str, settings: LazySettings) -> None:
    settings.SPAM_SIGNALS = [name, "comments.spam.signals.behaviour.honeypot"]

    judgement = judge(EVERY_CLUE, sources())

    assert judgement.unavailable == (name.removeprefix("comments.spam.signals."),)
    assert [signal.name for signal in judgement.signals] == ["honeypot"]
