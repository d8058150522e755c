"""Whole pages with known answers: sites that ask for support, articles about asking, the seed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cleantext import LEVELS, Cleaner, Level
from cleantext.evaluate import LabelledPage, by_cleaner, evaluate, read_labelled

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

CASES = Path(__file__).parent / "cases"
APPEALS = read_labelled(CASES / "appeals.jsonl")
ARTICLES = read_labelled(CASES / "articles.jsonl")
SEED = Path(__file__).parents[2] / "shared" / "data" / "seed.txt"
SEED_URL = "https://www.themoscowtimes.com/x"
KEPT = ("body", "caption", "neutral")

every_level = pytest.mark.parametrize("level", LEVELS)
with_and_without_url = pytest.mark.parametrize("use_url", [False, True], ids=["no-url", "url"])


@cache
def cleaner(level: Level) -> Cleaner:
    return Cleaner(level)


def visible(text: str) -> list[str]:
    """Return the lines that hold something, unchanged: where blank lines go is not judged here."""
    return [line for line in text.split("\n") if line.strip()]


def cleaned(page: LabelledPage, level: Level, use_url: bool) -> str:
    return cleaner(level).clean(page.text, url=page.url if use_url else None)


def known(kind: str) -> frozenset[tuple[str, str]]:
    """Return (page, level) of what fails as yet; a page that passes must leave the list."""
    rows = (CASES / "known-failures.txt").read_text(encoding="utf-8").splitlines()
    cells = [row.split() for row in rows if row and not row.startswith("#")]
    return frozenset((page, level) for what, page, level in cells if what == kind)


def cases(kind: str, pages: list[LabelledPage], levels: tuple[Level, ...]) -> list[ParameterSet]:
    failing = known(kind)
    return [
        pytest.param(
            page, level, id=f"{page.id}-{level}",
            marks=[pytest.mark.xfail(strict=True)] if (page.id, level) in failing else [],
        )
        for page in pages
        for level in levels
    ]  # fmt: skip


@pytest.mark.parametrize(("page", "level"), cases("appeal", APPEALS, LEVELS))
@with_and_without_url
def test_an_appeal_goes_and_the_article_stays(
    page: LabelledPage, level: Level, use_url: bool
) -> None:
    wanted = [line.text for line in page.lines if line.label in KEPT]
    assert visible(cleaned(page, level, use_url)) == wanted


def test_appeals_lose_nothing_at_safe() -> None:
    outcome = evaluate(APPEALS, by_cleaner(cleaner("safe")))
    assert not outcome.lost


@pytest.mark.parametrize(("page", "level"), cases("article", ARTICLES, ("safe", "balanced")))
@with_and_without_url
def test_an_article_about_asking_is_left_alone(
    page: LabelledPage, level: Level, use_url: bool
) -> None:
    assert {line.label for line in page.lines} <= set(KEPT)
    assert cleaned(page, level, use_url) == page.text


@pytest.mark.skipif(not SEED.exists(), reason="the seed page lies outside the repository")
@every_level
@with_and_without_url
def test_the_seed(level: Level, use_url: bool) -> None:
    text = SEED.read_text(encoding="utf-8")
    lines = visible(text)
    assert len(lines) == 24  # a head box of 5, headline, caption, 10 paragraphs, a tail of 7
    out = cleaner(level).clean(text, url=SEED_URL if use_url else None)
    assert visible(out) == lines[5:17]
