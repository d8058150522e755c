"""A LlamaIndex transformation, for an `IngestionPipeline` or by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import BaseNode, TransformComponent
from pydantic import Field, PrivateAttr

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


class CleanText(TransformComponent):
    """Strips chrome from documents, before they are split.

    Options are plain values, so the pipeline's cache sees a change of them.

    Attributes:
        level, rulesets, keep, disable: as in `cleantext.Cleaner`.
        url_key: key of the metadata with the page's address.
        removed_key: key of the metadata that receives what was removed, a list of
            `Removed.to_dict` values, hidden from embeddings and models; None: nowhere.
    """

    level: str = "safe"
    rulesets: list[str] = Field(default_factory=lambda: ["default"])
    keep: list[str] = Field(default_factory=list)
    disable: list[str] = Field(default_factory=list)
    url_key: str = "url"
    removed_key: str | None = None

    _cleaner: Cleaner = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Build the cleaner; pydantic calls this."""
        self._cleaner = Cleaner(self.level, self.rulesets, keep=self.keep, disable=self.disable)  # type: ignore[arg-type]

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex writes it to a file."""
        return "CleanText"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        """Return a cleaned copy of each node, in order."""
        return [self._clean(node) for node in nodes]

    def _clean(self, node: BaseNode) -> BaseNode:
        content = node.get_content()
        text, removed = cleaned(
            self._cleaner,
            content,
            node.metadata.get(self.url_key),
            reasons=self.removed_key is not None,
        )
        copy = node.model_copy(deep=True)
        if text != content:
            copy.set_content(text)
        if self.removed_key:
            copy.metadata[self.removed_key] = removed
            copy.excluded_embed_metadata_keys.append(self.removed_key)
            copy.excluded_llm_metadata_keys.append(self.removed_key)
        return copy
