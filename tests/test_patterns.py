"""A pattern that was put for speed matches in the same texts."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import measure
from cleantext.normalize import fold
from cleantext.rules import patterns as patterns_module
from cleantext.rules.patterns import matches, portable
from cleantext.rulesets import _shipped_files, parse_ruleset

PAGES = measure.own_pages()
WORDS = st.text("ab -", max_size=12)


@pytest.mark.parametrize("path", _shipped_files(), ids=lambda path: path.stem)
def test_shipped_patterns_match_the_same_lines(path: object) -> None:
    ruleset = parse_ruleset(path.read_text(encoding="utf-8"), path.name)  # type: ignore[attr-defined]
    pages = [page for page in PAGES if page.lang == (ruleset.lang or "en")]
    lines = [fold(line.text) for page in pages for line in page.lines][::7]
    for rule in ruleset.rules:
        if not rule.pattern:
            continue
        source = portable(rule.pattern)
        pattern = re.compile(source)
        written = regex.compile(rule.pattern) if source != rule.pattern else None
        told = [fold(text) for text in (*rule.examples, *rule.counter_examples)]
        test = matches(source)
        for line in (*told, *lines[:60]):
            found = pattern.search(line)
            assert (test(line) is None) == (found is None), (rule.id, line)
            if written:
                expected = written.search(line)
                assert (found and found.span()) == (expected and expected.span()), (rule.id, line)


def patterns() -> st.SearchStrategy[str]:
    """Draw patterns of words, options, groups, boundaries and tests of what stands around."""
    plain = st.sampled_from(
        ["a", "b", "ab", "aba", "a b", r"\b", "^", "$", "[ab]", ".", r"\w+", "-"]
    )

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.lists(inner, min_size=1, max_size=4).map("".join),
            st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"(?:{'|'.join(parts)})"),
            inner.map(lambda part: f"(?:{part})?"),
            inner.map(lambda part: f"(?!{part})"),
            inner.map(lambda part: f"(?:{part}){{0,2}}"),
        )

    return st.recursive(plain, grown, max_leaves=12)


@given(patterns(), st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([0, 12]))
def test_any_pattern_matches_in_the_same_texts(source: str, texts: list[str], light: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns_module, "_LIGHT", light)
        pattern, test = re.compile(source), matches(source)
    for text in texts:
        assert (test(text) is None) == (pattern.search(text) is None), text


def test_alternatives_that_begin_alike_are_joined() -> None:
    assert matches(r"(a)\1|b")("xaa")  # groups that are counted stay as they are
    assert not matches(r"\b(?:(?:re)?read more|read on|reply)\b")("already more")
    with pytest.raises(re.error):
        matches(r"\p{Greek}")
