"""What a pattern matches at most, as a program of a small automaton for the compiled core.

Most lines in which a needle of a pattern stands are not matched by it, and `re`, which tries
alternatives one after the other at each place, takes microseconds to say so. An automaton looks at
each character once (Thompson, 1968). It may say yes too often, never no: what looks round is left
out, long counts become any number. Who gets a yes asks `re`.
"""

from __future__ import annotations

import re
import re._constants as ops  # type: ignore[import-not-found]
from collections.abc import Iterable, Sequence
from typing import Any

from cleantext.rules.patterns import parse

# Instructions. A set goes on to the next; so does an assertion that holds.
SET, SPLIT, JUMP, ASSERT, MATCH = range(5)
# Assertions.
BEGIN, END, BOUNDARY, INSIDE = range(4)
# Kinds of characters, as bits, and what is none of the kind.
WORD, DIGIT, SPACE, ALPHA = 1, 2, 4, 8
NOT = 16

Items = list[tuple[Any, Any]]
#: First and last code points, kinds of characters, and whether all but these are meant.
Set = tuple[tuple[tuple[int, int], ...], int, bool]
#: Instructions with up to two arguments (number of a set, places, an assertion), and the sets.
Program = tuple[list[tuple[int, int, int]], list[Set]]

_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
_CATEGORIES = {
    ops.CATEGORY_WORD: WORD,
    ops.CATEGORY_DIGIT: DIGIT,
    ops.CATEGORY_SPACE: SPACE,
    ops.CATEGORY_NOT_WORD: WORD * NOT,
    ops.CATEGORY_NOT_DIGIT: DIGIT * NOT,
    ops.CATEGORY_NOT_SPACE: SPACE * NOT,
}
_ASSERTIONS = {
    ops.AT_BEGINNING: BEGIN,
    ops.AT_BEGINNING_STRING: BEGIN,
    ops.AT_END: END,
    ops.AT_END_STRING: END,
    ops.AT_BOUNDARY: BOUNDARY,
    ops.AT_NON_BOUNDARY: INSIDE,
}
_ANY: Set = ((), 0, True)


def program(source: str, part: bool = False) -> Program | None:
    """Return a program that finds at least what a pattern finds in a line, or None if there is none.

    Args:
        source: the pattern, in the syntax of `re`, for text without line breaks.
        part: whether the pattern is asked about parts of the line, so that what it says of the ends
            of its text does not hold of the line.
    """
    writer = _Writer(part)
    try:
        tree = parse(source)
        if tree.state.flags & ~re.UNICODE:
            return None
        writer.write(tree)
    except (re.error, _UnknownError):
        return None
    return writer.done()


def bar(items: Iterable[str]) -> Program:
    """Return a program that finds lines of which each letter is part of one of two strings or more."""
    strings: list[Items] = [[(ops.LITERAL, ord(char)) for char in item] for item in items]
    strings = strings or [[(ops.IN, [])]]  # of no strings: a set that nothing is in
    signs: Items = [(ops.IN, [(None, ALPHA * NOT)])]
    writer = _Writer(False)
    writer.assertion(BEGIN)
    writer.star([signs])
    writer.branch(strings)
    writer.star([signs, *strings])
    writer.branch(strings)
    writer.star([signs])
    writer.assertion(END)
    return writer.done()


class _UnknownError(Exception):
    """A pattern has something that no program is written for."""


class _Writer:
    """A program on its way."""

    def __init__(self, part: bool) -> None:
        self._part = part
        self._code: list[tuple[int, int, int]] = []
        self._sets: dict[Set, int] = {}

    def done(self) -> Program:
        return [*self._code, (MATCH, 0, 0)], list(self._sets)

    def assertion(self, kind: int) -> None:
        if not self._part:
            self._code.append((ASSERT, kind, 0))

    def star(self, alternatives: Sequence[Iterable[tuple[Any, Any]]]) -> None:
        """Write any number of some alternatives."""
        at = self._hole()
        self.branch(alternatives)
        self._code.append((JUMP, at, 0))
        self._fill(at, (SPLIT, at + 1, len(self._code)))

    def branch(self, alternatives: Sequence[Iterable[tuple[Any, Any]]]) -> None:
        leave = []
        for each in alternatives[:-1]:
            at = self._hole()
            self.write(each)
            leave.append(self._hole())
            self._fill(at, (SPLIT, at + 1, len(self._code)))
        self.write(alternatives[-1])
        for at in leave:
            self._fill(at, (JUMP, len(self._code), 0))

    def write(self, items: Iterable[tuple[Any, Any]]) -> None:
        for op, value in items:
            if op is ops.LITERAL:
                self._set((((value, value),), 0, False))
            elif op is ops.NOT_LITERAL:
                self._set((((value, value),), 0, True))
            elif op is ops.ANY:
                self._set(_ANY)
            elif op is ops.IN:
                self._set(_set(value))
            elif op is ops.BRANCH:
                self.branch(value[1])
            elif op is ops.SUBPATTERN:
                if value[1] or value[2]:
                    raise _UnknownError
                self.write(value[3])
            elif op is ops.ATOMIC_GROUP:
                self.write(value)
            elif op in _REPEATS:
                self._repeat(*value)
            elif op is ops.AT:
                self.assertion(_ASSERTIONS[value])
            elif op not in (ops.ASSERT, ops.ASSERT_NOT):
                raise _UnknownError

    def _repeat(self, least: int, most: Any, items: Any) -> None:
        copies = min(least, 2 if len(items) == 1 else 1)
        for _ in range(copies):
            self.write(items)
        if (copies, most) == (0, 1):
            self.branch([items, []])
        elif most != copies:
            self.star([items])

    def _set(self, chars: Set) -> None:
        number = self._sets.setdefault(chars, len(self._sets))
        self._code.append((SET, number, 0))

    def _hole(self) -> int:
        self._code.append((JUMP, 0, 0))
        return len(self._code) - 1

    def _fill(self, at: int, code: tuple[int, int, int]) -> None:
        self._code[at] = code


def _set(items: Sequence[tuple[Any, Any]]) -> Set:
    ranges, kinds, negated = [], 0, False
    for op, value in items:
        if op is ops.NEGATE:
            negated = True
        elif op is ops.LITERAL:
            ranges.append((value, value))
        elif op is ops.RANGE:
            ranges.append(value)
        elif op is None:
            kinds |= value
        elif op is ops.CATEGORY and value in _CATEGORIES:
            kinds |= _CATEGORIES[value]
        else:
            raise _UnknownError
    return tuple(sorted(ranges)), kinds, negated
