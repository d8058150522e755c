"""The learned scorer: small trees over the words, shape and surroundings of a line.

It looks at what the rules and the chain of the engine say of each line and of its neighbours, and
adds to it: its output is log-odds, trained on labelled pages as the rest that the rules leave
(`benchmarks/train.py`). Plain Python at run time; the weights are one file of the package.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log1p
from os import PathLike
from typing import Any
from zlib import crc32

from cleantext.lazy import Lazy
from cleantext.shape import Shape, add_up
from cleantext.types import Evidence, Page

Found = Mapping[int, Sequence[Evidence]]

_TOKEN = Lazy(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]|[^\W\d_\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+|\d+|[|•·»›>→@#©]"
)
_MAX_TOKENS = 24  # of a line: its first and last twelve
_DATE = Lazy(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}:\d\d")
_LINK = Lazy(r"https?://|www\.|@\w|\w\.(?:com|org|net|de|ru|fr|pl|uk|info)\b")
_FAR = 30  # lines; farther is the same
_FAINT = 0.3  # log-odds under which the scorer keeps silent
# A line of which no rule says anything is removed at `safe` on the scorer's word alone only where
# it stands after the article's end and is no paragraph; elsewhere the score stops at the
# log-odds of 0.96, just below that threshold.
_ALONE = 3.2
_MOST = 6.0  # log-odds for chrome that the scorer may add at most
MODEL = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "scorer.json")


def trusted(odds: float, plus: float) -> float:
    """Return what the model takes over of the rules' log-odds; its trees add to that.

    All of them where the rules are sure of the line itself (`plus`, what they weigh together, is
    6 or more), else half: what lines of one page say of each other is not independent.
    """
    if plus >= 6 and odds > 0:
        return min(8.0, odds)
    return max(-4.0, min(4.0, odds / 2))


def tokens(line: str) -> list[str]:
    """Return the words and signs of a folded line: numbers as ``0``, CJK by character."""
    found = ["0" if token[0].isdigit() else token for token in _TOKEN.findall(line)]
    if len(found) > _MAX_TOKENS:
        found = found[: _MAX_TOKENS // 2] + found[-_MAX_TOKENS // 2 :]
    return found


def grams(line: str) -> list[int]:
    """Return fingerprints (crc32) of the line's words and pairs, with its two ends marked."""
    words = tokens(line)
    if not words:
        return []
    pairs = ["^ " + words[0], *map(" ".join, pairwise(words)), words[-1] + " $"]
    if len(words) <= 6:
        pairs.append("= " + " ".join(words))
    return [crc32(gram.encode("utf-8", "replace")) for gram in {*words, *pairs}]


#: Names of what `features` returns, in order: of the line itself, of its place, of neighbours.
OWN = (
    "length", "words", "word_length", "stopped", "colon", "question", "ellipsis", "digits",
    "upper", "title", "punctuation", "lower_start", "quote", "dash_start", "bullet", "bar", "date",
    "link", "commas", "sentences", "repeats", "known", "overlap", "lexical",
    "odds", "plus", "minus", "structure", "heading", "sentence",
)  # fmt: skip
PLACE = (
    "share", "before", "after", "head", "tail", "prose_behind", "prose_ahead", "prose_total",
    "letters_before", "run", "run_at", "run_mean", "since_related", "since_comments", "since_chrome",
    "chrome_near", "odds_near", "page_lines", "page_short", "page_prose", "page_mean", "marked",
    "lexical_near",
)  # fmt: skip
SIDES = (-3, -2, -1, 1, 2, 3)
BESIDE = ("length", "stopped", "odds", "lexical", "title")
_PLUS = OWN.index("plus")
FEATURES = (*OWN, *PLACE, *(f"{name}{side:+d}" for side in SIDES for name in BESIDE))


def features(
    page: Page,
    shape: Shape,
    found: Found,
    odds: Mapping[int, float],
    lexical: Sequence[tuple[float, float]],
) -> list[list[float]]:
    """Return one row of FEATURES for each line that is not blank.

    Args:
        page: the page.
        shape: its shape.
        found: the rules' evidence on it.
        odds: log-odds of chrome by block, as the engine's chain gave them.
        lexical: of each line, what its words weigh and the share of them that is known.
    """
    filled = shape.filled
    size = len(filled)
    own = _own(page, shape, found, odds, lexical)
    place = _place(page, shape, found, own)
    beside = [OWN.index(name) for name in BESIDE]
    edge = [[0.0] * len(BESIDE)] * 3
    strip = edge + [[row[at] for at in beside] for row in own] + edge
    return [
        own[at] + place[at] + strip[at] + strip[at + 1] + strip[at + 2]
        + strip[at + 4] + strip[at + 5] + strip[at + 6]
        for at in range(size)
    ]  # fmt: skip


