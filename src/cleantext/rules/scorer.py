"""The learned scorer: small trees over the words, shape and surroundings of a line.

A linear model over words (see `features.grams`) gives each line one number; gradient-boosted
oblivious trees (Prokhorenkova et al., "CatBoost", 2018) add to what the rules and the chain of the
engine say, from it, from the line's shape and place and from the lines around. All lines of a page
are judged at once. One file of weights, made by `benchmarks/train.py` or `cleantext fit --labels`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from operator import add
from os import PathLike
from struct import unpack
from typing import Any

from cleantext import compiled
from cleantext.rules.features import NAMES, Found, planes, weigh_words
from cleantext.shape import Shape
from cleantext.types import Evidence, Page

MODEL = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "scorer.json")
VERSION = 5
WORD_STEP = 50  # weights of words are stored as this fraction of a nat
MOST_TREES = 256  # sums of bytes stay within 16 bits
_FAINT = 0.3  # log-odds under which the scorer keeps silent
# A long paragraph of which no rule says enough by its own words is not removed at `safe`: its score
# stops below that threshold, at a log-odds of ALONE. Nor is a line that is rather body to the rules,
# unless the scorer is the surer the more they are.
LONG = 400  # letters
ALONE = 2.0
SURER = 0.3  # log-odds for each of the rules against it
OWN_WORDS = 5.0  # log-odds of rules about the line itself
# A line with a photo credit stays at every level, unless rules speak against it by its own words.
CREDIT = 5.0
CREDITED = -2.5
DOUBTED = 3.0  # log-odds of rules about the line itself
FEW = 5  # lines; fewer say too little of a page, so that the rules alone decide
_BEHIND = 60  # lines behind a line in which the heading of its section is looked for


class Scorer:
    """A trained model, ready to look at pages. Immutable once made.

    Args:
        words: by their weight in log-odds, words and pairs of words (see `features.grams`), one a line.
        trees: for each tree its splits (feature, border; a bit is set above the border, the first
            is the lowest) and its leaves, bytes 0 to 255 by the bits.
        bias: log-odds that are added where all leaves are zero.
        scale: log-odds of one step of a leaf.

    Raises:
        ValueError: trees that are too many or too deep.
    """

    name = "scorer"

    def __init__(
        self,
        words: Mapping[float, str],
        trees: Sequence[tuple[Sequence[tuple[int, int]], Sequence[int]]],
        bias: float,
        scale: float,
    ) -> None:
        if len(trees) > MOST_TREES or any(len(splits) > 8 for splits, _ in trees):
            raise ValueError(f"a scorer has at most {MOST_TREES} trees of depth 8")
        self._bias, self._scale = bias, scale
        twins = compiled.speedups
        self._words = (twins.Words if twins else _Words)(dict(words))
        self._trees = (twins.Trees if twins else _Trees)(trees)

    @classmethod
    def load(cls, path: str | PathLike[str] = MODEL) -> Scorer:
        """Read a model file.

        Raises:
            ValueError: it is not a model, or one of another version; the message names it.
        """
        with open(path, encoding="utf-8") as file:
            try:
                return cls.parse(json.load(file))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{os.fspath(path)}: not a model of a scorer: {error}") from None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Scorer:
        """Make a scorer from the values of a model file."""
        if data["version"] != VERSION or data["features"] != list(NAMES):
            raise ValueError(f"made for other features or version than {VERSION}; train it again")
        words = {int(weight) / WORD_STEP: group for weight, group in data["words"].items()}
        trees = [
            (list(zip(splits[::2], splits[1::2], strict=True)), leaves)
            for splits, leaves in data["trees"]
        ]
        return cls(words, trees, data["bias"], data["scale"])

    def judge(self, page: Page, shape: Shape, found: Found, odds: Sequence[float]) -> list[float]:
        """Return the log-odds of each line that is not blank, given those of the rules."""
        if len(shape.filled) < FEW:
            return list(odds)
        told = self._words.weigh(page.lines, shape.filled)
        seen = planes(page, shape, found, odds, told)
        plus = seen[NAMES.index("plus")]
        ruled = [trusted(value, sure) for value, sure in zip(odds, plus, strict=True)]
        scores = list(map(add, self._scores(seen), ruled))
        for at, index in enumerate(shape.filled):
            if scores[at] > CREDITED and plus[at] < 8 * DOUBTED and _credited(found.get(index, ())):
                scores[at] = CREDITED
            if scores[at] <= ALONE:
                continue
            alone = (
                plus[at] < 8 * OWN_WORDS and shape.length[index] >= LONG and shape.stopped[index]
            )
            if alone or scores[at] < ALONE - SURER * odds[at]:
                scores[at] = ALONE
        return scores

    def _scores(self, seen: Sequence[bytes]) -> list[float]:
        """Return what bias and trees say of each line."""
        return [self._bias + self._scale * total for total in self._trees.sums(seen)]

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


class _Words:
    """What words weigh; twin of `_speedups.Words`."""

    def __init__(self, groups: Mapping[float, str]) -> None:
        self._weights = {
            word: weight for weight, group in groups.items() for word in group.split("\n")
        }

    def weigh(self, lines: Sequence[str], filled: Sequence[int]) -> list[tuple[float, float]]:
        return [weigh_words(lines[index], self._weights) for index in filled]


class _Trees:
    """Oblivious trees over bytes; twin of `_speedups.Trees`.

    A tree of depth d is d byte tables for its splits and one for its leaves, applied to all lines
    by `bytes.translate`; long integers add up what the bytes say.
    """

    def __init__(self, trees: Sequence[tuple[Sequence[tuple[int, int]], Sequence[int]]]) -> None:
        self._trees = [
            ([(at, _step(border, bit)) for bit, (at, border) in enumerate(splits)], _table(leaves))
            for splits, leaves in trees
        ]

    def sums(self, planes: Sequence[bytes]) -> list[int]:
        """Return the sum of the leaves of each line."""
        size = len(planes[0])
        pairs = (size + 1) // 2
        mask = int.from_bytes(b"\xff\x00" * pairs, "little")
        even = odd = 0  # sums of the leaves of every second line, in lanes of 16 bits
        for splits, leaves in self._trees:
            bits = 0
            for plane, table in splits:
                bits += int.from_bytes(planes[plane].translate(table), "little")
            said = int.from_bytes(bits.to_bytes(size, "little").translate(leaves), "little")
            lower = said & mask
            even += lower
            odd += (said ^ lower) >> 8
        sums = [0] * (2 * pairs)
        sums[0::2] = unpack(f"<{pairs}H", even.to_bytes(2 * pairs, "little"))
        sums[1::2] = unpack(f"<{pairs}H", odd.to_bytes(2 * pairs, "little"))
        return sums[:size]


def trusted(odds: float, plus: int) -> float:
    """Return what the model takes over of the rules' log-odds; its trees add to that.

    All of them where the rules are sure of the line itself (`plus`, the byte for what they weigh
    together, is that of 6 or more), else half: what lines of one page say of each other is not
    independent.
    """
    if plus >= 48 and odds > 0:
        return min(8.0, odds)
    return max(-4.0, min(4.0, odds / 2))


def _credited(items: Sequence[Evidence]) -> bool:
    """Tell whether a rule finds a caption or a photo credit in a line."""
    return any(
        item.category == "caption" and item.weight <= -CREDIT and not item.sentence
        for item in items
    )


def _step(border: int, bit: int) -> bytes:
    """Return the table that sets a bit for bytes above a border."""
    return bytes(border + 1) + bytes([1 << bit]) * (255 - border)


def _table(leaves: Sequence[int]) -> bytes:
    return bytes(leaves) + bytes(256 - len(leaves))


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
    for at in range(index - 1, max(-1, index - _BEHIND), -1):
        for item in found.get(at, ()):
            if item.family == "heading" and item.category in ("comments_ui", "related_links"):
                what = "comments" if item.category == "comments_ui" else "links"
                return item.category, f"reads like part of the {what}, {place}"
    if shape.length[index] <= 25:
        return "navigation", f"reads like an item of a menu or list: a few words, {place}"
    if not shape.stopped[index]:
        return "related_links", f"reads like another page's headline: short, no stop, {place}"
    return "site_promo", f"reads like the site speaking, not the article, {place}"
