"""The engine: gathers evidence and decides. Nothing else in the library decides.

Rule sets testify; the chain (cleantext.chain) makes log-odds of it, to which the scorer adds what
it has learned; a level is a threshold on the resulting probability, so levels nest. What is removed
does not depend on whether reasons are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from cleantext import language, segment
from cleantext.chain import MAX_ODDS, chain
from cleantext.cuts import Cut, by_weight, edges, with_blanks
from cleantext.normalize import fold
from cleantext.outline import NARRATIVE
from cleantext.rules.lexical import Late, Lexicon
from cleantext.rules.lexicons import Lexicons
from cleantext.rules.scorer import FEW, Scorer
from cleantext.shape import Shape
from cleantext.types import CATEGORIES, Evidence, Level, Page, RuleFinder

#: Posterior from which a line is removed.
THRESHOLDS: Mapping[Level, float] = {"safe": 0.917, "balanced": 0.69, "thorough": 0.332}

#: The same on whole pages, where more of what looks like chrome is part of the content: the scorer's
#: probabilities are calibrated for each kind of page, on hand-labelled pages and snippets of both.
WHOLE_THRESHOLDS: Mapping[Level, float] = {"safe": 0.982, "balanced": 0.971, "thorough": 0.5}
#: The same for the rules alone: without a scorer, of a few lines, for sentences at the edge of a block.
RULES_THRESHOLDS: Mapping[Level, float] = {"safe": 0.976, "balanced": 0.78, "thorough": 0.31}
_WHOLE_LINES, _WHOLE_SHORT = 60, 0.7  # lines of a whole page, and how many of them are short

Found = dict[int, list[Evidence]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine found on one page.

    Attributes:
        page: the page.
        evidence: evidence by index of block, the scorer's among it.
        scores: probability of chrome of each block; 0 for blank ones.
        cuts: what to remove, in order, not overlapping; each with its evidence.
        late: rules that a clock stopped on a block: their id and its index.
    """

    page: Page
    evidence: Mapping[int, Sequence[Evidence]]
    scores: Sequence[float]
    cuts: Sequence[Cut]
    late: Sequence[tuple[str, int]]


@dataclass(slots=True)
class _Case:
    """A page on its way to a decision.

    `ruled` and `odds` have, for each of `shape.filled`, log-odds before and after the scorer.
    """

    page: Page
    found: Found
    extra: Found
    shape: Shape
    ruled: list[float]
    odds: list[float]
    late: Late


