"""Which lexicons look at a page: those of its language and its site, beside that of every page.

Lexicons are built when the first page of their language comes, from rule sets that are read by
then, so that a process that sees English only neither parses nor holds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cleantext.rules.lexical import Lexicon
from cleantext.rules.site import SiteLexicons
from cleantext.rulesets import RuleSet, RuleSetError

#: Rules of this language apply to every page: the web's interface is English everywhere.
EVERYWHERE = "en"


@dataclass(frozen=True, slots=True)
class Source:
    """A rule set that may not have been parsed yet: what it is for, and how to get it.

    Attributes:
        name: its name.
        langs: languages of the pages that it is for; empty: every one.
        sites: hosts of the pages that it is for; empty: every one.
        stopwords: frequent words of its language.
        get: parses it, or returns it.
    """

    name: str
    langs: tuple[str, ...]
    sites: tuple[str, ...]
    stopwords: frozenset[str]
    get: Callable[[], RuleSet]
    shipped: bool = False

    @classmethod
    def of(cls, ruleset: RuleSet) -> Source:
        """Wrap a rule set that is there already."""
        langs = (ruleset.lang, *ruleset.also) if ruleset.lang else ()
        return cls(
            ruleset.name, langs, ruleset.sites, ruleset.stopwords, lambda: ruleset, ruleset.shipped
        )


class Lexicons:
    """The data rules of some rule sets, by language. What it keeps are only built lexicons."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self._general = [source for source in sources if not source.sites]
        self._of_sites = SiteLexicons(sources)
        self._built: dict[str, Lexicon] = {}
        firsts = {source.langs[0] for source in self._general if source.langs}
        self._first_langs = sorted(firsts - {EVERYWHERE})
        self._langs = frozenset(lang for source in self._general for lang in source.langs)
        words: dict[str, frozenset[str]] = {}
        for source in self._general:
            for lang in source.langs[:1]:
                words[lang] = words.get(lang, frozenset()) | source.stopwords
        #: Frequent words by language, of the languages that have rules.
        self.stopwords: Mapping[str, frozenset[str]] = words

    def rules(self) -> dict[str, str]:
        """Return the name of the rule set of each rule id; parses all of them.

        Raises:
            RuleSetError: two rule sets share an id.
        """
        names: dict[str, str] = {}
        for source in self._sources:
            for rule in source.get().rules:
                if rule.id in names:
                    raise RuleSetError(
                        f"rule id {rule.id} stands in rule sets {names[rule.id]} and {source.name}"
                    )
                names[rule.id] = source.name
        return names

    def of(self, lang: str | None, url: str | None) -> tuple[Lexicon, ...]:
        """Return the lexicons for a page: for no language those of all; of its site."""
        sites = self._of_sites.of(url)
        base = self._get(EVERYWHERE)
        if lang is None:
            # Each by itself: one of all rules would hold as much again.
            return (base, *(self._get(each) for each in self._first_langs), *sites)
        if lang == EVERYWHERE or lang not in self._langs:
            return (base, *sites)
        return (base, self._get(lang), *sites)

    def _get(self, lang: str) -> Lexicon:
        lexicon = self._built.get(lang)
        if lexicon is None:
            chosen = [
                source
                for source in self._general
                if (lang in source.langs if source.langs else lang == EVERYWHERE)
            ]
            lexicon = self._built[lang] = Lexicon([source.get() for source in chosen])
        return lexicon
