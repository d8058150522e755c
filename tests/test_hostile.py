"""No pattern can blow up: each is tried on strings made from it to be hard for it."""

from __future__ import annotations

import pytest

from cleantext import Rule
from cleantext.hostile import attacks, slow
from cleantext.rulesets import available


def rule(pattern: str, max_chars: int = 0) -> Rule:
    return Rule("en.ad_label.x", "ad_label", 8, "a test", pattern=pattern, max_chars=max_chars)


@pytest.mark.parametrize("name", sorted(available()))
def test_no_shipped_pattern_blows_up(name: str) -> None:
    found = {each.id: slow(each) for each in available()[name]().rules if each.pattern}
    assert {name: worst for name, worst in found.items() if worst} == {}


@pytest.mark.parametrize(
    "pattern",
    [
        "^(?:a|aa)+$",  # exponential
        "(?:x+x+)+y",
        "^share(?:(?:,| and|\\W)+(?:facebook|x))*$",
        "cook\\w*.{0,90}polic\\w*.{0,90}priva\\w*.{0,90}agree",  # a power of the length
        "ad.*block.*off.*please.*now",
    ],
)
def test_what_blows_up_is_found(pattern: str) -> None:
    found = slow(rule(pattern))
    assert found is not None
    assert found[1] > 250


@pytest.mark.parametrize(
    "pattern",
    [
        "^share(?:\\W+(?:facebook|x))*$",
        "cook\\w{0,9}+[^.]{0,60}polic",
        "\\bdonate (?:now|today)\\b.{0,80}\\bour (?:work|site)\\b",
        "\\p{Lu}\\w+ / (?:reuters|afp)$",
    ],
)
def test_what_stays_linear_passes(pattern: str) -> None:
    assert slow(rule(pattern)) is None


def test_each_repeated_part_is_pumped() -> None:
    made = attacks("(?:big|small) [a-c]*x(?:yz)+|\\d{2,9}[^1]*")
    for expected in [("big ", "a"), ("", "big a"), ("big ax", "yz"), ("", "big axyz"), ("", "1"),
                     ("11", "a"), ("11", " ")]:  # fmt: skip
        assert expected in made
    assert ("11", "1") not in made
