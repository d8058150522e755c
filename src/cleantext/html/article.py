"""From blocks to lines: which are kept, and in words why the others are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import log
from typing import Any, NamedTuple

from cleantext.html import model
from cleantext.html.features import features
from cleantext.html.walk import PLACES, Box, Candidate, walk

_MIN_WORDS = 25  # of an article; with less, and more on the page, it was missed
_MIN_SHARE = 0.02  # of the page's words outside links that an article has at least
_CAPTION_REACH = 8  # blocks between a caption and the nearest block of the article
_HEADLINE_REACH = 12  # blocks between the headline and the article below it
_SURE = 6.0  # log-odds of what the markup itself says: a caption, the page's headline
_LINKED = 0.5
_CELLS = frozenset(("tr", "td", "th"))
_MEMBERS = _CELLS | {"li", "dd", "dt"}
_TOGETHER = 0.8  # of the way to the mean of the list or table
_CREDIT = 12  # words of a credit that no markup tells
_CREDIT_OPENS = re.compile(
    r"\W*(?:photo|foto|фото|bild|image|picture|pic|credit)s?\b[^.!?\w]", re.I
)
_NOT_A_CAPTION = ("related", "nav", "foot", "popup", "comment", "signup", "ad", "product")

#: Where a block may stand that is not the article's: category, id of the rule, reason.
_STANDS: tuple[tuple[str, str, str], ...] = (
    ("cookie", "cookie_consent", "stands in a notice of cookies or privacy"),
    ("nav", "navigation", "stands in the navigation"),
    ("signup", "newsletter_signup", "stands in a form to sign up or subscribe"),
    ("share", "social_share", "stands in a bar of share or follow buttons"),
    ("comment", "comments_ui", "stands among the comments"),
    ("related", "related_links", "stands in a box of related or popular pages"),
    ("ad", "ad_label", "stands in a box of advertising or promotion"),
    ("foot", "legal_copyright", "stands in the footer"),
    ("side", "site_promo", "stands in a side column"),
    ("popup", "site_promo", "stands in a dialogue or overlay"),
    ("form", "technical_notice", "stands in a form"),
    ("head", "navigation", "stands in the header"),
)
_SLOTS = {name: at for at, name in enumerate(PLACES)}


class Ground(NamedTuple):
    """Why a line goes or stays: category, rule, log-odds of chrome, reason."""

    category: str
    rule: str
    weight: float
    reason: str


class Line(NamedTuple):
    """One line of the page.

    Attributes:
        text: without its line ending; only lines of `pre` keep their indent.
        kind: tag that it stands in: p, h2, li, tr, figcaption, …
        kept: it is part of the article.
        score: probability that it is not.
        ground: why it goes, or what protects it; None for text that simply stays.
    """

    text: str
    kind: str
    kept: bool
    score: float
    ground: Ground | None


class Article(NamedTuple):
    """All lines of a page, in document order; `missed`: no article was found, so all are kept."""

    lines: tuple[Line, ...]
    missed: bool


def find(root: Any) -> Article:
    """Decide which blocks of a parsed page are its article."""
    found, page = walk(root)
    if not found:
        return Article((), False)
    title = root.findtext(".//title") or ""
    words = [block.words for block in found]
    shipped = model.load()
    rows = features(found, page, title)
    odds = level(found, shipped.probabilities(rows, words))
    kept, _ = model.choose(odds, words)
    if _missed(found, kept):
        hidden = [block.box.hidden for block in found]
        return Article(tuple(_lines(found, [not each for each in hidden], odds, {})), True)
    grounds = _protect(found, kept, title)
    return Article(tuple(_lines(found, kept, odds, grounds)), False)


def level(found: Sequence[Candidate], odds: Sequence[float]) -> list[float]:
    """Draw the rows of a table, and the items of a list, towards what they are on the whole."""
    groups: dict[int, list[int]] = {}
    for at, block in enumerate(found):
        if block.kind in _MEMBERS:
            outer = block.box.parent
            if block.kind in _CELLS:
                while outer is not None and outer.tag != "table":
                    outer = outer.parent
            if outer is not None:
                groups.setdefault(id(outer), []).append(at)
    out = list(odds)
    for group in groups.values():
        size = sum(found[at].words for at in group)
        mean = sum(found[at].words * odds[at] for at in group) / size
        for at in group:
            out[at] += _TOGETHER * (mean - odds[at])
    return out


def _missed(found: Sequence[Candidate], kept: Sequence[bool]) -> bool:
    """Tell whether what was taken is far too little against the page's visible text."""
    taken = sum(block.words for block, keep in zip(found, kept, strict=True) if keep)
    there = sum(
        block.words
        for block in found
        if block.links < _LINKED * block.chars and not block.box.hidden
    )
    return there > 2 * taken and (taken < _MIN_WORDS or taken < _MIN_SHARE * there)


