"""What the rest of the site says: a line that stands on its other pages is the site's, not the page's.

A `RepetitionIndex` is fitted on the user's own pages and passed to a Cleaner. It needs no language.
How it weighs what it knows: `cleantext.rules.repeats`; how it keeps it: `cleantext.sitecounts`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cleantext import segment
from cleantext.linekeys import hashed, keys, masked, page_id
from cleantext.rules.repeats import Look
from cleantext.sitecounts import IndexFile, IndexFileError, SiteCounts, write
from cleantext.types import Evidence, Page

WINDOW = 64  # pages of a site after which a line that stood on one of them only is forgotten
_HOT = 2_000_000  # lines counted in a dict before they are packed


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
        self._path: str | os.PathLike[str] | None = None
        self._files: list[IndexFile] = []
        self._sites: dict[str, SiteCounts | None] = {}  # None: forgotten, though in the file
        self._hot = 0
        self._changed = False

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
        numbers, ids = _read(segment.lines(text), url)
        counts = self._site(name)
        if counts is None:
            counts = self._sites[name] = SiteCounts()
        self._changed = True
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
        self._changed = True

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
        """Open an index file, or a directory of them that have no site in common.

        They are mapped, and read where a page asks for a site.

        Raises:
            IndexFileError: it is no index, is damaged, or is of another version. A damaged record
                of one site raises when the site is asked for.
            OSError: it cannot be opened.
        """
        paths = sorted(Path(path).glob("*.index")) if os.path.isdir(path) else [path]
        if not paths:
            raise IndexFileError(f"{path}: a directory without a file *.index")
        files = [IndexFile.open(each) for each in paths]
        index = cls(window=files[0].window)
        index._path, index._files = path, files
        return index

    def records(self) -> Iterator[tuple[str, bytes]]:
        """Yield each site's name and record, in order of names; see `add_record`."""
        for name, counts in sorted(self._items(), key=lambda item: item[0]):
            yield name, counts.to_bytes(name)

    def add_record(self, record: bytes) -> None:
        """Count what another index knows of one site; `record` is from its `records`."""
        self._merge_site(*SiteCounts.parse(record))

    def look(self, page: Page) -> Look | None:
        """Set a page beside the others of its site; None where there is none."""
        counts = self._site(site_of(page.url)) if page.url else None
        if counts is None:
            return None
        source = [page.text[at:end] for at, end in zip(page.starts, page.ends, strict=True)]
        numbers, ids = _read(source, page.url)
        own = any(map(counts.knows, ids))
        others = [max(0, count - own) for count in counts.counts(numbers)]
        look = Look(page, counts.pages - own, others)
        return look if look.pages > 0 else None

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Iterator[Evidence]:
        """Yield evidence for each line that other pages of the site hold."""
        look = self.look(page)
        if look is None:
            return
        name = site_of(page.url or "")
        for index, rule, weight in look.weighed(found):
            yield Evidence(
                index, rule, rule.split(".")[1], "repetition", weight,
                page.starts[index], page.ends[index], look.reason(index, name),
            )  # fmt: skip

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle a loaded index that was not changed as its path, any other with all it knows."""
        if self._path and not self._changed:
            return (type(self).load, (self._path,))
        return (_restored, (self.window, [record for _, record in self.records()]))

    def _merge_site(self, name: str, counts: SiteCounts) -> None:
        self._changed = True
        mine = self._site(name)
        if mine is None:
            mine = self._sites[name] = SiteCounts()
        mine.merge(counts, self.window)

    def _site(self, name: str) -> SiteCounts | None:
        if name not in self._sites:
            for file in self._files:
                counts = file.get(name)
                if counts is not None:
                    self._sites[name] = counts
        return self._sites.get(name)

    def _items(self) -> Iterator[tuple[str, SiteCounts]]:
        for name, counts in list(self._sites.items()):
            if counts is not None:
                yield name, counts
        for file in self._files:
            for name, counts in file:
                if name not in self._sites:
                    yield name, counts


def _restored(window: int, records: Iterable[bytes]) -> RepetitionIndex:
    index = RepetitionIndex(window=window)
    for record in records:
        index.add_record(record)
    return index


def _read(source: Sequence[str], url: str | None) -> tuple[list[int], list[int]]:
    """Return the keys of a page's lines, and the ids of the page that they make."""
    lines = masked(source)
    numbers = keys(lines)
    ids = [page_id(lines, numbers) << 1]
    by_url = url_id(url)
    return numbers, ids if by_url is None else [*ids, by_url]
