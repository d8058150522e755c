"""Which strings must stand in whatever a pattern matches.

A pattern is tried only on lines in which one of a few required strings was seen; the rarer they
are, the less is tried in vain. They are derived from the parsed pattern, as RE2's prefilter and
Cox's "Regular Expression Matching with a Trigram Index" (2012) do: of each concatenation the rarest
run of known strings, of each alternation the union over its branches.

At the ends of a string ``\\n`` stands for the start or the end of a line, or of its key (the line
without the signs round its words, see `normalize.key`), ``\\b`` (U+0008) for a word boundary.
"""

from __future__ import annotations

import re
import re._constants as ops  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cleantext.normalize import EDGE

_MOST = 200  # strings that one pattern may need
_LONGEST = 40  # characters of one of them
_WEIGHT = 30_000  # characters of a sample that a guess stands for
_INSIDE = (1.0, 0.04, 6e-3, 1e-3, 2e-4, 0.0)  # chance of a string, by its length, at any place
_PER_STRING = 2e-5  # what a string costs, as if it were seen so often: memory and time to build
_CLASS = 6  # members up to which a set of characters is written out
BOUNDARY = "\b"
_SIGNS = "\x00"  # any signs, between the start or end of a line and of its key
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_WORD = re.compile(r"\w+")

