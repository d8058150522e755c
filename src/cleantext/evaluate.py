"""Measure a cleaner on labelled pages: what of body, captions and chrome it keeps and removes.

The measure is characters without outer space. A page is one JSON object a line of the file::

    {"id": "p1", "url": "https://…", "via": "trafilatura", "lang": "en",
     "lines": [{"text": "Share this", "label": "chrome", "category": "social_share"}, …]}

Labels: ``body``, ``caption``, ``chrome`` (with ``category``), ``mixed`` (body with chrome in it:
``chrome`` lists the substrings), ``neutral`` and ``unsure`` (not scored).

Where a page has the text of its article as ``gold``, the words that are kept are compared with it
too; that counts every line, whatever its label.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleantext.cleaner import Cleaner
from cleantext.types import CATEGORIES, LEVELS

#: A word; scripts that put no space between words count by character.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
LABELS = ("body", "caption", "chrome", "mixed", "neutral", "unsure")


class LabelError(ValueError):
    """Labelled pages that cannot be read; the message names file, line and field."""


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One line with what it is; `chrome` holds the substrings that are chrome in a mixed line."""

    text: str
    label: str
    category: str | None = None
    chrome: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page, line by line."""

    id: str
    lines: tuple[LabelledLine, ...]
    url: str | None = None
    lang: str | None = None
    via: str = ""
    gold: str | None = None

    @property
    def text(self) -> str:
        """The page's text: its lines, joined by LF."""
        return "\n".join(line.text for line in self.lines)


def host_of(url: str | None) -> str:
    """Return the host of a URL without ``www.``; a bare host stays."""
    url = url or ""
    return (urlsplit(url).netloc or url.split("/")[0]).removeprefix("www.")


#: Given a page, returns (start, end) of every stretch of `page.text` that is removed.
Remover = Callable[[LabelledPage], Iterable[tuple[int, int]]]


