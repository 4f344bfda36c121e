"""Texts of the last week that come again with small changes."""

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from comments import moderation, similar
from comments.models import Comment, SketchPart
from comments.retention import purge
from comments.scoring import submission_of
from tests.factories import make_post

pytestmark = pytest.mark.django_db

TEXT = "Granite worktops, polished in our workshop in {} and delivered on every Monday of the year to all customers."
OTHER = "My grandmother was born in Hamhung in {}; I never heard her speak of it, and I never asked her about it."
KOREAN = "저희 공장에서 {} 다듬은 대리석 상판을 매주 월요일마다 전국 어디든지 배송해 드립니다. 감사합니다."


def sent(body: str) -> Comment:
    comment = Comment(post=make_post(), name="a", body=body)
    moderation.submit(comment, submission_of(comment))
    return comment


def names(comment: Comment) -> set[str]:
    return set(comment.signals.values_list("name", flat=True))


@pytest.mark.parametrize("text", [TEXT, KOREAN])
def test_the_same_text_with_another_word_is_a_clue(text: str) -> None:
    assert "similar_text" not in names(sent(text.format("Busan")))
    second, third = sent(text.format("Daegu")), sent(text.format("Incheon"))
    assert [similar.count_similar(comment) for comment in (second, third)] == [1, 2]
    assert "similar_text" in names(second)


def test_the_very_same_text_is_counted_as_such_only() -> None:
    sent(TEXT)
    assert "repeated_text" in (again := names(sent(TEXT)))
    assert "similar_text" not in again


def test_other_and_short_texts_are_not_similar() -> None:
    for text in (TEXT, OTHER, "Thank you!", "Thank you!!"):
        assert "similar_text" not in names(sent(text))


def test_later_comments_are_no_clue_against_an_earlier_one() -> None:
    first = sent(TEXT.format("Busan"))
    sent(TEXT.format("Daegu"))
    assert similar.count_similar(first) == 0


def test_a_withdrawn_text_is_forgotten() -> None:
    comment = sent(TEXT.format("Busan"))
    moderation.withdraw(comment)
    assert not SketchPart.objects.exists()
    assert similar.count_similar(sent(TEXT.format("Daegu"))) == 0


def test_sketches_are_kept_for_a_week() -> None:
    sent(TEXT)
    with time_machine.travel(timezone.now() + similar.KEPT * 0.99):
        purge()
        assert SketchPart.objects.exists()
    with time_machine.travel(timezone.now() + similar.KEPT * 1.01):
        purge()
        assert not SketchPart.objects.exists()


@pytest.mark.parametrize("before", [1, 6])
def test_counting_is_one_query(before: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(before):
        sent(TEXT.format(number))
    comment = sent(TEXT.format("Daegu"))
    with django_assert_num_queries(1):
        assert similar.count_similar(comment) == before
    with django_assert_num_queries(0):
        similar.count_similar(Comment(body="Short."))
