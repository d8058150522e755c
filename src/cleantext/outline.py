"""The plainest facts about a page's lines: how long they are and how they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

NARRATIVE = 100  # letters of an alphabet from which a line that ends like a sentence is a paragraph
STOPS = frozenset(".!?。！？…؟।\"'”’»)）」』")
#: Average letters that stand for one letter of an alphabet, to compare lengths of lines.
DENSITY: Mapping[str, float] = {"zh": 2.5, "ja": 2.2, "ko": 1.8}


class Outline(NamedTuple):
    """What can be told of each line by itself.

    Attributes:
        length: letters of each line, scaled so that scripts compare.
        stopped: whether the line ends like a sentence.
        narrative: whether the line is long and ends like a sentence.
        filled: indices of the lines that are not blank, in order.
    """

    length: Sequence[int]
    stopped: Sequence[bool]
    narrative: Sequence[bool]
    filled: Sequence[int]

    @classmethod
    def of(cls, lines: Sequence[str], lang: str | None) -> Outline:
        """Measure the folded lines of a page in a language."""
        length = list(map(len, lines))
        scale = DENSITY.get(lang or "")
        if scale:
            length = [int(size * scale) for size in length]
        stops = STOPS
        stopped = [line[-1:] in stops for line in lines]
        narrative = [size >= NARRATIVE and stop for size, stop in zip(length, stopped, strict=True)]
        filled = [index for index, line in enumerate(lines) if line]
        return cls(length, stopped, narrative, filled)
