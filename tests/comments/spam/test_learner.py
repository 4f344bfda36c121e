"""What is learnt is a function of the set of decisions, it is felt soon, and it says what weighed most."""

import ast
import json
import zlib
from array import array
from pathlib import Path
from random import Random
from statistics import mean
from zlib import crc32

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comments.policy import DEFAULT
from comments.scoring import sources
from comments.spam import Signal, Submission, judge, learner
from comments.spam.features import SIZE, VERSION, features
from comments.spam.learner import KINDS, MOST_LEARNT, MOST_PRIOR, PRIOR_FILE, Counts, Prior, explained, prior, trained

TEXTS = st.sampled_from(
    ["Buy it here", "buy IT here!", "좋은 글 감사합니다", "http://a.example b", "", "\ud800"]
) | st.text(max_size=30)
SUBMISSIONS = st.builds(Submission, text=TEXTS, name=TEXTS, website=TEXTS)
DECIDED = st.tuples(SUBMISSIONS, st.booleans())

# Invented: what one advertiser writes, and what readers of one post write.
ADVERTS = [
    f"{start} {middle} {end}"
    for start in ("Granite worktops", "Marble worktops", "Stone kitchens", "Slate floors")
    for middle in ("polished in our workshop", "cut to every measure", "delivered on Mondays")
    for end in ("since 1990.", "in the whole county.", "with a warranty of ten years.", "by masters.", "as you like.")
]
LETTERS = [
    f"{start} {middle} {end}"
    for start in ("My grandmother", "Her brother", "A neighbour", "The teacher")
    for middle in ("crossed the river at night", "never spoke about the camp", "waited for a letter")
    for end in ("until spring.", "for eleven years.", "and wept.", "when I was small.", "as you wrote.")
]


def taught(spam: list[str], ham: list[str]) -> Counts:
    counts = Counts()
    for texts, is_spam in ((spam, True), (ham, False)):
        for text in texts:
            counts.learn(Submission(text=text), spam=is_spam)
    return counts


def state(counts: Counts) -> tuple[int, int, bytes, list[int]]:
    return counts.spam, counts.ham, counts.counts.tobytes(), counts.said


def score(text: str, counts: Counts) -> float:
    return judge(Submission(text=text), [*sources(), prior, counts]).score


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(DECIDED, max_size=8), st.lists(DECIDED, max_size=8), st.randoms(use_true_random=False))
def test_learning_and_unlearning_leave_what_the_standing_decisions_make(
    standing: list[tuple[Submission, bool]], undone: list[tuple[Submission, bool]], random: Random
) -> None:
    """Whatever came between, in whatever order: byte for byte as if the undone decisions had never been."""
    steps = [(decided, 1) for decided in standing + undone]
    random.shuffle(steps)
    for decided in undone:
        steps.insert(random.randint(steps.index((decided, 1)) + 1, len(steps)), (decided, -1))
    went, straight = Counts(), Counts()
    for (submission, spam), times in steps:
        went.learn(submission, spam=spam, times=times)
    for submission, spam in standing:
        straight.learn(submission, spam=spam)

    assert state(went) == state(straight)


@given(st.lists(DECIDED, max_size=5))
@hypothesis_settings(max_examples=30, deadline=None)
def test_what_was_stored_is_what_was_learnt(decided: list[tuple[Submission, bool]]) -> None:
    counts = Counts()
    for submission, spam in decided:
        counts.learn(submission, spam=spam)

    assert state(Counts(counts.spam, counts.ham, counts.dump())) == state(counts)


def test_nothing_falls_below_zero() -> None:
    """A newer Python may know other letters; a moderator's decision must not fail of it."""
    counts = Counts()
    counts.learn(Submission(text="A text that was never learnt"), spam=True, times=-1)

    assert state(counts) == state(Counts())


def test_who_knows_one_kind_only_says_nothing() -> None:
    assert list(taught(ADVERTS, [])(Submission(text=ADVERTS[0]))) == []
    assert list(taught([], LETTERS)(Submission(text=LETTERS[0]))) == []


def test_fifty_decisions_of_each_kind_move_a_text_over_the_threshold_and_back() -> None:
    *adverts, advert = ADVERTS[:51]
    *letters, letter = LETTERS[:51]
    counts = taught(adverts, letters)

    assert score(advert, Counts()) < DEFAULT.spam_threshold <= score(advert, counts)
    assert score(letter, counts) < score(letter, Counts()) < DEFAULT.spam_threshold

    for text in adverts:
        counts.learn(Submission(text=text), spam=True, times=-1)
    assert score(advert, counts) == score(advert, Counts())


def test_fifty_decisions_of_each_kind_let_pass_what_was_spam_elsewhere() -> None:
    channel = [f"Part {number} of the film is on the channel of the museum." for number in range(51)]
    *before, last = channel
    counts = taught(ADVERTS[:50], before)

    assert score(last, counts) < score(last, Counts())


@pytest.mark.parametrize(
    ("text", "reason"), [(ADVERTS[50], "in spam here"), (LETTERS[50], "in what was published here")]
)
def test_what_weighed_most_is_quoted_and_adds_up(text: str, reason: str) -> None:
    submission, counts = Submission(text=text), taught(ADVERTS[:50], LETTERS[:50])
    signals = list(counts(submission))

    quoted = [signal for signal in signals if signal.evidence]
    assert quoted
    assert all(reason in signal.reason for signal in quoted)
    assert all(signal.evidence.quote in text for signal in quoted if signal.evidence)
    assert sum(signal.points for signal in signals) == pytest.approx(clipped(counts, submission))
    assert one_sided(signals)


