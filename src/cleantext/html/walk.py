"""Walk a page's DOM into candidate blocks, in document order.

A block is a stretch of text that no block-level tag interrupts: a paragraph, a heading, an item, a
row of a data table, a caption. The walk is iterative, in one pass, and reads nothing twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml.etree import iterwalk

#: What the names of classes, ids and roles say of a container. Words of the trade of web pages.
NAMES: dict[str, str] = {
    "nav": r"nav|menu|breadcrumb|pagina|pager|tabs?\b|sitemap|toolbar",
    "foot": r"foot|copyright|legal|colophon",
    "head": r"header|masthead|topbar|top-bar",
    "side": r"side-?bar|aside|rail\b|(?<!elementor-)widget|secondary|complementary",
    "share": r"shar(?:e|ing)|social|follow|addto",
    "related": r"relat|recommend|teaser|read-?(?:next|more)|also|popular|trend|latest|more-|you-?may|"
               r"outbrain|taboola|similar|suggest|upsell|cross-?sell|recent",
    "comment": r"comment|disqus|respond|repl(?:y|ies)|discuss",
    "signup": r"newsletter|subscri|sign-?up|signin|login|paywall|donat|optin|cta",
    "cookie": r"cookie|consent|gdpr|privacy",
    "ad": r"\bads?\b|adv(?:ert)?|sponsor|banner|promo",
    "popup": r"modal|popup|pop-up|overlay|dialog|lightbox|tooltip|toast|alert",
    "byline": r"byline|author|\bdate|meta|\btags?\b|categor|posted|timestamp|published",
    "hidden": r"hidden|sr-only|screen-reader|d-none|assistive|offscreen",
    "form": r"form|search|filter|\bsort",
    "content": r"article|entry|story|content|body|\btext|main|prose|markdown|descri|detail",
    "post": r"\bpost|thread|message|topic|answer|question",
    "product": r"product|price|cart|variant|spec|review|rating|sku|swatch",
    "list": r"card|grid|list|tile|item|carousel|slider|slick|swiper|gallery",
    "caption": r"caption|credit|figcap|cutline|photo-?cred|bildtext|bildunterschrift",
}  # fmt: skip
KEYS = tuple(NAMES)
_NAMES = re.compile("|".join(f"(?P<{key}>{pattern})" for key, pattern in NAMES.items()), re.I)

#: Tags that say what they hold.
TAGS: dict[str, str] = {
    "nav": "nav", "footer": "foot", "header": "head", "aside": "side", "form": "form",
    "dialog": "popup", "article": "article", "main": "main", "figure": "figure", "table": "table",
    "ul": "ul", "ol": "ul", "dl": "ul", "blockquote": "quote", "section": "section",
    "figcaption": "caption", "details": "details",
}  # fmt: skip
ROLES = {
    "navigation": "nav", "menu": "nav", "menubar": "nav", "contentinfo": "foot", "banner": "head",
    "complementary": "side", "dialog": "popup", "alertdialog": "popup", "search": "form",
    "main": "main", "article": "article", "tablist": "nav", "alert": "popup",
}  # fmt: skip
PLACES = (*KEYS, "article", "main", "figure", "table", "ul", "quote", "section", "details")
_SLOT = {name: at for at, name in enumerate(PLACES)}

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol p pre search section summary table tbody td tfoot th thead tr ul".split()
)
SKIPPED = frozenset(
    "script style head noscript template svg math iframe object embed applet select datalist "
    "textarea input audio video canvas map noframes frameset title meta link base img source "
    "track area param progress meter".split()
) - {"math"}  # fmt: skip
_TELLING = frozenset(
    "p h1 h2 h3 h4 h5 h6 li dd dt tr td th figcaption caption blockquote pre summary legend address".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CJK = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
#: Their classes name the page's topics and layout: "category-cooking", "has-sidebar".
_WHOLE = frozenset("html body main article".split())
_TOPICS = re.compile(r"\b(?:category|tag)-[\w-]+")
_FEW = 150  # words; with fewer, a page is one that scripts fill
_DEEPEST = 256  # boxes; who climbs from a block to the root must not take long
_NONE: tuple[int, ...] = (0,) * len(PLACES)


class Box:
    """A block-level element on the way to a block, with sums over what it holds."""

    __slots__ = (
        "blocks",
        "chars",
        "depth",
        "hidden",
        "kids",
        "links",
        "name",
        "parent",
        "path",
        "places",
        "prose",
        "tag",
    )  # fmt: skip

    def __init__(
        self,
        parent: Box | None,
        tag: str,
        name: str,
        depth: int,
        places: tuple[int, ...],
        hidden: bool,
    ) -> None:
        self.parent, self.tag, self.name, self.depth = parent, tag, name, depth
        self.places, self.hidden = places, hidden
        self.chars = self.links = self.blocks = self.prose = self.kids = 0
        self.path: int = hash((parent.path if parent else 0, tag, name))


@dataclass(slots=True)
class Candidate:
    """A block of the page, before anything is decided.

    Attributes:
        text: its text; one line, but for `pre`.
        kind: its tag, or that of the nearest ancestor that says more: p, h2, li, tr, figcaption.
        box: the element that it stands in.
        chars: letters and signs of the text, spaces left out; links: those of them inside `a` or `button`.
        words: words, a letter of a script without spaces counted as one.
        anchors: number of links in it.
    """

    text: str
    kind: str
    box: Box
    chars: int
    links: int
    words: int
    anchors: int
    after_break: bool


def count_words(text: str) -> int:
    """Return the number of words; a letter of a script without spaces is one."""
    if text.isascii():
        return text.count(" ") + 1
    return text.count(" ") + 1 + len(_CJK.findall(text))


class _Walker:
    """The state of one walk: the open text run and the boxes round it."""

    def __init__(self) -> None:
        self.found: list[Candidate] = []
        self.box = Box(None, "html", "", 0, _NONE, False)
        self.pieces: list[str] = []
        self.link_pieces: list[str] = []
        self.anchors = 0
        self.linked = 0  # open elements whose text counts as links
        self.broken = False
        self.pre = 0
        self.deeper = 0  # open elements below the deepest that get a box
        self.memo: dict[str, frozenset[str]] = {}

    def add(self, text: str) -> None:
        """Add text to the open run."""
        self.pieces.append(text)
        if self.linked:
            self.link_pieces.append(text)

    def flush(self, broken: bool = False) -> None:
        """Close the open run; it becomes a block where it holds anything."""
        if self.pieces:
            raw = "".join(self.pieces)
            text = raw.strip("\n") if self.pre else " ".join(raw.split())
            if text and not text.isspace():
                self._block(text)
            self.pieces, self.link_pieces = [], []
            self.anchors = self.linked
        self.broken = broken

    def _block(self, text: str) -> None:
        box = self.box
        words = count_words(text)
        chars = len(text)
        links = len(" ".join("".join(self.link_pieces).split())) if self.link_pieces else 0
        links = min(links, chars)
        self.found.append(
            Candidate(
                text, _kind(box), box, chars, links, words, self.anchors,
                self.broken,
            )
        )  # fmt: skip
        prose = chars if chars - links > 60 and text[-1] in '.!?。！？…"”»' else 0
        outer: Box | None = box
        while outer is not None:
            outer.chars += chars
            outer.links += links
            outer.blocks += 1
            outer.prose += prose
            outer = outer.parent

    def hits(self, names: str) -> frozenset[str]:
        """Return which of NAMES stand in a string of classes and ids."""
        found = self.memo.get(names)
        if found is None:
            found = self.memo[names] = frozenset(
                match.lastgroup
                for match in _NAMES.finditer(_TOPICS.sub("", names[:300]))
                if match.lastgroup
            )
        return found

    def close(self) -> None:
        """Come back from a block-level element."""
        self.flush()
        if self.deeper:
            self.deeper -= 1
        elif self.box.parent is not None:
            self.box = self.box.parent

    def open(self, tag: str, element: Any) -> None:
        """Go into a block-level element."""
        parent = self.box
        depth = parent.depth + 1
        if depth > _DEEPEST:
            self.deeper += 1
            return
        hit = TAGS.get(tag)
        places, name, hidden = parent.places, "", parent.hidden
        if hit or element.attrib:
            hits = {hit} if hit else set()
            get = element.get
            name = get("class") or ""
            names = f"{name} {get('id') or ''}"
            if len(names) > 1 and tag not in _WHOLE:
                hits.update(self.hits(names))
            if role := get("role"):
                if role in ROLES:
                    hits.add(ROLES[role])
            if prop := get("itemprop"):
                if prop == "articleBody":
                    hits.update(("content", "article"))
                elif prop in ("description", "text"):
                    hits.add("content")
            if not hidden:
                hidden = (
                    get("hidden") is not None
                    or get("aria-hidden") == "true"
                    or bool((style := get("style")) and _STYLE.search(style))
                )
            if hits:
                fresh = list(places)
                for each in hits:
                    fresh[_SLOT[each]] = depth
                places = tuple(fresh)
        parent.kids += 1
        self.box = Box(parent, tag, name, depth, places, hidden)


def _kind(box: Box) -> str:
    at: Box | None = box
    for _ in range(4):
        if at is None:
            break
        if at.tag in _TELLING:
            return at.tag
        if at.blocks > 1:
            break
        at = at.parent
    return box.tag


def _data_row(element: Any) -> bool:
    """Tell whether a table row is of data: two cells or more, nothing but inline tags in them."""
    cells = 0
    for cell in element:
        if cell.tag not in ("td", "th"):
            return False
        cells += 1
        for inner in cell.iter():
            if inner is not cell and (inner.tag in BLOCKS or inner.tag == "br"):
                return False
    return cells > 1


def walk(root: Any) -> tuple[list[Candidate], Box]:
    """Return the blocks of a parsed page, in document order, and the box round all of them.

    What stands in `noscript` counts where there is hardly anything else: pages that scripts fill
    keep their text for readers without them there.

    Args:
        root: an lxml element; it is not changed.
    """
    found, whole = _walk(root, SKIPPED)
    words = sum(block.words for block in found)
    if words < _FEW:
        more, other = _walk(root, SKIPPED - {"noscript"})
        if sum(block.words for block in more) > 2 * words:
            return more, other
    return found, whole


def _walk(root: Any, skipped: frozenset[str]) -> tuple[list[Candidate], Box]:
    state = _Walker()
    rows = 0  # open rows of data
    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            tag = element.tag
            if tag in skipped:
                walker.skip_subtree()
                continue
            if rows and tag in ("td", "th"):
                state.add("| ")
            elif tag in BLOCKS or "-" in tag:
                if not rows:
                    state.flush()
                    state.open(tag, element)
                if tag == "pre":
                    state.pre += 1
                elif tag == "tr" and (rows or _data_row(element)):
                    rows += 1
            elif tag == "br":
                if state.pre:
                    state.add("\n")
                elif rows or state.box.tag in HEADINGS:
                    state.add(" ")
                else:
                    state.flush(True)
            elif tag in ("a", "button", "label"):
                state.linked += 1
                state.anchors += 1
            if element.text:
                state.add(element.text)
        else:
            tag = element.tag
            if tag not in skipped:
                if rows and tag in ("td", "th"):
                    state.add(" ")
                elif tag in BLOCKS or "-" in tag:
                    if tag == "tr" and rows:
                        rows -= 1
                        if not rows:
                            state.add("|")
                    if not rows:
                        state.close()
                    if tag == "pre":
                        state.pre -= 1
                elif tag in ("a", "button", "label"):
                    state.linked -= 1
            if element.tail and element is not root:
                state.add(element.tail)
    state.flush()
    return state.found, state.box
