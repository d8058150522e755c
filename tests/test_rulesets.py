"""Rule files: what is refused, and in which words; every shipped rule on its own examples."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from cleantext import Cleaner, Rule, RuleSet, RuleSetError, load_ruleset
from cleantext.rulesets import available, parse_ruleset
from cleantext.shipped import compile_bundle, read_bundle
from cleantext.testing import check_ruleset

GOOD = """
name = "mine"
lang = "en"

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


def test_a_good_rule_set_loads(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    ruleset = load_ruleset(path)
    assert ruleset.rules[0].id == "en.site_promo.tip"
    assert Cleaner(rulesets=[path]).clean("A quiet day in the harbour.\nGot a tip?") == (
        "A quiet day in the harbour.\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "mine"', 'nme = "mine"', ["unknown key 'nme'", "did you mean 'name'"]),
        ('name = "mine"', "", ["'name' is missing"]),
        ('name = "mine"', "name = 3", ["'name' must be a string"]),
        ('match = "whole"', 'match = "hole"', [":6: rule en.site_promo.tip", "'match'", "'hole'"]),
        ("weight = 8", 'weight = "8"', ["'weight' must be a number"]),
        ("weight = 8", "weight = true", ["'weight' must be a number"]),
        ("weight = 8", "weight = -8", ["'weight' must be negative for body"]),
        ("weight = 8", "weight = nan", ["'weight' must lie between"]),
        ("weight = 8", "", ["'weight' is missing"]),
        ("weight = 8", "weigth = 8\nweight = 8", ["unknown key 'weigth'", "did you mean 'weight'"]),
        ('category = "site_promo"', 'category = "promo"', ["'category' is unknown: 'promo'"]),
        ('id = "en.site_promo.tip"', 'id = "tip"', ["'id' must read lang.category"]),
        ('phrases = ["Got a tip?"]', "phrases = []", ["'phrases' or field 'pattern'"]),
        ('phrases = ["Got a tip?"]', 'phrases = ["  "]', ["no letters"]),
        ('phrases = ["Got a tip?"]', 'phrases = "Got a tip?"', ["list of non-empty strings"]),
        ('examples = ["Got', 'examples = ["Get', ["'examples': does not match 'Get a tip?'"]),
        ('counter_examples = ["He got a tip from a friend."]', 'counter_examples = ["got a tip"]',
         ["'counter_examples': matches 'got a tip'"]),
        ('counter_examples = ["He got a tip from a friend."]', "counter_examples = []",
         ["'counter_examples' is empty"]),
        ('match = "whole"\nphrases = ["Got a tip?"]', "pattern = '(tip'\nanchors = ['tip']",
         ["'pattern' is not a regular expression"]),
        ('match = "whole"\nphrases = ["Got a tip?"]', r"pattern = '[a-z]+ [0-9]'", ["'anchors' are missing"]),
        ('match = "whole"', 'match = "whole"\nanchors = ["x"]', ["'anchors' go with a pattern"]),
        ("[[rule]]", "[[rule]", ["not TOML"]),
        ("[[rule]]", "[rule]", ["'rule' must be an array"]),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path: Path, old: str, new: str, words: list[str]) -> None:
    assert old in GOOD
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleSetError) as caught:
        load_ruleset(path)
    for word in [str(path), *words]:
        assert word in str(caught.value)


def test_duplicate_ids_are_refused() -> None:
    rule = GOOD[GOOD.index("[[rule]]") :]
    with pytest.raises(RuleSetError, match="'id' is used twice"):
        parse_ruleset(GOOD + rule)
    with pytest.raises(RuleSetError, match="stands in rule sets one and two"):
        Cleaner(rulesets=[RuleSet("one", parse_ruleset(GOOD).rules),
                          RuleSet("two", parse_ruleset(GOOD).rules)])  # fmt: skip


@pytest.mark.parametrize("data", [b"\xff\xfe", b"name = '\x00'"])
def test_bytes_that_are_no_rule_set(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.toml"
    path.write_bytes(data)
    with pytest.raises(RuleSetError, match=r"odd\.toml"):
        load_ruleset(path)


def test_unknown_names_and_paths() -> None:
    with pytest.raises(RuleSetError, match="no rule set 'nonsense'; known: "):
        load_ruleset("nonsense")
    with pytest.raises(RuleSetError, match=r"gone\.toml: cannot be read"):
        load_ruleset("/nowhere/gone.toml")
    with pytest.raises(ValueError, match=r"unknown rule to disable: 'en\.no\.such'"):
        Cleaner(disable=["en.no.such"])
    with pytest.raises(ValueError, match="unknown level 'brutal'; one of safe"):
        Cleaner("brutal")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown category to keep: 'ads'"):
        Cleaner(keep=["ads"])


@pytest.mark.parametrize("name", sorted(available()))
def test_shipped_rules_on_their_examples(name: str) -> None:
    ruleset = load_ruleset(name)
    check_ruleset(ruleset)
    for rule in ruleset.rules:
        lang, category, _ = rule.id.split(".")
        assert lang in (ruleset.lang, "any") or ruleset.sites, rule.id
        assert category == rule.category, rule.id


def test_the_compiled_bundle_is_fresh() -> None:
    shipped = [
        ({key: value for key, value in head.items() if key != "size"}, zlib.decompress(packed))
        for head, packed in read_bundle()
    ]
    assert shipped == compile_bundle(), "run python -m cleantext.shipped"


def test_entry_points_are_listed_but_not_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    import cleantext.rulesets as module

    points = [EntryPoint("theirs", "tests.test_rulesets:plugin", module.ENTRY_POINTS)]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)
    assert "theirs" in available()
    text = "A quiet day in the harbour.\nXyzzy plugh"
    assert Cleaner().clean(text) == text
    assert Cleaner(rulesets=["theirs"]).clean(text) == "A quiet day in the harbour.\n"


def plugin() -> RuleSet:
    """Stand in for the rule set of an installed package."""
    return RuleSet("theirs", (Rule(
        id="any.site_promo.xyzzy", category="site_promo", weight=9, reason="a magic word",
        match="whole", phrases=("xyzzy plugh",),
    ),))  # fmt: skip


def test_a_veto_stands_at_the_beginning_of_a_word() -> None:
    rule = Rule(
        id="en.site_promo.tip", category="site_promo", weight=8, reason="asks for tips",
        phrases=("got a tip",), unless=("he", "sub"),
    )  # fmt: skip
    cleaner = Cleaner(rulesets=[RuleSet("mine", (rule,))])
    assert cleaner.clean("Got a tip? Ask the desk") == ""
    for line in ("Got a tip? He did", "Got a tip? Hear", "Got a tip, subscriber?"):
        assert cleaner.clean(line) == line
