"""A callable for `map` of Hugging Face datasets.

``dataset.map(CleanBatch("text"), batched=True)``; it pickles, so `num_proc` works, and its
pickle tells its options, so the cache of `map` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasets import Features, Value

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


class CleanBatch:
    """Strips chrome from a column of batches.

    Args:
        column: the column that holds the pages' text.
        cleaner: does the work; None: `Cleaner()`.
        url_column: the column with the pages' addresses, or None.
        removed_column: a new column that receives what was removed, a list of `Removed.to_dict`
            values; None: nowhere. Pass `features` to `map` then, since a first batch in which
            nothing was removed does not show its type.
    """

    def __init__(
        self,
        column: str = "text",
        *,
        cleaner: Cleaner | None = None,
        url_column: str | None = None,
        removed_column: str | None = None,
    ) -> None:
        self.column, self.cleaner = column, cleaner or Cleaner()
        self.url_column, self.removed_column = url_column, removed_column

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the new columns of a batch, given as lists by column name."""
        texts = batch[self.column]
        urls = batch[self.url_column] if self.url_column else [None] * len(texts)
        reasons = self.removed_column is not None
        pairs = [
            cleaned(self.cleaner, text, url, reasons=reasons)
            for text, url in zip(texts, urls, strict=True)
        ]
        columns = {self.column: [text for text, _ in pairs]}
        if self.removed_column:
            columns[self.removed_column] = [removed for _, removed in pairs]
        return columns

    def features(self, features: Features) -> Features:
        """Return the features of the result, given those of the dataset."""
        if not self.removed_column:
            return features
        text = Value("string")
        span = {
            "start": Value("int64"),
            "end": Value("int64"),
            "text": text,
            "category": text,
            "rule": text,
            "score": Value("float64"),
            "reason": text,
        }
        return Features({**features, self.removed_column: [span]})
