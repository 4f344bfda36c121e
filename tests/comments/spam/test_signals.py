import sys
import time
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.policy import DEFAULT
from comments.spam import Signal, Submission, judge, phrases, signals

SOURCES = (
    signals.many_links,
    signals.only_links,
    signals.link_markup,
    signals.link_in_name,
    signals.honeypot,
    signals.repeated_text,
    signals.frequent_source,
    signals.spam_phrases,
)
LONG = "This text is long enough to be sent twice only on purpose."


def found(**submission: Any) -> dict[str, Signal]:
    return {signal.name: signal for signal in judge(Submission(**{"text": ""} | submission), SOURCES).signals}


def links(count: int) -> str:
    return "Sources: " + " and ".join(f"https://example.org/{number}" for number in range(count))


@pytest.mark.parametrize(
    "submission",
    [
        {"text": "Thank you. My grandmother was born in Hamhung; I never heard her speak of it."},
        {"text": "The report is at https://example.org/report and the answer at https://example.org/answer."},
        {"text": "보고서는 https://example.org/report 에서 읽었습니다. 감사합니다."},
        {"text": "She is a specialist; the casino in Rajin was built by foreigners."},
        {
            "text": "I was in the second year when the classes were over.",
            "name": "J. R. Kim",
            "website": "https://example.org",
        },
    ],
)
def test_honest_comment_gets_no_points(submission: dict[str, str]) -> None:
    assert found(**submission) == {}


def test_third_link_is_unusual_and_the_last_one_is_quoted() -> None:
    assert "many_links" not in found(text=links(2))

    signal = found(text=links(3))["many_links"]

    assert signal.points == 2.0
    assert signal.evidence is not None
    assert signal.evidence.quote == "https://example.org/2"


def test_more_links_weigh_more_but_never_decide() -> None:
    points = [found(text=links(count))["many_links"].points for count in (3, 4, 5, 200)]

    assert points == [2.0, 3.0, 4.0, 4.0]


@pytest.mark.parametrize(
    "text", ["https://example.org/a", "  example.com !!", "www.example.org\n\n- https://example.org"]
)
def test_link_without_a_word_is_a_clue(text: str) -> None:
    assert "only_links" in found(text=text)


@pytest.mark.parametrize("text", ["", "...", "Compare https://example.org/a", "https://example.org/a 참고"])
def test_words_beside_the_link_are_enough(text: str) -> None:
    assert "only_links" not in found(text=text)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("x [url=http://example.org]y[/url]", "[url"),
        ("x [URL]http://example.org[/URL]", "[URL"),
        ("x [link=http://example.org]y[/link]", "[link"),
        ('x <a href="http://example.org">y</a>', "<a href"),
        ("x <A target=_blank HREF=http://example.org>y</A>", "<A target=_blank HREF"),
    ],
)
def test_link_markup_is_quoted(text: str, quote: str) -> None:
    evidence = found(text=text)["link_markup"].evidence

    assert evidence is not None
    assert evidence.quote == quote


@pytest.mark.parametrize("text", ["[urlaub] is German", "a < b and a href", "<abbr title=x>"])
def test_other_brackets_are_not_link_markup(text: str) -> None:
    assert "link_markup" not in found(text=text)


def test_address_in_the_name_is_quoted() -> None:
    evidence = found(name="Cheap Watches www.example.com")["link_in_name"].evidence

    assert evidence is not None
    assert (evidence.field, evidence.quote) == ("name", "www.example.com")


def test_filled_honeypot_is_quoted() -> None:
    evidence = found(honeypot="http://example.com")["honeypot"].evidence

    assert evidence is not None
    assert evidence.quote == "http://example.com"


def test_repeated_text_is_a_clue_and_a_third_time_a_stronger_one() -> None:
    assert [found(text=LONG, same_text_before=times)["repeated_text"].points for times in (1, 2, 90)] == [3.0, 4.0, 4.0]


def test_short_thanks_may_be_repeated() -> None:
    assert found(text="감사합니다! Thank you!", same_text_before=5) == {}


def test_three_comments_in_ten_minutes_are_a_clue() -> None:
    assert found(from_source_recently=2) == {}
    assert found(from_source_recently=3)["frequent_source"].points == 0.5
    assert found(from_source_recently=500)["frequent_source"].points == 3.0


