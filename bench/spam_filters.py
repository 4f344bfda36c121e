"""The filters that bench/spam.py compares: each learns from examples into a folder, and scores from it.

Tumen's own run in this process. scikit-learn does, too, where it is installed; it sees the text alone, with
which it did better on two of four sources than with name and website, and on average. Bogofilter and SpamAssassin's
Bayes are programs of their own and are given each comment as a minimal mail message.
"""

import os
import pickle
import resource
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("SECRET_KEY", "only-for-the-bench-" * 4)
django.setup()

from comments import policy  # noqa: E402 after the settings
from comments.scoring import sources  # noqa: E402
from comments.spam import Source, Submission, judge  # noqa: E402
from comments.spam.learner import Prior  # noqa: E402
from comments.spam.training import Example, train  # noqa: E402

PERL = Path(__file__).with_name("spamassassin_bayes.pl")
TICKS = os.sysconf("SC_CLK_TCK")  # clock ticks a second in /proc/PID/stat
PAGE = os.sysconf("SC_PAGE_SIZE")


class Scored(NamedTuple):
    scores: list[float]
    seconds: float  # of CPU, without start-up
    megabytes: float  # that a running process grew by; of a program of its own, all of it


class Filter(NamedTuple):
    name: str
    threshold: float  # score from which a comment counts as spam
    learn: Callable[[Path, Sequence[Example]], None]
    score: Callable[[Path, Sequence[Submission]], Scored]
    needs: str = ""  # what is to be installed for it
    present: bool = True


def scored_here(
    load: Callable[[], Callable[[Sequence[Submission]], list[float]]], them: Sequence[Submission]
) -> Scored:
    before = megabytes("self")
    score = load()
    score(them[:1])  # what is loaded at the first use is start-up
    cpu = time.process_time()
    scores = score(them)
    return Scored(scores, time.process_time() - cpu, megabytes("self") - before)


def megabytes(process: int | str) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE / 1e6


def learn_nothing(_folder: Path, _examples: Sequence[Example]) -> None:
    """The signals know what they know."""


def score_by_signals(_folder: Path, them: Sequence[Submission]) -> Scored:
    return scored_here(lambda: partial(judged, asked=sources()), them)


def judged(them: Sequence[Submission], asked: Sequence[Source]) -> list[float]:
    return [judge(replace(one), asked).score for one in them]  # made again, for cutting it into words costs, too


def learn_prior(folder: Path, examples: Sequence[Example]) -> None:
    (folder / "prior").write_bytes(train(examples, sources()).dump())


def score_by_prior(folder: Path, them: Sequence[Submission]) -> Scored:
    prior = folder / "prior"
    return scored_here(lambda: partial(judged, asked=[*sources(), Prior.parse(prior.read_bytes())]), them)


def learn_regression(folder: Path, examples: Sequence[Example]) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), sublinear_tf=True),
        LogisticRegression(C=30, class_weight="balanced", max_iter=1000),
    )
    model.fit([one.submission.text for one in examples], [one.spam for one in examples])
    (folder / "model").write_bytes(pickle.dumps(model))


def score_by_regression(folder: Path, them: Sequence[Submission]) -> Scored:
    def load() -> Callable[[Sequence[Submission]], list[float]]:
        model = pickle.loads((folder / "model").read_bytes())  # noqa: S301 written a moment ago
        return lambda some: list(map(float, model.decision_function([one.text for one in some])))

    return scored_here(load, them)


def mail(submission: Submission, number: int) -> bytes:
    head = (
        f"From: {one_line(submission.name) or 'nobody'} <nobody@example.org>\n"
        f"Message-ID: <{number}@example.org>\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return f"{head}{submission.website}\n{submission.text}\n".encode(errors="replace")


def one_line(text: str) -> str:
    return " ".join(text.split())


def learn_by_bogofilter(folder: Path, examples: Sequence[Example]) -> None:
    for option, spam in (("-s", True), ("-n", False)):
        mails = mailbox(one.submission for one in examples if one.spam == spam)
        subprocess.run(["bogofilter", "-C", "-d", folder, option, "-M"], input=mails, check=True)


def score_by_bogofilter(folder: Path, them: Sequence[Submission]) -> Scored:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (folder / "scores").open("w") as answers:
        command = ["bogofilter", "-C", "-d", folder, "-T", "-M"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answers)
        pipe(process.stdin).write(mailbox(them))
        pipe(process.stdin).flush()
        size = megabytes(process.pid)  # while it waits for more
        pipe(process.stdin).close()
        process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Scored([float(line.split()[1]) for line in (folder / "scores").open()], seconds, size)


def mailbox(them: Iterable[Submission]) -> bytes:
    """In the format mbox, in which a line that begins with "From " begins a message."""
    mails = (mail(one, number).replace(b"\nFrom ", b"\n>From ") for number, one in enumerate(them))
    return b"".join(b"From nobody Thu Jan  1 00:00:00 1970\n" + each + b"\n" for each in mails)


def learn_by_spamassassin(folder: Path, examples: Sequence[Example]) -> None:
    with spamassassin(folder) as (ask, _process):
        for number, one in enumerate(examples):
            ask("spam" if one.spam else "ham", mail(one.submission, number))


def score_by_spamassassin(folder: Path, them: Sequence[Submission]) -> Scored:
    with spamassassin(folder) as (ask, process):
        before = cpu_of(process)
        scores = [float(ask("score", mail(one, -number))) for number, one in enumerate(them, start=1)]
        return Scored(scores, cpu_of(process) - before, megabytes(process))


@contextmanager
def spamassassin(folder: Path) -> Iterator[tuple[Callable[[str, bytes], bytes], int]]:
    command = ["perl", PERL, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        pipe(process.stdout).readline()  # it is ready

        def ask(task: str, message: bytes) -> bytes:
            pipe(process.stdin).write(f"{task} ".encode() + b64encode(message) + b"\n")
            pipe(process.stdin).flush()
            return pipe(process.stdout).readline()

        yield ask, process.pid


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError
    return stream


def cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def has_spamassassin() -> bool:
    found = shutil.which("perl") and subprocess.run(["perl", "-MMail::SpamAssassin", "-e", "1"], capture_output=True)
    return bool(found) and found.returncode == 0


UNSURE = 0.54  # of .5, .52, .54, .6, .9 and .99 about the best for both; see docs/spam-measured.md

TUMEN = Filter("Tumen", policy.DEFAULT.spam_threshold, learn_prior, score_by_prior)
SIGNALS = Filter("Tumen, signals alone", policy.DEFAULT.spam_threshold, learn_nothing, score_by_signals)
PEERS = (
    Filter(
        "bogofilter",
        UNSURE,
        learn_by_bogofilter,
        score_by_bogofilter,
        "Debian's bogofilter",
        shutil.which("bogofilter") is not None,
    ),
    Filter(
        "SpamAssassin Bayes",
        UNSURE,
        learn_by_spamassassin,
        score_by_spamassassin,
        "Debian's spamassassin",
        has_spamassassin(),
    ),
    Filter(
        "logistic regression",
        0.0,
        learn_regression,
        score_by_regression,
        "scikit-learn, by pip",
        find_spec("sklearn") is not None,
    ),
)
