"""Lines that consist of several labels: judged part by part."""

from __future__ import annotations

import pytest

from cleantext.engine import Engine
from cleantext.rules.lexical import PARTS_WEIGHT, Lexicon
from cleantext.rules.lexicons import Lexicons
from cleantext.rulesets import Rule, RuleSet
from cleantext.types import Evidence


def label(name: str, weight: float, *phrases: str, unless: tuple[str, ...] = ()) -> Rule:
    return Rule(
        id=f"xx.navigation.{name}", category="navigation", weight=weight, reason="a label",
        match="whole", phrases=phrases, examples=phrases, counter_examples=("none",), unless=unless,
    )  # fmt: skip


LEXICON = Lexicon([
    RuleSet("labels", (
        label("strong", 5, "reply", "all comments"),
        label("weak", 2, "home", "sport"),
        label("vetoed", 5, "more", unless=("nothing",)),
        Rule(id="xx.body.answer", category="body", weight=-3, reason="an answer", match="whole",
             phrases=("yes",), examples=("yes",), counter_examples=("no",)),
    ))
])  # fmt: skip


def found(line: str) -> list[Evidence]:
    return LEXICON.find(Engine(Lexicons([]), ()).page(line, None, None))


@pytest.mark.parametrize(
    ("line", "weight"),
    [
        ("Home | Sport", 4),
        ("Reply · Home", 7),
        ("Reply! All comments (12)", PARTS_WEIGHT),
        ("Home » Sport » All comments", PARTS_WEIGHT),
        ("Sport - Home", 4),
    ],
)
def test_the_labels_of_a_row_add_up(line: str, weight: float) -> None:
    (item,) = found(line)
    assert item.weight == weight


@pytest.mark.parametrize(
    "line",
    [
        "Home | Harbour", "Home | Home", "Sport-Home", "Reply, all comments",
        "Yes | Reply", "Reply | more", "Reply | " + "x" * 300,
    ],
)  # fmt: skip
def test_one_part_that_is_no_label_keeps_the_line(line: str) -> None:
    assert not found(line)


def test_the_strongest_label_gives_the_row_its_rule() -> None:
    (item,) = found("Home | Reply | Sport")
    assert item.rule == "xx.navigation.strong"


@pytest.mark.parametrize(
    "line",
    ["\u201cReply.\u201d", '- "Reply!"', "\u00ab Reply. \u00bb", "\u2013 \u201eSport?\u201c"],
)
def test_speech_is_no_label(line: str) -> None:
    assert not found(line)


@pytest.mark.parametrize(
    "line", ["\u00ab Reply | Sport \u00bb", "Reply \u00bb", "\u00ab Home \u00bb"]
)
def test_arrows_are_no_speech(line: str) -> None:
    assert found(line)
