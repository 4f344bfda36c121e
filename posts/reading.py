"""How long it takes to read a text."""

import re

from posts.language import HANGUL

WORD = re.compile(r"\w[\w'’.-]*")
# What grown-ups read silently in a minute. static/admin/drafts.js is given the same numbers.
WORDS_A_MINUTE = 238  # English, not fiction: Brysbaert 2019, doi:10.1016/j.jml.2019.104047
SYLLABLES_A_MINUTE = 588  # Korean, 202.3 words of 18.9 letters in 6.5: Song et al. 2016, doi:10.3341/jkos.2016.57.4.642


def minutes(text: str) -> int:
    """At least one. Korean counts by its syllables, every other word as one word."""
    syllables = len(HANGUL.findall(text))
    words = sum(not HANGUL.search(word) for word in WORD.findall(text))
    return max(1, round(words / WORDS_A_MINUTE + syllables / SYLLABLES_A_MINUTE))
