"""Which language a page is in: script and frequent words first, langdetect where they tie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    (
        "ja",
        Lazy("[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d]"),
    ),
    ("ko", Lazy("[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb]")),
    ("zh", Lazy("[\u2e80-\u2fd5\u3005\u3007\u3400-\u9fff\uf900-\ufad9\U00020000-\U000323af]")),
    ("el", Lazy("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", Lazy("[\u0591-\u05f4\ufb1d-\ufb4f]")),
    ("hi", Lazy("[\u0900-\u0963\u0966-\u097f\ua8e0-\ua8ff]")),
    ("th", Lazy("[\u0e01-\u0e3a\u0e40-\u0e5b]")),
)
_OF_SCRIPTS = Lazy("[\u0370-\u1fff\u2e80-\U0010ffff]")  # no Latin letter, no sign
_LETTER = Lazy(r"[^\W\d_]")

#: Languages by the frequent words that they have.
Speakers = Mapping[str, Sequence[str]]


def speakers(stopwords: Mapping[str, Iterable[str]]) -> Speakers:
    """Return which languages have each frequent word.

    Args:
        stopwords: frequent words by language.
    """
    found: dict[str, list[str]] = {}
    for lang, words in stopwords.items():
        for word in words:
            found.setdefault(word, []).append(lang)
    return found


def detect(lines: Sequence[str], known: Speakers) -> str | None:
    """Return the language of a page, or None where it cannot be told.

    Args:
        lines: the page's folded lines.
        known: languages by frequent word.
    """
    sample = " ".join(line[:600] for line in nlargest(SAMPLE_LINES, lines, key=len))[:SAMPLE_CHARS]
    if not sample.isascii() and _OF_SCRIPTS.search(sample):
        letters = len(_LETTER.findall(sample)) or 1
        for lang, script in _SCRIPTS:
            share = len(script.findall(sample)) / letters
            if share > (0.05 if lang == "ja" else 0.3):
                return lang
    words = set(sample.replace(",", " ").replace(".", " ").split())
    counts = Counter(lang for word in words if word in known for lang in known[word])
    ranked = nlargest(2, ((count, lang) for lang, count in counts.items()))
    if not ranked or ranked[0][0] < MIN_WORDS:
        return None
    if len(ranked) == 1 or ranked[0][0] >= CLEAR * ranked[1][0]:
        return ranked[0][1]
    first, second = ranked[0][1], ranked[1][1]
    both = sum(first in known[word] and second in known[word] for word in words & known.keys())
    if both < AKIN * ranked[1][0]:
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
