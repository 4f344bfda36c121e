"""Orders and filters of the moderators' lists: what they hold, how they are paged, and that no page grows dear."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import desk, filters, listing, rulebook
from comments.filters import Filters, Order
from comments.models import Campaign, Comment, CommentSignal, Proof, Status
from tests.factories import days_ago, make_comment, make_moderator, make_post, make_rule

QUEUE = "/admin/comments/queue/"
MOST_PAGES = 12

pytestmark = pytest.mark.django_db


def waiting(**fields: Any) -> Comment:
    return make_comment(status=Status.PENDING, **fields)


def signalled(name: str, **fields: Any) -> Comment:
    comment = waiting(**fields)
    CommentSignal.objects.create(comment=comment, name=name, points=1.0, reason="It looks like it.")
    return comment


def shown(**wanted: Any) -> list[Comment]:
    return listing.list_page(Filters(**wanted)).comments


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_moderator())
    return client


# Addresses


@pytest.mark.parametrize(
    "wanted",
    [
        Filters(),
        Filters(status=Status.SPAM, order=Order.NEWEST),
        Filters(status=Status.SPAM, order=Order.OLDEST),
        Filters(order=Order.RISK, post=3, language="ko", careful=True),
        Filters(signal="rule_3", proof=4, campaign=5),
        Filters(name="민지 & co", q="river “bank” = ?"),
    ],
)
def test_a_list_is_saved_as_its_address(wanted: Filters) -> None:
    assert Filters.parse(QueryDict(wanted.as_query().removeprefix("?"))) == wanted


def test_the_usual_list_has_the_plain_address() -> None:
    assert Filters().as_query() == "?"
    assert Filters.parse(QueryDict("")) == Filters()
    assert Filters.parse(QueryDict("status=approved")).order == Order.NEWEST


def test_another_status_is_shown_in_its_usual_order() -> None:
    assert Filters(q="river", order=Order.RISK).as_query(status=Status.SPAM) == "?status=spam&q=river"


@pytest.mark.parametrize(
    "query",
    [
        "status=withdrawn",
        "status=unknown",
        "order=name",
        "post=x",
        "post=-1",
        "post=9223372036854775808",
        "proof=%00",
        "campaign=1.5",
        f"campaign={'9' * 5000}",
        "language=fr",
        "after=x",
        "after=20260101T000000.000000-x",
        "after=0.5-3",
        "order=risk&after=nan-3",
        "order=risk&after=inf-3",
        "order=risk&before=x-3",
        "order=risk&after=20260101T000000.000000-3",
    ],
)
def test_what_cannot_be_is_not_found(browser: Client, query: str) -> None:
    assert browser.get(f"{QUEUE}?{query}").status_code == 404


def test_what_is_typed_may_be_anything(browser: Client) -> None:
    for field in ("q", "name", "signal"):
        assert browser.get(QUEUE, {field: "\0'\"<script>%" + 500 * "x"}).status_code == 200
    assert Filters.parse(QueryDict("q=a%00b")).q == "ab"


# Orders


def test_the_orders() -> None:
    first = waiting(risk=1.5, created_at=days_ago(3))
    worst = waiting(risk=1000.5, created_at=days_ago(2))
    last = waiting(risk=-2.0, created_at=days_ago(1))
    assert shown(order=Order.OLDEST) == [first, worst, last]
    assert shown(order=Order.NEWEST) == [last, worst, first]
    assert shown(order=Order.RISK) == [worst, first, last]


# Filters


def test_a_post_is_shown_alone() -> None:
    waiting()
    comment = waiting()
    assert shown(post=comment.post_id) == shown(post=comment.post_id, order=Order.RISK) == [comment]


def test_a_language_is_shown_alone() -> None:
    waiting(body="English.")
    comment = waiting(body="한국어")
    assert shown(language="ko") == shown(language="ko", order=Order.RISK) == [comment]


def test_what_a_rule_held_is_shown_alone() -> None:
    signalled("rule_1")
    comment = signalled("rule_2")
    CommentSignal.objects.create(comment=comment, name="rule_2", points=1.0, reason="Twice.")
    assert shown(signal="rule_2") == [comment]


def test_an_author_is_shown_alone() -> None:
    proof = Proof.objects.create(kind=Proof.Kind.BROWSER, digest="d")
    waiting(name="Min-ji")
    comment = waiting(name="Jun", proof=proof)
    assert shown(proof=proof.pk) == shown(name="Jun") == [comment]
    assert shown(name="jun") == []


def test_what_needs_a_careful_eye_is_shown_alone() -> None:
    waiting()
    comment = waiting(careful=True)
    assert shown(careful=True) == shown(careful=True, order=Order.RISK) == [comment]


def test_a_campaign_is_shown_alone() -> None:
    waiting(campaign=Campaign.objects.create(kind=Campaign.Kind.HOST, key="one.example"))
    comment = waiting(campaign=Campaign.objects.create(kind=Campaign.Kind.HOST, key="two.example"))
    assert shown(campaign=comment.campaign_id) == [comment]


def test_filters_are_joined() -> None:
    post = make_post()
    waiting(post=post, body="A river.")
    signalled("many_links", post=post, body="A bridge.")
    signalled("many_links", body="A river.")
    make_comment(post=post, body="A river.")
    comment = signalled("many_links", post=post, body="A river.")
    assert shown(post=post.pk, signal="many_links", q="river", language="en") == [comment]


@pytest.mark.usefixtures("_small")
def test_filters_are_joined_where_each_holds_many() -> None:
    post = make_post()
    for _each in range(4):
        waiting(post=post)
        signalled("many_links")
    comment = signalled("many_links", post=post)
    found = [comment for page in pages(Filters(post=post.pk, signal="many_links")) for comment in page]
    assert found == [comment]


def test_a_search_says_where_else_something_was_found() -> None:
    waiting(body="A river.")
    for status in (Status.APPROVED, Status.APPROVED, Status.SPAM, Status.WITHDRAWN):
        make_comment(body="A river.", status=status)
    page = listing.list_page(Filters(q="river"))
    assert str(page.total) == "1"
    assert [(found.status, str(found.total), found.address) for found in page.elsewhere] == [
        (Status.APPROVED, "2", "?status=approved&q=river"),
        (Status.SPAM, "1", "?status=spam&q=river"),
    ]


# Pages


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    monkeypatch.setattr(listing, "WINDOW", 3)
    monkeypatch.setattr(listing, "COUNTED", 2)


def pages(wanted: Filters, *, back: bool = False) -> Iterator[list[Comment]]:
    """From page to page, as a moderator follows the links; from the last one back to the first."""
    page = listing.list_page(wanted)
    for _page in range(MOST_PAGES):
        if back and page.after:
            page = listing.list_page(wanted, after=page.after)
    yield page.comments
    for _page in range(MOST_PAGES):
        if place := page.before if back else page.after:
            page = listing.list_page(wanted, **{"before" if back else "after": place})
            yield page.comments


def wide(name: str, values: list[Any], make: Callable[..., Comment] = waiting) -> None:
    """More comments than are looked at for one page, and others between them."""
    since = days_ago(1)  # many have waited for exactly as long
    for number, value in enumerate(values * 7):
        comment = make(**{name: value}, risk=float(number % 3))
        Comment.objects.filter(pk=comment.pk).update(status_since=since if number % 4 else days_ago(number))


def by_hand(wanted: Filters, comments: list[Comment]) -> list[Comment]:
    if wanted.order == Order.RISK:
        return sorted(comments, key=lambda comment: (-comment.risk, comment.pk))
    in_time = sorted(comments, key=lambda comment: (comment.status_since, comment.pk))
    return in_time if wanted.order == Order.OLDEST else in_time[::-1]


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("field", ["", "post", "name", "signal", "q"])
def test_every_comment_is_on_one_page_there_and_back(order: Order, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Filters(order=order)
    if field == "post":
        posts = [make_post(), make_post()]
        wide("post", posts)
        wanted = Filters(order=order, post=posts[0].pk)
    elif field == "signal":
        wide("name", ["many_links", "wares"], lambda name, **fields: signalled(name, **fields))
        wanted = Filters(order=order, signal="wares")
    elif field == "q":
        monkeypatch.setattr(listing, "WINDOW", 20)
        wide("body", ["A river.", "A bridge."])
        wanted = Filters(order=order, q="river")
    else:
        wide("name", ["Jun", "Min-ji"])
        wanted = Filters(order=order, name="Jun" if field else "")
    expected = by_hand(wanted, list(wanted.narrowed(Comment.objects.filter(body__contains=wanted.q))))
    assert len(expected) == (7 if field else 14)
    assert [comment for page in pages(wanted) for comment in page] == expected
    assert [comment for page in pages(wanted, back=True) for comment in page[::-1]] == expected[::-1]
    assert all(len(page) <= 2 for page in pages(wanted))


@pytest.mark.usefixtures("_small")
def test_where_a_page_finds_little_it_says_from_where_to_look_further() -> None:
    for _each in range(5):
        make_comment(name="Jun")
    for _each in range(4):
        waiting()
    comment = waiting(name="Jun")
    first = listing.list_page(Filters(name="Jun"))
    assert (first.comments, str(first.total)) == ([], "0+")
    second = listing.list_page(Filters(name="Jun"), after=first.after)
    assert second.comments == [comment]


@pytest.mark.usefixtures("_small")
def test_where_nothing_is_found_any_more_the_way_back_is_complete() -> None:
    for _each in range(5):
        make_comment(name="Jun")
    waiting()
    waiting()
    comment = waiting(name="Jun")
    waiting()
    first = listing.list_page(Filters(name="Jun"))
    last = listing.list_page(Filters(name="Jun"), after=first.after)
    assert (first.comments, last.comments, last.after) == ([comment], [], "")
    assert listing.list_page(Filters(name="Jun"), before=last.before).comments == [comment]


@pytest.mark.usefixtures("_small")
def test_no_more_than_a_certain_number_is_counted() -> None:
    post = make_post()
    for _each in range(2):
        waiting(post=post)
    assert str(listing.list_page(Filters(post=post.pk)).total) == "2"
    waiting(post=post)
    assert str(listing.list_page(Filters(post=post.pk)).total) == "2+"


@pytest.mark.usefixtures("_small")
def test_a_search_lists_the_newest_and_says_that_more_have_the_words(browser: Client) -> None:
    comments = [waiting(body="A river.") for _each in range(4)]
    page = listing.list_page(Filters(q="river"))
    assert (page.comments, str(page.total)) == (comments[1:3], "3+")
    assert "the newest of them are listed" in browser.get(QUEUE, {"q": "river"}).content.decode()


# Costs


@pytest.mark.sqlite  # whose plans it reads
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize(
    "field",
    [
        {},
        {"post": 1},
        {"language": "ko"},
        {"signal": "x"},
        {"proof": 1},
        {"name": "x"},
        {"careful": True},
        {"campaign": 1},
    ],
    ids=str,
)
def test_no_query_reads_or_sorts_a_whole_table(order: Order, field: dict[str, Any]) -> None:
    waiting()
    for hold in (listing.held, lambda _filters: None):  # the filter holds few, or too many
        for place in ({}, {"after": "1.0-1" if order == Order.RISK else "20260101T000000.000000-1"}):
            with CaptureQueriesContext(connection) as captured, pytest.MonkeyPatch.context() as patched:
                patched.setattr(listing, "held", hold)
                listing.list_page(Filters(order=order, **field), **place)
            for query in captured.captured_queries:
                plan = plan_of(query["sql"])
                assert "SCAN comments_" not in plan, query["sql"]
                assert "TEMP B-TREE" not in plan or " IN (" in query["sql"], query["sql"]  # of one page


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


# The form


def test_the_signals_of_the_comments_on_the_page_are_offered_in_words() -> None:
    rule = make_rule("casino")
    signalled(f"rule_{rule.pk}")
    signalled("many_links")
    signalled("many_links")
    offered = filters.offered_signals(Filters(signal="rule_999999"), desk.in_context(), rulebook.texts())
    assert offered == [
        ("many_links", "Many links"),
        ("rule_999999", "Rule 999999"),
        (f"rule_{rule.pk}", "Rule “casino”"),
    ]


def test_active_filters_are_shown_and_can_be_removed_one_by_one(browser: Client) -> None:
    post = make_post(title="The <river>")
    waiting(post=post, name="Jun")
    page = browser.get(QUEUE, {"status": "spam", "post": post.pk, "name": "Jun", "careful": "1", "q": "<b>"})
    shown = page.content.decode()
    assert [(chip.label, chip.without) for chip in page.context["chips"]] == [
        ("The <river>", "?status=spam&name=Jun&careful=1&q=%3Cb%3E"),
        ("Name: Jun", f"?status=spam&post={post.pk}&careful=1&q=%3Cb%3E"),
        ("Needs a careful eye", f"?status=spam&post={post.pk}&name=Jun&q=%3Cb%3E"),
        ("“<b>”", f"?status=spam&post={post.pk}&name=Jun&careful=1"),
    ]
    assert "<bdi>The &lt;river&gt;</bdi>" in shown
    assert 'name="q" value="&lt;b&gt;"' in shown
    assert "No comment here fits the filters." in shown


def test_the_form_keeps_what_it_does_not_show(browser: Client) -> None:
    page = browser.get(QUEUE, {"status": "spam", "name": "Jun", "order": "risk"}).content.decode()
    assert '<input type="hidden" name="status" value="spam">' in page
    assert '<input type="hidden" name="name" value="Jun">' in page
    assert '<option value="risk" selected>' in page