def _protect(found: Sequence[Candidate], kept: list[bool], title: str) -> dict[int, Ground]:
    """Keep the article's captions and headline too; drop captions that are not its own."""
    grounds: dict[int, Ground] = {}
    taken = [at for at, keep in enumerate(kept) if keep]
    if not taken:
        return grounds
    first, last = taken[0], taken[-1]
    headline = _headline(found, taken, title)
    if headline is not None:
        kept[headline] = True
        grounds[headline] = Ground("body", "any.body.headline", -_SURE, "is the page's headline")
        first = min(first, headline)
    for at, block in enumerate(found):
        if not is_caption(block) and not _credit(found, kept, at):
            continue
        own = first - _CAPTION_REACH <= at <= last + 1 and _beside(kept, at)
        if own and not _foreign(block):
            kept[at] = True
            grounds[at] = Ground(
                "caption", "any.caption.figure", -_SURE, "is the caption or credit of a picture"
            )
    return grounds


def _headline(found: Sequence[Candidate], taken: Sequence[int], title: str) -> int | None:
    """Return the block of the h1 just above the article; it repeats the page's title, if any."""
    wanted = set(re.findall(r"\w+", title.lower()))
    for at in range(max(0, taken[0] - _HEADLINE_REACH), taken[0] + 1):
        block = found[at]
        if block.kind == "h1" and not block.box.hidden:
            mine = set(re.findall(r"\w+", block.text.lower()))
            if not wanted or len(mine & wanted) > len(mine) / 2:
                return at
    return None


def is_caption(block: Candidate) -> bool:
    """Tell whether the markup says that a block is a caption or credit of a picture."""
    if block.kind == "figcaption":
        return True
    if block.kind[0] == "h" or block.kind in ("tr", "caption", "label"):
        return False
    place = block.box.places[_SLOTS["caption"]]
    # mostly links: a button beside the picture, or a menu that is called a caption
    return bool(place) and block.box.depth - place <= 2 and block.links <= _LINKED * block.chars


def _beside(kept: Sequence[bool], at: int) -> bool:
    """Tell whether a caption stands in the article, just above it or just below it."""
    before = kept[max(0, at - _CAPTION_REACH) : at]
    after = kept[at + 1 : at + 1 + _CAPTION_REACH]
    return (any(before) and any(after)) or any(after[:4]) or any(before[-2:])


def _credit(found: Sequence[Candidate], kept: Sequence[bool], at: int) -> bool:
    """Tell whether a short line next to the article's text opens as a credit does."""
    block = found[at]
    near = any(kept[max(0, at - 1) : at + 2])
    return near and block.words <= _CREDIT and bool(_CREDIT_OPENS.match(block.text))


def _foreign(block: Candidate) -> bool:
    if block.box.hidden:
        return True
    figure = block.box.places[_SLOTS["figure"]] or block.box.places[_SLOTS["caption"]]
    return any(block.box.places[_SLOTS[name]] > figure - 3 > 0 for name in _NOT_A_CAPTION)


def _lines(
    found: Sequence[Candidate],
    kept: Sequence[bool],
    odds: Sequence[float],
    grounds: dict[int, Ground],
) -> Iterator[Line]:
    for at, block in enumerate(found):
        ground = grounds.get(at)
        if not kept[at]:
            ground = _why(block, odds[at])
        kind = "figcaption" if ground and ground.category == "caption" else block.kind
        texts = block.text.splitlines() if kind == "pre" else (block.text,)
        for text in texts:
            yield Line(text, kind, kept[at], 1 - odds[at], ground)


def _why(block: Candidate, odds: float) -> Ground:
    """Say what speaks against a block, from the plainest fact to the vaguest."""
    weight = log(max(1e-9, 1 - odds) / max(1e-9, odds))
    box = block.box
    share = block.links / block.chars
    if box.hidden:
        return Ground(
            "technical_notice", "any.technical_notice.hidden", weight, "is hidden on the page"
        )
    depth, name, category, reason = max(
        ((box.places[_SLOTS[name]], name, category, reason) for name, category, reason in _STANDS),
        key=lambda each: each[0],
    )
    if depth:
        outer: Box | None = box
        while outer is not None and outer.depth > depth:
            outer = outer.parent
        called = f" ({_called(outer)})" if outer else ""
        return Ground(category, f"any.{category}.in-{name}", weight, reason + called)
    if share >= _LINKED:
        category = "related_links" if block.words > 4 else "navigation"
        return Ground(
            category, f"any.{category}.links", weight, f"{share:.0%} of its text is links"
        )
    return Ground(
        "site_promo", "any.site_promo.apart", weight, "stands apart from the article's text"
    )


def _called(box: Box) -> str:
    name = " ".join(box.name.split())[:40]
    return f"<{box.tag} class={name!r}>" if name else f"<{box.tag}>"
