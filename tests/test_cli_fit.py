"""`cleantext fit`, and cleaning with what it made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleantext import RepetitionIndex
from cleantext.cli.main import main
from tests.test_repetition import FOOT, HEADLINES, article, page, url


def run(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), input=text)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    rows = [{"text": page(at), "url": url(at), "id": at} for at in range(6)]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def texts(path: Path) -> Sequence[str]:
    return [json.loads(row)["text"] for row in path.read_text(encoding="utf-8").splitlines()]


def test_fit_and_clean(tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "index"
    fitted = run("fit", corpus, "--out", index)
    assert fitted.exit_code == 0, fitted.output
    assert "6 pages" in fitted.stderr
    assert "6 counted, 0 known before; 1 sites" in fitted.stderr
    out = tmp_path / "out.jsonl"
    cleaned = run("clean", corpus, "--repetition", index, "--level", "balanced", "-o", out)
    assert cleaned.exit_code == 0, cleaned.output
    for at, text in enumerate(texts(out)):
        assert "\n".join(article(at)) in text
        assert FOOT[0] not in text
        assert all(line not in text for line in HEADLINES if line != HEADLINES[at])
    explained = run("explain", corpus, "--repetition", index, "--level", "balanced")
    assert "on 5 of 5 other pages of harborledger.example" in explained.stdout
    two = run("clean", corpus, "--repetition", index, "--level", "balanced", "-j", "2")
    assert two.stdout == out.read_text(encoding="utf-8")


def test_settings_may_name_the_index(tmp_path: Path, corpus: Path) -> None:
    run("fit", corpus, "--out", tmp_path / "index")
    config = tmp_path / "cleantext.toml"
    config.write_text('level = "safe"\nrepetition = "index"\n')
    cleaned = run("clean", corpus, "--config", config)
    assert FOOT[0] not in cleaned.stdout
    assert FOOT[0] in run("clean", corpus, "--level", "safe").stdout
    config.write_text("repetition = 3\n")
    assert "key 'repetition' must be a string" in run("clean", corpus, "--config", config).stderr


def test_more_pages_are_added_to_an_index(tmp_path: Path, corpus: Path) -> None:
    first, second, whole = tmp_path / "first", tmp_path / "second", tmp_path / "whole"
    rows = corpus.read_text(encoding="utf-8").splitlines(keepends=True)
    run("fit", "-", "--from", "jsonl", "-o", first, text="".join(rows[:4]))
    outcome = run("fit", corpus, "--onto", first, "-o", second)
    assert "2 counted, 4 known before" in outcome.stderr
    run("fit", corpus, "-o", whole)
    assert second.read_bytes() == whole.read_bytes()


def test_texts_without_a_url_need_a_site(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for at in range(3):
        (folder / f"{at}.txt").write_text(page(at), encoding="utf-8")
    index = tmp_path / "index"
    outcome = run("fit", folder, "-o", index)
    assert outcome.exit_code == 2
    assert "0.txt: a page needs a url with a host, or a site" in outcome.stderr
    assert not index.exists()
    assert run("fit", folder, "-o", index, "--site", "harborledger.example").exit_code == 0
    assert RepetitionIndex.load(index).sites == {"harborledger.example": 3}


def test_errors_are_one_line(tmp_path: Path, corpus: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"x" * 99)
    for arguments, message in (
        (("fit", corpus, "-o", tmp_path / "no" / "index"), "No such file"),
        (("fit", corpus, "-o", tmp_path / "i", "--onto", broken), "not an index"),
        (("fit", corpus, "-o", tmp_path / "i", "--onto", tmp_path / "none"), "No such file"),
        (("clean", corpus, "--repetition", broken), "not an index"),
        (("clean", corpus, "--repetition", tmp_path / "none"), "No such file"),
        (("fit", tmp_path / "none", "-o", tmp_path / "i"), "No such file"),
        (("fit", corpus, "-o", tmp_path / "i", "--strict", "--field", "body"), "body"),
    ):
        outcome = run(*arguments)
        assert outcome.exit_code == 2, arguments
        assert message in outcome.stderr
        assert outcome.stderr.count("\n") == 1
        assert outcome.exc_info[0] is SystemExit  # type: ignore[index]


def test_pages_of_html_count_as_their_text(tmp_path: Path) -> None:
    rows = []
    for at in range(5):
        lines = "".join(f"<p>{line}</p>" for line in article(at)[1:])
        html = f"<html><body><main><h1>{HEADLINES[at]}</h1><p>{FOOT[0]}</p>{lines}</main></body></html>"
        rows.append({"page": html, "url": url(at)})
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    form = ("--field", "page", "--is-html")
    index = tmp_path / "index"
    assert run("fit", path, *form, "-o", index).exit_code == 0
    explained = run("explain", path, *form, "--repetition", index)
    # On one page it stands where its own headline could, and stays.
    assert explained.stdout.count("on 4 of 4 other pages of harborledger.example\n") == 4
