"""PySpark: count what sites repeat over a crawl, as a map and a merge (by way of `mapInArrow`)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql.types import BinaryType, LongType, StringType, StructType

from cleantext.rules.repetition import WINDOW, RepetitionIndex, site_of
from cleantext.sitecounts import merged, write

_RECORD = StructType().add("site", StringType()).add("record", BinaryType())
_FILE = StructType().add("path", StringType()).add("sites", LongType()).add("bytes", LongType())
_ROWS = 500  # records of a batch


def count(
    frame: DataFrame, text_column: str = "text", url_column: str = "url", *, window: int = WINDOW
) -> DataFrame:
    """Return a frame of (site, record): what is known of each site, from all its pages.

    Each task counts the pages of its partition; then the records of a site are brought together
    and merged, one site at a time. Pages whose URL names no host are left out. A page that stands
    in two partitions counts once, see `SiteCounts.merge`. The workers need cleantext and pyarrow.

    Args:
        frame: a row for each page.
        text_column: the column of strings that holds the pages' texts.
        url_column: the column of their addresses.
        window: see RepetitionIndex.
    """

    def tally(batches: Iterable[Any]) -> Iterator[Any]:
        index = RepetitionIndex(window=window)
        for text, url in _rows(batches):
            if text is not None and url and site_of(url):
                index.add(text, url=url)
        return _tables(index.records())

    def merge(batches: Iterable[Any]) -> Iterator[Any]:
        return _tables(merged(_rows(batches), window))

    parts = frame.select(text_column, url_column).mapInArrow(tally, _RECORD)
    return parts.repartition("site").sortWithinPartitions("site").mapInArrow(merge, _RECORD)


def save(records: DataFrame, directory: str, *, window: int = WINDOW) -> DataFrame:
    """Write what `count` returned as index files; `RepetitionIndex.load` opens the directory.

    Returns a frame of (path, sites, bytes); nothing is written before it is collected.

    Args:
        records: a frame of (site, record); a site stands in it once.
        directory: a path that all workers see.
        window: the one that was counted with.
    """

    def put(batches: Iterable[Any]) -> Iterator[Any]:
        os.makedirs(directory, exist_ok=True)
        context = TaskContext.get()
        assert context is not None
        path = os.path.join(directory, f"{context.partitionId():05d}.index")
        sites = write(path, _rows(batches), window)
        row = {"path": [path], "sites": [sites], "bytes": [os.path.getsize(path)]}
        yield pyarrow.RecordBatch.from_pydict(row)

    return records.mapInArrow(put, _FILE)


def _rows(batches: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _tables(records: Iterable[tuple[str, bytes]]) -> Iterator[Any]:
    left = iter(records)
    while rows := list(islice(left, _ROWS)):
        names, blobs = zip(*rows, strict=True)
        yield pyarrow.RecordBatch.from_pydict(
            {"site": list(names), "record": pyarrow.array(blobs, pyarrow.binary())}
        )
