"""Other tools on the same pages, each used as its own documentation does.

Tools for text take lines away, so they are `TextRival`s that return spans as our cleaner does; page
rules that drop a whole page are off where a tool has line rules, since the measure is of lines.
Tools for HTML return text. A tool that is not installed is left out, and `missing` says so; install
all with ``pip install -e '.[bench]'``.
"""

from __future__ import annotations

import html as html_module
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, TypeVar

import cleantext
from cleantext.evaluate import LabelledPage

Span = tuple[int, int]
#: Takes HTML and the language of the page, where it is known.
Extract = Callable[[str, str | None], str]
R = TypeVar("R", "TextRival", "HtmlRival")


@dataclass(frozen=True)
class TextRival:
    """A tool that takes lines from a text; `langs` names its languages where it has only some."""

    name: str
    package: str | None  # the distribution; None: part of the benchmark itself
    needs: tuple[str, ...]  # modules
    build: Callable[[], Callable[[LabelledPage], list[Span]]]
    note: str
    langs: frozenset[str] | None = None


@dataclass(frozen=True)
class HtmlRival:
    """A tool that turns HTML into the text of the article."""

    name: str
    package: str
    needs: tuple[str, ...]
    build: Callable[[], Extract]
    note: str


def missing(rivals: Iterable[TextRival | HtmlRival]) -> Iterator[str]:
    """Yield a line for each rival that cannot run here."""
    for rival in rivals:
        absent = [module for module in rival.needs if find_spec(module) is None]
        if absent:
            yield f"skipped: {rival.name}: {', '.join(absent)} not installed (extra `bench`); earlier figures of it stay"


def present(rivals: Iterable[R]) -> list[R]:
    """Return the rivals that can run here."""
    return [rival for rival in rivals if all(find_spec(module) for module in rival.needs)]


def package_version(package: str | None) -> str:
    """Return the version of an installed distribution, or nothing."""
    try:
        return version(package) if package else ""
    except PackageNotFoundError:
        return ""


def spans_of(page: LabelledPage, keep: Sequence[bool]) -> list[Span]:
    """Return the spans of the lines that are not kept."""
    spans, at = [], 0
    for line, kept in zip(page.lines, keep, strict=True):
        if not kept and line.text:
            spans.append((at, at + len(line.text)))
        at += len(line.text) + 1
    return spans


# Text


def _keep_all() -> Callable[[LabelledPage], list[Span]]:
    return lambda page: []


def _c4_lines(**options: Any) -> Callable[[LabelledPage], list[Span]]:
    """Return datatrove's C4 filter fed line by line; rules that drop a page are off."""
    data = import_module("datatrove.data")
    filters = import_module("datatrove.pipeline.filters")
    c4 = filters.C4QualityFilter(
        min_num_sentences=-1, filter_lorem_ipsum=False, filter_curly_bracket=False, **options
    )

    def kept(text: str) -> bool:
        document = data.Document(text=text, id="line")
        return not text.strip() or bool(c4.filter(document) is True and document.text)

    return lambda page: spans_of(page, [kept(line.text) for line in page.lines])


def _fineweb_lines() -> Callable[[LabelledPage], list[Span]]:
    return _c4_lines(filter_no_terminal_punct=False)


def _fineweb() -> Callable[[LabelledPage], list[Span]]:
    """Return the filters of datatrove's examples/fineweb.py, which drop pages as well as lines."""
    data = import_module("datatrove.data")
    filters = import_module("datatrove.pipeline.filters")
    before = [filters.GopherRepetitionFilter(), filters.GopherQualityFilter()]
    page_rules = filters.C4QualityFilter(filter_no_terminal_punct=False)
    after = filters.FineWebQualityFilter()
    lines = _fineweb_lines()

    def remove(page: LabelledPage) -> list[Span]:
        document = data.Document(text=page.text, id=page.id)
        for each in (*before, page_rules, after):
            if each.filter(document) is not True:
                return [(0, len(page.text))]
        return lines(page)

    return remove


