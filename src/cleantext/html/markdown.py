"""The kept lines of a page as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleantext.lazy import Lazy

_HEADING = re.compile(r"h([1-6])")
_SPECIAL = Lazy(r"^(?:[-+*>#|]|\d+[.)](?=\s)|```|~~~|=+$)")


def markdown(lines: Iterable[tuple[str, str]]) -> str:
    """Return Markdown for lines of (kind, text); see `cleantext.Block.kind` for the kinds.

    >>> print(markdown([("h2", "Ferries"), ("p", "# 3 sank."), ("li", "one"), ("li", "two")]))
    ## Ferries
    <BLANKLINE>
    \\# 3 sank.
    <BLANKLINE>
    - one
    - two
    <BLANKLINE>
    """
    out: list[str] = []
    before = ""
    for kind, text in lines:
        if kind == "pre":
            if before != "pre":
                out += ["", "```"]
            out.append(text.rstrip("\r\n"))
            before = kind
            continue
        if before == "pre":
            out.append("```")
        text = text.strip()
        if not text:
            before = ""
            continue
        if kind not in ("li", "tr") or kind != before:
            out.append("")
        out.append(_line(kind, text))
        if kind == "tr" and before != "tr":
            out.append("|" + " --- |" * max(1, text.count(" | ") + 1))
        before = kind
    if before == "pre":
        out.append("```")
    return "\n".join(out).lstrip("\n") + "\n" if out else ""


def _line(kind: str, text: str) -> str:
    if heading := _HEADING.fullmatch(kind):
        return "#" * int(heading[1]) + " " + text
    if kind == "tr":
        return text
    if _SPECIAL.match(text):
        text = "\\" + text
    if kind == "li":
        return "- " + text
    if kind == "blockquote":
        return "> " + text
    if kind == "figcaption":
        return f"*{text}*"
    return text
