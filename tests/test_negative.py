"""What must stay: texts that rules once removed, or that lie close to what they remove.

Each line of ``cases/negative/<language>.jsonl`` is ``{"id", "lang", "text", "why"}``. The text has
to come out byte for byte at `safe`, with its language given and without. A fault found anywhere
becomes a case here before it is mended; what can't be mended yet stands in known-failures.txt.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cleantext import Cleaner

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

CASES = Path(__file__).parent / "cases"
FIELDS = {"id", "lang", "text", "why"}
SAFE = Cleaner("safe")


def read() -> list[dict[str, str]]:
    return [
        json.loads(line)
        for path in sorted((CASES / "negative").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]


def cases() -> list[ParameterSet]:
    rows = (CASES / "known-failures.txt").read_text(encoding="utf-8").splitlines()
    failing = {row.split()[1] for row in rows if row.startswith("negative ")}
    marks = [pytest.mark.xfail(strict=True)]
    return [
        pytest.param(case, id=case["id"], marks=marks if case["id"] in failing else [])
        for case in read()
    ]


@pytest.mark.parametrize("case", cases())
def test_it_stays(case: dict[str, str]) -> None:
    text = case["text"]
    assert SAFE.clean(text, lang=case["lang"]) == text, case["why"]
    assert SAFE.clean(text) == text, case["why"]


def test_the_cases_are_well_formed() -> None:
    found = read()
    assert all(set(case) == FIELDS and all(case.values()) for case in found)
    assert len({case["id"] for case in found}) == len(found)
