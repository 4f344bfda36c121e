"""Every signal of the setting: what it finds, what it leaves alone, what it quotes, and that it can be relied upon."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comments.policy import DEFAULT
from comments.scoring import sources
from comments.spam import Judgement, Signal, Submission, judge, signals, source_name
from comments.spam.learner import prior
from comments.spam.signals import phrases
from tests.comments.spam.clues import CLUES, HONEST, LONG, links

PLAIN = {"text": ""}


def judged(**submission: Any) -> Judgement:
    return judge(Submission(**PLAIN | submission), sources())


def found(**submission: Any) -> dict[str, Signal]:
    return {signal.name: signal for signal in judged(**submission).signals}


def quote(signal: Signal) -> str:
    assert signal.evidence is not None
    return signal.evidence.quote


@pytest.mark.parametrize(("name", "submission", "passage"), CLUES)
def test_clue_is_found_and_quoted_as_it_was_written(name: str, submission: dict[str, Any], passage: str) -> None:
    judgement = judged(**submission)

    assert judgement.unavailable == ()
    given = [signal for signal in judgement.signals if signal.name == name]
    assert given
    if passage:
        assert passage in map(quote, given)


@pytest.mark.parametrize("submission", HONEST)
def test_honest_comment_gets_no_points(submission: dict[str, Any]) -> None:
    assert found(**submission) == {}


def test_each_source_of_the_setting_has_a_text_that_it_finds() -> None:
    speaking = {
        answer.source
        for _name, submission, _quote in CLUES
        for answer in judged(**submission).answers
        if answer.signals
    }

    assert speaking == set(map(source_name, sources()))


def public_signals() -> Iterator[str]:
    """All functions of the package that take a submission and yield signals."""
    for module in pkgutil.iter_modules(signals.__path__, f"{signals.__name__}."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if (
                not name.startswith("_")
                and function.__module__ == module.name
                and inspect.signature(function).return_annotation == Iterator[Signal]
            ):
                yield f"{module.name}.{name}"


def test_the_setting_names_every_signal_once() -> None:
    assert sorted(settings.SPAM_SIGNALS) == sorted(public_signals())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_two_links_are_usual(count: int) -> None:
    assert "many_links" not in found(text=links(count))


def test_more_links_weigh_more_but_never_decide() -> None:
    assert [found(text=links(count))["many_links"].points for count in (3, 4, 5, 200)] == [2.0, 3.0, 4.0, 4.0]


@pytest.mark.parametrize("text", ["", "...", "Compare https://example.org/a", "https://example.org/a 참고"])
def test_words_beside_the_link_are_enough(text: str) -> None:
    assert "only_links" not in found(text=text)


@pytest.mark.parametrize("text", ["[urlaub] is German", "a < b and a href", "<abbr title=x>"])
def test_other_brackets_are_not_link_markup(text: str) -> None:
    assert "link_markup" not in found(text=text)


@pytest.mark.parametrize("text", ["revisit my grandmother", "double-clicks: doubleclick here", "visit mysteries"])
def test_latin_phrase_inside_another_word_is_none(text: str) -> None:
    assert not {"self_promotion", "call_to_click"} & {
        signal.name for signal in judge(Submission(text=text), [source_called("spam_phrases")]).signals
    }


def source_called(name: str) -> Any:
    return next(source for source in sources() if source.__name__.endswith(f".{name}"))


def test_phrase_is_still_found_behind_one_inside_another_word() -> None:
    evidence = found(text="doubleclick here, then click here")["call_to_click"].evidence

    assert evidence is not None
    assert evidence.start == 23


@pytest.mark.parametrize("ending", ["", "에서", "를", "도", "입니다", "하고"])
@pytest.mark.parametrize("word", ["카지노", "바카라", "토토", "슬롯"])
def test_korean_words_are_found_with_every_particle(word: str, ending: str) -> None:
    signal = found(text=f"오늘은 {word}{ending} 룰렛 이야기", post_language="ko")["wares_gamble"]

    assert quote(signal) == f"{word}{ending}"


@pytest.mark.parametrize("handle", ["@money77", "a@example.com", "010-1234-5678"])
@pytest.mark.parametrize("around", ["카톡{}로", "카톡 {} 문의", "연락은{}"])
def test_accounts_are_found_beside_hangul(handle: str, around: str) -> None:
    signal = found(text=around.format(handle), post_language="ko").get("contact_me")

    # A letter that may belong to a name is quoted with it.
    assert signal is None or handle in quote(signal)
    assert signal is not None or "카톡@" in around.format(handle)


def test_repeated_text_is_a_clue_and_a_third_time_a_stronger_one() -> None:
    assert [found(text=LONG, same_text_before=times)["repeated_text"].points for times in (1, 2, 90)] == [3.0, 4.0, 4.0]


def test_the_same_text_is_not_also_similar() -> None:
    assert "similar_text" not in found(text=LONG, same_text_before=1, similar_before=1)


def test_short_thanks_may_be_repeated() -> None:
    assert "repeated_text" not in found(text="감사합니다! Thank you!", same_text_before=5)


def test_three_comments_in_ten_minutes_are_a_clue() -> None:
    assert found(from_source_recently=2) == {}
    assert [found(from_source_recently=count)["frequent_source"].points for count in (3, 500)] == [0.5, 3.0]


def test_busy_shared_source_says_nothing_about_a_comment() -> None:
    assert found(from_source_recently=1000, shared_source=True) == {}


@pytest.mark.parametrize("seconds", [None, 3.0, 600.0])
def test_time_that_was_not_measured_or_enough_says_nothing(seconds: float | None) -> None:
    assert found(seconds_to_submit=seconds) == {}


def test_one_word_of_an_advertisement_may_be_said_by_anybody() -> None:
    assert found(text="My uncle lost everything in a casino.") == {}


def test_a_word_that_mixes_alphabets_without_deceiving_is_none() -> None:
    assert "mixed_scripts" not in found(text="Он купил Windowsовский диск")


@pytest.mark.parametrize("text", ["日本", "Ünïcödé is Latin", "12345 678", "김정은 (Kim)"])
def test_scripts_that_a_korean_post_uses_are_not_foreign(text: str) -> None:
    assert "foreign_script" not in found(text=text, post_language="ko")


def test_a_language_nobody_has_described_has_no_foreign_script() -> None:
    assert "foreign_script" not in found(text="Это большая новость", post_language="xx")


def test_kind_of_phrase_counts_once() -> None:
    text = "viagra, buy viagra, buy cialis, escort service"

    assert found(text=text)["selling"].points == phrases.SELLING.points


def test_phrases_are_written_as_they_are_compared() -> None:
    for kind in phrases.ALL:
        assert all(phrase == phrase.lower().strip() and phrase for phrase in kind.phrases)
        assert len(set(kind.phrases)) == len(kind.phrases)


def test_lower_case_keeps_every_place() -> None:
    longer = [chr(code) for code in range(sys.maxunicode + 1) if len(chr(code).lower()) != 1]

    assert longer == ["İ"], "spam_phrases counts on it"


@pytest.mark.parametrize(("_name", "submission", "_quote"), CLUES)
def test_no_signal_alone_is_obvious_spam(_name: str, submission: dict[str, Any], _quote: str) -> None:
    assert all(signal.points < DEFAULT.obvious_threshold for signal in judged(**submission).signals)


# Pieces of which spam is made, so that random texts come to where the signals look.
PIECES = st.sampled_from(
    [
        "http://",
        "www.",
        ".xyz",
        "a.com",
        "@abcd",
        "1-",
        "$",
        "만원",
        "카지노",
        "check",
        "my ",
        "channel",
        "[url=",
        "<a href",
    ]
    + ["İ", "\ud800", "\x00", "\u200b", "\u0301", "ﷺ", "𝓦", "а", "\n", " ", "😀", "-", "/", "thank", "article", "&#39;"]
)
TEXT = st.lists(PIECES | st.text(max_size=8), max_size=15).map("".join)
COUNT = st.integers(0, 50)
SUBMISSIONS = st.builds(
    Submission,
    text=TEXT,
    name=TEXT,
    website=TEXT | TEXT.map("https://{}".format),
    email_domain=TEXT,
    post_text=TEXT,
    post_language=st.sampled_from(["en", "ko", "xx"]),
    honeypot=TEXT,
    seconds_to_submit=st.none() | st.floats(0, 10),
    same_text_before=COUNT,
    similar_before=COUNT,
    marked_hosts=st.lists(TEXT.filter(bool), max_size=2).map(tuple),
    from_source_recently=COUNT,
    shared_source=st.booleans(),
    proven_published=COUNT,
    proven_refused=COUNT,
    name_of_proven=st.booleans(),
    name_of_staff=st.booleans(),
)


@hypothesis_settings(max_examples=200, deadline=None)
@given(SUBMISSIONS)
@example(Submission(text="http://" + "a" * 6000 + ".xyz"))
@example(Submission(text="x http://a\u200b.xyz " * 3, marked_hosts=("a\u200b.xyz",)))
@example(Submission(text="\ud800", email_domain="\ud800.com"))
@example(Submission(text="", website="https://a.example/" + "İ" * 90 + "/a"))
@example(Submission(text="", website="https://İİcasino.example/"))
def test_every_source_answers_whatever_was_sent_and_the_points_add_up(submission: Submission) -> None:
    judgement = judge(submission, [*sources(), prior])

    assert judgement.unavailable == ()
    assert sum(signal.points for signal in judgement.signals) == pytest.approx(judgement.score)