def _own(
    page: Page, shape: Shape, found: Found, odds: Mapping[int, float],
    lexical: Sequence[tuple[float, float]],
) -> list[list[float]]:  # fmt: skip
    counts: dict[str, int] = {}
    for index in shape.filled:
        counts[page.lines[index]] = counts.get(page.lines[index], 0) + 1
    told: set[str] = set()
    for index in shape.filled:
        if shape.narrative[index]:
            told.update(page.lines[index].split())
    rows = []
    for at, index in enumerate(shape.filled):
        line, source = page.lines[index], page.source(index)[:400]
        words = line[:400].split()
        size = max(1, len(source))
        number = max(1, len(words))
        long_words = [word for word in words if len(word) > 4]
        minus = structure = heading = sentence = 0.0
        families: dict[str, float] = {}
        for item in found.get(index, ()):
            if item.sentence:
                sentence = max(sentence, item.weight)
            elif item.family == "structure":
                structure = max(structure, item.weight)
            elif item.weight > 0:
                families[item.family] = max(item.weight, families.get(item.family, 0.0))
            else:
                minus = min(minus, item.weight)
            if item.family == "heading":
                heading = 1.0
        plus = add_up(families)
        first = source[0]
        rows.append([
            shape.length[index], number, size / number, shape.stopped[index],
            line.endswith(":"), line.endswith("?"), source.endswith(("…", "...")),
            sum(map(str.isdigit, source)) / size, sum(map(str.isupper, source)) / size,
            sum(word[:1].isupper() for word in source.split()) / number,
            sum(not (char.isalnum() or char == " ") for char in source) / size,
            first.islower(), '"' in line[:400], line[0] == "-", first in "•*·▪●○►▶✓",
            any(sign in line[:400] for sign in "|»›→"), _DATE.search(line[:200]) is not None,
            _LINK.search(line[:400]) is not None, line.count(","), line.count(". "),
            counts[line], lexical[at][1],
            sum(word in told for word in long_words) / len(long_words) if long_words else 0.5,
            lexical[at][0], odds[index], plus, minus, structure, heading, sentence,
        ])  # fmt: skip
    return [[float(value) for value in row] for row in rows]


def _place(
    page: Page, shape: Shape, found: Found, own: Sequence[Sequence[float]]
) -> list[list[float]]:
    filled, size = shape.filled, len(shape.filled)
    prose = [shape.narrative[index] for index in filled]
    lengths = [shape.length[index] for index in filled]
    short = [length <= 100 for length in lengths]
    odds_at, lexical_at = OWN.index("odds"), OWN.index("lexical")
    odds = [row[odds_at] for row in own]
    words = [row[lexical_at] for row in own]
    total, shorts = sum(lengths) or 1.0, sum(short)
    told = sum(length for length, is_prose in zip(lengths, prose, strict=True) if is_prose)
    behind = _since(prose)
    ahead = _since(prose[::-1])[::-1]
    related, comments = [False] * size, [False] * size
    marked = 0
    for at, index in enumerate(filled):
        for item in found.get(index, ()):
            marked += item.weight > 0
            if item.family == "heading":
                related[at] |= item.category == "related_links"
                comments[at] |= item.category == "comments_ui"
    since_related, since_comments = _since(related), _since(comments)
    since_chrome = _since([value > 2 for value in odds])
    run_start, run_end, run_sum = _short_runs(short, lengths)
    rows, seen = [], 0.0
    for at, index in enumerate(filled):
        low, high = max(0, at - 5), min(size, at + 6)
        near = high - low
        run = run_end[at] - run_start[at] if short[at] else 0
        rows.append([
            at / size, min(at, _FAR), min(size - at - 1, _FAR), shape.head(index), shape.tail(index),
            behind[at], ahead[at], told / total, log1p(seen), min(run, 2 * _FAR),
            min(at - run_start[at], _FAR) if run else 0, run_sum[at] / run if run else 0,
            since_related[at], since_comments[at], since_chrome[at],
            sum(value > 2 for value in odds[low:high]) / near, sum(odds[low:high]) / near,
            min(size, 400), shorts / size, log1p(told), total / size, marked / size,
            sum(words[low:high]) / near,
        ])  # fmt: skip
        if prose[at]:
            seen += lengths[at]
    return [[float(value) for value in row] for row in rows]


def _since(marks: Sequence[bool]) -> list[int]:
    """Return for each place how far behind the last mark lies, itself not counted; capped."""
    out, last = [], -_FAR
    for at, mark in enumerate(marks):
        out.append(min(at - last, _FAR))
        if mark:
            last = at
    return out


def _short_runs(
    short: Sequence[bool], lengths: Sequence[float]
) -> tuple[list[int], list[int], list[float]]:
    """Return start, end and letters of the run of short lines that each place lies in."""
    size = len(short)
    starts, ends, sums = [0] * size, [0] * size, [0.0] * size
    at = 0
    while at < size:
        end = at
        while end < size and short[end]:
            end += 1
        if end > at:
            letters = sum(lengths[at:end])
            for inside in range(at, end):
                starts[inside], ends[inside], sums[inside] = at, end, letters
        at = max(end, at + 1)
    return starts, ends, sums


