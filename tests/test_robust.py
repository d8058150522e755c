"""Whatever the text, and in whatever order: no exception, exact offsets, the same answer."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleantext import LEVELS, Cleaner, Level, Result, Rule, RuleSet, RuleSetError, compiled
from cleantext.rules import lexical, matcher
from cleantext.rulesets import available
from cleantext.sentences import sentences
from cleantext.testing import BODY, ODD, check_ruleset, chrome_examples, hostile_texts, texts

CHROME = chrome_examples([load() for name, load in available().items() if name in ("en", "de")])
HOSTILE = st.one_of(hostile_texts(CHROME), texts())


@cache
def cleaner(level: Level) -> Cleaner:
    return Cleaner(level)


def check(text: str, result: Result) -> None:
    """Blocks tile the text, removed spans are slices of it in order, and what is left is the rest."""
    assert [(block.start, block.text) for block in result.blocks] == [
        (block.start, text[block.start : block.end]) for block in result.blocks
    ]
    assert "".join(block.text for block in result.blocks) == text
    at, kept = 0, []
    for cut in result.removed:
        assert at <= cut.start < cut.end <= len(text)
        assert text[cut.start : cut.end] == cut.text
        kept.append(text[at : cut.start])
        at = cut.end
    assert "".join([*kept, text[at:]]) == result.text
    for block in result.blocks:
        assert 0 <= block.score <= 1
        for item in block.evidence:
            assert block.start <= item.start <= item.end <= block.end


@given(HOSTILE, st.sampled_from(LEVELS))
def test_any_text_is_taken_and_offsets_are_exact(text: str, level: Level) -> None:
    result = cleaner(level).analyze(text)
    check(text, result)
    assert cleaner(level).clean(text) == result.text


@given(HOSTILE)
@settings(max_examples=200)
def test_every_form_of_a_result_takes_any_text(text: str) -> None:
    result = cleaner("balanced").analyze(text)
    result.explain()
    result.to_html().encode()
    assert json.loads(json.dumps(result.to_dict()))["removed"] == result.to_dict()["removed"]


@given(HOSTILE)
def test_sentences_tile_a_line(text: str) -> None:
    spans = sentences(text)
    assert all(low < high for low, high in spans)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))
    if spans:
        assert text[spans[0][0] : spans[-1][1]] == text.strip()


CALL = "Subscribe to our newsletter now! Share this article. "
HUGE = {
    "a line of 50 MB": "The ferry sank at dawn, and nobody on the quay was saved. " * 880_000,
    "a word of 5 MB": "a" * 5_000_000,
    "a million empty lines": "Share\n" + "\n" * 1_000_000 + "Share",
    "a million returns": "Share" + "\r" * 1_000_000,
    "nested quotes": ("“‘" * 50_000 + CALL + "’”" * 50_000 + CALL) * 2,
    "open quotes": "\" '" * 50_000 + CALL * 2000,
    "calls in one line": CALL * 20_000,
    "stops": CALL + "." * 1_000_000 + CALL + "!" * 1_000_000 + "a",
    "spaces": CALL + " " * 1_000_000 + CALL + "\t" * 1_000_000 + "a",
    "bars": "Share" + " | " * 300_000 + CALL,
    "combining signs": CALL + "e" + "\u0301" * 1_000_000,
    "joiners": CALL + "\U0001f468\u200d" * 500_000,
    "odd signs": (ODD + CALL) * 1000,
    "headings": (BODY["prose"][0] + "\n") * 5 + "Related articles\nA headline of a page\n" * 5000,
    "comments": (BODY["prose"][0] + "\n") * 5 + "Comments\nJane says:\nReply\n" * 5000,
    "tickers": (BODY["prose"][0] + "\n") * 5 + "12:30 A headline of a page\n" * 10_000,
    "appeals": "Dear reader, we have a small favor to ask.\nDonate now\n$5 a month\n" * 5000,
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_texts_take_seconds(name: str) -> None:
    start = time.process_time()
    text = HUGE[name]
    check(text, cleaner("safe").analyze(text))
    assert time.process_time() - start < 60  # what is quadratic takes hours


PAGES = [
    "\n".join([*BODY["prose"][at : at + 2], *CHROME[at * 7 : at * 7 + 9], BODY["cjk"][at % 3]])
    for at in range(6)
] + [BODY["prose"][5] + "\nJetzt abonnieren", BODY["cjk"][0] + "\n分享到微信", "?\nShare", ""]


def test_no_order_of_calls_changes_an_answer() -> None:
    expected = {page: cleaner("safe").analyze(page) for page in PAGES}
    for seed in range(4):
        fresh = Cleaner()
        order = PAGES[seed:] + PAGES[:seed] if seed % 2 else PAGES[::-1][seed:] + PAGES[:seed]
        for at, page in enumerate(order):
            if (at + seed) % 3 == 0:
                assert fresh.clean(page) == expected[page].text
            else:
                assert fresh.analyze(page) == expected[page]


def test_threads_that_begin_together_agree() -> None:
    expected = [cleaner("safe").analyze(page) for page in PAGES]
    for _ in range(2):
        fresh, found = Cleaner(), dict[int, list[Result]]()
        gate = threading.Barrier(4)

        def work(number: int, fresh: Cleaner = fresh, gate: threading.Barrier = gate,
                 found: dict[int, list[Result]] = found) -> None:  # fmt: skip
            gate.wait()
            found[number] = [fresh.analyze(page) for page in PAGES]

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [found[number] for number in range(4)] == [expected] * 4


@pytest.mark.parametrize("seed", ["0", "77"])
def test_processes_and_hash_seeds_agree(seed: str) -> None:
    program = (
        "import json, sys, cleantext\n"
        "pages = json.load(sys.stdin)\n"
        "cleaner = cleantext.Cleaner()\n"
        "print(json.dumps([cleaner.analyze(page).to_dict() for page in pages]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(PAGES), text=True, capture_output=True,
        check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    expected = [cleaner("safe").analyze(page).to_dict() for page in PAGES]
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))


# Patterns of users


def evil(**more: object) -> RuleSet:
    values: dict[str, object] = {
        "id": "en.site_promo.evil", "category": "site_promo", "weight": 12.0, "reason": "slow",
        "pattern": "call (?:a|aa)+[!?]$", "anchors": ("call",), "examples": ("call aaa!",),
        "counter_examples": ("aa",),
    }  # fmt: skip
    return RuleSet("evil", (Rule(**values | more),))  # type: ignore[arg-type]


def test_a_pattern_that_takes_too_long_is_no_evidence_and_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lexical, "PATTERN_SECONDS", 0.05)
    slow = Cleaner(rulesets=[evil()])
    text = "call aaa!\n" + ("call " + "a" * 60 + "b! c\n") * 50 + "call aaaa!\n"
    start = time.process_time()
    result = slow.analyze(text)
    assert time.process_time() - start < 5  # it is tried no more on this page
    assert result.timeouts == (("en.site_promo.evil", 1),)
    assert (
        "late    en.site_promo.evil took too long and said nothing of: call aaa" in result.explain()
    )
    assert result.to_dict()["timeouts"] == [{"rule": "en.site_promo.evil", "block": 1}]
    assert result.text == text[10:]
    assert slow.analyze("call aaa!\n").text == ""  # nothing is remembered for the next
    check(text, result)


def test_a_rule_too_slow_for_its_own_examples_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "PATTERN_SECONDS", 0.05)
    with pytest.raises(RuleSetError, match="'pattern' takes too long on 'call aaaa"):
        check_ruleset(evil(counter_examples=("call " + "a" * 60 + "b! c",)))


def test_checking_many_rules_takes_linear_time() -> None:
    rules = [
        Rule(f"en.site_promo.r{at}", "site_promo", 9, "one of many", pattern=f"word{at}b",
             max_chars=40, examples=(f"word{at}b",), counter_examples=("word",))
        for at in range(2000)
    ]  # fmt: skip
    start = time.process_time()
    check_ruleset(RuleSet("many", tuple(rules)))
    assert time.process_time() - start < 20


# Without the compiled matcher


def mixed() -> Iterator[tuple[str, str | None]]:
    lines = [*CHROME, *(line for lines in BODY.values() for line in lines)]
    for at in range(0, len(lines), 40):
        page = [*lines[at : at + 40], *BODY["prose"][:3], *lines[-at - 20 : -at or None]]
        for lang in (None, "en", "de"):
            yield "\n".join(page), lang


def test_the_slower_matcher_decides_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [cleaner("balanced").analyze(page, lang=lang) for page, lang in mixed()]
    monkeypatch.setattr(compiled, "speedups", None)
    monkeypatch.setattr(matcher, "build", matcher.PlainSearch)
    plain = Cleaner("balanced")
    assert [plain.analyze(page, lang=lang) for page, lang in mixed()] == expected


@given(
    st.lists(st.text("ab\n \u0301é\ud800", min_size=1, max_size=4), unique=True, min_size=1),
    st.text("ab\n \u0301é\ud800", max_size=40),
)
def test_both_matchers_find_the_same_in_the_same_order(phrases: list[str], text: str) -> None:
    phrases = [phrase for phrase in phrases if "\ud800" not in phrase] or ["a"]
    fast, plain = matcher.AhoCorasick(phrases), matcher.PlainSearch(phrases)
    assert list(fast.find(text)) == list(plain.find(text))
