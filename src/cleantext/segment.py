"""Cut a text into blocks: lines that tile it exactly."""

from __future__ import annotations

from itertools import accumulate

from cleantext.lazy import Lazy

# str.splitlines also breaks at these; here they are characters like any other.
_NOT_BREAKS = ("\x0b", "\x0c", "\x1c", "\x1d", "\x1e")
_LINE = Lazy("[^\r\n\u2028\u2029\x85]*(?:\r\n|[\r\n\u2028\u2029\x85])|[^\r\n\u2028\u2029\x85]+")


def lines(text: str) -> list[str]:
    """Return the lines of `text` with their endings (LF, CRLF, CR, U+2028, U+2029, U+0085).

    Joined they give the text again; a last line need not have an ending.

    >>> lines("a\\r\\n\\nb")
    ['a\\r\\n', '\\n', 'b']
    """
    if any(sign in text for sign in _NOT_BREAKS):
        return list(_LINE.findall(text))
    return text.splitlines(keepends=True)


def bounds(parts: list[str]) -> tuple[list[int], list[int]]:
    """Return the start and the end offset of each of the lines.

    >>> bounds(["a\\n", "bc"])
    ([0, 2], [2, 4])
    """
    ends = list(accumulate(map(len, parts)))
    return [0, *ends[:-1]] if ends else [], ends
