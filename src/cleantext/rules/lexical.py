"""Rules that are data: phrases and patterns, of all rule sets of a lexicon at once.

One automaton runs once over the keys of the page's lines (what stands between the signs round
them). It looks for the phrases, and for the strings that a match of each pattern needs, the rarest
that can be derived from it; a pattern is tried only where one of them stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

from cleantext import compiled
from cleantext.normalize import EDGE, fold, key
from cleantext.rules import literals, matcher, patterns, supersets
from cleantext.rules.literals import BOUNDARY
from cleantext.rulesets import SHORT_LINE, Rule, RuleSet
from cleantext.sentences import sentences
from cleantext.shape import HINTS
from cleantext.types import Evidence, Page

MAX_TRIES = 8  # hits of one rule in one line or sentence that are looked at
NEAR = 3  # lines on either side in which a `near` phrase counts
AROUND = 8  # lines on either side of an evident ask in which weak rules of appeals are asked
# Scripts written without spaces between words, where no word boundary can be asked for: Thai, Lao,
# Myanmar, Khmer, Han, kana.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    r"\u3038-\u303b\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    r"\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_SPACELESS = re.compile(f"[{_UNSPACED}]")
# A letter of the others.
_JOINING = rf"[^\W{_UNSPACED}]"
PARTS_CHARS = 240  # longest line that is looked at part by part
PARTS_WEIGHT = 8.0  # most that its parts come to together, in log-odds
PATTERN_CHARS = 4_000  # longer lines or sentences are not interface text: no rule looks at them
# A pattern that takes longer on one line is given up: no evidence. The clock counts the CPU time of
# all threads, so it is set far above what any sane pattern needs on PATTERN_CHARS.
PATTERN_SECONDS = 5.0
# What stands between the labels of a row: "Reply · Quote", "Subscribe now! All comments".
_ROW = re.compile(r'\s*[|•·›→]\s*|\s+["/-]\s+|(?<=[.!?])\s+(?=\w)|\s{3,}')
# The same, put so that a line without one is told fast.
_IS_ROW = re.compile(r'[|•·›→\s.!?](?:(?<=[|•·›→])|(?<=\s)(?:["/-]\s|\s\s)|(?<=[.!?])\s+\w)').search
# A line that is all speech: no label, though it may say "OK."
_SPEECH = re.compile(r"""^\W{0,3}(?:[„“”"].*[“”"]|«[^|«»]*[.!?…]\s?»)\W{0,2}$""")

_STRONG = 3.5  # log-odds from which a rule of an appeal says enough to ask the weak ones
_APPEALS = frozenset(("donation_appeal", "payment_prompt", "paywall_subscription", "ad_label"))
_ANY = 10**12
_END = 48  # characters at the ends of a long key in which needles with a line's end are found
_BAR = "|"  # stands for the phrases of a bar
_EDGES = ("^", "$", "(?=", "(?!", "(?<", r"\A", r"\Z", r"\b", r"\B")
_DIGIT = re.compile(r"\d")

Span = tuple[int, int]
Search = Callable[[str], Span | None]
#: Tells whether a rule may speak of a line.
Plain = Callable[[str], object]
#: Rules that a clock stopped: id and index of the block.
Late = list[tuple[str, int]]


class Lexicon:
    """The data rules of some rule sets, ready to look at pages. Immutable once made."""

    name = "lexical"

    def __init__(self, rulesets: Sequence[RuleSet]) -> None:
        self.rules: list[Rule] = [rule for ruleset in rulesets for rule in ruleset.rules]
        self._trusted = [ruleset.shipped for ruleset in rulesets for _ in ruleset.rules]
        #: Rules that may speak only of the head or the tail of a page.
        self.placed = {rule.id: rule.where for rule in self.rules if rule.where != "anywhere"}
        self._searches: dict[int, Search] = {}
        self._bars: dict[int, Callable[[str], bool]] = {}
        #: Of rules that want a phrase near: the number of their group, below zero, and the phrases.
        self._near: dict[int, tuple[int, list[str]]] = {}
        self._whole: dict[str, tuple[int, ...]] = {}  # keys of lines
        self._short: list[int] = []  # patterns that need no string
        self._plain: dict[int, Plain | None] = {}
        #: What `superset` has returned; filled when needed.
        self.supersets: list[Any] = [None] * len(self.rules)
        self._folded: dict[int, list[str]] = {}  # by identity of a rule's phrases, which it holds
        groups: dict[tuple[str, ...], tuple[int, list[str]]] = {}
        first, second = _Needles(), _Needles()
        for number, rule in enumerate(self.rules):
            if rule.near and rule.near not in groups:
                group = groups[rule.near] = -1 - len(groups), list(map(fold, rule.near))
                for phrase in group[1]:
                    first.add(phrase, group[0], "", _ANY)
            if rule.near:
                self._near[number] = groups[rule.near]
            self._enter(number, rule, second if _later(rule) else first)
        # What tables and automata hold now would be half of what a process holds.
        self.rules = [
            rule if rule.match == "bar" else replace(rule, needles=(), phrases=())
            for rule in self.rules
        ]
        #: First words of whole lines: a row of labels begins with one.
        self._firsts = frozenset(core.partition(" ")[0] for core in self._whole)
        self._first, self._second = first.build(), second.build()

    def _enter(self, number: int, rule: Rule, needles: _Needles) -> None:
        if rule.match == "whole" and rule.scope == "block":
            alone = (number,)  # one for all of its phrases: most stand in no other rule
            for phrase in rule.phrases:
                core = key(fold(phrase))
                known = self._whole.get(core)
                self._whole[core] = (*known, number) if known else alone
            return
        limit, group = _limit(rule), self._near.get(number, (0, []))[0]
        if rule.pattern is None:
            for phrase in dict.fromkeys([fold(phrase).strip() for phrase in rule.phrases]):
                needle = _needle(rule, phrase)
                told = _BAR if rule.match == "bar" else phrase
                needles.add(needle, number, told, limit, group)
            return
        required = needed(rule)
        for needle in required:
            needles.add(needle, number, "", limit, group)
        if not required:
            self._short.append(number)

    def find(
        self, page: Page, late: Late | None = None, everywhere: bool = False
    ) -> list[Evidence]:
        """Return the evidence on a page, wherever rules say it may stand.

        Args:
            page: the page.
            late: takes the rules that a clock stopped.
            everywhere: ask weak rules, and those that protect, about every line, doubted or not.
        """
        look = _Look(self, page, [] if late is None else late)
        look.whole()
        look.short()
        if self._first:
            look.needles(self._first, range(len(page)))
        if self._second:
            look.needles(self._second, range(len(page)) if everywhere else look.doubted())
        return look.found

    def find_more(self, page: Page, indices: Sequence[int], late: Late) -> list[Evidence]:
        """Return what `find` would have said of some lines, had something spoken against them."""
        look = _Look(self, page, late)
        if self._second and indices:
            look.needles(self._second, indices)
        return look.found

    def bar(self, number: int) -> Callable[[str], bool]:
        """Return the test of a rule that looks for bars."""
        test = self._bars.get(number)
        if test is None:
            test = self._bars[number] = _bar(self.rules[number].phrases)
        return test

    def plain(self, number: int) -> Plain | None:
        """Return a quick test of a line, or of its key, that holds wherever a rule speaks."""
        if number not in self._plain:
            self._plain[number] = self._quick_test(number)
        return self._plain[number]

    def _quick_test(self, number: int) -> Plain | None:
        rule = self.rules[number]
        if rule.match == "bar":
            return self.bar(number)
        if not self._trusted[number] or rule.pattern is None:
            return None
        if rule.scope == "sentence" and any(sign in rule.pattern for sign in _EDGES):
            return None  # a line may lack what one of its sentences has
        try:
            return patterns.matches(rule.pattern)
        except re.error:  # one of `regex`
            return None

    def superset(self, number: int) -> Any:
        """Return the compiled test that lets pass all lines of which a rule can speak, or False."""
        rule = self.rules[number]
        program = None
        if rule.match == "bar":
            program = supersets.bar(_bar_items(rule.phrases))
        elif self._trusted[number] and rule.pattern is not None:
            program = supersets.program(rule.pattern, part=rule.scope == "sentence")
        if program is None or compiled.speedups is None:
            return False
        try:
            return compiled.speedups.Superset(*program)
        except OverflowError:
            return False

    def holds(self, phrases: tuple[str, ...], unit: str, stems: bool = False) -> bool:
        """Tell whether one of a rule's phrases stands in a text, as words or at their starts."""
        folded = self._folded.get(id(phrases))
        if folded is None:
            folded = self._folded[id(phrases)] = list(map(fold, phrases))
        return any(phrase in unit and _as_words(phrase, stems).search(unit) for phrase in folded)

    def search(self, number: int) -> Search:
        """Return the search of a rule's pattern."""
        search = self._searches.get(number)
        if search is None:
            source = self.rules[number].pattern or ""
            search = self._searches[number] = _search(source, self._trusted[number])
        return search


