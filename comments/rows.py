"""Comments as lines of JSON: what the commands for scoring and training read and write."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comments.spam import Judgement, Submission


class RowError(ValueError):
    """A line that is no comment. The message names the line."""


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, packed or not. Raises RowError and OSError."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            yield from parse(lines, name=path.name)
    except (EOFError, zlib.error) as error:
        raise RowError(f"{path.name} is damaged.") from error


def labelled(path: Path) -> Iterator[tuple[dict[str, Any], bool]]:
    """The rows of a file, and whether they are spam. Raises RowError, also for a row without a label, and OSError."""
    for number, row in enumerate(read(path), start=1):
        if row.get("label") not in ("spam", "ham"):
            raise RowError(f"{path.name}, comment {number}: it has no label spam or ham.")
        yield row, row["label"] == "spam"


def parse(lines: Iterable[str], *, name: str) -> Iterator[dict[str, Any]]:
    """Raises RowError at the first line that is not an object with a text."""
    try:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _row(line, f"{name}, line {number}")
    except UnicodeDecodeError as error:
        raise RowError(f"{name} is not UTF-8.") from error


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError(f"{place}: this is not JSON.") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise RowError(f'{place}: there is no object with a "text".')
    return row


def submission(row: dict[str, Any]) -> Submission:
    """What the signals may see of a row; `author_url` and `email_domain` are what some collections call theirs."""
    title = _text(row, "post_title")
    return Submission(
        text=row["text"],
        name=_text(row, "author"),
        website=_text(row, "url") or _text(row, "author_url"),
        email_domain=(_text(row, "email") or _text(row, "email_domain")).rpartition("@")[2].lower(),
        post_title=title,
        post_text=title,
        post_language=_text(row, "lang") or "en",
    )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def verdict(judgement: Judgement, threshold: float) -> str:
    """A line of JSON. The points of the signals add up to the score."""
    score = judgement.score
    line = json.dumps(
        {
            "score": score,
            "status": "spam" if score >= threshold else "held",
            "threshold": threshold,
            "signals": [asdict(signal) for signal in judgement.signals],
        },
        ensure_ascii=False,
    )
    return line.encode(errors="backslashreplace").decode()  # half a surrogate pair goes as it came, "\\ud800"
