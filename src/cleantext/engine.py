"""The engine: gathers evidence and decides. Nothing else in the library decides.

Each line gets the log-odds that it is chrome: a prior by its shape plus the evidence of the rules
(the strongest of a family, summed over families). A two-state Markov chain (body, chrome) over the
page's lines, solved exactly by forward-backward (Rabiner, 1989), turns them into posterior
probabilities; a level is a threshold on the posterior, so levels nest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from cleantext import language, segment
from cleantext.normalize import fold
from cleantext.rules.lexicons import Lexicons
from cleantext.rules.scorer import Scorer
from cleantext.sentences import sentences
from cleantext.shape import Shape, add_up
from cleantext.types import CATEGORIES, Evidence, Level, Page, RuleFinder

#: Posterior from which a line is removed.
THRESHOLDS: Mapping[Level, float] = {"safe": 0.97, "balanced": 0.78, "thorough": 0.45}

# Prior log-odds of chrome by length of the line (upper bounds, in letters), for lines that end
# like a sentence and for lines that don't.
_BOUNDS = (25, 60, 100, 200, 400, 800, 1600, 10**12)
_PRIOR_STOPPED = (-1.2, -1.6, -2.5, -4.0, -5.0, -6.0, -9.0, -25.0)
_PRIOR_OPEN = (-0.8, -1.0, -1.6, -2.5, -4.0, -5.0, -8.0, -25.0)
_PRIOR_SENTENCE = -2.5  # of one sentence at the edge of a paragraph
_MAX_ODDS = 30.0  # log-odds are cut here, far beyond any threshold

# Probability of going from body to chrome and from chrome to body, by place on the page.
_HEAD = (0.25, 0.35)
_MIDDLE = (0.15, 0.40)
_TAIL = (0.40, 0.12)
_START = 0.25  # probability that the first line is chrome


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch to remove: a whole block or a part of one.

    Attributes:
        start, end: offsets in the text.
        block: index of the block it belongs to.
        score: probability that it is chrome.
        evidence: what speaks for it, strongest first; never empty.
    """

    start: int
    end: int
    block: int
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine found on one page.

    Attributes:
        page: the page.
        evidence: evidence by index of block.
        scores: probability of chrome of each block; 0 for blank ones.
        cuts: what to remove, in order, not overlapping.
    """

    page: Page
    evidence: Mapping[int, Sequence[Evidence]]
    scores: Sequence[float]
    cuts: Sequence[Cut]

    def kept(self) -> Iterator[str]:
        """Yield the slices of the text that stay."""
        at = 0
        for cut in self.cuts:
            yield self.page.text[at : cut.start]
            at = cut.end
        yield self.page.text[at:]


class Engine:
    """Rule sets and options, ready to look at pages. Immutable once made."""

    def __init__(
        self,
        lexicons: Lexicons,
        finders: Sequence[RuleFinder],
        *,
        disabled: frozenset[str] = frozenset(),
        keep: frozenset[str] = frozenset(),
        scorer: Scorer | None = None,
    ) -> None:
        self._lexicons, self._finders = lexicons, tuple(finders)
        self._disabled, self._keep, self._scorer = disabled, keep, scorer

    def page(self, text: str, url: str | None, lang: str | None) -> Page:
        """Cut a text into a page; find its language where it is not given."""
        parts = segment.lines(text)
        starts, ends = segment.bounds(parts)
        folded = fold(text)
        lines = [folded[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        if lang is None and self._lexicons.stopwords:
            lang = language.detect(lines, self._lexicons.stopwords)
        return Page(text, folded, starts, ends, lines, lang, url)

    def decide(self, page: Page, level: Level) -> Decision:
        """Find the evidence on a page and decide what goes."""
        evidence = self._gather(page)
        if not any(item.weight > 0 for items in evidence.values() for item in items):
            return Decision(page, evidence, [0.0] * len(page), ())
        shape = Shape(page, evidence)
        odds = chain(page, evidence, shape)
        if self._scorer:
            for item in self._scorer.find(page, shape, evidence, odds):
                if item.rule not in self._disabled:
                    evidence.setdefault(item.block, []).append(item)
                    odds[item.block] += item.weight
        scores = [0.0] * len(page)
        for index, value in odds.items():
            scores[index] = 1 / (1 + exp(-max(-_MAX_ODDS, min(_MAX_ODDS, value))))
        cuts = list(self._cuts(page, evidence, shape, scores, THRESHOLDS[level]))
        return Decision(page, evidence, scores, _with_blanks(page, cuts))

    def _gather(self, page: Page) -> dict[int, list[Evidence]]:
        found: dict[int, list[Evidence]] = {}
        placed: dict[str, str] = {}
        for lexicon in self._lexicons.of(page.lang):
            self._add(found, lexicon.find(page))
            placed.update(lexicon.placed)
        if placed and found:
            shape = Shape(page, found)
            for index, items in list(found.items()):
                found[index] = [
                    item for item in items
                    if _in_place(placed.get(item.rule), shape, index)
                ]  # fmt: skip
        for finder in self._finders:
            self._add(found, finder.find(page, found))
        return found

    def _add(self, found: dict[int, list[Evidence]], evidence: Iterable[Evidence]) -> None:
        for item in list(evidence):
            if item.rule not in self._disabled:
                found.setdefault(item.block, []).append(item)

    def _cuts(
        self,
        page: Page,
        evidence: Mapping[int, Sequence[Evidence]],
        shape: Shape,
        scores: Sequence[float],
        threshold: float,
    ) -> Iterator[Cut]:
        last: Evidence | None = None
        for index in shape.filled:
            items = evidence.get(index, ())
            if scores[index] >= threshold:
                grounds = tuple(sorted((i for i in items if i.weight > 0), key=_by_weight))
                if not grounds:
                    grounds = (_context(page, index, scores[index], last, evidence),)
                last = grounds[0]
                if last.category not in self._keep:
                    yield Cut(page.starts[index], page.ends[index], index, scores[index], grounds)
            elif any(item.sentence and item.weight > 0 for item in items):
                for cut in _edges(page, index, items, threshold):
                    if cut.evidence[0].category not in self._keep:
                        yield cut


def _in_place(where: str | None, shape: Shape, index: int) -> bool:
    if where is None:
        return True
    return shape.head(index) if where == "head" else shape.tail(index)


def _by_weight(item: Evidence) -> tuple[float, str]:
    return (-item.weight, item.rule)


def weigh(items: Sequence[Evidence], size: int) -> float:
    """Add up the evidence on a block of `size` characters.

    The strongest of each family counts, in log-odds. What speaks of sentences counts by the share
    of the block that its sentences make up.
    """
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


def chain(page: Page, evidence: Mapping[int, Sequence[Evidence]], shape: Shape) -> dict[int, float]:
    """Return the log-odds of chrome of every block that is not blank, by forward-backward."""
    filled = shape.filled
    odds, moves = [], []
    for index in filled:
        prior = (_PRIOR_STOPPED if shape.stopped[index] else _PRIOR_OPEN)[
            bisect_left(_BOUNDS, shape.length[index])
        ]
        items = evidence.get(index)
        if items:
            prior += weigh(items, len(page.lines[index]))
        odds.append(exp(max(-_MAX_ODDS, min(_MAX_ODDS, prior))))
        if shape.first is None:
            moves.append(_MIDDLE)
        else:
            moves.append(_HEAD if shape.head(index) else _TAIL if shape.tail(index) else _MIDDLE)
    forward: list[float] = []
    ratio = _START / (1 - _START)
    for odd, (enter, leave) in zip(odds, moves, strict=True):
        if forward:
            ratio = (ratio * (1 - leave) + enter) / (ratio * leave + (1 - enter))
        ratio = min(ratio * odd, 1e30)
        forward.append(ratio)
    posterior = {}
    back = 1.0
    for at in range(len(filled) - 1, -1, -1):
        posterior[filled[at]] = log(max(forward[at] * back, 1e-30))
        enter, leave = moves[at]
        coming = min(odds[at] * back, 1e30)
        back = ((1 - leave) * coming + leave) / (enter * coming + (1 - enter))
    return posterior


def _context(
    page: Page,
    index: int,
    score: float,
    last: Evidence | None,
    evidence: Mapping[int, Sequence[Evidence]],
) -> Evidence:
    """Say why a block goes that no rule speaks of: it stands among chrome."""
    if last is None:
        following = (
            item
            for at in sorted(evidence)
            if at > index
            for item in sorted(evidence[at], key=_by_weight)
            if item.weight > 0
        )
        last = next(following, None)
    category = last.category if last and last.category in CATEGORIES else "site_promo"
    weight = min(_MAX_ODDS, log(score / max(1 - score, 1e-12)))
    return Evidence(
        index, f"any.{category}.between", category, "context", weight,
        page.starts[index], page.ends[index], "stands among lines that are chrome",
    )  # fmt: skip


def _edges(page: Page, index: int, items: Sequence[Evidence], threshold: float) -> Iterator[Cut]:
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
    grounds = tuple(sorted((i for i in mine if i.sentence and i.weight > 0), key=_by_weight))
    if not grounds:
        return 0.0, ()
    best: dict[str, float] = {}
    for item in mine:
        if abs(item.weight) > abs(best.get(item.family, 0.0)):
            best[item.family] = item.weight
    total = max(-_MAX_ODDS, min(_MAX_ODDS, _PRIOR_SENTENCE + sum(best.values())))
    return 1 / (1 + exp(-total)), grounds


def _with_blanks(page: Page, cuts: list[Cut]) -> list[Cut]:
    """Let blank lines go with the blocks they stood beside.

    Of the gaps between two blocks that stay, the longest remains; at the head and the tail of the
    page none does. A blank line so removed becomes part of the cut before it, or after it.
    """
    blank = [not line for line in page.lines]
    whole = {cut.block: at for at, cut in enumerate(cuts) if cut.start == page.starts[cut.block]
             and cut.end == page.ends[cut.block]}  # fmt: skip
    if not whole or not any(blank):
        return cuts
    spans = {at: [cut.start, cut.end] for at, cut in enumerate(cuts)}
    for run in _runs(len(page), blank, whole):
        gaps = _gaps(run, blank)
        keep: tuple[int, int] | None = None
        if run[0] > 0 and run[1] < len(page) and gaps:
            keep = max(gaps, key=lambda gap: (gap[1] - gap[0], -gap[0]))
        for gap in gaps:
            if gap == keep:
                continue
            if gap[0] - 1 in whole:
                spans[whole[gap[0] - 1]][1] = page.ends[gap[1] - 1]
            else:
                spans[whole[gap[1]]][0] = page.starts[gap[0]]
    return [
        Cut(spans[at][0], spans[at][1], cut.block, cut.score, cut.evidence)
        for at, cut in enumerate(cuts)
    ]


def _runs(size: int, blank: Sequence[bool], whole: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each stretch of blank and removed blocks that has a removed one."""
    start = 0
    for index in range(size + 1):
        if index < size and (blank[index] or index in whole):
            continue
        if any(at in whole for at in range(start, index)):
            yield start, index
        start = index + 1


def _gaps(run: tuple[int, int], blank: Sequence[bool]) -> list[tuple[int, int]]:
    """Return (start, end) of each stretch of blank blocks in a run."""
    gaps, start = [], None
    for index in range(run[0], run[1] + 1):
        inside = index < run[1] and blank[index]
        if inside and start is None:
            start = index
        elif not inside and start is not None:
            gaps.append((start, index))
            start = None
    return gaps
