import datetime
import hashlib
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from pytest_django import Settings

from comments import limits, moderation
from comments.limits import MAX_COMMENTS, WINDOW, Source, TooManyCommentsError, count, source_of
from comments.models import Comment, CommentSignal, RateWindow
from comments.spam import Submission
from posts.models import Post
from tests.factories import make_post

NOON = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
HOME = Source("a1" * 8, shared=False)
ONION = Source("b2" * 8, shared=True)


def source(address: str, forwarded: str = "") -> Source:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return source_of(RequestFactory().post("/", REMOTE_ADDR=address, headers=headers))


def send(post: Post, text: str, source: Source, *, receipt: str = "") -> Comment:
    comment = Comment(post=post, name="Reader", body=text)
    return moderation.submit(comment, Submission(text=text), source=source, receipt=receipt)


# Where a comment comes from


def test_one_address_is_one_source() -> None:
    assert source("198.51.100.7") == source("198.51.100.7")
    assert source("198.51.100.7") != source("198.51.100.8")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("198.51.100.7", "::ffff:198.51.100.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002:0000:0000:0000:0009"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_other_spellings_and_one_connections_addresses_are_one_source(one: str, other: str) -> None:
    assert source(one) == source(other)


def test_next_network_is_another_source() -> None:
    assert source("2001:db8:1:2::1") != source("2001:db8:1:3::1")
    assert source("::1") != source("0.0.0.1")


@pytest.mark.parametrize("forwarded", ["203.0.113.5", "garbage", "203.0.113.5, 203.0.113.6"])
def test_header_means_nothing_without_a_proxy_of_ours(forwarded: str) -> None:
    assert source("198.51.100.7", forwarded) == source("198.51.100.7")


@pytest.mark.parametrize(
    ("hops", "forwarded"),
    [
        (1, "198.51.100.7"),
        (1, "203.0.113.5, 198.51.100.7"),
        (1, "127.0.0.1,fc00:dead:beef:4dad::1,198.51.100.7"),
        (2, "198.51.100.7, 10.0.0.2"),
        (2, "garbage, 203.0.113.5, 198.51.100.7, 10.0.0.2"),
    ],
)
def test_behind_our_proxies_the_address_is_the_one_that_the_outermost_saw(
    hops: int, forwarded: str, settings: Settings
) -> None:
    direct = source("198.51.100.7")
    settings.TRUSTED_PROXY_HOPS = hops

    assert source("10.0.0.1", forwarded) == direct


@pytest.mark.parametrize("forwarded", ["", "garbage", "unknown", "198.51.100.7, ", "203.0.113.5, 1.2.3.4.5"])
def test_what_is_no_address_is_one_source_that_is_limited(forwarded: str, settings: Settings) -> None:
    settings.TRUSTED_PROXY_HOPS = 1

    found = source("10.0.0.1", forwarded)

    assert found == source("10.0.0.1", "nonsense")
    assert found != source("10.0.0.1", "10.0.0.1")
    assert not found.shared


def test_too_few_entries_do_not_lead_to_what_the_sender_wrote(settings: Settings) -> None:
    settings.TRUSTED_PROXY_HOPS = 2

    assert source("10.0.0.1", "203.0.113.5") == source("10.0.0.1", "203.0.113.6")


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_an_onion_service_in_production_only(address: str, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert source(address).shared

    settings.PRODUCTION = False
    assert not source(address).shared


def test_circuits_of_tor_are_shared_and_home_connections_are_not(settings: Settings) -> None:
    settings.PRODUCTION = True

    assert source("fc00:dead:beef:4dad::abcd:1").shared
    assert not source("fc00:dead:beef:4dae::1").shared
    assert not source("198.51.100.7").shared


def test_source_is_another_after_midnight() -> None:
    with time_machine.travel(datetime.datetime(2027, 3, 1, 23, 59, 59, tzinfo=datetime.UTC), tick=False) as clock:
        before = source("198.51.100.7")
        clock.shift(2)
        assert source("198.51.100.7") != before


# How many it may send


@pytest.mark.django_db
def test_eleventh_comment_in_ten_minutes_is_refused_until_the_window_ends() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for earlier in range(MAX_COMMENTS):
            assert count(HOME) == earlier
        clock.shift(WINDOW - 60)
        with pytest.raises(TooManyCommentsError) as refusal:
            count(HOME)
        assert refusal.value.retry_after == 60
        clock.shift(60)
        assert count(HOME) == 0


@pytest.mark.django_db
def test_sources_are_counted_apart() -> None:
    count(HOME)

    assert count(Source("c3" * 8, shared=False)) == 0


@pytest.mark.django_db
def test_shared_source_is_never_refused_and_never_counted() -> None:
    assert {count(ONION) for _ in range(3 * MAX_COMMENTS)} == {0}
    assert not RateWindow.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [1, -1])
def test_clock_that_jumps_locks_nobody_out(hours: int) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(MAX_COMMENTS):
            count(HOME)
        clock.shift(datetime.timedelta(hours=hours))
        assert count(HOME) == 0


@pytest.mark.django_db
def test_counting_costs_one_statement(django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(1):
        count(HOME)


@pytest.mark.django_db
def test_purge_keeps_open_windows_only() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        count(HOME)
        clock.shift(WINDOW - 1)
        assert limits.purge() == 0
        clock.shift(1)
        assert limits.purge() == 1
    assert not RateWindow.objects.exists()


@pytest.mark.django_db
def test_purge_deletes_what_a_wrong_clock_left_in_the_future() -> None:
    with time_machine.travel(NOON + datetime.timedelta(days=400)):
        count(HOME)

    assert limits.purge() == 1


# Together with the comment


@pytest.mark.django_db
def test_refused_comment_is_neither_stored_nor_counted() -> None:
    post = make_post()
    for number in range(MAX_COMMENTS):
        send(post, f"Comment {number}", HOME)

    for _ in range(3):
        with pytest.raises(TooManyCommentsError):
            send(post, "One too many", HOME)

    assert Comment.objects.count() == MAX_COMMENTS
    assert RateWindow.objects.get().count == MAX_COMMENTS


@pytest.mark.django_db
def test_comment_on_a_closed_post_is_not_counted() -> None:
    post = make_post(comments=Post.Comments.CLOSED)

    with pytest.raises(moderation.CommentsClosedError):
        send(post, "Too late", HOME)

    assert not RateWindow.objects.exists()


@pytest.mark.django_db
def test_form_sent_again_is_the_earlier_comment_however_often() -> None:
    post = make_post()

    sent = {send(post, "The same", HOME, receipt="r").pk for _ in range(MAX_COMMENTS + 5)}

    assert len(sent) == 1
    assert RateWindow.objects.get().count == 1


@pytest.mark.django_db
def test_frequent_comments_of_one_source_are_a_clue() -> None:
    post = make_post()

    comments = [send(post, f"Comment {number}", HOME) for number in range(4)]

    assert [signal.comment for signal in CommentSignal.objects.filter(name="frequent_source")] == comments[3:]


@pytest.mark.django_db
def test_thousand_comments_of_a_shared_source_do_not_speak_against_the_next() -> None:
    post = make_post()
    for number in range(2 * MAX_COMMENTS):
        send(post, f"Comment {number}", ONION)

    assert not CommentSignal.objects.filter(name="frequent_source").exists()
    assert Comment.objects.waiting().count() == 2 * MAX_COMMENTS


# The receipt


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "website", "body", "parent_id", "post_id"])
def test_receipt_is_another_when_anything_differs(field: str) -> None:
    fields = {"post_id": 1, "parent_id": None, "name": "A", "website": "", "body": "Text"}
    same = limits.receipt(HOME, Comment(**fields), email="")

    assert limits.receipt(HOME, Comment(**fields), email="") == same
    assert limits.receipt(HOME, Comment(**(fields | {field: 2 if field.endswith("id") else "B"})), email="") != same
    assert limits.receipt(HOME, Comment(**fields), email="a@example.org") != same
    assert limits.receipt(ONION, Comment(**fields), email="") != same


