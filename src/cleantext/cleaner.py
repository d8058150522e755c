"""Cleaner: options checked once, then pages in, articles out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from cleantext.cuts import Cut
from cleantext.engine import Decision, Engine
from cleantext.result import Result
from cleantext.rules.lexicons import Lexicons, Source
from cleantext.rules.scorer import Scorer
from cleantext.rules.structural import Structural
from cleantext.rulesets import RuleSet, load_ruleset, similar
from cleantext.shape import Shape
from cleantext.types import (
    CATEGORIES,
    KINDS,
    LEVELS,
    Block,
    Evidence,
    Label,
    Level,
    Page,
    Removed,
    RuleFinder,
)

if TYPE_CHECKING:
    from pathlib import Path

#: Stands, among the rule sets of a cleaner, for all that the package ships.
DEFAULT = "default"
#: The same without the learned scorer.
RULES = "rules"
_BUILT_IN = (DEFAULT, RULES, Structural.name, Scorer.name)
_KEEPABLE = frozenset(CATEGORIES) | frozenset(KINDS) | {"author_bio"}


class Cleaner:
    """Removes chrome from pages. Immutable and safe to share between threads.

    Args:
        level: how much doubt is removed: ``safe``, ``balanced`` or ``thorough``.
        rulesets: names, paths of TOML files, RuleSet objects, objects with `name` and `find`
            (see RuleFinder), or a Scorer of your own (or the path of its ``.json`` file). ``"default"`` stands for all
            that the package ships, ``"rules"`` for that without the learned model, ``"structural"``
            for the language-free rules, ``"scorer"`` for the learned model. None means
            ``["default"]``; an empty list removes nothing.
        keep: categories that stay although they are chrome. Captions, bylines and author boxes
            stay in any case.
        disable: ids of rules that shall not speak.
        repetition: a RepetitionIndex of pages of the same sites. It speaks of pages that come with
            their URL.

    Raises:
        ValueError: an unknown level, category or rule id.
        RuleSetError: a rule set that does not exist or has a fault.
    """

    def __init__(
        self,
        level: Level = "safe",
        rulesets: Sequence[str | Path | RuleSet | RuleFinder | Scorer] | None = None,
        *,
        keep: Collection[str] = (),
        disable: Collection[str] = (),
        repetition: RuleFinder | None = None,
    ) -> None:
        self.level: Level = _checked_level(level)
        if isinstance(keep, str) or isinstance(disable, str):
            raise ValueError("keep and disable take a collection of names, not one string")
        for category in keep:
            if category not in _KEEPABLE:
                known = ", ".join(sorted(_KEEPABLE))
                raise ValueError(f"unknown category to keep: {category!r}; one of {known}")
        rulesets = _loaded([DEFAULT] if rulesets is None else rulesets)
        self._options: dict[str, Any] = {
            "level": level,
            "rulesets": rulesets,
            "keep": sorted(keep),
            "disable": sorted(disable),
            "repetition": repetition,
        }
        sources, finders, scorer = _resolve(rulesets)
        if repetition is not None:
            finders.append(repetition)
        ids = Lexicons(sources).rules() if disable or rulesets != [DEFAULT] else {}
        for rule in disable:
            if rule not in ids and not rule.startswith("any."):
                raise ValueError(f"unknown rule to disable: {rule!r}{similar(rule, ids)}")
        # What the scorer was trained with: it weighs the rest of the page by it.
        trained = [source for source in sources if source.shipped and not source.sites]
        self._engine = Engine(
            Lexicons(trained),
            [finder for finder in finders if isinstance(finder, Structural)],
            Lexicons([source for source in sources if source not in trained]),
            [finder for finder in finders if not isinstance(finder, Structural)],
            disabled=frozenset(disable),
            keep=frozenset(keep),
            scorer=scorer,
        )

    def __reduce__(self) -> tuple[Callable[[], Cleaner], tuple[()]]:
        """Pickle as the options: other processes build the same cleaner, rule sets included."""
        return partial(type(self), **self._options), ()

    def clean(self, text: str, *, url: str | None = None, lang: str | None = None) -> str:
        """Return `text` without its chrome; what stays is byte for byte as it was.

        Args:
            text: the text of one page, a line for each paragraph, heading or caption.
            url: where it was found; rule sets of sites need it.
            lang: ISO 639-1 code of its language; None: it is told from the text.
        """
        return self._clean(self._page(text, url, lang))

    def analyze(self, text: str, *, url: str | None = None, lang: str | None = None) -> Result:
        """Clean `text` and say of every line what was decided and why. Arguments as in `clean`."""
        return self._analyze(self._page(text, url, lang))

    def clean_html(
        self, html: str | bytes, *, url: str | None = None, lang: str | None = None,
        encoding: str | None = None,
    ) -> str:  # fmt: skip
        """Return the text of the article in a page of HTML, without chrome, a line for each block.

        Paragraphs, headings, list items, rows of tables and captions stand in the page's order.

        Args:
            html: the page; bytes are decoded as browsers do.
            url: where it was found; rule sets of sites need it.
            lang: ISO 639-1 code of its language; None: it is told from the text.
            encoding: what the server said of the bytes: a label or a ``Content-Type`` value.
        """
        from cleantext.html import clean

        return clean(self, html, url, lang, encoding)

    def analyze_html(
        self, html: str | bytes, *, url: str | None = None, lang: str | None = None,
        encoding: str | None = None,
    ) -> Result:  # fmt: skip
        """Clean a page of HTML and say of every line of it what was decided and why.

        The source of the result is the page's whole text, a line for each block; `markdown` and
        `metadata` are set. Arguments as in `clean_html`.
        """
        from cleantext.html import analyze

        return analyze(self, html, url, lang, encoding)

    def _clean(self, page: Page) -> str:
        spans = self._engine.spans(page, self.level)
        return "".join(_kept(page.text, spans)) if spans else page.text

    def _analyze(self, page: Page) -> Result:
        decision = self._engine.decide(page, self.level)
        spans = [(cut.start, cut.end) for cut in decision.cuts]
        text = page.text
        return Result(
            source=text,
            text="".join(_kept(text, spans)),
            blocks=tuple(_blocks(decision)),
            removed=tuple(_removed(text, cut) for cut in decision.cuts),
            lang=decision.page.lang,
            level=self.level,
            timeouts=tuple(decision.late),
        )

    def removed_spans(
        self, text: str, *, url: str | None = None, lang: str | None = None
    ) -> list[tuple[int, int]]:
        """Return (start, end) of every stretch that `clean` removes, in order."""
        return self._engine.spans(self._page(text, url, lang), self.level)

    def ruled(
        self, text: str, *, lang: str | None = None
    ) -> tuple[Page, dict[int, list[Evidence]], Shape, list[float]]:
        """Return what the rules alone say of a text: what a scorer is trained and asked on.

        Returns:
            The page, the evidence by index of block, the shape, and the log-odds of chrome of each
            line that is not blank.
        """
        return self._engine.ruled(self._engine.page(text, None, lang))

    def pipe(self, texts: Iterable[str], *, processes: int = 1) -> Iterator[str]:
        """Yield each of the texts cleaned, in order.

        Args:
            texts: any number of texts, read as they are needed; with several processes a bounded
                number of them ahead.
            processes: how many processes clean them. More than one is worth it for megabytes of
                text; rule sets of your own written in Python must then be picklable.

        Raises:
            PipeError: a text that could not be cleaned, by its number; or its process died.
        """
        from cleantext.pipeline import clean_all

        return clean_all(self, texts, processes)

    def _page(
        self, text: str, url: str | None, lang: str | None, given: Sequence[Evidence] = ()
    ) -> Page:
        if not isinstance(text, str):
            raise TypeError(f"text must be a str, not {type(text).__name__}")
        page = self._engine.page(text, url, lang)
        page.given = given
        return page


def _kept(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Yield the slices of the text that stay."""
    at = 0
    for start, end in spans:
        yield text[at:start]
        at = end
    yield text[at:]


