"""Full-text search that finds two-syllable Korean words, with FTS5 on SQLite and tsvector on PostgreSQL.

Both engines get the same tokens: words in lower case without accents, and for Chinese, Japanese and Korean the pairs
of neighbouring syllables, so that 인권 is found in 인권을. Neither engine's own word splitter is used.
"""

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import log

import nh3
from django.db import connection
from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import RawSQL

from posts.models import Post, PostQuerySet

MAX_TOKEN_LENGTH = 64  # characters
MAX_QUERY_WORDS = 10
MAX_TERMS_SIZE = 900_000  # bytes of different words with their places; a tsvector takes 1,048,575
MAX_REPEATED_SIZE = 140_000  # bytes of words that came before, for PostgreSQL; a long post has a third of it
MAX_LIKE_WORDS = 10  # the longest of a title, which are the rarest as a rule
MOST_LIKE = 20  # posts whose words are most like those of a title
MOST_OF_WORD = 500  # posts in which a word is looked for
NEWEST_WITH = """
    SELECT * FROM (SELECT %s, rowid FROM posts_search WHERE posts_search MATCH %s ORDER BY rowid DESC LIMIT %s)
"""
NEWEST_WITH_ON_POSTGRESQL = """
    SELECT * FROM
    (SELECT %s, post_id FROM posts_search WHERE terms @@ %s::tsquery ORDER BY post_id DESC LIMIT %s) AS found
"""
SIGNIFICANT_LENGTH = 4  # letters; most shorter words say nothing by themselves
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
BLOCK = "blockquote|br|caption|dd|details|div|dl|dt|figcaption|figure|h[2-6]|hr|li|ol|p|pre|summary|table|td|th|tr|ul"
EDGE = re.compile(rf"(?=</?(?:{BLOCK})[ >])")  # where a block begins or ends
RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")


def runs(text: str) -> Iterator[str]:
    """Words, and unbroken stretches of East Asian letters, folded so that case and accents do not matter."""
    plain = text.translate({ord(letter): without_accents(letter) for letter in set(text)})
    for found in RUN.finditer(unicodedata.normalize("NFC", plain).casefold()):
        yield found[0]


def without_accents(letter: str) -> str:
    """Letter by letter, because putting a long row of accents in order, as a whole text needs it, is quadratic."""
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))


def pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def is_cjk(run: str) -> bool:
    return bool(re.match(f"[{CJK}]", run))


def tokens(text: str) -> Iterator[str]:
    """What is put into the index for a text."""
    for run in runs(text):
        if is_cjk(run):
            yield from pairs(run)
            if len(run) > 1:
                yield run[-1]  # so that a single syllable is found at the end of a word too
        else:
            yield run[:MAX_TOKEN_LENGTH]


def plain_text(markup: str) -> str:
    """The words of sanitised HTML; where a block begins or ends, a word ends."""
    return html.unescape(nh3.clean(EDGE.sub(" ", markup), tags=set()))


def index(post: Post) -> None:
    """Put the post's words into the index, in place of what was there."""
    words = list(fitting(tokens(" ".join([post.title, post.excerpt, plain_text(post.html), post.source_name]))))
    forget(post)
    if connection.vendor == "sqlite":
        sql, terms = "INSERT INTO posts_search (rowid, terms) VALUES (%s, %s)", " ".join(words)
    else:
        sql = "INSERT INTO posts_search (post_id, terms) VALUES (%s, %s::tsvector)"
        terms = " ".join(lexemes(words))
    with connection.cursor() as cursor:
        cursor.execute(sql, [post.pk, terms])


def fitting(words: Iterable[str]) -> Iterator[str]:
    """The words up to the most that PostgreSQL takes for one post. No text but a list of numbers comes near it."""
    seen: set[str] = set()
    size = 0  # bytes
    for word in words:
        if word not in seen:
            seen.add(word)
            size += len(word.encode()) + 6
        if size > MAX_TERMS_SIZE:
            return
        yield word


