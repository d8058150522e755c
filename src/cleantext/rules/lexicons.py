"""Which lexicon looks at a page: that of its language, beside that of every page.

Lexicons are built when the first page of their language comes, from rule sets that are read by
then, so that a process that sees English only neither parses nor holds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cleantext.rules.lexical import Lexicon
from cleantext.rulesets import RuleSet, RuleSetError

#: Rules of this language apply to every page: the web's interface is English everywhere.
EVERYWHERE = "en"


@dataclass(frozen=True, slots=True)
class Source:
    """A rule set that may not have been parsed yet: what it is for, and how to get it."""

    name: str
    langs: tuple[str, ...]
    stopwords: frozenset[str]
    get: Callable[[], RuleSet]

    @classmethod
    def of(cls, ruleset: RuleSet) -> Source:
        """Wrap a rule set that is there already."""
        langs = (ruleset.lang, *ruleset.also) if ruleset.lang else ()
        return cls(ruleset.name, langs, ruleset.stopwords, lambda: ruleset)


class Lexicons:
    """The data rules of some rule sets, by language. What it keeps are only built lexicons."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self._built: dict[str | None, Lexicon] = {}
        self._langs = frozenset(lang for source in sources for lang in source.langs)
        #: Frequent words by language, of the languages that have rules.
        self.stopwords: Mapping[str, frozenset[str]] = {
            source.langs[0]: source.stopwords for source in sources if source.langs
        }

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

    def of(self, lang: str | None) -> tuple[Lexicon, ...]:
        """Return the lexicons for pages of a language; for None one with the rules of all."""
        if lang is None:
            return (self._get(None),)
        base = self._get(EVERYWHERE)
        if lang == EVERYWHERE or lang not in self._langs:
            return (base,)
        return (base, self._get(lang))

    def _get(self, lang: str | None) -> Lexicon:
        lexicon = self._built.get(lang)
        if lexicon is None:
            chosen = [
                source
                for source in self._sources
                if lang is None or (lang in source.langs if source.langs else lang == EVERYWHERE)
            ]
            lexicon = self._built[lang] = Lexicon([source.get() for source in chosen])
        return lexicon
