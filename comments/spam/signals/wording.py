"""What a text sells or promises, and whether it says anything at all, by the concepts that its words stand for."""

import re
from collections.abc import Iterator

from comments.spam.judgement import Evidence, Signal
from comments.spam.literals import find_literal, lower
from comments.spam.signals.phrases import ALL
from comments.spam.submission import Submission
from comments.spam.tokens import Token, concepts_of

WARES = {
    "gamble": (3.0, "gambling"),
    "adult": (3.0, "sex, dates or massage"),
    "pharma": (2.5, "pills and diets"),
    "crypto": (2.5, "quick money with crypto-currencies"),
    "seo": (2.0, "visitors and ranks for websites"),
    "service": (2.0, "services"),
    "support": (2.0, "software and support lines"),
    "shop": (1.0, "goods"),
    "job": (2.0, "jobs"),
}
CURRENCY = "won"  # of Korea, in which a blog about it counts; no promise
PROMISES = ("win", "job", "crypto", "contact")
NUMBER = r"(?<!\d)(?<!\d[.,])\d++(?:[.,]\d++)*+"  # tried only where one begins: linear
AMOUNT = re.compile(rf"[$€£₽₩₹]\s?\d++(?:[.,]\d++)*+|{NUMBER}\s?(?:[$€£₽₩₹]|usd|руб|만원|dollars)", re.IGNORECASE)
# Account, number or address. Linear: an address is tried only where a run of letters begins.
HANDLE = re.compile(r"(?<![a-zA-Z0-9_])@\w{4,}|\+?\d[\d()-]{2}[\d ()-]{6,}\d|(?<![\w.])[\w.]++(?<!\.)@\w++\.\w+")

FEW_WORDS = 4  # below that a comment is no praise of an article
FULL_SENTENCE = 7  # words
SHORT_LINE = 6  # words
STEM = 6  # characters by which words are compared with those of the post
EMPTY = frozenset("praise article bookmark thanks blogging site look please follow".split())
COMMON = frozenset(
    """
    a about all also am an and any are as at be been being but by can could did do does doing done for from get
    getting give go good got had has have having he here how i i'd i'll i'm i've if in into is it it's its just
    keep know like likely lot lots love made make me more most much my need never next no not now of on one only
    or other our out over people really so some such sure than that that's the their them then there these they
    thing things this those through to too truly try up us very want was way we well were what when where which
    who why will wish with work would writing written you you'll you're you've your
    """.split()
)


def wares(submission: Submission) -> Iterator[Signal]:
    """Two or more different words about what spam sells; one may be said by anybody."""
    for concept, (points, what) in WARES.items():
        found = {token.word: token for token in words_of(submission, concept)}
        if len(found) > 1:
            first = next(iter(found.values()))
            yield Signal(
                f"wares_{concept}",
                points * min(1.5, 0.5 + 0.25 * len(found)),
                f"It has {len(found)} words of advertisements for {what}.",
                Evidence.of(submission, "text", first.start, first.end),
            )


def earning(submission: Submission) -> Iterator[Signal]:
    """An amount of money, and words that promise it."""
    money = next(words_of(submission, "money"), None)
    promises = (token for concept in PROMISES for token in words_of(submission, concept))
    promise = next((token for token in promises if token.word != CURRENCY), None)
    amount = AMOUNT.search(submission.text)
    if amount and promise:
        evidence = Evidence.of(submission, "text", *amount.span())
        yield Signal("earning", 2.5 if money else 1.5, "It promises an amount of money.", evidence)
    elif money and promise and money != promise:
        evidence = Evidence.of(submission, "text", money.start, money.end)
        yield Signal("earning", 1.0, "It promises money.", evidence)


def contact_me(submission: Submission) -> Iterator[Signal]:
    """An offer to go on elsewhere."""
    handle = HANDLE.search(submission.text)
    if handle and any(words_of(submission, "contact")):
        evidence = Evidence.of(submission, "text", *handle.span())
        yield Signal("contact_me", 1.5, "It gives a number or account to write to.", evidence)


def empty_praise(submission: Submission) -> Iterator[Signal]:
    """Praise that would fit below any page: hardly a word that is about something."""
    words = [token for token in submission.tokens if token.kind == "word"]
    praise = next((token for token in words if {"praise", "thanks"}.intersection(concepts(token))), None)
    article = next((token for token in words if {"article", "site"}.intersection(concepts(token))), None)
    if praise is None or article is None or len(words) < FEW_WORDS:
        return
    share = sum(map(is_about, words)) / len(words)
    if share < 0.3:
        points = 2.0 if share < 0.15 and len(words) > FULL_SENTENCE else 1.0
        evidence = Evidence.of(submission, "text", praise.start, praise.end)
        yield Signal(
            "empty_praise", points, "It praises in words that would fit any page, as advertisers do.", evidence
        )


def last_line(submission: Submission) -> Iterator[Signal]:
    """A few words after the text, where advertisers leave what they want to be found for."""
    lines = [line.strip() for line in submission.text.splitlines() if line.strip()]
    if len(lines) < 2 or len(lines[0].split()) <= SHORT_LINE:
        return
    last = lines[-1]
    words = last.split()
    name = len(words) == 1 and last.isascii()  # who signs a letter
    if len(words) <= SHORT_LINE and not name and not re.search(r"[^\w\s]$|[ㅋㅎㅠㅜ]$|://", last):
        start = submission.text.rindex(last)
        evidence = Evidence.of(submission, "text", start, start + len(last))
        yield Signal("last_line", 0.7, "It ends with a few words of their own, as link texts stand.", evidence)


def relation(submission: Submission) -> Iterator[Signal]:
    """Words of the post that return in the comment, or none of them in a long one."""
    about = submission.post_text.casefold()
    told = [token for token in submission.tokens if token.kind == "word" and len(token.word) > 4]
    words = {
        token.word: token for token in told if token.word not in COMMON and not EMPTY.intersection(concepts(token))
    }
    common = [token for word, token in words.items() if word[:STEM] in about]
    if about and common:
        evidence = Evidence.of(submission, "text", common[0].start, common[0].end)
        yield Signal("related", -1.0 if len(common) > 1 else -0.5, "It takes up words of the post.", evidence)
    elif about and len(words) >= SHORT_LINE:
        yield Signal("unrelated", 0.3, "It shares no word with the post.")


def spam_phrases(submission: Submission) -> Iterator[Signal]:
    """One signal for each kind of phrase that is found."""
    lowered = lower(submission.text)
    for kind in ALL:
        if found := next(filter(None, (find_literal(phrase, lowered) for phrase in kind.phrases)), None):
            yield Signal(kind.name, kind.points, kind.reason, Evidence.of(submission, "text", *found))


def is_about(token: Token) -> bool:
    """Whether the word says something that not everybody says below any page."""
    return token.word not in COMMON and not EMPTY.intersection(concepts(token))


def words_of(submission: Submission, concept: str) -> Iterator[Token]:
    return (token for token in submission.tokens if concept in concepts(token))


def concepts(token: Token) -> tuple[str, ...]:
    return concepts_of(token.word) if token.kind == "word" else ()