_COUNTER = re.compile(
    r"\W*\d[\d.,]*\s*[kKmM]?\s+(likes?|views?|shares?|comments?|retweets?)\W*", re.I
)
_START = re.compile(r"(sign[ -]?in|log[ -]?in|sign[ -]?up)\b", re.I)
_END = re.compile(r"read more\W*$", re.I)
_ANYWHERE = re.compile(r"items in (your )?cart", re.I)


def refinedweb_keeps(line: str) -> bool:
    """Judge a line by the rules that the RefinedWeb paper describes (appendix G.2).

    It publishes the rules and one example of each, not its lists: "mainly" is read as over half.

    >>> [refinedweb_keeps(line) for line in ("3 likes", "TOP NEWS", "The ferry sank at dawn.")]
    [False, False, True]
    """
    words = line.split()
    letters = [char for char in line if char.isalpha()]
    if not words:
        return True
    if sum(char.isupper() for char in letters) > len(letters) / 2:
        return False
    if not letters and any(char.isdigit() for char in line):
        return False
    if _COUNTER.fullmatch(line) or len(words) == 1:
        return False
    short = len(words) <= 10
    return not (short and (_START.match(line) or _END.search(line) or _ANYWHERE.search(line)))


def _refinedweb() -> Callable[[LabelledPage], list[Span]]:
    return lambda page: spans_of(page, [refinedweb_keeps(line.text) for line in page.lines])


_STOPLISTS = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _justext_paragraphs(html: str, lang: str | None) -> list[Any]:
    justext = import_module("justext")
    name = _STOPLISTS.get(lang or "en", "")
    if name in justext.get_stoplists():
        return list(justext.justext(html, justext.get_stoplist(name)))
    # its language-independent mode, as its command line has it
    return list(justext.justext(html, frozenset(), stopwords_low=0, stopwords_high=0))


def _justext_lines() -> Callable[[LabelledPage], list[Span]]:
    """Return jusText, fed a paragraph for each line."""

    def remove(page: LabelledPage) -> list[Span]:
        texts = [" ".join(_NOT_XML.sub("", line.text).split()) for line in page.lines]
        rows = "\n".join(f"<p>{html_module.escape(text)}</p>" for text in texts if text)
        found = _justext_paragraphs(f"<html><body>{rows}</body></html>", page.lang)
        keep, at = [], 0
        for text in texts:
            paragraph = found[at] if text and at < len(found) else None
            same = paragraph is not None and " ".join(paragraph.text.split()) == text
            keep.append(not same or not paragraph.is_boilerplate)  # type: ignore[union-attr]
            at += same
        return spans_of(page, keep)

    return remove


TEXT: tuple[TextRival, ...] = (
    TextRival("keep all", None, (), _keep_all, "removes nothing"),
    TextRival(
        "C4 line rules", "datatrove", ("datatrove",), _c4_lines,
        "`C4QualityFilter`, rules that drop pages off",
    ),
    TextRival(
        "FineWeb line rules", "datatrove", ("datatrove",), _fineweb_lines,
        "`C4QualityFilter(filter_no_terminal_punct=False)`, rules that drop pages off",
    ),
    TextRival(
        "FineWeb and Gopher filters", "datatrove", ("datatrove", "spacy"), _fineweb,
        "the filters of datatrove's `examples/fineweb.py`, which drop whole pages too; English only",
        frozenset({"en"}),
    ),
    TextRival(
        "RefinedWeb line rules", None, (), _refinedweb,
        "written from appendix G.2 of the paper, rule that drops pages off",
    ),
    TextRival(
        "jusText", "jusText", ("justext",), _justext_lines,
        "a paragraph for each line, the page's stop list, without one its language-independent mode",
    ),
)  # fmt: skip


# HTML

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr li main nav ol p pre section table td th tr ul".split()
)


