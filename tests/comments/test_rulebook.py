"""Rules from the database: which of them speak, when they are loaded, and what is counted."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from comments import moderation
from comments.models import Comment, Rule, RuleHit, Status, new_mark
from comments.rulebook import book, fitting, keep, rules
from comments.spam import Submission
from tests.factories import days_ago, make_comment, make_rule

pytestmark = pytest.mark.django_db

CASINO = Submission(text="A casino.")


def names() -> list[str]:
    return [signal.name for signal in rules(CASINO)]


def test_an_active_rule_gives_its_points() -> None:
    rule = make_rule(points=2.5)
    assert [(signal.name, signal.points) for signal in rules(CASINO)] == [(f"rule_{rule.pk}", 2.5)]


@pytest.mark.parametrize("state", [Rule.State.SHADOW, Rule.State.OFF])
def test_a_rule_that_is_not_active_says_nothing(state: str) -> None:
    make_rule(state=state)
    assert names() == []


def test_an_expired_rule_says_and_counts_nothing() -> None:
    make_rule(expires_at=days_ago(0.01))
    make_rule("a casino", kind=Rule.Kind.PHRASE, state=Rule.State.SHADOW, expires_at=days_ago(0.01))
    assert (names(), fitting(CASINO)) == ([], [])


def test_a_rule_expires_in_a_process_that_has_it_loaded() -> None:
    make_rule(expires_at=days_ago(-1))
    assert len(names()) == 1
    with time_machine.travel(days_ago(-2)):
        assert names() == []


def test_a_change_is_seen_by_the_next_comment() -> None:
    rule = make_rule()
    assert len(names()) == 1
    rule.text = "poker"
    keep(rule)
    assert names() == []
    rule.text = "casino"
    keep(rule)
    assert len(names()) == 1
    rule.delete()
    assert names() == []


def test_a_comment_costs_one_query_however_many_rules_there_are() -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            names()
        return len(queries)

    make_rule()
    names()
    few = count()
    for number in range(20):
        make_rule(f"word{number}")
    names()
    assert (few, count()) == (1, 1)


def test_counting_costs_a_query_only_where_a_rule_fits(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rule = make_rule()
    names()
    with django_assert_num_queries(0):
        assert fitting(Submission(text="A letter.")) == []
    with django_assert_num_queries(1):
        assert fitting(CASINO) == [rule.pk]


def test_hits_are_counted_by_the_rules_as_they_are_now() -> None:
    rule = make_rule()
    names()
    Rule.objects.filter(pk=rule.pk).update(text="poker", mark=new_mark())  # by another process
    assert fitting(CASINO) == []


def test_rules_are_not_loaded_again_where_none_has_changed() -> None:
    make_rule()
    assert book() is book()


@pytest.mark.parametrize(("state", "counted"), [("active", True), ("shadow", True), ("off", False)])
def test_hits_are_counted_in_shadow_and_in_earnest(state: str, *, counted: bool) -> None:
    rule = make_rule(state=state)
    comment = scored("A casino, a casino.")
    assert list(RuleHit.objects.values_list("rule", "comment")) == ([(rule.pk, comment.pk)] if counted else [])


def scored(body: str) -> Comment:
    comment = make_comment(status=Status.PENDING, body=body, score=None, scored_at=None)
    moderation.score(comment, Submission(text=body))
    comment.refresh_from_db()
    return comment


def test_a_shadow_rule_changes_nothing() -> None:
    make_rule(state=Rule.State.SHADOW, points=20.0)
    comment = scored("A casino.")
    assert (comment.score, comment.status, comment.signals.count()) == (0.0, Status.PENDING, 0)


def test_hits_of_what_a_rule_looked_for_before_are_forgotten() -> None:
    rule = make_rule()
    scored("A casino.")
    rule.note = "Advertisements"
    keep(rule)
    assert rule.hits.count() == 1
    rule.text = "poker"
    keep(rule)
    assert rule.hits.count() == 0


def test_a_withdrawn_comment_is_not_counted_any_more() -> None:
    rule = make_rule()
    moderation.withdraw(scored("A casino."))
    assert rule.hits.count() == 0


def test_a_rule_deleted_by_its_keeper_leaves_the_comments_as_they_were() -> None:
    rule = make_rule()
    comment = scored("A casino.")
    name = f"rule_{rule.pk}"
    rule.delete()
    assert comment.signals.get().name == name


def test_rules_that_cannot_be_loaded_hold_the_comment() -> None:
    make_rule("(", kind=Rule.Kind.PATTERN)
    comment = scored("A casino.")
    assert (comment.status, comment.incomplete, comment.signals.get().name) == (
        Status.PENDING,
        True,
        "rules unavailable",
    )
    assert not RuleHit.objects.exists()
