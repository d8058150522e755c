"""The shipped rule sets in one file that loads fast.

Reading all TOML files takes a second, so they are compiled into one JSON file without examples:
``python -m cleantext.shipped`` writes it, a test compares it with the TOML files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cleantext.rulesets import Rule, RuleSet, _shipped_files, parse_ruleset

BUNDLE = Path(__file__).parent / "data" / "rules.json"
_RULE = ("id", "category", "weight", "reason", "family", "scope", "match", "where", "phrases",
         "pattern", "anchors", "near", "unless", "max_chars")  # fmt: skip
_LISTS = {"phrases", "anchors", "near", "unless"}


def load() -> list[RuleSet]:
    """Return every shipped rule set, without examples."""
    data = json.loads(BUNDLE.read_text(encoding="utf-8"))
    return [_ruleset(entry) for entry in data]


def _ruleset(entry: dict[str, Any]) -> RuleSet:
    lang = entry["lang"]
    rules = tuple(Rule(lang=lang, **_fields(row)) for row in entry["rules"])
    return RuleSet(
        name=entry["name"],
        rules=rules,
        lang=lang,
        sites=tuple(entry["sites"]),
        stopwords=frozenset(entry["stopwords"]),
        also=tuple(entry["also"]),
    )


def _fields(row: list[Any]) -> dict[str, Any]:
    named = zip(_RULE, row, strict=True)
    return {name: tuple(value) if name in _LISTS else value for name, value in named}


def compile_bundle() -> str:
    """Return the text of the bundle, made from the TOML files."""
    entries = []
    for path in _shipped_files():
        ruleset = parse_ruleset(path.read_text(encoding="utf-8"), path.name)
        entries.append(
            {
                "name": ruleset.name,
                "lang": ruleset.lang,
                "sites": ruleset.sites,
                "stopwords": sorted(ruleset.stopwords),
                "also": ruleset.also,
                "rules": [[getattr(rule, name) for name in _RULE] for rule in ruleset.rules],
            }
        )
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f"[\n{rows}\n]\n"


if __name__ == "__main__":
    BUNDLE.write_text(compile_bundle(), encoding="utf-8")
