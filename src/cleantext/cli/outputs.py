"""Where cleaned pages go: files of every form, written whole or not at all; or stdout.

A file is written beside its place under another name and moved there when it is complete, so that
neither an error nor Ctrl-C leaves a part of one behind.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Protocol, cast
from uuid import NAMESPACE_URL, uuid5

from cleantext.cli import warc
from cleantext.cli.inputs import COMPRESSIONS, FORMS, TABLES, Fields, Record, extra
from cleantext.types import Removed

#: Forms that can be written, with the suffix of their files.
SUFFIXES: Mapping[str, str] = {
    "text": ".txt", "markdown": ".md", "jsonl": ".jsonl", "csv": ".csv", "tsv": ".tsv",
    "parquet": ".parquet", "wet": ".wet",
}  # fmt: skip
#: Forms that have another one when they are written: HTML comes out as text, WARC as WET.
WRITTEN: Mapping[str, str] = {"html": "text", "warc": "wet"}
REMOVED = "removed"
_ROWS = 256  # of a Parquet file, held at a time


class OutputError(ValueError):
    """An output that cannot be written; the message says what and why."""


class MisfitError(ValueError):
    """A record that does not fit into an output and is left out; the message says why."""


class Writer(Protocol):
    """What takes cleaned pages one by one."""

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None: ...

    def close(self) -> None:
        """Write what is still held back. The stream stays open."""


def form_of(path: str) -> str | None:
    """Return the form that a file would be written in, by its suffix; None where unknown."""
    stem = PurePath(path)
    if stem.suffix.lower() in COMPRESSIONS:
        stem = stem.with_suffix("")
    form = FORMS.get(stem.suffix.lower())
    return WRITTEN.get(form, form) if form else None


def renamed(name: str, form: str) -> str:
    """Return the name of the output that an input of a name becomes in a form."""
    stem, compression = PurePath(name), ""
    if stem.suffix.lower() in COMPRESSIONS:
        stem, compression = stem.with_suffix(""), stem.suffix
    known = FORMS.get(stem.suffix.lower())
    if known is None and form == "text":
        return str(stem) + compression
    if known != form:
        stem = stem.with_suffix(SUFFIXES[form]) if known else PurePath(str(stem) + SUFFIXES[form])
    return str(stem) + ("" if form == "parquet" else compression)


class Output:
    """A file that appears whole when it is committed, or stdout for the path None."""

    def __init__(
        self,
        path: Path | None,
        form: str,
        fields: Fields,
        *,
        with_removed: bool = False,
        schema: Callable[[], Any] | None = None,
    ) -> None:
        """Take what it shall be; nothing is opened before `open`, so that `abort` can't be missed.

        Args:
            path: the file, or None for stdout.
            form: a key of SUFFIXES.
            fields: how the fields of a record are called.
            with_removed: write what was removed as well: a field of a table; beside other forms,
                a file of its own (``x.txt.removed.jsonl``).
            schema: gives the Arrow schema that a Parquet file shall have, where one is known.
        """
        self.path, self._form, self._fields = path, form, fields
        self._with_removed, self._schema = with_removed, schema
        self._parts: list[tuple[Path, Path]] = []
        self._streams: list[BinaryIO] = []
        self._writer: Writer
        self._beside: Writer | None = None

    def open(self) -> None:
        """Open it, and its directory where there is none.

        Raises:
            OutputError: it cannot be opened, or not in this form.
        """
        path, form, with_removed = self.path, self._form, self._with_removed
        if path is None and (form == "parquet" or (with_removed and form not in TABLES)):
            what = "Parquet" if form == "parquet" else f"--with-removed in the form {form}"
            raise OutputError(f"{what} cannot go to stdout: name a file with -o, or use --to jsonl")
        stream = self._open(path)
        self._writer = _writer(form, stream, self._fields, with_removed, self._schema)
        if with_removed and form not in TABLES and path is not None:
            other = self._open(path.with_name(path.name + ".removed.jsonl"))
            self._beside = _RemovedLines(other)

    def _open(self, path: Path | None) -> BinaryIO:
        if path is None:
            return cast(BinaryIO, sys.stdout.buffer)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._parts.append((part, path))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            raw = part.open("wb")
        except OSError as error:
            raise OutputError(f"{error.filename}: {error.strerror}") from None
        self._streams.append(raw)
        stream = compressed(raw, path.suffix.lower())
        if stream is not raw:
            self._streams.append(stream)
        return stream

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        """Add a page. `removed` is None where it was not asked for.

        Raises:
            MisfitError: the record does not fit in; it is left out.
            OutputError: the output cannot be completed.
        """
        self._writer.write(record, text, removed)
        if self._beside:
            self._beside.write(record, text, removed)
        if self.path is None:
            sys.stdout.buffer.flush()

    def commit(self) -> None:
        """Finish the file and move it to its place."""
        self._writer.close()
        while self._streams:
            self._streams.pop().close()
        for part, path in self._parts:
            os.replace(part, path)
        self._parts.clear()

    def abort(self) -> None:
        """Leave nothing behind, unless it was committed."""
        while self._streams:
            try:
                self._streams.pop().close()
            except (OSError, ValueError):  # it was on its way to be deleted
                continue
        for part, _ in self._parts:
            if part.exists():
                part.unlink()
        self._parts.clear()


def compressed(stream: BinaryIO, compression: str) -> BinaryIO:
    """Return a stream that compresses what is written to it, by the suffix of its file."""
    if compression == ".zst":
        zstandard = extra("zstandard", "zstd", "a .zst file")
        return cast(BinaryIO, zstandard.ZstdCompressor().stream_writer(stream, closefd=False))
    if compression == ".gz":
        return cast(BinaryIO, gzip.GzipFile("", "wb", 6, stream, mtime=0))
    if compression == ".bz2":
        return cast(BinaryIO, bz2.open(stream, "wb"))
    return cast(BinaryIO, lzma.open(stream, "wb")) if compression == ".xz" else stream


def utf8(text: str) -> bytes:
    """Encode; lone surrogates as they are."""
    return text.encode("utf-8", "surrogatepass")


def spans(removed: Sequence[Removed]) -> list[dict[str, Any]]:
    """Return removed spans as JSON-ready values."""
    return [
        {
            "start": cut.start, "end": cut.end, "text": cut.text, "category": cut.category,
            "rule": cut.rule, "score": round(cut.score, 4), "reason": cut.reason,
        }
        for cut in removed
    ]  # fmt: skip


def row_of(
    record: Record, text: str, removed: Sequence[Removed] | None, fields: Fields
) -> dict[str, Any]:
    """Return a page as a row: the row that it was, with its text cleaned; else one of its own.

    Raises:
        MisfitError: the row has a field `removed` already.
    """
    if fields.text in record.row:
        row = dict(record.row)
        row[fields.text] = text
    else:
        known = {name.lower(): value for name, value in record.row.items()}
        row = {} if known else {"file": record.place}
        for name, header in (("id", "warc-record-id"), ("date", "warc-date")):
            if header in known:
                row[name] = known[header]
        if record.url is not None:
            row[fields.url] = record.url
        row[fields.text] = text
    if removed is not None:
        if REMOVED in row:
            raise MisfitError(
                f"has a field {REMOVED!r} already, which --with-removed would replace"
            )
        row[REMOVED] = spans(removed)
    return row


def _json(row: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False, default=_plain).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # lone surrogates
        return json.dumps(row, default=_plain).encode("ascii") + b"\n"


def _plain(value: Any) -> Any:
    """Return what JSON has no form for (dates, decimals, bytes of a Parquet file) as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _writer(form: str, stream: BinaryIO, fields: Fields, with_removed: bool, schema: Any) -> Writer:
    if form == "jsonl":
        return _Jsonl(stream, fields)
    if form in ("csv", "tsv"):
        return _Csv(stream, fields, "\t" if form == "tsv" else ",")
    if form == "parquet":
        return _Parquet(stream, fields, with_removed, schema)
    return _Wet(stream) if form == "wet" else _Text(stream)


