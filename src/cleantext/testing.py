"""Tools for those who write rule sets: run a rule's examples, and strategies for property tests.

`check_ruleset` needs nothing but the library; the strategies need `hypothesis`.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleantext.engine import Engine
from cleantext.rules.lexical import Lexicon
from cleantext.rulesets import Rule, RuleSet, RuleSetError


def check_ruleset(ruleset: RuleSet, origin: str | None = None) -> None:
    """Run every rule on its examples and counter-examples.

    Args:
        ruleset: the rule set.
        origin: what to call it in messages; its name by default.

    Raises:
        RuleSetError: a rule that does not speak on one of its examples, or does on a
            counter-example; the message lists all of them.
    """
    faults = list(_faults(ruleset))
    if faults:
        raise RuleSetError("\n".join(f"{origin or ruleset.name}: {fault}" for fault in faults))


def _faults(ruleset: RuleSet) -> Iterator[str]:
    lexicon = Lexicon([ruleset])
    engine = Engine(lexicon, {}, ())
    url = f"https://{ruleset.sites[0]}/" if ruleset.sites else None

    def speaks(rule: Rule, text: str) -> bool:
        page = engine.page(text, url, None)
        return any(item.rule == rule.id for item in lexicon.find(page, None))

    for rule in ruleset.rules:
        for text in rule.examples:
            if not speaks(rule, text):
                yield f"rule {rule.id}: field 'examples': does not match {text!r}"
        for text in rule.counter_examples:
            if speaks(rule, text):
                yield f"rule {rule.id}: field 'counter_examples': matches {text!r}"
