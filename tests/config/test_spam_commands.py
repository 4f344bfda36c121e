"""The commands that score comments, measure the filter and train it beforehand."""

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comments import moderation, policy
from comments.models import Status
from comments.spam import learner
from comments.spam.domains import DISPOSABLE_FILE
from comments.spam.learner import PRIOR_FILE, Prior, trained
from config.management.commands import train_prior
from tests.factories import make_comment, make_moderator, make_policy

ROOT = Path(__file__).resolve().parents[2]
ADVERT = {"text": "Please subscribe to my channel https://bit.ly/abc", "author": "Best Casino", "url": "https://a.top"}
LETTER = {"text": "My grandmother was born in Hamhung.", "author": "김민지", "lang": "en"}


def score(lines: str | bytes, monkeypatch: pytest.MonkeyPatch, learned: str = "prior") -> list[dict[str, Any]]:
    data = lines.encode(errors="surrogatepass") if isinstance(lines, str) else lines
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    out = io.StringIO()
    call_command("score_comments", learned=learned, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def as_lines(*comments: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in comments)


@pytest.mark.parametrize("learned", ["none", "prior"])
def test_scores_come_in_the_order_of_the_comments_without_any_database(
    learned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = score(as_lines(ADVERT, LETTER, ADVERT), monkeypatch, learned)

    assert [verdict["status"] for verdict in verdicts] == ["spam", "held", "spam"]
    for verdict in verdicts:
        assert verdict.keys() == {"score", "status", "threshold", "signals"}
        assert verdict["threshold"] == policy.DEFAULT.spam_threshold
        assert sum(signal["points"] for signal in verdict["signals"]) == pytest.approx(verdict["score"])
        assert all(signal.keys() == {"name", "points", "reason", "evidence"} for signal in verdict["signals"])
    quoted = {signal["name"]: signal["evidence"] for signal in verdicts[0]["signals"] if signal["evidence"]}
    assert quoted["name_that_sells"]["field"] == "name"
    assert quoted["shortened_link"]["quote"] == "https://bit.ly/abc"


def test_nothing_learnt_is_what_the_signals_say(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        signal["name"] for verdict in score(as_lines(ADVERT), monkeypatch, "none") for signal in verdict["signals"]
    }

    assert names.isdisjoint({"prior", "learnt"})
    assert {"prior"} <= {signal["name"] for signal in score(as_lines(ADVERT), monkeypatch)[0]["signals"]}


@pytest.mark.django_db
def test_the_site_adds_its_own_decisions_and_its_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    moderator = make_moderator()
    for _time in range(5):
        moderation.mark_spam(make_comment(status=Status.PENDING, body="Granite worktops, polished."), by=moderator)
        moderation.approve(make_comment(status=Status.PENDING, body="She waited for a letter."), by=moderator)
    make_policy(spam_threshold=1.5, weights={"learnt": 0.5})
    (without,) = score(as_lines({"text": "Granite worktops"}), monkeypatch)
    (verdict,) = score(as_lines({"text": "Granite worktops"}), monkeypatch, "site")

    assert verdict["score"] > without["score"]
    assert (verdict["threshold"], without["threshold"]) == (1.5, policy.DEFAULT.spam_threshold)
    assert sum(signal["points"] for signal in verdict["signals"]) == pytest.approx(verdict["score"])


def test_empty_lines_and_missing_or_odd_keys_are_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [
        {"text": ""},
        {"text": "Hi", "author": None, "url": 7, "email": [], "lang": {}, "post_title": False},
        LETTER,
    ]

    assert len(score("\n  \n" + as_lines(*sent).replace("\n", "\n\n"), monkeypatch)) == len(sent)


def test_the_title_and_the_address_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"text": "The famine of Hamhung", "post_title": "Famine in Hamhung", "email": "a@Mailinator.com"}
    (verdict,) = score(as_lines(row), monkeypatch)

    assert {"related", "disposable_email"} <= {signal["name"] for signal in verdict["signals"]}


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 half a letter http://a\ud800.xyz \ud800",
        "nul \x00 http://a\x00.xyz",
        "\u202e\u200b\ufeff",
        "İ" * 999,
        "\r\n\u2028\x85",
    ],
    ids=ascii,
)
def test_odd_letters_are_scored_like_others(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (verdict,) = score(as_lines({"text": text, "author": text, "url": text, "email": text}), monkeypatch)

    assert not any("unavailable" in signal["name"] for signal in verdict["signals"])
    for signal in verdict["signals"]:
        if found := signal["evidence"]:
            assert found["quote"] == text[found["start"] : found["end"]]


def test_a_line_of_a_megabyte_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    (verdict,) = score(as_lines({"text": f"Visit my channel {'x' * 1_000_000}"}), monkeypatch, "none")

    assert verdict["status"] == "spam"


@pytest.mark.parametrize(
    "lines",
    [b"{", b"[]", b"7", b'{"text": 7}', b'{"author": "a"}', b"\xff\xfe", b"[" * 100_000, b'{"text": "a"} x'],
    ids=lambda lines: ascii(lines[:12]),
)
def test_bad_input_is_one_sentence(lines: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"^standard input.*\.$"):
        score(lines, monkeypatch)


def run(comments: bytes, *options: str, database: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "score_comments", *options],
        input=comments,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{database}"},
        check=False,
    )


