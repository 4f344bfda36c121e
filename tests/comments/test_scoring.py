import pytest
from django.conf import LazySettings

from comments.scoring import sources
from comments.spam import Submission, judge

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


@pytest.mark.parametrize("name", ["no_such_package.signal", "comments.spam.signals.no_such_signal", "nonsense", ""])
def test_source_that_cannot_be_imported_is_unavailable(name: str, settings: LazySettings) -> None:
    settings.SPAM_SIGNALS = [name, "comments.spam.signals.behaviour.honeypot"]

    judgement = judge(EVERY_CLUE, sources())

    assert judgement.unavailable == (name,)
    assert [signal.name for signal in judgement.signals] == ["honeypot"]
