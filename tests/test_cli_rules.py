"""`cleantext rules` and `cleantext config` as an author of rules and a team meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleantext.cli.main import main
from cleantext.rulesets import load_ruleset


def cleantext(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_list() -> None:
    done = cleantext("rules", "list", "--ruleset", "en", "--category", "ad_label")
    assert done.exit_code == 0
    ids = [line.split()[0] for line in done.stdout.splitlines()]
    assert "en.ad_label.label" in ids
    assert all(".ad_label." in each for each in ids)
    rows = cleantext("rules", "list", "--lang", "en", "--category", "ad_label", "--json").stdout
    assert set(ids) <= {json.loads(line)["id"] for line in rows.splitlines()}


def test_show() -> None:
    done = cleantext("rules", "show", "en.ad_label.label")
    assert "the label of an advertisement" in done.stdout
    assert "counter-examples " in done.stdout
    data = json.loads(cleantext("rules", "show", "en.ad_label.label", "--json").stdout)
    assert (data["ruleset"], data["id"]) == ("en", "en.ad_label.label")
    unknown = cleantext("rules", "show", "en.ad_label.labl")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (2, 1)
    assert "did you mean en.ad_label.label" in unknown.stderr
    assert "structural" in cleantext("rules", "show", "any.navigation.menu").stderr


def test_new_makes_a_rule_set_that_passes_its_test() -> None:
    for args in (
        ["ours"],
        ["24 hours", "--lang", "de", "-o", "b.toml"],
        ["x", "--site", "a.example"],
    ):
        assert cleantext("rules", "new", *args).exit_code == 0
    assert load_ruleset("x.toml").sites == ("a.example",)
    assert load_ruleset("b.toml").lang == "de"
    done = cleantext("rules", "test", "ours.toml", "b.toml", "x.toml")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "ours.toml: 1 rule; every example and counter-example holds" in done.stdout
    assert done.stdout.count("alone from safe") == 3
    again = cleantext("rules", "new", "ours")
    assert (again.exit_code, again.stderr) == (2, "cleantext: ours.toml: File exists\n")


def test_test_names_what_is_wrong_and_what_reaches_too_far(tmp_path: Path) -> None:
    cleantext("rules", "new", "ours", "--lang", "en")
    path = tmp_path / "ours.toml"
    good = path.read_text()
    path.write_text(good.replace('examples = ["All', 'examples = ["Not all', 1))
    done = cleantext("rules", "test", "ours.toml")
    assert done.exit_code == 2
    assert "rule en.site_promo.slogan: field 'examples': does not match 'Not all" in done.stderr
    wide = good.replace('match = "whole"', 'match = "anywhere"').replace("weight = 8", "weight = 1")
    wide = wide.replace('phrases = ["All', 'phrases = ["advertisement", "ferry", "All', 1)
    path.write_text(
        wide.replace('counter_examples = ["All the news the tide', 'counter_examples = ["Old')
    )
    done = cleantext("rules", "test", "ours.toml")
    assert done.exit_code == 0
    assert "it speaks on a paragraph of an article" in done.stdout
    assert "it speaks on the counter-example of en.ad_label.label" in done.stdout
    assert "alone at no level: a hint" in done.stdout


def test_mine_writes_drafts_that_pass_their_test(tmp_path: Path) -> None:
    rows = [{"text": f"Tale {n} of the ferryman, told at noon.\nTide table of the harbour\n"}
            for n in range(6)]  # fmt: skip
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n")
    done = cleantext("rules", "mine", "pages.jsonl", "-o", "drafts.toml", "--lang", "en")
    assert done.exit_code == 2
    assert "pages.jsonl:7: not JSON" in done.stderr
    assert "6 pages, 2 drafts" in done.stderr
    assert "Tide table of the harbour" in (tmp_path / "drafts.toml").read_text()
    assert cleantext("rules", "test", "drafts.toml").exit_code == 0
    out = cleantext("rules", "mine", "pages.jsonl", "--top", "1", "--min-pages", "6").stdout
    assert out.count("[[rule]]") == 1


def test_config_check_and_show(tmp_path: Path) -> None:
    none = cleantext("config", "check")
    assert (none.exit_code, none.stderr.count("\n")) == (2, 1)
    assert "no cleantext.toml" in none.stderr
    path = tmp_path / "cleantext.toml"
    path.write_text('level = "balanced"\nkeep = ["tags_topics", "site_promo"]\n')
    assert cleantext("config", "check").stdout == f"{path}: all is well\n"
    shown = cleantext("config", "show").stdout
    assert "level     balanced\n" in shown
    assert "keep      tags_topics, site_promo\n" in shown
    path.write_text('disable = ["zz.qqqq.xxxx"]\n')
    wrong = cleantext("config", "check", "cleantext.toml")
    assert (wrong.exit_code, wrong.stderr) == (
        2, "cleantext: cleantext.toml: unknown rule to disable: 'zz.qqqq.xxxx'\n",
    )  # fmt: skip
