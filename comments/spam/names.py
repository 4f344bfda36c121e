"""Names that a reader would take for the same."""

import unicodedata

# What looks like a Latin letter, small or as a capital, after case folding. One shape for i, l and 1.
LOOK_ALIKES = {
    "a": "аɑα",
    "b": "вβ",
    "c": "сϲ",
    "d": "ԁ",
    "e": "еε3",
    "g": "ɡ",
    "h": "һн",
    "i": "іιıl1|ӏ",
    "j": "јϳ",
    "k": "кκ",
    "m": "мμ",
    "n": "η",
    "o": "оο0",
    "p": "рρ",
    "q": "ԛ",
    "s": "ѕ5",
    "t": "тτ",
    "u": "υ",
    "v": "ѵν",
    "w": "ԝω",
    "x": "хχ",
    "y": "уүγ",
    "z": "ζ",
}
SHAPES = str.maketrans({alike: letter for letter, alikes in LOOK_ALIKES.items() for alike in alikes})
BLANK = frozenset("\u115f\u1160\u2800\U0001d159")  # letters and symbols that show nothing


def name_key(name: str) -> str:
    """The same for names that differ only in case, width, accents, spacing, punctuation, or in letters that look alike.

    Empty for a name of punctuation alone.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    shown = (each for each in folded if each not in BLANK and unicodedata.category(each)[0] in "LNS")
    return "".join(shown).translate(SHAPES)
