"""The example in docs/signals.md, as it stands there."""

import re
from pathlib import Path
from typing import Any

import pytest

from comments.spam import Judgement, Submission, judge

PAGE = Path(__file__).parents[3] / "docs" / "signals.md"
WALLET = "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"


def documented() -> str:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return example


def judged(text: str) -> Judgement:
    module: dict[str, Any] = {}
    exec(documented(), module)  # noqa: S102 our own document
    return judge(Submission(text=text), [module["wallet"]])


def test_it_has_ten_lines() -> None:
    assert len(list(filter(None, documented().splitlines()))) <= 10


def test_it_quotes_what_it_found() -> None:
    (signal,) = judged(f"Send it to {WALLET}, please.").signals

    assert signal.points == 2.0
    assert signal.evidence is not None
    assert signal.evidence.quote == WALLET


@pytest.mark.parametrize("text", ["They took her wallet.", "", f"a{WALLET}", "0x12"])
def test_it_is_silent_on_anything_else(text: str) -> None:
    judgement = judged(text)

    assert not judgement.signals
    assert not judgement.unavailable
