"""What a rule file may hold at most: it may come from anyone, and must not exhaust its reader.

The largest shipped file has 200 rules, 500 phrases in one of them and 100 kB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import prod

MAX_FILE = 4_000_000  # bytes
MAX_RULES = 20_000
MAX_ENTRIES = 5_000  # of one list
MAX_KEY = 32  # parts of a dotted key
#: Characters of the strings in a field; fields that are not named here are short.
MAX_CHARS: Mapping[str, int] = {
    "pattern": 6_000, "examples": 20_000, "counter_examples": 20_000, "description": 20_000,
    "reason": 1_000, "phrases": 1_000, "anchors": 1_000, "near": 1_000, "unless": 1_000,
}  # fmt: skip
MAX_SHORT = 200
MAX_SPAN = 1_000_000  # the largest max_chars
MAX_REPEATS = 10_000  # of a part of a pattern, repetitions within repetitions multiplied
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_KEY}}}")
_REPEATED = re.compile(r"\{(\d+)")
_GROUP_REPEATED = re.compile(r"\)[*+?]?\{(\d+)")


def fault_of_text(source: str) -> str | None:
    """Say what is wrong with the size of a rule file, or return None.

    Dotted keys of many parts are refused, since `tomllib` takes quadratic time and memory for them.
    """
    if len(source) > MAX_FILE:
        return f"longer than {MAX_FILE} characters"
    if found := _LONG_KEY.search(source):
        line = source.count("\n", 0, found.start()) + 1
        return f"line {line}: a key of more than {MAX_KEY} parts"
    return None


def fault_of_strings(field: str, strings: Iterable[str]) -> str | None:
    """Say what is wrong with the number or length of a field's strings, or return None."""
    strings = list(strings)
    most = MAX_CHARS.get(field, MAX_SHORT)
    if len(strings) > MAX_ENTRIES:
        return f"has more than {MAX_ENTRIES} entries"
    if any(len(string) > most for string in strings):
        return f"is longer than {most} characters"
    return None


def fault_of_pattern(pattern: str) -> str | None:
    """Say what is wrong with the repetitions of a pattern, or return None.

    `regex` writes out what must be repeated, so `((a{1000}){1000}){1000}` would fill the memory.
    Counts of repeated groups are taken as if each stood within the next.
    """
    counts = [int(count[:9]) for count in _REPEATED.findall(pattern)]
    groups = [int(count[:9]) for count in _GROUP_REPEATED.findall(pattern)]
    if max(counts, default=1) * prod(max(1, count) for count in groups) > MAX_REPEATS:
        return f"repeats a part more than {MAX_REPEATS} times"
    return None