class _Look:
    """One lexicon's look at one page."""

    def __init__(self, lexicon: Lexicon, page: Page, late: Late) -> None:
        self.lexicon, self.page, self.late = lexicon, page, late
        self.found: list[Evidence] = []
        self._near: dict[int, set[int]] = {}  # by group of rules: lines near what they want
        self._cuts: dict[int, list[Span]] = {}
        self._begins: dict[int, int] = {}
        self._tried: dict[tuple[int, int], int] = {}

    def whole(self) -> None:
        """Look up lines, or their parts, in the table of whole lines."""
        table, firsts, page = self.lexicon._whole, self.lexicon._firsts, self.page
        told: dict[str, tuple[int, float] | None] = {}  # lines recur: menus, lists, buttons
        for index, core in enumerate(page.keys):
            if core in table:
                if not self._speech(index):
                    for number in table[core]:
                        if self._fits(number, index, page.lines[index]):
                            self._add(number, index)
                continue
            if len(core) > PARTS_CHARS:
                continue
            first = core.partition(" ")[0]
            if (first if first.isalnum() else first.rstrip(EDGE)) in firsts:
                line = page.lines[index]
                if line not in told:
                    told[line] = self._row(line, index)
                if row := told[line]:
                    self._add(row[0], index)
                    self.found[-1] = self.found[-1]._replace(weight=row[1])

    def _speech(self, index: int) -> bool:
        """Tell whether a line is speech and nothing else."""
        return '"' in self.page.lines[index] and bool(_SPEECH.match(self.page.source(index)))

    def _row(self, line: str, index: int) -> tuple[int, float] | None:
        """Return the strongest rule, and the weight of all, where every part of a line is a label.

        Weights of parts add up: one short label may be a heading, a row of them is a menu.
        """
        if not _IS_ROW(line):
            return None
        parts = {part for part in _ROW.split(line) if part}
        labels = [part for part in parts if any(map(str.isalpha, part))]
        if len(parts) < 2 or not labels:
            return None
        lexicon, rules = self.lexicon, self.lexicon.rules
        best: list[tuple[float, int]] = []
        for part in labels:
            known = list(lexicon._whole.get(key(part), ()))
            if len(part) <= SHORT_LINE:
                known += [n for n in lexicon._short if self._matched(n, part, index)]
            weights = [
                (rules[number].weight, number)
                for number in known
                if number not in lexicon._near and not rules[number].unless
            ]
            if not weights or min(weights)[0] < 0:
                return None
            best.append(max(weights))
        return max(best)[1], min(PARTS_WEIGHT, sum(weight for weight, _ in best))

    def short(self) -> None:
        """Try patterns that need no string, on short lines with a digit or a sign at an end."""
        numbers = self.lexicon._short
        if not numbers:
            return
        told: dict[str, list[int]] = {}
        for index, (line, core) in enumerate(zip(self.page.lines, self.page.keys, strict=True)):
            size = len(line)
            if size > SHORT_LINE or not size or (len(core) == size and not _DIGIT.search(line)):
                continue
            if line not in told:
                told[line] = [n for n in numbers if self._matched(n, line, index)]
            if told[line] and self._speech(index):
                continue
            for number in told[line]:
                if self._fits(number, index, line):
                    self._add(number, index)

    def doubted(self) -> list[int]:
        """Return the lines that weak rules and those that protect body are asked about."""
        last = len(self.page) - 1
        chosen = {item.block for item in self.found if item.weight > 0}
        chosen.update(index for near in self._near.values() for index in near if index <= last)
        for item in self.found:
            if item.weight >= _STRONG and item.category in _APPEALS:
                low, high = max(0, item.block - AROUND), min(last, item.block + AROUND)
                chosen.update(range(low, high + 1))
        return sorted(chosen)

    def needles(self, automaton: _Automaton, indices: Sequence[int]) -> None:
        """Run an automaton over some lines and what differs of their keys; judge what it finds."""
        for number, phrase, index, start, end in automaton.sift(self, indices):
            begin = self._begin(index)
            self._judge(number, phrase, index, begin + start, begin + end)

    def sifted(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """Return the hits of rules that have what they want near and pass their quick test."""
        lexicon, lines, keys = self.lexicon, self.page.lines, self.page.keys
        near, plain = lexicon._near, lexicon._plain
        failed: set[tuple[int, int]] = set()
        for hit in hits:
            number, phrase, index, _, _ = hit
            if number < 0:
                beside = range(max(0, index - NEAR), index + NEAR + 1)
                self._near.setdefault(number, set()).update(beside)
                continue
            if number in near and index not in self._near.get(near[number][0], ()):
                continue
            if test := plain[number] if number in plain else lexicon.plain(number):
                # most hits end here
                if (number, index) in failed:
                    continue
                line = keys[index] if phrase == _BAR else lines[index]
                if len(line) <= PATTERN_CHARS and not test(line):
                    failed.add((number, index))
                    continue
            yield hit

    def _begin(self, index: int) -> int:
        """Return the offset at which the words of a line begin; found once, lines may be long."""
        begin = self._begins.get(index)
        if begin is None:
            begin = self.page.folded.index(self.page.lines[index], self.page.starts[index])
            self._begins[index] = begin
        return begin

    def _judge(self, number: int, phrase: str, index: int, start: int, end: int) -> None:
        rule, page = self.lexicon.rules[number], self.page
        if rule.match == "bar":
            if self._once(number, page.starts[index]) and self.lexicon.bar(number)(
                page.keys[index]
            ):
                if self._fits(number, index, page.lines[index]):
                    self._add(number, index)
            return
        low, high = self._scope(rule, index, start)
        if high - low > PATTERN_CHARS:
            return
        unit = page.lines[index]
        if rule.scope == "sentence":  # without what borders a table's row
            begin = self._begin(index)
            unit = page.folded[max(low, begin) : min(high, begin + len(unit))].strip()
        if rule.max_chars and len(unit) > rule.max_chars:
            return
        if rule.pattern is not None:
            if not self._once(number, low):
                return
            span = self._matched(number, unit, index)
            if span is None or not self._fits(number, index, unit):
                return
            if rule.anchors and not self.lexicon.holds(rule.anchors, unit):
                return
            lead = page.folded.index(unit, low)
            hit = (lead + span[0], lead + span[1])
            if (
                len(page.lines[index]) > SHORT_LINE
                and rule.weight > 0
                and _quoted(page, index, (start, end))
                and _quoted(page, index, (_first_word(page.folded, hit), hit[1]))
            ):
                return
        else:
            tries = self._tried.get((number, low), 0)
            if tries > MAX_TRIES:
                return
            self._tried[number, low] = tries + 1
            at = _standing(page.folded, phrase, start, end)
            if at is None:
                return
            hit = at, at + len(phrase)
            before = key(page.folded[low : hit[0]]) if rule.match in ("start", "whole") else ""
            after = key(page.folded[hit[1] : high]) if rule.match in ("end", "whole") else ""
            if before or after or not self._fits(number, index, unit):
                return
            if rule.weight > 0 and _quoted(page, index, hit):
                return
            self._tried[number, low] = MAX_TRIES + 1
        self._add(number, index, hit, (low, high))

    def _once(self, number: int, low: int) -> bool:
        """Tell whether a rule has not been tried on a line or sentence before."""
        if (number, low) in self._tried:
            return False
        self._tried[number, low] = MAX_TRIES + 1
        return True

    def _scope(self, rule: Rule, index: int, start: int) -> Span:
        """Return the offsets of the line, or of the sentence of it, that the rule judges."""
        if rule.scope == "block":
            return self.page.starts[index], self.page.ends[index]
        cuts = self._sentences(index)
        return cuts[min(bisect_right(cuts, start, key=_end), len(cuts) - 1)]

    def _sentences(self, index: int) -> list[Span]:
        cuts = self._cuts.get(index)
        if cuts is None:
            low, high = self.page.starts[index], self.page.ends[index]
            cuts = self._cuts[index] = sentences(self.page.text[low:high], low)
        return cuts

    def _matched(self, number: int, unit: str, index: int) -> Span | None:
        rule = self.lexicon.rules[number]
        if rule.max_chars and len(unit) > rule.max_chars:
            return None
        if self.late and any(name == rule.id for name, _ in self.late):
            return None  # it has cost this page enough
        try:
            return self.lexicon.search(number)(unit)
        except TimeoutError:
            self.late.append((rule.id, index))
            return None

    def _fits(self, number: int, index: int, unit: str) -> bool:
        """Tell whether length, neighbours and vetoes allow the rule to speak."""
        rule, page, lexicon = self.lexicon.rules[number], self.page, self.lexicon
        if rule.max_chars and len(unit) > rule.max_chars:
            return False
        if rule.unless and lexicon.holds(rule.unless, unit, stems=True):
            return False
        if number not in lexicon._near:
            return True
        low = page.starts[max(0, index - NEAR)]
        high = page.ends[min(len(page) - 1, index + NEAR)]
        around = page.folded[low : min(high, low + PATTERN_CHARS)]
        return any(phrase in around for phrase in lexicon._near[number][1])

    def _add(
        self, number: int, index: int, hit: Span | None = None, scope: Span | None = None
    ) -> None:
        rule, page = self.lexicon.rules[number], self.page
        sentence = rule.scope == "sentence"
        start, end = (scope if sentence else hit) or (page.starts[index], page.ends[index])
        self.found.append(Evidence(
            index, rule.id, rule.category, rule.family, rule.weight, start, end, rule.reason, sentence
        ))  # fmt: skip


#: Rule (or group of rules that want this near), phrase, whether a word must start and end there, and
#: the longest line in which it may, and the group of rules of which one must stand near, or zero.
Wanted = tuple[int, str, bool, bool, int, int]
# What a scan finds: who wants it, phrase, line, start and end in the line.
Hit = tuple[int, str, int, int, int]


class _Automaton:
    """Finds strings in lines, and by string who wants it.

    Args:
        wanted: by string, who wants it.
    """

    def __init__(self, wanted: Mapping[str, list[Wanted]]) -> None:
        self._scanner: Any = None
        if compiled.speedups:
            self._scanner = compiled.speedups.Scanner(wanted, _bounded)
            return
        self._matcher = matcher.build(list(wanted))
        self._wanted = list(wanted.values())
        self._longest = [max(limit for *_, limit, _ in each) for each in self._wanted]
        self._bounds = [  # whether all want a word to begin and to end there
            (all(left for _, _, left, *_ in each), all(right for _, _, _, right, *_ in each))
            for each in self._wanted
        ]

    def sift(self, look: _Look, indices: Sequence[int]) -> Iterable[Hit]:
        """Return what may be a match in some lines; the compiled scan sifts for itself."""
        if self._scanner:
            page, lexicon = look.page, look.lexicon
            hits: list[Hit] = self._scanner.scan(
                page.lines,
                page.keys,
                indices,
                lexicon.supersets,
                lexicon.superset,
                look._near,
                NEAR,
            )
            return hits
        return look.sifted(self._scan(look.page, indices))

    def scan(self, page: Page, indices: Sequence[int]) -> Iterable[Hit]:
        """Return what stands in some lines, or at the ends of their keys; by part and by end."""
        if self._scanner:
            hits: list[Hit] = self._scanner.scan(page.lines, page.keys, indices)
            return hits
        return self._scan(page, indices)

    def _scan(self, page: Page, indices: Sequence[int]) -> Iterator[Hit]:
        parts, places = _parts(page, indices)
        joined = "\n" + "\n".join(parts) + "\n"
        starts = list(accumulate(map(len, parts), lambda at, size: at + size + 1, initial=1))
        for needle, start, end in self._matcher.find(joined):
            left, right = self._bounds[needle]
            if (left and _bounded(joined[start - 1])) or (right and _bounded(joined[end])):
                continue
            start += joined[start] == "\n"
            end -= joined[end - 1] == "\n"
            at = bisect_right(starts, start) - 1
            index, lead = places[at]
            size = len(page.lines[index])
            if size > self._longest[needle]:
                continue
            before, after = _bounded(joined[start - 1]), _bounded(joined[end])
            shift = lead - starts[at]
            for number, phrase, left, right, longest, _ in self._wanted[needle]:
                if size <= longest and not ((left and before) or (right and after)):
                    yield number, phrase, index, start + shift, end + shift


class _Needles:
    """Strings on their way into an automaton."""

    def __init__(self) -> None:
        self._wanted: dict[str, list[Wanted]] = {}

    def add(self, needle: str, number: int, phrase: str, limit: int, group: int = 0) -> None:
        """Enter a string, marked at its ends (see `literals`), and who wants it."""
        left, right = needle[0] == BOUNDARY, needle[-1] == BOUNDARY
        needle = needle.strip(BOUNDARY)
        who = (number, phrase, left, right, limit, group)
        if needle in self._wanted:
            self._wanted[needle].append(who)
        else:
            self._wanted[needle] = [who]

    def build(self) -> _Automaton | None:
        return _Automaton(self._wanted) if self._wanted else None


def _limit(rule: Rule) -> int:
    """Return the length of the longest line in which a rule may speak."""
    if rule.scope == "sentence":
        return _ANY
    return rule.max_chars or PATTERN_CHARS


def _later(rule: Rule) -> bool:
    """Tell whether a rule is asked only about lines that others speak of, or near some phrase."""
    if (rule.match == "whole" and rule.scope == "block") or rule.match == "bar":
        return False
    return (
        bool(rule.near)
        or rule.category == "body"
        or (rule.family in HINTS and rule.weight < _STRONG)
    )


def _parts(page: Page, indices: Sequence[int]) -> tuple[list[str], list[tuple[int, int]]]:
    """Return lines, then the ends of their keys where those differ, with line and offset in it."""
    lines, keys = page.lines, page.keys
    parts = [lines[index] for index in indices]
    places = [(index, 0) for index in indices]
    for index in indices:
        line, core = lines[index], keys[index]
        if len(line) == len(core) or not core:
            continue
        lead = 0 if line[0] == core[0] else line.index(core)
        if len(core) <= _END:
            parts.append(core)
            places.append((index, lead))
            continue
        if lead:
            parts.append(core[:_END])
            places.append((index, lead))
        if lead + len(core) < len(line):
            parts.append(core[-_END:])
            places.append((index, lead + len(core) - _END))
    return parts, places


def needed(rule: Rule, chance: literals.Chance | None = None) -> tuple[str, ...]:
    """Return the strings of which one stands in every line that the rule's pattern matches.

    Args:
        rule: a rule with a pattern.
        chance: how often a string is seen (see `literals.required`).
    """
    if rule.needles:
        return rule.needles
    anchors = [_with_boundaries(fold(anchor).strip()) for anchor in rule.anchors]
    whole_line = rule.scope == "block"
    return literals.required(rule.pattern or "", whole_line, chance, anchors) or tuple(anchors)


def _with_boundaries(phrase: str) -> str:
    left = BOUNDARY if _bounded(phrase[0]) else ""
    return left + phrase + (BOUNDARY if _bounded(phrase[-1]) else "")


def _needle(rule: Rule, phrase: str) -> str:
    """Return what of a folded phrase the automaton looks for, its ends marked (see `literals`)."""
    core = key(phrase)
    if core and rule.scope == "block" and rule.match in ("start", "bar"):
        return "\n" + _with_boundaries(core).lstrip(BOUNDARY)
    if core and rule.scope == "block" and rule.match == "end":
        return _with_boundaries(core).rstrip(BOUNDARY) + "\n"
    return _with_boundaries(phrase)


def _standing(folded: str, phrase: str, start: int, end: int) -> int | None:
    """Return where the whole phrase, signs at its ends included, stands round its core."""
    if end - start == len(phrase) or folded.startswith(phrase, start):
        return start if folded.startswith(phrase, start) else None
    at = folded.find(phrase, max(0, start - len(phrase)), end + len(phrase))
    return at if 0 <= at <= start else None


@lru_cache(maxsize=20_000)
def _as_words(phrase: str, stems: bool) -> re.Pattern[str]:
    """Return the pattern of a folded phrase that stands between words, or begins one."""
    marked = _with_boundaries(phrase)
    compound = stems and "가" <= phrase[0] <= "힣"  # Korean writes compounds as one word
    before = f"(?<!{_JOINING})" if marked[0] == BOUNDARY and not compound else ""
    after = f"(?!{_JOINING})" if marked[-1] == BOUNDARY and not stems else ""
    return re.compile(before + re.escape(phrase) + after)


def _search(source: str, trusted: bool) -> Search:
    """Return a search for a pattern; one that is not trusted runs against a clock.

    Raises (the search):
        TimeoutError: the clock stopped it.
    """
    if trusted:
        try:
            find = patterns.search(source)  # compiles in a third of the time of `regex`
        except re.error:
            pass
        else:
            return lambda unit: match.span() if (match := find(unit)) else None
    import regex

    pattern = regex.compile(source)
    return lambda unit: (
        match.span() if (match := pattern.search(unit, timeout=PATTERN_SECONDS)) else None
    )


def _end(span: Span) -> int:
    return span[1]


def _bounded(char: str) -> bool:
    """Tell whether the character is of a script that sets words apart by spaces."""
    return char.isalnum() and (char < "\u0e00" or not _SPACELESS.match(char))


def _bar_items(phrases: Iterable[str]) -> list[str]:
    items = {key(fold(phrase)) for phrase in phrases} - {""}  # of signs nothing is left
    return sorted(items, key=lambda item: (-len(item), item))


def _bar(phrases: Iterable[str]) -> Callable[[str], bool]:
    """Return a test whether at least two different phrases cover every letter of a line."""
    items = _bar_items(phrases)
    ends = frozenset(item.split()[-1] for item in items)
    found: list[re.Pattern[str]] = []  # compiled when the first line ends like a bar

    def is_bar(line: str) -> bool:
        last = line.rstrip().rpartition(" ")[2]
        if last not in ends and last.isalpha() and _bounded(last[-1]):
            return False  # most lines that begin like a bar
        if not found:
            # The test of the boundaries stands once, not with each item: it takes a millisecond.
            begin = f"(?:(?!{_JOINING})|(?<!{_JOINING}))"
            end = f"(?:(?<!{_JOINING})|(?!{_JOINING}))"
            found.append(re.compile(f"{begin}(?:{'|'.join(map(re.escape, items))}){end}"))
        said = set(found[0].findall(line))
        return len(said) >= 2 and not any(map(str.isalpha, found[0].sub("", line)))

    return is_bar


def _first_word(text: str, span: Span) -> int:
    """Return the offset of the first letter or digit in a span, or its start."""
    return next((at for at in range(*span) if text[at].isalnum()), span[0])


def _quoted(page: Page, index: int, hit: Span) -> bool:
    """Tell whether the offsets stand inside a quotation of their line."""
    folded, (start, end) = page.folded, hit
    low, high = (
        max(page.starts[index], start - PATTERN_CHARS),
        min(page.ends[index], end + PATTERN_CHARS),
    )
    if folded.count('"', low, start) % 2:
        return True
    opened = folded.rfind(" '", low, start)
    if opened < 0:
        return False
    inside = folded[opened + 2 : start]
    return not re.search(r"'(?!\w)", inside) and bool(
        re.search(r"\w[.,!?]?'(?!\w)", folded[end - 1 : high])
    )
