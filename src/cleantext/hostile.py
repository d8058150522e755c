"""Strings that a regular expression finds hard, made from the expression itself.

A backtracking matcher takes more than linear time where a repeated part can give back what it took:
`(a+)+b` on a run of "a", `ad.*cookies` on a run of "ad". So each repeated part of a pattern is
pumped: what leads up to it once and its own text many times, and the two together many times.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from cleantext.normalize import fold
from cleantext.rules.lexical import PATTERN_CHARS, Lexicon, Search
from cleantext.rulesets import Rule, RuleSet

#: How much longer a search may take than one for a gap of 60 characters, on as long a line.
MOST = 250.0
_GAP = Rule("any.body.gap", "body", -1, "a gap", pattern="a[a-w]{0,60}y")
_TIMES = (12, 18, 24)  # tried first: what is exponential does not return from a long line
_CHARS = "a 1,.é字"  # of what a class of characters allows, these stand for the others
_CHOICES = 3
_LOOPS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_ONLY_REGEX = (  # what `regex` knows and the standard library does not, and what comes close
    (re.compile(r"\\[pP]\{\^?\w+\}"), r"\\w"),
    (re.compile(r"\\b\?"), ""),
)

Items = Sequence[tuple[Any, Any]]


def attacks(pattern: str) -> list[tuple[str, str]]:
    """Return (beginning, text to repeat) of hostile strings for a pattern.

    >>> attacks("ad[^.]*x")[:2]
    [('ad', 'a'), ('', 'ada')]
    """
    for theirs, ours in _ONLY_REGEX:
        pattern = theirs.sub(ours, pattern)
    parsed = import_module("re._parser").parse(pattern)
    found: dict[tuple[str, str], None] = {}
    for lead, part in _parts(parsed, ""):
        found |= dict.fromkeys([(lead, part), ("", lead + part)])
    return list(found)


def slow(rule: Rule) -> tuple[str, float] | None:
    """Return a string on which a rule's pattern takes too long, or None.

    With it comes the time it takes, where that of a gap of 60 characters is 1.

    Args:
        rule: a rule with a pattern; the strings are as long as the lines that it may look at.
    """
    test = _search(rule)
    limit = rule.max_chars or PATTERN_CHARS
    pieces = [("", fold(text)) for text in rule.anchors[:3] + rule.examples[:2]]
    for lead, unit in [*attacks(rule.pattern or ""), *pieces]:
        sizes = [len(lead) + times * len(unit) for times in _TIMES]
        for size in [*(size for size in sizes if size < limit), limit]:
            text = (lead + unit * (size // len(unit) + 1))[: size - 1] + "\x00"
            if _seconds(test, text, 1) / _gap(size) > MOST:
                cost = _seconds(test, text, 3) / _gap(size, times=20)  # again, for certain
                if cost > MOST:
                    return text, cost
    return None


def _search(rule: Rule) -> Search:
    return Lexicon([RuleSet("one", (rule,), shipped=True)]).search(0)


def _seconds(test: Search, text: str, times: int) -> float:
    best = 1e9
    for _ in range(times):
        start = time.perf_counter()
        test(text)
        best = min(best, time.perf_counter() - start)
    return best


@cache
def _gap(size: int, times: int = 5) -> float:
    return _seconds(_search(_GAP), "a" * size, times)


def _parts(items: Items, lead: str) -> Iterator[tuple[str, str]]:
    """Yield (what leads up to it, a text of it) for each repeated part of a parsed pattern."""
    for name, value in items:
        kind = str(name)
        if kind in _LOOPS:
            _, most, inner = value
            if most > 3:
                for choice in range(_CHOICES):
                    if text := _text(inner, choice):
                        yield lead, text
            yield from _parts(inner, lead)
        elif kind == "BRANCH":
            for each in value[1]:
                yield from _parts(each, lead)
        elif kind == "SUBPATTERN":
            yield from _parts(value[3], lead)
        elif kind in ("ASSERT", "ASSERT_NOT"):
            yield from _parts(value[1], lead)
        elif kind == "ATOMIC_GROUP":
            yield from _parts(value, lead)
        lead += _text([(name, value)], 0)


def _text(items: Items, choice: int) -> str:
    """Return a text that parsed items match, or nearly; `choice` picks among alternatives."""
    return "".join(_piece(str(name), value, choice) for name, value in items)


def _piece(kind: str, value: Any, choice: int) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind in ("ANY", "NOT_LITERAL"):
        fitting = [char for char in _CHARS if kind == "ANY" or ord(char) != value]
        return fitting[choice % len(fitting)]
    if kind == "IN":
        fitting = [char for char in _CHARS if _allows(value, char)]
        return fitting[choice % len(fitting)] if fitting else _first(value)
    if kind == "BRANCH":
        return _text(value[1][choice % len(value[1])], choice)
    if kind == "SUBPATTERN":
        return _text(value[3], choice)
    if kind == "ATOMIC_GROUP":
        return _text(value, choice)
    if kind in _LOOPS:
        return _text(value[2], choice) * max(1, min(int(value[0]), 3))
    return ""


def _allows(members: Items, char: str) -> bool:
    classes: dict[str, Callable[[str], bool]] = {
        "CATEGORY_DIGIT": str.isdigit, "CATEGORY_SPACE": str.isspace,
        "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
    }  # fmt: skip
    inside = False
    for name, value in members:
        kind = str(name)
        if kind == "LITERAL":
            inside |= ord(char) == value
        elif kind == "RANGE":
            inside |= value[0] <= ord(char) <= value[1]
        elif kind == "CATEGORY":
            base = str(value).replace("_NOT_", "_")
            inside |= classes[base](char) != ("_NOT_" in str(value))
    return inside != (str(members[0][0]) == "NEGATE")


def _first(members: Items) -> str:
    for name, value in members:
        if str(name) in ("LITERAL", "RANGE"):
            return chr(value if str(name) == "LITERAL" else value[0])
    return "a"