def clipped(counts: Counts, submission: Submission) -> float:
    rarer = min(counts.spam, counts.ham)
    points = (
        learner.VOICE * rarer / (rarer + learner.FEW) * mean(odds for _place, odds in counts.odds(features(submission)))
    )
    return max(-MOST_LEARNT, min(points, MOST_LEARNT))


def learnt(text: str, counts: Counts) -> float:
    return sum(signal.points for signal in counts(Submission(text=text)))


def test_a_long_text_does_not_say_more_by_its_length() -> None:
    counts, texts = taught(ADVERTS[:2], LETTERS[:2]), ADVERTS[5:8]

    assert 0 < learnt(" ".join(texts), counts) < max(learnt(text, counts) for text in texts)


def test_where_spam_is_long_a_letter_is_no_spam_for_words_that_both_use() -> None:
    copied = [" ".join((advert, *LETTERS[place : place + 3])) for place, advert in enumerate(ADVERTS[:30])]
    counts = taught(copied, LETTERS[:30])

    assert learnt(LETTERS[50], counts) < 0 < learnt(ADVERTS[50], counts)


def test_the_more_decisions_the_louder() -> None:
    said = [learnt(ADVERTS[50], taught(ADVERTS[:few], LETTERS[:few])) for few in (1, 5, 20)]

    assert 0 < said[0] < said[1] < said[2]


def one_sided(signals: list[Signal]) -> bool:
    return all(signal.points >= 0 for signal in signals) or all(signal.points <= 0 for signal in signals)


@given(
    st.floats(-MOST_LEARNT, MOST_LEARNT).filter(bool),
    st.dictionaries(st.integers(-1, 4), st.floats(-5, 5), max_size=6),
)
def test_explained_signals_add_up_and_point_one_way(points: float, found: dict[int, float]) -> None:
    signals = list(explained("learnt", points, found, Submission(text="one two three four five")))

    assert sum(signal.points for signal in signals) == pytest.approx(points, abs=1e-8)
    assert one_sided(signals)
    assert sum(signal.evidence is not None for signal in signals) <= learner.SHOWN


@hypothesis_settings(max_examples=300, deadline=None)
@given(SUBMISSIONS)
def test_the_prior_is_silent_or_speaks_against(submission: Submission) -> None:
    signals = list(prior(submission))

    assert all(signal.points > 0 for signal in signals)
    assert sum(signal.points for signal in signals) <= MOST_PRIOR + 1e-9


def test_the_prior_says_what_weighed_most() -> None:
    text = "Please subscribe to this channel"
    signals = list(prior(Submission(text=text)))

    assert {signal.evidence.quote for signal in signals if signal.evidence} >= {"subscribe"}
    assert all("spam elsewhere" in signal.reason for signal in signals)


HEAD = {"features": VERSION, "unit": 0.1, "intercept": 0.0}
WEIGHTS = zlib.compress(bytes(SIZE))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"no header",
        json.dumps(HEAD).encode() + b"\n" + WEIGHTS[:-9],
        json.dumps(HEAD).encode() + b"\n" + zlib.compress(b"short"),
        json.dumps(HEAD | {"features": VERSION + 1}).encode() + b"\n" + WEIGHTS,
        b"{}\n" + WEIGHTS,
        None,
    ],
    ids=ascii,
)
def test_a_damaged_prior_is_a_source_that_is_unavailable(
    damaged: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prior.bin"
    if damaged is not None:
        file.write_bytes(damaged)
    monkeypatch.setattr(learner, "PRIOR_FILE", file)
    trained.cache_clear()
    try:
        assert judge(Submission(text="Hello"), [prior]).unavailable == ("prior",)
    finally:
        trained.cache_clear()


def test_the_prior_that_comes_with_the_software_is_small_and_fits() -> None:
    data = PRIOR_FILE.read_bytes()

    assert len(data) < 2_000_000
    assert json.loads(data.partition(b"\n")[0]).keys() == {"features", "unit", "intercept"}
    assert Prior.parse(data).dump() == data


def test_kinds_of_features_and_their_weights_are_as_many() -> None:
    assert len(features(Submission(text=""))) == len(KINDS)


SAMPLES = [
    Submission(
        text="Check out my NEW channel!!! http://www.example.co.uk/a?b",
        name="Best Casino",
        website="https://a-b.example/x/y",
    ),
    Submission(text="좋은 글 감사합니다, 카지노에서 100만원\n토토사이트", name="김민지"),
    Submission(text="Вaжно: <b>заработок</b> &amp; don't &#39;stooop&#39; 😀", name="x"),
]


def test_features_change_with_their_version_only() -> None:
    """What was counted could not be un-learnt otherwise. If this is red: raise VERSION, train the prior, renew this."""
    kinds = [sorted(kind) for sample in SAMPLES for kind in features(sample)]

    assert (VERSION, crc32(array("I", [number for kind in kinds for number in kind]).tobytes())) == (1, 2901619910)


def test_nothing_is_ever_unpickled() -> None:
    imported = {
        name.name.partition(".")[0]
        for folder in ("comments", "config", "posts")
        for path in Path(settings.BASE_DIR, folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (node.names if isinstance(node, ast.Import) else [ast.alias(getattr(node, "module", None) or "")])
    }

    assert imported.isdisjoint({"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"})