Node = Any  # (feature, threshold, node if <=, node if >), or the float of a leaf


class Scorer:
    """A trained model, ready to look at pages. Immutable once made."""

    name = "scorer"

    def __init__(
        self, words: Mapping[int, float], trees: Sequence[Node], bias: float = 0.0
    ) -> None:
        """Take the weights of word fingerprints (see `grams`), and the trees over FEATURES."""
        self._words, self._trees, self._bias = words, trees, bias

    @classmethod
    def load(cls, path: str | PathLike[str] = MODEL) -> Scorer:
        """Read a model that `benchmarks/train.py` or `cleantext fit` wrote."""
        with open(path, encoding="utf-8") as file:
            return cls.parse(json.load(file))

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Scorer:
        """Make a scorer from the values of a model file."""
        return cls(
            {key: weight / 100 for key, weight in zip(*data["words"], strict=True)},
            [_node(tree) for tree in data["trees"]],
            data["bias"],
        )

    def lexical(self, page: Page, shape: Shape) -> list[tuple[float, float]]:
        """Return for each line what its words weigh and which share of them is known."""
        out = []
        for index in shape.filled:
            keys = grams(page.lines[index])
            known = [self._words[key] for key in keys if key in self._words]
            out.append((sum(known), len(known) / len(keys) if keys else 0.0))
        return out

    def weights(
        self, page: Page, shape: Shape, found: Found, odds: Mapping[int, float]
    ) -> list[float]:
        """Return the log-odds that the model adds to those of each line that is not blank."""
        rows = features(page, shape, found, odds, self.lexical(page, shape))
        out = []
        for row, index in zip(rows, shape.filled, strict=True):
            total = self._bias + trusted(odds[index], row[_PLUS]) - odds[index]
            for node in self._trees:
                while type(node) is tuple:
                    node = node[2] if row[node[0]] <= node[1] else node[3]
                total += node
            out.append(min(total, _MOST))
        return out

    def judge(self, page: Page, shape: Shape, found: Found, odds: Sequence[float]) -> list[float]:
        """Return the log-odds of each line that is not blank, given those of the rules."""
        chained = dict(zip(shape.filled, odds, strict=True))
        added = {item.block: item.weight for item in self.find(page, shape, found, chained)}
        return [
            value + added.get(index, 0.0) for index, value in zip(shape.filled, odds, strict=True)
        ]

    def say(
        self, page: Page, shape: Shape, found: Found, at: int, weight: float
    ) -> Evidence | None:
        """Return the evidence for what was added to a line's log-odds, if worth saying."""
        if abs(weight) < _FAINT:
            return None
        index = shape.filled[at]
        category, reason = _reading(page, shape, found, index, weight)
        return Evidence(
            index, f"any.{category}.reads-like", category, "scorer", weight,
            page.starts[index], page.ends[index], reason,
        )  # fmt: skip

    def find(
        self, page: Page, shape: Shape, found: Found, odds: Mapping[int, float]
    ) -> Iterator[Evidence]:
        """Yield what the model says of each line, where it says anything worth hearing."""
        for index, weight in zip(shape.filled, self.weights(page, shape, found, odds), strict=True):
            if abs(weight) < _FAINT:
                continue
            if weight > 0 and not any(item.weight > 0 for item in found.get(index, ())):
                after = shape.tail(index) and shape.has_article(index)
                if shape.narrative[index] or not after:
                    weight = min(weight, _ALONE - odds[index])
                    if abs(weight) < _FAINT:
                        continue
            category, reason = _reading(page, shape, found, index, weight)
            yield Evidence(
                index, f"any.{category}.reads-like", category, "scorer", weight,
                page.starts[index], page.ends[index], reason,
            )  # fmt: skip


def _node(data: Any) -> Node:
    if not isinstance(data, list):
        return float(data)
    return (data[0], data[1], _node(data[2]), _node(data[3]))


def _reading(page: Page, shape: Shape, found: Found, index: int, weight: float) -> tuple[str, str]:
    """Say in words what the model saw, from the plainest features; and the likely category."""
    if weight < 0:
        return "body", "reads like text of the article"
    positive = [item for item in found.get(index, ()) if item.weight > 0]
    if positive:
        best = max(positive, key=lambda item: item.weight)
        return best.category, "reads like it too, from its words, shape and place"
    place = ("after the article's end" if shape.tail(index) else
             "before its start" if shape.head(index) else "between its paragraphs")  # fmt: skip
    behind = [at for at in shape.filled if at < index]
    for at in reversed(behind):
        for item in found.get(at, ()):
            if item.family == "heading" and item.category in ("comments_ui", "related_links"):
                what = "comments" if item.category == "comments_ui" else "links"
                return item.category, f"reads like part of the {what}, {place}"
    if shape.length[index] <= 25:
        return "navigation", f"reads like an item of a menu or list: a few words, {place}"
    if not shape.stopped[index]:
        return "related_links", f"reads like another page's headline: short, no stop, {place}"
    return "site_promo", f"reads like the site speaking, not the article, {place}"