class _Text:
    """Text as it is; a blank line between pages where one stream gets several tables' pages."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._started = stream, False

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        if record.row and self._started:
            self._stream.write(b"\n")
        self._started = self._started or bool(text)
        self._stream.write(utf8(text))
        if record.row and text and not text.endswith("\n"):
            self._stream.write(b"\n")

    def close(self) -> None:
        self._stream.flush()


class _Wet:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        body = utf8(text)
        self._stream.write(warc.conversion(_headers(record, body), record.url, body))

    def close(self) -> None:
        self._stream.flush()


def _headers(record: Record, body: bytes) -> dict[str, str]:
    """Return WARC headers: those of the record it was, or of its own, pointing to a response."""
    given = {name: str(value) for name, value in record.row.items() if name.startswith("WARC-")}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if given.get("WARC-Type") == "conversion":
        headers = given
    else:
        headers = {"WARC-Date": given.get("WARC-Date", now)}
        if "WARC-Record-ID" in given:
            headers["WARC-Refers-To"] = given["WARC-Record-ID"]
    made = uuid5(NAMESPACE_URL, f"{record.url or record.place} {hashlib.sha256(body).hexdigest()}")
    headers.setdefault("WARC-Record-ID", f"<urn:uuid:{made}>")
    headers.setdefault("WARC-Date", now)
    return headers


class _Jsonl:
    def __init__(self, stream: BinaryIO, fields: Fields) -> None:
        self._stream, self._fields = stream, fields

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        self._stream.write(_json(row_of(record, text, removed, self._fields)))

    def close(self) -> None:
        self._stream.flush()


class _RemovedLines:
    """What was removed, for forms that have no fields: a line for each page."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        row = {"page": record.place, "url": record.url, REMOVED: spans(removed or ())}
        self._stream.write(_json(row))

    def close(self) -> None:
        self._stream.flush()


