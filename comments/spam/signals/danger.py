"""What may endanger people if it is published: how to find somebody, and who has relatives where.

No points: danger is no spam. Such a comment is never published by itself, and moderators see it marked; see
comments/policy.py. Patterns are bounded, so that they stay linear, and have no `\\b`, because Korean writes particles
onto names and numbers. Measured in tests/comments/spam/test_danger.py.
"""

import re
from collections.abc import Iterable, Iterator

from comments.spam.judgement import Evidence, Field, Signal
from comments.spam.literals import lower
from comments.spam.signals import places
from comments.spam.submission import Submission, find_links

PREFIX = "danger_"
FIELDS: tuple[Field, ...] = ("text", "name")
MAX_PASSAGES = 10  # of one kind: each is marked, so that none is overlooked when they are covered
NEAR = 60  # characters between a relative and a place

# As wide as they were, so that every place stays where it is: full-width characters, dashes, spaces.
TO_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
TO_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−ー"), ord("-")) | dict.fromkeys(map(ord, "\u3000\xa0\u2009\u202f"), ord(" "))

LETTER = r"[^\W\d_]"  # of any script: the range of all Korean syllables takes over a millisecond to compile

PHONE = re.compile(
    r"""
    (?<![\d.-]) 01[016-9] [ .)~/-]{0,3} \d{3,4} [ .~/-]{0,3} \d{4} (?!\d)            # Korean mobile
  | (?<!\d) 0[ .-]1[ .-][016-9] (?: [ .-]\d){7,8} (?![ .-]?\d)                       # digit by digit
  | [0공영][1일][0공영] [ .-]{0,2} [\d공영일이삼사오육칠팔구]{3,4} [ .-]{0,2} [\d공영일이삼사오육칠팔구]{4}
  | (?<![\d.-]) \(? 0(?:2|[3-6]\d|70|80|50\d) [ .)-]{1,2} \d{3,4} [ .-] \d{4} (?!\d)      # Korean landline
  | (?<![\d.-]) 1[3-9]\d ([ -]?) \d{4} \1 \d{4} (?![\d-])                            # Chinese mobile
  | (?<![\d.-]) 0?19[1-6] [ -] \d{3} [ -] \d{4} (?!\d)                               # North Korean mobile
  | \+ [ ]? (?: \d [ .()-]{0,2} ){8,14} \d (?!\d)                                    # of any country
  | (?<![\d.:-]) 00 [ -]? (?:1|7|33|44|49|66|81|82|84|86|850|852|856|976) (?: [ .()-]{0,2} \d ){7,12} (?!\d)
  | (?<![\d.-]) (?: \([2-9]\d{2}\) [ ]? | [2-9]\d{2} [.-] ) \d{3} [ .-] \d{4} (?![\d-])   # North America
  | (?<![\d.-]) 0\d{2,3} [ -] \d{4} [ -] \d{4} (?!\d) | (?<![\d.-]) 0\d{4} [ ] \d{3} [ ]? \d{3} (?!\d)  # Britain
    """,
    re.VERBOSE,
)

DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"  # month and day
ID_NUMBER = re.compile(
    rf"""
    (?<![\d-]) \d{{2}} {DATE} [ ]? -? [ ]? [1-8]\d{{6}} (?![\d-])    # Korean, also of foreigners
  | (?<!\d) [1-9]\d{{5}} (?:19|20)\d{{2}} {DATE} \d{{3}} [\dXx] (?!\d)    # Chinese
    """,
    re.VERBOSE,
)

