"""The shipped rule sets in one file that loads fast.

Reading all TOML files takes a second, so they are compiled into one file without examples: a line of
JSON that says what each rule set is for and how many bytes it has, then the rule sets, each packed by
itself. ``python -m cleantext.shipped`` writes it, a test compares it with the TOML files.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from cleantext.normalize import fold
from cleantext.rules import literals
from cleantext.rules.lexical import needed
from cleantext.rules.lexicons import EVERYWHERE, Source
from cleantext.rulesets import Rule, RuleSet, _shipped_files, parse_ruleset

BUNDLE = os.path.join(os.path.dirname(__file__), "data", "rules.bin")
_RULE = ("id", "category", "weight", "reason", "family", "scope", "match", "where", "phrases",
         "pattern", "anchors", "near", "unless", "max_chars", "needles")  # fmt: skip
_LISTS = {"phrases", "anchors", "near", "unless", "needles"}


def load() -> list[Source]:
    """Return every shipped rule set, without examples; each is parsed when it is first needed."""
    return [
        Source(
            entry["name"],
            tuple(entry["langs"]),
            tuple(entry["sites"]),
            frozenset(entry["stopwords"]),
            partial(_ruleset, row),  # not kept: a lexicon holds what it needs of it
            shipped=True,
        )
        for entry, row in read_bundle()
    ]


def read_bundle() -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield what each rule set is for, and the rule set, packed."""
    with open(BUNDLE, "rb") as file:
        head, _, packed = file.read().partition(b"\n")
    at = 0
    for entry in json.loads(head):
        yield entry, packed[at : at + entry["size"]]
        at += entry["size"]


def _ruleset(row: bytes) -> RuleSet:
    entry = json.loads(zlib.decompress(row))
    lang = entry["lang"]
    rules = tuple(Rule(lang=lang, **_fields(row)) for row in entry["rules"])
    return RuleSet(
        name=entry["name"],
        rules=rules,
        lang=lang,
        sites=tuple(entry["sites"]),
        also=tuple(entry["also"]),
        shipped=True,
    )


def _fields(row: list[Any]) -> dict[str, Any]:
    named = zip(_RULE, row, strict=True)
    return {name: tuple(value) if name in _LISTS else value for name, value in named}


def compile_bundle() -> list[tuple[dict[str, Any], bytes]]:
    """Return what `read_bundle` reads, made from the TOML files; the rule sets not yet packed."""
    made = []
    sets = [parse_ruleset(path.read_text(encoding="utf-8"), path.name) for path in _shipped_files()]
    for ruleset in sets:
        chance = _chance([other for other in sets if other is ruleset or other.lang == EVERYWHERE])
        head = {
            "name": ruleset.name,
            "langs": [ruleset.lang, *ruleset.also] if ruleset.lang else [],
            "sites": list(ruleset.sites),
            "stopwords": sorted(ruleset.stopwords),
        }
        entry = {
            "name": ruleset.name,
            "lang": ruleset.lang,
            "sites": ruleset.sites,
            "also": ruleset.also,
            "rules": [_row(rule, chance) for rule in ruleset.rules],
        }
        made.append((head, _json(entry)))
    return made


def _chance(rulesets: Iterable[RuleSet]) -> literals.Counted:
    """Return how often strings are seen, by the examples of rules: lines of both kinds."""
    lines = (
        fold(line)
        for ruleset in rulesets
        for rule in ruleset.rules
        for line in (*rule.examples, *rule.counter_examples)
    )
    return literals.Counted("\n".join(lines))


def _row(rule: Rule, chance: literals.Chance) -> list[Any]:
    """Return the fields of a rule, with the strings that its pattern needs."""
    if rule.pattern is not None:
        rule = replace(rule, needles=needed(rule, chance))
    return [getattr(rule, name) for name in _RULE]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    """Write the bundle."""
    rows = [(head, zlib.compress(row, 9)) for head, row in compile_bundle()]
    heads = [{**head, "size": len(packed)} for head, packed in rows]
    with open(BUNDLE, "wb") as file:
        file.write(_json(heads) + b"\n" + b"".join(packed for _, packed in rows))


if __name__ == "__main__":
    main()
