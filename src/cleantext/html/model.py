"""The model: which blocks are the article's. Small trees, read from a file of the package.

Two passes: the first looks at each block by itself and in its place, the second also at what the
first said of its neighbours. `benchmarks/train_html.py` trains both.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import exp
from typing import Any

from cleantext import compiled

MODEL = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "html.json")
_NEAR = (5, 15)
_FAR = 20
_CAUTION = 1.2  # times the threshold: the blocks of a page err together, not one by one
_STEPS = (-3, -2, -1, 1, 2, 3)

#: What the second pass sees beside the features of the first.
CONTEXT: tuple[str, ...] = (
    "first", *(f"first{step:+d}" for step in _STEPS), *(f"first_near{near}" for near in _NEAR),
    "first_passed", "first_share", "first_best", "first_from", "first_to",
)  # fmt: skip

Row = list[float]


def choose(odds: Sequence[float], words: Sequence[int]) -> tuple[list[bool], float]:
    """Return which blocks to take so that the expected word-F1 is best, and that F1.

    The best choice is all blocks above some probability (Lipton et al., 2014, "Optimal thresholding
    of classifiers to maximize F1 measure"), so each of these is tried.

    Args:
        odds: probability of each block to be part of the article.
        words: words of each.

    >>> choose([0.9, 0.1, 0.8], [50, 100, 40])
    ([True, False, True], 0.8700564971751412)
    """
    total = sum(p * n for p, n in zip(odds, words, strict=True))
    best, floor = 0.0, 2.0
    hits = size = 0.0
    for p, n in sorted(zip(odds, words, strict=True), reverse=True):
        hits += p * n
        size += n
        score = 2 * hits / ((size + total) or 1)
        if score > best:
            best, floor = score, p
    floor = max(floor, min(_CAUTION * best / 2, max(odds, default=0.0)))
    return [p >= floor for p in odds], best


def context(odds: Sequence[float], words: Sequence[int]) -> list[Row]:
    """Return the columns CONTEXT for each block, from what the first pass said."""
    size = len(odds)
    mass, count = [0.0], [0]
    for p, n in zip(odds, words, strict=True):
        mass.append(mass[-1] + p * n)
        count.append(count[-1] + n)
    total = mass[-1] or 1e-9
    taken, best = choose(odds, words)
    first = taken.index(True) if best else size
    last = size - 1 - taken[::-1].index(True) if best else -1
    share = total / (count[-1] or 1)
    padded = [0.0, 0.0, 0.0, *odds, 0.0, 0.0, 0.0]
    rows = []
    for at in range(size):
        row = [odds[at], *(padded[at + 3 + step] for step in _STEPS)]
        for near in _NEAR:
            low, high = max(0, at - near), min(size, at + near + 1)
            row.append((mass[high] - mass[low]) / ((count[high] - count[low]) or 1))
        row += (
            mass[at] / total, share, best,
            max(-_FAR, min(_FAR, at - first)), max(-_FAR, min(_FAR, at - last)),
        )  # fmt: skip
        rows.append(row)
    return rows


class Model:
    """Two passes of trees. Immutable once made."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take what `benchmarks/train_html.py` wrote: the columns used, and trees over them."""
        self.features: tuple[str, ...] = tuple(data["features"])
        total = compiled.speedups.Forest if compiled.speedups else written_out
        self._first: Callable[[Row], float] = total(data["first"])
        self._second: Callable[[Row], float] = total(data["second"])

    def probabilities(self, rows: Sequence[Row], words: Sequence[int]) -> list[float]:
        """Return for each block how likely it is part of the article."""
        first = [_logistic(self._first(row)) for row in rows]
        beside = context(first, words)
        return [
            _logistic(self._second([*row, *more])) for row, more in zip(rows, beside, strict=True)
        ]


def written_out(trees: Sequence[Any]) -> Callable[[Row], float]:
    """Return a function that sums the trees' leaves for a row: eight times as fast as walking them.

    Args:
        trees: nested ``[column, threshold, tree if <=, tree if >]``; a leaf is a number. Nothing but
            numbers gets into the function.
    """
    source = ["def total(r):", " s = 0.0"]

    def add(node: Any, depth: int) -> None:
        pad = " " * depth
        if isinstance(node, list):
            source.append(f"{pad}if r[{int(node[0])}] <= {float(node[1])!r}:")
            add(node[2], depth + 1)
            source.append(f"{pad}else:")
            add(node[3], depth + 1)
        else:
            source.append(f"{pad}s += {float(node)!r}")

    for tree in trees:
        add(tree, 1)
    source.append(" return s")
    space: dict[str, Any] = {}
    exec("\n".join(source), space)
    total: Callable[[Row], float] = space["total"]
    return total


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))


@cache
def load() -> Model:
    """Return the model that the package ships."""
    with open(MODEL, encoding="utf-8") as file:
        return Model(json.load(file))
