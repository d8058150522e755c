"""Which language a page is in: script and frequent words; no model, no dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import nlargest

from cleantext.lazy import Lazy

SAMPLE_LINES = 8  # the longest lines of a page are its body, and body tells the language
SAMPLE_CHARS = 3000
MIN_WORDS = 4  # distinct frequent words seen, from which they are trusted

# Scripts that one of our languages has for itself. Kana before Han: Japanese uses both.
_SCRIPTS = (
    ("ja", Lazy(r"[\p{Hiragana}\p{Katakana}]")),
    ("ko", Lazy(r"\p{Hangul}")),
    ("zh", Lazy(r"\p{Han}")),
    ("el", Lazy(r"\p{Greek}")),
    ("he", Lazy(r"\p{Hebrew}")),
    ("hi", Lazy(r"\p{Devanagari}")),
    ("th", Lazy(r"\p{Thai}")),
)
_LETTER = Lazy(r"\p{L}")


def detect(lines: Sequence[str], stopwords: Mapping[str, frozenset[str]]) -> str | None:
    """Return the language of a page, or None where it cannot be told.

    Args:
        lines: the page's folded lines.
        stopwords: frequent words by language.
    """
    sample = " ".join(line[:600] for line in nlargest(SAMPLE_LINES, lines, key=len))[:SAMPLE_CHARS]
    if not sample.isascii():
        letters = len(_LETTER.findall(sample)) or 1
        for lang, script in _SCRIPTS:
            share = len(script.findall(sample)) / letters
            if share > (0.05 if lang == "ja" else 0.3):
                return lang
    words = set(sample.replace(",", " ").replace(".", " ").split())
    ranked = nlargest(2, ((len(words & known), lang) for lang, known in stopwords.items() if known))
    if not ranked or ranked[0][0] < MIN_WORDS:
        return None
    if len(ranked) > 1 and ranked[0][0] < 1.15 * ranked[1][0]:
        return None
    return ranked[0][1]
