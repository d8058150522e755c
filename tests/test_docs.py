"""What README and docs show is what happens: every code block runs, every link leads somewhere.

The blocks of a page run in order, in one folder that holds a copy of `examples/`. A comment before
a block says what else is to be done with it:

- ``<!-- file: NAME -->``: it is a file of that name, for the blocks after it;
- ``<!-- from: PATH -->``: its lines stand in that file of the project (an ellipsis for any text);
- ``<!-- not run: WHY -->``: it cannot run here; the reason must be one that `NOT_RUN` knows;
- ``<!-- main -->``, ``<!-- tests -->``: the README's two commands, which `.ci/run` runs.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

import cleantext
from cleantext.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLE = ROOT / "examples" / "page.txt"
#: Installing is tested by the checks of the project; training needs data that is not part of it.
NOT_RUN = {"installs", "needs the training data", "takes an hour", "downloads"}
BLOCK = re.compile(
    r"(?:^<!-- (?P<order>[\w ]+)(?:: (?P<what>[^\n]*))? -->\n+)?^```(?P<kind>[\w{}-]*)[^\n]*\n"
    r"(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """One fenced block of a page, with the comment that stands before it."""

    kind: str
    text: str
    order: str | None
    what: str


def blocks(path: Path) -> Iterator[Block]:
    for match in BLOCK.finditer(path.read_text(encoding="utf-8")):
        if not match["kind"].startswith("{"):  # a directive of the site, no code
            yield Block(match["kind"], match["text"], match["order"], match["what"] or "")


def shown(block: str, text: str) -> None:
    """Each line shown stands in the text, in this order; an ellipsis stands for anything."""
    at = 0
    for line in block.strip().split("\n"):
        if line.strip() == "…":
            continue
        pattern = re.compile(".*".join(map(re.escape, line.strip().split("…"))))
        found = pattern.search(text, at)
        assert found, f"{line!r} is not in {text[at:]!r}"
        at = found.end()


class Reader:
    """Someone who does what a page says, block by block."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, {"__name__": "__docs__"}
        shutil.copytree(ROOT / "examples", folder / "examples")
        programs = folder / ".programs"
        programs.mkdir()
        command = programs / "cleantext"
        start = "from cleantext.cli.main import main; main(prog_name='cleantext')"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{start}" "$@"\n')
        command.chmod(0o755)
        here = str(Path(cleantext.__file__).parents[1])
        paths = [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
        self.env = {**os.environ, "PATH": os.pathsep.join(paths), "PYTHONPATH": here,
                    "PYTHONUTF8": "1", "COLUMNS": "200"}  # fmt: skip

    def do(self, block: Block) -> None:
        if block.order == "not run":
            assert block.what in NOT_RUN
        elif block.order in ("main", "tests"):
            assert block.text.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
        elif block.order == "from":
            shown(block.text, (ROOT / block.what).read_text(encoding="utf-8"))
        elif block.order == "file":
            (self.folder / block.what).write_text(block.text, encoding="utf-8")
        else:
            getattr(self, f"do_{block.kind or 'text'}")(block.text)

    def do_python(self, text: str) -> None:
        if ">>>" not in text:
            exec(compile(text, "<docs>", "exec"), self.names)
            return
        test = doctest.DocTestParser().get_doctest(text, self.names, "docs", None, 0)
        report: list[str] = []
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(
            test, out=report.append, clear_globs=False
        )
        assert not report, "".join(report)
        self.names = test.globs

    def do_sh(self, text: str) -> None:
        done = self.run(text)
        assert done.returncode == 0, done.stdout + done.stderr

    def do_console(self, text: str) -> None:
        """Run each line after ``$``; below stands some of what it prints."""
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            done = self.run(command)
            shown(output, done.stdout + done.stderr)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euc", script], cwd=self.folder, env=self.env, check=False,
            capture_output=True, text=True, encoding="utf-8", timeout=300,
        )  # fmt: skip

    def do_toml(self, text: str) -> None:
        tomllib.loads(text)

    def do_json(self, text: str) -> None:
        json.loads(text)

    def do_text(self, text: str) -> None:
        """Nothing to run."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks(path):
        reader.do(block)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists() or target == "rules/index.md", target


def test_the_page_before_after_and_why() -> None:
    before, after, why = [
        block.text for block in blocks(ROOT / "README.md") if block.kind == "text"
    ][:3]
    shown(before, EXAMPLE.read_text(encoding="utf-8"))
    shown(after, CliRunner().invoke(main, [str(EXAMPLE)]).stdout)
    shown(why, CliRunner().invoke(main, ["explain", str(EXAMPLE)]).stdout)


def test_extras_that_pages_name_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named: set[str] = set()
    for path in PAGES:
        for extras in re.findall(r"\[([a-z,-]+)\]'", path.read_text(encoding="utf-8")):
            named |= set(extras.split(","))
    assert "test" in named
    assert named <= set(project["optional-dependencies"])


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    for module in ("sphinx", "furo", "myst_parser"):
        pytest.importorskip(module, reason="the extra 'docs' is not installed")
    command: list[Any] = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    source = tmp_path / "docs"
    shutil.copytree(ROOT, tmp_path, dirs_exist_ok=True, ignore=_only_docs)
    done = subprocess.run(
        [*command, source, tmp_path / "site"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    reference = "".join(
        page.read_text(encoding="utf-8") for page in (tmp_path / "site" / "rules").glob("*.html")
    )
    shipped = [rule.id for name in ("common", "en", "zh") for rule in _rules(name)]
    assert [rule for rule in shipped if rule not in reference] == []


def _only_docs(folder: str, names: list[str]) -> set[str]:
    """Leave out what the site does not show; it is built in a copy, for it writes pages."""
    if Path(folder) == ROOT:
        return set(names) - {"docs", "examples", "benchmarks", "README.md", "CHANGELOG.md"}
    return {name for name in names if name in ("rules", "corpus", "__pycache__")}


def _rules(name: str) -> tuple[cleantext.Rule, ...]:
    return cleantext.load_ruleset(name).rules
