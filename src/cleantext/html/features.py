"""What the model sees of a block: its text, its place in the DOM, its neighbours, the votes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log1p

from cleantext.html.walk import PLACES, Box, Candidate

_FAR = 20
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[|•·»›→←©®™✓★☆]")
_WORD = re.compile(r"\w+")
_STOPS = frozenset('.!?。！？…"”’»」')
_LEVELS = 4
_STEPS = (-3, -2, -1, 1, 2, 3)
_GOOD = tuple(PLACES.index(name) for name in ("content", "post", "article", "main"))
_BAD = tuple(
    PLACES.index(name)
    for name in (
        "comment",
        "foot",
        "side",
        "share",
        "related",
        "signup",
        "ad",
        "nav",
        "popup",
        "form",
    )
)

KINDS = {
    "p": 0, "h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 5, "li": 6, "dd": 7, "dt": 7, "tr": 8,
    "td": 9, "th": 9, "figcaption": 10, "caption": 10, "blockquote": 11, "pre": 12,
}  # fmt: skip


NAMES: tuple[str, ...] = (
    "chars", "words", "links", "anchors", "stopped", "stops", "digits", "signs", "kind", "word_len",
    "broken", "hidden", "title",
    *(f"in_{place}" for place in PLACES),
    "depth",
    *(f"box{level}_{name}" for level in range(_LEVELS)
      for name in ("chars", "links", "prose", "share", "alike")),
    *(f"{name}{step:+d}" for step in _STEPS for name in ("chars", "links")),
    "kind-1", "kind+1", "prose5", "prose15", "links5", "links15",
    "since_heading", "heading", "heading_links", "since_h1", "place", "passed", "from_first", "from_last",
    "same", "same_chars", "same_links", "same_words", "tags_same", "twins",
    "in_prose_box", "in_top", "top", "next_top", "item_alike", "item_chars", "item_links", "item_prose", "item_up",
    "page_blocks", "page_chars", "page_links", "page_prose", "page_items",
    "page_rows", "page_code", "page_para",
)  # fmt: skip


def _prose(block: Candidate) -> bool:
    return block.chars - block.links > 60 and block.text[-1] in _STOPS


def features(found: Sequence[Candidate], root: Box, title: str) -> list[list[float]]:
    """Return a row for each block; the columns are NAMES."""
    size = len(found)
    if not size:
        return []
    chars = [log1p(block.chars) for block in found]
    links = [block.links / block.chars for block in found]
    kinds = [KINDS.get(block.kind, 13) for block in found]
    prose = [_prose(block) for block in found]
    net = [block.chars if p else 0 for block, p in zip(found, prose, strict=True)]
    total = root.chars or 1
    wanted = set(_WORD.findall(title.lower()))

    same: dict[int, list[float]] = {}
    tags_same: dict[tuple[str, str, str], int] = {}
    twins: dict[str, int] = {}
    short_paths = []
    for block in found:
        stats = same.setdefault(block.box.path, [0, 0, 0, 0])
        stats[0] += 1
        stats[1] += block.chars
        stats[2] += block.links
        stats[3] += block.words
        one = block.box.parent
        two = one.parent if one else None
        path = (block.box.tag, one.tag if one else "", two.tag if two else "")
        short_paths.append(path)
        tags_same[path] = tags_same.get(path, 0) + 1
        twins[block.text] = twins.get(block.text, 0) + 1

    sum_chars = _sums([block.chars for block in found])
    sum_prose = _sums(net)
    sum_links = _sums([block.links for block in found])
    prose_at = [at for at in range(size) if prose[at]]
    first, last = (prose_at[0], prose_at[-1]) if prose_at else (size, -1)
    prose_box = _home(found, net)
    alike = _alike(found)
    tops, best = _tops(found)
    top_box = max(tops, key=lambda key: tops[key][0], default=None) if tops else None
    top_home = tops[top_box][1] if top_box is not None else None

    kinds_of_page = [
        log1p(size), log1p(total), root.links / total, sum_prose[-1] / total,
        kinds.count(6) / size, (kinds.count(8) + kinds.count(9)) / size, kinds.count(12) / size,
        kinds.count(0) / size,
    ]  # fmt: skip

    rows: list[list[float]] = []
    boxes: dict[int, list[float]] = {}
    since_heading, heading, heading_links, since_h1 = _FAR, 0, 0.0, 2 * _FAR
    for at, block in enumerate(found):
        box, text, length = block.box, block.text, block.chars
        words = block.words
        title_share = 0.0
        if wanted and words < 30:
            mine = set(_WORD.findall(text.lower()))
            if mine:
                title_share = len(mine & wanted) / max(len(mine), len(wanted))
        row: list[float] = [
            chars[at], log1p(words), links[at], min(block.anchors, 10), text[-1] in _STOPS, (text.count(",") + text.count(".") + text.count("，") + text.count("。")) / words,
            len(_DIGIT.findall(text)) / length, len(_SIGNS.findall(text)) / length,
            kinds[at], length / words, block.after_break, box.hidden, title_share,
        ]  # fmt: skip
        mine_box = boxes.get(id(box))
        if mine_box is None:
            mine_box = boxes[id(box)] = _box_row(box, total, alike)
        row += mine_box
        for step in _STEPS:
            beside = at + step
            if 0 <= beside < size:
                row += (chars[beside], links[beside])
            else:
                row += (0.0, 1.0)
        low5, high5 = max(0, at - 5), min(size, at + 6)
        low15, high15 = max(0, at - 15), min(size, at + 16)
        near5 = sum_chars[high5] - sum_chars[low5]
        near15 = sum_chars[high15] - sum_chars[low15]
        stats = same[box.path]
        row += (
            kinds[at - 1] if at else 14, kinds[at + 1] if at + 1 < size else 14,
            log1p(sum_prose[high5] - sum_prose[low5]), log1p(sum_prose[high15] - sum_prose[low15]),
            (sum_links[high5] - sum_links[low5]) / near5,
            (sum_links[high15] - sum_links[low15]) / near15,
            since_heading, heading, heading_links, since_h1, at / size, sum_chars[at] / total,
            max(-_FAR, min(_FAR, at - first)), max(-_FAR, min(_FAR, at - last)),
            log1p(stats[0]), log1p(stats[1]), stats[2] / stats[1], log1p(stats[3] / stats[0]),
            log1p(tags_same[short_paths[at]]), min(twins[text], 5),
            _within(box, prose_box),
            _within(box, top_home), *_rank(box, tops, best),
            *_item(box, alike),
        )  # fmt: skip
        row += kinds_of_page
        rows.append(row)
        since_heading, since_h1 = min(_FAR, since_heading + 1), min(2 * _FAR, since_h1 + 1)
        if 1 <= kinds[at] <= 5:
            since_heading, heading, heading_links = 0, kinds[at], links[at]
            if kinds[at] == 1:
                since_h1 = 0
    return rows


def _box_row(box: Box, total: int, alike: dict[int, int]) -> list[float]:
    depth = box.depth
    row: list[float] = [min(_FAR, depth - place) if place else _FAR for place in box.places]
    row.append(min(depth, 40))
    at: Box = box
    for level in range(_LEVELS):
        floor = 1 if not level else at.blocks
        while at.parent is not None and at.blocks <= floor:
            at = at.parent
        size = at.chars or 1
        row += (
            log1p(size), at.links / size, at.prose / size, size / total,
            min(alike.get(at.path, 1), 30),
        )  # fmt: skip
    return row


def _sums(values: Sequence[float]) -> list[float]:
    out, total = [0.0], 0.0
    for value in values:
        total += value
        out.append(total)
    return out


def _home(found: Sequence[Candidate], weights: Sequence[float]) -> Box | None:
    """Return the innermost box that holds four fifths of the weight."""
    sums: dict[int, float] = {}
    known: dict[int, Box] = {}
    for block, weight in zip(found, weights, strict=True):
        if weight:
            box: Box | None = block.box
            while box is not None:
                sums[id(box)] = sums.get(id(box), 0.0) + weight
                known[id(box)] = box
                box = box.parent
    whole = sum(weights)
    best: Box | None = None
    for key, value in sums.items():
        if value >= 0.8 * whole and (best is None or known[key].depth > best.depth):
            best = known[key]
    return best


def _within(box: Box, home: Box | None) -> int:
    """Return how many steps up the home lies, -1 where it is none of the box's ancestors."""
    if home is None:
        return -1
    at: Box | None = box
    while at is not None and at.depth >= home.depth:
        if at is home:
            return min(_FAR, box.depth - home.depth)
        at = at.parent
    return -1


