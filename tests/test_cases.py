"""Whole pages with known answers: sites that ask for support, articles about asking, the seed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cleantext import LEVELS, Cleaner, Level
from cleantext.evaluate import LabelledPage, read_labelled

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


@pytest.mark.parametrize("page", APPEALS, ids=lambda page: page.id)
@every_level
@with_and_without_url
def test_an_appeal_goes_and_the_article_stays(
    page: LabelledPage, level: Level, use_url: bool
) -> None:
    assert {line.label for line in page.lines} <= {*KEPT, "chrome"}
    wanted = [line.text for line in page.lines if line.label in KEPT]
    assert visible(cleaned(page, level, use_url)) == wanted


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.id)
@pytest.mark.parametrize("level", ["safe", "balanced"])
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
