"""Rule sets of single sites: looked at only where the URL of the page names one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cleantext.rules.lexical import Lexicon

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
        self._built: dict[str, Lexicon] = {}

    def of(self, url: str | None) -> tuple[Lexicon, ...]:
        """Return the lexicons of the page's site, and of the domains above it.

        The language of the page does not matter: who names a site knows it.
        """
        return tuple(map(self._get, sites_of(url, self._by_host)))

    def _get(self, host: str) -> Lexicon:
        lexicon = self._built.get(host)
        if lexicon is None:
            lexicon = Lexicon([source.get() for source in self._by_host[host]])
            self._built[host] = lexicon
        return lexicon


def sites_of(url: str | None, known: Mapping[str, object]) -> list[str]:
    """Return the host of `url` and the domains above it, as far as they are known."""
    if not url or not known:
        return []
    host = url.split("//", 1)[-1].split("/", 1)[0].split("@")[-1].split(":")[0].lower()
    found = []
    while host:
        if host in known:
            found.append(host)
        host = host.partition(".")[2]
    return found