def _alike(found: Sequence[Candidate]) -> dict[int, int]:
    """Return how many boxes there are of each path of tags and classes."""
    seen: set[int] = set()
    counts: dict[int, int] = {}
    for block in found:
        box: Box | None = block.box
        while box is not None and id(box) not in seen:
            seen.add(id(box))
            counts[box.path] = counts.get(box.path, 0) + 1
            box = box.parent
    return counts


def _tops(found: Sequence[Candidate]) -> tuple[dict[int, tuple[float, Box]], float]:
    """Score boxes by the paragraphs in them, as the Readability bookmarklet does (Arc90, 2009).

    A paragraph gives a point, one for each comma and each hundred signs (up to three), to its
    parent, half of it to its grandparent; a box's sum counts by the share of its text that is
    not links.
    """
    scores: dict[int, float] = {}
    boxes: dict[int, Box] = {}
    for block in found:
        if block.chars < 25:
            continue
        text = block.text
        points = (
            1 + text.count(",") + text.count("，") + text.count("、") + min(block.chars / 100, 3)
        )
        own = block.box
        one = own if own.kids else own.parent
        for box, part in ((one, points), (one.parent if one else None, points / 2)):
            if box is not None:
                if id(box) not in scores:
                    boxes[id(box)] = box
                    scores[id(box)] = _base(box)
                scores[id(box)] += part
    out = {
        key: (score * (1 - boxes[key].links / (boxes[key].chars or 1)), boxes[key])
        for key, score in scores.items()
    }
    return out, max((score for score, _ in out.values()), default=0.0)