def test_busy_shared_source_says_nothing_about_a_comment() -> None:
    assert found(from_source_recently=1000, shared_source=True) == {}


@pytest.mark.parametrize(
    ("text", "name", "quote"),
    [
        ("This is the best Online Casino in town", "selling", "Online Casino"),
        ("좋은 글이네요. 토토사이트를 찾으시면", "selling", "토토사이트"),
        ("신규먹튀검증", "selling", "먹튀"),
        ("재택알바Make Money Online재택알바", "selling", "make money online"),
        ("İİİ please CHECK OUT MY page", "self_promotion", "CHECK OUT MY"),
        ("Click here", "call_to_click", "Click here"),
        ("I look forward to your next post.", "flattery", "your next post"),
    ],
)
def test_phrase_is_found_as_it_was_written(text: str, name: str, quote: str) -> None:
    evidence = found(text=text)[name].evidence

    assert evidence is not None
    assert evidence.quote.lower() == quote.lower()
    assert evidence.quote in text


@pytest.mark.parametrize("text", ["revisit my grandmother", "double-clicks: doubleclick here", "visit mysteries"])
def test_latin_phrase_inside_another_word_is_none(text: str) -> None:
    assert found(text=text) == {}


def test_phrase_is_still_found_behind_one_inside_another_word() -> None:
    evidence = found(text="doubleclick here, then click here")["call_to_click"].evidence

    assert evidence is not None
    assert evidence.start == 23


def test_kind_of_phrase_counts_once() -> None:
    assert found(text="viagra, buy viagra, buy cialis, escort service")["selling"].points == phrases.SELLING.points


def test_phrases_are_written_as_they_are_compared() -> None:
    for kind in phrases.ALL:
        assert all(phrase == phrase.lower().strip() and phrase for phrase in kind.phrases)
        assert len(set(kind.phrases)) == len(kind.phrases)


def test_lower_case_keeps_every_place() -> None:
    longer = [chr(code) for code in range(sys.maxunicode + 1) if len(chr(code).lower()) != 1]

    assert longer == ["İ"], "spam_phrases counts on it"


@pytest.mark.parametrize(
    "submission",
    [
        {"text": links(90)},
        {"text": "example.com"},
        {"text": "[url] <a href"},
        {"name": "example.com"},
        {"honeypot": "x"},
        {"text": LONG, "same_text_before": 1000},
        {"from_source_recently": 1000},
        *({"text": " ".join(kind.phrases)} for kind in phrases.ALL),
    ],
)
def test_no_clue_decides_alone(submission: dict[str, Any]) -> None:
    clues = found(**submission).values()

    assert clues
    assert all(0 < signal.points < DEFAULT.spam_threshold for signal in clues)


@given(st.text(), st.text(), st.text(), st.integers(0, 50), st.integers(0, 50), st.booleans())
def test_evidence_is_what_stands_there(text: str, name: str, pot: str, same: int, recent: int, shared: bool) -> None:  # noqa: FBT001
    submission = Submission(
        text=text, name=name, honeypot=pot, same_text_before=same, from_source_recently=recent, shared_source=shared
    )

    assert judge(submission, SOURCES).unavailable == ()


def hostile() -> Iterable[str]:
    pieces = [
        "a", "a.", "a-", "-a", ".", "a.com.", "www.", "http://", "http://a@", "가", "a가", "[url", "<a ", "<a href",
        "click her", "doubleclick here", "ﷺ", "İ", "http://a ", "()", "토토 사이", "a\u0301", "\n", "/", "[", "\ud800",
    ]  # fmt: skip
    return [(piece * 100_000)[:100_000] for piece in pieces]


@pytest.mark.parametrize("text", hostile(), ids=lambda text: ascii(text[:16]))
def test_cost_is_linear_on_hostile_text(text: str) -> None:
    """Twenty times the length a comment may have: what is quadratic takes minutes here."""
    started = time.process_time()
    judgement = judge(Submission(text=text, name=text, honeypot=text), SOURCES)

    assert time.process_time() - started < 3
    assert judgement.unavailable == ()
