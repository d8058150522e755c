"""A step of a datatrove pipeline."""

from __future__ import annotations

from typing import Any

from datatrove.pipeline.base import PipelineStep
from datatrove.utils.typeshelper import StatHints

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


class CleanText(PipelineStep):
    """Strips chrome from documents; what was removed goes to their metadata, counts to the stats.

    The stats count documents that changed, characters removed, and removed spans by category.
    The address of a page is taken from the metadata's ``url``. A document of which nothing is
    left stays, with an empty text.

    Args:
        cleaner: does the work; None: `Cleaner()`.
        metadata_key: key of the metadata that receives what was removed, a list of
            `Removed.to_dict` values; None: nowhere, which is faster for those who write them out.
    """

    type = "✂️ - FORMAT"
    name = "🧹 cleantext"

    def __init__(
        self, cleaner: Cleaner | None = None, metadata_key: str | None = "cleantext"
    ) -> None:
        super().__init__()
        self.cleaner = cleaner or Cleaner()
        self.metadata_key = metadata_key

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Yield each document cleaned; datatrove calls this."""
        for document in data:
            self.stat_update(StatHints.total)
            with self.track_time():
                document.text, removed = cleaned(
                    self.cleaner, document.text, document.metadata.get("url")
                )
                if self.metadata_key:
                    document.metadata[self.metadata_key] = removed
            if removed:
                self.stat_update("changed")
                self.stat_update(
                    "removed_characters", value=sum(len(cut["text"]) for cut in removed)
                )
            for cut in removed:
                self.stat_update(f"removed_{cut['category']}")
            yield document
