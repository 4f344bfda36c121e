"""Finding a word or phrase literally, in time linear in the text."""


def find_literal(phrase: str, lowered: str) -> tuple[int, int] | None:
    """Where the phrase stands; a Latin letter beside a Latin edge means another word ("specialist").

    Hangul has no such edges: particles are written on. Linear, each search goes on behind the last.
    """
    start = lowered.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        if not (_one_word(lowered[start - 1 : start], phrase[0]) or _one_word(phrase[-1], lowered[end : end + 1])):
            return start, end
        start = lowered.find(phrase, end)
    return None


def lower(text: str) -> str:
    """In lower case and as long as before: of one letter alone the lower case is longer than itself."""
    return text.replace("İ", "I").lower()


def _one_word(left: str, right: str) -> bool:
    return (left + right).isascii() and left.isalpha() and right.isalpha()
