"""A rule file may come from anyone: what is too large is refused at once, in a few words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cleantext import RuleSetError, limits, load_ruleset
from cleantext.rulesets import available, parse_ruleset

RULE = """
[[rule]]
id = "en.site_promo.tip"
category = "site_promo"
weight = 8
match = "whole"
phrases = ["Got a tip?"]
reason = "asks for tips"
examples = ["Got a tip?"]
counter_examples = ["He got a tip from a friend."]
"""
GOOD = 'name = "mine"\nlang = "en"\n' + RULE
PHRASES = 'match = "whole"\nphrases = ["Got a tip?"]'


def pattern(source: str) -> str:
    return GOOD.replace(PHRASES, f"pattern = '''{source}'''\nanchors = ['tip']")


HOSTILE = {
    "a long file": (GOOD + "#" * limits.MAX_FILE, "longer than 4000000 characters"),
    "a dotted key": ("\n" + "a." * 300_000 + "a = 1", "line 2: a key of more than 32 parts"),
    "a dotted quoted key": ("'a b' . \"c\" ." * 40_000 + "a = 1", "a key of more than 32 parts"),
    "a dotted key inside": ("x = {" + "a." * 100_000 + "a = 1}", "a key of more than 32 parts"),
    "nested arrays": ("x = " + "[" * 100_000, "not TOML: nested too deeply"),
    "a long number": (GOOD.replace("= 8", "= " + "9" * 5000), "not TOML: Exceeds the limit"),
    "a large number": (GOOD.replace("= 8", "= 0x" + "f" * 9000), "'weight' must lie between"),
    "infinity": (GOOD.replace("= 8", "= inf"), "'weight' must lie between"),
    "a large span": (GOOD.replace("= 8", "= 8\nmax_chars = 1000001"), "'max_chars' must be at most"),
    "many rules": ('name = "a"\n' + "[[rule]]\n" * 20_001, "more than 20000 rules"),
    "many phrases": (GOOD.replace("= [", "= [" + "'a'," * 5001, 1), "has more than 5000 entries"),
    "a long phrase": (GOOD.replace("Got a tip?", "a" * 1001), "'phrases' is longer than 1000"),
    "a long example": (GOOD.replace("He got", "a" * 20_001), "'counter_examples' is longer than"),
    "a long reason": (GOOD.replace("asks", "a" * 1001), "'reason' is longer than 1000 characters"),
    "a long id": (GOOD.replace("tip", "a" * 1001, 1), "'id' is longer than 200 characters"),
    "a long name": (GOOD.replace("mine", "a" * 201), "field 'name' is longer than 200 characters"),
    "many stop words": ("stopwords = [" + "'a'," * 5001 + "]\n" + GOOD, "has more than 5000 entr"),
    "a long pattern": (pattern("tip" * 2001), "'pattern' is longer than 6000 characters"),
    "a large count": (pattern("a{1000000000}tip"), "repeats a part more than 10000 times"),
    "a larger count": (pattern("a{" + "9" * 5000 + "}tip"), "repeats a part more than 10000 times"),
    "nested counts": (pattern("((a{1000}){1000}){1000}tip"), "repeats a part more than"),
    "lazy counts": (pattern("(?:(?:a{99})+{99}){99}tip"), "repeats a part more than 10000 times"),
    "deep groups": (pattern("(" * 2900 + ")" * 2900), "is not a regular expression"),
    "code": (pattern("tip(?{print(1)})"), "is not a regular expression"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_too_large_is_refused_at_once(name: str) -> None:
    source, words = HOSTILE[name]
    start = time.process_time()
    with pytest.raises(RuleSetError) as caught:
        parse_ruleset(source, "their.toml")
    assert time.process_time() - start < 5
    assert str(caught.value).startswith("their.toml")
    assert words in str(caught.value)
    assert len(str(caught.value)) < 600


def test_what_is_read_of_a_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes("é".encode() * limits.MAX_FILE)
    with pytest.raises(RuleSetError, match="longer than 4000000 bytes"):
        load_ruleset(path)


@pytest.mark.parametrize("field", ["id", "category", "match", "key"])
def test_messages_show_no_control_signs(field: str) -> None:
    bad = "\\u001b[31m\\u202e"
    source = {
        "id": GOOD.replace("en.site_promo.tip", bad),
        "category": GOOD.replace('"site_promo"', f'"{bad}"'),
        "match": GOOD.replace('"whole"', f'"{bad}"'),
        "key": GOOD.replace("weight", f'"{bad}"'),
    }[field]
    with pytest.raises(RuleSetError) as caught:
        parse_ruleset(source)
    assert str(caught.value).isprintable()


def test_the_shipped_rules_stay_far_below_the_limits() -> None:
    for load in available().values():
        ruleset = load()
        assert len(ruleset.rules) < limits.MAX_RULES / 20
        for rule in ruleset.rules:
            assert len(rule.phrases) < limits.MAX_ENTRIES / 5
            assert max(map(len, rule.phrases + rule.anchors), default=0) < 500
