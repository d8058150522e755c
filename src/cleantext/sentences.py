"""Cut one line into sentences, with offsets; careful rather than complete.

A wrong cut could split a body sentence, so a stop ends a sentence only where what follows looks
like a beginning and what stands before does not look like an abbreviation.
"""

from __future__ import annotations

import re

_WIDE = r"[。！？!?]++[”’」』）]*+\s*+(?=\S)"  # ends a sentence whatever follows
# Runs are taken whole and from their beginning only: else a run of n stops or spaces that ends no
# sentence takes n² steps. The first sign stands before the alternatives, so that `re` passes over all
# others fast; the first group is what the next sentence would begin with.
_STOP = re.compile(
    r"""[.!?…؟۔।॥。！？\s](?:"""
    r"""(?<=[.!?…؟۔।॥])(?<![.!?…؟۔।॥].)[.!?…؟۔।॥]*+["'”’»)\]]*+\s++"""
    r"""(?=(?:["'“‘„«(\[>»→*-]++\s?)?([^\W_]))"""
    r"""|(?<=[。！？!?])[。！？!?]*+[”’」』）]*+\s*+(?=\S)|(?<=\s)(?<!\s.)\s*+[|•·→]\s++)""",
    re.DOTALL,
)
_WIDE_STOP = re.compile(_WIDE)
_LETTER, _UPPER = r"[^\W\d_]", "[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁІЇЄҐ]"
_ABBREVIATION = re.compile(
    rf"(?:(?<!\w){_LETTER}|(?<!\w)\d{{1,2}}|{_UPPER}\.{_UPPER}|(?<!\w)(?:[Mm]rs?|[MmDdSs][rst]|St|Jr|Sr|vs|"
    r"etc|No|Nos|approx|Inc|Ltd|Co|Corp|Gen|Sen|Rep|Gov|Prof|Dr|bzw|usw|ca|Nr|Abs|Art|[Tt]el|[Ss]t|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|p|pp|vol|fig|ul|nr|tys|mln|mld|г|гг|руб|"
    r"тыс|млн|млрд|им|ул|см|т))\.$"
)


def sentences(line: str, offset: int = 0) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of `line`, shifted by `offset`.

    Together they cover the line from its first to its last visible character; the space
    between two sentences belongs to the second.

    >>> sentences("It rained. Mr. B. stayed. Subscribe here.")
    [(0, 10), (10, 25), (25, 41)]
    """
    body = line.strip()
    if not body:
        return []
    first = line.index(body[0])
    last = first + len(body)
    found, start = [], first
    for found_stop in _STOP.finditer(line, first, last):
        stop: re.Match[str] | None = found_stop
        if found_stop[1] and found_stop[1].islower():  # it goes on
            stop = _WIDE_STOP.match(line, found_stop.start(), last)
        if not stop:
            continue
        cut = stop.start() + len(stop[0].rstrip())
        if stop[0].startswith(".") and _ABBREVIATION.search(
            line[max(start, stop.start() - 12) : stop.start() + 1]
        ):
            continue
        if cut > start and cut < last:
            found.append((start + offset, cut + offset))
            start = cut
    found.append((start + offset, last + offset))
    return found