def _base(box: Box) -> float:
    score = {"div": 5.0, "article": 5.0, "td": 3.0, "blockquote": 3.0, "pre": 3.0}.get(box.tag, 0.0)
    if box.tag in ("ul", "ol", "dl", "form", "li", "dd", "dt", "address"):
        score = -3.0
    depth = box.depth
    for slot in _GOOD:
        if box.places[slot] == depth:
            score += 25
            break
    for slot in _BAD:
        if box.places[slot] == depth:
            score -= 25
            break
    return score


def _rank(box: Box, tops: dict[int, tuple[float, Box]], best: float) -> tuple[float, float]:
    """Return the best and the second best score among a box and those round it, best is 1."""
    if best <= 0:
        return 0.0, 0.0
    first = second = 0.0
    at: Box | None = box
    while at is not None:
        known = tops.get(id(at))
        if known:
            score = known[0]
            if score > first:
                first, second = score, first
            elif score > second:
                second = score
        at = at.parent
    return first / best, second / best


def _item(box: Box, alike: dict[int, int]) -> tuple[float, ...]:
    """Describe the nearest box of several blocks that has two others like it on the page."""
    at: Box | None = box
    up = 0
    while at is not None:
        count = alike.get(at.path, 1)
        if count > 2 and at.blocks > 1:
            size = at.chars or 1
            return min(count, 50), log1p(size), at.links / size, at.prose / size, min(up, _FAR)
        at = at.parent
        up += 1
    return 0.0, 0.0, 0.0, 0.0, _FAR