def lexemes(words: Iterable[str]) -> Iterator[str]:
    """Words with their positions. Each once at least; what repeats them counts into PostgreSQL's limit, too."""
    seen: set[str] = set()
    repeated = 0  # bytes
    for position, word in enumerate(words, start=1):
        if word in seen:
            repeated += len(word.encode())
        if word not in seen or repeated < MAX_REPEATED_SIZE:
            seen.add(word)
            yield f"'{word}':{position}"


def forget(post: Post) -> None:
    key = "rowid" if connection.vendor == "sqlite" else "post_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM posts_search WHERE {key} = %s", [post.pk])  # noqa: S608


def search(query: str) -> PostQuerySet:
    """Published posts that hold every word of the query: those with the query in the title first, then the newest."""
    words = list(runs(query))[:MAX_QUERY_WORDS]
    if not words:
        return Post.objects.none()
    if connection.vendor == "sqlite":
        matching = RawSQL(
            "SELECT rowid FROM posts_search WHERE posts_search MATCH %s", [sqlite_query(map(query_tokens, words))]
        )
    else:
        matching = RawSQL(
            "SELECT post_id FROM posts_search WHERE terms @@ %s::tsquery", [postgresql_query(map(query_tokens, words))]
        )
    in_title = Case(When(title__icontains=query.strip(), then=Value(0)), default=Value(1), output_field=IntegerField())
    return Post.objects.published().filter(pk__in=matching).order_by(in_title, "-published_at", "-pk")


def like_in_words(title: str) -> list[int]:
    """Keys of the posts that have words of the title, those with most and rarest first; not all are public. One query.

    Of each word the newest `MOST_OF_WORD` posts count, so that a word in every post costs no more than any other.
    """
    words = sorted({word for run in runs(title) for word in significant(run)}, key=len)[-MAX_LIKE_WORDS:]
    if not words:
        return []
    sql, quote = (NEWEST_WITH, '"') if connection.vendor == "sqlite" else (NEWEST_WITH_ON_POSTGRESQL, "'")
    parameters = [value for word in words for value in (word, f"{quote}{word}{quote}", MOST_OF_WORD)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([sql] * len(words)), parameters)
        return most_alike(cursor.fetchall())


def most_alike(found: Iterable[tuple[str, int]]) -> list[int]:
    """Keys of posts by the words that they have: the fewer posts have a word, the more it says."""
    by_word: dict[str, list[int]] = defaultdict(list)
    for word, key in found:
        by_word[word].append(key)
    likeness: dict[int, float] = defaultdict(float)
    for keys in by_word.values():
        weight = log((MOST_OF_WORD + 1) / len(keys))
        for key in keys:
            likeness[key] += weight
    return sorted(likeness, key=lambda key: (-likeness[key], -key))[:MOST_LIKE]


def significant(run: str) -> list[str]:
    """Words that may say what a text is about; of East Asian ones the pairs, for particles hang on to them."""
    if is_cjk(run):
        return pairs(run)
    return [run[:MAX_TOKEN_LENGTH]] if len(run) >= SIGNIFICANT_LENGTH else []


def sqlite_query(phrases: Iterable[list[str]], *, shortest: int = 1) -> str:
    """Each phrase of tokens, the last of which may be the beginning of a longer one if it has so many letters."""
    return " AND ".join(f'"{" ".join(phrase)}"{"*" * is_beginning(phrase[-1], shortest)}' for phrase in phrases)


def postgresql_query(phrases: Iterable[list[str]], *, shortest: int = 1) -> str:
    quoted = (
        [f"'{token}'" for token in phrase[:-1]] + [f"'{phrase[-1]}'{':*' * is_beginning(phrase[-1], shortest)}"]
        for phrase in phrases
    )
    return " & ".join(f"({' <-> '.join(phrase)})" for phrase in quoted)


def is_beginning(token: str, shortest: int) -> bool:
    """A single syllable always is: the index has it only where a word ends with it."""
    return len(token) >= shortest or is_cjk(token)


def query_tokens(word: str) -> list[str]:
    """The phrase that stands for a word."""
    return pairs(word) if is_cjk(word) else [word[:MAX_TOKEN_LENGTH]]