class Engine:
    """Rule sets and options, ready to look at pages. Immutable once made.

    Args:
        lexicons: rules that are data.
        finders: rule sets in Python.
        own: rules that are data, and not among those that the scorer was trained with.
        extras: rule sets in Python of that kind.
        disabled: ids of rules that shall not speak.
        keep: categories that stay.
        scorer: the learned model, or None.
    """

    def __init__(
        self,
        lexicons: Lexicons,
        finders: Sequence[RuleFinder] = (),
        own: Lexicons | None = None,
        extras: Sequence[RuleFinder] = (),
        *,
        disabled: frozenset[str] = frozenset(),
        keep: frozenset[str] = frozenset(),
        scorer: Scorer | None = None,
    ) -> None:
        self._lexicons, self._own = lexicons, own or Lexicons([])
        self._finders, self._extras = tuple(finders), tuple(extras)
        self._disabled, self._keep, self._scorer = disabled, keep, scorer
        self._speakers = language.speakers({**self._own.stopwords, **lexicons.stopwords})

    def page(self, text: str, url: str | None, lang: str | None) -> Page:
        """Cut a text into a page; find its language where it is not given."""
        parts = segment.lines(text)
        starts, ends = segment.bounds(parts)
        folded = fold(text)
        if len(parts) == len(plain := folded.splitlines()):
            lines = list(map(str.strip, plain))
        else:
            lines = [folded[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        if "|" in folded:  # borders of a table's row; what has nothing else is left as it is
            lines = [line.strip("| ") or line for line in lines]
        if lang is not None:
            lang = lang.replace("_", "-").partition("-")[0].lower()  # "en-US", "DE"
        elif self._speakers:
            lang = language.detect(lines, self._speakers)
        return Page(text, folded, starts, ends, lines, lang, url)

    def spans(self, page: Page, level: Level) -> list[tuple[int, int]]:
        """Return (start, end) of what goes, in order."""
        case = self._look(page)
        return [(cut.start, cut.end) for cut in self._cuts(case, level, bool(self._keep))]

    def decide(self, page: Page, level: Level) -> Decision:
        """Decide what goes, and say why."""
        case = self._look(page)
        scores = [0.0] * len(page)
        for index, value in zip(case.shape.filled, case.odds, strict=True):
            scores[index] = _probability(value)
        cuts = self._cuts(case, level, True)
        evidence = {
            index: [*case.found.get(index, ()), *case.extra.get(index, ())]
            for index in sorted({*case.found, *case.extra})
        }
        if self._scorer:
            for at, index in enumerate(case.shape.filled):
                if said := self._said(case, at):
                    evidence.setdefault(index, []).append(said)
        return Decision(page, evidence, scores, cuts, case.late)

    def ruled(self, page: Page) -> tuple[Page, Found, Shape, list[float]]:
        """Return what the rules alone say of a page, before the scorer and what it does not know."""
        found, _ = self._gather(page, [])
        shape = Shape(page, found)
        return page, found, shape, chain(page, found, shape)

    def _look(self, page: Page) -> _Case:
        late: Late = []
        found, extra = self._gather(page, late)
        merged = _merged(found, extra)
        shape = Shape(page, merged)
        known = chain(page, found, shape)
        ruled = chain(page, merged, shape) if extra else known
        if self._scorer:
            judged = self._scorer.judge(page, shape, found, known)
            # What the scorer was not trained with counts as it does for the rules.
            odds = [j + r - k for j, r, k in zip(judged, ruled, known, strict=True)]
        else:
            odds = ruled
        return _Case(page, found, extra, shape, ruled, odds, late)

    def _gather(self, page: Page, late: Late) -> tuple[Found, Found]:
        """Return the evidence that the scorer was trained with, and what it does not know."""
        found: Found = {}
        extra: Found = {} if self._scorer else found
        for lexicons, into in ((self._lexicons, found), (self._own, extra)):
            fresh: Found = {}
            chosen = lexicons.of(page.lang, page.url)
            for lexicon in chosen:
                self._add(fresh, lexicon.find(page, late))
            self._place(page, fresh, chosen)
            for items in fresh.values():
                self._add(into, items)
        chosen = self._lexicons.of(page.lang, page.url)
        known = set(found)
        for finder in self._extras:  # what a site repeats is not the article's shape
            self._add(extra, finder.find(page, _merged(found, extra)))
        for finder in self._finders:
            self._add(found, finder.find(page, _merged(found, extra)))
        fresh_lines = sorted(set(found) - known)
        for lexicon in chosen:
            self._add(found, lexicon.find_more(page, fresh_lines, late))
        return found, {} if extra is found else extra

    def _place(self, page: Page, found: Found, chosen: Sequence[Lexicon]) -> None:
        """Drop the evidence of rules that may speak of the head or the tail only."""
        wanted = {rule: where for lexicon in chosen for rule, where in lexicon.placed.items()}
        placed = [
            index for index, items in found.items() if any(item.rule in wanted for item in items)
        ]
        if not placed:
            return
        shape = Shape(page, found)
        for index in placed:
            items = [
                item for item in found[index] if _in_place(wanted.get(item.rule), shape, index)
            ]
            if items:
                found[index] = items
            else:
                del found[index]

    def _add(self, found: Found, evidence: Iterable[Evidence]) -> None:
        for item in list(evidence):
            if item.rule not in self._disabled:
                found.setdefault(item.block, []).append(item)

    def _cuts(self, case: _Case, level: Level, reasons: bool) -> list[Cut]:
        """Return what goes, in order; without `reasons` the cuts have no evidence."""
        bound = self._bounds(case.page)[level]
        limit = log(bound / (1 - bound))
        page, filled = case.page, case.shape.filled
        gone = [at for at, value in enumerate(case.odds) if value >= limit]
        whole = {filled[at] for at in gone}
        cuts: list[Cut] = []
        last: Evidence | None = None
        for at in gone:
            index = filled[at]
            grounds: tuple[Evidence, ...] = ()
            if reasons:
                grounds = self._grounds(case, at, last)
                last = grounds[0]
                if last.category in self._keep:
                    continue
            score = _probability(case.odds[at]) if reasons else 1.0
            cuts.append(Cut(page.starts[index], page.ends[index], index, score, grounds))
        for index in {*case.found, *case.extra} - whole:
            items = [*case.found.get(index, ()), *case.extra.get(index, ())]
            if any(item.sentence and item.weight > 0 for item in items):
                for cut in edges(page, index, items, RULES_THRESHOLDS[level]):
                    if cut.evidence[0].category not in self._keep:
                        cuts.append(cut)
        cuts.sort(key=lambda cut: cut.start)
        return with_blanks(page, cuts)

    def _bounds(self, page: Page) -> Mapping[Level, float]:
        """Return the thresholds for a page: with a scorer, by whether an extractor has cut it down."""
        filled, length = page.outline.filled, page.outline.length
        if self._scorer is None or len(filled) < FEW:
            return RULES_THRESHOLDS
        short = sum(length[at] <= NARRATIVE for at in filled)
        whole = len(filled) >= _WHOLE_LINES and short >= _WHOLE_SHORT * len(filled)
        return WHOLE_THRESHOLDS if whole else THRESHOLDS

    def _grounds(self, case: _Case, at: int, last: Evidence | None) -> tuple[Evidence, ...]:
        """Return what speaks for removing a block, strongest first."""
        index = case.shape.filled[at]
        items = [*case.found.get(index, ()), *case.extra.get(index, ())]
        if said := self._said(case, at):
            items.append(said)
        grounds = sorted((item for item in items if item.weight > 0), key=by_weight)
        return tuple(grounds) or (_context(case, at, last),)

    def _said(self, case: _Case, at: int) -> Evidence | None:
        """Return what the scorer says of a line."""
        if self._scorer is None:
            return None
        weight = case.odds[at] - case.ruled[at]
        return self._scorer.say(case.page, case.shape, case.found, at, weight)


def _merged(found: Found, extra: Found) -> Found:
    if not extra or extra is found:
        return found
    return {at: [*found.get(at, ()), *extra.get(at, ())] for at in {*found, *extra}}


def _in_place(where: str | None, shape: Shape, index: int) -> bool:
    if where is None:
        return True
    return shape.head(index) if where == "head" else shape.tail(index)


def _probability(odds: float) -> float:
    return 1 / (1 + exp(-max(-MAX_ODDS, min(MAX_ODDS, odds))))


def _context(case: _Case, at: int, last: Evidence | None) -> Evidence:
    """Say why a block goes that no rule speaks of: it stands among chrome."""
    page, index = case.page, case.shape.filled[at]
    if last is None:
        following = (
            item
            for later in sorted({*case.found, *case.extra})
            if later > index
            for item in sorted(
                [*case.found.get(later, ()), *case.extra.get(later, ())], key=by_weight
            )
            if item.weight > 0
        )
        last = next(following, None)
    category = last.category if last and last.category in CATEGORIES else "site_promo"
    return Evidence(
        index, f"any.{category}.between", category, "context", min(MAX_ODDS, case.odds[at]),
        page.starts[index], page.ends[index], "stands among lines that are chrome",
    )  # fmt: skip
