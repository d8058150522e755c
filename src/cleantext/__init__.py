"""cleantext: strip site chrome from web text, keep the article, show the reasons."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleantext.cleaner import Cleaner
from cleantext.result import Metadata, Result
from cleantext.rulesets import Rule, RuleSet, RuleSetError, load_ruleset
from cleantext.types import CATEGORIES, LEVELS, Block, Evidence, Level, Page, Removed, RuleFinder

if TYPE_CHECKING:
    from cleantext.pipeline import PipeError
    from cleantext.rules.repetition import RepetitionIndex

__version__ = "0.1.0"
__all__ = [
    "CATEGORIES",
    "LEVELS",
    "Block",
    "Cleaner",
    "Evidence",
    "Level",
    "Metadata",
    "Page",
    "PipeError",
    "Removed",
    "RepetitionIndex",
    "Result",
    "Rule",
    "RuleFinder",
    "RuleSet",
    "RuleSetError",
    "analyze",
    "analyze_html",
    "clean",
    "clean_html",
    "load_ruleset",
]


@cache
def _cleaner(level: Level) -> Cleaner:
    return Cleaner(level=level)


def clean(
    text: str, *, url: str | None = None, lang: str | None = None, level: Level = "safe"
) -> str:
    """Return the text of a page without its chrome.

    Args:
        text: the text of one page, a line for each paragraph, heading or caption.
        url: where it was found; rule sets of sites need it.
        lang: ISO 639-1 code of its language; None: it is told from the text.
        level: how much doubt is removed: ``safe``, ``balanced`` or ``thorough``.

    Raises:
        ValueError: an unknown level.

    >>> clean("The ferry sank at dawn, the harbour master said on Monday.\\nShare this article")
    'The ferry sank at dawn, the harbour master said on Monday.\\n'
    """
    return _cleaner(level).clean(text, url=url, lang=lang)


def analyze(
    text: str, *, url: str | None = None, lang: str | None = None, level: Level = "safe"
) -> Result:
    """Clean a page and say of every line what was decided and why. Arguments as in `clean`.

    >>> result = analyze("The ferry sank at dawn, officials said.\\nShare this article")
    >>> result.removed[0].category, result.removed[0].text
    ('social_share', 'Share this article')
    """
    return _cleaner(level).analyze(text, url=url, lang=lang)


def clean_html(
    html: str | bytes, *, url: str | None = None, lang: str | None = None, level: Level = "safe"
) -> str:
    """Return the text of the article in a page of HTML, without chrome, a line for each block.

    Args:
        html: the page; bytes are decoded as browsers do.
        url: where it was found; rule sets of sites need it.
        lang: ISO 639-1 code of its language; None: it is told from the text.
        level: how much doubt is removed: ``safe``, ``balanced`` or ``thorough``.

    Raises:
        ValueError: an unknown level.
    """
    return _cleaner(level).clean_html(html, url=url, lang=lang)


def analyze_html(
    html: str | bytes, *, url: str | None = None, lang: str | None = None, level: Level = "safe"
) -> Result:
    """Clean a page of HTML and say of every line of it what was decided and why.

    The source of the result is the page's whole text, a line for each block; `markdown` and
    `metadata` are set. Arguments as in `clean_html`.
    """
    return _cleaner(level).analyze_html(html, url=url, lang=lang)


def __getattr__(name: str) -> object:
    """Import what few programs need when it is first asked for."""
    if name == "RepetitionIndex":
        from cleantext.rules.repetition import RepetitionIndex

        return RepetitionIndex
    if name == "PipeError":
        from cleantext.pipeline import PipeError

        return PipeError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
