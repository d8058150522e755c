"""The shipped rule sets in one file that loads fast.

Reading all TOML files takes a second, so they are compiled into one file without examples, a line of JSON
for each rule set after a line that says what they are for:
``python -m cleantext.shipped`` writes it, a test compares it with the TOML files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from cleantext.normalize import fold
from cleantext.rules import literals
from cleantext.rules.lexical import needed
from cleantext.rules.lexicons import EVERYWHERE, Source
from cleantext.rulesets import Rule, RuleSet, _shipped_files, parse_ruleset

BUNDLE = os.path.join(os.path.dirname(__file__), "data", "rules.jsonl")
_RULE = ("id", "category", "weight", "reason", "family", "scope", "match", "where", "phrases",
         "pattern", "anchors", "near", "unless", "max_chars", "needles")  # fmt: skip
_LISTS = {"phrases", "anchors", "near", "unless", "needles"}


def load() -> list[Source]:
    """Return every shipped rule set, without examples; each is parsed when it is first needed."""
    with open(BUNDLE, "rb") as file:
        head, *rows = file.read().rstrip(b"\n").split(b"\n")
    return [
        Source(
            entry["name"],
            tuple(entry["langs"]),
            tuple(entry["sites"]),
            frozenset(entry["stopwords"]),
            partial(_ruleset, row),  # not kept: a lexicon holds what it needs of it
            shipped=True,
        )
        for entry, row in zip(json.loads(head), rows, strict=True)
    ]


def _ruleset(row: bytes) -> RuleSet:
    entry = json.loads(row)
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


def compile_bundle() -> str:
    """Return the text of the bundle, made from the TOML files."""
    heads, entries = [], []
    sets = [parse_ruleset(path.read_text(encoding="utf-8"), path.name) for path in _shipped_files()]
    for ruleset in sets:
        chance = _chance([other for other in sets if other is ruleset or other.lang == EVERYWHERE])
        heads.append({
            "name": ruleset.name,
            "langs": [ruleset.lang, *ruleset.also] if ruleset.lang else [],
            "sites": ruleset.sites,
            "stopwords": sorted(ruleset.stopwords),
        })  # fmt: skip
        entries.append(
            {
                "name": ruleset.name,
                "lang": ruleset.lang,
                "sites": ruleset.sites,
                "also": ruleset.also,
                "rules": [_row(rule, chance) for rule in ruleset.rules],
            }
        )
    return "".join(_json(entry) + "\n" for entry in [heads, *entries])


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


def _json(value: object) -> str:
    """Return one line; signs that end lines in Unicode are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "\x85\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


if __name__ == "__main__":
    bundle = compile_bundle()
    with open(BUNDLE, "w", encoding="utf-8") as file:
        file.write(bundle)
