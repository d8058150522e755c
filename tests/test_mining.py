"""What many pages say and no rule explains becomes drafts that load and hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cleantext import Cleaner, mining
from cleantext.mining import Found, Miner, draft
from cleantext.rulesets import parse_ruleset
from cleantext.testing import BODY, check_ruleset, texts

CLEANER = Cleaner(rulesets=["en"])
PROSE = [line for line in BODY["prose"] if line.isascii()]


def mined(pages: list[str], urls: list[str] | None = None) -> Miner:
    miner = Miner()
    for number, page in enumerate(pages):
        miner.add(CLEANER.analyze(page, lang="en"), urls[number] if urls else None)
    return miner


def forms(miner: Miner, min_pages: int = 3) -> list[list[str]]:
    return [[found.text for found in group] for group in miner.groups(min_pages, 50)]


def pages(*lines: str, count: int = 4) -> list[str]:
    return ["\n".join([f"{number} {PROSE[number]}", *(line.format(number) for line in lines)])
            for number in range(count)]  # fmt: skip


def test_lines_that_recur_are_found_and_those_a_rule_explains_are_not() -> None:
    miner = mined(pages("Tide table of the harbour", "Advertisement", "Only on page {}, he said"))
    assert forms(miner) == [["Only on page 0, he said"], ["Tide table of the harbour"]]
    assert forms(miner, 5) == []


def test_a_line_counts_once_a_page_whatever_its_case_and_numbers() -> None:
    miner = mined(
        ["TIDE TABLE NO 4 A\nTide table no 5 a", "tide table no 12 a", "Tide table no 3 a"]
    )
    [[found]] = miner.groups(2, 5)
    assert (found.pages, found.text) == (3, "TIDE TABLE NO 4 A")


def test_sentence_ends_and_their_place() -> None:
    bodies = [f"{line} Find the tide table at the pier." for line in PROSE[:4]]
    urls = [f"https://{host}.example/x" for host in ("a", "b", "b", "c")]
    [[found]] = mined(bodies, urls).groups(3, 5)
    assert (found.text, found.sentence) == ("Find the tide table at the pier.", True)
    assert found.hosts == {"a.example", "b.example", "c.example"}
    text = draft([[found]], "ours", "en")
    assert "# 4 pages, 3 hosts" in text
    [rule] = parse_ruleset(text).rules
    assert (rule.scope, rule.match) == ("sentence", "whole")


def test_like_lines_make_one_group_and_the_company_names_the_category() -> None:
    lines = pages(
        "Advertisement", "See the tide table for {} here now", "Word of the harbour pilot"
    )
    lines += pages("Advertisement", "See the tide table for {} there now")
    groups = mined(lines).groups(3, 5)
    assert [len(group) for group in groups] == [2, 1]
    text = draft(groups, "ours", "en")
    assert "# 8 pages; removed beside it: ad_label 8" in text
    rules = parse_ruleset(text).rules
    assert [rule.id for rule in rules] == ["en.ad_label.draft-1", "en.ad_label.draft-2"]
    check_ruleset(parse_ruleset(text))
    cleaner = Cleaner("thorough", ["en", parse_ruleset(text.replace("weight = 2", "weight = 9"))])
    assert cleaner.clean("See the tide table for 977 here now\n", lang="en") == ""


def test_counting_is_bounded_and_misses_nothing_frequent(monkeypatch: object) -> None:
    before, mining.LIMIT = mining.LIMIT, 50
    try:
        miner = mined([f"Odd line {chr(97 + n // 26)}{chr(97 + n % 26)} of page\nTide table of the harbour"
                       for n in range(400)])  # fmt: skip
    finally:
        mining.LIMIT = before
    assert len(miner._found) <= 51
    assert ["Tide table of the harbour"] in forms(miner, 350)


@settings(max_examples=40)
@given(st.lists(texts(), min_size=1, max_size=3), st.booleans())
def test_drafts_load_and_hold_whatever_the_pages_say(bodies: list[str], twice: bool) -> None:
    groups = mined([*bodies, *bodies]).groups(2, 20)
    ruleset = parse_ruleset(draft(groups, "drafts", "en" if twice else None))
    assert len(ruleset.rules) <= len(groups)
    check_ruleset(ruleset)


def test_long_forms_with_numbers_get_anchors_or_stay_as_they_are() -> None:
    long = "The tide table of the harbour office for week 12 hangs at the pier"
    short = "1 a 2 b 3 c 4 d 5 e 6 f 7 g 8 h 9 i 10 j 11 k 12 l 13 m"
    for text, field in ((long, "anchors"), (short, "phrases")):
        ruleset = parse_ruleset(draft([[Found(text, False, 3)]], "ours"))
        check_ruleset(ruleset)
        assert getattr(ruleset.rules[0], field)
