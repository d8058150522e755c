"""Rules that are data: phrases and patterns, of all languages at once.

The phrases of every rule set go into one matcher that runs once over the folded page; patterns
run only on lines that hold one of their anchors; whole-line phrases are looked up in a table.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from cleantext.lazy import Lazy
from cleantext.normalize import fold, key
from cleantext.rules import matcher
from cleantext.rulesets import SHORT_LINE, Rule, RuleSet
from cleantext.sentences import sentences
from cleantext.types import Evidence, Page

MAX_TRIES = 8  # hits of one rule in one line or sentence that are looked at
EDGE_CHARS = 60  # signs and digits that may stand before or after a phrase at an edge
NEAR = 3  # lines on either side in which a `near` phrase counts
PARTS_CHARS = 240  # longest line that is looked at part by part
PARTS_WEIGHT = 8.0  # most that its parts come to together, in log-odds
PATTERN_CHARS = 4_000  # longer lines or sentences are not interface text: no rule looks at them
# A pattern that takes longer on one line is given up: no evidence. The clock counts the CPU time of
# all threads, so it is set far above what any sane pattern needs on PATTERN_CHARS.
PATTERN_SECONDS = 5.0
# What stands between the labels of a row: "Reply · Quote", "Subscribe now! All comments".
_ROW = Lazy(r'\s*[|•·›→]\s*|\s+["/-]\s+|(?<=[.!?])\s+(?=\w)|\s{3,}')
# A line that is all speech: no label, though it may say "OK."
_SPEECH = Lazy(r"""^\W{0,3}(?:[„“”"].*[“”"]|«[^|«»]*[.!?…]\s?»)\W{0,2}$""")
# Scripts written without spaces between words, where no word boundary can be asked for.
_SPACELESS = Lazy(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


class Lexicon:
    """The data rules of some rule sets, ready to look at pages. Immutable once made."""

    name = "lexical"

    def __init__(self, rulesets: Sequence[RuleSet], compiled: bool = True) -> None:
        """Make the lexicon; `compiled=False` avoids the compiled matcher (same answers)."""
        self.rules: list[Rule] = [rule for ruleset in rulesets for rule in ruleset.rules]
        self._sites = [ruleset.sites for ruleset in rulesets for _ in ruleset.rules]
        self._hosts = frozenset(site for sites in self._sites for site in sites)
        self._anywhere = [not sites for sites in self._sites]
        #: Rules that may speak only of the head or the tail of a page.
        self.placed = {rule.id: rule.where for rule in self.rules if rule.where != "anywhere"}
        self._whole: dict[str, list[int]] = {}
        self._short: list[int] = []
        self._patterns: dict[int, Callable[[str], bool]] = {}
        self._trusted = [ruleset.shipped for ruleset in rulesets for _ in ruleset.rules]
        self._near = {n: [fold(p) for p in r.near] for n, r in enumerate(self.rules) if r.near}
        self._unless = {
            n: [fold(p) for p in r.unless] for n, r in enumerate(self.rules) if r.unless
        }
        wanted: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            if rule.match == "whole" and rule.scope == "block":
                for phrase in rule.phrases:
                    self._whole.setdefault(key(fold(phrase)), []).append(number)
            elif rule.pattern is not None and not rule.anchors:
                self._short.append(number)
            else:
                for phrase in dict.fromkeys(map(fold, rule.phrases or rule.anchors)):
                    wanted.setdefault(phrase.strip(), []).append(number)
        self._phrase_rules = list(wanted.values())
        self._edges = [(_bounded(phrase[0]), _bounded(phrase[-1])) for phrase in wanted]
        make = matcher.build if compiled else matcher.PlainSearch
        self._matcher = make(list(wanted)) if wanted else None

    def find(self, page: Page) -> list[Evidence]:
        """Return the evidence on a page, wherever rules say it may stand."""
        found: list[Evidence] = []
        usable = self._usable(page)
        self._find_whole(page, usable, found)
        self._find_phrases(page, usable, found)
        return found

    def _usable(self, page: Page) -> list[bool]:
        """Tell for each rule whether the page is one of its sites."""
        site = site_of(page.url, self._hosts)
        if not site:
            return self._anywhere
        return [not sites or site in sites for sites in self._sites]

    def _find_whole(self, page: Page, usable: list[bool], found: list[Evidence]) -> None:
        """Judge lines as wholes: those in the table, and short ones by patterns with no anchor."""
        short = [number for number in self._short if usable[number]]
        told: dict[str, list[int]] = {}  # lines recur: menus, lists, buttons
        rows: dict[str, tuple[int, float] | None] = {}
        for index, line in enumerate(page.lines):
            if not line:
                continue
            numbers = told.get(line)
            if numbers is None:
                numbers = [number for number in self._whole.get(key(line), ()) if usable[number]]
                if len(line) <= SHORT_LINE:
                    numbers += [number for number in short if self._matches(number, line)]
                told[line] = numbers
                if not numbers and len(line) <= PARTS_CHARS:
                    rows[line] = self._row(line, usable, short)
            row = rows.get(line)
            if row:
                found.append(self._evidence(row[0], page, index)._replace(weight=row[1]))
            if numbers and _SPEECH.match(page.source(index)):
                continue
            for number in numbers:
                if self._fits(number, page, index, line):
                    found.append(self._evidence(number, page, index))

    def _row(self, line: str, usable: list[bool], short: list[int]) -> tuple[int, float] | None:
        """Return the strongest rule, and the weight of all, where every part of a line is a label.

        Weights of parts add up: one short label may be a heading, a row of them is a menu.
        """
        parts = {part for part in _ROW.split(line) if part}
        labels = [part for part in parts if any(map(str.isalpha, part))]
        if len(parts) < 2 or not labels:
            return None
        best: list[tuple[float, int]] = []
        for part in labels:
            known = [number for number in self._whole.get(key(part), ()) if usable[number]]
            if len(part) <= SHORT_LINE:
                known += [number for number in short if self._matches(number, part)]
            weights = [
                (self.rules[number].weight, number)
                for number in known
                if number not in self._near and number not in self._unless
            ]
            if not weights or min(weights)[0] < 0:
                return None
            best.append(max(weights))
        return max(best)[1], min(PARTS_WEIGHT, sum(weight for weight, _ in best))

    def _find_phrases(self, page: Page, usable: list[bool], found: list[Evidence]) -> None:
        if self._matcher is None:
            return
        folded, starts = page.folded, page.starts
        bars: dict[tuple[int, int], list[tuple[int, int]]] = {}
        tried: dict[tuple[int, int], int] = {}
        cuts: dict[int, list[tuple[int, int]]] = {}
        for phrase, start, end in self._matcher.find(folded):
            left, right = self._edges[phrase]
            if left and start and _bounded(folded[start - 1]):
                continue
            if right and end < len(folded) and _bounded(folded[end]):
                continue
            index = bisect_right(starts, start) - 1
            if end > page.ends[index]:
                continue
            for number in self._phrase_rules[phrase]:
                if not usable[number]:
                    continue
                rule = self.rules[number]
                if rule.match == "bar":
                    bars.setdefault((number, index), []).append((start, end))
                    continue
                low, high = self._scope(rule, page, index, start, cuts)
                tries = tried.get((number, low), 0)
                if tries > MAX_TRIES:
                    continue
                tried[number, low] = tries + 1 if rule.pattern is None else MAX_TRIES + 1
                if self._holds(number, page, index, (low, high), (start, end)):
                    tried[number, low] = MAX_TRIES + 1
                    found.append(self._evidence(number, page, index, (start, end), (low, high)))
        for (number, index), hits in bars.items():
            if _is_bar(page, index, hits) and self._fits(number, page, index, page.lines[index]):
                found.append(self._evidence(number, page, index))

    def _scope(
        self, rule: Rule, page: Page, index: int, start: int, cuts: dict[int, list[tuple[int, int]]]
    ) -> tuple[int, int]:
        """Return the offsets of the line, or of the sentence of it, that the rule judges."""
        low = page.starts[index]
        if rule.scope == "sentence":
            if index not in cuts:
                cuts[index] = sentences(page.text[low : page.ends[index]], low)
            return cuts[index][bisect_right(cuts[index], start, key=_end)]
        return low, page.ends[index]

    def _holds(
        self, number: int, page: Page, index: int, scope: tuple[int, int], hit: tuple[int, int]
    ) -> bool:
        rule, folded = self.rules[number], page.folded
        if scope[1] - scope[0] > PATTERN_CHARS:
            return False
        if rule.match in ("start", "whole") and hit[0] - scope[0] > EDGE_CHARS:
            return False
        if rule.match in ("end", "whole") and scope[1] - hit[1] > EDGE_CHARS:
            return False
        unit = folded[scope[0] : scope[1]].strip()
        if rule.max_chars and len(unit) > rule.max_chars:
            return False
        if rule.pattern is not None:
            return (
                self._matches(number, unit)
                and self._fits(number, page, index, unit)
                and not (
                    len(page.lines[index]) > SHORT_LINE
                    and rule.weight > 0
                    and _quoted(page, index, *hit)
                )
            )
        before = key(folded[scope[0] : hit[0]]) if rule.match in ("start", "whole") else ""
        after = key(folded[hit[1] : scope[1]]) if rule.match in ("end", "whole") else ""
        if before or after or not self._fits(number, page, index, unit):
            return False
        return rule.weight < 0 or not _quoted(page, index, *hit)

    def _matches(self, number: int, unit: str) -> bool:
        limit = self.rules[number].max_chars
        if limit and len(unit) > limit:
            return False
        pattern = self._patterns.get(number)
        if pattern is None:
            source = self.rules[number].pattern or ""
            pattern = self._patterns[number] = _search(source, self._trusted[number])
        return pattern(unit)

    def _fits(self, number: int, page: Page, index: int, unit: str) -> bool:
        """Tell whether length, neighbours and vetoes allow the rule to speak."""
        rule = self.rules[number]
        if rule.max_chars and len(unit) > rule.max_chars:
            return False
        if number in self._unless and _vetoed(unit, self._unless[number]):
            return False
        if number not in self._near:
            return True
        low = page.starts[max(0, index - NEAR)]
        high = page.ends[min(len(page) - 1, index + NEAR)]
        around = page.folded[low : min(high, low + PATTERN_CHARS)]
        return any(phrase in around for phrase in self._near[number])

    def _evidence(
        self,
        number: int,
        page: Page,
        index: int,
        hit: tuple[int, int] | None = None,
        scope: tuple[int, int] | None = None,
    ) -> Evidence:
        rule = self.rules[number]
        sentence = rule.scope == "sentence"
        start, end = (scope if sentence else hit) or (page.starts[index], page.ends[index])
        return Evidence(
            index, rule.id, rule.category, rule.family, rule.weight, start, end, rule.reason, sentence
        )  # fmt: skip


def _search(source: str, trusted: bool) -> Callable[[str], bool]:
    """Return a test for a pattern; one that is not trusted runs against a clock."""
    if trusted:
        try:
            known = re.compile(source)  # compiles in a third of the time of `regex`
        except re.error:
            pass
        else:
            return lambda unit: known.search(unit) is not None
    import regex

    pattern = regex.compile(source)

    def search(unit: str) -> bool:
        try:
            return pattern.search(unit, timeout=PATTERN_SECONDS) is not None
        except TimeoutError:
            return False

    return search


def _vetoed(unit: str, phrases: Sequence[str]) -> bool:
    """Tell whether one of the phrases stands in the unit, at the beginning of a word.

    What follows is free, so that a stem vetoes its forms: "subscri" that of subscribers.
    """
    for phrase in phrases:
        at = unit.find(phrase)
        while at > 0 and unit[at - 1].isalnum() and _starts_word(phrase[0]):
            at = unit.find(phrase, at + 1)
        if at >= 0:
            return True
    return False


def _end(span: tuple[int, int]) -> int:
    return span[1]


def _bounded(char: str) -> bool:
    """Tell whether the character is of a script that sets words apart by spaces."""
    return char.isalnum() and (char < "\u0e00" or not _SPACELESS.match(char))


def _starts_word(char: str) -> bool:
    return _bounded(char) and not "가" <= char <= "힣"  # Korean writes compounds as one word


def site_of(url: str | None, sites: frozenset[str]) -> str:
    """Return the host of `url`, or the closest parent domain of it, that is one of `sites`."""
    if not url or not sites:
        return ""
    host = url.split("//", 1)[-1].split("/", 1)[0].split("@")[-1].split(":")[0].lower()
    while host and host not in sites:
        host = host.partition(".")[2]
    return host


def _is_bar(page: Page, index: int, hits: Iterable[tuple[int, int]]) -> bool:
    """Tell whether at least two different phrases cover every letter of the line."""
    spans = sorted(hits, key=lambda span: (span[0], -span[1]))
    at, rest, said = page.starts[index], [], set()
    for start, end in spans:
        if start >= at:
            rest.append(page.folded[at:start])
            said.add(key(page.folded[start:end]))
            at = end
    rest.append(page.folded[at : page.ends[index]])
    return len(said - {""}) >= 2 and not any(char.isalpha() for char in "".join(rest))


def _quoted(page: Page, index: int, start: int, end: int) -> bool:
    """Tell whether the offsets stand inside a quotation of their line."""
    folded, low, high = page.folded, page.starts[index], page.ends[index]
    low, high = max(low, start - PATTERN_CHARS), min(high, end + PATTERN_CHARS)
    if folded.count('"', low, start) % 2:
        return True
    opened = folded.rfind(" '", low, start)
    if opened < 0:
        return False
    inside = folded[opened + 2 : start]
    return not re.search(r"'(?!\w)", inside) and bool(
        re.search(r"\w[.,!?]?'(?!\w)", folded[end - 1 : high])
    )
