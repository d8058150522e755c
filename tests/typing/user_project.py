"""A project that uses cleantext, as a type checker sees it from outside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_type

import cleantext
from cleantext import Block, Cleaner, Evidence, Level, Page, Removed, Result, RuleSet

assert_type(cleantext.clean("text", url=None, lang="en", level="balanced"), str)
result: Result = cleantext.analyze("text")
assert_type(result.removed, tuple[Removed, ...])
assert_type(result.blocks, tuple[Block, ...])
assert_type([cut.start for cut in result.removed], list[int])
assert_type(result.blocks[0].category, str | None)
assert_type(result.lang, str | None)


class Shouting:
    """A rule set in Python."""

    name = "shouting"

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Iterable[Evidence]:
        return ()


level: Level = "thorough"
rules: RuleSet = cleantext.load_ruleset("en")
cleaner = Cleaner(level, ["default", rules, Shouting()], keep={"tags_topics"})
assert_type(list(cleaner.pipe(["text"])), list[str])
assert_type(cleaner.analyze("text"), Result)


def mistakes() -> None:
    """What a type checker must refuse; never called."""
    cleantext.clean(b"bytes")  # type: ignore[arg-type]
    cleantext.clean("text", level="mild")  # type: ignore[arg-type]
    Cleaner(rulesets=[3])  # type: ignore[list-item]