def test_bad_input_ends_the_process_with_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    sent = as_lines(LETTER, {"text": "half \ud800 http://a\ud800.xyz"}).encode() + b"nonsense\n"
    done = run(sent, "--learned", "prior", database=tmp_path / "none/none.sqlite3")  # there is no database at all

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr.decode().strip() == "CommandError: standard input, line 3: this is not JSON."


@pytest.mark.parametrize("database", ["without-tables.sqlite3", "no-folder/none.sqlite3"])
def test_a_site_without_a_database_is_one_sentence(database: str, tmp_path: Path) -> None:
    done = run(as_lines(LETTER).encode(), database=tmp_path / database)

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().strip() == (
        "CommandError: The database of the site cannot be read. Without one, ask with: --learned prior"
    )


# Measures


@pytest.fixture
def two_files(tmp_path: Path) -> tuple[Path, Path]:
    adverts = [{"text": f"Granite worktops number {number}", "label": "spam"} for number in range(30)]
    letters = [{"text": f"She waited for letter {number}", "label": "ham"} for number in range(30)]
    before, after = tmp_path / "before.jsonl.gz", tmp_path / "after.jsonl"
    before.write_bytes(gzip.compress(as_lines(*adverts[:25], *letters[:25]).encode()))
    after.write_text(as_lines(*adverts[25:], *letters[25:], ADVERT | {"label": "spam"}, ADVERT | {"label": "ham"}))
    return before, after


