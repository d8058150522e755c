"""Coverage-guided fuzzing: ``python -m benchmarks.fuzz TARGET [FOLDER] [-max_total_time=120]``.

Needs the extra ``fuzz`` (atheris, which wraps libFuzzer and takes its options). TARGET is `loader`,
`segment`, `engine` or `html`; FOLDER keeps the inputs that reached new code. Each target states what
must hold of any input; what breaks it is written to a file ``crash-…``, and becomes a test.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

import cleantext
from cleantext import LEVELS, Cleaner, Level, RuleSetError
from cleantext.normalize import fold
from cleantext.rulesets import parse_ruleset
from cleantext.segment import bounds, lines
from cleantext.sentences import sentences
from cleantext.testing import check_ruleset

RULE = """name = "a"
[[rule]]
id = "en.ad_label.a"
category = "ad_label"
weight = 8
reason = "b"
examples = ["x"]
counter_examples = ["y"]
"""
SECONDS = 25  # an input may take; libFuzzer's own option -timeout


def loader(data: bytes) -> None:
    """Whatever a rule file holds, it loads or is refused by a message of its own."""
    source = data.decode("utf-8", "replace")
    for text in (source, RULE + source):
        with contextlib.suppress(RuleSetError):
            check_ruleset(parse_ruleset(text))


def segment(data: bytes) -> None:
    """Lines tile a text, sentences tile a line, folding moves no character."""
    text = as_text(data)
    parts = lines(text)
    starts, ends = bounds(parts)
    assert "".join(parts) == text
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == parts
    assert len(fold(text)) == len(text)
    for part in parts:
        spans = sentences(part)
        assert "".join(part[start:end] for start, end in spans) == part.strip()


def engine(data: bytes) -> None:
    """A result is slices of its text, the same for `clean`, at nested levels."""
    text = as_text(data)
    before: set[int] = set()
    for level in LEVELS:
        result = cleaner(level).analyze(text)
        assert "".join(block.text for block in result.blocks) == text
        at, kept, gone = 0, [], set[int]()
        for cut in result.removed:
            assert at <= cut.start < cut.end
            assert text[cut.start : cut.end] == cut.text
            kept.append(text[at : cut.start])
            gone.update(range(cut.start, cut.end))
            at = cut.end
        assert "".join([*kept, text[at:]]) == result.text == cleaner(level).clean(text)
        assert before <= gone
        before = gone
        result.explain()
        result.to_html()


def html(data: bytes) -> None:
    """Any bytes are a page, if an empty one."""
    result = cleantext.analyze_html(data)
    assert "".join(block.text for block in result.blocks) == result.source


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "loader": loader, "segment": segment, "engine": engine, "html": html,
}  # fmt: skip


def as_text(data: bytes) -> str:
    """Return any str: UTF-8 with what is not UTF-8 as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


@cache
def cleaner(level: Level) -> Cleaner:
    """Return the cleaner of a level."""
    return Cleaner(level)


def main() -> int:
    """Run one of the targets until its time is over or an input breaks it."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        print(f"usage: python -m benchmarks.fuzz {{{','.join(TARGETS)}}} [FOLDER] [OPTIONS]")
        return 2
    import atheris

    name = sys.argv.pop(1)
    for module in [each for each in sys.modules if each.partition(".")[0] == "cleantext"]:
        del sys.modules[module]
    with atheris.instrument_imports(include=["cleantext"]):  # not what compiles its patterns
        target = import_module("benchmarks.fuzz").TARGETS[name]
    target(b"Share this article\nA")  # what is built at the first call takes no input's time
    atheris.Setup([*sys.argv, f"-timeout={SECONDS}"], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
