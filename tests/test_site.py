"""Rule sets of sites: used on pages of theirs, and of no cost on others."""

from __future__ import annotations

import pytest

from cleantext import Cleaner, Rule, RuleSet, clean
from cleantext.rules.lexicons import Lexicons, Source
from cleantext.shipped import load

BODY = (
    "The ferry to Aldersea ran aground on the sandbank at four in the morning, and it was noon "
    "before the last of the ninety passengers had been rowed ashore by the lifeboat crew.\n"
    "Nobody in the valley remembers a winter like it: the road was closed for eleven weeks, and "
    "the baker drove his bread to the upper farms on a sledge borrowed from the school.\n"
)
LINES = [
    ("https://www.theguardian.com/uk/1", "after newsletter promotion"),
    ("https://www.bbc.co.uk/news/1", "About sharing"),
    ("https://www.bbc.com/news/1", "Get in touch with BBC Kent by email"),
    ("https://www.nytimes.com/1", "SKIP ADVERTISEMENT"),
    ("https://www.reuters.com/1", "Acquire Licensing Rights, opens new tab"),
    ("https://www.spiegel.de/1", "Zur Merkliste hinzufügen"),
    ("https://www.lemonde.fr/1", "Ajouter à vos sélections"),
    ("https://elpais.com/1", "Se adhiere a los criterios de The Trust Project"),
    ("https://de.wikipedia.org/wiki/X", "Aus Wikipedia, der freien Enzyklopädie"),
]


def by_site() -> dict[str, Source]:
    return {source.name: source for source in load() if source.sites}


@pytest.mark.parametrize(("url", "line"), LINES, ids=[url for url, _ in LINES])
def test_a_shipped_set_works_where_its_site_is_known(url: str, line: str) -> None:
    assert clean(f"{BODY}{line}\n{BODY}", url=url) == BODY + BODY
    page = Cleaner().analyze(f"{BODY}{line}\n{BODY}", url=url)
    assert page.removed[0].rule.split(".")[0] in url


def test_every_shipped_site_is_tried_here() -> None:
    hosts = {host for source in by_site().values() for host in source.sites}
    assert all(any(host in url for url, _ in LINES) for host in hosts)


def test_other_pages_neither_parse_nor_run_them() -> None:
    def refuse() -> RuleSet:
        raise AssertionError("parsed without need")

    source = Source("far", (), ("far.example",), frozenset(), refuse)
    cleaner = Cleaner(rulesets=[])
    lexicons = Lexicons([source])
    for url in (None, "https://near.example/far.example", "https://notfar.example/"):
        page = cleaner._engine.page(BODY, url, "en")
        assert not [item for lexicon in lexicons.of("en", url) for item in lexicon.find(page)]
    with pytest.raises(AssertionError, match="without need"):
        lexicons.of("en", "https://www.far.example/")


def rule(name: str, phrase: str) -> Rule:
    return Rule(
        id=f"{name}.site_promo.tip", category="site_promo", weight=9, reason="asks for tips",
        match="whole", phrases=(phrase,),
    )  # fmt: skip


def test_a_subdomain_has_its_own_rules_and_those_above_it() -> None:
    above = RuleSet("above", (rule("above", "up here"),), sites=("paper.example",))
    below = RuleSet("below", (rule("below", "down here"),), sites=("local.paper.example",))
    cleaner = Cleaner(rulesets=[above, below])
    text = "Up here\nDown here\nAnd a line that stays"
    assert cleaner.clean(text, url="https://www.local.paper.example/1").strip() == (
        "And a line that stays"
    )
    assert cleaner.clean(text, url="https://paper.example/1") == text.partition("\n")[2]
    assert cleaner.clean(text) == text


def test_a_set_of_a_site_leaves_the_language_to_others() -> None:
    mine = RuleSet("mine", (rule("mine", "tip line"),), lang="en", sites=("paper.example",))
    assert Cleaner(rulesets=["default", mine]).analyze(BODY).lang == "en"
    plain = RuleSet("plain", (rule("plain", "tip line"),), lang="en")
    assert Cleaner(rulesets=["default", plain]).analyze(BODY).lang == "en"


def test_where_holds_for_rules_of_sites() -> None:
    tail = Rule(
        id="mine.site_promo.end", category="site_promo", weight=9, reason="the end", where="tail",
        match="whole", phrases=("so long",),
    )  # fmt: skip
    cleaner = Cleaner(rulesets=[RuleSet("mine", (tail,), sites=("paper.example",))])
    text = f"So long\n{BODY}So long\n"
    assert cleaner.clean(text, url="https://paper.example/") == f"So long\n{BODY}"


@pytest.mark.parametrize("name", sorted(by_site()))
def test_the_names_of_site_sets_are_their_domains(name: str) -> None:
    assert name in by_site()[name].sites