def html_text(html: str) -> str:
    """Return the text of cleaned HTML, a line for each block.

    >>> html_text("<div><p>The ferry <b>sank</b>.</p>At dawn.</div>")
    'The ferry sank.\\nAt dawn.'
    """
    from lxml import html as parser

    if not html.strip():
        return ""
    pieces: list[str] = []
    # as bytes: lxml refuses a str that declares an encoding
    reader = parser.HTMLParser(encoding="utf-8", huge_tree=True)
    root = parser.fromstring(html.encode("utf-8", "replace"), parser=reader)
    for element in root.iter("script", "style"):
        element.text = None
    _collect(root, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(root: Any, pieces: list[str]) -> None:
    """Add the text of an element; a stack, since pages nest deeper than Python recurses."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        block = isinstance(element.tag, str) and element.tag in _BLOCKS
        if done:
            pieces += ["\n" if block else "", (element.tail or "").replace("\n", " ")]
            continue
        if isinstance(element.tag, str):
            pieces += ["\n" if block else "", (element.text or "").replace("\n", " ")]
        stack.append((element, True))
        if isinstance(element.tag, str):
            stack += [(child, False) for child in reversed(element)]


def _trafilatura(**options: Any) -> Extract:
    extract = import_module("trafilatura").extract
    return lambda html, lang: extract(html, **options) or ""


def _trafilatura_recall() -> Extract:
    return _trafilatura(favor_recall=True)


def _readability() -> Extract:
    document = import_module("readability").Document
    return lambda html, lang: html_text(document(html).summary())


def _resiliparse() -> Extract:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda html, lang: str(extract(html, main_content=True))


def _newspaper() -> Extract:
    with warnings.catch_warnings():  # that nltk, which only its summaries need, is not there
        warnings.simplefilter("ignore")
        newspaper = import_module("newspaper")
    known = set(import_module("newspaper.utils").get_available_languages())

    def extract(html: str, lang: str | None) -> str:
        made = newspaper.article(
            "https://page.example/", language=lang if lang in known else "en", input_html=html,
            fetch_images=False,
        )  # fmt: skip
        return made.text or ""

    return extract


def _boilerpy() -> Extract:
    extractor = import_module("boilerpy3.extractors").ArticleExtractor()
    return lambda html, lang: str(extractor.get_content(html))


def _justext_html() -> Extract:
    def extract(html: str, lang: str | None) -> str:
        found = _justext_paragraphs(html, lang)
        return "\n".join(each.text for each in found if not each.is_boilerplate)

    return extract


HTML: tuple[HtmlRival, ...] = (
    HtmlRival("trafilatura", "trafilatura", ("trafilatura",), _trafilatura, "`extract(html)`"),
    HtmlRival(
        "trafilatura, recall", "trafilatura", ("trafilatura",), _trafilatura_recall,
        "`extract(html, favor_recall=True)`",
    ),
    HtmlRival(
        "readability-lxml", "readability-lxml", ("readability",), _readability,
        "`Document(html).summary()`, its text a line for each block",
    ),
    HtmlRival(
        "resiliparse", "Resiliparse", ("resiliparse",), _resiliparse,
        "`extract_plain_text(html, main_content=True)`",
    ),
    HtmlRival(
        "newspaper4k", "newspaper4k", ("newspaper",), _newspaper,
        "`newspaper.article(url, language=…, input_html=html, fetch_images=False).text`",
    ),
    HtmlRival(
        "boilerpy3", "boilerpy3", ("boilerpy3",), _boilerpy,
        "`ArticleExtractor().get_content(html)`",
    ),
    HtmlRival(
        "jusText", "jusText", ("justext",), _justext_html,
        "`justext(html, get_stoplist(…))` of the language, without boilerplate paragraphs",
    ),
)  # fmt: skip


def ours_html() -> Extract | None:
    """Return `cleantext.clean_html`, where this version has it."""
    function = getattr(cleantext, "clean_html", None)
    return None if function is None else lambda html, lang: str(function(html))
