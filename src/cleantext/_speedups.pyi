from array import array
from collections.abc import Callable, Sequence
from typing import Any

class Words:
    def __init__(self, groups: dict[float, str]) -> None: ...
    def weigh(self, lines: list[str], filled: Sequence[int]) -> list[tuple[float, float]]: ...

class Trees:
    def __init__(
        self, trees: Sequence[tuple[Sequence[tuple[int, int]], Sequence[int]]]
    ) -> None: ...
    def sums(self, planes: list[bytes]) -> list[int]: ...

class Forest:
    def __init__(self, trees: list[Any]) -> None: ...
    def __call__(self, row: list[float]) -> float: ...

class Superset:
    def __init__(self, code: list[tuple[int, int, int]], sets: list[Any]) -> None: ...
    def __call__(self, line: str) -> bool: ...

class Scanner:
    def __init__(
        self,
        wanted: dict[str, list[tuple[int, str, bool, bool, int, int]]],
        is_bounded: Callable[[str], bool],
    ) -> None: ...
    def scan(
        self,
        lines: list[str],
        keys: list[str],
        indices: Sequence[int],
        tests: list[Any] | None = None,
        test: Callable[[int], Any] | None = None,
        near: dict[int, set[int]] | None = None,
        reach: int = 0,
    ) -> list[tuple[int, str, int, int, int]]: ...

def own(
    lines: list[str], filled: list[int], length: list[int], narrative: list[bool], text: str,
    starts: list[int], ends: list[int], endings: dict[str, int], dated: Callable[[str], object],
    likely_dated: Superset,
) -> list[bytes]: ...  # fmt: skip
def weights(
    told: list[tuple[float, float]], odds: Sequence[float]
) -> tuple[bytes, bytes, bytes]: ...
def place(
    filled: list[int], length: list[int], narrative: list[bool], odds: Sequence[float],
    lexical: bytes, headings: bytes, first: int | None, last: int | None, marked: int,
) -> list[bytes]: ...  # fmt: skip
def smooth(
    odds: list[float], parts: list[tuple[tuple[float, float], int, int]], ratio: float
) -> list[float]: ...
def means(plane: bytes, windows: tuple[tuple[int, int], ...], empty: int) -> list[bytes]: ...
def average(plane: bytes, weights: array[int], empty: int) -> int: ...
