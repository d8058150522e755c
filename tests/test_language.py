"""The language of a page."""

from __future__ import annotations

import pytest

from cleantext import Cleaner
from cleantext.language import detect, speakers
from cleantext.normalize import fold
from cleantext.shipped import load

KNOWN = speakers(
    {source.langs[0]: source.stopwords for source in load() if source.langs and not source.sites}
)
PAGES = {
    "en": "The ferry was late again, and the people on the quay had nothing to do but wait for it.",
    "de": "Die Fähre war wieder zu spät, und die Leute am Kai hatten nichts zu tun als auf sie zu warten.",
    "da": "Færgen var forsinket igen, og der var ikke noget at gøre for dem, der stod på kajen, end at vente af et godt hjerte.",
    "no": "Fergen var forsinket igjen, og det var ikke noe å gjøre for dem som sto på kaia, enn å vente av et godt hjerte.",
    "ru": "Паром снова опоздал, и людям на причале не оставалось ничего, кроме как ждать его под дождём.",
    "uk": "Пором знову запізнився, і людям на причалі не залишалося нічого, крім як чекати на нього під дощем.",
    "zh": "渡轮又晚点了，码头上的人们只好等着。",
    "ja": "フェリーはまた遅れ、桟橋の人々は待つしかなかった。",
    "el": "Το πλοίο άργησε πάλι και ο κόσμος στην προβλήτα δεν είχε παρά να περιμένει.",
}


@pytest.mark.parametrize("lang", PAGES)
def test_it_is_told_from_script_and_words(lang: str) -> None:
    assert detect([fold(PAGES[lang])], KNOWN) == lang


def test_akin_languages_that_tie_are_told_apart() -> None:
    words = speakers({"da": ["og", "var", "der", "at", "dem", "af"],
                      "no": ["og", "var", "som", "at", "dem", "av"]})  # fmt: skip
    line = fold(PAGES["da"] + " som av")
    assert detect([line], words) == "da"
    assert [detect([line], words) for _ in range(3)] == ["da"] * 3


def test_a_mixed_page_has_none_and_rules_of_all() -> None:
    page = PAGES["en"] + "\n" + PAGES["de"] + "\n"
    assert detect(fold(page).split("\n"), KNOWN) is None
    text = page + "Advertisement\nAnzeige\n"
    assert Cleaner(rulesets=["rules"]).clean(text) == page


def test_lang_overrides() -> None:
    assert Cleaner(rulesets=["rules"]).analyze(PAGES["de"], lang="en").lang == "en"
