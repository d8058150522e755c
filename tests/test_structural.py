"""Boxes below an article, and menus written one item to a line."""

from __future__ import annotations

from cleantext import clean

ARTICLE = [
    "The ferry to Aldersea ran aground on the sandbank at four in the morning, and it was noon "
    "before the last of the ninety passengers had been rowed ashore by the lifeboat crew.",
    "Nobody in the valley remembers a winter like it: the road was closed for eleven weeks, and "
    "the baker drove his bread to the upper farms on a sledge borrowed from the school.",
]
LAST = (
    "She kept the letters in a biscuit tin under the stairs, tied with string, and she did not "
    "read them again until the house was sold and the tin was the last thing left in it."
)
FORM = ["Give £5 a month", "Give £20 once", "Donate now", "Maybe later"]


def cleaned(lines: list[str]) -> list[str]:
    return clean("\n".join(lines), lang="en").split("\n")


def test_a_box_goes_with_what_stands_in_it() -> None:
    box = [
        "Before you go, can you help us?",
        "Two of us mend the nets and one of us writes it all down, in a shed with a stove that "
        "smokes. There is no landlord to thank and no grant, and the paper for one issue alone "
        "is dearer than all that is left in the drawer.",
    ]
    assert cleaned([*ARTICLE, *box, *FORM]) == [*ARTICLE, ""]


def test_under_an_appeal_in_its_midst_the_article_goes_on() -> None:
    appeal = "You are reading this because 6,412 readers support us. Please join them and donate."
    text = cleaned([ARTICLE[0], appeal, ARTICLE[1], LAST, *FORM])
    assert text == [ARTICLE[0], ARTICLE[1], LAST, ""]


def test_items_between_words_of_menus_go_and_the_headline_stays() -> None:
    menu = ["Home", "News", "Tidings", "Sport", "Opinion", "About us", "Contact", "Careers"]
    headline = "The winter of the ferry"
    above = cleaned([*menu, headline, *ARTICLE])
    assert above[-3:] == [headline, *ARTICLE]
    assert "Tidings" not in above
    assert len(above) <= 4
    below = cleaned([*ARTICLE, *menu])
    assert below[:2] == ARTICLE
    assert "Tidings" not in below


def test_a_row_of_a_table_is_no_menu() -> None:
    table = ["Harbour | Depth | Berths | Keeper", "Morrow | low | few | Thorne"]
    assert cleaned([*ARTICLE, *table, LAST]) == [*ARTICLE, *table, LAST]
