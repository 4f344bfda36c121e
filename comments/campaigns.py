"""Comments that belong together, so that they are decided together: nearly one text, one host, one phrase.

A new comment finds its like among those of the last week. Two that share a host or a phrase may be two people who know
the same thing; the third makes a campaign of them. Nothing is decided by belonging to one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, OuterRef

from comments import learning, similar
from comments.models import DECIDED, Campaign, Comment, MarkedHost, SketchPart, Status
from comments.spam import find_links, normalised
from comments.spam.domains import is_everybodys, registrable
from comments.spam.phrases import halves, own_words, phrases, spread
from comments.spam.shingles import SHORTEST, likeness
from posts.search import plain_text

OTHERS = 2  # earlier comments that must share a host or phrase
HOSTS = 6  # of a comment that are looked up and kept
KEPT = 18  # hosts and phrases of a comment that are kept
LOOKED_UP = 128  # phrases of a comment that are looked up
ENOUGH = 12  # comments that are kept for one host or phrase, however many more there are in a flood
COMPARED = 10  # earlier comments with a like sketch whose texts are compared
LIKE = 0.4  # share of shingles in common; texts by different people have hardly a twentieth
TOLD = 100_000  # characters of a post whose sentences are known as quotations

Kind = Campaign.Kind


class Clue(NamedTuple):
    """A host or phrase by which other comments of a campaign are known."""

    value: int  # far above the numbers of sketches, which are kept in the same table
    kind: Campaign.Kind
    key: str

    @classmethod
    def of(cls, kind: Campaign.Kind, key: str) -> "Clue":
        digest = blake2b(f"{kind} {key}".encode(errors="replace"), digest_size=7)
        return cls(1 << 60 | int.from_bytes(digest.digest()), kind, key)


class Member(NamedTuple):
    """An earlier comment that shares something with a new one."""

    pk: int
    campaign: int | None
    status: str
    name: str


class Known:
    """What is no clue in a comment, because the post or who is answered says it too. Read only when it is needed."""

    def __init__(self, comment: Comment) -> None:
        self.post, self.parent = comment.post, comment.parent

    @cached_property
    def halves(self) -> frozenset[str]:
        answered = self.parent.body if self.parent else ""
        told = [self.post.title, self.post.excerpt, plain_text(self.post.html)[:TOLD], answered]
        return frozenset(half for text in told for half in halves(text))

    @cached_property
    def hosts(self) -> frozenset[str]:
        answered = self.parent.body if self.parent else ""
        links = find_links(f"{self.post.html} {self.post.source_url} {answered}")
        return frozenset(registrable(host) for host in [settings.SITE_HOST, *(link.host for link in links)])


def join(comment: Comment) -> None:
    """Put a new comment into the campaign that it belongs to, in the transaction that stores it.

    Up to five queries to look, however many comments there are, and one to keep what later ones are compared with.
    """
    clues = _clues(comment)
    sharers = _sharers(comment, clues)
    _remember(comment, clues, sharers)
    known = Known(comment)
    shared = [(clue, sharers[clue.value]) for clue in clues if _is_shared(comment, clue, sharers[clue.value])]
    if twins := _twins(comment, known):
        _gather(comment, Clue.of(Kind.TEXT, ""), twins)
    elif found := _same_host(shared, known) or _same_phrase(shared, known):
        _gather(comment, *found)


def _clues(comment: Comment) -> list[Clue]:
    """Hosts, then phrases from all over the text, then the rest of the phrases that are looked up."""
    named = learning.hosts(learning.counted(comment))
    hosts = sorted(Clue.of(Kind.HOST, host) for host in named if not is_everybodys(host))[:HOSTS]
    written = {clue.value: clue for clue in (Clue.of(Kind.PHRASE, phrase) for phrase in phrases(comment.body))}
    first = spread(list(written), KEPT - len(hosts))
    values = list(dict.fromkeys([*first, *sorted(written)]))[:LOOKED_UP]
    return [*hosts, *(written[value] for value in values)]


def _sharers(comment: Comment, clues: Sequence[Clue]) -> dict[int, list[Member]]:
    """The earlier comments with each of the clues, newest first. One query if there is any clue."""
    found = defaultdict[int, list[Member]](list)
    if clues:
        parts = SketchPart.objects.filter(value__in=[clue.value for clue in clues], comment__lt=comment.pk)
        rows = parts.order_by("-pk").values_list(
            "value", "comment", "comment__campaign", "comment__status", "comment__name"
        )
        for value, pk, campaign, status, name in rows[: ENOUGH * (HOSTS + LOOKED_UP)]:
            found[value].append(Member(pk, campaign, status, name))
    return found


def _remember(comment: Comment, clues: Sequence[Clue], sharers: dict[int, list[Member]]) -> None:
    """Keep what later comments are compared with. What is kept often enough is not kept once more."""
    values = [clue.value for clue in clues[:KEPT] if len(sharers[clue.value]) < ENOUGH]
    SketchPart.objects.bulk_create([SketchPart(comment=comment, value=value) for value in values])


def _is_shared(comment: Comment, clue: Clue, members: Sequence[Member]) -> bool:
    """Whether enough others have it, under more than one name, and none of them was published."""
    counted = {Status.PENDING, Status.SPAM} if clue.kind == Kind.HOST else set(Status)
    others = [member for member in members if member.status in counted or member.campaign]
    names = {member.name.strip().casefold() or str(member.pk) for member in others} - {comment.name.strip().casefold()}
    return len(others) >= OTHERS and bool(names) and all(member.status != Status.APPROVED for member in members)


def _twins(comment: Comment, known: Known) -> list[Member]:
    """The earlier comments with nearly the same text, whatever both quote of the post left out. Two queries."""
    alike = similar.alike(comment)[:COMPARED]
    if not alike or len(ours := own_words(comment.body, known.halves)) < SHORTEST:
        return []
    rows = Comment.objects.filter(pk__in=alike).order_by("-pk")
    return [
        Member(pk, campaign, status, name)
        for pk, campaign, status, name, body in rows.values_list("pk", "campaign", "status", "name", "body")
        if likeness(ours, own_words(body, known.halves)) >= LIKE
    ]


def _same_host(shared: Iterable[tuple[Clue, list[Member]]], known: Known) -> tuple[Clue, list[Member]] | None:
    """One query if a host is shared at all: no site is a campaign that moderators ever let a reader lead to."""
    hosts = {clue.key: (clue, members) for clue, members in shared if clue.kind == Kind.HOST}
    if not hosts or not (left := hosts.keys() - known.hosts):
        return None
    published = set(MarkedHost.objects.filter(host__in=left, ham__gt=0).values_list("host", flat=True))
    return max((hosts[host] for host in sorted(left - published)), key=lambda found: len(found[1]), default=None)


def _same_phrase(shared: Iterable[tuple[Clue, list[Member]]], known: Known) -> tuple[Clue, list[Member]] | None:
    written = [(clue, members) for clue, members in shared if clue.kind == Kind.PHRASE]
    own = (found for found in written if known.halves.isdisjoint(halves(found[0].key)))
    return max(own, key=lambda found: len(found[1]), default=None)


def _gather(comment: Comment, clue: Clue, members: Sequence[Member]) -> None:
    """Put them into the campaign that most of them are in, or into a new one.

    Two campaigns that turn out to be one grow together so, a few members at a time. Whoever a moderator decides about
    in this moment is left out: waiting for one another, neither would go on.
    """
    taken = Counter(member.campaign for member in members if member.campaign)
    campaign = taken.most_common(1)[0][0] if taken else _campaign(clue).pk
    free = Comment.objects.select_for_update(skip_locked=True).exclude(status=Status.WITHDRAWN)
    alike = free.filter(pk__in=[comment.pk, *(member.pk for member in members)]).values("pk")
    Comment.objects.filter(pk__in=alike).update(campaign=campaign)
    comment.campaign_id = campaign


def _campaign(clue: Clue) -> Campaign:
    """Locked where it was there already, so that it is not deleted as an empty one meanwhile."""
    if not clue.key:
        return Campaign.objects.create(kind=clue.kind)
    return Campaign.objects.select_for_update().get_or_create(kind=clue.kind, key=clue.key)[0]


def hide_key(comment: Comment) -> None:
    """Do not tell the host or phrase of its campaign any more where that is covered in it. At most two queries."""
    campaign = comment.campaign
    if campaign and campaign.key in _told(comment.body) and campaign.key not in _told(comment.public_text):
        Campaign.objects.filter(pk=campaign.pk).update(key="")


def _told(text: str) -> str:
    """What keys of campaigns are part of: the words, and the hosts."""
    return " ".join([normalised(text), *(registrable(link.host) for link in find_links(text))])


class Size(NamedTuple):
    """How many members of a campaign have each status."""

    campaign: Campaign
    counts: Counter[str]

    def without(self, comment: Comment) -> "Size":
        return Size(self.campaign, self.counts - Counter([comment.status]))

    @property
    def waiting(self) -> int:
        return self.counts[Status.PENDING]

    @property
    def decided(self) -> list[tuple[str, int]]:
        return [(status, self.counts[status]) for status in DECIDED if self.counts[status]]


def sizes(comments: Iterable[Comment]) -> dict[int, Size]:
    """The campaigns that these comments belong to, by their keys. One query if there is any."""
    keys = {comment.campaign_id for comment in comments if comment.campaign_id}
    return _sizes(keys) if keys else {}


def others(comments: Sequence[Comment]) -> dict[int, Size]:
    """Beside each comment, by its key, the other members of its campaign. One query if any is in one."""
    found = sizes(comments)
    return {comment.pk: found[comment.campaign_id].without(comment) for comment in comments if comment.campaign_id}


def together(comments: Iterable[Comment]) -> dict[Comment, list[Comment]]:
    """The comments of a page that have a card of their own, each with those of its campaign that share the card.

    Only what waits is decided together, and never what needs a look of its own.
    """
    cards: dict[Comment, list[Comment]] = {}
    firsts: dict[int | None, Comment] = {}
    for comment in comments:
        first = firsts.setdefault(comment.campaign_id, comment) if may_share(comment) else comment
        if first is comment:
            cards[comment] = []
        else:
            cards[first].append(comment)
    return cards


def may_share(comment: Comment) -> bool:
    """Whether it may be decided together with others unless somebody says otherwise. `notes` are to be fetched."""
    noted = comment.careful or comment.notes.all()
    return bool(comment.campaign_id and comment.status == Status.PENDING and not noted)


def size_of(campaign: Campaign) -> Size:
    return _sizes({campaign.pk}).get(campaign.pk) or Size(campaign, Counter())


def _sizes(keys: Iterable[int]) -> dict[int, Size]:
    found: dict[int, Size] = {}
    members = Comment.objects.filter(campaign__in=keys).order_by()
    counted = members.values_list("campaign", "campaign__kind", "campaign__key", "status").annotate(Count("pk"))
    for pk, kind, key, status, count in counted:
        found.setdefault(pk, Size(Campaign(pk=pk, kind=kind, key=key), Counter())).counts[status] = count
    return found


def purge() -> None:
    """Delete those of whose members no text is held: a phrase is not kept longer than what it was found in."""
    held = Comment.objects.filter(campaign=OuterRef("pk"), purged_at=None)
    Campaign.objects.filter(~Exists(held)).delete()
