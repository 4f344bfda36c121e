import pytest

from comments.policy import DEFAULT
from comments.spam import Submission
from comments.spam.names import name_key
from comments.spam.signals.history import proven_history, same_name_unproven


@pytest.mark.parametrize(
    ("published", "refused", "points"),
    [(1, 0, -0.5), (3, 0, -1.5), (100, 0, -2.0), (0, 1, 1.0), (0, 100, 3.0), (2, 2, 1.0), (100, 100, 1.0)],
)
def test_history_speaks_for_and_against_within_limits(published: int, refused: int, points: float) -> None:
    author = Submission(text="Hello.", name="Kim", proven_published=published, proven_refused=refused)
    (signal,) = proven_history(author)
    assert signal.points == points < DEFAULT.obvious_threshold
    assert f"{published} published, {refused} refused" in signal.reason
    assert signal.evidence
    assert signal.evidence.quote == "Kim"


def test_without_history_nothing_is_said() -> None:
    assert list(proven_history(Submission(text="Hello.", name="Kim"))) == []
    assert list(same_name_unproven(Submission(text="Hello.", name="Kim"))) == []


def test_a_known_name_without_proof_is_a_mark_without_points() -> None:
    (signal,) = same_name_unproven(Submission(text="Hello.", name="Kim", name_of_proven=True))
    assert signal.points == 0
    assert signal.evidence
    assert signal.evidence.quote == "Kim"


def test_a_name_that_was_not_kept_is_not_quoted() -> None:
    (signal,) = same_name_unproven(Submission(text="Hello.", name_of_proven=True))
    assert signal.evidence is None


@pytest.mark.parametrize(
    "other",
    [
        "kim min-ji",
        "KIM MINJI",
        "Ｋｉｍ　Ｍｉｎ Ｊｉ",
        "Kím Mìn Jï",
        "Кim Мin Jі",  # Cyrillic К, М and і
        "Kıⅿ M1n J|",
        "Kim\u200b Min\u3164 Ji\u2060",
        "Klm Mln Jl",
        "«Kim Min Ji»!",
        "ᏦΙΜ Ⅿın Ji",  # Cherokee K, Greek Ι and Μ, a Roman thousand
        "Кіrn ꓟіռ ᒍｉ",
        "K\u0489i\u0335m Min Ji",
    ],
)
def test_names_that_look_alike_are_the_same(other: str) -> None:
    assert name_key(other) == name_key("Kim Min Ji")


@pytest.mark.parametrize(("one", "other"), [("김민지", "김민자"), ("Kim", "Kin"), ("Kim", "Kim2"), ("이", "리")])
def test_names_that_differ_are_not_the_same(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_korean_names_are_the_same_however_they_are_composed() -> None:
    assert name_key("\u1100\u1175\u11b7") == name_key("김") != ""
    assert name_key(" . ") == ""