COUNTED = r"""
    (?! [ ]? (?:\d|년|월|일|명|여|시|분|초|개|만|천|억|원|킬로|미터|k?m(?![a-z])|%|퍼|세|살|회|차|배|번(?![지길])))
"""  # it is no house
ADDRESS = re.compile(
    rf"""
    (?: [시군구읍면동리] [ ] {LETTER}{{1,8}} (?:(?<![으도])로|길) (?:\d{{1,3}}번?길)?
      | [시군구역읍면] [ ] {LETTER}{{1,6}} \d? [동리가] )
    [ ]? \d{{1,4}} (?:-\d{{1,4}})? {COUNTED}
  | (?<![a-z]) {LETTER}{{2,8}} (?<!으)(?:로|길) \d{{1,3}} 번?길 [ ]? \d{{1,4}}
  | {LETTER} [ ]? \d{{1,4}} (?:-\d{{1,4}})? [ ]? 번지
  | \d{{1,3}} [ ]? 인민반 | 동 [ ]? \d{{1,3}} 반 (?:[ ]?\d{{1,3}}호)? (?!{LETTER}{{2}})
  | \d{{1,4}} 동 [ ]? \d{{1,4}} 호
  | (?<![\w.]) (?! (?:19|20)\d\d[ ] ) \d{{1,5}} (?:-\d{{1,4}})? [A-Z]? [ ] (?: [A-Z][a-z'’.-]{{1,20}} [ ] ){{1,3}}
    (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Square|Court|Close|Terrace|Way|Place) (?![a-z])
  | (?<![\w.]) \d{{1,4}} (?:-\d{{1,3}})? ,? [ ] [A-Z][a-z]{{1,20}} -(?:daero|ro|gil|dong|ri) (?![a-z])
  | (?<![A-Za-z]) [A-Z][a-z]{{1,20}} -(?:daero|ro|gil|dong|ri) ,? [ ] \d{{1,4}} (?!\d)
  | (?<![a-z]) {LETTER}{{1,10}} [路街巷道] [ ]? \d{{1,5}} [ ]? [号號弄栋]
    """,
    re.VERBOSE,
)

EMAIL = re.compile(
    r"""
    (?<![a-z0-9._+-]) (?P<whose>[a-z0-9._+-]{1,64}+) [ ]? (?:@ | [\[(][ ]?at[ ]?[\])]) [ ]?
    [a-z0-9-]{1,63}+ (?: (?:\. | [ ]?[\[(]?dot[\])]?[ ]) [a-z0-9-]{1,63}+ ){1,4}
    """,
    re.VERBOSE,
)
OFFICES = frozenset(
    "admin contact editor editors enquiries help info inquiries mail media news newsroom noreply office press support "
    "webmaster".split()
)  # in front of the @ of an address that is public anyway
MESSENGER = (
    r"카카오톡|카카오|카톡|텔레그램|텔레|위챗|왓츠앱|시그널|인스타그램|인스타|스카이프|微信|"
    r"(?<![a-z])(?:kakao[ ]?talk|kakao|telegram|wechat|weixin|whatsapp|viber|signal|zalo|instagram|insta|skype|qq)"
)
NAMED = r"(?:my[ ])? (?:id|아이디) (?:[ ]?(?:is|은|는|:)){1,2} [ ]? [a-z0-9][a-z0-9_.-]{3,31}"
ACCOUNT = re.compile(
    rf"""
    (?:{MESSENGER})
    (?: [^@\n]{{0,20}} @ [a-z0-9_.]{{3,32}}
      | [^\w\n]{{0,3}} (?:my[ ]|의[ ])? (?:id|아이디|계정|号|號)? (?:[ ]?is|은|는)? [^\w\n]{{0,3}}
        (?= [a-z0-9.-]{{0,30}} [\d_] ) [a-z][a-z0-9_.-]{{3,31}}
      | [ ,]{{0,2}} {NAMED}
    )
  | (?:(?<![a-z])line|라인) [ ,]{{0,2}} {NAMED}
    """,
    re.VERBOSE,
)
ACCOUNT_HOSTS = frozenset(["t.me", "telegram.me", "open.kakao.com", "qr.kakao.com", "wa.me", "line.me", "m.me"])

SENTENCE = re.compile(r"[^.!?…。\n]+(?:\.(?=\w)[^.!?…。\n]+)*")
RULERS = re.compile(r"kim (?:jong|il|yo)|김정은|김정일|김일성|김여정|김주애")


