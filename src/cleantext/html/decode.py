"""Bytes or text of a page -> text, as browsers decode; text -> tree, whatever it holds."""

from __future__ import annotations

import codecs
import re
from typing import Any

from cleantext.html.walk import BLOCKS

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_META = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.I
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]+)""", re.I)
_HEAD = 4096  # bytes in which a page declares its encoding; browsers look at 1024
_SAMPLE = 40_000  # bytes from which an undeclared encoding is guessed
_BROKEN = 0.1  # share of broken sequences among non-ASCII ones that UTF-8 may have
#: What a label means to browsers (WHATWG Encoding Standard, "Names and labels"), where Python differs.
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "windows-874": "cp874", "x-cp1251": "cp1251",
    "x-cp1252": "cp1252", "unicode": "utf-16-le", "utf-16": "utf-16-le", "x-mac-roman": "mac-roman",
}  # fmt: skip
_NUL = re.compile("\0")
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_TAG = re.compile(r"</?([a-zA-Z][\w:-]*)[^<>]*>")


def decode(data: bytes, encoding: str | None = None) -> str:
    """Return the text of a page's bytes.

    A byte order mark decides; else UTF-8, where the bytes are valid and not plain ASCII, whatever
    the page says (text in another encoding is hardly ever valid UTF-8); else `encoding`; else what
    the page declares; else a guess. Never fails: what cannot be decoded becomes U+FFFD.

    Args:
        data: the bytes.
        encoding: what the server said: a label such as ``windows-1251``, or a whole
            ``Content-Type`` value. One that is unknown, or that the bytes contradict, is not believed.

    >>> decode("Москва".encode("cp1251"), "text/html; charset=windows-1251")
    'Москва'
    >>> decode("<meta charset='latin1'>Straße".encode())
    "<meta charset='latin1'>Straße"
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = [_codec(label) for label in (_label(encoding), _declared(data)) if label]
    if data.isascii():
        odd = [name for name in declared if name and name.startswith(("iso2022", "hz", "utf-7"))]
        if odd:
            return data.decode(odd[0], "replace")
        if b"\0" in data[:200]:
            return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
        return data.decode("ascii")
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken <= _BROKEN * sum(not char.isascii() for char in text):
        return text
    for declared_as in declared:
        if declared_as and declared_as != "utf-8":
            return data.decode(declared_as, "replace")
    return data.decode(_guess(data), "replace")


def _label(encoding: str | None) -> str | None:
    if not encoding:
        return None
    match = _CHARSET.search(encoding)
    return match[1] if match else encoding.strip()


def _declared(data: bytes) -> str | None:
    match = _META.search(data[:_HEAD])
    return match[1].decode("ascii", "replace") if match else None


def _codec(label: str) -> str | None:
    """Return the name of Python's codec for a label; None where there is none for text."""
    try:
        info = codecs.lookup(_LABELS.get(label.lower(), label))
    except (LookupError, ValueError):
        return None
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best else "cp1252"


def parse(text: str) -> Any | None:
    """Return the root element of a page; None where it holds nothing.

    Nothing is too broken: what is no markup is text. A page that nests deeper than the parser goes
    (2048 elements, where it would leave out the rest) is flattened to its blocks first.
    """
    from lxml import etree, html

    text = _NUL.sub("", text)
    if not text.strip():
        return None
    reader = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False,
        default_doctype=False, huge_tree=True,
    )  # fmt: skip
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=reader)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in reader.error_log):
        flat = _flat(text)
        return html.document_fromstring(flat.encode("utf-8", "replace"), parser=reader)
    return root


def _flat(text: str) -> str:
    """Return the page with nothing nested: a paragraph for each stretch between block-level tags."""
    text = _UNSEEN.sub(" ", text)
    pieces: list[str] = []
    for at, piece in enumerate(_TAG.split(text)):
        if at % 2 == 0:
            pieces.append(piece)
        elif piece.lower() in BLOCKS:
            pieces.append("\n")
    blocks = "".join(pieces).replace("<", "&lt;").split("\n")
    rows = "".join(f"<p>{block}</p>" for block in blocks if block.strip())
    return f"<html><body>{rows or '<p></p>'}</body></html>"
