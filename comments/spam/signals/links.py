"""Where a comment leads its readers."""

import re
from collections import Counter
from collections.abc import Iterator

from comments.spam.domains import is_cheap, is_shortener, registrable
from comments.spam.judgement import Evidence, Signal
from comments.spam.submission import Link, Submission, normalised

USUAL_LINKS = 2  # links in a comment; more were spam in 17 of 17 cases
MAX_CLUE = 4.0  # points of one clue: no clue sends a comment to the spam folder alone
MOSTLY = 0.4  # share of the characters
MANY_HYPHENS = 2  # in the name of a host
MAX_HOST = 80  # characters of a host in a reason

LINK_MARKUP = re.compile(r"\[(?:url|link)\b|<a\s[^<>]{0,20}\bhref", re.IGNORECASE | re.ASCII)


def many_links(submission: Submission) -> Iterator[Signal]:
    """More links than a reader's comment usually has."""
    if (count := len(submission.links)) > USUAL_LINKS:
        points = min(count - 1.0, MAX_CLUE)
        yield Signal("many_links", points, f"It has {count} links; comments seldom have three.", quote(submission, -1))


def only_links(submission: Submission) -> Iterator[Signal]:
    """Addresses and nothing said about them."""
    if submission.links and words_beside_links(submission) == "":
        evidence = Evidence.of(submission, "text", submission.links[0].start, submission.links[-1].end)
        yield Signal("only_links", 2.5, "It is a link without a word about it.", evidence)


def words_beside_links(submission: Submission) -> str:
    ends = (0, *(link.end for link in submission.links))
    starts = (*(link.start for link in submission.links), len(submission.text))
    return normalised("".join(submission.text[end:start] for end, start in zip(ends, starts, strict=True)))


def mostly_links(submission: Submission) -> Iterator[Signal]:
    """Some words, but most of the text is addresses."""
    length = sum(link.end - link.start for link in submission.links)
    if length > MOSTLY * len(submission.text) and words_beside_links(submission):
        yield Signal("mostly_links", 0.5, "Most of the text is addresses.", quote(submission, 0))


def repeated_host(submission: Submission) -> Iterator[Signal]:
    """The same site again and again."""
    hosts = Counter(registrable(link.host) for link in submission.links)
    host, times = hosts.most_common(1)[0] if hosts else ("", 0)
    if times > USUAL_LINKS:
        yield Signal("repeated_host", 1.0, f"It leads to {in_words(host)} {times} times.", quote(submission, -1))


def shortened_link(submission: Submission) -> Iterator[Signal]:
    """A service that hides where a link leads."""
    if link := next((link for link in submission.links if is_shortener(link.host)), None):
        yield Signal("shortened_link", 2.0, "A link hides where it leads behind a shortener.", of(submission, link))


def odd_host(submission: Submission) -> Iterator[Signal]:
    """A kind of address that is cheap to have and that advertisers prefer."""
    for link in submission.links:
        name = registrable(link.host)
        if is_cheap(link.host) or name.count("-") >= MANY_HYPHENS:
            reason = f"It leads to {in_words(name)}, an address of a kind that spam prefers."
            yield Signal("odd_host", 1.5, reason, of(submission, link))
            return


def marked_host(submission: Submission) -> Iterator[Signal]:
    """A site for which moderators have marked comments as spam."""
    if submission.marked_hosts:
        host = in_words(submission.marked_hosts[0])
        yield Signal("marked_host", 2.5, f"Moderators marked comments that lead to {host} as spam.")


def link_markup(submission: Submission) -> Iterator[Signal]:
    """Markup that programs post everywhere and that this form never offered."""
    if match := LINK_MARKUP.search(submission.text):
        evidence = Evidence.of(submission, "text", *match.span())
        yield Signal("link_markup", 1.0, "It contains markup for links, which this form does not use.", evidence)


def in_words(host: str) -> str:
    """The host as a sentence can hold it: whatever was written there, it is short and can be printed."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in host[:MAX_HOST])
    return f"{shown}…" if len(host) > MAX_HOST else shown


def of(submission: Submission, link: Link) -> Evidence:
    return Evidence.of(submission, "text", link.start, link.end)


def quote(submission: Submission, number: int) -> Evidence:
    return of(submission, submission.links[number])
