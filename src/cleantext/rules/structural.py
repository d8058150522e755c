"""What no word shows but the shape and order of lines do; needs no language.

Each rule is a small function over the page and the evidence found so far.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from cleantext.lazy import Lazy
from cleantext.shape import Shape, doubt
from cleantext.types import Evidence, Page

Found = Mapping[int, Sequence[Evidence]]

_SIGNS = "|•·›>→"
_ITEMS = Lazy(r"\s*(?:[|•·›>→]|\s/\s|\t)\s*")
_TIMES = Lazy(r"^\W*\d{1,2}[:.]\d\d(?!\d)|^\W*\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)\b")
_STOPS = (".", "!", "?", "。", "！", "？", "…", ":", ";", ",", "؟", "।")
_AMOUNT = Lazy(
    r"[$€£¥₹₽₴₺₩₫฿]\s?\d|\d[\d.,]*\s?(?:[$€£¥₹₽₴₺₩₫฿]|(?:kr|zł|kč|ft|lei|руб|грн|tl|eur|euros?|usd|円|元|원)\b)"
)
_ITEM = 32  # letters of the longest item of a menu
_MENU_SPAN = 4  # lines on either side that show whether a line is an item of a menu
_MENU_WORD = 4.0  # most that one of them counts, in log-odds
_MENU_MASS = 12.0  # what they must come to together
# What an appeal to the reader is made of, from the ask to the buttons below it.
_APPEAL = frozenset(("donation_appeal", "payment_prompt"))
_SEED = 3.0  # log-odds from which a line is evidently part of an appeal
_SEED_AHEAD = 4.5  # the same before the article, where its own headline stands
_APART = 4  # lines from one evident line to the next
_SURE = 5.0  # that one of the lines must have
_RUN = 8.0  # sum of them that makes an appeal
_BUTTON = 60  # letters of the longest line that may be a button or an amount
_BUTTONS = 2  # of them that make a payment form
_SILENT = 2  # paragraphs in a box that say nothing of an appeal
_HEADLINE = range(26, 160)  # letters; shorter lines may be items of a list of the article


class Structural:
    """The structural rules as a rule set."""

    name = "structural"

    def find(self, page: Page, found: Found) -> Iterator[Evidence]:
        """Yield the evidence of every structural rule."""
        shape = Shape(page, found)
        for rule in _RULES:
            yield from rule(page, found, shape)


def _evidence(
    page: Page, index: int, rule: str, weight: float, reason: str, family: str = "structure"
) -> Evidence:
    category = rule.split(".")[1]
    start, end = page.starts[index], page.ends[index]
    return Evidence(index, rule, category, family, weight, start, end, reason)


def _menu(page: Page, found: Found, shape: Shape) -> Iterator[Evidence]:
    signs = [sign for sign in _SIGNS if sign in page.folded]
    marked = {index for sign in signs for index, line in enumerate(page.lines) if sign in line}
    for index in sorted(marked):
        line = page.lines[index]
        if len(line) >= 400 or (line.startswith("|") and line.endswith("|")):
            continue  # a row of a table
        items = [item for item in _ITEMS.split(line) if item]
        if len(items) >= 4 and sum(map(len, items)) < 22 * len(items):
            if not any(char.isdigit() for char in line):
                # Rows of a table stand one below the other; a menu stands alone.
                alone = not {index - 1, index + 1} & marked and not any(
                    sign in line for sign in ":;"
                )
                menu = alone and all(len(item.split()) <= 3 for item in items)
                yield _evidence(
                    page, index, "any.navigation.menu", 5 if menu else 3,
                    "a row of short items between separators",
                )  # fmt: skip


def _menu_lines(page: Page, found: Found, shape: Shape) -> Iterator[Evidence]:
    """A line of a menu that is written one item to a line: around it stand words of menus."""
    run: list[int] = []
    for index in [*shape.filled, -1]:
        if index >= 0 and shape.length[index] <= _ITEM and not shape.stopped[index]:
            run.append(index)
            continue
        if len(run) > _MENU_SPAN:
            mass = [
                min(_MENU_WORD, max(0.0, doubt(found[at]))) if at in found else 0.0 for at in run
            ]
            upto = list(accumulate(mass, initial=0.0))
            for place, at in enumerate(run):
                low, high = max(0, place - _MENU_SPAN), min(len(run), place + _MENU_SPAN + 1)
                beside = upto[high] - upto[low] - mass[place]
                if beside < _MENU_MASS or not (shape.head(at) or shape.tail(at)):
                    continue
                # Above the article a line of words may be its headline; a sign or letter is no item.
                words = page.lines[at].split()
                known = mass[place] > 0 or shape.tail(at) or len(words) == 1
                if known and any(len(word) > 2 and word.isalpha() for word in words):
                    yield _evidence(
                        page, at, "any.navigation.menu-item", 3,
                        "one of a run of short lines that are items of a menu",
                    )  # fmt: skip
        run = []


def _headings(page: Page, found: Found, category: str) -> list[int]:
    return [
        index
        for index, evidence in sorted(found.items())
        if any(item.family == "heading" and item.category == category for item in evidence)
    ]


def _related_list(page: Page, found: Found, shape: Shape) -> Iterator[Evidence]:
    """Headlines under a heading such as "Related", once the article's paragraphs are over."""
    asked = [at for at, items in found.items() if shape.has_article(at) and _asks(items)]
    filled, done = shape.filled, -1
    for heading in _headings(page, found, "related_links"):
        if heading < done or not shape.tail(heading) or not shape.has_article(heading):
            continue
        # Below an appeal that follows the article nothing of the article stands.
        sure = 3.0 if any(at < heading for at in asked) else 0.0
        following = filled[bisect_right(filled, heading) :]
        if 2 * sum(shape.stopped[index] for index in following) > len(following):
            continue  # sentences rather than headlines: the heading was one of the article's
        for index in following:
            if shape.narrative[index] and not shape.teaser(index):
                break
            done = index
            if _headline_like(page, index, shape):
                weight = 4.0
            elif shape.length[index] < 26:
                weight = 2.0
            else:
                weight = 2.5
            yield _evidence(
                page, index, "any.related_links.after-heading", weight + sure,
                "stands under a heading of related links, after the article",
            )  # fmt: skip


