"""PySpark: a data frame of pages in, a data frame out, by way of Arrow (`mapInArrow`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql.types import ArrayType, DoubleType, LongType, StringType, StructType

from cleantext.cleaner import Cleaner
from cleantext.integrations.arrow import CleanTable

#: The type of a column of removed spans, with the fields of `Removed.to_dict`.
REMOVED = ArrayType(
    StructType()
    .add("start", LongType())
    .add("end", LongType())
    .add("text", StringType())
    .add("category", StringType())
    .add("rule", StringType())
    .add("score", DoubleType())
    .add("reason", StringType())
)


def clean(
    frame: DataFrame,
    column: str = "text",
    *,
    cleaner: Cleaner | None = None,
    url_column: str | None = None,
    removed_column: str | None = None,
) -> DataFrame:
    """Return the frame with its text cleaned. The workers need cleantext and pyarrow.

    Args:
        frame: a row for each page.
        column: the column of strings that holds the pages' text; nulls stay.
        cleaner: does the work, rebuilt in each task; None: `Cleaner()`.
        url_column: the column with the pages' addresses, or None.
        removed_column: a new last column that receives what was removed; None: nowhere.
    """
    step = CleanTable(column, cleaner=cleaner, url_column=url_column, removed_column=removed_column)

    def run(batches: Iterable[Any]) -> Iterator[Any]:
        return map(step, batches)

    schema = StructType(list(frame.schema.fields))
    if removed_column:
        schema = schema.add(removed_column, REMOVED)
    return frame.mapInArrow(run, schema)
