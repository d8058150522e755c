"""The labels of real pages are well-formed and find their text; other text is left out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import labels
from cleantext.evaluate import LABELS, LabelledLine
from cleantext.types import CATEGORIES

LINES = ["The ferry sank at dawn.", "Photo: A. Berg", "Share", "Tweet"]


def rows() -> list[dict[str, str]]:
    return [json.loads(row) for row in labels.FILE.read_text(encoding="utf-8").splitlines()]


def test_every_page_is_there_once_and_every_label_is_known() -> None:
    pages = [(row["set"], row["variant"], row["page"]) for row in rows()]
    assert len(set(pages)) == len(pages) >= 1386
    found = [labels.decoded(row["labels"]) for row in rows()]
    assert {what for page in found for what in page} <= {*LABELS, *CATEGORIES}
    assert [labels.coded(page) for page in found] == [row["labels"] for row in rows()]


def test_the_file_holds_no_text_and_no_address() -> None:
    assert {key for row in rows() for key in row} == {"set", "variant", "page", "sum", "labels"}
    assert not any("/" in value for row in rows() for value in row.values())


def test_a_page_is_read_where_its_text_is_that_which_was_labelled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lines").mkdir()
    pages = [
        {"id": name, "url": "https://a.example/", "lang": "Polish",
         "lines": [{"text": line} for line in lines]}
        for name, lines in (("p1", LINES), ("p2", LINES[1:]), ("p3", LINES))
    ]  # fmt: skip
    with gzip.open(tmp_path / "lines" / "a-dev.readability.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(page) + "\n" for page in pages)
    file_of = tmp_path / "labels.jsonl"
    with file_of.open("w") as out:
        for name in ("p1", "p2"):
            row = {
                "set": "a-dev", "variant": "readability", "page": labels.key("a-dev", name),
                "sum": labels.checksum(LINES), "labels": "1 1p 2social_share",
            }  # fmt: skip
            out.write(json.dumps(row) + "\n")
    (page,) = labels.read(tmp_path, file_of)
    assert (page.id, page.lang, page.via) == ("a-dev.readability/p1", "pl", "a-dev.readability")
    assert page.lines[:3] == (
        LabelledLine(LINES[0], "body"), LabelledLine(LINES[1], "caption"),
        LabelledLine("Share", "chrome", "social_share"),
    )  # fmt: skip
    assert capsys.readouterr().out.startswith("a-dev.readability: 1 labelled pages are not here")
