"""The score moves by the right amount when a cleaner does something right or wrong."""

from __future__ import annotations

import pytest

from cleantext.evaluate import (
    LabelledLine,
    LabelledPage,
    Remover,
    by_level,
    evaluate,
    word_scores,
)

LINES = (
    LabelledLine("The ferry sank at dawn", "body"),  # 18 characters without spaces
    LabelledLine("Photo: Ana Ruiz", "caption"),  # 13
    LabelledLine("Share this", "chrome", "social_share"),  # 9
    LabelledLine("By Tom Harker", "neutral"),
    LabelledLine("All were saved. Subscribe!", "mixed", "newsletter_signup", ("Subscribe!",)),
    LabelledLine("Advertisement", "chrome", "ad_label"),  # 13
)
PAGE = LabelledPage("p", LINES, lang="en", via="test")
FIRST, CAPTION, SHARE, BYLINE, MIXED, AD = range(6)
BODY, CHROME = 18 + 13, 9 + 10 + 13


def start_of(number: int) -> int:
    return sum(len(line.text) + 1 for line in LINES[:number])


def span(number: int, part: str | None = None) -> tuple[int, int]:
    start = start_of(number) + (LINES[number].text.index(part) if part else 0)
    return start, start + len(part or LINES[number].text)


RIGHT = [span(SHARE), span(MIXED, "Subscribe!"), span(AD)]


def removing(*spans: tuple[int, int]) -> Remover:
    return lambda page: spans


def test_the_right_cleaner_gets_everything() -> None:
    outcome = evaluate([PAGE], removing(*RIGHT))
    total = outcome.total
    assert (total.body, total.caption, total.chrome) == (BODY, 13, CHROME)
    assert [total.share(label) for label in ("body", "caption", "chrome")] == [1, 1, 1]
    assert (total.pages, total.pages_losing, outcome.lost) == (1, 0, [])


def test_one_body_line_deleted() -> None:
    outcome = evaluate([PAGE], removing(*RIGHT, span(FIRST)))
    total = outcome.total
    assert total.body_kept == BODY - 18
    assert total.share("body") == pytest.approx((BODY - 18) / BODY)
    assert total.lines_right["body"] == total.lines["body"] - 1
    assert total.pages_losing == 1
    assert (total.share("caption"), total.share("chrome")) == (1, 1)
    lost = outcome.lost[0]
    assert (lost.page, lost.number, lost.label, lost.removed) == ("p", 1, "body", LINES[0].text)


def test_one_chrome_line_kept() -> None:
    outcome = evaluate([PAGE], removing(RIGHT[0], RIGHT[1]))
    total = outcome.total
    assert total.chrome_removed == CHROME - 13
    assert (total.share("body"), total.pages_losing, outcome.lost) == (1, 0, [])
    assert outcome.by_category["ad_label"].share("chrome") == 0
    assert outcome.by_category["social_share"].share("chrome") == 1


def test_the_body_in_a_mixed_line_counts_apart_from_its_chrome() -> None:
    outcome = evaluate([PAGE], removing(span(MIXED)))
    assert outcome.total.body_kept == BODY - 13
    assert outcome.total.chrome_removed == 10
    assert outcome.by_category["newsletter_signup"].share("chrome") == 1
    assert outcome.lost[0].removed.strip() == "All were saved."


def test_a_caption_lost_is_no_body_lost() -> None:
    total = evaluate([PAGE], removing(span(CAPTION))).total
    assert (total.share("caption"), total.share("body"), total.pages_losing) == (0, 1, 0)


def test_one_character_and_spaces_and_neutral_lines() -> None:
    start = start_of(FIRST)
    total = evaluate([PAGE], removing((start + 4, start + 5))).total
    assert (total.body_kept, total.pages_losing) == (BODY - 1, 1)
    total = evaluate([PAGE], removing((start + 3, start + 4), span(BYLINE))).total
    assert (total.body_kept, total.pages_losing) == (BODY, 0)


def test_spans_that_overlap_count_once() -> None:
    one, two = span(AD), span(AD, "vert")
    assert evaluate([PAGE], removing(one, two)).total.chrome_removed == 13


def test_groups_and_shares_of_nothing() -> None:
    other = LabelledPage("q", (LabelledLine("Bonjour", "body"),), lang="fr", via="else")
    outcome = evaluate([PAGE, other], removing())
    assert outcome.by_lang["fr"].body == 7
    assert outcome.by_via["test"].pages == 1
    assert outcome.by_lang["fr"].share("chrome") is None
    assert outcome.to_dict()["by_lang"]["fr"]["chrome"] is None


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("a b c", "a b c", (1, 1, 1)),
        ("a b c d", "a b", (0.5, 1, 2 / 3)),
        ("a", "a b", (1, 0.5, 2 / 3)),
        ("a a a", "a", (1 / 3, 1, 0.5)),
        ("x", "a", (0, 0, 0)),
        ("", "a", (0, 0, 0)),
        ("", "", (1, 1, 1)),
        ("渡轮沉了", "渡轮", (0.5, 1, 2 / 3)),
    ],
)
def test_words(text: str, gold: str, expected: tuple[float, float, float]) -> None:
    assert word_scores(text, gold) == pytest.approx(expected)


def test_words_of_what_is_kept_are_compared_with_the_gold_text() -> None:
    page = LabelledPage("p", LINES[:3], gold="The ferry sank at dawn")
    assert evaluate([PAGE], removing()).total.words() is None
    before = evaluate([page], removing()).total.words()
    after = evaluate([page], removing(span(SHARE), span(CAPTION))).total.words()
    assert before == pytest.approx({"precision": 0.5, "recall": 1, "f1": 2 / 3})
    assert after == {"precision": 1, "recall": 1, "f1": 1}


def test_levels() -> None:
    levels = by_level([PAGE])
    assert list(levels) == ["safe", "balanced", "thorough"]
    removed = [outcome.total.chrome_removed for outcome in levels.values()]
    assert removed == sorted(removed)
    assert removed[0] >= 13
