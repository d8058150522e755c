"""Bring text into a comparable form without moving any character.

Every function here maps one character to one character, so an offset in the folded text is an
offset in the text.
"""

from __future__ import annotations

from cleantext.lazy import Lazy

# Chained str.replace runs at memory speed where the character is absent; str.translate does not.
_REPLACE = (
    ("\u0130", "i"),  # capital I with dot: its lower case is two characters long
    ("\u2019", "'"), ("\u2018", "'"), ("\u02bc", "'"), ("\u00b4", "'"),
    ("\u201c", '"'), ("\u201d", '"'), ("\u201e", '"'), ("\u201f", '"'), ("\u00ab", '"'),
    ("\u00bb", '"'), ("\u300c", '"'), ("\u300d", '"'), ("\u300e", '"'), ("\u300f", '"'),
    ("\uff02", '"'),
    ("\u2013", "-"), ("\u2014", "-"), ("\u2012", "-"), ("\u2010", "-"), ("\u2011", "-"),
    ("\u2212", "-"),
    ("\u00a0", " "), ("\u202f", " "), ("\u2009", " "), ("\u2007", " "), ("\u3000", " "),
    ("\u200c", " "), ("\t", " "),
    ("\uff1a", ":"), ("\uff01", "!"), ("\uff1f", "?"), ("\uff08", "("), ("\uff09", ")"),
    ("\uff0c", ","), ("\uff5c", "|"), ("\u2502", "|"), ("\u2026", "."),
)  # fmt: skip
# After lower-casing: letters that writers of one language use for each other.
_LETTERS = (
    ("\u0131", "i"),  # Turkish dotless i, which upper case hides
    ("\u03c2", "\u03c3"),  # Greek final sigma
    ("\u0451", "\u0435"),  # Russian yo
    ("\u0623", "\u0627"), ("\u0625", "\u0627"), ("\u0622", "\u0627"),  # Arabic alef forms
    ("\u0649", "\u06cc"), ("\u064a", "\u06cc"), ("\u0643", "\u06a9"),  # Arabic yeh, kaf: Persian
    ("\u0629", "\u0647"),  # teh marbuta
    ("\u0219", "\u015f"), ("\u021b", "\u0163"),  # Romanian comma below: cedilla
    ("\u00df", "s"),  # sharp s stands for one sign; phrases are folded alike
)  # fmt: skip
_SURROGATES = Lazy("[\ud800-\udfff]")

#: What may stand round the words of a line: not part of its key.
EDGE = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u200b\u200e\u200f\ufeff" + (
    ".,:;!?\"'`()[]{}<>|/\\*#_=+~^-&$%\u00a1\u00bf\u00a6\u00ac\u00b7\u2022\u2023\u25cf\u25cb\u25aa"
    "\u25ba\u25b6\u25b8\u25b7\u25bc\u25be\u25b2\u25b4\u25bd\u25c4\u25c0\u2190\u2192\u2191\u2193"
    "\u21e8\u2197\u203a\u2039\u2713\u2714\u2715\u2716\u00d7\u2605\u2606\u2764\u2665\u3001\u3002"
    "\u3010\u3011\u30fb\u300a\u300b\u3008\u3009\u00ae\u2122\u2709\u260e\u2706\ufe0f\u2066\u2069"
    "\u20ac\u00a3\u00a5\u00a7\u00b0\u2020\u2021\uff03\u27a1\u25a0\u25a1\u25c6\u25c7\u2794\u00a4"
    "\U0001f449\U0001f514\U0001f4e7\U0001f4ac\U0001f517\U0001f4f7\U0001f4f8\U0001f440"
    "\u279c\U0001f5a8"
    "0123456789\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669"
    "\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9"
    "\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f"
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
)


def fold(text: str) -> str:
    """Return `text` in comparable form: lower case, plain quotes, dashes and spaces.

    The result has the same length; line endings stay. Letters that look or sound alike and are
    used for each other (Greek sigmas, Arabic and Persian yeh) become one.

    >>> fold("“Don’t miss” — SUBSCRIBE")
    '"don\\'t miss" - subscribe'
    """
    if text.isascii():
        return text.lower().replace("\t", " ")
    for old, new in _REPLACE:
        text = text.replace(old, new)
    text = text.lower()
    for old, new in _LETTERS:
        text = text.replace(old, new)
    return text


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 matcher accepts, by one character each."""
    return str(_SURROGATES.sub("\ufffd", text))


def key(line: str) -> str:
    """Return a folded line without the signs and digits round its words.

    >>> key(fold("» Comments (12)"))
    'comments'
    """
    return line.strip(EDGE)