@dataclass(slots=True)
class Score:
    """Sums over lines; characters unless named otherwise. The shares are None where nothing is.

    Attributes:
        pages, pages_losing: pages scored, and those that lost a visible character of body.
        body, body_kept, caption, caption_kept, chrome, chrome_removed: characters.
        gold_pages: pages with a gold text; word_precision, word_recall, word_f1: sums over them.
        lines: lines by label; lines_right: those decided rightly in full.
    """

    pages: int = 0
    pages_losing: int = 0
    body: int = 0
    body_kept: int = 0
    caption: int = 0
    caption_kept: int = 0
    chrome: int = 0
    chrome_removed: int = 0
    gold_pages: int = 0
    word_precision: float = 0.0
    word_recall: float = 0.0
    word_f1: float = 0.0
    lines: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines_right: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def share(self, label: str) -> float | None:
        """Return the share of characters that is right: body or caption kept, chrome removed."""
        total = int(getattr(self, label))
        right = int(getattr(self, f"{label}_{'removed' if label == 'chrome' else 'kept'}"))
        return right / total if total else None

    def words(self) -> dict[str, float] | None:
        """Return the means over pages with a gold text; None where there is none."""
        if not self.gold_pages:
            return None
        sums = {"precision": self.word_precision, "recall": self.word_recall, "f1": self.word_f1}
        return {name: total / self.gold_pages for name, total in sums.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return counts and shares as JSON-ready values."""
        words = self.words()
        return {
            "pages": self.pages,
            "pages_losing": self.pages_losing,
            **({"words": words} if words else {}),
            **{label: self.share(label) for label in ("body", "caption", "chrome")},
            "characters": {label: getattr(self, label) for label in ("body", "caption", "chrome")},
            "lines": dict(self.lines),
            "lines_right": dict(self.lines_right),
        }


@dataclass(frozen=True, slots=True)
class LostLine:
    """A body or caption line that lost visible characters: `removed` is what went."""

    page: str
    number: int
    label: str
    text: str
    removed: str


@dataclass(slots=True)
class Evaluation:
    """The scores of one cleaner on some pages, in total and by group."""

    total: Score = field(default_factory=Score)
    by_lang: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_via: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_category: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    lost: list[LostLine] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready values."""
        groups: Mapping[str, Mapping[str, Score]] = {
            "by_lang": self.by_lang, "by_via": self.by_via, "by_category": self.by_category,
        }  # fmt: skip
        return {
            "total": self.total.to_dict(),
            **{
                name: {key: score.to_dict() for key, score in sorted(group.items())}
                for name, group in groups.items()
            },
            "lost": [
                {"page": line.page, "line": line.number, "label": line.label, "text": line.text,
                 "removed": line.removed}
                for line in self.lost
            ],
        }  # fmt: skip


def by_cleaner(cleaner: Cleaner, *, use_url: bool = True) -> Remover:
    """Return what `evaluate` asks for, for a Cleaner; the language is left to the cleaner."""

    def remove(page: LabelledPage) -> list[tuple[int, int]]:
        return cleaner.removed_spans(page.text, url=page.url if use_url else None)

    return remove


def by_level(pages: Sequence[LabelledPage]) -> dict[str, Evaluation]:
    """Return what the package's own rules do to the pages at each of the levels."""
    return {level: evaluate(pages, by_cleaner(Cleaner(level))) for level in LEVELS}


def word_scores(text: str, gold: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the words of `text`, each as often as `gold` has it.

    >>> word_scores("Share this. The ferry sank.", "The ferry sank!")
    (0.6, 1.0, 0.75)
    """
    found, wanted = (Counter(_WORD.findall(part.casefold())) for part in (text, gold))
    shared, total, needed = (found & wanted).total(), found.total(), wanted.total()
    if not shared:
        same = float(total == needed == 0)
        return same, same, same
    return shared / total, shared / needed, 2 * shared / (total + needed)


def evaluate(
    pages: Iterable[LabelledPage], remove: Remover, outcome: Evaluation | None = None
) -> Evaluation:
    """Score what `remove` takes from each of the pages against their labels.

    Args:
        pages: labelled pages.
        remove: see Remover and `by_cleaner`.
        outcome: scores to add to; new ones by default.
    """
    outcome = outcome or Evaluation()
    for page in pages:
        gone = _mask(page.text, remove(page))
        groups = [outcome.total, outcome.by_lang[page.lang or "?"], outcome.by_via[page.via or "?"]]
        losing, at = False, 0
        for number, line in enumerate(page.lines, 1):
            mask, at = gone[at : at + len(line.text)], at + len(line.text) + 1
            for label, part, removed in _parts(line, mask):
                size = sum(not char.isspace() for char in part)
                out = sum(
                    not char.isspace() and off for char, off in zip(part, removed, strict=True)
                )
                if label == "chrome":
                    _count([*groups, outcome.by_category[line.category or "?"]], label, size, out)
                    continue
                _count(groups, label, size, size - out)
                if out:
                    losing = losing or label == "body"
                    lost = "".join(c for c, off in zip(part, removed, strict=True) if off)
                    outcome.lost.append(LostLine(page.id, number, label, line.text, lost))
        words = None if page.gold is None else word_scores(_left(page.text, gone), page.gold)
        for score in groups:
            score.pages += 1
            score.pages_losing += losing
            if words:
                score.gold_pages += 1
                score.word_precision += words[0]
                score.word_recall += words[1]
                score.word_f1 += words[2]
    return outcome


def _count(groups: Sequence[Score], label: str, size: int, right: int) -> None:
    kept = f"{label}_{'removed' if label == 'chrome' else 'kept'}"
    for score in groups:
        setattr(score, label, getattr(score, label) + size)
        setattr(score, kept, getattr(score, kept) + right)
        score.lines[label] += 1
        score.lines_right[label] += right == size


def _left(text: str, gone: Sequence[bool]) -> str:
    return "".join(char for char, off in zip(text, gone[: len(text)], strict=True) if not off)


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> Sequence[bool]:
    change = [0] * (len(text) + 1)
    for start, end in spans:
        change[start] += 1
        change[end] -= 1
    return [depth > 0 for depth in accumulate(change)]


def _parts(line: LabelledLine, mask: Sequence[bool]) -> Iterator[tuple[str, str, Sequence[bool]]]:
    """Yield (label, text, mask) of what is scored of a line; a mixed one gives body and chrome."""
    if line.label in ("body", "caption", "chrome"):
        yield line.label, line.text, mask
    if line.label != "mixed":
        return
    inside = [False] * len(line.text)
    for part in line.chrome:
        start = line.text.find(part)
        inside[start : start + len(part)] = [True] * len(part)
    for label, wanted in (("body", False), ("chrome", True)):
        at = [index for index, value in enumerate(inside) if value is wanted]
        yield label, "".join(line.text[index] for index in at), [mask[index] for index in at]


def read_labelled(path: str | Path) -> list[LabelledPage]:
    """Read labelled pages from a JSONL file, plain or gzipped.

    Raises:
        LabelError: the file cannot be read or breaks the format.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
        source = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except OSError as error:
        raise LabelError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (UnicodeDecodeError, EOFError) as error:
        raise LabelError(f"{path}: not UTF-8 text: {error}") from None
    pages = []
    for number, row in enumerate(source.split("\n"), 1):
        if row.strip():
            pages.append(_page(row, f"{path}:{number}"))
    if not pages:
        raise LabelError(f"{path}: holds no pages")
    return pages


def _page(row: str, place: str) -> LabelledPage:
    try:
        data = json.loads(row)
    except ValueError as error:
        raise LabelError(f"{place}: not JSON: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("lines"), list):
        raise LabelError(f"{place}: field 'lines' must be a list")
    for name in ("id", "url", "lang", "via", "gold"):
        if not isinstance(data.get(name, ""), str | None):
            raise LabelError(f"{place}: field {name!r} must be a string")
    lines = tuple(_line(entry, f"{place}: line {at}") for at, entry in enumerate(data["lines"], 1))
    return LabelledPage(
        id=data.get("id") or place, lines=lines, url=data.get("url"), lang=data.get("lang"),
        via=data.get("via") or "", gold=data.get("gold"),
    )  # fmt: skip


def _line(entry: object, place: str) -> LabelledLine:
    if not isinstance(entry, dict):
        raise LabelError(f"{place} must be an object")
    text, label, category = entry.get("text"), entry.get("label"), entry.get("category")
    if not isinstance(text, str):
        raise LabelError(f"{place}: field 'text' must be a string")
    if label not in LABELS:
        raise LabelError(f"{place}: field 'label': {label!r} is not one of {', '.join(LABELS)}")
    if category is not None and category not in CATEGORIES:
        raise LabelError(f"{place}: field 'category': {category!r} is unknown")
    parts = entry.get("chrome", [])
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise LabelError(f"{place}: field 'chrome' must be a list of strings")
    if any(part not in text for part in parts):
        raise LabelError(f"{place}: field 'chrome': a part does not stand in the text")
    return LabelledLine(text, label, category, tuple(parts))
