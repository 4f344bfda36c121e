"""What moderators' rules fit, and that none of them can hang anything."""

import itertools
import time
from typing import Any, get_args

import pytest

from comments.spam import Submission, judge
from comments.spam.judgement import MAX_SIGNALS
from comments.spam.rules import (
    MAX_MEMORY,
    MAX_TEXT,
    Kind,
    PatternError,
    PatternFitsNothingError,
    PatternSyntaxError,
    PatternTooLargeError,
    Row,
    Rules,
    compile_pattern,
)

_pk = itertools.count(1)


def row(kind: Any, text: str, points: float = 2.0) -> Row:
    return Row(next(_pk), kind, text, points)


def quoted(kind: str, wanted: str, **fields: str) -> str | None:
    """What the rule points at, if it fits."""
    submission = Submission(**({"text": "Nothing."} | fields))
    judgement = judge(submission, [Rules([row(kind, wanted)])])
    assert not judgement.unavailable
    return judgement.signals[0].evidence.quote if judgement.signals and judgement.signals[0].evidence else None


@pytest.mark.parametrize(
    ("kind", "wanted", "text", "found"),
    [
        ("word", "casino", "The Casino, again", "Casino"),
        ("word", "casino", "casinos", None),
        ("word", "casino", "my1casino", "casino"),
        ("word", "카지노", "카지노에서 놀자", "카지노"),
        ("word", "바카라", "온라인바카라를", "바카라"),
        ("word", "casino", "casino에서", "casino"),
        ("word", "CASINO", "casino", "casino"),
        ("phrase", "work from home", "I work\nfrom home.", "work\nfrom home"),
        ("phrase", "work from home", "homework from home", None),
        ("phrase", "Istanbul", "İSTANBUL", "İSTANBUL"),
        ("word", "x", "İİİ x", "x"),
        ("host", "example.com", "see https://www.example.com/a?b", "https://www.example.com/a?b"),
        ("host", "example.com", "see example.com에서", "example.com"),
        ("host", "example.com", "see https://badexample.com/", None),
        ("host", "example.com", "see https://example.com.evil.org/", None),
        ("host", "www.example.com", "see https://example.com/", None),
        ("host", "example.com", "see http://user@EXAMPLE.com:8080/", "http://user@EXAMPLE.com:8080/"),
        ("host", "bücher.example", "see http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("host", "xn--bcher-kva.example", "see http://bücher.example/", "http://bücher.example/"),
        ("host", "example.com", "example.com." + "a." * 2000 + "com", None),
        ("host", "a.com", "example.com." + "a." * 2000 + "com", "example.com." + "a." * 2000 + "com"),
        ("pattern", r"c[a4]s[i1]n[o0]", "C4S1N0!", "C4S1N0"),
        ("pattern", r"카지노\s*사이트", "😀 카지노  사이트", "카지노  사이트"),
        ("pattern", r"\bx", "yx", None),
        ("pattern", r"y", "\ud800y", "y"),
    ],
)
def test_a_rule_points_at_what_it_fits(kind: str, wanted: str, text: str, found: str | None) -> None:
    assert quoted(kind, wanted, text=text) == found


@pytest.mark.parametrize(
    ("kind", "field", "value", "found"),
    [
        ("word", "name", "Casino Royal", "Casino"),
        ("word", "website", "https://best-casino.example/", "casino"),
        ("host", "website", "https://shop.example.com/", "https://shop.example.com/"),
        ("host", "name", "example.com", "example.com"),
        ("pattern", "name", "Casino Royal", "Casino"),
    ],
)
def test_name_and_website_are_looked_at_too(kind: str, field: str, value: str, found: str) -> None:
    wanted = "example.com" if kind == "host" else "casino"
    assert quoted(kind, wanted, **{field: value}) == found


def test_a_rule_that_fits_says_whose_it_is() -> None:
    rule = row("word", "casino", 2.5)
    (signal,) = Rules([rule])(Submission(text="casino casino", name="casino"))
    assert (signal.name, signal.points, signal.reason) == (f"rule_{rule.pk}", 2.5, "Your rule “casino” fits.")


def test_no_rules_say_nothing() -> None:
    assert list(Rules([])(Submission(text="casino"))) == []


def test_more_hits_than_a_source_may_give_are_the_heaviest() -> None:
    rules = Rules([row("phrase", f"word{number}", points=number / 100) for number in range(60)])
    submission = Submission(text=" ".join(f"word{number}" for number in range(60)))
    judgement = judge(submission, [rules])
    assert not judgement.unavailable
    assert [signal.points for signal in judgement.signals] == [n / 100 for n in range(59, 59 - MAX_SIGNALS, -1)]
    assert len(list(rules.hits(submission))) == 60


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        ("(", PatternSyntaxError),
        ("(?=a)a", PatternSyntaxError),
        (r"(a+)\1", PatternSyntaxError),
        ("a{2000}", PatternSyntaxError),
        ("\ud800", PatternSyntaxError),
        ("a" * (MAX_TEXT + 1), PatternTooLargeError),
        (".{1000}", PatternTooLargeError),
        ("a*", PatternFitsNothingError),
        ("", PatternFitsNothingError),
        ("x|", PatternFitsNothingError),
    ],
)
def test_a_pattern_that_no_rule_may_have_is_refused(pattern: str, error: type[PatternError]) -> None:
    with pytest.raises(error):
        compile_pattern(pattern)


