"""Rules as data: read, check and find rule sets.

A rule set is a TOML file. Everything in it is checked when it is read; an error names the file,
the line, the rule and the field. Nothing in a file is ever executed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cleantext import limits
from cleantext.normalize import fold, key
from cleantext.types import CATEGORIES, KINDS

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

ENTRY_POINTS = "cleantext.rulesets"
SHORT_LINE = 48  # a pattern with no anchors runs on every line up to this length
_ID = re.compile(r"[a-z*][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*){2}")
_CHOICES = {
    "scope": ("block", "sentence"),
    "match": ("whole", "start", "end", "anywhere", "bar"),
    "where": ("anywhere", "head", "tail"),
}


class RuleSetError(ValueError):
    """A rule set that cannot be used; the message names file, line, rule and field."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One documented reason to believe something about a line.

    Attributes:
        id: ``lang.category.what-is-seen``.
        category: a key of CATEGORIES; or of KINDS, with a negative weight, to protect.
        weight: log-odds in nats that the line is chrome; negative for what protects.
        reason: why, in words for people.
        family: rules of one family do not add up, the strongest counts. A related-links or
            comments heading that opens a section has the family ``heading``.
        scope: ``block`` judges the line; ``sentence`` the sentence that holds the match, which
            can be removed from the start or end of a paragraph.
        match: where in its scope a phrase must stand: ``whole``, ``start``, ``end``,
            ``anywhere``; ``bar``: the line consists of nothing but these phrases (two or more).
        where: ``head`` (before the first long paragraph), ``tail`` (after the last), ``anywhere``.
        phrases: what is looked for, compared folded (case, quotes, dashes do not matter).
        pattern: or a regular expression, searched in the folded scope.
        anchors: phrases of which one must stand, as words, in what `pattern` judges. A pattern
            that needs no string at all, such as one of digits, is tried only on lines of up to
            48 characters that hold a digit, or begin or end with a sign.
        near: one of these phrases must stand within three lines.
        unless: none of these phrases may stand in the scope, nor a word that begins with one.
        max_chars: the scope may be at most this long.
        examples, counter_examples: texts on which the rule must, or must not, speak.
        lang: the language of the rule set, or None for every language.
        needles: strings of which one stands in the key of every line that `pattern` can match;
            where none are given they are derived (see cleantext.rules.literals).
    """

    id: str
    category: str
    weight: float
    reason: str
    family: str = "words"
    scope: str = "block"
    match: str = "anywhere"
    where: str = "anywhere"
    phrases: tuple[str, ...] = ()
    pattern: str | None = None
    anchors: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    max_chars: int = 0
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    lang: str | None = None
    needles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named bunch of rules.

    Attributes:
        name: unique among the rule sets of a cleaner.
        rules: the rules.
        lang: ISO 639-1 code of the language it is for; None: for every page.
        sites: host names it is for (and their subdomains); empty: for every page.
        stopwords: frequent words by which the language is told from others.
        description: what it is for.
        also: further languages whose pages the rules apply to (dialects, written standards).
        shipped: it comes with the package: its patterns are tested not to blow up, and run
            without a clock.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    lang: str | None = None
    sites: tuple[str, ...] = ()
    stopwords: frozenset[str] = frozenset()
    description: str = ""
    also: tuple[str, ...] = ()
    shipped: bool = False


_DERIVED = ("lang", "needles")
_RULE_FIELDS = {
    field.name: field for field in dataclasses.fields(Rule) if field.name not in _DERIVED
}
_REQUIRED = ("id", "category", "weight", "reason", "examples", "counter_examples")
_SET_FIELDS = {"name", "lang", "sites", "stopwords", "description", "also", "rule"}


def parse_ruleset(source: str, origin: str = "<string>") -> RuleSet:
    """Read a rule set from TOML text.

    Args:
        source: the TOML text.
        origin: its name in error messages.

    Raises:
        RuleSetError: bad TOML, an unknown key, a bad value, a duplicate id.
    """
    if fault := limits.fault_of_text(source):
        raise RuleSetError(f"{origin}: {fault}")
    import tomllib  # here and below: what only the loader needs is not imported at start

    try:
        data = tomllib.loads(source)
    except ValueError as error:  # of tomllib, or of a number with thousands of digits
        raise RuleSetError(f"{origin}: not TOML: {error}") from None
    except RecursionError:
        raise RuleSetError(f"{origin}: not TOML: nested too deeply") from None
    for name in data:
        if name not in _SET_FIELDS:
            raise RuleSetError(f"{origin}: unknown key {shown(name)}{similar(name, _SET_FIELDS)}")
    head = _typed_head(data, origin)
    tables = data.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleSetError(f"{origin}: field 'rule' must be an array of tables ([[rule]])")
    if len(tables) > limits.MAX_RULES:
        raise RuleSetError(f"{origin}: more than {limits.MAX_RULES} rules")
    rules, seen = [], set()
    for number, table in enumerate(tables, 1):
        rule = _rule(table, head["lang"], Place(origin, source, number, table.get("id")))
        if rule.id in seen:
            raise Place(origin, source, number, rule.id).error("id", "is used twice")
        seen.add(rule.id)
        rules.append(rule)
    return RuleSet(rules=tuple(rules), **head)


def _typed_head(data: Mapping[str, Any], origin: str) -> dict[str, Any]:
    head: dict[str, Any] = {}
    for name, kind in (("name", str), ("lang", str), ("description", str)):
        value = data.get(name)
        if value is not None and not isinstance(value, kind):
            raise RuleSetError(f"{origin}: field {name!r} must be a string")
        head[name] = value
    if not head["name"]:
        raise RuleSetError(f"{origin}: field 'name' is missing")
    head["description"] = head["description"] or ""
    for name in ("sites", "stopwords", "also"):
        head[name] = _strings(data.get(name, []))
        if head[name] is None:
            raise RuleSetError(f"{origin}: field {name!r} must be a list of strings")
    for name, value in head.items():
        if fault := limits.fault_of_strings(
            name, [value] if isinstance(value, str) else value or ()
        ):
            raise RuleSetError(f"{origin}: field {name!r} {fault}")
    head["stopwords"] = frozenset(map(fold, head["stopwords"]))
    return head


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule stands, for messages."""

    origin: str
    source: str
    number: int
    id: object

    def error(self, field: str, message: str) -> RuleSetError:
        return RuleSetError(f"{self}: field {field!r} {message}")

    def __str__(self) -> str:
        quoted = re.search(
            r"(?m)^\s*id\s*=\s*['\"]" + re.escape(str(self.id)) + r"['\"]", self.source
        )
        line = f":{self.source.count(chr(10), 0, quoted.end()) + 1}" if quoted else ""
        plain = isinstance(self.id, str) and len(self.id) < 80 and _ID.fullmatch(self.id)
        name = self.id if plain else shown(self.id)
        return f"{self.origin}{line}: rule {f'number {self.number}' if self.id is None else name}"


