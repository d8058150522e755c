"""On how many pages of a site each line stands: counted in bounded memory, kept in one file.

An entry is one 64-bit word: the line's 40-bit key and a 24-bit count. Entries lie sorted, in
memory as in the file, so a file is mapped and searched as it is.

Lines that stand on one page are forgotten when the next `window` pages of the site did not hold
them: the pages of a site fall into windows, and when one is full, entries of earlier windows that
have a count of 1 and did not recur in it go (lossy counting after Manku and Motwani, 2002, with a
fixed floor). Between two losses of the same line lie `window` pages without it, and each costs it
a count of 1: of `n` pages a count is at most ``n / window`` too low, and never too high.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from zlib import crc32

from cleantext.linekeys import hashed

_COUNT_BITS = 24
_MOST = (1 << _COUNT_BITS) - 1
_MAGIC = b"cleanrep"
VERSION = 1
_HEAD = struct.Struct(
    "=8sIIIIQQI"
)  # magic, version, byte order, window, spare, sites, directory, crc
_START = _HEAD.size + 4  # with the head's own crc: 48 bytes
_ORDER = 0x01020304
_SITE = struct.Struct("=6Q")  # pages, pages of the window, entries old and new, ids, bytes of name
_ROW = 4  # words of the directory a site: hash of its name, offset, length, crc


class IndexFileError(ValueError):
    """A file that is no index, is damaged, or is of another version; the message says which."""


class SiteCounts:
    """What is known of one site.

    Attributes:
        pages: pages counted; those of one article count once.
    """

    __slots__ = ("_hot", "_hot_ids", "_ids", "_new", "_old", "pages", "recent")

    def __init__(
        self,
        pages: int = 0,
        recent: int = 0,
        old: Sequence[int] = (),
        new: Sequence[int] = (),
        ids: Sequence[int] = (),
    ) -> None:
        self.pages, self.recent = pages, recent  # recent: pages of the window that is not full
        self._old, self._new, self._ids = old, new, ids  # sorted; `new` is what `recent` held
        self._hot: Counter[int] = Counter()  # not yet in `new`
        self._hot_ids: set[int] = set()

    def knows(self, page: int) -> bool:
        """Tell whether a page with this id was added."""
        at = bisect_left(self._ids, page)
        return page in self._hot_ids or (at < len(self._ids) and self._ids[at] == page)

    def add(self, keys: Collection[int], ids: Collection[int], window: int) -> int:
        """Count a page by its distinct keys; return how many of them were not hot before.

        `ids` are the page's; where one of them is known, the page is not counted again.
        """
        known = any(map(self.knows, ids))
        self._hot_ids.update(ids)
        if known:
            return 0
        before = len(self._hot)
        self._hot.update(keys)
        self.pages += 1
        self.recent += 1
        grown = len(self._hot) - before
        if self.recent >= window:
            self.forget_rare()
        return grown

    def counts(self, keys: Iterable[int]) -> list[int]:
        """Return for each key on how many of the pages it stands."""
        hot, tiers = self._hot, [tier for tier in (self._old, self._new) if len(tier)]
        out = []
        for key in keys:
            total = hot.get(key, 0)
            for tier in tiers:
                at = bisect_left(tier, key << _COUNT_BITS)
                while at < len(tier) and tier[at] >> _COUNT_BITS == key:
                    total += tier[at] & _MOST
                    at += 1
            out.append(total)
        return out

    def pack(self) -> None:
        """Move what is hot into compact form; entries of one line may then be several."""
        if self._hot:
            fresh = [key << _COUNT_BITS | count for key, count in self._hot.items()]
            self._new = array("Q", sorted([*self._new, *fresh]))  # fast: no object is made
            self._hot = Counter()
        if self._hot_ids:
            self._ids = array("Q", sorted({*self._ids, *self._hot_ids}))
            self._hot_ids = set()

    def forget_rare(self) -> None:
        """Close the window: drop what stands on one page and did not recur."""
        self.pack()
        new = _summed(_entries(self._new))
        kept = [(key, count) for key, count in _entries(self._old) if count > 1 or key in new]
        self._old = _packed(_summed([*kept, *new.items()]))
        self._new, self.recent = (), 0

    def merge(self, other: SiteCounts, window: int) -> None:
        """Count the pages of `other` too.

        Where pages stand in both, which lines they hold is not known: counts are then the least
        that they can be, so up to the number of those pages too low.
        """
        self.pack()
        other.pack()
        mine = set(self._ids)
        both = [page for page in other._ids if page in mine]
        # A page has an id by its text and may have one by its address, told apart by parity.
        shared = min(max(sum(page % 2 for page in both), sum(1 - page % 2 for page in both)),
                     self.pages, other.pages)  # fmt: skip
        self._ids = array("Q", sorted(mine.union(other._ids)))
        self.pages += other.pages - shared
        if shared:
            first, second = self.lines(), other.lines()
            for key, count in second.items():
                held = first.get(key, 0)
                first[key] = held + count - min(shared, held, count)
            self._old, self._new, self.recent = _packed(first), (), 0
            return
        self._old = _packed(_summed([*_entries(self._old), *_entries(other._old)]))
        self._new = _packed(_summed([*_entries(self._new), *_entries(other._new)]))
        self.recent += other.recent
        if self.recent >= window:
            self.forget_rare()

    def lines(self) -> dict[int, int]:
        """Return all counts by key."""
        return _summed([*_entries(self._old), *_entries(self._new), *self._hot.items()])

    def to_bytes(self, name: str) -> bytes:
        """Return the site in the form that `parse` reads."""
        self.pack()
        told = name.encode("utf-8", "surrogatepass")
        parts = (self._old, _packed(_summed(_entries(self._new))), self._ids)
        sizes = [len(part) for part in parts]
        head = _SITE.pack(self.pages, self.recent, *sizes, len(told))
        return b"".join([head, told, b"\0" * (-len(told) % 8), *(bytes(part) for part in parts)])

    @classmethod
    def parse(cls, data: bytes | memoryview) -> tuple[str, SiteCounts]:
        """Return name and counts of a site from what `to_bytes` gave; they share its memory.

        Raises:
            IndexFileError: it is cut off or damaged.
        """
        view = memoryview(data)
        if len(view) < _SITE.size:
            raise IndexFileError("a site's record is cut off")
        pages, recent, old, new, ids, size = _SITE.unpack_from(view)
        start = _SITE.size + size + -size % 8
        if len(view) != start + 8 * (old + new + ids):
            raise IndexFileError("a site's record is damaged: its length is not what it says")
        name = bytes(view[_SITE.size : _SITE.size + size]).decode("utf-8", "surrogatepass")
        words = view[start:].cast("Q")
        return name, cls(pages, recent, words[:old], words[old : old + new], words[old + new :])


def _entries(tier: Iterable[int]) -> Iterator[tuple[int, int]]:
    return ((entry >> _COUNT_BITS, entry & _MOST) for entry in tier)


def _summed(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for key, count in pairs:
        total[key] = total.get(key, 0) + count
    return total


def _packed(counts: Mapping[int, int]) -> array[int]:
    return array(
        "Q", sorted(key << _COUNT_BITS | min(count, _MOST) for key, count in counts.items())
    )


def write(path: str | os.PathLike[str], records: Iterable[tuple[str, bytes]], window: int) -> int:
    """Write sites (name, `SiteCounts.to_bytes`) as an index file; return their number.

    They may be more than memory holds. A file that was there is replaced when all are written.
    """
    path = Path(path)
    half = path.with_name(path.name + ".part")
    rows = []
    with open(half, "wb") as file:
        file.write(b"\0" * _START)
        for name, record in records:
            rows.append((hashed(name), file.tell(), len(record), crc32(record)))
            file.write(record)
        directory = array("Q", [word for row in sorted(rows) for word in row]).tobytes()
        place = file.tell()
        file.write(directory)
        file.seek(0)
        head = _HEAD.pack(_MAGIC, VERSION, _ORDER, window, 0, len(rows), place, crc32(directory))
        file.write(head + struct.pack("=I", crc32(head)))
    os.replace(half, path)
    return len(rows)


def merged(records: Iterable[tuple[str, bytes]], window: int) -> Iterator[tuple[str, bytes]]:
    """Yield one record a site, from records in which those of a site follow each other.

    Raises:
        IndexFileError: a record is damaged.
    """
    for name, same in groupby(records, key=itemgetter(0)):
        first, *others = (record for _, record in same)
        if others:
            _, counts = SiteCounts.parse(first)
            for other in others:
                counts.merge(SiteCounts.parse(other)[1], window)
            first = counts.to_bytes(name)
        yield name, first


class IndexFile:
    """The content of an index file. Each site's record is checked when it is first asked for.

    Args:
        name: what errors call it.
        data: its bytes, or a map of them.

    Attributes:
        window: the window (see the module) that it was counted with.

    Raises:
        IndexFileError: it is no index, is damaged, or is of another version or byte order.
    """

    def __init__(self, name: str | os.PathLike[str], data: bytes | mmap.mmap) -> None:
        self.name, self._data, size = os.fspath(name), memoryview(data), len(data)
        if size < _START:
            raise IndexFileError(f"{name}: not an index of repeated lines, or cut off")
        head = bytes(self._data[: _HEAD.size])
        magic, version, order, self.window, _, sites, place, crc = _HEAD.unpack(head)
        if magic != _MAGIC:
            raise IndexFileError(f"{name}: not an index of repeated lines")
        if order != _ORDER:
            raise IndexFileError(f"{name}: written on a machine that is not {sys.byteorder}-endian")
        if version != VERSION:
            raise IndexFileError(f"{name}: of version {version}; this release reads {VERSION}")
        if struct.unpack_from("=I", self._data, _HEAD.size)[0] != crc32(head):
            raise IndexFileError(f"{name}: damaged: its head does not match its checksum")
        if place + sites * _ROW * 8 != size:
            raise IndexFileError(f"{name}: damaged: {size} bytes long, not what its head says")
        if crc32(self._data[place:]) != crc:
            raise IndexFileError(f"{name}: damaged: its directory does not match its checksum")
        self._rows = self._data[place:].cast("Q")
        self._hashes = self._rows[::_ROW] if sites else self._rows

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> IndexFile:
        """Map a file.

        Raises:
            IndexFileError: see the class.
            OSError: it cannot be opened.
        """
        with open(path, "rb") as file:
            empty = not os.fstat(file.fileno()).st_size  # which cannot be mapped
            return cls(path, b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def __iter__(self) -> Iterator[tuple[str, SiteCounts]]:
        """Yield every site, in the order of the hashes of their names."""
        for at in range(len(self._hashes)):
            yield self._read(at)

    def get(self, name: str) -> SiteCounts | None:
        """Return what is known of a site; None: nothing."""
        wanted = hashed(name)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            found, counts = self._read(at)
            if found == name:
                return counts
            at += 1
        return None

    def _read(self, at: int) -> tuple[str, SiteCounts]:
        _, start, length, crc = self._rows[at * _ROW : (at + 1) * _ROW]
        record = self._data[start : start + length]
        if crc32(record) != crc:
            raise IndexFileError(f"{self.name}: damaged: the record at byte {start} does not match "
                                 "its checksum")  # fmt: skip
        return SiteCounts.parse(record)
