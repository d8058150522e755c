"""The fuzz targets on a few inputs; `python -m benchmarks.fuzz` finds more."""

from __future__ import annotations

import pytest

from benchmarks import fuzz

INPUTS = [
    b"", b"\x00", b"\xff\xfe", b"Share this article\nA", "“Subscribe now!” \u2028 © 2024".encode(),
    b"[[rule]]\nid = 3", b"weight = 0xffff", b"name = 'x'\n" * 2, b"<p>Share<figure><figcaption>A",
    b"\xed\xa0\x80Advertisement\r\r\n\x85", "广告\n。！？!".encode(), b"(" * 500,
]  # fmt: skip


@pytest.mark.parametrize("name", fuzz.TARGETS)
@pytest.mark.parametrize("data", INPUTS)
def test_targets_hold(name: str, data: bytes) -> None:
    fuzz.TARGETS[name](data)


def test_an_unknown_target_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main() == 2
    assert "loader,segment,engine,html" in capsys.readouterr().out