def evaluated(*files: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("evaluate_spam", *files, stdout=out, **options)
    return out.getvalue()


def test_the_evaluation_prints_what_it_counts(two_files: tuple[Path, Path]) -> None:
    """The advertisement is caught, twice; without training nothing else is. 1 × 5 − 1 × 5 = 0, and half by chance."""
    assert evaluated(two_files[1]).splitlines()[:2] == [
        "TP 1  FP 1  TN 5  FN 5",
        "precision 0.5000  recall 0.1667  false-alarm rate 0.1667",
    ]
    assert evaluated(two_files[1]).splitlines()[2].startswith("MCC 0.0000  ROC AUC ")


def test_decisions_before_are_felt_in_the_evaluation(two_files: tuple[Path, Path]) -> None:
    before, after = two_files
    printed = evaluated(after, train=[before])

    assert printed.startswith("TP 6  FP 1  TN 5  FN 0\nprecision 0.8571  recall 1.0000  false-alarm rate 0.1667\n")
    assert f"MCC {(6 * 5) / (7 * 6 * 6 * 5) ** 0.5:.4f}" in printed


@pytest.mark.parametrize(
    "content",
    [b'{"text": "a"}', b'{"text": "a", "label": []}', b'{"label": "spam"}', b"\xff", b"no JSON", None],
    ids=ascii,
)
def test_files_that_cannot_be_measured_are_one_sentence(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=r"file\.jsonl"):
        evaluated(file)
    with pytest.raises(CommandError):
        evaluated(file, train=[file])


CUT_OFF = gzip.compress(b'{"text": "a", "label": "ham"}' * 99)[:-20]


@pytest.mark.parametrize("content", [b"not packed", CUT_OFF, b""], ids=["not packed", "cut off", "empty"])
def test_damaged_packed_files_are_one_sentence(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl.gz"
    file.write_bytes(content)
    if content:
        with pytest.raises(CommandError):
            evaluated(file)
    else:
        assert evaluated(file).startswith("TP 0  FP 0  TN 0  FN 0")


# Training


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Collections under the names of those that the prior is made of, each of a few invented rows."""
    root = tmp_path / "collections"
    adverts = [{"text": f"Granite worktops number {number}", "label": "spam"} for number in range(4)]
    letters = [{"text": f"She waited for letter {number}", "label": "ham"} for number in range(4)]
    for collection in train_prior.COLLECTIONS:
        file = root / collection.path
        file.parent.mkdir(parents=True, exist_ok=True)
        data = as_lines(*adverts, *letters).encode()
        file.write_bytes(gzip.compress(data) if file.suffix == ".gz" else data)
    (root / "lists").mkdir()
    (root / train_prior.DISPOSABLE.path).write_text("throwaway.example\nother.example\n")
    return root


def train(folder: Path, output: Path) -> tuple[bytes, bytes]:
    output.mkdir(exist_ok=True)
    call_command("train_prior", folder, output=output, stdout=io.StringIO())
    return (output / PRIOR_FILE.name).read_bytes(), (output / DISPOSABLE_FILE.name).read_bytes()


def test_training_twice_gives_the_same_bytes_and_leaves_the_committed_ones_alone(folder: Path, tmp_path: Path) -> None:
    committed = PRIOR_FILE.read_bytes(), DISPOSABLE_FILE.read_bytes()
    first = train(folder, tmp_path / "first")

    assert train(folder, tmp_path / "second") == first
    assert len(first[1]) == 8
    assert (PRIOR_FILE.read_bytes(), DISPOSABLE_FILE.read_bytes()) == committed


def test_what_was_trained_is_what_scores(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(folder, tmp_path)
    monkeypatch.setattr(learner, "PRIOR_FILE", tmp_path / PRIOR_FILE.name)
    trained.cache_clear()
    try:
        advert, letter = score(as_lines({"text": "Granite worktops"}, {"text": "She waited"}), monkeypatch)
    finally:
        trained.cache_clear()

    assert "prior" in {signal["name"] for signal in advert["signals"]}
    assert letter["score"] == 0


@pytest.mark.parametrize("damage", ["missing", "no label", "no text"])
def test_a_folder_that_is_not_whole_is_one_sentence_and_writes_nothing(
    damage: str, folder: Path, tmp_path: Path
) -> None:
    file = folder / train_prior.COLLECTIONS[0].path
    if damage == "missing":
        file.unlink()
    else:
        file.write_text('{"text": "a"}' if damage == "no label" else '{"label": "spam"}')
    with pytest.raises(CommandError, match="youtube_dev"):
        train(folder, tmp_path / "output")
    assert not list((tmp_path / "output").iterdir())


def test_every_collection_has_a_licence_that_allows_it() -> None:
    for collection in (*train_prior.COLLECTIONS, train_prior.DISPOSABLE):
        licence, _comma, whose = collection.licence.partition(", ")
        assert licence in {"CC BY 4.0", "MIT", "CC0"}
        assert whose


def test_the_committed_files_are_small_and_of_one_piece() -> None:
    assert Prior.parse(PRIOR_FILE.read_bytes()).unit > 0
    assert PRIOR_FILE.stat().st_size + DISPOSABLE_FILE.stat().st_size < 2_000_000
    assert DISPOSABLE_FILE.stat().st_size % 4 == 0
