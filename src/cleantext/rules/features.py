"""What the scorer sees of a page: for each feature one byte a line.

Whole pages are described at once, a `bytes` object for each feature, so that neighbours are
slices and the model's trees are evaluated with `bytes.translate` (see cleantext.rules.scorer).
Every value is rounded to 0..255 here, and nowhere else, in training as at run time.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import log2
from operator import itemgetter, mul
from typing import Any

from cleantext import compiled
from cleantext.lazy import Lazy
from cleantext.rules import supersets
from cleantext.shape import Shape, add_up
from cleantext.types import Evidence, Page

Found = Mapping[int, Sequence[Evidence]]
Weights = Mapping[str, float]

#: Names of what `planes` returns, in order.
OWN = (
    "length", "words", "ending", "beginning", "upper", "digits", "signs", "commas", "joints", "date",
    "link", "quote", "repeats", "lexical", "known", "overlap",
    "odds", "plus", "minus", "structure", "heading", "sentence",
)  # fmt: skip
PLACE = (
    "share", "before", "after", "part", "prose_behind", "prose_ahead", "letters_before", "run",
    "run_at", "run_letters", "since_related", "since_comments", "since_chrome", "until_chrome",
    "odds_near", "lexical_near", "lexical_past", "lexical_next", "page_lines", "page_short",
    "page_prose", "page_mean", "page_marked", "page_lexical",
)  # fmt: skip
BESIDE = (
    "length", "ending", "upper", "lexical", "odds", "plus", "quote", "date", "digits", "overlap",
)  # fmt: skip
SIDES = (-3, -2, -1, 1, 2, 3)
_ALL = bytes(range(256))
_ANY = bytes([0]) + bytes([255]) * 255
#: Features whose means over the lines around a line are features too: the name of the mean, the
#: feature, how its bytes count, and what stands for no lines.
MEANS = (
    ("lexical", "lexical", _ALL, 128), ("odds", "odds", _ALL, 128), ("length", "length", _ALL, 0),
    ("plus", "plus", _ALL, 0), ("upper", "upper", _ALL, 0), ("digits", "digits", _ALL, 0),
    ("stopped", "ending", bytes(5) + bytes([255]) * 251, 0), ("dated", "date", _ANY, 0),
    ("quoted", "quote", _ANY, 0), ("colon", "joints", bytes(255 * (at >> 1 & 1) for at in range(256)), 0),
)  # fmt: skip
#: First line and last, exclusive, from a line.
WINDOWS = ((-10, 0), (1, 11), (-30, 0), (1, 31))
#: Features whose means over the page say what kind of page it is: the name of the mean, the feature,
#: how its bytes count, what its lines weigh, and what stands for no lines.
WHOLE = (
    ("page_words", "lexical", _ALL, "letters", 128),
    ("prose_words", "lexical", _ALL, "prose", 128),
    ("short_words", "lexical", _ALL, "short", 128),
    ("page_told", "lexical", bytes(abs(at - 128) for at in range(256)), "lines", 0),
    ("page_likely", "lexical", bytes(145) + bytes([255]) * 111, "letters", 0),
    ("prose_likely", "lexical", bytes(137) + bytes([255]) * 119, "prose", 0),
    ("page_ruled", "odds", bytes(145) + bytes([255]) * 111, "letters", 0),
    ("prose_odds", "odds", _ALL, "prose", 128),
    ("short_stopped", "ending", bytes(7) + bytes([255]) * 249, "short", 0),
    ("page_asking", "ending", bytes(255 * (at == 7) for at in range(256)), "lines", 0),
    ("page_calling", "ending", bytes(255 * (at == 8) for at in range(256)), "lines", 0),
    ("page_cut", "ending", bytes(255 * (at == 1) for at in range(256)), "lines", 0),
    ("page_listed", "beginning", bytes(255 * (at <= 4) for at in range(256)), "lines", 0),
    ("page_dated", "date", _ANY, "lines", 0), ("page_linked", "link", _ANY, "lines", 0),
    ("page_quoted", "quote", _ANY, "lines", 0), ("page_upper", "upper", _ALL, "lines", 0),
    ("page_digits", "digits", _ALL, "lines", 0),
)  # fmt: skip
NAMES = (
    *OWN, *PLACE, *(f"{name}{side:+d}" for name in BESIDE for side in SIDES),
    *(f"{name}{low:+d}..{high:+d}" for name, *_ in MEANS for low, high in WINDOWS),
    *(name for name, *_ in WHOLE), "page_longest", "page_paragraphs",
)  # fmt: skip

_FAR = 40  # lines; farther is the same
_HEAD_WORDS, _TAIL_WORDS = 14, 10  # words of a line that are looked at
_SHORT = 100  # letters
_SIZES = bytes(min(255, round(22 * log2(1 + size))) for size in range(3000))
_ENDINGS = {
    **dict.fromkeys(".。।", 9), **dict.fromkeys("!！", 8), **dict.fromkeys("?？؟", 7),
    **dict.fromkeys("\"'”’»」』", 6), **dict.fromkeys(")）]", 5), **dict.fromkeys(":;,，、", 4),
    **dict.fromkeys("0123456789", 3), **dict.fromkeys("|>›→·•/+-*", 2),
}  # fmt: skip
_CUT = ("…", "..")  # a text that goes on elsewhere; its ending is 1
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d")
_LINK = re.compile(r"https?:|www\.|@\w|\w\.(?:com|org|net|de|ru|fr|pl|uk|info)\b")
_SPACELESS = Lazy(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_DIGITS = b"0123456789"
_SIGNS = bytes(set(range(33, 127)) - set(range(48, 58)) - set(range(65, 91)) - set(range(97, 123)))


def tokens(line: str) -> list[str]:
    """Return the words of a folded line, its first and last ones where there are many.

    Scripts without spaces give pairs of characters.
    """
    words = line.split()
    if len(words) > _HEAD_WORDS + _TAIL_WORDS:
        words = words[:_HEAD_WORDS] + words[-_TAIL_WORDS:]
    if not line.isascii() and _SPACELESS.search(line):
        signs = "".join(words)[:60]
        return list(map("".join, pairwise(signs))) or [signs]
    return words


def grams(words: Sequence[str]) -> list[str]:
    """Return the words, the pairs of them, and the ends of the line, as the model knows them."""
    if not words:
        return []
    return [*words, *map(" ".join, pairwise(words)), "^" + words[0], words[-1] + "$"]


def weigh_words(line: str, weights: Weights) -> tuple[float, float]:
    """Return what the words of a line weigh together, and the share of them that is known."""
    words = grams(tokens(line))
    told = list(filter(None, map(weights.get, words)))
    return (sum(told), len(told) / len(words)) if words else (0.0, 0.0)


def _byte(value: float) -> int:
    return 0 if value < 0 else 255 if value > 255 else int(value)


def _odds(value: float) -> int:
    """Round log-odds to a byte: an eighth of a nat a step, 128 is none."""
    return _byte(128.5 + 8 * value)


def planes(
    page: Page,
    shape: Shape,
    found: Found,
    odds: Sequence[float],
    told: Sequence[tuple[float, float]],
) -> list[bytes]:
    """Return one `bytes` object for each of NAMES, a byte for each line that is not blank.

    Args:
        page: the page.
        shape: its shape.
        found: the rules' evidence on it.
        odds: log-odds of chrome of each line, as the chain gave them.
        told: what `weigh_words` says of each line.
    """
    filled = shape.filled
    size = len(filled)
    if not size:
        return [b""] * len(NAMES)
    own = _own(page, shape, found, odds, told)
    place = _place(page, shape, found, odds, own)
    named = dict(zip(OWN, own, strict=True))
    beside = []
    for name in BESIDE:
        plane = named[name]
        for side in SIDES:
            edge = bytes(min(size, abs(side)))
            beside.append(edge + plane[:side] if side < 0 else plane[side:] + edge)
    means = compiled.speedups.means if compiled.speedups else _means
    around = [
        plane
        for _, name, counts, empty in MEANS
        for plane in means(named[name].translate(counts), WINDOWS, empty)
    ]
    whole = [bytes([value]) * size for value in _whole(shape, named)]
    return [*own, *place, *(plane[:size] for plane in beside), *around, *whole]


def _whole(shape: Shape, named: Mapping[str, bytes]) -> list[int]:
    """Return what WHOLE says of the page, its longest line, and how many paragraphs it has."""
    lengths = array("q", map(shape.length.__getitem__, shape.filled))
    prose = list(map(shape.narrative.__getitem__, shape.filled))
    lines = {
        "lines": array("q", [1]) * len(lengths),
        "letters": lengths,
        "short": array("q", [length <= _SHORT for length in lengths]),
        "prose": array("q", map(mul, lengths, prose)),
    }
    average = compiled.speedups.average if compiled.speedups else _average
    return [
        *(average(named[name].translate(counts), lines[kind], empty)
          for _, name, counts, kind, empty in WHOLE),
        max(named["length"]), min(255, sum(prose)),
    ]  # fmt: skip


def _average(plane: bytes, weights: array[int], empty: int) -> int:
    """Return the weighted mean of a feature, rounded down."""
    total = sum(weights)
    return sum(map(mul, plane, weights)) // total if total else empty


def _own(
    page: Page,
    shape: Shape,
    found: Found,
    odds: Sequence[float],
    told: Sequence[tuple[float, float]],
) -> list[bytes]:
    size = len(shape.filled)
    plus, minus, structure = bytearray(size), bytearray(size), bytearray(size)
    heading, sentence = bytearray(size), bytearray(size)
    for at, index in enumerate(shape.filled):
        if items := found.get(index):
            plus[at], minus[at], structure[at], heading[at], sentence[at] = _evidence(items)
    if compiled.speedups:
        *seen, overlap = compiled.speedups.own(
            page.lines, shape.filled, shape.length, shape.narrative, page.text, page.starts,
            page.ends, _ENDINGS, _DATE.search, _likely_dated(),
        )  # fmt: skip
        lexical, known, ruled = compiled.speedups.weights(told, odds)
    else:
        *seen, overlap = _seen(page, shape)
        lexical = bytes(_odds(weight) for weight, _ in told)
        known = bytes(_byte(255 * share) for _, share in told)
        ruled = bytes(map(_odds, odds))
    return [
        *seen, lexical, known, overlap, ruled,
        bytes(plus), bytes(minus), bytes(structure), bytes(heading), bytes(sentence),
    ]  # fmt: skip


@cache
def _likely_dated() -> Any:
    """Return the compiled test that lets pass all lines with a date."""
    assert compiled.speedups
    return compiled.speedups.Superset(*supersets.program(_DATE.pattern) or ())


def _seen(page: Page, shape: Shape) -> list[bytes]:
    """Return what can be seen of the lines themselves: `length` to `repeats`, then `overlap`."""
    filled = shape.filled
    lines = list(map(page.lines.__getitem__, filled))
    lengths = list(map(shape.length.__getitem__, filled))
    whole = [page.text[page.starts[index] : page.ends[index]].strip() for index in filled]
    sources = [source[:400] for source in whole]
    article: set[str] = set()
    for index in filled:
        if shape.narrative[index]:
            article.update(page.lines[index].split())
    raw = [source.encode("utf-8", "replace") for source in sources]
    sizes = [len(source) or 1 for source in raw]
    heads = [source.split(None, 12)[:12] for source in sources]
    counts = Counter(lines)
    return [
        bytes(_SIZES[length] if length < 3000 else 255 for length in lengths),
        bytes(min(255, line.count(" ") + 1) for line in lines),
        bytes(map(_ending, lines, whole)),
        bytes(map(_beginning, map(itemgetter(0), sources))),
        bytes(
            255 * sum([word[0].isupper() for word in words]) // len(words) for words in heads
        ),
        bytes(
            255 * (len(line) - len(line.translate(None, _DIGITS))) // size
            for line, size in zip(raw, sizes, strict=True)
        ),
        bytes(
            255 * (len(line) - len(line.translate(None, _SIGNS))) // size
            for line, size in zip(raw, sizes, strict=True)
        ),
        bytes(min(255, line.count(",")) for line in lines),
        bytes(("|" in line) + 2 * (":" in line[:-1]) + 4 * (". " in line) for line in lines),
        bytes(_dated(line, size) for line, size in zip(lines, lengths, strict=True)),
        bytes(1 if ("." in line and _LINK.search(line[:400])) or "@" in line else 0 for line in lines),
        bytes('"' in line for line in lines),
        bytes(min(255, counts[line]) for line in lines),
        bytes(_overlap(line, article) for line in lines),
    ]  # fmt: skip


def _ending(line: str, source: str) -> int:
    return 1 if source.endswith(_CUT) else _ENDINGS.get(line[-1], 0)


def _beginning(sign: str) -> int:
    if sign.isupper():
        return 9
    if sign.islower():
        return 7
    if sign.isalpha():
        return 8
    if sign.isdigit():
        return 6
    return 5 if sign in "\"'“„«‘「" else 4 if sign in "-–—" else 3 if sign in "•*·▪●○►▶✓" else 2


def _dated(line: str, size: int) -> int:
    return 0 if size > 160 or line.isalpha() else _DATE.search(line) is not None


def _overlap(line: str, article: set[str]) -> int:
    """Return the share of a line's longer words that the article's paragraphs hold too."""
    words = [word for word in line.split(None, 16)[:16] if len(word) > 4]
    if not words:
        return 128
    return 255 * sum(map(article.__contains__, words)) // len(words)


def _evidence(items: Sequence[Evidence]) -> tuple[int, int, int, int, int]:
    """Return bytes for what the rules say of a line, for and against."""
    minus = structure = sentence = 0.0
    heading = 0
    families: dict[str, float] = {}
    for item in items:
        if item.sentence:
            sentence = max(sentence, item.weight)
        elif item.family == "structure":
            structure = max(structure, item.weight)
        elif item.weight > 0:
            families[item.family] = max(item.weight, families.get(item.family, 0.0))
        else:
            minus = min(minus, item.weight)
        if item.family == "heading":
            heading = {"related_links": 2, "comments_ui": 3}.get(item.category, 1)
    plus = add_up(families)
    return (
        _byte(8 * plus), _byte(-8 * minus), _byte(16 * structure), heading, _byte(16 * sentence)
    )  # fmt: skip


def _place(
    page: Page, shape: Shape, found: Found, odds: Sequence[float], own: Sequence[bytes]
) -> list[bytes]:
    filled, size = shape.filled, len(shape.filled)
    marked = sum(any(item.weight > 0 for item in items) for items in found.values())
    if compiled.speedups:
        planes: list[bytes] = compiled.speedups.place(
            filled, shape.length, shape.narrative, odds, own[OWN.index("lexical")],
            own[OWN.index("heading")], shape.first, shape.last, marked,
        )  # fmt: skip
        return planes
    prose = [shape.narrative[index] for index in filled]
    lengths = [shape.length[index] for index in filled]
    lexical = [value - 128 for value in own[OWN.index("lexical")]]
    headings = own[OWN.index("heading")]
    short = [length <= _SHORT for length in lengths]
    total = sum(lengths) or 1
    before = list(accumulate(lengths, initial=0))
    run, run_at, letters = _runs(short, lengths)
    chrome = [value > 2 for value in odds]
    clipped = [8.0 if value > 8 else -8.0 if value < -8 else value for value in odds]
    first = next((at for at, index in enumerate(filled) if index == shape.first), size)
    last = next(
        (size - 1 - at for at, index in enumerate(reversed(filled)) if index == shape.last), -1
    )
    if shape.first is None:
        part = bytes([3]) * size
    else:
        part = bytes(first) + bytes([1]) * (last + 1 - first) + bytes([2]) * (size - last - 1)
    past = list(accumulate(lexical, lambda seen, value: 0.75 * seen + 0.25 * value))
    ahead = list(accumulate(reversed(lexical), lambda seen, value: 0.75 * seen + 0.25 * value))
    ahead.reverse()
    whole = (
        _SIZES[min(size, 2999)], 255 * sum(short) // size,
        255 * sum(length for length, is_prose in zip(lengths, prose, strict=True) if is_prose) // total,
        _SIZES[min(total // size, 2999)], 255 * min(size, marked) // size,
        _byte(128 + sum(lexical) / size * 2),
    )  # fmt: skip
    return [
        bytes(255 * at // size for at in range(size)),
        bytes(min(at, _FAR) for at in range(size)),
        bytes(min(size - 1 - at, _FAR) for at in range(size)),
        part,
        _since(prose), _since(prose[::-1])[::-1],
        bytes(255 * seen // total for seen in before[:-1]),
        run, run_at, letters,
        _since([value == 2 for value in headings]), _since([value == 3 for value in headings]),
        _since(chrome), _since(chrome[::-1])[::-1],
        _near(clipped, 16.0), _near(lexical, 2.0),
        bytes(_byte(128 + value) for value in past), bytes(_byte(128 + value) for value in ahead),
        *(bytes([value]) * size for value in whole),
    ]  # fmt: skip


def _since(marks: Sequence[bool]) -> bytes:
    """Return for each line how far behind the last mark lies, itself not counted."""
    out = bytearray()
    far = _FAR
    for mark in marks:
        out.append(far)
        far = 1 if mark else far + (far < _FAR)
    return bytes(out)


def _near(values: Sequence[float], scale: float) -> bytes:
    """Return the mean over five lines on either side of each line, as bytes round 128."""
    sums = list(accumulate(values, initial=0.0))
    size = len(values)
    return bytes(
        _byte(128 + scale * (sums[min(size, at + 6)] - sums[max(0, at - 5)])
              / (min(size, at + 6) - max(0, at - 5)))
        for at in range(size)
    )  # fmt: skip


def _means(plane: bytes, windows: Sequence[tuple[int, int]], empty: int) -> list[bytes]:
    """Return for each window the means of a feature over the lines in it, rounded down."""
    sums, size = list(accumulate(plane, initial=0)), len(plane)
    out = []
    for low, high in windows:
        bounds = ((max(0, at + low), min(size, at + high)) for at in range(size))
        out.append(bytes(
            (sums[last] - sums[first]) // (last - first) if last > first else empty
            for first, last in bounds
        ))  # fmt: skip
    return out


def _runs(short: Sequence[bool], lengths: Sequence[int]) -> tuple[bytes, bytes, bytes]:
    """Return length of the run of short lines that a line is in, its place there, its letters."""
    size, at = len(short), 0
    run, place, letters = bytearray(), bytearray(), bytearray()
    while at < size:
        end = at
        while end < size and short[end]:
            end += 1
        if end == at:
            run.append(0)
            place.append(0)
            letters.append(0)
            at += 1
            continue
        count = end - at
        run += bytes([min(count, 255)]) * count
        place += bytes(min(inside, 255) for inside in range(count))
        letters += bytes([_SIZES[min(2999, sum(lengths[at:end]) // count)]]) * count
        at = end
    return bytes(run), bytes(place), bytes(letters)
