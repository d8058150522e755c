"""The learned scorer: its arithmetic, its limits, its file."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given

from cleantext import Cleaner
from cleantext.rules.features import NAMES, grams, planes, tokens
from cleantext.rules.scorer import LONG, MODEL, VERSION, Scorer
from cleantext.testing import BODY, texts

ARTICLE = "\n".join(BODY["prose"])


def model(**changed: object) -> dict[str, object]:
    return {
        "version": VERSION, "features": list(NAMES), "bias": 0.0, "scale": 0.01, "trees": [],
        "words": {},
    } | changed  # fmt: skip


def test_all_lines_at_once_are_judged_as_each_by_itself() -> None:
    draw = random.Random(3)
    trees = [
        (
            [(draw.randrange(len(NAMES)), draw.randrange(255)) for _ in range(6)],
            [draw.randrange(256) for _ in range(64)],
        )
        for _ in range(256)
    ]
    seen = [bytes(draw.randrange(256) for _ in range(31)) for _ in NAMES]
    expected = []
    for line in range(31):
        total = 0
        for splits, leaves in trees:
            bits = sum((seen[at][line] > border) << bit for bit, (at, border) in enumerate(splits))
            total += leaves[bits]
        expected.append(-3 + 0.01 * total)
    assert Scorer({}, trees, -3.0, 0.01)._scores(seen) == pytest.approx(expected)


@given(texts())
def test_any_page_has_a_byte_a_line_for_every_feature(text: str) -> None:
    page, found, shape, odds = Cleaner(rulesets=["structural"]).ruled(text)
    seen = planes(page, shape, found, odds, [(0.0, 0.0)] * len(odds))
    assert [len(plane) for plane in seen] == [len(shape.filled)] * len(NAMES)


def test_a_long_paragraph_needs_more_than_the_scorer_at_safe() -> None:
    sure = Scorer.parse(model(bias=9.0))
    paragraph = " ".join(BODY["prose"][:5]) + "\n"
    assert len(paragraph) > LONG
    text = "Sport\nLocal\nWorld\nMoney\nStyle\n" + paragraph
    assert Cleaner("safe", ["rules", sure]).clean(text) == paragraph
    assert Cleaner("balanced", ["rules", sure]).clean(text) == ""


def test_a_line_that_is_rather_body_to_the_rules_stays_at_safe() -> None:
    sure = Scorer.parse(model(bias=2.0))
    text = "A short line\n" * 5 + BODY["prose"][0]
    assert Cleaner("safe", ["rules", sure]).clean(text) == text
    assert Cleaner("balanced", ["rules", sure]).clean(text) == BODY["prose"][0]


def test_a_photo_credit_stays_at_every_level() -> None:
    sure = Scorer.parse(model(bias=9.0))
    credited = "| | Photo: Ines Falk / Reuters | |\n"
    text = "Sport\nLocal\nWorld\n" + credited + "Money\nStyle\n"
    assert Cleaner("thorough", ["rules", sure]).clean(text) == credited
    doubted = text.replace("Reuters", "Reuters. Subscribe to our free newsletter")
    assert Cleaner("thorough", ["rules", sure]).clean(doubted) == ""


def test_a_line_that_is_cut_off_is_told_from_a_sentence() -> None:
    text = (
        "The ferry sank at dawn…\nThe ferry sank at dawn.\nThe ferry sank [...\nAll were saved!\n"
    )
    page, found, shape, odds = Cleaner(rulesets=["structural"]).ruled(text)
    seen = planes(page, shape, found, odds, [(0.0, 0.0)] * len(odds))
    assert list(seen[NAMES.index("ending")]) == [1, 9, 1, 8]
    assert set(seen[NAMES.index("page_cut")]) == {255 * 2 // 4}


def test_a_few_lines_are_left_to_the_rules() -> None:
    text = "The ferry sank at dawn.\nThe crew was saved.\n"
    assert Cleaner("thorough", ["rules", Scorer.parse(model(bias=9.0))]).clean(text) == text


def test_it_gives_a_reason() -> None:
    headlines = "Harbour office moves to new rooms\nFerry timetable for the winter\n" * 3
    result = Cleaner("balanced", ["rules", Scorer.parse(model(bias=6.0))]).analyze(headlines)
    assert result.removed
    assert all(cut.reason.startswith("reads like ") for cut in result.removed)
    assert all(cut.rule.endswith(".reads-like") for cut in result.removed)


def test_words_of_scripts_without_spaces_are_pairs_of_characters() -> None:
    assert tokens("相关新闻") == ["相关", "关新", "新闻"]
    assert grams(["read", "more"]) == ["read", "more", "read more", "^read", "more$"]
    assert grams([]) == []


def test_the_shipped_model_is_small_and_of_this_version() -> None:
    assert os.path.getsize(MODEL) <= 1_000_000
    assert Scorer.load().judge(*_ruled(ARTICLE)) != []


def _ruled(text: str):  # type: ignore[no-untyped-def]
    page, found, shape, odds = Cleaner(rulesets=["rules"]).ruled(text)
    return page, shape, found, odds


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "not a model"),
        ("[]", "not a model"),
        (json.dumps(model(version=1)), "train it again"),
        (json.dumps(model(features=["length"])), "train it again"),
        (json.dumps(model(trees=[[[0, 1] * 9, [0] * 512]])), "at most 256 trees of depth 8"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=word) as caught:
        Scorer.load(path)
    assert str(path) in str(caught.value)
