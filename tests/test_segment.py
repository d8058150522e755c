"""Segmentation and folding: offsets must hold whatever the text."""

import sys

import pytest
from hypothesis import given

from cleantext.normalize import fold
from cleantext.segment import bounds, lines
from cleantext.sentences import sentences
from cleantext.testing import texts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\nb", ["a\n", "b"]),
        ("a\r\nb\r\n", ["a\r\n", "b\r\n"]),
        ("a\rb", ["a\r", "b"]),
        ("a\u2028b\u2029c\x85d", ["a\u2028", "b\u2029", "c\x85", "d"]),
        ("a\n\n\nb", ["a\n", "\n", "\n", "b"]),
        ("a\x0bb\x0cc\x1cd\n", ["a\x0bb\x0cc\x1cd\n"]),
        ("\n", ["\n"]),
    ],
)
def test_lines(text: str, parts: list[str]) -> None:
    assert lines(text) == parts


@given(texts())
def test_lines_tile_the_text(text: str) -> None:
    parts = lines(text)
    starts, ends = bounds(parts)
    assert "".join(parts) == text
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == parts
    assert all(len(part.strip("\r\n\u2028\u2029\x85")) or len(part) <= 2 for part in parts)


def test_fold_keeps_the_length_of_every_character() -> None:
    for code in range(sys.maxunicode + 1):
        assert len(fold(chr(code))) == 1, hex(code)


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("Mr. Lund paid 3.5 million. Share this!", ["Mr. Lund paid 3.5 million.", "Share this!"]),
        ("Am 3. Mai kam Dr. Hahn. Danach Regen.", ["Am 3. Mai kam Dr. Hahn.", "Danach Regen."]),
        ("他走了。你呢？", ["他走了。", "你呢？"]),
        ("what a year!!! yes, it was!!", ["what a year!!!", "yes, it was!!"]),
        ("one sentence without an end", ["one sentence without an end"]),
    ],
)
def test_sentences(line: str, parts: list[str]) -> None:
    assert [line[a:b].strip() for a, b in sentences(line)] == parts
