"""What the name of a host says about it."""

from array import array
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

from publicsuffixlist import PSLFILE, PublicSuffixList, decode_idn

# Fingerprints of domains for throw-away addresses; see docs/decisions/009-learner.md for where they come from.
DISPOSABLE_FILE = Path(__file__).parent / "disposable.bin"

# Well-known services that shorten links; our own list of those that comments use most.
SHORTENERS = frozenset(
    """
    adf.ly bit.ly bitly.com buff.ly clck.ru cutt.ly cutt.us goo.gl goo.su is.gd j.mp lnkd.in me2.do ow.ly q.gs
    rb.gy rebrand.ly shorte.st shorturl.at sh.st soo.gd surl.li t.co t.ly t2m.io tiny.cc tinyurl.com trib.al
    tr.im u.to v.gd vvd.bz vo.la wp.me bl.ink ouo.io ouo.press linktr.ee zpr.io han.gl url.kr buly.kr naver.me
    linkbucks.com
    """.split()
)

# Where everybody reads and writes: that two comments lead there says nothing about either.
PLATFORMS = frozenset(
    """
    archive.org bbc.co.uk bbc.com blogger.com change.org daum.net discord.com discord.gg facebook.com flickr.com
    github.com google.co.kr google.com instagram.com kakao.com linkedin.com medium.com naver.com nytimes.com
    pinterest.com reddit.com reuters.com soundcloud.com spotify.com substack.com t.me theguardian.com threads.net
    tiktok.com tistory.com tumblr.com twitch.tv twitter.com un.org vimeo.com wikimedia.org wikipedia.org wordpress.com
    x.com yna.co.kr yahoo.com youtu.be youtube.com
    """.split()
)

# Endings that cost next to nothing, and are found in spam far more often than in readers' comments.
CHEAP = frozenset(
    """
    bid biz buzz casa cc cf cfd click club cyou date download faith fit fun ga gq icu info life link live loan
    lol ltd men ml mom monster online party pics porn pro pw quest rest review sbs sex shop site space store
    stream su tk today top trade vip webcam website win work world wtf xin xxx xyz
    """.split()
)


@cache
def _rules() -> dict[str, list[str]]:
    """The lines of the list of public suffixes by the last label of each."""
    rules: dict[str, list[str]] = {}
    for line in Path(PSLFILE).read_text("utf-8").splitlines():
        if line and not line.startswith("//"):
            rules.setdefault(line.rpartition(".")[2], []).append(line)
    return rules


@cache
def _suffixes(last: str) -> PublicSuffixList:
    """Those under one last label, when they are first needed: to prepare all would hold up the first link."""
    return PublicSuffixList(_rules().get(last, ()))


@lru_cache(maxsize=1024)
def registrable(host: str) -> str:
    """The part of a host that somebody registered: example.co.uk of blog.example.co.uk. The host if it has none."""
    last = _readable(host.rstrip(".").rpartition(".")[2].lower())
    return _suffixes(last if last in _rules() else "").privatesuffix(host) or host


def _readable(label: str) -> str:
    """As the list writes it: in its own letters."""
    if not label.startswith("xn--"):
        return label
    try:
        return decode_idn(label)
    except UnicodeError:
        return label


def is_everybodys(host: str) -> bool:
    """Neither its owner nor who leads there can be told from the name."""
    return host in PLATFORMS or is_shortener(host)


def is_shortener(host: str) -> bool:
    return host.removeprefix("www.") in SHORTENERS


def is_cheap(host: str) -> bool:
    return host.rpartition(".")[2] in CHEAP


def is_disposable(domain: str) -> bool:
    return bool(domain) and fingerprint(domain) in _disposable()


@cache
def _disposable() -> frozenset[int]:
    return frozenset(array("I", DISPOSABLE_FILE.read_bytes()))


def fingerprint(domain: str) -> int:
    """32 bits: one honest domain in half a million is mistaken for one of eight thousand."""
    return crc32(domain.lower().encode(errors="replace"))
