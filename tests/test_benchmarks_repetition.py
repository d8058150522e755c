"""The benchmark of the index, on pages made here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import repetition
from tests.test_repetition import FOOT, HEADLINES, MENU, article


def row(number: int, host: str = "www.harborledger.example") -> dict[str, object]:
    """Return a page as the labelled lines have it; page 1 keeps the footer in its gold text."""
    kept = article(number)
    lines = [(line, "chrome") for line in MENU]
    lines += [(line, "body") for line in kept]
    lines += [(line, "chrome") for line in HEADLINES if line != HEADLINES[number]]
    lines.append((FOOT[0], "body" if number == 1 else "chrome"))
    return {
        "id": f"p{number}", "url": host, "lang": "English",
        "lines": [{"text": text, "label": label} for text, label in lines],
    }  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "lines").mkdir()
    rows = [row(at) for at in range(6)] + [{**row(2), "id": "copy"}, row(0, "small.example")]
    text = "".join(json.dumps(each) + "\n" for each in rows)
    for name in ("daniel-dev.page", "daniel-dev.trafilatura-recall"):
        with gzip.open(tmp_path / "lines" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(text)
    return tmp_path


def test_copies_and_small_hosts_are_left_out(data: Path) -> None:
    hosts = repetition.read(data / "lines" / "daniel-dev.page.jsonl.gz")
    assert {host: len(pages) for host, pages in hosts.items()} == {"harborledger.example": 6}
    labels = repetition.agreed(hosts)["harborledger.example"]
    foot = [line.label for page in labels for line in page.lines if line.text == FOOT[0]]
    assert foot == ["chrome", "unsure", "chrome", "chrome", "chrome", "chrome"]
    headlines = [line.label for page in labels for line in page.lines if line.text == HEADLINES[0]]
    assert headlines.count("chrome") == 5


def test_table(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert repetition.main(["--data", str(data)]) == 0
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines()]
    both = {tuple(cell.strip() for cell in row[1:4]): row for row in rows if "both" in row[4]}
    raw = both["whole page", "seen on 2 others", "-"]
    assert float(raw[5]) < 0.99  # the plain rule takes the headlines
    alone = both["whole page", "repetition alone", "balanced"]
    assert (float(alone[6]), float(alone[7])) == (1.0, 1.0)
    assert len(both) == 12


def test_no_data_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert repetition.main(["--data", str(tmp_path)]) == 2
    assert "is not here" in capsys.readouterr().out


def test_memory_is_told() -> None:
    (row,) = repetition.scale(sites=3, pages=4)
    assert row.startswith("12 pages of 3 sites, 40 lines of their own and 60 of their site's: ")
