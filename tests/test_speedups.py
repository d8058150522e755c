"""The compiled twins give the same answers as the Python code beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import measure
from cleantext import Cleaner, compiled
from cleantext.engine import Decision
from cleantext.evaluate import LabelledPage
from cleantext.html.model import written_out
from cleantext.rules import matcher
from cleantext.rules.features import weigh_words
from cleantext.rules.lexical import _Automaton, _bounded
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
            (1, text, left and not edge, right, 9), (2, "", left and not edge, False, 99),
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
