"""Moderators find comments by what they say, who wrote them and where they lead to, and never what was covered."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from comments import moderation, search
from comments.models import Comment, Status
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


def found(query: str) -> list[int]:
    return search.newest(query, 10)


@pytest.mark.parametrize(
    "query",
    [
        "river",
        "RIV",
        "crossed river",
        "min-ji",
        "shop.example",
        "https://www.shop.example/deal",
        "blog.minji.example",
        "minji.example",
        "압록강",
        "압록강에서",
        "강",
    ],
)
def test_text_name_and_hosts_are_searched(query: str) -> None:
    make_comment(body="Another text.", name="Jun", website="https://jun.example/")
    comment = make_comment(
        body="They crossed the river. 압록강에서. See http://shop.example/deal now.",
        name="Min-ji",
        website="https://blog.minji.example/",
    )
    assert found(query) == [comment.pk]


def test_two_letters_are_a_whole_word() -> None:
    make_comment(body="Comet.")
    comment = make_comment(body="Co. met.")
    assert found("co") == [comment.pk]


@pytest.mark.parametrize("query", ["river.crossed", "example.shop", "river tower"])
def test_what_is_written_together_must_stand_together(query: str) -> None:
    make_comment(body="They crossed the river. See http://shop.example/deal now.")
    assert found(query) == []


@pytest.mark.parametrize(
    "query", ["", " ", "\0", '"', '"river', "river*)", "' OR 1=1", "NEAR(", "-", "a:b", "!&|<->", "https://"]
)
def test_no_query_is_an_error(query: str) -> None:
    make_comment(body="River.")
    found(query)


def test_the_newest_are_found_first_and_no_more_than_asked_for() -> None:
    comments = [make_comment(body="River.") for _each in range(4)]
    assert search.newest("river", 2) == [comments[3].pk, comments[2].pk]


def test_a_covered_passage_is_not_found_until_the_cover_is_undone() -> None:
    moderator = make_moderator()
    comment = make_comment(body="Call 555 quickly.")
    decision = moderation.redact(comment, [(5, 8)], by=moderator)
    assert found("555") == []
    assert found("quickly") == [comment.pk]
    moderation.undo(decision, by=moderator)
    assert found("555") == [comment.pk]


def test_a_withdrawn_comment_is_not_found() -> None:
    comment = make_comment(body="River.", name="Min-ji")
    moderation.withdraw(comment)
    assert found("river") == found("min-ji") == []


def test_an_answer_of_the_publication_is_found_until_it_is_undone() -> None:
    moderator = make_moderator()
    answer = moderation.reply(make_comment(), "Thank you kindly.", by=moderator)
    assert found("kindly") == [answer.pk]
    moderation.undo(answer.decisions.get(), by=moderator)
    assert found("kindly") == []


def test_a_forgotten_comment_is_not_found() -> None:
    kept, forgotten = make_comment(body="River."), make_comment(body="River.")
    search.forget([forgotten.pk])
    assert found("river") == [kept.pk]


@pytest.mark.sqlite  # PostgreSQL's vacuum does it
def test_words_of_forgotten_comments_are_not_in_the_file() -> None:
    forgotten = make_comment(body="Zqxcanary 김철수.")
    make_comment(body="Another.")
    found("another")  # writes what is new so far
    search.forget([forgotten.pk])
    found("another")
    assert stored("zqxcanary")
    search.scrub()
    assert not stored("zqxcanary")
    assert not stored("김철")
    assert stored("another")
    assert len(found("another")) == 1


def stored(word: str) -> bool:
    """Whether the word stands anywhere in the index's own tables."""
    with connection.cursor() as cursor:
        for table, column in [("data", "block"), ("idx", "term"), ("content", "c0")]:
            cursor.execute(
                f"SELECT 1 FROM comments_search_{table} WHERE instr(CAST({column} AS BLOB), %s)",  # noqa: S608
                [word.encode()],
            )
            if cursor.fetchone():
                return True
    return False


def test_the_migration_fills_the_index_with_what_is_there() -> None:
    moderation.withdraw(make_comment())
    comments = [make_comment(body="River.", status=Status.SPAM, post=make_post(language="ko")) for _each in range(3)]
    search.forget(Comment.objects.values_list("pk", flat=True))
    assert found("river") == []
    migration = import_module("comments.migrations.0009_search")
    migration.fill(apps, SimpleNamespace(connection=connection))
    assert sorted(found("river")) == [comment.pk for comment in comments]
