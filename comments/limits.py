"""How many comments one source may send, how many mails one address may get, how often a password may be tried.

The address of a source exists in the request only; what is counted has no way back.
"""

import hmac
import json
import time
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest

from comments.daily_key import daily_key
from comments.models import Comment, RateWindow

MAX_COMMENTS = 10  # of one source in one window
WINDOW = 600  # seconds from a source's first comment
MAX_MAILS = 5  # that strangers may cause to one address on one day
DAY = 24 * 60 * 60  # seconds; it ends at midnight UTC in any case, with the key
TOR_CIRCUITS = IPv6Network("fc00:dead:beef:4dad::/64")  # what Tor's HiddenServiceExportCircuitID calls its circuits

COUNT = """
INSERT INTO comments_ratewindow (source, started, seconds, count) VALUES (%(source)s, %(now)s, %(seconds)s, 1)
ON CONFLICT (source) DO UPDATE SET
    count = CASE WHEN comments_ratewindow.started BETWEEN %(oldest)s AND %(now)s
            THEN comments_ratewindow.count + 1 ELSE 1 END,
    started = CASE WHEN comments_ratewindow.started BETWEEN %(oldest)s AND %(now)s
              THEN comments_ratewindow.started ELSE excluded.started END
RETURNING started, count
"""


class TooManyCommentsError(Exception):
    """The source has sent as many comments as it may for now."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} seconds.")
        self.retry_after = retry_after  # seconds


@dataclass(frozen=True, slots=True)
class Source:
    """Where a comment comes from: the same for one address (IPv4) or network (IPv6) until midnight UTC."""

    digest: str
    shared: bool  # many people come from there, so it is never refused
    address: str = field(default="", repr=False, compare=False)  # for Akismet, if it is on; never stored or logged


def source_of(request: HttpRequest) -> Source:
    address = client_address(request)
    shared = _is_shared(address)
    known = address and not shared and settings.AKISMET_KEY
    return Source(_digest("source", _network(address))[:16], shared=shared, address=str(address) if known else "")


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The peer, or the address that the outermost of our own proxies saw. None if it is none: one source for all."""
    claimed = request.META.get("REMOTE_ADDR", "")
    if hops := settings.TRUSTED_PROXY_HOPS:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        claimed = forwarded[-hops] if hops <= len(forwarded) else ""  # what stands further left, anybody may write
    try:
        address = ip_address(claimed.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: IPv4Address | IPv6Address | None) -> str:
    """One connection has one IPv4 address, or 2^64 of IPv6."""
    return str(IPv6Network((int(address), 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _is_shared(address: IPv4Address | IPv6Address | None) -> bool:
    """An onion service, whose visitors all seem to be this machine, or come as circuits of Tor."""
    return address is not None and (address in TOR_CIRCUITS or (settings.PRODUCTION and address.is_loopback))


def _digest(purpose: str, *parts: object) -> str:
    return hmac.new(daily_key(), json.dumps([purpose, *parts]).encode(), "sha256").hexdigest()


def receipt(source: Source, comment: Comment, *, email: str) -> str:
    """The same for the same form sent again by the same source."""
    said = (comment.post_id, comment.parent_id, comment.name, email, comment.website, comment.body)
    return _digest("receipt", source.digest, *said)


def count(source: Source) -> int:
    """Count one comment and return how many this source sent before it in its window. One statement.

    Belongs into the transaction that stores the comment: what is rolled back is not counted. Raises
    TooManyCommentsError, which rolls both back; never for a shared source, of which nothing is counted.
    """
    if source.shared:
        return 0
    now = int(time.time())
    started, counted = _count(source.digest, now, WINDOW)
    if counted > MAX_COMMENTS:
        raise TooManyCommentsError(started + WINDOW - now)
    return counted - 1


def may_write_to(email: str) -> bool:
    """Count one mail to the address, and say whether it may still be sent. One statement."""
    return within(MAX_MAILS, DAY, "mail", email.casefold())


def within(most: int, seconds: int, *what: str) -> bool:
    """Count one of `what`, and say whether it is no more than `most` in the seconds since the first. One statement."""
    _started, counted = _count(_digest(*what)[:16], int(time.time()), seconds)
    return counted <= most


def take_back(*what: str) -> None:
    """Let one that was counted not count any more."""
    RateWindow.objects.filter(source=_digest(*what)[:16], count__gt=0).update(count=F("count") - 1)


def _count(source: str, now: int, seconds: int) -> tuple[int, int]:
    """When the source's window began, and how often it was counted since, this time included."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"source": source, "now": now, "oldest": now - seconds + 1, "seconds": seconds})
        started, counted = cursor.fetchone()
    return int(started), int(counted)


def purge() -> int:
    """Delete what counts no more, and a key whose day is over. Returns how many windows."""
    daily_key()
    now = int(time.time())
    deleted, _each = RateWindow.objects.exclude(started__gt=now - F("seconds"), started__lte=now).delete()
    return deleted
