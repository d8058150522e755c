"""Which language a page is in: script and frequent words first, langdetect where they tie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from typing import Any

from cleantext.lazy import Lazy

SAMPLE_LINES = 8  # the longest lines of a page are its body, and body tells the language
SAMPLE_CHARS = 3000
MIN_WORDS = 4  # distinct frequent words seen, from which they are trusted
CLEAR = 1.15  # how many times those of the next language
# Languages that tie are akin when they share so much of the frequent words seen; else the page is mixed.
AKIN = 0.4
SURE = 0.9  # probability from which langdetect is believed

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
    if len(ranked) == 1 or ranked[0][0] >= CLEAR * ranked[1][0]:
        return ranked[0][1]
    first, second = ranked[0][1], ranked[1][1]
    both = words & stopwords[first] & stopwords[second]
    if len(both) < AKIN * ranked[1][0]:
        return None
    return _tie(sample, first, second)


def _tie(sample: str, first: str, second: str) -> str | None:
    """Return which of two languages langdetect finds, if it is sure."""
    from langdetect.lang_detect_exception import LangDetectException

    try:
        detector = _factory(*sorted((first, second))).create()
        detector.append(sample)
        best = detector.get_probabilities()[0]
    except (OSError, LangDetectException, IndexError):
        return None
    return str(best.lang) if best.prob >= SURE else None


@lru_cache(maxsize=16)
def _factory(*langs: str) -> Any:
    """Return a seeded factory of detectors of our own, with the profiles of some languages.

    The module's own has all profiles, costs 200 ms and shares its seed with whoever imports it.
    """
    import os

    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.seed = 0
    profiles = []
    for lang in langs:
        with open(os.path.join(PROFILES_DIRECTORY, lang), encoding="utf-8") as file:
            profiles.append(file.read())
    factory.load_json_profile(profiles)
    return factory
