"""The compiled twins give the same answers as the Python code beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks import measure
from cleantext import Cleaner, compiled
from cleantext.engine import Decision
from cleantext.evaluate import LabelledPage
from cleantext.html.model import written_out
from cleantext.normalize import fold
from cleantext.rules import matcher, supersets
from cleantext.rules.features import weigh_words
from cleantext.rules.lexical import (
    _IS_ROW,
    _ROW,
    Lexicon,
    _Automaton,
    _bar,
    _bar_items,
    _bounded,
)  # fmt: skip
from cleantext.rulesets import _shipped_files, available
from cleantext.shipped import load
from cleantext.testing import chrome_examples, hostile_texts, texts
from cleantext.types import Page

pytestmark = pytest.mark.skipif(compiled.speedups is None, reason="built without a compiler")
FAST = Cleaner("balanced")
with pytest.MonkeyPatch.context() as patched:
    patched.setattr(compiled, "speedups", None)
    PLAIN = Cleaner("balanced")
CHROME = chrome_examples(source.get() for source in load() if source.name in ("common", "en"))
CHROME = CHROME or ["Share this article", "Read more"]


def decided(cleaner: Cleaner, text: str, lang: str | None) -> Decision:
    return cleaner._engine.decide(cleaner._page(text, None, lang), "balanced")


def check(text: str, lang: str | None = None) -> None:
    """Compare all that is decided of a text, to the last bit."""
    fast = decided(FAST, text, lang)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "speedups", None)
        plain = decided(PLAIN, text, lang)
    assert (fast.cuts, fast.scores, fast.late) == (plain.cuts, plain.scores, plain.late)
    assert fast.evidence == plain.evidence


@pytest.mark.parametrize("page", measure.own_pages()[::4], ids=lambda page: page.id)
def test_pages_are_decided_alike(page: LabelledPage) -> None:
    check(page.text, page.lang)


@given(texts())
def test_any_text_is_decided_alike(text: str) -> None:
    check(text, "en")


@given(hostile_texts(CHROME), st.sampled_from(["en", "ja", "ru", None]))
def test_hostile_texts_are_decided_alike(text: str, lang: str | None) -> None:
    check(text, lang)


@given(
    st.lists(
        st.tuples(st.text("ab .é字\ud800", min_size=1, max_size=7), st.booleans(), st.booleans()),
        min_size=1,
        unique_by=lambda needle: needle[0],
    ),
    st.lists(st.text("ab .é字ก\ud800", max_size=70), max_size=4),
    st.sampled_from(["", "\n"]),
)
def test_both_scanners_find_the_same_in_the_same_order(
    needles: Sequence[tuple[str, bool, bool]], lines: list[str], edge: str
) -> None:
    wanted = {
        edge + text.replace("\ud800", "a"): [
            (1, text, left and not edge, right, 9, 0), (2, "", left and not edge, False, 99, 0),
        ]
        for text, left, right in needles
    }  # fmt: skip
    lines = [line.strip() for line in lines]
    page = Page("", "", [0] * len(lines), [0] * len(lines), lines, "en", None)
    fast = _Automaton(wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "speedups", None)
        plain = _Automaton(wanted)
        patch.setattr(matcher, "build", matcher.PlainSearch)
        slow = _Automaton(wanted)
    found = list(fast.scan(page, range(len(lines))))
    assert found == list(plain.scan(page, range(len(lines))))
    assert found == list(slow.scan(page, range(len(lines))))


@given(st.lists(st.text("ab é字ก\u3000\u2028", max_size=200), max_size=3), st.data())
def test_words_weigh_the_same(lines: list[str], data: st.DataObject) -> None:
    from cleantext.rules.features import grams, tokens

    known = sorted({gram for line in lines for gram in grams(tokens(line))})
    weights = {gram: at // 2 / 50 for at, gram in enumerate(known, -len(known) // 2) if at % 3}
    groups: dict[float, str] = {}
    for gram, weight in weights.items():
        groups[weight] = f"{groups[weight]}\n{gram}" if weight in groups else gram
    assert compiled.speedups
    words = compiled.speedups.Words(groups)
    assert words.weigh(lines, range(len(lines))) == [weigh_words(line, weights) for line in lines]


PIECES = st.recursive(
    st.sampled_from([
        "a", "b", "é", "字", ".", " ", r"\w", r"\W", r"\d", r"\s", r"\S", "[ab]", "[^a]", "[^\\W\\d_]",
        r"\b", r"\B", "^", "$", "(?=a)", "(?!b)", "(?<=a)", "(?<!字)", "[a-z0-9é]",
    ]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: f"(?:{'|'.join(each)})"),
        st.builds(
            "(?:{}){}".format, inner, st.sampled_from(["?", "*", "+", "{2}", "{0,3}", "{3,}", "+?", "*+"])
        ),
    ),
    max_leaves=8,
)  # fmt: skip
SIGNS = st.text("ab1_ .é字²\u0301\u3000\ud800", max_size=12)


@given(PIECES, st.lists(SIGNS, max_size=6))
@example("(?:a|b)*字$", ["ab字", "字a"])
def test_a_superset_lets_pass_what_a_pattern_finds(source: str, lines: list[str]) -> None:
    assert compiled.speedups
    program, parts = supersets.program(source), supersets.program(source, part=True)
    assert program
    assert parts
    test, of_parts = compiled.speedups.Superset(*program), compiled.speedups.Superset(*parts)
    for line in lines:
        if re.search(source, line):
            assert test(line)
        for at in range(len(line)):
            if re.search(source, line[at:]) or re.search(source, line[:at]):
                assert of_parts(line)


@given(st.lists(SIGNS, max_size=6))
def test_a_superset_without_tests_of_what_stands_round_is_exact(lines: list[str]) -> None:
    source = r"^(?:a+|\bé?\d)[^\s.]\B|字$|\ba\b"
    assert compiled.speedups
    test = compiled.speedups.Superset(*supersets.program(source) or ())
    for line in lines:
        assert test(line) == bool(re.search(source, line))


@given(
    st.lists(st.sampled_from(["home", "about us", "5+", "|", " ", "x", "-"]), max_size=6),
    st.sampled_from([("Home", "About us", "5+"), ("+", "5+")]),  # of signs nothing is left
)
def test_the_superset_of_a_bar_lets_pass_all_bars(
    parts: list[str], phrases: tuple[str, ...]
) -> None:
    assert compiled.speedups
    test = compiled.speedups.Superset(*supersets.bar(_bar_items(phrases)))
    line = "".join(parts)
    assert test(line) or not _bar(phrases)(line)


@pytest.mark.parametrize("name", sorted(path.stem for path in _shipped_files()))
def test_supersets_let_pass_the_examples_of_rules(name: str) -> None:
    lexicon = Lexicon([replace(available()[name](), shipped=True)])
    tried = 0
    for number, rule in enumerate(lexicon.rules):
        test = lexicon.superset(number)
        if test and rule.pattern:
            search = lexicon.search(number)
            for example in (*rule.examples, *rule.counter_examples):
                for line in map(str.strip, fold(example).splitlines()):
                    found = search(line)
                    assert test(line) or not found, (rule.id, line)
                    tried += found is not None
    assert tried or not any(rule.pattern for rule in lexicon.rules)


def test_a_superset_finds_the_same_when_it_has_forgotten_its_states() -> None:
    """It forgets them when there are a thousand; this pattern has more."""
    source = "a" + "(?:a|b)" * 11 + "c"
    program = supersets.program(source)
    assert compiled.speedups
    assert program
    test = compiled.speedups.Superset(*program)
    for number in range(0, 2**14, 7):
        line = f"{number:014b}".translate({48: "a", 49: "b"})
        assert test(line + "c") == bool(re.search(source, line + "c"))
        assert not test(line)


@given(st.text('ab.!?|•·›→"/- \t1', max_size=9))
def test_what_has_a_row_is_told_fast(line: str) -> None:
    assert bool(_IS_ROW(line)) == bool(_ROW.search(line))


def test_bounds_are_told_alike() -> None:
    """A character is asked about once; the answer stays."""
    assert [_bounded(sign) for sign in "a1_é字กա"] == [True, True, False, True, False, False, True]


TREE = st.recursive(
    st.floats(-9, 9),
    lambda inner: st.tuples(st.integers(0, 5), st.floats(-2, 2), inner, inner).map(list),
    max_leaves=9,
)


@given(st.lists(TREE, max_size=5), st.lists(st.floats(-3, 3), min_size=6, max_size=6))
def test_forests_sum_the_same(trees: list[Any], row: list[float]) -> None:
    assert compiled.speedups
    assert compiled.speedups.Forest(trees)(row) == written_out(trees)(row)


def test_a_forest_takes_numbers_and_rows_that_are_wide_enough() -> None:
    assert compiled.speedups
    for tree in (["__import__('os')", 1, 0, 0], [-1, 1, 0, 0], [0, 1, "a", 0], [0, 1, 0]):
        with pytest.raises((TypeError, ValueError)):
            compiled.speedups.Forest([tree])
    with pytest.raises(IndexError):
        compiled.speedups.Forest([[2, 0.0, 1, 2]])([1.0, 2.0])
