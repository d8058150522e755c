"""The shape of a page's lines: how long, how they end, where the article begins and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cleantext.language import DENSITY
from cleantext.types import Evidence, Page

NARRATIVE = 100  # letters of an alphabet from which a line that ends like a sentence is a paragraph
ARTICLE = 300  # letters of paragraphs that make an article
DOUBT = 2.5  # evidence (log-odds) from which a paragraph does not count as the article's
TEASER = 320  # letters up to which a paragraph may be the teaser of another page

HINTS = ("mission", "stake", "thanks", "reader", "voice")  # families of an appeal without its ask
MOST_HINTS = 3.0  # log-odds that they come to by themselves

STOPS = frozenset(".!?。！？…؟।\"'”’»)）」』")


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

    def __init__(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> None:
        scale = DENSITY.get(page.lang or "", 1.0)
        lines = page.lines
        self.length = [len(line) * scale for line in lines]
        self.stopped = [line[-1:] in STOPS and line != "" for line in lines]
        self.filled = [index for index, line in enumerate(lines) if line]
        self.narrative = [
            length >= NARRATIVE and stopped
            for length, stopped in zip(self.length, self.stopped, strict=True)
        ]
        for index, evidence in found.items():
            if self.narrative[index] and doubt(evidence) >= DOUBT:
                self.narrative[index] = False
        prose = [index for index in self.filled if self.narrative[index]]
        self.first = prose[0] if prose else None
        self.last = prose[-1] if prose else None
        self._upto: list[float] = []

    @property
    def shorts(self) -> list[int]:
        """Indices of short lines."""
        return [index for index in self.filled if self.length[index] <= NARRATIVE]

    def head(self, index: int) -> bool:
        """Tell whether the line stands before the first paragraph (or there is none)."""
        return self.first is None or index < self.first

    def tail(self, index: int) -> bool:
        """Tell whether the line stands after the last paragraph (or there is none)."""
        return self.last is None or index > self.last

    def has_article(self, index: int) -> bool:
        """Tell whether paragraphs enough for an article stand before the line."""
        if not self._upto:
            total = 0.0
            for at, length in enumerate(self.length):
                self._upto.append(total)
                total += length if self.narrative[at] else 0
        return self._upto[index] >= ARTICLE

    def teaser(self, index: int) -> bool:
        """Tell whether a paragraph is short enough for the teaser of another page."""
        return self.length[index] <= TEASER

    def following(self, index: int) -> list[int]:
        """Return the indices of the filled lines after `index`."""
        return [at for at in self.filled if at > index]


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
    hints = sum(max(0.0, best.get(family, 0.0)) for family in HINTS)
    excess = hints - MOST_HINTS
    if excess <= 0 or any(best.get(family, 0.0) >= 2 for family in ("ask", "money", "words")):
        return sum(best.values())
    return sum(best.values()) - excess
