"""What is cut from a text: whole blocks, sentences at the edges of a block, blank lines beside."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from math import exp
from typing import NamedTuple

from cleantext.chain import MAX_ODDS
from cleantext.sentences import sentences
from cleantext.types import Evidence, Page

_PRIOR_SENTENCE = -2.5  # log-odds of one sentence at the edge of a paragraph


class Cut(NamedTuple):
    """A stretch to remove: a whole block or a part of one.

    Attributes:
        start, end: offsets in the text.
        block: index of the block it belongs to.
        score: probability that it is chrome.
        evidence: what speaks for it, strongest first.
    """

    start: int
    end: int
    block: int
    score: float
    evidence: tuple[Evidence, ...]


def by_weight(item: Evidence) -> tuple[float, str]:
    """Sort the strongest evidence first."""
    return (-item.weight, item.rule)


def edges(page: Page, index: int, items: Sequence[Evidence], threshold: float) -> Iterator[Cut]:
    """Yield the chrome sentences at the start and at the end of a block that stays."""
    low, high = page.starts[index], page.ends[index]
    spans = sentences(page.text[low:high], low)
    by_span: list[list[Evidence]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    for item in items:
        first = max(0, bisect_right(starts, item.start) - 1)
        for at in range(first, bisect_left(starts, item.end, first)):
            if item.start < spans[at][1]:
                by_span[at].append(item)
            if item.sentence:
                break
    judged = [_sentence(mine) for mine in by_span]
    ahead = 0
    while ahead < len(spans) and judged[ahead][0] >= threshold:
        ahead += 1
    behind = len(spans)
    while behind > ahead and judged[behind - 1][0] >= threshold:
        behind -= 1
    if ahead == len(spans):
        yield Cut(low, high, index, min(score for score, _ in judged), judged[0][1])
        return
    if ahead:
        kept = spans[ahead][0]
        kept += len(page.text[kept:high]) - len(page.text[kept:high].lstrip())
        yield Cut(spans[0][0], kept, index, judged[0][0], judged[0][1])
    if behind < len(spans):
        yield Cut(spans[behind][0], spans[-1][1], index, judged[-1][0], judged[-1][1])


def _sentence(mine: Sequence[Evidence]) -> tuple[float, tuple[Evidence, ...]]:
    grounds = tuple(sorted((i for i in mine if i.sentence and i.weight > 0), key=by_weight))
    if not grounds:
        return 0.0, ()
    best: dict[str, float] = {}
    for item in mine:
        if abs(item.weight) > abs(best.get(item.family, 0.0)):
            best[item.family] = item.weight
    total = max(-MAX_ODDS, min(MAX_ODDS, _PRIOR_SENTENCE + sum(best.values())))
    return 1 / (1 + exp(-total)), grounds


def with_blanks(page: Page, cuts: list[Cut]) -> list[Cut]:
    """Let blank lines go with the blocks they stood beside.

    Of the gaps between two blocks that stay, the longest remains; at the head and the tail of the
    page none does. A blank line so removed becomes part of the cut before it, or after it.
    """
    lines, size = page.lines, len(page)
    whole = {
        cut.block: at for at, cut in enumerate(cuts)
        if cut.start == page.starts[cut.block] and cut.end == page.ends[cut.block]
    }  # fmt: skip
    if not whole or all(lines):
        return cuts
    spans = [[cut.start, cut.end] for cut in cuts]
    done = -1
    for block in whole:
        if block < done:
            continue
        start, done = block, block + 1
        while start and not lines[start - 1]:
            start -= 1
        while done < size and (not lines[done] or done in whole):
            done += 1
        gaps = _gaps(range(start, done), lines)
        keep = None
        if start > 0 and done < size and gaps:
            keep = max(gaps, key=lambda gap: (gap[1] - gap[0], -gap[0]))
        for gap in gaps:
            if gap == keep:
                continue
            if gap[0] - 1 in whole:
                spans[whole[gap[0] - 1]][1] = page.ends[gap[1] - 1]
            else:
                spans[whole[gap[1]]][0] = page.starts[gap[0]]
    return [cut._replace(start=span[0], end=span[1]) for cut, span in zip(cuts, spans, strict=True)]


def _gaps(run: range, lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return (start, end) of each stretch of blank blocks in a run."""
    gaps: list[tuple[int, int]] = []
    start = None
    for index in [*run, None]:
        blank = index is not None and not lines[index]
        if blank and start is None:
            start = index
        elif not blank and start is not None:
            gaps.append((start, run.stop if index is None else index))
            start = None
    return gaps
