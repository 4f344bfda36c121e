"""What stands in the fields around the text: name, website, e-mail."""

import re
from collections.abc import Iterator

from comments.spam.domains import is_cheap, is_disposable
from comments.spam.judgement import Evidence, Signal
from comments.spam.literals import lower
from comments.spam.submission import Submission, find_links
from comments.spam.tokens import concepts_of, plain

SOLD = frozenset({"gamble", "adult", "pharma", "service", "shop", "seo", "support", "crypto", "money"})
LONG_NAME = 4  # words; people's names are shorter
MANY_HYPHENS = 2
LONG_PATH = 2  # folders in the address of a commenter's site
WORD = re.compile(r"[^\W\d_]+")

# Stems in the names of hosts that sell what spam sells.
SELLING_HOST = re.compile(
    r"casino|poker|slot|gambl|betting|togel|judi|toto|porn|xxx|sex|escort|dating|massage|viagra|cialis|pharm|pills|drug"
    r"|steroid|cbd|vape|loan|credit|payday|mortgage|insur|forex|crypto|bitcoin|coin|invest|profit|money|earn|rich|income"
    r"|seo|backlink|traffic|marketing|essay|dissertation|assignment|homework|thesis|replica|outlet|cheap|discount|coupon"
    r"|deals|buy|shop|store|sale|jersey|handbag|watches|uggs|download|torrent|crack|keygen|hack|apk|mp3|game|movers|packers"
    r"|plumb|roofing|locksmith|carpet|flooring|rehab|detox|diet|weight|slim|keto|hairloss|tattoo|lawyer|attorney|visa|taxi"
    r"|limo|hotel|travel|tours|realestate|property|web-?design|hosting|repair|cleaning|wedding|jewel|gold",
)


def link_in_name(submission: Submission) -> Iterator[Signal]:
    if found := find_links(submission.name):
        evidence = Evidence.of(submission, "name", found[0].start, found[0].end)
        yield Signal("link_in_name", 3.0, "The name is or contains a web address.", evidence)


def name_that_sells(submission: Submission) -> Iterator[Signal]:
    """A search phrase where a name should be."""
    words = [match.span() for match in WORD.finditer(submission.name)]
    for start, end in words:
        if SOLD.intersection(concepts_of(plain(submission.name[start:end])[0])):
            evidence = Evidence.of(submission, "name", start, end)
            yield Signal("name_that_sells", 2.5, "The name is what an advertiser wants to be found for.", evidence)
            return
    if len(words) > LONG_NAME:
        evidence = Evidence.of(submission, "name", 0, len(submission.name))
        yield Signal("name_that_sells", 1.0, "The name is a phrase.", evidence)


def website_that_sells(submission: Submission) -> Iterator[Signal]:
    """An address that is made for search engines."""
    host = host_of(submission.website)
    if found := SELLING_HOST.search(host):
        start = lower(submission.website).index(host) + found.start()
        evidence = Evidence.of(submission, "website", start, start + len(found[0]))
        yield Signal("website_that_sells", 2.0, "The commenter's website sells something, by its name.", evidence)
    elif is_cheap(host) or host.count("-") >= MANY_HYPHENS:
        evidence = Evidence.of(submission, "website", 0, len(submission.website))
        yield Signal("website_that_sells", 1.5, "The commenter's website has an address that spam prefers.", evidence)


def website_deep(submission: Submission) -> Iterator[Signal]:
    """Readers give their home page; advertisers the page that is to be found."""
    host = host_of(submission.website)
    path = lower(submission.website).partition(host)[2] if host else ""
    if len([part for part in path.split("/") if part]) >= LONG_PATH or path.count("-") >= MANY_HYPHENS:
        start = len(submission.website) - len(path)
        evidence = Evidence.of(submission, "website", start, len(submission.website))
        yield Signal("website_deep", 1.0, "The website is a page deep inside a site.", evidence)


def host_of(website: str) -> str:
    return re.split(r"[/?#:]", re.sub(r"^[a-z]+://", "", lower(website)))[0].removeprefix("www.")


def disposable_email(submission: Submission) -> Iterator[Signal]:
    if is_disposable(submission.email_domain):
        yield Signal("disposable_email", 1.0, "The e-mail address is of a service for throw-away addresses.")
