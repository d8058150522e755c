"""The command line as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleantext.cli.main import main

PAGE = "The ferry sank at dawn, the harbour master said.\nAdvertisement\nThe crew was saved.\n"
KEPT = "The ferry sank at dawn, the harbour master said.\nThe crew was saved.\n"


def run(*args: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, args, input=stdin)


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return str(path)


def test_a_file_comes_out_clean(page: str) -> None:
    done = run(page)
    assert (done.exit_code, done.stdout) == (0, KEPT)
    assert run("clean", page, "--level", "balanced").stdout == KEPT
    assert run(page, page).stdout == KEPT * 2


def test_it_runs_as_a_module(page: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cleantext", page], capture_output=True, text=True, check=True
    )
    assert done.stdout == KEPT


def test_stdin_and_odd_line_endings() -> None:
    done = run("-", stdin=PAGE.replace("\n", "\r\n").encode())
    assert done.stdout_bytes == KEPT.replace("\n", "\r\n").encode()


def test_explain_names_rule_and_reason(page: str) -> None:
    done = run("explain", page)
    assert "remove  Advertisement" in done.stdout
    assert "ad_label  en.ad_label." in done.stdout
    assert "keep    The crew was saved." in done.stdout


def test_json(page: str) -> None:
    data = json.loads(run(page, "--json").stdout)
    assert data["text"] == KEPT
    assert data["removed"][0]["category"] == "ad_label"
    assert PAGE[data["removed"][0]["start"] : data["removed"][0]["end"]] == "Advertisement\n"


def test_evaluate(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    lines = [{"text": "Advertisement", "label": "chrome", "category": "ad_label"},
             {"text": "The crew was saved by the lifeboat.", "label": "body"}]  # fmt: skip
    path.write_text(json.dumps({"id": "p", "lines": lines}) + "\n", encoding="utf-8")
    assert "1.0000" in run("evaluate", str(path)).stdout
    total = json.loads(run("evaluate", str(path), "--json").stdout)["total"]
    assert (total["body"], total["chrome"], total["pages_losing"]) == (1.0, 1.0, 0)


@pytest.mark.parametrize(
    ("args", "stdin", "words"),
    [
        (["/nowhere/page.txt"], None, "/nowhere/page.txt: No such file or directory"),
        (["/nowhere/*.txt"], None, "/nowhere/*.txt: no file matches"),
        (["-"], b"caf\xe9", "<stdin>: not UTF-8 at byte 3"),
        (["-", "--level", "brutal"], b"", "'brutal' is not one of"),
        (["--nonsense"], None, "No such option"),
        (["explain"], None, "Missing argument"),
        (["evaluate", "/nowhere/gold.jsonl"], None, "cannot be read"),
    ],
)
def test_errors_are_one_clear_line_and_exit_code_2(
    args: list[str], stdin: bytes | None, words: str
) -> None:
    done = run(*args, stdin=stdin)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert done.stderr.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", ":1: not JSON"),
        ('{"id": "p"}', ":1: field 'lines' must be a list"),
        ('{"id": 3, "lines": []}', ":1: field 'id' must be a string"),
        ('{"lines": [3]}', ":1: line 1 must be an object"),
        ('{"lines": [{"text": 3, "label": "body"}]}', "line 1: field 'text'"),
        ('{"lines": [{"text": "a", "label": "bdy"}]}', "line 1: field 'label': 'bdy'"),
        ('{"lines": [{"text": "a", "label": "chrome", "category": "x"}]}', "field 'category'"),
        ('{"lines": [{"text": "a", "label": "mixed", "chrome": ["b"]}]}', "field 'chrome'"),
        ("", "holds no pages"),
    ],
)
def test_faults_of_labelled_pages_are_named(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(row + "\n", encoding="utf-8")
    done = run("evaluate", str(path))
    assert done.exit_code == 2
    assert str(path) in done.stderr
    assert words in done.stderr
