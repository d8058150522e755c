"""Tables and record batches of Apache Arrow; PySpark and Ray Data work through it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned

#: The type of a column of removed spans, with the fields of `Removed.to_dict`.
REMOVED = pa.list_(
    pa.struct(
        {
            "start": pa.int64(),
            "end": pa.int64(),
            "text": pa.string(),
            "category": pa.string(),
            "rule": pa.string(),
            "score": pa.float64(),
            "reason": pa.string(),
        }
    )
)


class CleanTable:
    """Strips chrome from a column of tables. It pickles, and can be used many times.

    Args:
        column: the column of strings that holds the pages' text; nulls stay.
        cleaner: does the work; None: `Cleaner()`.
        url_column: the column with the pages' addresses, or None.
        removed_column: a new last column that receives what was removed, of type `REMOVED`;
            None: nowhere.
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

    def __call__(self, table: Any) -> Any:
        """Return a `pyarrow.Table` or `pyarrow.RecordBatch` with its text cleaned.

        Raises:
            KeyError: a column that is not there.
            TypeError: text that is not strings.
        """
        texts, urls = self._column(table, self.column), [None] * table.num_rows
        if not _is_text(texts.type):
            raise TypeError(f"column {self.column!r} holds {texts.type}, not strings")
        if self.url_column:
            urls = self._column(table, self.url_column).to_pylist()
        reasons = self.removed_column is not None
        pairs = [
            cleaned(self.cleaner, text, url, reasons=reasons)
            for text, url in zip(texts.to_pylist(), urls, strict=True)
        ]
        columns = dict(zip(table.column_names, table.columns, strict=True))
        columns[self.column] = pa.array([text for text, _ in pairs], type=texts.type)
        if self.removed_column:
            columns[self.removed_column] = pa.array([cuts for _, cuts in pairs], type=REMOVED)
        return type(table).from_arrays(list(columns.values()), schema=self.schema(table.schema))

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """Return the schema of the result, given that of a table."""
        if not self.removed_column:
            return schema
        return schema.append(pa.field(self.removed_column, REMOVED))

    def _column(self, table: Any, name: str) -> Any:
        if name not in table.column_names:
            raise KeyError(f"no column {name!r}; there are {', '.join(table.column_names)}")
        return table.column(name)


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
