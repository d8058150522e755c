"""Regular expressions that are compiled when first used: a page needs few of them."""

from __future__ import annotations

import re
from typing import Any


class Lazy:
    """A pattern of the package: has the methods of a compiled one, once one of them is called.

    >>> Lazy(r"\\d+").findall("3 of 12")
    ['3', '12']
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        method = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, method)
        return method
