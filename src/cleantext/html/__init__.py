"""From HTML: the article's blocks, captions among them, then the same engine as for text.

The whole page is the source of the result. What the DOM shows not to be the article goes first, with
a reason; what is left is cleaned as any text is, by the rules of the cleaner. The two are put
together so that every line of the page has its fate and its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cleantext.html import article, decode
from cleantext.html.article import Article, Line
from cleantext.html.markdown import markdown
from cleantext.html.metadata import read as read_metadata
from cleantext.result import Result
from cleantext.types import Block, Evidence, Removed

if TYPE_CHECKING:
    from cleantext.cleaner import Cleaner


def clean(
    cleaner: Cleaner, html: str | bytes, url: str | None, lang: str | None, encoding: str | None
) -> str:
    """Return what `Cleaner.clean_html` documents."""
    found = _article(_root(html, encoding))
    text, given = _kept(found)
    return cleaner._clean(cleaner._page(text, url, lang, given))


def analyze(
    cleaner: Cleaner, html: str | bytes, url: str | None, lang: str | None, encoding: str | None
) -> Result:
    """Return what `Cleaner.analyze_html` documents."""
    root = _root(html, encoding)
    found = _article(root)
    text, given = _kept(found)
    inner = cleaner._analyze(cleaner._page(text, url, lang, given))
    blocks, removed = _woven(found.lines, inner)
    return replace(
        inner,
        source="".join(line.text + "\n" for line in found.lines),
        blocks=blocks,
        removed=removed,
        markdown=markdown(_left(blocks, removed)),
        metadata=read_metadata(root, url, inner.lang),
        missed=found.missed,
    )


def _root(html: str | bytes, encoding: str | None) -> Any | None:
    if not isinstance(html, str | bytes | bytearray):
        raise TypeError(f"html must be str or bytes, not {type(html).__name__}")
    text = html if isinstance(html, str) else decode.decode(bytes(html), encoding)
    return decode.parse(text)


def _article(root: Any | None) -> Article:
    return Article((), False) if root is None else article.find(root)


def _kept(found: Article) -> tuple[str, list[Evidence]]:
    """Return the text of the lines that are kept, and what the markup says in their favour."""
    pieces: list[str] = []
    given: list[Evidence] = []
    at = 0
    for line in found.lines:
        if line.kept:
            end = at + len(line.text) + 1
            if line.ground:
                given.append(_evidence(line, len(pieces), at, end))
            pieces.append(line.text + "\n")
            at = end
    return "".join(pieces), given


def _evidence(line: Line, block: int, start: int, end: int) -> Evidence:
    assert line.ground is not None
    ground = line.ground
    return Evidence(
        block, ground.rule, ground.category, "dom", ground.weight, start, end, ground.reason
    )


def _woven(lines: Sequence[Line], inner: Result) -> tuple[tuple[Block, ...], tuple[Removed, ...]]:
    """Put the blocks that the engine saw and those that it did not in the order of the page."""
    blocks: list[Block] = []
    removed: list[Removed] = []
    seen, cuts = iter(inner.blocks), list(inner.removed)
    at = cut = 0
    for index, line in enumerate(lines):
        end = at + len(line.text) + 1
        if not line.kept:
            evidence = _evidence(line, index, at, end)
            blocks.append(
                Block(
                    at, end, line.text + "\n", "chrome", evidence.category, line.score, (evidence,),
                    line.kind,
                )
            )  # fmt: skip
            removed.append(
                Removed(
                    at, end, line.text + "\n", evidence.category, evidence.rule, line.score,
                    evidence.reason,
                )
            )  # fmt: skip
        else:
            block = next(seen)
            shift = at - block.start
            evidences = tuple(
                item._replace(block=index, start=item.start + shift, end=item.end + shift)
                for item in block.evidence
            )
            blocks.append(replace(block, start=at, end=end, evidence=evidences, kind=line.kind))
            while cut < len(cuts) and cuts[cut].start < block.end:
                gone = cuts[cut]
                removed.append(replace(gone, start=gone.start + shift, end=gone.end + shift))
                cut += 1
        at = end
    return tuple(blocks), tuple(removed)


def _left(blocks: Sequence[Block], removed: Sequence[Removed]) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of what stays of each block that stays."""
    at = 0
    for block in blocks:
        text, start = [], block.start
        while at < len(removed) and removed[at].start < block.end:
            text.append(block.text[start - block.start : removed[at].start - block.start])
            start = removed[at].end
            at += 1
        text.append(block.text[start - block.start :])
        if block.label != "chrome":
            yield block.kind, "".join(text)
