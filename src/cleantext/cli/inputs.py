"""Where pages come from: files of every form, directories, globs, stdin.

`find` turns the arguments of a command into sources; `Source.read` yields their pages one by one.
A record that cannot be read comes as a `Fault` in its place among them, so that who reads decides
whether to go on. Memory holds one record at a time, or one batch of rows of a Parquet file.
"""

from __future__ import annotations

import bz2
import csv
import glob
import gzip
import io
import json
import lzma
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, Any, BinaryIO, cast

#: Form of a file by its suffix, below that of its compression.
FORMS: Mapping[str, str] = {
    ".txt": "text", ".text": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet", ".wet": "wet", ".warc": "warc",
}  # fmt: skip
COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz")
#: Forms whose files hold one page each.
SINGLE = frozenset(("text", "html", "markdown"))
#: Forms whose records have named fields.
TABLES = frozenset(("jsonl", "csv", "tsv", "parquet"))
#: What a reader of a file may raise when the file is damaged.
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
_MAX_FIELD = 100_000_000  # characters of one CSV field; an unclosed quote ends there
_ROWS = 256  # of a Parquet file, held at a time


class InputError(ValueError):
    """A source that cannot be read at all; the message names it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One page of a source.

    Attributes:
        text: the text of the page, or its HTML; bytes only for HTML.
        place: source and line (or number) of the record, for messages.
        url: where the page was found, or None.
        html: `text` is HTML.
        row: the record as it was read: JSON object, row of a table, headers of a WARC record.
        encoding: what the server said of the bytes of HTML, or None.
    """

    text: str | bytes
    place: str
    url: str | None = None
    html: bool = False
    row: Mapping[str, Any] = field(default_factory=dict)
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that could not be read: where it stands, and what is wrong with it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a record say what.

    Attributes:
        text: the one that holds the page's text.
        url: the one that holds its URL; records may lack it.
        html: the text is HTML.
    """

    text: str = "text"
    url: str = "url"
    html: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One file of pages, or stdin.

    Attributes:
        path: its path, or ``-``.
        form: a value of FORMS.
        compression: one of COMPRESSIONS, or "".
        name: what to call it among the outputs: its path below the directory that was given.
    """

    path: str
    form: str
    compression: str
    name: str

    @property
    def shown(self) -> str:
        """Its name in messages."""
        return "<stdin>" if self.path == "-" else self.path

    @property
    def single(self) -> bool:
        """It holds one page."""
        return self.form in SINGLE

    def size(self) -> int:
        """Bytes of the file as it lies on the disk; 0 for stdin."""
        return 0 if self.path == "-" else os.path.getsize(self.path)

    def read(
        self, fields: Fields | None = None, at: Callable[[int], object] | None = None
    ) -> Iterator[Record | Fault]:
        """Yield the pages of the source, in order.

        Args:
            fields: where a record of a table has its text.
            at: called now and then with the bytes of the file that were read so far.

        Raises:
            InputError: it cannot be opened, lacks the field, or needs an extra that is missing.
        """
        fields = fields or Fields()
        if self.form == "parquet":
            yield from _parquet(self, fields, at)
            return
        try:
            raw = nullcontext(sys.stdin.buffer) if self.path == "-" else open(self.path, "rb")  # noqa: SIM115
        except OSError as error:
            raise InputError(f"{self.shown}: {error.strerror}") from None
        with raw as stream:
            if at:
                stream = io.BufferedReader(_Counted(stream, at), 1 << 16)
            try:
                yield from _READERS[self.form](self, decompressed(stream, self.compression), fields)
            except DAMAGED as error:
                reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                yield Fault(self.shown, f"damaged or cut off, the rest cannot be read: {reason}")


def source(path: str, name: str | None = None, form: str | None = None) -> Source:
    """Return the source at a path; its form is told from its suffix: text where unknown."""
    stem, compression = PurePath(path), ""
    if stem.suffix.lower() in COMPRESSIONS:
        stem, compression = stem.with_suffix(""), stem.suffix.lower()
    told = FORMS.get(stem.suffix.lower(), "text")
    return Source(path, form or told, compression, name or os.path.basename(path))


