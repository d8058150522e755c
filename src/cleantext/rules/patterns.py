"""Patterns that are asked about most lines in vain: the same question, put so that `re` answers fast.

`re` tries the alternatives of a pattern one after the other at each place of a text. It passes over
those that begin with a letter that does not stand there, but enters those that begin with a group,
an option or ``\\b``. So for the question whether a pattern matches at all, whose answer does not
depend on the order of alternatives, groups that alternatives begin with are written out, and
alternatives that begin alike are joined, as a trie.
"""

from __future__ import annotations

import re
import re._compiler as compiler  # type: ignore[import-not-found]
import re._constants as ops  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Callable, Sequence
from typing import Any

Items = list[tuple[Any, Any]]
_MOST = 400  # alternatives that groups are written out to
_LIGHT = 12  # items that may be written again behind each alternative of a group
_DEEP = 4  # letters that are joined
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)
_TESTS = (ops.ASSERT, ops.ASSERT_NOT)


# Kinds of characters of `regex` that patterns name, as `re` can write them in a set. Letters it cannot.
_KINDS = {
    "n": r"\d",
    "m": "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u3099\u309a",
    "han": "\u2e80-\u2fd5\u3005\u3007\u3400-\u9fff\uf900-\ufad9\U00020000-\U000323af",
}
_LETTER = "l"
_ATOM = re.compile(r"\\p\{(\w+)\}|\\.|(\[\^?)(\]?(?:\\p\{\w+\}|\\.|[^\]\\])*)\]", re.S)
_KIND = re.compile(r"(\\[^p])|\\p\{(\w+)\}", re.S)


def parse(source: str) -> Any:
    """Return what `re` parses of a pattern, which may name the letters of `regex`.

    Raises:
        re.error: `re` does not know the pattern.
    """
    return parser.parse(portable(source))


def portable(source: str) -> str:
    r"""Return a pattern of `regex` in the syntax of `re`, which compiles and runs faster.

    >>> portable(r"\p{L}+ [\p{L}.] [^\p{L}.]")
    '[^\\W\\d_]+ (?:[^\\W\\d_]|[.]) (?:(?![.])[\\W\\d_])'
    """
    return _ATOM.sub(_portable, source) if r"\p" in source else source


def _portable(atom: re.Match[str]) -> str:
    kind, opening, inner = atom.groups()
    if kind is not None:
        opening, inner = "[", atom.group()
    if opening is None or r"\p" not in inner:
        return atom.group()
    kinds = {found[2].lower() for found in _KIND.finditer(inner) if found[2]}
    if not kinds <= {_LETTER, *_KINDS}:
        return atom.group()
    rest = _KIND.sub(lambda found: found[1] or _KINDS.get(found[2].lower(), ""), inner)
    if _LETTER not in kinds:
        return f"{opening}{rest}]"
    if opening == "[":
        return rf"(?:[^\W\d_]|[{rest}])" if rest else r"[^\W\d_]"
    return rf"(?:(?![{rest}])[\W\d_])" if rest else r"[\W\d_]"


def matches(source: str) -> Callable[[str], object]:
    """Return a test whether a pattern matches somewhere in a text.

    Raises:
        re.error: `re` does not know the pattern.
    """
    tree = parse(source)
    if _opens(tree) or tree.state.groups > 1:  # what is numbered must not be written twice
        return _search(tree)
    return _search(_whole(tidy(list(tree)), tree.state))


def search(source: str) -> Callable[[str], re.Match[str] | None]:
    """Return the search of a pattern; one that begins with ``^`` is not tried at every place.

    Raises:
        re.error: `re` does not know the pattern.
    """
    return _search(parse(source))


def _search(tree: Any) -> Callable[[str], re.Match[str] | None]:
    pattern: re.Pattern[str] = compiler.compile(tree, tree.state.flags)
    return pattern.match if _opens(tree) else pattern.search


def _opens(tree: Any) -> bool:
    return len(tree) > 0 and tree[0] == (ops.AT, ops.AT_BEGINNING)


def tidy(items: Items) -> Items:
    """Return items that match in the same texts, their first alternatives joined."""
    alternatives = _written_out(items)
    if len(alternatives) > 1:
        return _joined(alternatives)
    lead = 0
    while lead < len(items) and items[lead][0] is ops.AT:
        lead += 1
    if lead < len(items):
        inner = _alternatives(items[lead])
        if inner:
            return [
                *items[:lead],
                *_joined([x for each in inner for x in _written_out(each)]),
                *items[lead + 1 :],
            ]
    return items


def _alternatives(item: tuple[Any, Any]) -> list[Items]:
    """Return the alternatives of a group or an option; none where it is something else."""
    op, value = item
    if op is ops.BRANCH:
        return [list(each) for each in value[1]]
    if op is ops.SUBPATTERN and value[:3] == (None, 0, 0):
        inner = list(value[3])
        return _alternatives(inner[0]) or [inner] if len(inner) == 1 else [inner]
    if op in _REPEATS and value[:2] == (0, 1):
        return [list(value[2]), []]
    return []


def _written_out(items: Items) -> list[Items]:
    """Return what items are alternatives of, as far as they begin with groups."""
    done: list[Items] = []
    waiting = [items]
    while waiting:
        each = waiting.pop()
        inner = _alternatives(each[0]) if each else []
        if not inner or (len(inner) > 1 and _size(each[1:]) > _LIGHT):
            done.append(each)
        else:
            waiting += [[*start, *each[1:]] for start in inner]
        if len(done) + len(waiting) > _MOST:
            return done + waiting
    return done


def _size(items: Sequence[tuple[Any, Any]]) -> int:
    """Count items, those of groups among them."""
    total = len(items)
    for op, value in items:
        if op is ops.BRANCH:
            total += sum(_size(list(each)) for each in value[1])
        elif op is ops.SUBPATTERN:
            total += _size(list(value[3]))
        elif op in _REPEATS or op is ops.POSSESSIVE_REPEAT:
            total += _size(list(value[2]))
        elif op in _TESTS:
            total += _size(list(value[1]))
    return total


def _joined(alternatives: Sequence[Items], depth: int = 0) -> Items:
    """Return one item that matches what any of the alternatives matches."""
    groups: dict[tuple[Any, Any], list[Items]] = {}
    others: list[Items] = []
    for each in filter(None, alternatives):
        op, value = each[0]
        if op is ops.AT or (op is ops.LITERAL and depth < _DEEP):
            groups.setdefault((op, value), []).append(each[1:])
        else:
            others.append(each)
    parts = [
        [
            first,
            *(_joined(rests, depth + (first[0] is ops.LITERAL)) if len(rests) > 1 else rests[0]),
        ]
        for first, rests in groups.items()
    ]
    parts += [
        tidy(each) if _alternatives(each[0]) and len(alternatives) > 1 else each for each in others
    ]
    if not all(alternatives):
        parts.append([])
    if len(parts) == 1:
        return parts[0]
    return [(ops.BRANCH, (None, parts))]


def _whole(items: Items, state: Any) -> Any:
    """Return items as `re` has them parsed: lists in branches become subpatterns."""
    out = []
    for op, value in items:
        if op is ops.BRANCH:
            value = (None, [_whole(list(each), state) for each in value[1]])
        out.append((op, value))
    return parser.SubPattern(state, out)
