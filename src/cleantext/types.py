"""The words of the library as types: category, level, evidence, block, page.

All are immutable. Offsets count characters (code points) of the page's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from cleantext.normalize import key
from cleantext.outline import Outline

Level = Literal["safe", "balanced", "thorough"]
Label = Literal["body", "caption", "meta", "chrome"]

LEVELS: tuple[Level, ...] = ("safe", "balanced", "thorough")

#: The kinds of chrome, with what each means.
CATEGORIES: Mapping[str, str] = {
    "ad_label": "a label or notice of advertising",
    "sponsored_affiliate": "sponsored content, or a disclosure of affiliate links",
    "donation_appeal": "an appeal for donations or support",
    "payment_prompt": "amounts, payment methods, reminders to pay",
    "paywall_subscription": "a paywall or an offer of a subscription",
    "newsletter_signup": "a sign-up for a newsletter or alerts",
    "login_account": "log in, register, account",
    "cookie_consent": "a cookie or privacy consent notice",
    "related_links": "links to and headlines of other pages",
    "social_share": "share buttons and prompts to follow",
    "engagement_counter": "counts of views, comments, likes, reading time",
    "comments_ui": "comment forms, comment threads and their buttons",
    "navigation": "menus, breadcrumbs, pagination",
    "legal_copyright": "copyright, terms, disclaimers",
    "tags_topics": "lists of tags or topics",
    "media_app_widget": "players, galleries, app promotion, tickers",
    "technical_notice": "notices of the software, leftovers of templates",
    "site_promo": "the site about itself",
}

#: What is kept although it is not body text; a rule of these kinds has a negative weight.
KINDS: Mapping[str, str] = {
    "body": "article text",
    "caption": "a caption or credit of a photo",
    "meta": "byline, date, author box",
}


class Evidence(NamedTuple):
    """What one rule says of one block.

    Attributes:
        block: index of the block in the page.
        rule: id of the rule, ``lang.category.what-is-seen``.
        category: a key of CATEGORIES, or of KINDS where the weight is negative.
        family: evidence of one family does not add up; the strongest counts.
        weight: log-odds, in nats, that the block is chrome; negative for body.
        start, end: offsets, in the page's text, of what the rule speaks about.
        reason: why, in words for people.
        sentence: True if it speaks only of the sentences in start..end, not of all the block.
    """

    block: int
    rule: str
    category: str
    family: str
    weight: float
    start: int
    end: int
    reason: str
    sentence: bool = False


class Page:
    """A text to clean, cut into lines, with what is known of it. Treat it as read-only.

    Attributes:
        text: the text, as given.
        folded: the same length, in comparable form (see cleantext.normalize.fold).
        starts, ends: offsets of each block; a block ends where the next one starts.
        lines: folded lines without outer space, one a block; empty for blank lines.
        keys: the lines without the signs and digits round their words (cleantext.normalize.key).
        lang: ISO 639-1 code, or None where unknown.
        url: where the page was found, or None.
        given: evidence that came with the text, as that of the HTML it was taken from.
    """

    __slots__ = (
        "_outline", "ends", "folded", "given", "keys", "lang", "lines", "starts", "text", "url",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        folded: str,
        starts: Sequence[int],
        ends: Sequence[int],
        lines: Sequence[str],
        lang: str | None,
        url: str | None,
    ) -> None:
        self.text, self.folded = text, folded
        self.starts, self.ends, self.lines = starts, ends, lines
        self.keys: Sequence[str] = list(map(key, lines))
        self.lang, self.url = lang, url
        self._outline: Outline | None = None
        self.given: Sequence[Evidence] = ()

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def outline(self) -> Outline:
        """Lengths and endings of the lines; measured once."""
        if self._outline is None:
            self._outline = Outline.of(self.lines, self.lang)
        return self._outline

    def source(self, index: int) -> str:
        """Return block `index` as it stands in the text, without outer space."""
        return self.text[self.starts[index] : self.ends[index]].strip()


@runtime_checkable
class RuleFinder(Protocol):
    """What every rule set written in Python offers.

    `find` looks at a page, and at the evidence that earlier rule sets gave (by block index), and
    yields evidence of its own. It must be pure: same page and evidence, same answer.
    """

    name: str

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Iterable[Evidence]: ...


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the text and what was decided about it.

    Attributes:
        start, end: offsets in the text; blocks tile it, so a block includes its line ending.
        text: ``page_text[start:end]``, exactly.
        label: "body", "caption", "meta" or "chrome".
        category: the kind of chrome, or None for what is kept.
        score: probability that the block is chrome, 0 to 1 (0 for blank lines).
        evidence: what the rules said, strongest first.
        kind: the tag that it stands in, of a page of HTML (p, h2, li, tr, figcaption, …); else "".
    """

    start: int
    end: int
    text: str
    label: Label
    category: str | None
    score: float
    evidence: tuple[Evidence, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """One removed stretch of the text: a block, with blank lines beside it, or a sentence in one.

    Attributes:
        start, end: offsets; ``page_text[start:end] == text``.
        text: what was removed, exactly.
        category: the kind of chrome.
        rule: id of the rule that weighed most.
        score: probability that it is chrome, 0 to 1.
        reason: why, in words for people.
    """

    start: int
    end: int
    text: str
    category: str
    rule: str
    score: float
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes as JSON-ready values; the score has four decimals."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "category": self.category,
            "rule": self.rule,
            "score": round(self.score, 4),
            "reason": self.reason,
        }