def find(arguments: Sequence[str], form: str | None = None) -> list[Source]:
    """Return the sources that the arguments of a command mean, in order.

    What a directory or glob brings is left out where it came before.

    Args:
        arguments: paths of files, directories (searched for files of known suffixes, hidden ones
            left out), globs (``**`` goes down), or ``-`` for stdin.
        form: what every file is, whatever its suffix.

    Raises:
        InputError: a path that does not exist, a glob or directory without a file.
    """
    found: list[Source] = []
    seen: set[str] = set()
    for argument in arguments:
        for path, name in _expand(argument):
            if path == argument or path not in seen:
                found.append(source(path, name, form))
            seen.add(path)
    return found


def _expand(argument: str) -> Iterator[tuple[str, str | None]]:
    if argument == "-" or os.path.isfile(argument):
        yield argument, None
    elif os.path.isdir(argument):
        files = sorted(path for path in _walk(argument) if _known(path))
        if not files:
            raise InputError(f"{argument}: Is a directory without a file of a known suffix")
        for path in files:
            yield path, os.path.relpath(path, argument)
    elif glob.has_magic(argument):
        files = sorted(filter(os.path.isfile, glob.glob(argument, recursive=True)))
        if not files:
            raise InputError(f"{argument}: no file matches")
        fixed = os.path.commonpath([os.path.dirname(path) for path in files])
        for path in files:
            yield path, os.path.relpath(path, fixed or ".")
    elif os.path.exists(argument):
        yield argument, None  # a pipe or device
    else:
        raise InputError(f"{argument}: No such file or directory")


def _walk(directory: str) -> Iterator[str]:
    for folder, folders, files in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(folder, name) for name in files if not name.startswith("."))


def _known(path: str) -> bool:
    stem = PurePath(path)
    if stem.suffix.lower() in COMPRESSIONS:
        stem = stem.with_suffix("")
    return stem.suffix.lower() in FORMS