def _asks(items: Sequence[Evidence]) -> bool:
    return any(item.category in _APPEAL and item.weight >= _SURE for item in items)


def _headline_like(page: Page, index: int, shape: Shape) -> bool:
    line = page.lines[index]
    return shape.length[index] in _HEADLINE and not line.endswith(_STOPS[:1] + _STOPS[7:10])


def _comment_thread(page: Page, found: Found, shape: Shape) -> Iterator[Evidence]:
    """All that follows a comments heading under an article."""
    for heading in _headings(page, found, "comments_ui")[:1]:
        if not shape.has_article(heading):
            continue
        for index in shape.filled[bisect_right(shape.filled, heading) :]:
            yield _evidence(
                page, index, "any.comments_ui.thread", 3,
                "stands under the heading of the comments",
            )  # fmt: skip


def _appeal(page: Page, found: Found, shape: Shape) -> Iterator[Evidence]:
    """What stands between the evident lines of an appeal, and the amounts beside them."""
    support: defaultdict[int, float] = defaultdict(float)  # by place among the filled lines
    for index, items in sorted(found.items()):
        chosen = [item for item in items if item.category in _APPEAL or item.weight < 0]
        if chosen:
            support[bisect_left(shape.filled, index)] = doubt(chosen)
    if not support:
        return
    runs = _appeal_runs(shape, support)
    for first, last in runs:
        members = [shape.filled[at] for at in range(first, last + 1)]
        mixed = shape.head(members[0]) or any(shape.narrative[index] for index in members)
        last, box = _box(page, found, shape, support, first, last)
        if box == "asks" and first and support[first - 1] == 0:
            index = shape.filled[first - 1]
            if shape.length[index] <= _BUTTON and not shape.stopped[index]:
                yield _evidence(
                    page, index, "any.donation_appeal.heading", 2.5,
                    "stands right above an appeal, like its heading", "run",
                )  # fmt: skip
        for at in range(first, last + 1):
            index = shape.filled[at]
            if box == "whole":
                weight = 9.0 if shape.narrative[index] else 7.0
            elif box == "asks" and support[at] >= _SEED and not shape.narrative[index]:
                weight = 8.0
            elif support[at] < 1 and mixed:
                weight = 2.0  # may be the article's own headline or paragraph
            elif shape.narrative[index]:
                weight = 5.0
            else:
                weight = 7.0 if support[at] < _SEED else 4.0
            yield _evidence(
                page, index, "any.donation_appeal.run", weight,
                "stands within an appeal to the reader", "run",
            )  # fmt: skip
    near = {at + step for first, last in runs for at in (first, last) for step in range(-4, 5)}
    seeds = [at for at, value in support.items() if value >= _SEED]
    near.update(at + step for at in seeds for step in (-1, 1))
    for at in sorted(near):
        if not 0 <= at < len(shape.filled):
            continue
        index = shape.filled[at]
        if shape.length[index] <= 60 and _AMOUNT.search(page.lines[index]):
            if not shape.stopped[index]:
                yield _evidence(
                    page, index, "any.payment_prompt.amount", 5,
                    "a line with an amount of money beside an appeal", "amount",
                )  # fmt: skip