def phone_number(submission: Submission) -> Iterator[Signal]:
    yield from _marked(submission, "phone", "It gives a phone number.", PHONE)


def id_number(submission: Submission) -> Iterator[Signal]:
    """A resident registration number of either Korea's south, or of China."""
    yield from _marked(submission, "id_number", "It gives what looks like a resident registration number.", ID_NUMBER)


def street_address(submission: Submission) -> Iterator[Signal]:
    yield from _marked(submission, "address", "It gives a street address.", ADDRESS)


def account(submission: Submission) -> Iterator[Signal]:
    """An e-mail address or an account in a messenger, but for the public ones of offices."""
    reason = "It gives an e-mail address or an account by which somebody can be found."
    for field in FIELDS:
        plain = lower(_plain(getattr(submission, field)))
        links = submission.links if field == "text" else find_links(submission.name)
        emails = (match.span() for match in EMAIL.finditer(plain) if match["whose"] not in OFFICES)
        accounts = (match.span() for match in ACCOUNT.finditer(plain))
        pages = ((link.start, link.end) for link in links if link.host in ACCOUNT_HOSTS)
        yield from _signals(submission, field, "account", reason, [*emails, *accounts, *pages])


def relative(submission: Submission) -> Iterator[Signal]:
    """A relative of the writer near a place in North Korea or at its border, unless that is past."""
    reason = "It tells of a relative at a place in North Korea or at its border."
    text = lower(_plain(submission.text))
    spans = (span for match in SENTENCE.finditer(text) for span in _relatives(text, *match.span()))
    yield from _signals(submission, "text", "relative", reason, spans)


def impersonation(submission: Submission) -> Iterator[Signal]:
    """Whoever is taken for one of the publication is told what a stranger is not."""
    if submission.name_of_staff and submission.name:
        reason = "Its name looks like that of somebody who works here, or of this site."
        yield Signal(f"{PREFIX}impersonation", 0.0, reason, Evidence.of(submission, "name", 0, len(submission.name)))


def is_danger(name: str) -> bool:
    return name.startswith(PREFIX)


def _relatives(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The passages from a relative to the next place, or the other way round, in one sentence."""
    kin = [(*match.span(), True) for match in places.KIN.finditer(text, start, end)]
    where = [(*match.span(), False) for match in places.PLACE.finditer(text, start, end)] if kin else []
    if not where or RULERS.search(text, start, end) or _is_past(text, start, end):
        return
    found = sorted(kin + where)
    for (first, first_end, is_kin), (second, second_end, next_is_kin) in zip(found, found[1:], strict=False):
        if is_kin != next_is_kin and second - first_end <= NEAR:
            yield first, max(first_end, second_end)


def _is_past(text: str, start: int, end: int) -> bool:
    """What nearly every family tells: born there, came from there, died there."""
    return bool(places.PAST.search(text, start, end)) and not places.STILL.search(text, start, end)


def _marked(submission: Submission, name: str, reason: str, pattern: re.Pattern[str]) -> Iterator[Signal]:
    """Outside links: their numbers are those of pages."""
    for field in FIELDS:
        if found := [match.span() for match in pattern.finditer(_plain(getattr(submission, field)))]:
            linked = _linked(submission, field)
            yield from _signals(submission, field, name, reason, (span for span in found if not linked[span[0]]))


def _linked(submission: Submission, field: Field) -> bytearray:
    """For each character whether it belongs to a link."""
    text = getattr(submission, field)
    linked = bytearray(len(text))
    for link in submission.links if field == "text" else find_links(text):
        linked[link.start : link.end] = b"\1" * (link.end - link.start)
    return linked


def _signals(
    submission: Submission, field: Field, name: str, reason: str, spans: Iterable[tuple[int, int]]
) -> Iterator[Signal]:
    for number, (start, end) in enumerate(spans):
        if number == MAX_PASSAGES:
            return
        yield Signal(f"{PREFIX}{name}", 0.0, reason, Evidence.of(submission, field, start, end))


def _plain(text: str) -> str:
    return text.translate(TO_PLAIN)
