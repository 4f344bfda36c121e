"""A comment's text with the passages that signals point at, and without those that were covered."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comments import moderation
from comments.evidence import MAX_MARKS, Clue, Exhibit, exhibit, occurrences, passages
from comments.models import Comment, CommentSignal, Status
from tests.factories import make_comment, make_moderator, make_post

TEXT = "Call 010-1234-5678 for cheap pills."


def waiting(body: str = TEXT, **fields: object) -> Comment:
    return make_comment(status=Status.PENDING, body=body, **fields)


def point_at(comment: Comment, quote: str, *, name: str = "x", field: str = "text", at: int | None = None) -> None:
    """A signal whose evidence is the quote, where it stands or `at` another place."""
    text = {"text": comment.body, "name": comment.name, "website": comment.website}.get(field, "")
    start = text.find(quote) if at is None else at
    evidence = {"field": field, "start": start, "end": start + len(quote), "quote": quote}
    CommentSignal.objects.create(comment=comment, name=name, points=1, reason=f"About {quote}.", evidence=evidence)


def shown(comment: Comment, *, uncovered: bool = False) -> Exhibit:
    return exhibit(Comment.objects.get(pk=comment.pk), uncovered=uncovered)


def marks(found: Exhibit) -> list[tuple[str, str]]:
    return [(passage.text, passage.numbers) for passage in found.text]


@pytest.mark.django_db
def test_each_mark_refers_to_its_signal() -> None:
    comment = waiting()
    point_at(comment, "010-1234-5678", name="danger_phone")
    point_at(comment, "pills")
    found = shown(comment)
    assert marks(found) == [("Call ", ""), ("010-1234-5678", "1"), (" for cheap ", ""), ("pills", "2"), (".", "")]
    assert [passage.is_danger for passage in found.text] == [False, True, False, False, False]
    assert [(clue.number, clue.signal.name, clue.quote) for clue in found.clues] == [
        (1, "danger_phone", "010-1234-5678"),
        (2, "x", "pills"),
    ]


@pytest.mark.django_db
def test_marks_overlap_nest_and_touch() -> None:
    comment = waiting("abcdef")
    for quote in ("abcd", "bc", "def", "ef"):
        point_at(comment, quote)
    assert [(passage.text, [clue.number for clue in passage.clues]) for passage in shown(comment).text] == [
        ("a", [1]),
        ("bc", [1, 2]),
        ("d", [1, 3]),
        ("ef", [3, 4]),
    ]


@pytest.mark.django_db
def test_a_number_stands_where_its_mark_ends() -> None:
    comment = waiting("abcdef")
    for quote in ("abcd", "bc", "cdef"):
        point_at(comment, quote)
    assert marks(shown(comment)) == [("a", ""), ("b", ""), ("c", "2"), ("d", "1"), ("ef", "3")]
    assert shown(comment).text[1].reasons == "About abcd. About bc."


@pytest.mark.django_db
def test_name_and_website_are_marked_too() -> None:
    comment = waiting(name="Cheap Pills", website="https://pills.example/")
    point_at(comment, "Pills", field="name")
    point_at(comment, "pills.example", field="website")
    found = shown(comment)
    assert [passage.text for passage in found.name] == ["Cheap ", "Pills"]
    assert [passage.text for passage in found.website] == ["https://", "pills.example", "/"]
    assert [passage.text for passage in found.text] == [TEXT]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "evidence",
    [
        None,
        {"quote": "pills"},
        {"field": "text", "start": 0, "end": 5, "quote": "pills"},
        {"field": "text", "start": -6, "end": -1, "quote": "pills"},
        {"field": "text", "start": 30, "end": 99, "quote": "lls."},
        {"field": "honeypot", "start": 0, "end": 5, "quote": "pills"},
    ],
)
def test_evidence_that_does_not_fit_is_listed_only(evidence: dict[str, object] | None) -> None:
    comment = waiting()
    CommentSignal.objects.create(comment=comment, name="x", points=1, reason="Y.", evidence=evidence)
    found = shown(comment)
    assert marks(found) == [(TEXT, "")]
    assert [clue.quote for clue in found.clues] == [evidence["quote"] if evidence else ""]


@pytest.mark.django_db
def test_a_moderator_sees_the_cover_and_no_quote_of_what_lies_below() -> None:
    comment = waiting()
    point_at(comment, "010-1234", name="danger_phone")
    point_at(comment, "for cheap")
    point_at(comment, "010", at=3)  # of another text: who knows what it quotes
    moderation.redact(comment, [(5, 18)], by=make_moderator())
    found = shown(comment)
    assert marks(found) == [("Call ", ""), ("[removed]", ""), (" ", ""), ("for cheap", "2"), (" pills.", "")]
    assert [clue.quote for clue in found.clues] == ["", "for cheap", ""]
    assert "010" not in "".join(passage.text for passage in found.text)


@pytest.mark.django_db
def test_evidence_that_reaches_below_a_cover_is_not_quoted() -> None:
    comment = waiting()
    point_at(comment, "Call 010")
    moderation.redact(comment, [(5, 18)], by=make_moderator())
    assert shown(comment).clues[0].quote == ""
    assert [passage.numbers for passage in shown(comment).text] == ["", "", ""]


@pytest.mark.django_db
def test_a_reason_that_names_a_host_below_a_cover_is_not_told() -> None:
    comment = waiting(body="Go to https://bad.example/ and see.")
    for name, host in (("marked_host", "bad.example"), ("other_host", "good.example")):
        CommentSignal.objects.create(comment=comment, name=name, points=1, reason=f"It leads to {host}.")
    assert [clue.reason for clue in shown(comment).clues] == ["It leads to bad.example.", "It leads to good.example."]
    moderation.redact(comment, [(6, 26)], by=make_moderator())
    assert [clue.reason for clue in shown(comment).clues] == ["", "It leads to good.example."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "told"),
    [("http://BAD。example/", "bad.example"), ("http://ba\u00add.example/", "ba\N{REPLACEMENT CHARACTER}d.example")],
)
def test_a_host_below_a_cover_is_known_however_it_is_written(written: str, told: str) -> None:
    comment = waiting(body=f"Go to {written} and see.")
    CommentSignal.objects.create(comment=comment, name="marked_host", points=1, reason=f"It leads to {told}.")
    moderation.redact(comment, [(6, 6 + len(written))], by=make_moderator())
    assert [clue.reason for clue in shown(comment).clues] == [""]


@pytest.mark.django_db
def test_an_administrator_sees_the_original_and_what_is_covered_of_it() -> None:
    comment = waiting(post=make_post(language="ko"))
    point_at(comment, "010-1234", name="danger_phone")
    moderation.redact(comment, [(5, 18)], by=make_moderator())
    found = shown(comment, uncovered=True)
    assert [(passage.text, passage.numbers, passage.covered) for passage in found.text] == [
        ("Call ", "", False),
        ("010-1234", "1", True),
        ("-5678", "", True),
        (" for cheap pills.", "", False),
    ]
    assert found.clues[0].quote == "010-1234"
    assert "[가림]" in [passage.text for passage in shown(comment).text]


@pytest.mark.django_db
def test_a_text_with_more_marks_than_anybody_can_read_stays_readable() -> None:
    comment = waiting("x" * 200)
    evidence = [{"field": "text", "start": at, "end": at + 1, "quote": "x"} for at in range(MAX_MARKS + 20)]
    CommentSignal.objects.bulk_create(
        CommentSignal(comment=comment, name="x", points=1, reason="x", evidence=each) for each in evidence
    )
    found = shown(comment)
    assert sum(bool(passage.clues) for passage in found.text) == MAX_MARKS
    assert len(found.clues) == MAX_MARKS + 20


spans = st.tuples(st.integers(0, 30), st.integers(1, 31)).filter(lambda span: span[0] < span[1])


@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(spans, max_size=8), st.lists(spans, max_size=3))
def test_the_passages_are_the_whole_text_and_each_mark_is_where_it_belongs(
    marked: list[tuple[int, int]], covers: list[tuple[int, int]]
) -> None:
    text = "".join(map(chr, range(0xAC00, 0xAC00 + 31)))  # each character once
    places = {Clue(number, CommentSignal(pk=number), "", ""): span for number, span in enumerate(marked, start=1)}
    disjoint = [span for span, following in pairwise([*sorted(covers), (99, 99)]) if span[1] < following[0]]
    found = list(passages(text, places, disjoint))
    assert "".join(passage.text for passage in found) == text
    for clue, (start, end) in places.items():
        assert "".join(passage.text for passage in found if clue in passage.clues) == text[start:end]
    assert {c for passage in found if passage.covered for c in passage.text} == {
        c for start, end in disjoint for c in text[start:end]
    }


@pytest.mark.parametrize(
    ("passage", "found"),
    [
        ("my brother", ["my brother", "my\r\n  brother"]),
        (" my\nbrother ", ["my brother", "my\r\n  brother"]),
        ("Chol", ["Chol", "Chol"]),
        ("chol", []),
        ("", []),
        (" \n", []),
    ],
)
def test_a_passage_is_found_wherever_it_stands(passage: str, found: list[str]) -> None:
    text = "Here my brother Chol. There my\r\n  brother Chol, brother."
    assert [text[start:end] for start, end in occurrences(text, passage)] == found


def test_occurrences_do_not_overlap() -> None:
    assert list(occurrences("aaaaa", "aa")) == [(0, 2), (2, 4)]