class _Csv:
    """The columns are those of the first record."""

    def __init__(self, stream: BinaryIO, fields: Fields, delimiter: str) -> None:
        self._stream, self._fields = stream, fields
        self._line = io.StringIO(newline="")
        self._rows = csv.writer(self._line, delimiter=delimiter, lineterminator="\n")
        self._columns: list[str] = []

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        row = row_of(record, text, removed, self._fields)
        if not self._columns:
            self._columns = list(row)
            self._rows.writerow(self._columns)
        for name in row:
            if name not in self._columns:
                raise MisfitError(f"field {name!r} is not among the columns of the first record")
        self._rows.writerow([_cell(row.get(name)) for name in self._columns])
        self._stream.write(utf8(self._line.getvalue()))
        self._line.seek(0)
        self._line.truncate()

    def close(self) -> None:
        self._stream.flush()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return _json(cast(Mapping[str, Any], value)).decode("utf-8").rstrip("\n")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


class _Parquet:
    """The schema is the given one, else what the first rows show."""

    def __init__(self, stream: BinaryIO, fields: Fields, with_removed: bool, schema: Any) -> None:
        self._arrow = extra("pyarrow", "parquet", "a Parquet file")
        self._parquet = extra("pyarrow.parquet", "parquet", "a Parquet file")
        self._stream, self._fields = stream, fields
        self._with_removed, self._schema_of = with_removed, schema
        self._schema: Any = None
        self._file: Any = None
        self._rows: list[dict[str, Any]] = []

    def write(self, record: Record, text: str, removed: Sequence[Removed] | None) -> None:
        row = row_of(record, text, removed, self._fields)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise MisfitError("has lone surrogates, which Parquet cannot hold") from None
        for name in row if self._schema is not None else ():
            if name not in self._schema.names:
                raise MisfitError(f"field {name!r} is not among the columns of the first records")
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        try:
            if self._schema is None:
                self._schema = self._make_schema()
                self._file = self._parquet.ParquetWriter(self._stream, self._schema)
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        except self._arrow.ArrowException as error:
            raise OutputError(f"rows do not fit the columns of the first ones: {error}") from None
        self._rows = []

    def _make_schema(self) -> Any:
        arrow = self._arrow
        schema = self._schema_of() if self._schema_of else None
        if schema is None:
            names = dict.fromkeys(name for row in self._rows for name in row if name != REMOVED)
            rows = [{name: row.get(name) for name in names} for row in self._rows]
            schema = arrow.Table.from_pylist(rows).schema if rows else arrow.schema([])
        at, text = schema.get_field_index(self._fields.text), arrow.string()
        if at < 0:
            schema = schema.append(arrow.field(self._fields.text, text))
        elif not arrow.types.is_large_string(schema.field(at).type):
            schema = schema.set(at, schema.field(at).with_type(text))
        if self._with_removed:
            kinds = {"start": arrow.int64(), "end": arrow.int64(), "score": arrow.float64()}
            parts = ("start", "end", "text", "category", "rule", "score", "reason")
            span = arrow.struct([(name, kinds.get(name, text)) for name in parts])
            schema = schema.append(arrow.field(REMOVED, arrow.list_(span)))
        return schema

    def close(self) -> None:
        if self._rows or self._file is None:
            self._flush()
        self._file.close()
