"""The shape of a page's lines: how long, how they end, where the article begins and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleantext.types import Evidence, Page

ARTICLE = 300  # letters of paragraphs that make an article
DOUBT = 2.5  # evidence (log-odds) from which a paragraph does not count as the article's
TEASER = 320  # letters up to which a paragraph may be the teaser of another page

HINTS = ("mission", "stake", "thanks", "reader", "voice")  # families of an appeal without its ask
_HINTS = frozenset(HINTS)
MOST_HINTS = 3.0  # log-odds that they come to by themselves


class Shape:
    """Lengths, endings and the article's extent on one page.

    Attributes:
        length: letters of each line, scaled so that scripts compare.
        stopped: whether the line ends like a sentence.
        filled: indices of the lines that are not blank, in order.
        narrative: whether the line is a paragraph of prose that no rule doubts.
        first, last: index of the first and the last narrative line; None where there is none.
    """

    __slots__ = ("_upto", "filled", "first", "last", "length", "narrative", "stopped")
    first: int | None
    last: int | None

    def __init__(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> None:
        self.length, self.stopped, narrative, self.filled = page.outline
        doubted = [
            index for index, evidence in found.items()
            if narrative[index] and doubt(evidence) >= DOUBT
        ]  # fmt: skip
        if doubted:
            narrative = list(narrative)
            for index in doubted:
                narrative[index] = False
        self.narrative = narrative
        self.first = self.last = None
        if True in narrative:
            self.first = narrative.index(True)
            self.last = next(at for at in range(len(narrative) - 1, -1, -1) if narrative[at])
        self._upto: list[int] = []

    def head(self, index: int) -> bool:
        """Tell whether the line stands before the first paragraph (or there is none)."""
        return self.first is None or index < self.first

    def tail(self, index: int) -> bool:
        """Tell whether the line stands after the last paragraph (or there is none)."""
        return self.last is None or index > self.last

    def has_article(self, index: int) -> bool:
        """Tell whether paragraphs enough for an article stand before the line."""
        if not self._upto:
            total = 0
            for at, length in enumerate(self.length):
                self._upto.append(total)
                total += length if self.narrative[at] else 0
        return self._upto[index] >= ARTICLE

    def teaser(self, index: int) -> bool:
        """Tell whether a paragraph is short enough for the teaser of another page."""
        return self.length[index] <= TEASER


def doubt(evidence: Sequence[Evidence]) -> float:
    """Add up evidence: the strongest of each family; what speaks of one sentence counts half."""
    best: dict[str, float] = {}
    for item in evidence:
        weight = item.weight / 2 if item.sentence else item.weight
        if abs(weight) > abs(best.get(item.family, 0.0)):
            best[item.family] = weight
    return add_up(best)


def add_up(best: Mapping[str, float]) -> float:
    """Add up the strongest evidence of each family.

    What a newsroom says of itself makes an appeal only beside an ask: any company speaks so.
    """
    if _HINTS.isdisjoint(best):
        return sum(best.values())
    hints = sum(max(0.0, best.get(family, 0.0)) for family in HINTS)
    excess = hints - MOST_HINTS
    if excess <= 0 or any(best.get(family, 0.0) >= 2 for family in ("ask", "money", "words")):
        return sum(best.values())
    return sum(best.values()) - excess