def _rule(table: Mapping[str, Any], lang: str | None, place: Place) -> Rule:
    for name in table:
        if name not in _RULE_FIELDS:
            raise RuleSetError(f"{place}: unknown key {shown(name)}{similar(name, _RULE_FIELDS)}")
    for name in _REQUIRED:
        if name not in table:
            raise place.error(name, "is missing")
    values = {name: _value(name, value, place) for name, value in table.items()}
    rule = Rule(lang=lang, **values)
    if not _ID.fullmatch(rule.id):
        raise place.error("id", "must read lang.category.what-is-seen (a-z, 0-9, - and _)")
    if rule.category not in CATEGORIES and rule.category not in KINDS:
        raise place.error("category", f"is unknown: {shown(rule.category)}; one of "
                          f"{', '.join([*CATEGORIES, *KINDS])}")  # fmt: skip
    if (rule.weight < 0) != (rule.category in KINDS):
        raise place.error("weight", "must be negative for body, caption and meta, else positive")
    if bool(rule.phrases) == (rule.pattern is not None):
        raise place.error("phrases", "or field 'pattern' must be given, and not both")
    if rule.pattern is None and rule.anchors:
        raise place.error("anchors", "go with a pattern")
    if not rule.examples or not rule.counter_examples:
        raise place.error("examples" if not rule.examples else "counter_examples", "is empty")
    for phrase in rule.phrases + rule.anchors:
        if not (key(fold(phrase)) if rule.match == "whole" else phrase.strip()):
            raise place.error("phrases", f"hold an entry with no letters: {shown(phrase)}")
    if rule.pattern is not None:
        if fault := limits.fault_of_pattern(rule.pattern):
            raise place.error("pattern", fault)
        import regex

        try:
            regex.compile(rule.pattern)
        except (regex.error, RecursionError) as error:
            raise place.error("pattern", f"is not a regular expression: {error}") from None
        if rule.match not in ("anywhere",):
            raise place.error("match", "is for phrases; a pattern says it with ^ and $")
        if not rule.anchors and not 0 < rule.max_chars <= SHORT_LINE:
            from cleantext.rules.literals import required

            if not required(rule.pattern, rule.scope == "block"):
                raise place.error("anchors", f"are missing (or set max_chars up to {SHORT_LINE})")
    return rule


