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
# The same in other scripts, small or as a capital, before case folding, which takes a Greek Η for an η.
# From Unicode's list of confusable characters (UTS 39), those that look like a letter between A and Z.
FOREIGN = {
    "a": "Ꭺᗅ⍺ꓮ𐊠𖽀",
    "b": "ƄЬᏏᏴᑲᖯᗷꓐꞴ𐊂𐊡𐌁",
    "c": "ϲϹᏟᴄⲤⲥꓚꮯ𐊢𐌂𐐕𐐽𐔜𑣩𑣲🝌",
    "d": "ᎠᏧᑯᗞᗪꓒꓓ",
    "e": "ҽᎬ℮⋿ⴹꓰꬲ𐊆𑢦𑢮",
    "f": "ſϜքᖴẝꓝꞘꞙꬵ𐊇𐊥𐔥𑢢𑣂𝈓",
    "g": "ƍԌցᏀᏳᶃꓖ",
    "h": "ΗհᎻᏂᕼⲎꓧ𐋏",
    "i": "Ɩǀɩɪ\u05c0\u05d5\u05df\u0627\u0661۱\u07caᎥᛁ∣⍳⏽Ⲓⵏꓲꙇꭵ￨𐊊𐌉𐌠𑣃𖼨\U0001e8c7",
    "j": "ᎫᒍꓙꞲ",
    "k": "ᏦᛕⲔꓗ𐔘",
    "l": "ᏞᒪⳐꓡ𐐛𐔦𑢣𑢲𖼖𝈪",
    "m": "ϺᎷᗰᛖⲘꓟ𐊰𐌑",
    "n": "ΝոռⲚꓠ𐔓",
    "o": "σՕօ\u05e1\u0647\u0665\u06be\u06c1\u06d5۵\u07c0०০੦૦ଠ୦௦\u0c02౦\u0c82೦\u0d02ഠ൦\u0d82๐໐ဝ၀ჿዐᴏᴑⲞⲟⵔ〇ꓳꬽ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑓐𑢵𑣈𑣗𑣠",
    "p": "Ꮲᑭ⍴Ⲣⲣꓑ𐊕",
    "q": "գզⵕ",
    "r": "ƦгᎡᏒᖇᴦⲅꓣꭇꭈꮁ𐒴𖼵𝈖",
    "s": "ƽՏᏕᏚꓢꜱꮪ𐊖𐐠𐑈𑣁𖼺",
    "t": "Ꭲ⊤⟙Ⲧꓔ𐊗𐊱𐌕𑢼𖼊🝨",
    "u": "ʋՍսሀᑌᴜ∪⋃ꓴꞟꭎꭒ𐓎𐓶𑢸𑣘𖽂",
    "v": "\u05d8\u0667۷Ꮩᐯᴠ∨⋁ⴸꓦꛟꮩ𐔝𑜆𑢠𑣀𖼈𝈍",
    "w": "ɯѡաᎳᏔᴡꓪꮃ𑜊𑜎𑜏𑣦𑣯",
    "x": "×ᕁᕽ᙭᙮ᚷ╳⤫⤬⨯ⲬⵝꓫꞳ𐊐𐊴𐌗𐌢𐔧𑣬",
    "y": "ɣʏΥყᎩᎽᶌỿⲨꓬꭚ𐊲𑢤𑣜𖽃",
    "z": "Ꮓᴢꓜꮓ𐋵𑢩𑣄𑣥",
}
FOREIGN_SHAPES = str.maketrans({alike: letter for letter, alikes in FOREIGN.items() for alike in alikes})
SHAPES = str.maketrans({alike: letter for letter, alikes in LOOK_ALIKES.items() for alike in alikes})
BLANK = frozenset("\u115f\u1160\u2800\U0001d159")  # letters and symbols that show nothing


def name_key(name: str) -> str:
    """The same for names that differ only in case, width, accents, spacing, punctuation, or in letters that look alike.

    Empty for a name of punctuation alone.
    """
    latin = unicodedata.normalize("NFKC", name.translate(FOREIGN_SHAPES)).translate(FOREIGN_SHAPES)
    folded = unicodedata.normalize("NFKD", latin.casefold())
    shown = (each for each in folded if each not in BLANK and unicodedata.category(each)[0] in "LNS")
    return "".join(shown).translate(SHAPES).replace("rn", "m").replace("vv", "w")
