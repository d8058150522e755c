"""The eight promises of docs/design.md as properties."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleantext import LEVELS, Cleaner, Level, Result, RuleSet, load_ruleset
from cleantext.rulesets import available
from cleantext.testing import BODY, Planted, bodies, chrome_examples, planted, texts

SAFE = Cleaner()
CLEANERS = {level: Cleaner(level) for level in LEVELS}
RULES = {level: Cleaner(level, ["rules"]) for level in LEVELS}


@cache
def shipped() -> tuple[RuleSet, ...]:
    return tuple(load_ruleset(name) for name in available())


CHROME = chrome_examples(shipped())
ANY_PAGE = st.one_of(texts(), planted(CHROME).map(lambda page: page.text))
ANY_LEVEL = st.sampled_from(LEVELS)


def replay(result: Result) -> str:
    """Take the removed spans out of the source."""
    kept, at = [], 0
    for cut in result.removed:
        assert at <= cut.start < cut.end
        kept.append(result.source[at : cut.start])
        at = cut.end
    return "".join([*kept, result.source[at:]])


@given(ANY_PAGE, ANY_LEVEL)
def test_1_output_is_slices_of_the_input_and_blocks_tile_it(text: str, level: Level) -> None:
    result = CLEANERS[level].analyze(text)
    assert "".join(block.text for block in result.blocks) == text
    at = 0
    for block in result.blocks:
        assert block.start == at
        assert text[block.start : block.end] == block.text
        at = block.end
    for cut in result.removed:
        assert text[cut.start : cut.end] == cut.text
    assert replay(result) == result.text


@given(ANY_PAGE)
def test_2_without_rules_the_output_is_the_input(text: str) -> None:
    assert Cleaner(rulesets=[]).clean(text) == text


@given(bodies(), ANY_LEVEL)
def test_2_without_chrome_the_output_is_the_input(lines: list[str], level: Level) -> None:
    text = "\n".join(lines)
    assert CLEANERS["safe"].clean(text) == text
    assert (
        RULES[level].clean(text) == text
    )  # below `safe` the scorer may doubt a list without prose


@given(ANY_PAGE, ANY_LEVEL)
def test_3_every_removal_names_its_rule_and_replays(text: str, level: Level) -> None:
    result = CLEANERS[level].analyze(text)
    named = {item.rule for block in result.blocks for item in block.evidence}
    for cut in result.removed:
        assert cut.rule in named
        assert cut.reason
        assert 0 < cut.score <= 1
    assert replay(result) == CLEANERS[level].clean(text)


@given(planted(CHROME))
def test_4_chrome_planted_into_body_leaves_every_body_line(page: Planted) -> None:
    kept = SAFE.clean(page.text).split("\n")
    wanted = [line for line, body in zip(page.lines, page.body, strict=True) if body]
    at = 0
    for line in kept:
        if at < len(wanted) and line == wanted[at]:
            at += 1
    assert at == len(wanted), f"lost: {wanted[at]!r}"


@given(
    st.lists(st.sampled_from(CHROME), min_size=2, max_size=12),
    st.sampled_from(BODY["prose"]),
    st.integers(0, 12),
)
def test_4_body_planted_among_chrome_survives(chrome: list[str], body: str, at: int) -> None:
    lines = [*chrome[:at], body, *chrome[at:]]
    assert body in SAFE.clean("\n".join(lines)).split("\n")


@given(planted(CHROME))
def test_5_a_second_pass_loses_no_body(page: Planted) -> None:
    again = SAFE.clean(SAFE.clean(page.text)).split("\n")
    for line, body in zip(page.lines, page.body, strict=True):
        assert not body or line in again


BLOCK_RULES = RuleSet("blocks", tuple(
    rule for ruleset in shipped() for rule in ruleset.rules
    if rule.match == "whole" and not rule.near and rule.where == "anywhere"
    and ruleset.lang in (None, "en") and rule.weight >= 8
))  # fmt: skip
LONE = Cleaner(rulesets=[BLOCK_RULES])


@given(planted(CHROME))
def test_5_rules_that_look_at_one_line_are_idempotent(page: Planted) -> None:
    once = LONE.clean(page.text)
    assert LONE.clean(once) == once


@given(ANY_PAGE, ANY_PAGE, ANY_LEVEL)
def test_6_what_was_cleaned_before_changes_nothing(text: str, other: str, level: Level) -> None:
    first = CLEANERS[level].clean(text)
    CLEANERS[level].analyze(other)
    assert CLEANERS[level].clean(text) == first
    assert CLEANERS[level].analyze(text) == CLEANERS[level].analyze(text)


def test_6_threads_agree() -> None:
    pages = [
        "\n".join([*CHROME[at : at + 5], *BODY["prose"], *CHROME[-at - 5 :]]) for at in range(40)
    ]
    alone = [SAFE.clean(page) for page in pages]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(SAFE.clean, pages)) == alone
    assert list(SAFE.pipe(pages)) == alone


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_6_hash_seeds_agree(seed: str) -> None:
    lines = [*CHROME[::7], *BODY["prose"], *CHROME[1::9]]
    program = (
        "import sys, json, cleantext\n"
        "text = json.loads(sys.stdin.read())\n"
        "print(json.dumps(cleantext.analyze(text, level='balanced').to_dict()))\n"
    )
    import json

    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps("\n".join(lines)), text=True,
        capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    expected = CLEANERS["balanced"].analyze("\n".join(lines)).to_dict()
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))


@given(st.text(st.characters(), max_size=300), ANY_LEVEL)
def test_7_any_str_is_accepted(text: str, level: Level) -> None:
    result = CLEANERS[level].analyze(text)
    assert replay(result) == result.text
    result.explain()
    result.to_html()
    result.to_dict()


@pytest.mark.parametrize(
    "text",
    ["a" * 5_000_000, "word " * 1_000_000, "\n" * 1_000_000, "Share\n" * 200_000, '"' * 100_000,
     "\x00\ud800\u202e\u200d" * 100_000, "Subscribe now! " * 60_000],
    ids=["one word", "one line", "blank", "share", "quotes", "odd", "calls"],
)  # fmt: skip
def test_7_huge_texts_take_seconds(text: str) -> None:
    start = time.process_time()
    SAFE.clean(text)
    assert time.process_time() - start < 30


@given(ANY_PAGE)
def test_8_levels_nest(text: str) -> None:
    removed = [set(), set(), set()]  # type: list[set[int]]
    for place, level in enumerate(LEVELS):
        for cut in CLEANERS[level].analyze(text).removed:
            removed[place].update(range(cut.start, cut.end))
    assert removed[0] <= removed[1] <= removed[2]