def _button(page: Page, found: Found, shape: Shape, index: int) -> bool:
    """Tell whether a line reads like a button or a sum of a payment form."""
    if shape.length[index] > _BUTTON:
        return False
    said = [item for item in found.get(index, ()) if item.category in _APPEAL]
    amount = not shape.stopped[index] and _AMOUNT.search(page.lines[index]) is not None
    return amount or doubt(said) >= _SEED


def _box(
    page: Page, found: Found, shape: Shape, support: Mapping[int, float], first: int, last: int
) -> tuple[int, str]:
    """Tell where an appeal ends, and whether it is a box of its own below the article.

    A box ends in the buttons and amounts of a payment form, and nothing of the article follows.
    Where a heading opens it and few lines stand between, they belong to it ("whole"); else, as the
    article may go on under an appeal in its midst, only what speaks like an appeal ("asks").
    """
    opening = shape.filled[first]
    rest = range(first + 1, min(last + _APART, len(shape.filled)))
    buttons = [at for at in rest if _button(page, found, shape, shape.filled[at])]
    if len(buttons) < _BUTTONS or not shape.has_article(opening):
        return last, ""
    after = [shape.filled[at] for at in range(buttons[0], len(shape.filled))]
    if any(shape.narrative[index] for index in after):
        return last, ""
    for at in range(buttons[-1] + 1, min(buttons[-1] + _APART, len(shape.filled))):
        index = shape.filled[at]
        if shape.length[index] > _BUTTON or any(
            i.family == "heading" for i in found.get(index, ())
        ):
            break
        last = max(last, at)
    inside = range(first, buttons[0])
    silent = sum(shape.narrative[shape.filled[at]] for at in inside)
    if (
        shape.length[opening] <= _BUTTON
        and silent <= _SILENT
        and min(support[at] for at in inside) >= 0
    ):
        return last, "whole"
    asks = any(
        item.family in ("ask", "money") and item.weight >= _SEED
        for at in rest
        if at < buttons[0]
        for item in found.get(shape.filled[at], ())
    )
    return last, "asks" if asks else ""


def _appeal_runs(shape: Shape, support: Mapping[int, float]) -> list[tuple[int, int]]:
    """Return (first, last) places of each appeal: evident lines with few others between them.

    It stands before the article or after it; in its midst, reports *about* appeals look alike.
    """
    groups: list[list[int]] = []
    for at, value in sorted(support.items()):
        index = shape.filled[at]
        if value < (_SEED if shape.has_article(index) else _SEED_AHEAD):
            continue
        if groups and at - groups[-1][-1] <= _APART:
            groups[-1].append(at)
        else:
            groups.append([at])
    if not groups:
        return []
    prose = [at for at, index in enumerate(shape.filled) if shape.narrative[index]]
    return [
        (group[0], group[-1])
        for group in groups
        if len(group) > 1
        and sum(support[at] for at in group) >= _RUN
        and max(support[at] for at in group) >= _SURE
        and (not prose or prose[0] >= group[0] or prose[-1] <= group[-1])
    ]


def _timed_list(page: Page, found: Found, shape: Shape) -> Iterator[Evidence]:
    """A run of headlines with a time or date in front: a ticker."""
    run: list[int] = []
    first = 0 if shape.last is None else bisect_right(shape.filled, shape.last)
    for index in [*shape.filled[first:], -1]:
        if index >= 0 and not page.lines[index][0].isalpha() and _TIMES.match(page.lines[index]):
            run.append(index)
            continue
        if len(run) >= 3 and shape.has_article(run[0]):
            for member in run:
                yield _evidence(
                    page, member, "any.related_links.ticker", 3,
                    "one of a run of lines that open with a time",
                )  # fmt: skip
        run = []


_RULES: tuple[Callable[[Page, Found, Shape], Iterable[Evidence]], ...] = (
    _menu,
    _menu_lines,
    _related_list,
    _comment_thread,
    _appeal,
    _timed_list,
)
