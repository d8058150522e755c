"""A LangChain document transformer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


class CleanTextTransformer(BaseDocumentTransformer):
    """Strips chrome from documents, before they are split.

    Args:
        cleaner: does the work; None: `Cleaner()`.
        url_key: key of the metadata with the page's address (web loaders call it ``source``).
        removed_key: key of the metadata that receives what was removed, a list of
            `Removed.to_dict` values; None: nowhere, since some vector stores take flat values only.
    """

    def __init__(
        self,
        cleaner: Cleaner | None = None,
        *,
        url_key: str = "source",
        removed_key: str | None = None,
    ) -> None:
        self.cleaner = cleaner or Cleaner()
        self.url_key, self.removed_key = url_key, removed_key

    def transform_documents(
        self, documents: Sequence[Document], **kwargs: Any
    ) -> Sequence[Document]:
        """Return a cleaned copy of each document, in order."""
        return [self._clean(document) for document in documents]

    def _clean(self, document: Document) -> Document:
        text, removed = cleaned(
            self.cleaner,
            document.page_content,
            document.metadata.get(self.url_key),
            reasons=self.removed_key is not None,
        )
        metadata = dict(document.metadata)
        if self.removed_key:
            metadata[self.removed_key] = removed
        return document.model_copy(update={"page_content": text, "metadata": metadata})