Strings = frozenset[str]
Chance = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of a part of a pattern: all its strings, or else the rarest required ones."""

    exact: Strings | None
    needed: Strings | None = None


def required(
    pattern: str, whole_line: bool, chance: Chance | None = None, anchors: Collection[str] = ()
) -> tuple[str, ...]:
    """Return strings of which one stands in every line that `pattern` matches; none if unknown.

    Args:
        pattern: a regular expression over folded text.
        whole_line: it is searched in whole lines, so that ``^`` and ``$`` are a line's ends.
        chance: how often a string (without marks) is seen, per character of text.
        anchors: another such choice of strings, for what is not known better.
    """
    chance = chance or guess
    best = _rarest([_derived(pattern, whole_line, chance), frozenset(anchors)], chance)
    return tuple(sorted(set(map(_core, best)))) if best else ()


def _derived(pattern: str, whole_line: bool, chance: Chance) -> Strings | None:
    try:
        tree = parser.parse(_PROPERTY.sub(r"\\w", pattern))
    except (re.error, RecursionError, OverflowError):
        return None
    seen = _sequence(list(tree), whole_line, chance)
    return _rarest([seen.exact, seen.needed], chance)


def _sequence(items: Sequence[tuple[Any, Any]], whole_line: bool, chance: Chance) -> _Seen:
    run: Strings = frozenset([""])
    exact = True  # the run so far is all there is
    found: list[Strings | None] = []
    for at, (op, value) in enumerate(items):
        part = _part(op, value, whole_line, chance)
        if part.exact is not None and len(run) * len(part.exact) <= _MOST:
            joined = frozenset(left + right for left in run for right in part.exact)
            if max(map(len, joined)) <= _LONGEST:
                run = joined
                continue
        exact = False
        if _signs_only(op, value):
            # Keys have no signs at their ends: what stands beside them is the key's start or end.
            if run == frozenset(["\n"]):
                run = frozenset(["\n" + _SIGNS])
                continue
            ends = whole_line and at + 2 == len(items) and items[-1] == (ops.AT, ops.AT_END)
            if ends and max(map(len, run)) + len(_SIGNS) < _LONGEST:
                run = frozenset(string + _SIGNS for string in run)
                continue
        found += [run, part.needed]
        if part.exact is not None:
            found.append(part.exact)
        run = part.exact or frozenset([""])
    if exact:
        return _Seen(run)
    return _Seen(None, _rarest([*found, run], chance))


def _part(op: Any, value: Any, whole_line: bool, chance: Chance) -> _Seen:
    if op is ops.LITERAL:
        return _Seen(frozenset([chr(value)]))
    if op is ops.IN:
        return _Seen(_members(value))
    if op is ops.SUBPATTERN:
        return _sequence(list(value[3]), whole_line, chance)
    if op is ops.ATOMIC_GROUP:
        return _sequence(list(value), whole_line, chance)
    if op is ops.BRANCH:
        return _union([_sequence(list(item), whole_line, chance) for item in value[1]], chance)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        low, high, body = value
        inner = _sequence(list(body), whole_line, chance)
        if high == 1 and inner.exact is not None:
            return _Seen(inner.exact | {""} if low == 0 else inner.exact)
        if low == 0:
            return _Seen(None)
        return _Seen(None, _rarest([inner.exact, inner.needed], chance))
    if op is ops.AT:
        if value in (ops.AT_BEGINNING, ops.AT_END, ops.AT_BEGINNING_STRING, ops.AT_END_STRING):
            return _Seen(frozenset(["\n" if whole_line else ""]))
        return _Seen(frozenset([BOUNDARY if value is ops.AT_BOUNDARY else ""]))
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return _Seen(frozenset([""]))
    return _Seen(None)


def _members(items: Iterable[tuple[Any, Any]]) -> Strings | None:
    signs: set[str] = set()
    for op, value in items:
        if op is ops.LITERAL:
            signs.add(chr(value))
        elif op is ops.RANGE and value[1] - value[0] < _CLASS:
            signs.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
        if len(signs) > _CLASS:
            return None
    return frozenset(signs)


def _signs_only(op: Any, value: Any) -> bool:
    """Tell whether a part is ``\\W`` repeated."""
    if op not in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        return False
    body = list(value[2])
    return len(body) == 1 and body[0] == (ops.IN, [(ops.CATEGORY, ops.CATEGORY_NOT_WORD)])


def _union(parts: Sequence[_Seen], chance: Chance) -> _Seen:
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts):
        strings = frozenset().union(*exact)
        if len(strings) <= _MOST:
            return _Seen(strings)
    needed: set[str] = set()
    for part in parts:
        best = _rarest([part.exact, part.needed], chance)
        if best is None:
            return _Seen(None)
        needed |= best
    return _Seen(None, frozenset(needed))


def _rarest(sets: Iterable[Strings | None], chance: Chance) -> Strings | None:
    usable = [strings for strings in sets if strings and all(map(_core, strings))]
    return min(usable, key=lambda strings: (_cost(strings, chance), sorted(strings)), default=None)


def _core(string: str) -> str:
    """Return a required string with marks at its ends only; empty where nothing need be."""
    if _SIGNS in string:
        opens, closes = string.startswith("\n" + _SIGNS), string.endswith(_SIGNS + "\n")
        string = string.replace("\n" + _SIGNS, "").replace(_SIGNS + "\n", "")
        plain = string.replace(BOUNDARY, "")
        if (opens and plain[:1] not in EDGE) or (closes and plain[-1:] not in EDGE):
            # A key it is, and keys have no signs at their other end either.
            string = string.lstrip(EDGE + "\n") if not opens else string
            string = string.rstrip(EDGE + "\n") if not closes else string
        string = ("\n" if opens and plain[:1] not in EDGE else "") + string
        string += "\n" if closes and plain[-1:] not in EDGE else ""
    core = string.strip("\n" + BOUNDARY).replace(BOUNDARY, "")
    if not core.strip() or "\n" in core:
        return ""
    left = string[: string.index(core[0])]
    right = string[string.rindex(core[-1]) + 1 :]
    start = "\n" if "\n" in left else left[:1] if core[0].isalnum() else ""
    end = "\n" if "\n" in right else right[:1] if core[-1].isalnum() else ""
    return start + core + end


def _cost(strings: Collection[str], chance: Chance) -> float:
    return sum(_chance(string, chance) for string in sorted(strings)) + _PER_STRING * len(strings)


def _chance(string: str, chance: Chance) -> float:
    """Return how often a marked string is seen; rarely at the ends of a line."""
    core = _core(string)
    plain = core.strip("\n" + BOUNDARY)
    ends = (0.1 if core[0] == "\n" else 1) * (0.2 if core[-1] == "\n" else 1)
    return ends * chance(plain)


def guess(string: str) -> float:
    """Guess how often, per character of text, a string is seen."""
    total = 1.0
    for word in _WORD.findall(string):
        if not word.isascii() and ord(word[0]) > 0x2E80:
            share = 0.01 ** min(3, len(word))
        elif len(word) <= 2:
            share = 4e-3
        else:
            share = max(4e-6, 4e-3 * 0.45 ** (len(word) - 2))
        total *= min(1.0, share * (1 if total == 1.0 else 6))
    if total == 1.0 and string:  # signs only
        total = 0.02 if string.strip()[:1] in ",.-'" else 0.002
    if string.isascii():  # it is seen inside words as well
        total = max(total, _INSIDE[min(len(string), len(_INSIDE) - 1)])
    return total


class Counted:
    """How often strings are seen, counted in a sample of text and guessed beyond it."""

    def __init__(self, sample: str) -> None:
        self._sample, self._told = sample, dict[str, float]()

    def __call__(self, string: str) -> float:
        """Return the chance of a string, per character."""
        told = self._told.get(string)
        if told is None:
            size = len(self._sample)
            seen = self._sample.count(string) + guess(string) * _WEIGHT
            told = self._told[string] = seen / (size + _WEIGHT)
        return told
