"""Where a line may be cut, and where not."""

from __future__ import annotations

import pytest
from hypothesis import given

from cleantext.sentences import sentences
from cleantext.testing import texts


@pytest.mark.parametrize(
    "parts",
    [
        ["It rained.", "Subscribe here."],
        ["It rained!", "“Stay,” she said.", "(He stayed.)"],
        ["هل أعجبك المقال؟", "اشترك الآن."],
        ["کیا آپ کو یہ پسند آیا؟", "ہمارا ساتھ دیں۔", "شکریہ۔"],
        ["बारिश हुई।", "हमें सहयोग दें।", "धन्यवाद॥"],
        ["خبر خوب بود.", "عضو شوید"],
        ["雨が降った。", "登録はこちら。"],
        ["Read more |", "Subscribe"],
        ["Lire aussi →", "Le vent se lève"],
        ["Il a plu.", "« Restez », dit-elle."],
    ],
)
def test_it_cuts_between(parts: list[str]) -> None:
    line = ("" if "。" in parts[0] else " ").join(parts)
    assert [line[start:end].strip() for start, end in sentences(line)] == parts


@pytest.mark.parametrize(
    "line",
    [
        "Mr. B. stayed until 5 p.m. and left.",
        "Il a répondu « oui » et il est parti.",
        "Он ответил « да » и ушёл.",
        "Er sagte »Ja« und ging.",
        "The ferry (No. 4) sank in Oct. 1911 off St. Agnes.",
        "Version 2.0.1 is out",
        "साढ़े तीन बजे नाव आई।",
    ],
)
def test_it_does_not_cut(line: str) -> None:
    assert len(sentences(line)) == 1


@given(texts())
def test_sentences_tile_what_is_visible(text: str) -> None:
    for line in text.splitlines():
        spans = sentences(line)
        assert "".join(line[start:end] for start, end in spans) == line.strip()
        assert all(start < end for start, end in spans)
