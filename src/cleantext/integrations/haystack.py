"""A Haystack component.

Haystack loads a saved pipeline only from modules that it trusts:
``Pipeline.load(file, allowed_modules=["cleantext.integrations.haystack"])``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from haystack import Document, component

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


@component
class BoilerplateCleaner:
    """Strips chrome from documents, before they are split.

    Args:
        level, rulesets, keep, disable: as in `cleantext.Cleaner`.
        url_key: key of the meta data with the page's address.
        removed_key: key of the meta data that receives what was removed, a list of
            `Removed.to_dict` values; None: nowhere.
    """

    def __init__(
        self,
        level: str = "safe",
        rulesets: list[str] | None = None,
        keep: list[str] | None = None,
        disable: list[str] | None = None,
        url_key: str = "url",
        removed_key: str | None = None,
    ) -> None:
        # Haystack saves a component by the attributes that its arguments are named after.
        self.level, self.rulesets, self.keep, self.disable = level, rulesets, keep, disable
        self.url_key, self.removed_key = url_key, removed_key
        self._cleaner = Cleaner(level, rulesets, keep=keep or (), disable=disable or ())  # type: ignore[arg-type]

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """Return a cleaned copy of each document, in order, with an id of its own."""
        return {"documents": [self._clean(document) for document in documents]}

    def _clean(self, document: Document) -> Document:
        text, removed = cleaned(
            self._cleaner,
            document.content,
            document.meta.get(self.url_key),
            reasons=self.removed_key is not None,
        )
        meta: dict[str, Any] = dict(document.meta)
        if self.removed_key:
            meta[self.removed_key] = removed
        return replace(document, id="", content=text, meta=meta)
