"""Find what a corpus says again and again and no rule explains: drafts for new rules.

A line, or a sentence at the end of a paragraph, that stands on many pages is seldom body. Those
that a cleaner leaves are counted (once a page, digits and case aside), like ones are put together,
and each group is written as a draft of a rule, to be read and mended by a person.

The counts are those of lossy counting (Manku and Motwani, 2002): memory is bounded, and what stands
on more than `pages / LIMIT` pages is never missed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cleantext.normalize import fold, key
from cleantext.result import Result
from cleantext.rulesets import SHORT_LINE, RuleSetError, parse_ruleset
from cleantext.sentences import sentences
from cleantext.testing import check_ruleset
from cleantext.types import Block

LIMIT = 1_000_000  # different lines that are counted at a time
LONGEST = 160  # characters; what is longer is seldom repeated by chrome
ALIKE = 0.6  # share of words that two lines have in common to be of one group
FORMS = 6  # of a group that are written into its draft
_CONTEXTS = 3
_NEAR = 2  # lines on either side whose category hints at that of a line
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"\w+")


@dataclass(slots=True)
class Found:
    """A line that stands on several pages.

    Attributes:
        text: the line as it stood first.
        sentence: it is the last sentence of paragraphs, not a line of its own.
        pages: on how many pages it stands.
        hosts: on how many hosts, of those pages whose URL is known; counted up to 100.
        contexts: (line before, line after), of some of them.
        beside: categories of removed lines near by.
    """

    text: str
    sentence: bool
    pages: int = 0
    hosts: set[str] = field(default_factory=set)
    contexts: list[tuple[str, str]] = field(default_factory=list)
    beside: Counter[str] = field(default_factory=Counter)


class Miner:
    """Counts what pages have in common. Give it results, then ask for drafts."""

    def __init__(self) -> None:
        """Start with no page."""
        self._found: dict[tuple[bool, str], Found] = {}
        self._floor = 0

    def add(self, result: Result, url: str | None = None) -> None:
        """Count the lines of a page that stay and that no rule speaks for removing."""
        host = urlsplit(url).hostname if url else None
        blocks = [block for block in result.blocks if block.text.strip()]
        seen: set[tuple[bool, str]] = set()
        for at, block in enumerate(blocks):
            for sentence, text in _unexplained(block):
                same = (sentence, _DIGITS.sub("0", key(fold(text))))
                if same in seen or not any(map(str.isalpha, same[1])):
                    continue
                seen.add(same)
                found = self._found.setdefault(same, Found(text, sentence, self._floor))
                found.pages += 1
                if host and len(found.hosts) < 100:
                    found.hosts.add(host)
                if len(found.contexts) < _CONTEXTS:
                    found.contexts.append((_text(blocks, at - 1), _text(blocks, at + 1)))
                near = blocks[max(0, at - _NEAR) : at] + blocks[at + 1 : at + 1 + _NEAR]
                found.beside.update(each.category for each in near if each.category)
        if len(self._found) > LIMIT:
            self._floor += 1
            self._found = {
                same: found for same, found in self._found.items() if found.pages > self._floor
            }

    def groups(self, min_pages: int, top: int) -> list[list[Found]]:
        """Return the most frequent lines in groups of like ones, the most frequent first.

        Args:
            min_pages: how many pages a line must stand on.
            top: how many groups.
        """
        frequent = sorted(
            (found for found in self._found.values() if found.pages >= min_pages),
            key=lambda found: (-found.pages, found.text),
        )
        groups: list[tuple[set[str], list[Found]]] = []
        for found in frequent[: 20 * top]:
            words = set(_WORDS.findall(fold(found.text)))
            for common, group in groups:
                if group[0].sentence == found.sentence and _alike(common, words):
                    group.append(found)
                    break
            else:
                groups.append((words, [found]))
        ranked = sorted(groups, key=lambda each: -sum(found.pages for found in each[1]))
        return [group for _, group in ranked[:top]]


def _unexplained(block: Block) -> Iterator[tuple[bool, str]]:
    """Yield (is a sentence, text) for a line, or the end of one, that no rule explains."""
    if block.label != "body":
        return
    speaking = [item for item in block.evidence if item.weight > 0 and item.family != "scorer"]
    text = block.text.strip()
    if len(text) <= LONGEST and not speaking:
        yield False, text
    spans = sentences(text)
    if len(spans) > 1:
        start, end = spans[-1]
        from_here = block.start + block.text.index(text) + start
        if end - start <= LONGEST and not any(item.end > from_here for item in speaking):
            yield True, text[start:end].strip()


def _text(blocks: Sequence[Block], at: int) -> str:
    text = blocks[at].text.strip() if 0 <= at < len(blocks) else ""
    return text if len(text) <= 80 else text[:79] + "…"


def _alike(some: set[str], others: set[str]) -> bool:
    return len(some & others) >= ALIKE * max(1, len(some | others))


def draft(groups: Iterable[Sequence[Found]], name: str, lang: str | None = None) -> str:
    """Return a rule set, as TOML, with a draft of a rule for each group.

    It loads as it is; weights are low, so that nothing goes at ``safe`` by a draft alone. A group
    that no phrase can catch, such as a line in quotation marks, is left out.
    """
    out = [
        "# Drafts: read each, choose its category and weight, drop what is body, and replace the",
        "# counter-examples by sentences of articles that use the same words.",
        f"name = {_quoted(name)}",
    ]
    if lang:
        out.append(f"lang = {_quoted(lang)}")
    head = "\n".join(out)
    rules: list[str] = []
    for group in groups:
        rule = "\n".join(_rule(group, len(rules) + 1, lang))
        with suppress(RuleSetError):
            check_ruleset(parse_ruleset(f"{head}\n{rule}"))
            rules.append(rule)
    return "\n\n".join([head, *rules]) + "\n"


def _rule(group: Sequence[Found], number: int, lang: str | None) -> Iterator[str]:
    beside = sum((found.beside for found in group), Counter[str]())
    category = beside.most_common(1)[0][0] if beside else "site_promo"
    pages = sum(found.pages for found in group)
    hosts = len(set[str]().union(*(found.hosts for found in group)))
    first = group[0]
    yield f"# {pages} pages" + (f", {hosts} hosts" if hosts else "") + _guess(beside)
    for before, after in first.contexts:
        yield f"#   {_comment(before)} || {_comment(after)}"
    if len(group) > FORMS:
        yield f"#   and {len(group) - FORMS} more forms, for example {_comment(group[-1].text)}"
    yield "[[rule]]"
    yield f"id = '{lang or 'any'}.{category}.draft-{number}'"
    yield f"category = '{category}'"
    yield "weight = 2"
    if first.sentence:
        yield "scope = 'sentence'"
    forms = list({key(fold(found.text)): found.text for found in group[:FORMS]}.values())
    yield from _condition(forms)
    yield "reason = 'stands on many pages'"
    yield f"examples = [{', '.join(map(_quoted, forms[:3]))}]"
    yield f"counter_examples = [{_quoted('They wrote that ' + forms[0].rstrip('.!? ') + ' was what it said.')}]"


def _condition(forms: Sequence[str]) -> Iterator[str]:
    """Yield the fields that say what is looked for: phrases, or a pattern where numbers differ."""
    folded = [key(fold(text)) for text in forms]
    anchors = [max(_DIGITS.split(text), key=len).strip() for text in folded]
    short = max(map(len, forms)) <= SHORT_LINE
    if not any(map(_DIGITS.search, folded)) or not (
        short or all(len(anchor) > 3 for anchor in anchors)
    ):
        yield "match = 'whole'"
        yield f"phrases = [{', '.join(map(_quoted, forms))}]"
        return
    kinds = dict.fromkeys(r"\d+".join(map(re.escape, _DIGITS.split(text))) for text in folded)
    pattern = r"^[\W\d]*(?:" + "|".join(kinds) + r")[\W\d]*$"
    yield f"pattern = {_quoted(pattern)}"
    if short:
        yield f"max_chars = {SHORT_LINE}"
    else:
        yield f"anchors = [{', '.join(map(_quoted, dict.fromkeys(anchors)))}]"


def _guess(beside: Counter[str]) -> str:
    named = ", ".join(f"{name} {count}" for name, count in beside.most_common(3))
    return f"; removed beside it: {named}" if named else ""


def _comment(text: str) -> str:
    """Return a text that cannot end a comment."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split()) or "(nothing)"


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
