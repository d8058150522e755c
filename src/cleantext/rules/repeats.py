"""One page beside the others of its site: which of their lines are chrome, and how much that weighs.

How much "on `k` of `n` other pages" weighs is the ratio of two beta-binomial probabilities, of lines
of chrome and of lines of body, by the kind of line: paragraphs, other long lines, short ones. Their
parameters were fitted to labelled pages (`python -m benchmarks.repetition --fit`).

Not chrome although other pages hold them: the page's own headline, which they link to, and its
date; quotations and headlines that stand alone between lines of the page's own; what copies of the
same article hold. What no other page holds is a little less likely to be chrome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import lgamma

from cleantext.outline import DENSITY, NARRATIVE, STOPS
from cleantext.types import Evidence, Page

_BEFORE = 12  # lines before a paragraph in which its headline is looked for
_LONGEST = 250  # letters of a headline
_HEADLINE = -6.0  # log-odds that it is chrome
_HEADS = {
    "any.body.own-headline": "the headline of this one: it shares its words",
    "any.meta.own-date": "right before its text",
}
_OWN = 60  # letters of a line that, standing on no other page, shows where the page's text is
_NEAR = (-1, 1, -2, 2, -3, 3)  # lines beside one
_SHORT = 25  # letters under which a line is a short one

# Parameters (a, b) of the beta distributions of the share of other pages that hold a line, and what
# the two together leave open: log-odds of chrome among lines of a kind, beyond the engine's prior.
# The fit gave a = 0.004 for open lines of body and 0.001 for paragraphs. They are raised, for in news,
# which it saw most of, body recurs least.
_CHROME = {"short": (0.185, 0.059), "open": (0.378, 0.376), "prose": (0.338, 0.400)}
_BODY = {"short": (0.042, 0.270), "open": (0.012, 1.154), "prose": (0.02, 0.832)}
_MORE = {"short": 3.85, "open": 2.7, "prose": 3.4}


class Look:
    """One page beside the other pages of its site.

    Attributes:
        pages: how many other pages there are; copies of this one don't count.
        others: on how many of them each line stands.
        head: the rule that keeps the page's own headline, or a date below it, by line.
        text: from the lines before the page's own first paragraph to its last one, and on to where
            other pages' lines begin.
        exempt: lines that are not chrome for that.
        among: lines that stand among the page's own; what a template repeats there ("Pros", "Note",
            "Price") may be body, so they weigh half.
    """

    def __init__(self, page: Page, pages: int, others: Sequence[int]) -> None:
        """Take how many other pages the site has, and on how many of them each line stands."""
        self.page, self.pages, self.others = page, pages, list(others)
        scale = DENSITY.get(page.lang or "", 1.0)
        self.length = [len(line) * scale for line in page.lines]
        self.prose = [
            length >= NARRATIVE and line[-1] in STOPS
            for length, line in zip(self.length, page.lines, strict=True)
        ]
        copies = self._copies()
        if copies:
            self.pages -= copies
            self.others = [max(0, other - copies) for other in self.others]
        self.head: dict[int, str] = {}
        self.text = range(len(page))
        self.exempt: set[int] = set()
        self.among: set[int] = set()
        self._spare()

    def kind(self, index: int) -> str:
        """Return the kind of a line, a key of _CHROME and _BODY."""
        if self.prose[index]:
            return "prose"
        return "open" if self.length[index] >= _SHORT else "short"

    def weighed(self, found: Mapping[int, Sequence[Evidence]]) -> Iterator[tuple[int, str, float]]:
        """Yield (index, rule, weight) of each line that something is to be said of."""
        known: dict[tuple[str, int], float] = {}
        for index, other in enumerate(self.others):
            if index in self.head:
                yield index, self.head[index], _HEADLINE
            elif self.page.lines[index] and index not in self.exempt:
                kind = self.kind(index)
                if (kind, other) not in known:
                    known[kind, other] = weight(other, self.pages, kind)
                odds = known[kind, other] / (2 if index in self.among else 1)
                if other and odds > 0:
                    category = self._category(kind, found.get(index, ()))
                    yield index, f"any.{category}.repeats", odds
                elif not other and odds < 0:
                    inside = index in self.text
                    yield index, "any.body.of-this-page", odds if inside else odds / 2

    def reason(self, index: int, site: str) -> str:
        """Say in words what speaks for or against a line."""
        told = f"on {self.others[index] or 'none'} of {self.pages} other pages of {site}"
        return f"{told}, but {_HEADS[self.head[index]]}" if index in self.head else told

    def _copies(self) -> int:
        """Return how many copies of the article there are among the other pages.

        The same article under another address, with other things round it, is not known as the
        same page. But half of its paragraphs or more, by letters, stand on each of the copies: so
        the median of what the paragraphs count is their number. More than two copies, on more
        than a third of the pages, are no copies: those paragraphs are the site's.
        """
        told = sorted(
            (other, length)
            for other, length, prose in zip(self.others, self.length, self.prose, strict=True)
            if prose
        )
        half = sum(length for _, length in told) / 2
        for other, length in told:
            half -= length
            if half <= 0:
                return other if other <= max(2, self.pages / 3) else 0
        return 0

    def _spare(self) -> None:
        """Find the lines that belong to the page, or may, although others hold them."""
        filled = [index for index, line in enumerate(self.page.lines) if line]
        own = [at for at, index in enumerate(filled) if not self.others[index]
               and (self.prose[index] or self.length[index] >= _OWN)]  # fmt: skip
        prose = [at for at in own if self.prose[filled[at]]] or own
        if prose:
            self.head = self._head(filled, prose)
            last = prose[-1]
            while last + 1 < len(filled) and not self.others[filled[last + 1]]:
                last += 1
            self.text = range(filled[max(0, prose[0] - _BEFORE)], filled[last] + 1)
        for at in range(own[0] + 1, own[-1]) if own else ():
            index, line = filled[at], self.page.lines[filled[at]]
            other = self.others[index]
            near = [filled[at + step] for step in _NEAR if 0 <= at + step < len(filled)]
            if not other:
                continue
            if (
                2 * other <= self.pages
                and (
                    not any(self.others[beside] for beside in near[:2])
                    # a paragraph that an article shares with another one
                    or (self.prose[index] and any(self._told(beside) for beside in near[:2]))
                    or line[0] == line[-1] == '"'
                )
            ):
                self.exempt.add(index)
            elif not self.prose[index]:
                if 2 * sum(not self.others[beside] for beside in near) >= len(near):
                    self.among.add(index)

    def _told(self, index: int) -> bool:
        """Tell whether a line is a paragraph that no other page holds."""
        return self.prose[index] and not self.others[index]

    def _head(self, filled: Sequence[int], own: Sequence[int]) -> dict[int, str]:
        """Return the rules that speak for headlines of the page's own text, and its dates.

        A headline stands a few lines before a paragraph that no other page holds, and shares words
        with such paragraphs, as headlines of other pages don't.
        """
        text = _stems("\n".join(self.page.lines[filled[at]] for at in own)[:6000])
        near = dict.fromkeys(range(own[0]), False)  # lines before a paragraph: are they close to it
        for first in own:
            for at in range(max(0, first - _BEFORE), first):
                near[at] = near.get(at, False) or first - at <= 3
        head = {}
        for at, close in near.items():
            index = filled[at]
            if self.prose[index] or self.length[index] > _LONGEST:
                continue
            told = _stems(self.page.lines[index])
            share = 0.2 if close else 0.6 if at < own[0] - _BEFORE else 0.4
            if self.others[index] and share == 0.6:
                continue
            if len(told) >= 3 and len(told & text) >= max(2, share * len(told)):
                head[index] = "any.body.own-headline"
            elif close and sum(map(str.isdigit, self.page.lines[index])) >= 4:
                head[index] = "any.meta.own-date"
        return head

    def _category(self, kind: str, items: Sequence[Evidence]) -> str:
        positive = [item for item in items if item.weight > 0]
        if positive:
            return max(positive, key=lambda item: item.weight).category
        if kind == "short":
            return "navigation"
        return "site_promo" if kind == "prose" else "related_links"


def weight(k: int, n: int, kind: str) -> float:
    """Return the log-odds (nats) that a line on `k` of `n` other pages is chrome.

    A few pages may be of one kind (two products, two chapters) and share its forms: `n` pages are
    believed by ``n / (n + 1/2)``.
    """
    chrome, body = _CHROME[kind], _BODY[kind]
    odds = _log_beta_binomial(k, n, *chrome) - _log_beta_binomial(k, n, *body)
    return (odds + (_MORE[kind] if k else 0)) * n / (n + 0.5)


def _log_beta_binomial(k: int, n: int, a: float, b: float) -> float:
    """Log-probability of `k` of `n` when the share is from Beta(a, b), less log C(n, k)."""
    return (lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b)
            - lgamma(a) - lgamma(b) + lgamma(a + b))  # fmt: skip


def _stems(line: str) -> set[str]:
    """Return what tells of a line's subject: first five letters of longer words, pairs of CJK."""
    words = "".join(char if char.isalnum() else " " for char in line).split()
    out = {word[:5] for word in words if len(word) > 3 and word[0] < "\u2e80"}
    for word in words:
        if word[0] >= "\u2e80":
            out.update(word[at : at + 2] for at in range(len(word) - 1))
    return out
