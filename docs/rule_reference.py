"""Write the rule reference, a page for each shipped rule set, from the rules themselves.

The site's configuration calls it at each build, so the pages cannot be stale; they are not kept
under version control. `python docs/rule_reference.py FOLDER` writes them by hand.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cleantext import CATEGORIES, Rule, RuleSet
from cleantext.rulesets import _shipped_files, parse_ruleset
from cleantext.types import KINDS


def shipped() -> list[RuleSet]:
    """Return every shipped rule set with its examples, that for all languages first."""
    sets = [parse_ruleset(path.read_text(encoding="utf-8"), path.name) for path in _shipped_files()]
    return sorted(sets, key=lambda ruleset: (ruleset.lang is not None, ruleset.name))


def write(folder: Path) -> None:
    """Write the pages into a folder; a page that is up to date is left alone."""
    folder.mkdir(exist_ok=True)
    sets = shipped()
    pages = {"index": "".join(_index(sets))}
    pages.update((ruleset.name, "".join(_page(ruleset))) for ruleset in sets)
    for name, text in pages.items():
        path = folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _index(sets: list[RuleSet]) -> Iterator[str]:
    rules = [rule for ruleset in sets for rule in ruleset.rules]
    yield "# Rule reference\n\n"
    yield (
        f"{len(rules)} rules in {len(sets)} rule sets ship with the package, beside the structural "
        "rules and the scorer, which have no words. Each is written down with examples and "
        "counter-examples that are tests. A rule is turned off by its id: "
        "`Cleaner(disable=[...])`.\n\n"
    )
    yield "| category | what it is | rules |\n|---|---|---:|\n"
    counts = Counter(rule.category for rule in rules)
    for category, meaning in {**CATEGORIES, **KINDS}.items():
        yield f"| `{category}` | {meaning} | {counts[category]} |\n"
    yield "\nCaption, meta and body rules protect: their weight is negative.\n\n"
    names = "\n".join(ruleset.name for ruleset in sets)
    yield f"```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"


def _page(ruleset: RuleSet) -> Iterator[str]:
    scope = f"pages in `{ruleset.lang}`" if ruleset.lang else "pages in every language"
    if ruleset.sites:
        scope += " of " + ", ".join(f"`{site}`" for site in ruleset.sites)
    yield f"# {ruleset.name}\n\n{len(ruleset.rules)} rules for {scope}.\n"
    for category in [*CATEGORIES, *KINDS]:
        rules = [rule for rule in ruleset.rules if rule.category == category]
        if rules:
            yield f"\n## {category}\n\n"
            yield "| rule | weight | where | speaks on | not on |\n|---|---:|---|---|---|\n"
            yield from map(_row, rules)


def _row(rule: Rule) -> str:
    cells = [
        f"{_code(rule.id)}<br>{_plain(rule.reason)}",
        f"{rule.weight:g}",
        ", ".join(_conditions(rule)) or "any line",
        _plain(rule.examples[0]),
        _plain(rule.counter_examples[0]),
    ]
    return "| " + " | ".join(cells) + " |\n"


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.scope == "sentence":
        yield "one sentence"
    if rule.pattern is None and rule.match != "anywhere":
        yield {"whole": "whole line", "bar": "bar of phrases"}.get(
            rule.match, f"at the {rule.match}"
        )
    if rule.where != "anywhere":
        yield f"{rule.where} of the page"
    if rule.max_chars:
        yield f"up to {rule.max_chars} characters"


def _code(text: str) -> str:
    return f"`{text}`"


def _plain(text: str) -> str:
    """Return text for a table cell, which has one line: nothing in it is markup."""
    return "".join(
        f"&#{ord(sign)};" if sign in r"""\`*_{}[]<>|#&$@:/~^'"-.""" else sign
        for sign in " ".join(text.split())
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