def test_receipt_does_not_run_fields_together() -> None:
    one = Comment(name="ab", website="c", body="")
    other = Comment(name="a", website="bc", body="")

    assert limits.receipt(HOME, one, email="") != limits.receipt(HOME, other, email="")


# What is left on the disk


def everything_stored() -> bytes:
    """Every row of every table, and the file if there is one."""
    with connection.cursor() as cursor:
        written = b""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 a name from the database itself
            written += repr(cursor.fetchall()).encode()
    connection.close()
    return written + (Path(connection.settings_dict["NAME"]).read_bytes() if connection.vendor == "sqlite" else b"")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_database_does_not_tell_the_addresses() -> None:
    post = make_post()
    addresses = [f"203.0.113.{number}" for number in range(100)] + [
        f"2001:db8:1:{number:x}::1" for number in range(100)
    ]
    for number, address in enumerate(addresses):
        comment = Comment(post=post, name="Reader", body=f"Comment {number}")
        found = source(address)
        receipt = limits.receipt(found, comment, email="")
        moderation.submit(comment, Submission(text=comment.body), source=found, receipt=receipt)

    written = everything_stored()

    assert found.digest.encode() in written, "what is searched is what was written"
    for address in addresses:
        for spelling in (address, address.removesuffix("1"), limits._network(ip_address(address))):
            assert spelling.encode() not in written
            for algorithm in ("md5", "sha1", "sha256"):
                digest = hashlib.new(algorithm, spelling.encode())
                assert digest.hexdigest()[:16].encode() not in written
                assert digest.digest() not in written
