"""Signals in the moderators' language: every name and every sentence that our code can write, and nothing else."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from comments.akismet import SIGNAL
from comments.models import CommentSignal, Sanction, Status
from comments.moderation import reject
from comments.sanctions import reason
from comments.scoring import sources
from comments.signal_words import NAMES, name_of, told
from comments.spam import Answer, Submission, gap_name, judge
from comments.spam.learner import REASONS
from comments.spam.signals.wording import WARES
from config.accounts import languages
from tests.comments.spam.clues import CLUES
from tests.factories import make_comment, make_user

ROOT = Path(__file__).parents[2] / "comments"
WRITERS = [*(ROOT / "spam").rglob("*.py"), ROOT / "akismet.py", ROOT / "policy.py"]
SAMPLES = {
    "what": "goods",
    "self.missing": "unavailable",
    "deed": "published",
}  # in f-strings, beside numbers and hosts
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def english(sentence: ast.expr) -> str:
    """The words of a string, with samples for what is inserted; empty for any other expression."""
    match sentence:
        case ast.Constant(str() as text):
            return text
        case ast.JoinedStr(values):
            return "".join(map(english, values))
        case ast.FormattedValue(value):
            return SAMPLES.get(ast.unparse(value), "3")
    return ""


def sentences() -> Iterator[str]:
    """All strings of the writers that are sentences, without docstrings, the server's log and errors."""
    for path in WRITERS:
        nodes = list(ast.walk(ast.parse(path.read_text())))
        unsaid = [part for node in nodes if is_unsaid(node) for part in ast.walk(node)]
        pieces = [piece for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values]
        for node in set(nodes).difference(unsaid, pieces):
            if isinstance(node, ast.expr) and re.fullmatch(r"(?:[A-Z]|3: ).+\.", text := english(node)):
                yield text


def is_unsaid(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Call)
    )


def other_sentences() -> Iterator[str]:
    """Whose words come from a table."""
    yield from (f"It has 2 words of advertisements for {what}." for _points, what in WARES.values())
    yield from (Answer("links", missing=missing).gap().reason for missing in ("switched off", "did not finish"))
    yield "Score 3.0: it is not put into the spam folder by itself, because that has not been right often enough."
    for effect, (kind, text) in product(
        Sanction.Effect, [("proof", ""), ("host", "bad.example"), ("phrase", "“a” of b")]
    ):
        yield reason(Sanction(effect=effect, kind=kind, text=text))


def said(fields: dict[str, Any]) -> Any:
    return judge(Submission(**{"text": "", **fields}), sources()).signals


def test_sentences_are_found_in_the_code() -> None:
    found = set(sentences())
    assert {"It gives a phone number.", "Your rule “3” fits.", "Akismet calls it spam."} <= found
    assert "It leads to 3 3 times." in found
    assert len(found) > 65


@pytest.mark.parametrize("sentence", sorted({*sentences(), *other_sentences(), "withdrawn by its author"}))
def test_every_sentence_is_told_in_korean(sentence: str) -> None:
    with translation.override("ko"):
        assert re.search(r"[가-힣]", told(sentence)), sentence
        assert not PLACEHOLDER.search(told(sentence))
    with translation.override("en"):
        assert told(sentence) == sentence


@pytest.mark.parametrize(("_name", "fields", "_quote"), CLUES)
def test_each_signal_is_named_and_told_in_korean(_name: str, fields: dict[str, Any], _quote: str) -> None:
    with translation.override("ko"):
        for signal in said(fields):
            assert told(signal.reason) != signal.reason
            assert re.search(r"[가-힣]", name_of(signal.name)), signal.name


@pytest.mark.parametrize(
    "name", sorted({*NAMES, *(name for name, _spam in REASONS), *map("wares_{}".format, WARES), SIGNAL})
)
def test_names_are_korean_and_remain_in_english(name: str) -> None:
    with translation.override("ko"):
        assert re.search(r"[가-힣]", name_of(name))
    with translation.override("en"):
        assert name_of(name) == name.replace("_", " ").capitalize()


@pytest.mark.parametrize("missing", ["unavailable", "switched off", "did not finish"])
def test_what_is_missing_is_named_in_korean(missing: str) -> None:
    with translation.override("ko"):
        assert name_of(gap_name("links.many_links", missing)).startswith("Links.many links: ")


def test_what_is_quoted_stays_as_it_is() -> None:
    rule = "” fits. %(text)s: unavailable. <b> It promises money."
    with translation.override("ko"):
        assert told(f"Your rule “{rule}” fits.") == f"규칙에 맞습니다: “{rule}”."
        assert "a.example, an address" in told("It leads to a.example, an address 3 times.")
        assert told("It was written and sent within 1.2 seconds.") == "1.2초 만에 작성되어 전송되었습니다."


@pytest.mark.parametrize(
    "strange", ["", "A clue of our own.", "It gives a phone number", "It has many links; comments."]
)
def test_what_somebody_else_says_is_not_touched(strange: str) -> None:
    with translation.override("ko"):
        assert told(strange) == strange
        assert name_of("wallet_address") == "Wallet address"


def test_what_earlier_versions_wrote_is_told_in_korean_too() -> None:
    with translation.override("ko"):
        assert "3번" in told("The same text was sent 3 times before in the last 24 hours.")


@pytest.fixture
def by(client: Client) -> User:
    moderator = make_user(is_superuser=True)
    languages.choose(moderator, "ko")
    client.force_login(moderator)
    return moderator


@pytest.mark.django_db
def test_the_queue_speaks_korean_and_keeps_english(client: Client, by: User) -> None:
    because = {"name": "many_links", "points": 2.5, "reason": "It has 3 links; comments seldom have three."}
    comment = make_comment(status=Status.PENDING, outcome="held", counterfactual={**because, "otherwise": "published"})
    reason = "It leads to <i>.example 3 times."
    CommentSignal.objects.create(comment=comment, name="repeated_host", points=1, reason=reason)
    CommentSignal.objects.create(comment=comment, name="honeypot", points=1, reason="")

    page = client.get("/admin/comments/queue/").text

    assert "같은 곳으로 3번 연결됩니다: &lt;i&gt;.example." in page
    assert "숨은 입력란" in page
    assert "“링크가 3개 있습니다. 댓글에 링크가 세 개 있는 일은 드뭅니다”(+2.5) 때문에만 보류" in page
    assert '<option value="repeated_host">되풀이된 호스트</option>' in page
    assert comment.signals.get(name="repeated_host").reason == reason


@pytest.mark.django_db
def test_the_log_tells_what_the_site_decided_and_leaves_what_people_wrote(client: Client, by: User) -> None:
    for who in (None, by):
        reject(make_comment(status=Status.PENDING), by=who, reason="Banned: host bad.example")

    page = client.get("/admin/comments/log/").text

    assert "차단: 호스트 bad.example" in page
    assert "Banned: host bad.example" in page