def _value(name: str, value: Any, place: Place) -> Any:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise place.error(
                name, f"must be one of {', '.join(_CHOICES[name])}, not {shown(value)}"
            )
    elif name in ("phrases", "anchors", "near", "unless", "examples", "counter_examples"):
        strings = _strings(value)
        if strings is None or not all(strings):
            raise place.error(name, "must be a list of non-empty strings")
        if fault := limits.fault_of_strings(name, strings):
            raise place.error(name, fault)
        return strings
    elif name == "weight":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise place.error(name, "must be a number")
        if not -20 <= value <= 20:
            raise place.error(name, "must lie between -20 and 20")
        return float(value)
    elif name == "max_chars":
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise place.error(name, "must be a positive whole number")
        if value > limits.MAX_SPAN:
            raise place.error(name, f"must be at most {limits.MAX_SPAN}")
    elif not isinstance(value, str) or not value:
        raise place.error(name, "must be a non-empty string")
    elif fault := limits.fault_of_strings(name, [value]):
        raise place.error(name, fault)
    return value


def _strings(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    return tuple(value)


def shown(value: object) -> str:
    """Return what a file holds as it may stand in a message: without control signs, cut short."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def similar(name: str, names: Collection[str], most: int = 40) -> str:
    """Return the end of a message about an unknown name: the one that was meant, or all known.

    More than `most` names are not listed.
    """
    import difflib

    close = difflib.get_close_matches(name, names, 1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(sorted(names))}" if len(names) <= most else ""


def available() -> dict[str, Callable[[], RuleSet]]:
    """Return every rule set known by name, with the function that loads it.

    These are the shipped ones, and those that installed packages offer under the entry-point
    group ``cleantext.rulesets`` (an entry point names a RuleSet, or a function that returns one).
    Listed, never enabled by themselves.
    """
    from importlib.metadata import entry_points

    known: dict[str, Callable[[], RuleSet]] = {
        path.stem: partial(_shipped, path.stem) for path in _shipped_files()
    }
    for point in entry_points(group=ENTRY_POINTS):
        known.setdefault(point.name, partial(_plugin, point))
    return known


def _shipped_files() -> list[Path]:
    from pathlib import Path

    root = Path(__file__).parent / "data"
    return sorted([*root.glob("*.toml"), *root.glob("lang/*.toml"), *root.glob("site/*.toml")])


def _shipped(name: str) -> RuleSet:
    path = next(path for path in _shipped_files() if path.stem == name)
    return parse_ruleset(path.read_text(encoding="utf-8"), str(path))


def _plugin(point: EntryPoint) -> RuleSet:
    try:
        value = point.load()
        ruleset = value() if callable(value) else value
    except Exception as error:
        raise RuleSetError(f"entry point {point.name!r} ({point.value}) fails: {error}") from error
    if not isinstance(ruleset, RuleSet):
        raise RuleSetError(f"entry point {point.name!r} ({point.value}) gives no RuleSet")
    return ruleset


def load_ruleset(name: str | Path) -> RuleSet:
    """Load a rule set by path, by the name of a shipped one, or by entry point.

    Args:
        name: a path of a TOML file; or a name that `available` lists.

    Raises:
        RuleSetError: no such rule set, or it has a fault. Its examples are run as well.
    """
    from pathlib import Path

    path = Path(name)
    if isinstance(name, str) and path.suffix != ".toml":
        for known, load in available().items():
            if known == name:
                return load()
        raise RuleSetError(
            f"no rule set {name!r}; known: {', '.join(available())}; or a .toml path"
        )
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_FILE + 1)
        if len(data) > limits.MAX_FILE:
            raise RuleSetError(f"{path}: longer than {limits.MAX_FILE} bytes")
        source = data.decode("utf-8")
    except OSError as error:
        raise RuleSetError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RuleSetError(f"{path}: not UTF-8: byte {error.start}") from None
    ruleset = parse_ruleset(source, str(path))
    from cleantext.testing import check_ruleset

    check_ruleset(ruleset, str(path), source)
    return ruleset