EVIL = r"""
(a+)+$ (a|a)+$ (a|aa)+$ (.*)*x (.*a){20} (.*a){100} (.*){1,30}x (x+x+)+y ([a-zA-Z]+)*$ ([a-z]+)+[A-Z]([a-z])+$
(a*)*b (a?){50}a{50} (a?){500}a{500} .{0,1000}x .{1000}y (.{1,30}){1,30}x ((a{30}){30}){30}
(((a{1,10}){1,10}){1,10}){1,10} [\p{L}\p{N}]{500}! \p{L}{1,1000}q (\p{Han}|\p{Hangul}|\w)*\d (\w+\s*)+$
(a|b|ab)*c (a|b|c|d|e)*f{1,300} ^(.*?,){11}P ^(.*?,){200}P (.*?a){50}b ((a|b)?){300}c (\pL+\s?){1,200}!
[가-힣]{1,1000}z (가|가나)*다{500} .*.*.*.*.*.*.*.*x ((((a+)+)+)+)+b (.)*(.)*(.)*(.)*z [^x]{1,1000}x[^y]{1,1000}y
(a.{0,500}){1,2}b a.{400}b (a|b).{12}a.{12}b (.{0,10}a){10}b .*.{20}a.{30}b (a.{40}b|b.{40}a)c (\w+\ ){40}q
""".split()
HARD_TEXTS = ["a" * 10_000, "ab" * 5_000, "가나 a," * 2_000, "a,x!" * 2_500, "\U0001f600" * 10_000, "xy" * 5_000]


@pytest.mark.parametrize("pattern", EVIL)
def test_an_evil_pattern_is_refused_or_quick(pattern: str) -> None:
    try:
        rules = Rules([row("pattern", pattern)])
    except PatternError:
        return
    for text in HARD_TEXTS:
        assert min(seconds(rules, Submission(text=text)) for _try in range(3)) <= 0.010, text[:10]


def test_a_pattern_gets_little_memory() -> None:
    assert compile_pattern("a+b").options.max_mem == MAX_MEMORY == 512 * 1024


def seconds(rules: Rules, submission: Submission) -> float:
    started = time.thread_time()
    list(rules.hits(submission))
    return time.thread_time() - started


def test_there_are_at_least_forty_evil_patterns() -> None:
    assert len(EVIL) >= 40


@pytest.mark.parametrize("text", HARD_TEXTS)
@pytest.mark.parametrize("kind", sorted({"word", "phrase", "host"} & set(get_args(Kind))))
def test_five_hundred_literals_are_quick(kind: str, text: str) -> None:
    rules = Rules([row(kind, f"ab{number}.example" if kind == "host" else f"ab{number} x") for number in range(500)])
    assert min(seconds(rules, Submission(text=text)) for _try in range(3)) <= 0.050
