"""What README and docs show is what happens."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleantext import load_ruleset
from cleantext.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "page.txt"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_examples_run(path: Path) -> None:
    assert doctest.testfile(str(path), module_relative=False).failed == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shown(block: str, text: str) -> None:
    """Each line shown stands in the text, in this order; an ellipsis stands for anything."""
    at = 0
    for line in block.strip().split("\n"):
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))))
        found = pattern.search(text, at)
        assert found, line
        at = found.end()


def test_the_page_before_after_and_why() -> None:
    before, after, why = blocks("text")[:3]
    shown(before, EXAMPLE.read_text(encoding="utf-8"))
    shown(after, CliRunner().invoke(main, [str(EXAMPLE)]).stdout)
    shown(why, CliRunner().invoke(main, ["explain", str(EXAMPLE)]).stdout)


def test_the_rule_set_of_the_guide_loads(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)[0], encoding="utf-8")
    assert load_ruleset(path).rules
