"""What moderators and the public are told in figures."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import figures, figures_views, moderation
from comments.models import Appeal, Comment, CommentSignal, Decision, Status
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 15, 3, tzinfo=UTC)  # in Seoul
LAST_MONTH = datetime(2026, 4, 10, 3, tzinfo=UTC)


@pytest.fixture
def moderator(client: Client) -> User:
    user = make_moderator()
    client.force_login(user)
    return user


def waiting(**fields: object) -> Comment:
    return make_comment(status=Status.PENDING, created_at=timezone.now(), **fields)


def test_days_are_those_of_the_site_and_count_what_stands(moderator: User) -> None:
    post = make_post()
    with time_machine.travel(NOON, tick=False) as clock:
        clock.move_to(datetime(2026, 5, 13, 15, 30, tzinfo=UTC))  # the 14th in Seoul
        moderation.approve(waiting(post=post), by=moderator)
        moderation.undo(moderation.reject(waiting(post=post), by=moderator), by=moderator)
        clock.move_to(NOON)
        moderation.mark_spam(waiting(post=post), by=None)
        moderation.redact(waiting(post=post), [(0, 3)], by=moderator)
        moderation.withdraw(waiting(post=post))
        days = figures.by_day(NOON)
    assert [(day.begins.day, *day[1:]) for day in days[-2:]] == [(14, 2, 1, 0, 0, 0), (15, 3, 0, 0, 1, 1)]
    assert len(days) == figures.DAYS
    assert not any(sum(day[1:]) for day in days[:-2])


def test_imported_comments_and_the_publications_own_are_in_no_figure(moderator: User) -> None:
    comment, other = waiting(), waiting()
    make_comment(wordpress_id=7)
    moderation.reply(comment, "Thank you.", by=moderator)
    moderation.approve(other, by=moderator)
    today, yesterday = figures.by_day(timezone.now())[-1], timezone.now() - timedelta(days=1)
    assert (today.received, today.published) == (2, 2)
    waits = figures.waits(yesterday)
    assert waits
    assert waits.cases == 2
    assert [record.decided for record in figures.moderators(yesterday)] == [2]


def test_waiting_times_are_those_until_a_person_decided(moderator: User) -> None:
    post = make_post()
    with time_machine.travel(NOON, tick=False) as clock:
        for hours in range(1, 12):
            comment = waiting(post=post)
            clock.move_to(NOON + timedelta(hours=hours))
            moderation.approve(comment, by=moderator)
            clock.move_to(NOON)
        moderation.mark_spam(waiting(post=post), by=None)
        found = figures.waits(NOON - timedelta(days=1))
    assert found
    assert (found.cases, found.median, found.ninetieth) == (11, timedelta(hours=6), timedelta(hours=10))
    assert found.half == "6\N{NO-BREAK SPACE}hours"


def test_one_decision_has_no_median(moderator: User) -> None:
    moderation.approve(waiting(), by=moderator)
    assert figures.waits(timezone.now() - timedelta(days=1)) is None


def test_a_signal_is_right_where_people_decided_as_it_suggested(moderator: User) -> None:
    post = make_post()
    decisions = [moderation.mark_spam, moderation.mark_spam, moderation.approve, moderation.reject]
    for decide in decisions:
        comment = waiting(post=post)
        CommentSignal.objects.create(comment=comment, name="many_links", points=2.0, reason="Links.")
        CommentSignal.objects.create(comment=comment, name="on_topic", points=-0.5, reason="On topic.")
        CommentSignal.objects.create(comment=comment, name="no_opinion", points=0.0, reason="Nothing.")
        decide(comment, by=moderator)
    assert figures.signals() == [("many_links", 3, 2), ("on_topic", 3, 1)]


def test_a_signal_is_called_what_the_queue_calls_it_and_leads_there(moderator: User, client: Client) -> None:
    comment = waiting()
    CommentSignal.objects.create(comment=comment, name="many_links", points=2.0, reason="Links.")
    moderation.mark_spam(comment, by=moderator)
    client.force_login(moderator)
    page = client.get("/admin/comments/figures/").content.decode()
    assert '<a href="/admin/comments/queue/?signal=many_links">Many links</a>' in page


def test_moderators_agree_unless_another_decides_otherwise(moderator: User) -> None:
    other, post = make_moderator(), make_post()
    for _number in range(2):
        moderation.approve(waiting(post=post), by=moderator)
    taken_down = waiting(post=post)
    moderation.approve(taken_down, by=moderator)
    moderation.reject(taken_down, by=other)
    undone = moderation.mark_spam(waiting(post=post), by=moderator)
    moderation.undo(undone, by=other)
    mistake = moderation.mark_spam(waiting(post=post), by=moderator)
    moderation.undo(mistake, by=moderator)  # a slip of the finger is no decision
    records = figures.moderators(timezone.now() - timedelta(days=1))
    assert records == [(moderator.username, 4, 2)]


def test_the_dashboard_shows_all_of_it(moderator: User, client: Client) -> None:
    comment = waiting(blind=True)
    CommentSignal.objects.create(comment=comment, name="many_links", points=2.0, reason="Links.")
    moderation.approve(comment, by=moderator)
    moderation.approve(waiting(), by=moderator)
    waiting()
    page = client.get("/admin/comments/figures/").content.decode()
    for shown in (
        "<svg",
        "many_links",
        moderator.username,
        "1 of 1 comments of the blind sample",
        "between 2.5 and 100.0",
    ):
        assert shown in page


def test_the_dashboard_of_an_empty_site_is_a_page(moderator: User, client: Client) -> None:
    assert client.get("/admin/comments/figures/").status_code == 200


def test_the_dashboard_costs_the_same_however_many_comments(moderator: User, client: Client) -> None:
    post, costs = make_post(), []
    client.get("/admin/comments/figures/")
    for number in (2, 6):
        for _number in range(number):
            moderation.approve(waiting(post=post), by=moderator)
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/comments/figures/")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20


def test_a_column_is_as_high_as_its_number() -> None:
    days = [
        figures.Counts(NOON.date(), 4, 1, 1, 0, 0),
        figures.Counts(NOON.date() + timedelta(days=1), 0, 0, 0, 0, 0),
    ]
    drawn = figures_views.chart(days, ["published", "rejected"])
    assert drawn.top == 2
    assert [(bar.kind, bar.y, bar.height) for bar in drawn.bars] == [("published", 60.0, 60.0), ("rejected", 0.0, 60.0)]


# The log


def entries(client: Client, query: str = "") -> list[int]:
    answer = client.get(f"/admin/comments/log/{query}")
    return [decision.pk for decision in answer.context["decisions"]]


def test_the_log_is_searched_by_person_deed_number_name_and_reason(moderator: User, client: Client) -> None:
    other, post = make_moderator(), make_post()
    first, second = waiting(post=post, name="Kim"), waiting(post=post, name="Lee")
    approved = moderation.approve(first, by=moderator).pk
    rejected = moderation.reject(second, by=other, reason="Off topic.").pk
    by_policy = moderation.mark_spam(waiting(post=post), by=None).pk
    undone = moderation.undo(Decision.objects.get(pk=approved), by=moderator).pk
    assert entries(client) == [undone, by_policy, rejected, approved]
    assert entries(client, f"?by={other.pk}") == [rejected]
    assert entries(client, "?by=policy") == [by_policy]
    assert entries(client, "?deed=undone") == [undone]
    assert entries(client, "?deed=published") == [approved]
    assert entries(client, f"?q=%23{first.pk}") == [undone, approved]
    assert entries(client, "?q=off+top") == [rejected]
    assert entries(client, "?q=lee") == [rejected]


def test_the_log_leads_to_each_comment_of_which_something_is_left(moderator: User, client: Client) -> None:
    rejected, withdrawn = waiting(), waiting()
    moderation.reject(rejected, by=moderator)
    moderation.withdraw(withdrawn)
    client.force_login(moderator)
    page = client.get("/admin/comments/log/").content.decode()
    assert f'#comment-{rejected.pk}">#{rejected.pk}</a>' in page
    assert f"#comment-{withdrawn.pk}" not in page


@pytest.mark.parametrize("address", ["/admin/", "/admin/comments/queue/"])
def test_moderators_find_all_their_pages(address: str, moderator: User, client: Client) -> None:
    client.force_login(moderator)
    page = client.get(address).content.decode()
    for name in ("campaigns", "appeals", "log", "figures", "profile"):
        assert f'href="/admin/comments/{name}/"' in page


def test_the_log_goes_on_where_a_page_ends(moderator: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures_views, "LOG_PAGE", 2)
    made = [moderation.approve(waiting(), by=moderator).pk for _number in range(3)]
    assert entries(client) == made[:0:-1]
    assert entries(client, f"?before={made[1]}") == [made[0]]


@pytest.mark.parametrize("query", ["?deed=x", "?by=x", "?before=-1", "?before=99999999999999999999", "?by=²"])
def test_the_log_refuses_what_its_form_cannot_ask(query: str, moderator: User, client: Client) -> None:
    assert client.get(f"/admin/comments/log/{query}").status_code == 404


@pytest.mark.parametrize("query", ["?q=%00", "?q=99999999999999999999999", "?q=%25_'", "?q=%23"])
def test_any_words_can_be_searched(query: str, moderator: User, client: Client) -> None:
    assert client.get(f"/admin/comments/log/{query}").status_code == 200


# The public page


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (1200, "1200")])
def test_a_few_are_not_told_apart(number: int, shown: str) -> None:
    assert figures_views._shown(number) == shown


def test_the_public_is_told_of_the_months_that_are_over(moderator: User, client: Client) -> None:
    post = make_post()
    with time_machine.travel(LAST_MONTH, tick=False) as clock:
        for _number in range(6):
            moderation.approve(waiting(post=post), by=moderator)
        refused = waiting(post=post)
        decision = moderation.reject(refused, by=moderator)
        Appeal.objects.create(comment=refused, text="Please.", against=decision, made_at=timezone.now())
        clock.move_to(NOON)
        for _number in range(7):
            moderation.mark_spam(waiting(post=post), by=None)
        answer = client.get("/transparency/en/")
    page = answer.content.decode()
    april = page[page.index("April 2026") : page.index("March 2026")]
    cells = [cell.split("<")[0] for cell in april.split("<td>")[1:]]
    assert cells == ["7", "6", "&lt;5", "0", "0", "&lt;5", "0", "0\N{NO-BREAK SPACE}minutes"]
    assert "May 2026" not in page


def test_the_public_page_speaks_both_languages(client: Client) -> None:
    assert '<html lang="ko">' in client.get("/transparency/ko/").content.decode()
    assert client.get("/transparency/xx/").status_code == 404
    assert client.get("/transparency/")["Location"] == "/transparency/en/"


def test_the_public_page_is_known_by_its_stamp(client: Client) -> None:
    first = client.get("/transparency/en/")
    assert client.get("/transparency/en/", headers={"If-None-Match": first["ETag"]}).status_code == 304
