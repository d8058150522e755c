"""A Result as text for people and as data for programs; webpage.py makes a page to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cleantext.result import Result
    from cleantext.types import Removed


_LATE = 60  # characters shown of a line of which a rule took too long


class Row(NamedTuple):
    """One line of the text with its fate.

    Attributes:
        mark: "keep", "caption", "meta", "remove", or "part" for a line that loses a sentence.
        pieces: (text, removed) in order; the line without its outer space.
        removed: what was removed in it, in order.
    """

    mark: str
    pieces: tuple[tuple[str, bool], ...]
    removed: tuple[Removed, ...]


def rows(result: Result) -> Iterator[Row]:
    """Yield a row for each line that is not blank."""
    cuts = list(result.removed)
    at = 0
    for block in result.blocks:
        while at < len(cuts) and cuts[at].end <= block.start:
            at += 1
        inside = []
        for cut in cuts[at:]:
            if cut.start >= block.end:
                break
            inside.append(cut)
        if not block.text.strip():
            continue
        mark = {"body": "keep", "chrome": "remove"}.get(block.label, block.label)
        if inside and block.label != "chrome":
            mark = "part"
        yield Row(
            mark, tuple(_pieces(result.source, block.start, block.end, inside)), tuple(inside)
        )


def _pieces(source: str, start: int, end: int, cuts: list[Removed]) -> Iterator[tuple[str, bool]]:
    start += len(source[start:end]) - len(source[start:end].lstrip())
    end -= len(source[start:end]) - len(source[start:end].rstrip())
    for cut in cuts:
        if cut.start > start:
            yield source[start : cut.start], False
        start = max(start, cut.start)
        yield source[start : min(end, cut.end)], True
        start = min(end, cut.end)
    if start < end:
        yield source[start:end], False


def grounds(cut: Removed) -> str:
    """Say in one line why something went.

    The parts are category, rule, probability that it is chrome, and reason.
    """
    return f"{cut.category}  {cut.rule}  {cut.score:.2f}  {cut.reason}"


def explain(result: Result) -> str:
    """Return the listing that `Result.explain` documents."""
    out = []
    for row in rows(result):
        text = "".join(f"[-{part}-]" if gone and row.mark == "part" else part
                       for part, gone in row.pieces)  # fmt: skip
        out.append(f"{row.mark:8}{text}")
        out.extend(f"{'':8}^ {grounds(cut)}" for cut in row.removed)
    for rule, block in result.timeouts:
        text = result.blocks[block].text.strip()
        out.append(f"late    {rule} took too long and said nothing of: {text[:_LATE]}")
    return "\n".join(out) + "\n" if out else ""


def to_dict(result: Result) -> dict[str, Any]:
    """Return the values that `Result.to_dict` documents."""
    return {
        "text": result.text,
        "lang": result.lang,
        "level": result.level,
        "captions": list(result.captions),
        **_of_html(result),
        "timeouts": [{"rule": rule, "block": block} for rule, block in result.timeouts],
        "removed": [cut.to_dict() for cut in result.removed],
        "blocks": [
            {
                "start": block.start, "end": block.end, "label": block.label,
                **({"kind": block.kind} if block.kind else {}),
                "category": block.category, "score": round(block.score, 4),
                "evidence": [
                    {
                        "rule": item.rule, "category": item.category, "family": item.family,
                        "weight": round(item.weight, 3), "start": item.start, "end": item.end,
                        "reason": item.reason,
                    }
                    for item in block.evidence
                ],
            }
            for block in result.blocks
        ],
    }  # fmt: skip


def _of_html(result: Result) -> dict[str, Any]:
    if result.metadata is None:
        return {}
    return {
        "markdown": result.markdown, "metadata": asdict(result.metadata), "missed": result.missed,
    }  # fmt: skip


def to_html(result: Result) -> str:
    """Return the page that `Result.to_html` documents."""
    from cleantext.webpage import render

    return render([("page", [result])])