def extra(module: str, name: str, purpose: str) -> Any:
    """Import what an extra brings; InputError names the extra where it is missing."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(
            f"{purpose} needs {module.partition('.')[0]}: "
            f"pip install 'cleantext-boilerplate[{name}]'"
        ) from None


def decompressed(stream: BinaryIO, compression: str) -> BinaryIO:
    """Return a stream of what a compressed one holds; its members may be many."""
    if compression == ".zst":
        zstandard = extra("zstandard", "zstd", "a .zst file")
        reader = zstandard.ZstdDecompressor().stream_reader(
            stream, read_across_frames=True, closefd=False
        )
        return io.BufferedReader(reader)
    if compression == ".gz":
        return cast(BinaryIO, gzip.open(stream))
    if compression == ".bz2":
        return cast(BinaryIO, bz2.open(stream))
    return cast(BinaryIO, lzma.open(stream)) if compression == ".xz" else stream


class _Counted(io.RawIOBase):
    """A stream that says how far it was read."""

    def __init__(self, stream: BinaryIO, at: Callable[[int], object]) -> None:
        self._stream, self._at, self._read = stream, at, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._read += len(data)
        self._at(self._read)
        return len(data)


def _utf8(data: bytes, charset: str | None = None) -> str:
    """Decode, as UTF-8 unless another encoding is named that is known."""
    try:
        try:
            return data.decode(charset or "utf-8")
        except LookupError:
            return data.decode("utf-8")
    except UnicodeDecodeError as error:
        named = "UTF-8" if charset in (None, "utf-8") else charset
        message = f"not {named} at byte {error.start}; convert it first, e.g. with iconv"
        raise ValueError(message) from None


def _page(source: Source, stream: BinaryIO, fields: Fields) -> Iterator[Record | Fault]:
    data = stream.read()
    if source.form == "html":
        yield Record(data, source.shown, html=True)
        return
    try:
        yield Record(_utf8(data), source.shown, html=fields.html)
    except ValueError as error:
        yield Fault(source.shown, str(error))


def _jsonl(source: Source, stream: BinaryIO, fields: Fields) -> Iterator[Record | Fault]:
    for number, line in enumerate(stream, 1):
        place = f"{source.shown}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(_utf8(line.removeprefix(b"\xef\xbb\xbf").rstrip()))
        except json.JSONDecodeError as error:
            yield Fault(place, f"not JSON: {error.msg} at column {error.colno}")
        except ValueError as error:
            yield Fault(place, str(error))
        except RecursionError:
            yield Fault(place, "not JSON: nested too deeply")
        else:
            yield _of_row(row, place, fields)


def _csv(source: Source, stream: BinaryIO, fields: Fields) -> Iterator[Record | Fault]:
    csv.field_size_limit(_MAX_FIELD)
    # What is no UTF-8 becomes lone surrogates, so that one bad row does not end the others.
    text = io.TextIOWrapper(
        cast(IO[bytes], stream), encoding="utf-8-sig", errors="surrogateescape", newline=""
    )
    try:
        yield from _csv_rows(source, text, fields)
    finally:
        text.detach()


def _csv_rows(source: Source, text: IO[str], fields: Fields) -> Iterator[Record | Fault]:
    rows = csv.reader(text, delimiter="\t" if source.form == "tsv" else ",", strict=True)
    try:
        header = next(rows)
    except StopIteration:
        return
    except csv.Error as error:
        raise InputError(f"{source.shown}:{rows.line_num}: not CSV: {error}") from None
    _has_field(source, header, fields)
    while True:
        first = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(f"{source.shown}:{first}", f"not CSV: {error}")
            continue
        place = f"{source.shown}:{first}"
        if not row:
            continue
        if len(row) != len(header):
            yield Fault(place, f"has {len(row)} fields where the header has {len(header)}")
        elif any("\udc80" <= char <= "\udcff" for cell in row for char in cell):
            yield Fault(place, "not UTF-8; convert it first, e.g. with iconv")
        else:
            yield _of_row(dict(zip(header, row, strict=True)), place, fields)


def _parquet(
    source: Source, fields: Fields, at: Callable[[int], object] | None
) -> Iterator[Record | Fault]:
    arrow = extra("pyarrow", "parquet", "a Parquet file")
    parquet = extra("pyarrow.parquet", "parquet", "a Parquet file")
    if source.path == "-":
        raise InputError("<stdin>: Parquet is read from a file, not from a pipe")
    try:
        file = parquet.ParquetFile(source.path)
    except (OSError, arrow.ArrowException) as error:
        reason = getattr(error, "strerror", None) or f"not Parquet: {error}"
        raise InputError(f"{source.shown}: {reason}") from None
    with file:
        _has_field(source, file.schema_arrow.names, fields)
        size, total, number = source.size(), max(1, file.metadata.num_rows), 0
        try:
            for batch in file.iter_batches(batch_size=_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield _of_row(row, f"{source.shown}:{number}", fields)
                if at:
                    at(size * number // total)
        except (OSError, arrow.ArrowException) as error:
            yield Fault(source.shown, f"damaged after row {number}: {error}")


def schema(source: Source) -> Any:
    """Return the Arrow schema of a Parquet source."""
    return extra("pyarrow.parquet", "parquet", "a Parquet file").read_schema(source.path)


def _has_field(source: Source, names: Sequence[str], fields: Fields) -> None:
    if fields.text not in names:
        raise InputError(
            f"{source.shown}: no field {fields.text!r}; it has {', '.join(names)}; "
            "name one with --field"
        )


def _of_row(row: Any, place: str, fields: Fields) -> Record | Fault:
    if not isinstance(row, dict):
        return Fault(place, f"must be an object, not {type(row).__name__}")
    if fields.text not in row:
        has = f"; it has {', '.join(map(str, row))}" if row else ""
        return Fault(place, f"field {fields.text!r} is missing{has}")
    text, url = row[fields.text], row.get(fields.url)
    if not isinstance(text, str) and not (fields.html and isinstance(text, bytes)):
        kind = "null" if text is None else type(text).__name__
        return Fault(place, f"field {fields.text!r} must be a string, not {kind}")
    return Record(text, place, url if isinstance(url, str) else None, fields.html, row)


def _warc(source: Source, stream: BinaryIO, fields: Fields) -> Iterator[Record | Fault]:
    from cleantext.cli import warc

    for item in warc.read(stream):
        place = f"{source.shown}: record {item.number}"
        if item.error:
            yield Fault(place, item.error)
        elif not item.plain:
            yield Record(item.body, place, item.url, True, item.headers, item.charset)
        else:
            try:
                yield Record(_utf8(item.body, item.charset), place, item.url, False, item.headers)
            except ValueError as error:
                yield Fault(place, str(error))


_READERS: Mapping[str, Callable[[Source, BinaryIO, Fields], Iterator[Record | Fault]]] = {
    "text": _page, "html": _page, "markdown": _page, "jsonl": _jsonl, "csv": _csv, "tsv": _csv,
    "wet": _warc, "warc": _warc,
}  # fmt: skip
