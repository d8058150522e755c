"""Regular expressions that are compiled when first used: a page needs few of them."""

from __future__ import annotations

from typing import Any


class Lazy:
    """A pattern of the package: has the methods of a compiled one, once one of them is called.

    >>> Lazy(r"\\d+").findall("3 of 12")
    ['3', '12']
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        import regex  # a fifth of the time that importing the package takes

        method = getattr(regex.compile(self._source, self._flags), name)
        setattr(self, name, method)
        return method
