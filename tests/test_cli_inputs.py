"""Pages come out of files of every form; what is wrong with one is said, with its place."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleantext.cli.inputs import Fault, Fields, InputError, Record, find, source
from cleantext.cli.warc import conversion

TEXTS = ["The tide was out.\nÉté, 海, \U0001f30a.\n", "One line", 'a, "quoted" one\n\nwith blank']


def read(path: Path | str, fields: Fields | None = None, form: str | None = None) -> list[object]:
    return list(source(str(path), form=form).read(fields))


def texts(path: Path, fields: Fields | None = None) -> list[str | bytes]:
    return [item.text for item in read(path, fields) if isinstance(item, Record)]


def faults(path: Path, fields: Fields | None = None) -> list[str]:
    return [
        str(item).replace(str(path), "F") for item in read(path, fields) if isinstance(item, Fault)
    ]


def jsonl(rows: list[object]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def csv_bytes() -> bytes:
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "text", "url"])
    for number, text in enumerate(TEXTS):
        writer.writerow([number, text, f"https://a.example/{number}"])
    return out.getvalue().encode("utf-8-sig")


def wet() -> bytes:
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
    return info + b"".join(
        conversion({"WARC-Record-ID": f"<urn:{n}>"}, f"https://a.example/{n}", text.encode())
        for n, text in enumerate(TEXTS)
    )


def http(body: bytes, *headers: str, kind: str = "response") -> bytes:
    message = "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body
    head = (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://b.example/>\r\n"
            f"Content-Type: application/http; msgtype={kind}\r\n"
            f"Content-Length: {len(message)}\r\n\r\n")  # fmt: skip
    return head.encode() + message + b"\r\n\r\n"


def zst(data: bytes) -> bytes:
    zstandard = pytest.importorskip("zstandard")
    half = len(data) // 2
    compress: Callable[[bytes], bytes] = zstandard.ZstdCompressor().compress
    return compress(data[:half]) + compress(data[half:])


def gz(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


@pytest.mark.parametrize(
    ("ending", "squeeze"),
    [("", bytes), (".gz", gz), (".zst", zst), (".bz2", bz2.compress), (".xz", lzma.compress)],
)
@pytest.mark.parametrize("form", ["jsonl", "csv", "wet"])
def test_every_form_in_every_compression(
    tmp_path: Path, form: str, ending: str, squeeze: Callable[[bytes], bytes]
) -> None:
    data = {"jsonl": jsonl([{"text": text, "url": f"https://a.example/{n}"} for n, text in enumerate(TEXTS)]),
            "csv": csv_bytes(), "wet": wet()}[form]  # fmt: skip
    path = tmp_path / f"pages.{form}{ending}"
    path.write_bytes(squeeze(data))
    seen: list[int] = []
    records = list(source(str(path)).read(at=seen.append))
    assert [r.text for r in records if isinstance(r, Record)] == TEXTS
    assert [r.url for r in records if isinstance(r, Record)] == [
        f"https://a.example/{n}" for n in range(3)
    ]
    assert max(seen) == path.stat().st_size
    assert seen == sorted(seen)


def test_parquet_keeps_rows_and_names_them(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    path = tmp_path / "pages.parquet"
    rows = {"text": [*TEXTS, None], "id": [1, 2, 3, 4]}
    parquet.write_table(arrow.table(rows), path)
    seen: list[int] = []
    *records, last = list(source(str(path)).read(at=seen.append))
    assert [(r.text, r.row["id"]) for r in records if isinstance(r, Record)] == list(
        zip(TEXTS, [1, 2, 3], strict=True)
    )
    assert str(last) == f"{path}:4: field 'text' must be a string, not null"
    assert seen[-1] == path.stat().st_size
    with pytest.raises(InputError, match="no field 'body'; it has text, id; name one with --field"):
        read(path, Fields(text="body"))
    path.write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="not Parquet"):
        read(path)


def test_single_pages(tmp_path: Path) -> None:
    for name, html in (("a.txt", False), ("a.md", False), ("a.html", True), ("a", False)):
        path = tmp_path / name
        path.write_bytes(b"caf\xc3\xa9\r\n\x00\r")
        [record] = read(path)
        assert isinstance(record, Record)
        assert record.html is html
        assert record.text == (b"caf\xc3\xa9\r\n\x00\r" if html else "café\r\n\x00\r")


def test_bad_json_rows_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"text": "a"}\n{"text": \n\n[1]\n{"body": "x"}\n{"text": null}\n'
        b'{"text": "caf\xe9"}\n' + b"[" * 100_000 + b'\n{"text": "b"}'
    )
    assert texts(path) == ["a", "b"]
    assert [line.split(": ", 1)[1] for line in faults(path)] == [
        "not JSON: Expecting value at column 9",
        "must be an object, not list",
        "field 'text' is missing; it has body",
        "field 'text' must be a string, not null",
        "not UTF-8 at byte 13; convert it first, e.g. with iconv",
        "not JSON: nested too deeply",
    ]
    assert [line.split(": ")[0] for line in faults(path)] == [
        "F:2",
        "F:4",
        "F:5",
        "F:6",
        "F:7",
        "F:8",
    ]


def test_bad_csv_rows_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_bytes(b'text,n\na,1\n"two\nlines",2\nb\nc,"x"y,3\n"caf\xe9",4\nd,5\n"open,6\n')
    assert texts(path) == ["a", "two\nlines", "d"]
    assert faults(path) == [
        "F:5: has 1 fields where the header has 2",
        "F:6: not CSV: ',' expected after '\"'",
        "F:7: not UTF-8; convert it first, e.g. with iconv",
        "F:9: not CSV: unexpected end of data",
    ]
    with pytest.raises(InputError, match="no field 'body'; it has text, n"):
        read(path, Fields(text="body"))


def test_a_cut_off_file_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pages.wet.gz"
    whole = b"".join(gzip.compress(wet()[: wet().index(b"WARC/1.0", 10)]) for _ in range(1))
    first = conversion({}, None, b"first")
    path.write_bytes(whole + gzip.compress(first) + gzip.compress(first)[:-12])
    assert texts(path) == ["first"]
    [fault] = faults(path)
    assert fault.startswith("F: damaged or cut off")
    plain = tmp_path / "pages.wet"
    plain.write_bytes(wet()[:-20])
    assert texts(plain) == TEXTS[:2]
    assert faults(plain)[0].startswith("F: record 4: cut off: ")
    plain.write_bytes(first + b"rubbish\r\n" + first)
    assert texts(plain) == ["first"]
    assert faults(plain) == ["F: record 2: not a WARC record, the rest cannot be read"]


def test_warc_responses(tmp_path: Path) -> None:
    path = tmp_path / "pages.warc"
    page = "<html><p>Été</p></html>"
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page.encode()), page.encode())
    path.write_bytes(
        http(page.encode(), "Content-Type: text/html")
        + http(page.encode("latin-1"), "Content-Type: text/html; charset=ISO-8859-1")
        + http(gzip.compress(page.encode()), "Content-Type: text/html", "Content-Encoding: gzip")
        + http(chunked, "Content-Type: text/html", "Transfer-Encoding: chunked")
        + http(page.encode(), "Content-Type: text/html", "Transfer-Encoding: chunked")
        + http(b"\x89PNG", "Content-Type: image/png")
        + http(b"GET / HTTP/1.1\r\n\r\n", kind="request")
        + http(b"x", "Content-Type: text/html", "Content-Encoding: br")
        + http(b"words", "Content-Type: text/plain")
    )
    records = [item for item in read(path) if isinstance(item, Record)]
    assert [item.text for item in records] == [
        page.encode(), page.encode("latin-1"), page.encode(), page.encode(), page.encode(), "words",
    ]  # fmt: skip
    assert [item.encoding for item in records] == [None, "iso-8859-1", *[None] * 4]
    assert [item.html for item in records] == [True] * 5 + [False]
    assert records[0].url == "https://b.example/"
    assert faults(path) == [
        "F: record 8: bad HTTP response: content encoding 'br' is not supported"
    ]


def test_find(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl.gz", "sub/c.html", "sub/d.bin", ".hidden.txt", ".git/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = find([str(tmp_path), str(tmp_path / "b.txt"), str(tmp_path / "sub" / "d.bin")])
    assert [(s.name, s.form, s.compression) for s in found] == [
        ("a.jsonl.gz", "jsonl", ".gz"), ("b.txt", "text", ""), ("sub/c.html", "html", ""),
        ("b.txt", "text", ""), ("d.bin", "text", ""),
    ]  # fmt: skip
    assert [s.name for s in find([str(tmp_path / "**" / "*.html")])] == ["c.html"]
    assert [s.name for s in find([str(tmp_path / "**" / "*.*t*")])] == [
        "b.txt", "sub/c.html",
    ]  # fmt: skip
    assert find([str(tmp_path / "b.txt")], form="jsonl")[0].form == "jsonl"
    for argument, words in (("nothing-*.txt", "no file matches"), ("no", "No such file")):
        with pytest.raises(InputError, match=words):
            find([argument])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="without a file of a known suffix"):
        find([str(tmp_path / "empty")])


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, path in (
        ("zstandard", "zstd", tmp_path / "a.jsonl.zst"),
        ("pyarrow", "parquet", tmp_path / "a.parquet"),
    ):
        path.write_bytes(b"")
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(InputError, match=rf"pip install 'cleantext-boilerplate\[{name}\]'"):
            read(path)


def test_html_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl([{"page": "<p>x</p>", "link": "https://c.example/"}]))
    [record] = read(path, Fields(text="page", url="link", html=True))
    assert isinstance(record, Record)
    assert (record.html, record.url) == (True, "https://c.example/")


PIECES = [b"WARC/1.0\r\n", b"Content-Length: 5\r\n", b"WARC-Type: response\r\n", b"\r\n", b'{"text": "a"}',
          b"\n", b'"', b",", b"text", b"HTTP/1.1 200 OK\r\n", b"Content-Type: application/http\r\n",
          b"Transfer-Encoding: chunked\r\n", b"PAR1", b"\x1f\x8b\x08\x00", b"BZh9", b"\xfd7zXZ\x00",
          b"Content-Type: text/html; charset=\xff\r\n", b"Content-Encoding: gzip\r\n"]  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=14).map(
        b"".join
    ),
    squeezed=st.booleans(),
)
def test_no_bytes_break_a_reader(tmp_path: Path, data: bytes, squeezed: bool) -> None:
    names = ["a.txt", "a.html", "a.jsonl", "a.csv", "a.warc", "a.jsonl.gz", "a.wet.bz2", "a.csv.xz"]
    if "pyarrow" in sys.modules:
        names.append("a.parquet")
    for name in names:
        path = tmp_path / name
        known: dict[str, Callable[[bytes], bytes]] = {
            ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress,
        }  # fmt: skip
        squeeze = known.get(path.suffix)
        path.write_bytes(squeeze(data) if squeeze and squeezed else data)
        try:
            items = read(path)
        except InputError as error:
            items = [Fault(*str(error).split(": ", 1))]
        assert all(isinstance(item, Record) or str(path) in str(item) for item in items)
