"""What a cleaner found on one page, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cleantext.types import Block, Level, Removed


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page of HTML says of itself; None where it does not.

    Attributes:
        title, author, site, description: as the page has them.
        date: of publication, YYYY-MM-DD.
        language: as declared, else as told from the text; ISO 639 code.
        url: the page's own address, else the one that was given.
    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    site: str | None = None
    language: str | None = None
    description: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of `analyze` on one page.

    Attributes:
        source: the text as it was given.
        text: the cleaned text: `source` without the removed spans.
        blocks: every line of the source, in order; they tile it.
        removed: every removed span, in order; they do not overlap.
        lang: ISO 639-1 code of the page's language, or None.
        level: the level of doubt that was removed.
        timeouts: rules whose pattern took too long on a block, and so said nothing of it and of
            what follows: their id and the index of the block.
        markdown, metadata: of a page of HTML; None of a text.
        missed: no article was found in the HTML, so the whole page's text was cleaned instead.
    """

    source: str
    text: str
    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    lang: str | None
    level: Level
    timeouts: tuple[tuple[str, int], ...] = ()
    markdown: str | None = None
    metadata: Metadata | None = None
    missed: bool = False

    @property
    def captions(self) -> tuple[str, ...]:
        """The captions and credits that were kept, without outer space."""
        return tuple(block.text.strip() for block in self.blocks if block.label == "caption")

    def explain(self) -> str:
        """Return a listing for people: each line that is not blank, with its fate.

        A line opens with ``keep``, ``caption``, ``meta``, ``remove`` or ``part`` (``[-…-]`` is
        what goes of it); below what goes stand category, rule, probability and reason. At the end
        stand the rules that took too long, if any did.
        """
        from cleantext.report import explain

        return explain(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready values."""
        from cleantext.report import to_dict

        return to_dict(self)

    def to_html(self) -> str:
        """Return one self-contained HTML page that shows what went and why."""
        from cleantext.report import to_html

        return to_html(self)