class Given:
    """The evidence that came with a page, as a rule set."""

    name = "given"

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Sequence[Evidence]:
        """Return it as it is."""
        return page.given


def _checked_level(level: str) -> Level:
    for known in LEVELS:
        if level == known:
            return known
    raise ValueError(f"unknown level {level!r}; one of {', '.join(LEVELS)}")


def _loaded(
    rulesets: Sequence[str | Path | RuleSet | RuleFinder | Scorer],
) -> list[str | RuleSet | RuleFinder | Scorer]:
    """Read the rule sets that are named; what the package ships stays a name."""
    if isinstance(rulesets, str):
        raise ValueError("rulesets takes a list of rule sets, not a single one")
    loaded: list[str | RuleSet | RuleFinder | Scorer] = []
    for item in rulesets:
        if item in _BUILT_IN:
            loaded.append(str(item))
        elif isinstance(item, RuleSet | Scorer | RuleFinder):
            loaded.append(item)
        elif str(item).endswith(".json"):
            loaded.append(Scorer.load(item))
        else:
            loaded.append(load_ruleset(item))
    return loaded


def _resolve(
    rulesets: Sequence[str | RuleSet | RuleFinder | Scorer],
) -> tuple[list[Source], list[RuleFinder], Scorer | None]:
    sources: dict[str, Source] = {}
    finders: dict[str, RuleFinder] = {}
    scorer = None
    if rulesets:
        finders[Given.name] = Given()
    for item in rulesets:
        if item in (DEFAULT, RULES):
            from cleantext.shipped import load

            sources.update((source.name, source) for source in load())
        if item in (DEFAULT, RULES, Structural.name):
            finders[Structural.name] = Structural()
        if item in (DEFAULT, Scorer.name):
            scorer = Scorer.load()
        if isinstance(item, Scorer):
            scorer = item
        elif isinstance(item, RuleSet):
            sources[item.name] = Source.of(item)
        elif not isinstance(item, str):
            finders[item.name] = item
    return list(sources.values()), list(finders.values()), scorer


def _removed(text: str, cut: Cut) -> Removed:
    first = cut.evidence[0]
    return Removed(
        start=cut.start,
        end=cut.end,
        text=text[cut.start : cut.end],
        category=first.category,
        rule=first.rule,
        score=cut.score,
        reason=first.reason,
    )


def _blocks(decision: Decision) -> Iterator[Block]:
    page = decision.page
    gone = {
        cut.block: cut
        for cut in decision.cuts
        if cut.start <= page.starts[cut.block] and cut.end >= page.ends[cut.block]
    }
    for index, (start, end) in enumerate(zip(page.starts, page.ends, strict=True)):
        items = sorted(decision.evidence.get(index, ()), key=lambda item: -abs(item.weight))
        label: Label = "chrome" if index in gone else _kept_label(items)
        if index in gone:
            items += [item for item in gone[index].evidence if item.family == "context"]
        yield Block(
            start=start,
            end=end,
            text=page.text[start:end],
            label=label,
            category=gone[index].evidence[0].category if index in gone else None,
            score=decision.scores[index],
            evidence=tuple(items),
        )


def _kept_label(items: Sequence[Evidence]) -> Label:
    for item in items:
        if item.category == "caption":
            return "caption"
        if item.category == "meta":
            return "meta"
    return "body"
