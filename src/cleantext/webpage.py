"""Results as one self-contained web page: what went struck through, with rule and reason.

The page needs no network and allows none (its Content-Security-Policy lets only its own script
run), and everything that comes from the cleaned text, rules and names is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from cleantext.types import CATEGORIES

if TYPE_CHECKING:
    from cleantext.result import Result
    from cleantext.types import Block, Removed

_DATA = Path(__file__).parent / "data"
_OPEN = 3  # pages that are unfolded when the page opens
_SAID = 3  # pieces of evidence that are named for a line that stays


class Piece(NamedTuple):
    """A stretch of a line.

    Attributes:
        text: the stretch.
        cut: what removes it, at the strictest level that does; None where none does.
        level: index of that level among the results.
    """

    text: str
    cut: Removed | None
    level: int


def render(pages: Sequence[tuple[str, Sequence[Result]]]) -> str:
    """Return the web page.

    Args:
        pages: for each page its name, and the results at one level or several, the strictest first;
            the same levels for all.
    """
    script = (_DATA / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    names = [result.level for result in pages[0][1]] if pages else []
    sections, sizes = [], Counter[str]()
    for number, (name, results) in enumerate(pages):
        lines = list(_lines(results))
        sections.append(
            _section(name, results, lines, opened=number < _OPEN or len(pages) <= _OPEN)
        )
        for _, pieces in lines:
            for piece in pieces:
                if piece.cut:
                    sizes[piece.cut.category] += len(piece.text)
    total = sum(len(results[0].source) for _, results in pages)
    page = Template((_DATA / "report.html").read_text(encoding="utf-8")).substitute(
        hash=f"sha256-{digest}",
        script=script,
        hues=_hues(),
        levels=_levels(names),
        chart="".join(_row(category) for category, _ in sizes.most_common()),
        summary=f"{total:,} characters",
        pages="\n".join(sections),
    )
    page = page.replace('id="sum"', f'id="sum" data-total="{total}"', 1)
    return page.encode("utf-8", "replace").decode("utf-8")


def _lines(results: Sequence[Result]) -> Iterator[tuple[Block, list[Piece]]]:
    """Yield each line that is not blank, cut where levels differ."""
    cuts = [list(result.removed) for result in results]
    at = [0] * len(results)
    for block in results[0].blocks:
        inside: list[list[Removed]] = []
        for level, known in enumerate(cuts):
            while at[level] < len(known) and known[at[level]].end <= block.start:
                at[level] += 1
            last = at[level]
            while last < len(known) and known[last].start < block.end:
                last += 1
            inside.append(known[at[level] : last])
        if block.text.strip():
            yield block, list(_pieces(results[0].source, block, inside))


def _pieces(source: str, block: Block, cuts: Sequence[Sequence[Removed]]) -> Iterator[Piece]:
    start = block.start + len(block.text) - len(block.text.lstrip())
    end = block.end - len(block.text) + len(block.text.rstrip())
    bounds = {start, end}
    for known in cuts:
        for cut in known:
            bounds.update(each for each in (cut.start, cut.end) if start < each < end)
    for low, high in pairwise(sorted(bounds)):
        hits: Iterator[tuple[Removed | None, int]] = (
            (cut, level)
            for level, known in enumerate(cuts)
            for cut in known
            if cut.start <= low and high <= cut.end
        )
        yield Piece(source[low:high], *next(hits, (None, 0)))


def _section(
    name: str, results: Sequence[Result], lines: Sequence[tuple[Block, list[Piece]]], opened: bool
) -> str:
    first = results[0]
    gone = sum(len(cut.text) for cut in first.removed)
    told = f"{first.lang or 'language unknown'}, {len(first.source):,} characters, {gone:,} removed at {first.level}"
    body = "\n".join(_line(block, pieces, results) for block, pieces in lines)
    lang = f' lang="{_attribute(first.lang)}"' if first.lang else ""
    return (
        f'<details class="page"{" open" if opened else ""}><summary>{escape(name)} '
        f"<small>{escape(told)}</small></summary>\n<div{lang}>\n{body}\n</div></details>"
    )


def _line(block: Block, pieces: Sequence[Piece], results: Sequence[Result]) -> str:
    text = "".join(
        _cut(piece, piece.cut, results) if piece.cut else escape(piece.text) for piece in pieces
    )
    classes, told = ["line"], ""
    if all(piece.cut for piece in pieces):
        classes.append("gone")
    if block.label in ("caption", "meta"):
        classes.append(block.label)
        told = f' data-kind="{block.label}"'
    if block.label != "chrome" and block.evidence:
        said = "\n".join(
            f"{item.rule} ({item.weight:+.1f}): {item.reason}" for item in block.evidence[:_SAID]
        )
        told += f' data-score="{block.score:.2f}" data-why="{_attribute(said)}"'
    return f'<p class="{" ".join(classes)}" dir="auto"{told}>{text}</p>'


def _cut(piece: Piece, cut: Removed, results: Sequence[Result]) -> str:
    values = {
        "level": str(piece.level), "from": results[piece.level].level, "size": str(len(piece.text)),
        "category": cut.category, "about": CATEGORIES.get(cut.category, ""), "rule": cut.rule,
        "reason": cut.reason, "score": f"{cut.score:.2f}",
    }  # fmt: skip
    data = " ".join(f'data-{name}="{_attribute(value)}"' for name, value in values.items())
    stays = " stays" if piece.level else ""
    return (
        f'<del class="{_attribute(cut.category)}{stays}" tabindex="{-1 if piece.level else 0}" '
        f"{data}>{escape(piece.text)}</del>"
    )


def _attribute(value: str) -> str:
    return escape(value, quote=True).replace("\n", "&#10;")


def _levels(names: Sequence[str]) -> str:
    return "".join(
        f'<label><input type="radio" name="level" value="{name}"{"" if at else " checked"}> {name}</label> '
        for at, name in enumerate(names)
    )


def _row(category: str) -> str:
    name = _attribute(category)
    return (
        f'<li class="{name}" data-category="{name}" title="{_attribute(CATEGORIES.get(category, ""))}">'
        f'<label><input type="checkbox" value="{name}" checked><span>{name}</span>'
        "<output></output><b></b></label></li>"
    )


def _hues() -> str:
    """Return a hue for each category; the page's lightness and chroma suit light or dark."""
    step = 360 / len(CATEGORIES)
    # Neighbours in the list get hues far apart: 7 is prime to the number of categories.
    return "\n".join(
        f".{category} {{ --hue: oklch(var(--light) var(--chroma) {at * 7 * step % 360:.0f}); }}"
        for at, category in enumerate(CATEGORIES)
    )
