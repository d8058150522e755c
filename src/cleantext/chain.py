"""From evidence to probabilities: a two-state Markov chain (body, chrome) over a page's lines.

Each line enters with the log-odds of its shape and of the evidence on it; forward-backward
(Rabiner, 1989) gives the exact posterior of each, in time linear in the lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, log

from cleantext import compiled
from cleantext.shape import Shape, add_up
from cleantext.types import Evidence, Page

# Prior log-odds of chrome by length of the line (upper bounds, in letters), for lines that end
# like a sentence and for lines that don't.
_BOUNDS = (25, 60, 100, 200, 400, 800, 1600, 10**12)
_PRIOR_STOPPED = (-1.2, -1.6, -2.5, -4.0, -5.0, -6.0, -9.0, -25.0)
_PRIOR_OPEN = (-0.8, -1.0, -1.6, -2.5, -4.0, -5.0, -8.0, -25.0)
_LONGEST = _BOUNDS[-2] + 1  # letters; longer lines are as this one
MAX_ODDS = 30.0  # log-odds are cut here, far beyond any threshold

# Probability of going from body to chrome and from chrome to body, by place on the page.
_HEAD = (0.25, 0.35)
_MIDDLE = (0.15, 0.40)
_TAIL = (0.40, 0.12)
_START = 0.25  # probability that the first line is chrome


@cache
def _prior_odds(stopped: bool) -> list[float]:
    """Return the prior odds by length of the line, in letters, up to _LONGEST."""
    prior = _PRIOR_STOPPED if stopped else _PRIOR_OPEN
    return [exp(prior[bisect_left(_BOUNDS, size)]) for size in range(_LONGEST + 1)]


def weigh(items: Sequence[Evidence], size: int) -> float:
    """Add up the evidence on a block of `size` characters.

    The strongest of each family counts, in log-odds. What speaks of sentences counts by the share
    of the block that its sentences make up.
    """
    if len(items) == 1 and not items[0].sentence:
        return (
            items[0].weight if items[0].weight < 3 else add_up({items[0].family: items[0].weight})
        )
    best: dict[str, float] = {}
    spans: dict[tuple[int, int], float] = {}
    for item in items:
        if item.sentence:
            span = (item.start, item.end)
            if abs(item.weight) > abs(spans.get(span, 0.0)):
                spans[span] = item.weight
        elif abs(item.weight) > abs(best.get(item.family, 0.0)):
            best[item.family] = item.weight
    total = add_up(best)
    if spans:
        covered = min(1.0, sum(end - start for start, end in spans) / max(1, size))
        total += max(spans.values(), key=abs) * covered
    return total


def chain(page: Page, evidence: Mapping[int, Sequence[Evidence]], shape: Shape) -> list[float]:
    """Return the log-odds of chrome of every block that is not blank, in order."""
    filled = shape.filled
    size = len(filled)
    if not size:
        return []
    priors = (_prior_odds(False), _prior_odds(True))
    longest, length, stopped = _LONGEST, shape.length, shape.stopped
    odds = [
        priors[stopped[index]][length[index] if length[index] < longest else longest]
        for index in filled
    ]
    for index, items in evidence.items():
        total = weigh(items, len(page.lines[index]))
        at = bisect_left(filled, index)
        odds[at] = exp(max(-MAX_ODDS, min(MAX_ODDS, log(odds[at]) + total)))
    forward: list[float] = []
    ratio = _START / (1 - _START)
    parts = _parts(shape)
    if compiled.speedups:
        smoothed: list[float] = compiled.speedups.smooth(odds, parts, ratio)
        return smoothed
    for (enter, leave), low, high in parts:
        stay, out = 1 - leave, 1 - enter
        for odd in odds[low:high]:
            if forward:
                ratio = (ratio * stay + enter) / (ratio * leave + out)
            ratio *= odd
            forward.append(ratio)
    back = 1.0
    backward: list[float] = []
    for (enter, leave), low, high in reversed(parts):
        stay, out = 1 - leave, 1 - enter
        for odd in reversed(odds[low:high]):
            backward.append(back)
            coming = odd * back
            back = (stay * coming + leave) / (enter * coming + out)
    backward.reverse()
    return [log(ahead * behind) for ahead, behind in zip(forward, backward, strict=True)]


def _parts(shape: Shape) -> list[tuple[tuple[float, float], int, int]]:
    """Return head, middle and tail of the page: transitions, first and last place (exclusive)."""
    size = len(shape.filled)
    if shape.first is None or shape.last is None:
        return [(_MIDDLE, 0, size)]
    first = bisect_left(shape.filled, shape.first)
    last = bisect_left(shape.filled, shape.last) + 1
    return [(_HEAD, 0, first), (_MIDDLE, first, last), (_TAIL, last, size)]
