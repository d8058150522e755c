"""Rule sets of single sites: looked at only where the URL of the page names one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cleantext.rules.lexical import Lexicon, site_of
from cleantext.types import Evidence, Page

if TYPE_CHECKING:
    from cleantext.rules.lexicons import Source


class SiteLexicons:
    """The rule sets that are for sites, by host; each is parsed when its first page comes."""

    def __init__(self, sources: Sequence[Source]) -> None:
        by_host: dict[str, list[Source]] = {}
        for source in sources:
            for host in source.sites:
                by_host.setdefault(host, []).append(source)
        self._by_host: Mapping[str, Sequence[Source]] = by_host
        self._hosts = frozenset(by_host)
        self._built: dict[str, Lexicon] = {}
        #: Rules of the sites seen that may speak only of the head or the tail of a page.
        self.placed: dict[str, str] = {}

    def find(self, page: Page) -> list[Evidence]:
        """Return what the rules of the page's site, and of the domains above it, say.

        The language of the page does not matter: who names a site knows it.
        """
        found: list[Evidence] = []
        host = site_of(page.url, self._hosts)
        while host:
            found += self._get(host).find(page)
            host = site_of(host.partition(".")[2], self._hosts)
        return found

    def _get(self, host: str) -> Lexicon:
        lexicon = self._built.get(host)
        if lexicon is None:
            lexicon = Lexicon([replace(source.get(), sites=()) for source in self._by_host[host]])
            self.placed.update(lexicon.placed)
            self._built[host] = lexicon
        return lexicon
