"""What the rest of the site says: a line that stands on its other pages is the site's, not the page's.

A `RepetitionIndex` is fitted on the user's own pages and passed to a Cleaner. It needs no language.

How much "on `k` of `n` other pages" weighs is the ratio of two beta-binomial probabilities, of lines
of chrome and of lines of body, by the kind of line: paragraphs, other long lines, short ones. Their
parameters are fitted to labelled pages (`benchmarks/repetition.py --fit`).

Not chrome although other pages hold them: the page's own headline, which they link to; quotations
and headlines that stand alone between paragraphs of their own page; what other copies of the same
article hold (see `_copies`). The page itself, when it was added, never counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import lgamma
from urllib.parse import urlsplit

from cleantext import segment
from cleantext.language import DENSITY
from cleantext.linekeys import hashed, keys, masked, page_id
from cleantext.shape import NARRATIVE, STOPS
from cleantext.sitecounts import IndexFile, SiteCounts, write
from cleantext.types import Evidence, Page

WINDOW = 64  # pages of a site after which a line that stood on one of them only is forgotten
_HOT = 2_000_000  # lines counted in a dict before they are packed
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
_CHROME = {"short": (0.189, 0.060), "open": (0.404, 0.388), "prose": (0.356, 0.382)}
_BODY = {"short": (0.041, 0.352), "open": (0.0114, 0.698), "prose": (0.02, 0.963)}
_MORE = {"short": 3.85, "open": 2.7, "prose": 3.4}


def site_of(url: str) -> str:
    """Return the site that a URL belongs to: its host, without ``www.`` and port; "" for none.

    >>> site_of("https://www.Example.org:8080/a?b"), site_of("example.org/a")
    ('example.org', 'example.org')
    """
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:  # brackets of an IPv6 address that don't match
        return ""
    return host.removeprefix("www.")


def url_id(url: str | None) -> int | None:
    """Return the id of a page by its address, odd; None where it names no single page."""
    if not url:
        return None
    address = url.partition("#")[0].partition("//")[2] or url.partition("#")[0]
    place = address.partition("/")[2]
    return hashed(address.removeprefix("www.")) << 1 | 1 if place else None


class RepetitionIndex:
    """On how many pages of each site each line stands.

    Add pages, pass it to a Cleaner, save it, merge it with others. Pages that were added can be
    cleaned with it: none counts against itself. Memory is bounded, see `cleantext.sitecounts`.
    Adding is for one thread at a time; looking up is for any.

    Args:
        window: pages of a site after which a line that stood on only one of them is forgotten. A
            larger one costs memory; counts are at most ``pages / window`` too low.

    >>> index = RepetitionIndex()
    >>> for day in ("Mon", "Tue", "Wed"):
    ...     _ = index.add(f"{day} is a fine day.\\nThe Daily Boat, Pier 4", url=f"boat.example/{day}")
    >>> index.sites["boat.example"]
    3
    """

    name = "repetition"

    def __init__(self, *, window: int = WINDOW) -> None:
        if window < 2:
            raise ValueError(f"window must be 2 pages or more, not {window}")
        self.window = window
        self._file: IndexFile | None = None
        self._sites: dict[str, SiteCounts | None] = {}  # None: forgotten, though in the file
        self._hot = 0

    def add(self, text: str, *, url: str | None = None, site: str | None = None) -> bool:
        """Count a page's lines; return False where the page, or a copy of it, was counted before.

        Args:
            text: the page's text, a line for each paragraph, heading or caption.
            url: where it was found. A page is known again by it, also when its text has changed.
            site: what its lines are compared within; by default the host of `url`.

        Raises:
            ValueError: neither a URL with a host nor a site is given.
        """
        name = site or (site_of(url) if url else "")
        if not name:
            raise ValueError(f"a page needs a url with a host, or a site; url is {url!r}")
        lines, numbers, ids = _read([text[slice(*span)] for span in _spans(text)], url)
        counts = self._site(name)
        if counts is None:
            counts = self._sites[name] = SiteCounts()
        pages = counts.pages
        self._hot += counts.add(set(numbers) - {0}, ids, self.window)
        if self._hot > _HOT:
            self.pack()
        return counts.pages > pages

    def update(self, pages: Iterable[tuple[str, str]]) -> int:
        """Add (text, url) pairs; return how many of the pages were new."""
        return sum(self.add(text, url=url) for text, url in pages)

    def merge(self, other: RepetitionIndex) -> None:
        """Count the pages of another index too.

        The same as adding its pages, where no page was added to both; else see
        `SiteCounts.merge`.
        """
        for name, counts in other._items():
            self._merge_site(name, counts)

    def forget(self, site: str) -> None:
        """Drop all that is known of a site.

        Raises:
            KeyError: nothing is.
        """
        if self._site(site) is None:
            raise KeyError(site)
        self._sites[site] = None

    @property
    def sites(self) -> dict[str, int]:
        """The number of pages counted of each site, by its name, in order."""
        return {name: counts.pages for name, counts in sorted(self._items(), key=lambda it: it[0])}

    def pack(self) -> None:
        """Bring what was added into compact form: 8 bytes a line."""
        for counts in self._sites.values():
            if counts is not None:
                counts.pack()
        self._hot = 0

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to a file; a file that was there is replaced in one step.

        Raises:
            OSError: it cannot be written.
        """
        write(path, self.records(), self.window)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> RepetitionIndex:
        """Open an index file. It is mapped, and read where a page asks for a site.

        Raises:
            IndexFileError: it is no index, is damaged, or is of another version. A damaged record
                of one site raises when the site is asked for.
            OSError: it cannot be opened.
        """
        file = IndexFile(path)
        index = cls(window=file.window)
        index._file = file
        return index

    def records(self) -> Iterator[tuple[str, bytes]]:
        """Yield each site's name and record, in order of names; see `add_record`."""
        for name, counts in sorted(self._items(), key=lambda item: item[0]):
            yield name, counts.to_bytes(name)

    def add_record(self, record: bytes) -> None:
        """Count what another index knows of one site; `record` is from its `records`."""
        self._merge_site(*SiteCounts.parse(record))

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Iterator[Evidence]:
        """Yield evidence for each line that other pages of the site hold."""
        name = site_of(page.url) if page.url else ""
        counts = self._site(name) if name else None
        if counts is None:
            return
        look = Look(page, counts)
        if look.pages < 1:
            return
        for index, rule, weight in look.weighed(found):
            yield Evidence(
                index, rule, rule.split(".")[1], "repetition", weight,
                page.starts[index], page.ends[index], look.reason(index, name),
            )  # fmt: skip

    def __reduce__(self) -> tuple[object, ...]:
        state = (self.window, [record for _, record in self.records()])
        return (_restored, state)

    def _merge_site(self, name: str, counts: SiteCounts) -> None:
        mine = self._site(name)
        if mine is None:
            mine = self._sites[name] = SiteCounts()
        mine.merge(counts, self.window)

    def _site(self, name: str) -> SiteCounts | None:
        if name not in self._sites and self._file:
            counts = self._file.get(name)
            if counts is not None:
                self._sites[name] = counts
        return self._sites.get(name)

    def _items(self) -> Iterator[tuple[str, SiteCounts]]:
        for name, counts in list(self._sites.items()):
            if counts is not None:
                yield name, counts
        for name, counts in self._file or ():
            if name not in self._sites:
                yield name, counts


