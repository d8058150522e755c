"""The public surface, and what its results hold."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

import cleantext
from cleantext import Cleaner, Evidence, Page, analyze, clean

TEXT = (
    "Ferries return\n"
    "The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.\n"
    "The landing stage in May. Photo: Ines Falk / Reuters\n"
    "\n"
    "Advertisement\n"
    "\n"
    "The island was cut off for eleven weeks, and the baker ran out of flour in the second.\n"
)


def test_public_names() -> None:
    assert cleantext.__all__ == sorted(
        cleantext.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    assert set(cleantext.__all__) == {
        "CATEGORIES", "LEVELS", "Block", "Cleaner", "Evidence", "Level", "Metadata", "Page",
        "PipeError", "Removed", "RepetitionIndex", "Result", "Rule", "RuleFinder", "RuleSet", "RuleSetError",
        "analyze", "analyze_html", "clean", "clean_html", "load_ruleset",
    }  # fmt: skip
    assert all(hasattr(cleantext, name) for name in cleantext.__all__)


def test_result() -> None:
    result = analyze(TEXT)
    assert result.text == (
        "Ferries return\n"
        "The ferry sailed again on Tuesday, the harbour office said.\n"
        "The landing stage in May. Photo: Ines Falk / Reuters\n"
        "\n"
        "The island was cut off for eleven weeks, and the baker ran out of flour in the second.\n"
    )
    assert result.captions == ("The landing stage in May. Photo: Ines Falk / Reuters",)
    assert result.lang == "en"
    assert [cut.category for cut in result.removed] == ["newsletter_signup", "ad_label"]
    labels = [block.label for block in result.blocks]
    assert labels == ["body", "body", "caption", "body", "chrome", "body", "body"]
    json.dumps(result.to_dict())


def test_explain_and_html_show_what_went() -> None:
    result = analyze(TEXT)
    assert "[- Subscribe to our newsletter here.-]" in result.explain()
    assert "ad_label" in result.to_html()
    wild = analyze("<script>alert(1)</script> & co\nAdvertisement\n")
    assert wild.to_html().count("<script>") == 1  # its own
    assert "&lt;script&gt;" in wild.to_html()


class Wild:
    """A rule set whose names are code."""

    name = "wild"

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> list[Evidence]:
        code = '"><script>alert(1)</script>'
        return [
            Evidence(
                1,
                f"any.ad_label.{code}",
                "ad_label",
                code,
                20.0,
                page.starts[1],
                page.ends[1],
                code,
            )
        ]


def test_html_escapes_what_rules_say() -> None:
    shown = Cleaner(rulesets=[Wild()]).analyze("The ferry sank.\nAdvertisement\n").to_html()
    assert shown.count("<script>") == 1  # its own
    assert shown.count("alert(1)&lt;/script&gt;") >= 2  # rule and reason


def test_keep_and_disable() -> None:
    assert "Advertisement" in Cleaner(keep=["ad_label"]).clean(TEXT)
    block = analyze("Advertisement\n").blocks[0]
    rules = [item.rule for item in block.evidence if item.weight > 0]
    assert "Advertisement" in Cleaner(disable=rules).clean(TEXT)


def test_a_rule_set_in_python() -> None:
    class Shouting:
        name = "shouting"

        def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Iterator[Evidence]:
            for index, (start, end) in enumerate(zip(page.starts, page.ends, strict=True)):
                if page.source(index).isupper():
                    yield Evidence(index, "any.ad_label.shouting", "ad_label", "words", 9.0,
                                   start, end, "all capitals")  # fmt: skip

    cleaner = Cleaner(rulesets=["default", Shouting()])
    result = cleaner.analyze("A quiet day in the harbour.\nBUY MORE BOATS\n")
    assert result.text == "A quiet day in the harbour.\n"
    assert result.removed[0].reason == "all capitals"


def test_a_cleaner_pickles_as_its_options(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\n[[rule]]\nid = "any.site_promo.tip"\ncategory = "site_promo"\nweight = 9\n'
        'match = "whole"\nphrases = ["tips to the night desk"]\nreason = "asks for tips"\n'
        'examples = ["Tips to the night desk"]\ncounter_examples = ["Tips to the night desk came in."]\n',
        encoding="utf-8",
    )
    cleaner = Cleaner("balanced", ["default", path], keep=["ad_label"])
    path.unlink()
    copy = pickle.loads(pickle.dumps(cleaner))
    assert pickle.dumps(copy) == pickle.dumps(cleaner)
    text = TEXT + "Tips to the night desk\n"
    assert copy.analyze(text) == cleaner.analyze(text)
    assert "night desk" not in copy.clean(text)


def test_evidence_is_ordered_by_weight() -> None:
    for block in analyze(TEXT).blocks:
        weights = [abs(item.weight) for item in block.evidence]
        assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("text", [None, b"bytes", 3, ["list"]])
def test_text_must_be_str(text: object) -> None:
    with pytest.raises(TypeError, match="text must be a str"):
        clean(text)  # type: ignore[arg-type]


def test_nothing_heavy_is_imported() -> None:
    import subprocess
    import sys

    program = (
        "import sys, cleantext; cleantext.clean('Share this'); "
        "print([m for m in ('numpy', 'trafilatura', 'langdetect', 'lxml', 'click', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
