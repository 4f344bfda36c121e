"""In which language a text is written."""

import re

from posts.models import Language

HANGUL = re.compile("[\uac00-\ud7a3]")


def language_of(text: str) -> Language | None:
    """By the script of its letters; none if it has no letters."""
    letters = sum(map(str.isalpha, text))
    if not letters:
        return None
    return Language.KOREAN if len(HANGUL.findall(text)) * 3 > letters else Language.ENGLISH
