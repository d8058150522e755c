"""Keys of lines: what two lines of a site must share to count as one line.

A line is folded; numbers and dates in it become one sign, and so does one name in its midst. The
key is a hash of what is left, so "3 comments" and "12 comments", "Updated 4 May 2024" and "Updated
17 June 2023", "Weather in Berlin" and "Weather in Hamburg" have one key each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

from cleantext.normalize import EDGE, fold

BITS = 40  # of a key; a site's lines are compared with each other only
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_NAME = "\x00"  # stands for a name; no line of a page holds it after `fold`
_SLOT = range(3, 13)  # words of lines in which a name is looked for
_STOPS = ".,()"
_LONG = 40  # letters of the lines that tell pages from each other


def masked(lines: Sequence[str]) -> list[str]:
    """Return lines (as they stand in the text) in the form that is compared; empty: no letters.

    One name is masked: one run of capitalised words behind the line's first word, where two words
    or more and half of the letters stay.

    >>> masked(["Weather in New York", "12 comments on 4 May 2024", "* 3.50 *"])
    ['weather in \\x00', 'comments on', '']
    """
    text = "\n".join([_slotted(line) for line in map(str.strip, lines)])
    rows = _NUMBER.sub("0", fold(text)).split("\n") if lines else []
    return [(_undated(row) if "0" in row else row).strip(EDGE) for row in rows]


def keys(lines: Sequence[str]) -> list[int]:
    """Return the key of each masked line; 0 for what is no line: less than two characters."""
    return [
        int.from_bytes(blake2b(line.encode("utf-8", "replace"), digest_size=BITS // 8).digest())
        if len(line) > 1
        else 0
        for line in lines
    ]


def page_id(lines: Sequence[str], numbers: Sequence[int]) -> int:
    """Return a 63-bit fingerprint of a page from its masked lines and their keys.

    Pages whose long lines are the same have the same one, in whatever order; short lines count
    only where there is no long one.
    """
    long = {key for line, key in zip(lines, numbers, strict=True) if len(line) >= _LONG}
    told = sorted(long or set(numbers))
    return hashed(",".join(map(str, told)))


def hashed(text: str) -> int:
    """Return a 63-bit hash of a text, the same on every machine."""
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest()) >> 1


def _slotted(line: str) -> str:
    words = line.split()
    if len(words) not in _SLOT or line[1:].islower():
        return line
    dates = _calendar()
    upper = [word[0].isupper() and word.strip(_STOPS).lower() not in dates for word in words]
    upper[0] = False
    if True not in upper:
        return line
    first = last = upper.index(True)
    while last < len(words) and upper[last]:
        last += 1
    name = sum(map(len, words[first:last]))
    rest = sum(map(len, words)) - name
    if True in upper[last:] or len(words) - (last - first) < 2 or rest < name:
        return line
    return " ".join([*words[:first], _NAME, *words[last:]])


def _undated(line: str) -> str:
    """Drop names of months and days from a folded line with numbers; join what was numbers."""
    names = _calendar()
    kept: list[str] = []
    for word in line.split():
        if word.strip(_STOPS) in names:
            word = "0"
        if word != "0" or kept[-1:] != ["0"]:
            kept.append(word)
    return " ".join(kept)


@cache
def _calendar() -> frozenset[str]:
    path = Path(__file__).parent / "data" / "calendar.txt"
    rows = path.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(" ".join(row.partition(":")[2] for row in rows)).split())