def _restored(window: int, records: Iterable[bytes]) -> RepetitionIndex:
    index = RepetitionIndex(window=window)
    for record in records:
        index.add_record(record)
    return index


def _spans(text: str) -> Iterable[tuple[int, int]]:
    return zip(*segment.bounds(segment.lines(text)), strict=True)


def _read(source: Sequence[str], url: str | None) -> tuple[list[str], list[int], list[int]]:
    """Return masked lines, their keys, and the ids of the page that they make."""
    lines = masked(source)
    numbers = keys(lines)
    ids = [page_id(lines, numbers) << 1]
    by_url = url_id(url)
    return lines, numbers, ids if by_url is None else [*ids, by_url]


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

    def __init__(self, page: Page, counts: SiteCounts) -> None:
        self.page = page
        self.source = [
            page.text[start:end] for start, end in zip(page.starts, page.ends, strict=True)
        ]
        _, numbers, ids = _read(self.source, page.url)
        own = any(map(counts.knows, ids))
        self.pages = counts.pages - own
        self.others = [max(0, count - own) for count in counts.counts(numbers)]
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
            if 2 * other <= self.pages and (
                not any(self.others[beside] for beside in near[:2])
                # a paragraph that an article shares with another one
                or (self.prose[index] and any(self._told(beside) for beside in near[:2]))
                or line[0] == line[-1] == '"'
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
            if len(told) >= 3 and len(told & text) >= share * len(told):
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
