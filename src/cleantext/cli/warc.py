"""WARC files (ISO 28500), WET among them: read records one by one, write conversion records.

Only what holds a page is yielded: `conversion` and `resource` records of text, `response` records
whose payload is HTML or plain text. A record that is cut off or garbled is named, and ends the
file, as nothing says where the next one starts.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import BinaryIO

_MAX_LINE = 64_000  # bytes of one header line
_MAX_HEADERS = 400  # lines of one record's headers
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Item:
    """One record with a page.

    Attributes:
        number: which record of the file it is, from 1, all kinds counted.
        headers: its WARC headers, names as they stand there.
        body: the page's text or HTML.
        plain: `body` is text, not HTML.
        charset: its encoding, where its headers name one.
        url: WARC-Target-URI, or None.
        error: what is wrong with it, or "".
    """

    number: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    plain: bool = True
    charset: str | None = None
    url: str | None = None
    error: str = ""


def read(stream: BinaryIO) -> Iterator[Item]:
    """Yield the records of an uncompressed WARC stream that hold a page."""
    number = 0
    while line := _first_line(stream):
        number += 1
        if not line.startswith(b"WARC/"):
            yield Item(number, error="not a WARC record, the rest cannot be read")
            return
        headers = _headers(stream)
        length = {name.lower(): value for name, value in (headers or {}).items()}.get(
            "content-length", ""
        )
        if headers is None or not length.isdecimal():
            yield Item(number, error="bad WARC headers, the rest cannot be read")
            return
        body = stream.read(int(length))
        if len(body) < int(length):
            yield Item(number, error=f"cut off: {len(body)} bytes of {length}")
            return
        if item := _item(number, headers, body):
            yield item


def _first_line(stream: BinaryIO) -> bytes:
    """Return the first line that is not blank; empty at the end."""
    while line := stream.readline(_MAX_LINE):
        if line.strip():
            return line
    return b""


def _headers(stream: BinaryIO) -> dict[str, str] | None:
    headers: dict[str, str] = {}
    last = ""
    for _ in range(_MAX_HEADERS):
        line = stream.readline(_MAX_LINE)
        if not line.strip():
            return headers if line else None
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        name, colon, value = text.partition(":")
        if text[0] in " \t" and last:
            headers[last] += " " + text.strip()
        elif colon:
            last = name.strip()
            headers[last] = value.strip()
        else:
            return None
    return None


def _item(number: int, headers: Mapping[str, str], body: bytes) -> Item | None:
    known = {name.lower(): value for name, value in headers.items()}
    kind, mime = known.get("warc-type", ""), known.get("content-type", "")
    url = known.get("warc-target-uri", "").strip("<>") or None
    if kind == "response" and mime.startswith("application/http"):
        try:
            mime, body = _payload(body)
        except (HTTPException, OSError, ValueError, zlib.error) as error:
            return Item(number, headers, url=url, error=f"bad HTTP response: {error or 'cut off'}")
    elif kind not in ("conversion", "resource"):
        return None
    message = Message()
    message["Content-Type"] = mime
    if message.get_content_type() not in (*_HTML, "text/plain"):
        return None
    plain = message.get_content_type() == "text/plain"
    return Item(number, headers, body, plain, message.get_content_charset(), url)


class _Socket:
    """As much of a socket as HTTPResponse asks for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def _payload(message: bytes) -> tuple[str, bytes]:
    """Return media type and decoded body of an HTTP response."""
    rest = message.partition(b"\r\n\r\n")[2]
    response = HTTPResponse(_Socket(message))  # type: ignore[arg-type]
    response.begin()
    mime = response.headers.get("Content-Type", "")
    # Crawlers often store the body decoded, under the headers that it came with.
    chunked = response.headers.get("Transfer-Encoding", "").lower() == "chunked"
    if chunked and rest.split(b"\r\n", 1)[0].split(b";")[0].strip().isalnum():
        body = response.read()
    else:
        body = rest
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
        body = zlib.decompress(body, 31)
    elif coding == "deflate":
        body = _inflated(body)
    elif coding not in ("identity", "", "gzip", "x-gzip"):
        raise ValueError(f"content encoding {coding!r} is not supported")
    return mime, body


def _inflated(body: bytes) -> bytes:
    for bits in (15, -15):
        try:
            return zlib.decompress(body, bits)
        except zlib.error:
            continue
    return body


def conversion(headers: Mapping[str, str], url: str | None, text: bytes) -> bytes:
    """Return a conversion record with a text, under the headers of the record it was made from.

    Lengths and digests are made anew: ``Content-Length`` is set, digests of the old text go.
    """
    given = {name: value for name, value in headers.items()
             if name.lower() not in ("content-length", "content-type", "warc-type",
                                     "warc-block-digest", "warc-payload-digest",
                                     "warc-target-uri")}  # fmt: skip
    lines = ["WARC/1.0", "WARC-Type: conversion"]
    if url:
        lines.append(f"WARC-Target-URI: {url}")
    lines += [f"{name}: {value}" for name, value in given.items()]
    lines += ["Content-Type: text/plain", f"Content-Length: {len(text)}"]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + text + b"\r\n\r\n"
