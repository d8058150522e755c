"""A spaCy component: ``nlp.add_pipe("cleantext")``.

spaCy finds it by its entry point once the package is installed. It marks chrome and changes
nothing: ``doc.spans["cleantext"]`` holds a span for each removed stretch, its label the category,
its id the rule.
"""

# No `from __future__ import annotations`: spaCy builds a schema from the annotations of `make`.
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from cleantext.cleaner import Cleaner


class CleanTextComponent:
    """Marks chrome in documents.

    Args:
        cleaner: does the work.
        spans_key: key of `doc.spans` that receives the group; its attribute ``removed`` holds
            the `Removed.to_dict` values, exact to the character.
    """

    def __init__(self, cleaner: Cleaner, spans_key: str = "cleantext") -> None:
        self.cleaner, self.spans_key = cleaner, spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Mark the chrome of one document; a span holds whole tokens only, no outer space."""
        result = self.cleaner.analyze(doc.text)
        spans = []
        for cut in result.removed:
            start = cut.start + len(cut.text) - len(cut.text.lstrip())
            end = cut.end - len(cut.text) + len(cut.text.rstrip())
            span = doc.char_span(
                start, end, label=cut.category, span_id=cut.rule, alignment_mode="contract"
            )
            if span is not None:
                spans.append(span)
        removed = [cut.to_dict() for cut in result.removed]
        doc.spans[self.spans_key] = SpanGroup(
            doc, name=self.spans_key, attrs={"removed": removed}, spans=spans
        )
        return doc

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        """Return nothing: the options stand in the pipeline's config."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> "CleanTextComponent":
        """Return itself, as `to_bytes` says nothing."""
        return self


@Language.factory(
    "cleantext",
    default_config={
        "level": "safe",
        "rulesets": ["default"],
        "keep": [],
        "disable": [],
        "spans_key": "cleantext",
    },
)
def make(
    nlp: Language,
    name: str,
    level: str,
    rulesets: list[str],
    keep: list[str],
    disable: list[str],
    spans_key: str,
) -> CleanTextComponent:
    """Build the component from the pipeline's config; spaCy calls this."""
    cleaner = Cleaner(level, rulesets, keep=keep, disable=disable)  # type: ignore[arg-type]
    return CleanTextComponent(cleaner, spans_key)
