"""Find many phrases in one pass over a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from cleantext.normalize import without_surrogates


class Matcher(Protocol):
    """Finds every occurrence of its phrases, overlapping ones too."""

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Yield (index of the phrase, start, end), by end, of those that end together by start."""


class AhoCorasick:
    """One automaton over all phrases: time linear in the text, whatever their number."""

    def __init__(self, phrases: Sequence[str]) -> None:
        import ahocorasick_rs

        self._automaton = ahocorasick_rs.AhoCorasick(
            list(phrases),
            matchkind=ahocorasick_rs.MatchKind.Standard,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Yield (index of the phrase, start, end)."""
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            text = without_surrogates(text)
            return self._automaton.find_matches_as_indexes(text, overlapping=True)


class PlainSearch:
    """The same answers with nothing but `str.find`, for platforms without the compiled matcher."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = tuple(phrases)

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Return (index of the phrase, start, end)."""
        found = []
        for index, phrase in enumerate(self._phrases):
            at = text.find(phrase)
            while at >= 0:
                found.append((index, at, at + len(phrase)))
                at = text.find(phrase, at + 1)
        return sorted(found, key=lambda hit: (hit[2], hit[1]))


def build(phrases: Sequence[str]) -> Matcher:
    """Return the fastest matcher that this platform has."""
    try:
        return AhoCorasick(phrases)
    except ImportError:
        return PlainSearch(phrases)
