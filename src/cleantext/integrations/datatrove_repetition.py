"""datatrove: count what sites repeat over a crawl, as two stages, a map and a merge."""

from __future__ import annotations

import heapq
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.typeshelper import StatHints

from cleantext.linekeys import hashed
from cleantext.rules.repetition import WINDOW, RepetitionIndex, site_of
from cleantext.sitecounts import IndexFile, merged, write


class CountLines(PipelineStep):
    """First stage: counts the lines of the documents that pass, by site; yields them on.

    Each task writes a file for each bucket of sites. Documents without a ``url`` in their metadata
    that names a host pass uncounted.

    Args:
        output_folder: where the parts go, for `MergeCounts`.
        buckets: how many tasks `MergeCounts` will have.
        window: see RepetitionIndex.
    """

    type = "🔢 - COUNT"
    name = "🧹 cleantext: lines that sites repeat"

    def __init__(
        self, output_folder: DataFolderLike, buckets: int = 1, window: int = WINDOW
    ) -> None:
        super().__init__()
        self.output_folder = get_datafolder(output_folder)
        self.buckets, self.window = buckets, window

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Count and yield each document, then write the parts; datatrove calls this."""
        index = RepetitionIndex(window=self.window)
        for document in data:
            self.stat_update(StatHints.total)
            url = document.metadata.get("url")
            with self.track_time():
                if url and site_of(url):
                    index.add(document.text, url=url)
                else:
                    self.stat_update("without_site")
            yield document
        parts: list[list[tuple[str, bytes]]] = [[] for _ in range(self.buckets)]
        for name, record in index.records():
            parts[hashed(name) % self.buckets].append((name, record))
        for number, part in enumerate(parts):
            _put(self.output_folder, f"{number:05d}/{rank:05d}.index", part, self.window)


class MergeCounts(PipelineStep):
    """Second stage: merges the parts of a bucket of sites; run it with as many tasks as buckets.

    Task `n` writes ``n.index``; `RepetitionIndex.load` opens the folder that holds them all.

    Args:
        input_folder: where `CountLines` wrote.
        output_folder: where the index files go.
    """

    type = "🔢 - COUNT"
    name = "🧹 cleantext: merge counts"

    def __init__(self, input_folder: DataFolderLike, output_folder: DataFolderLike) -> None:
        super().__init__()
        self.input_folder = get_datafolder(input_folder)
        self.output_folder = get_datafolder(output_folder)

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Any:
        """Merge the parts of one bucket; datatrove calls this."""
        buckets = {name.split("/")[0] for name in self.input_folder.list_files()}
        if len(buckets) != world_size:
            raise ValueError(f"{len(buckets)} buckets need as many tasks, not {world_size}")
        with self.track_time():
            files = []
            for name in self.input_folder.list_files(f"{rank:05d}"):
                with self.input_folder.open(name, "rb") as file:
                    files.append(IndexFile(name, file.read()))
            # A file has its sites in the order of their hashes: only one site is held at a time.
            sites = heapq.merge(*map(_records, files), key=lambda item: (hashed(item[0]), item[0]))
            window = files[0].window
            number = _put(self.output_folder, f"{rank:05d}.index", merged(sites, window), window)
            self.stat_update("sites", value=number)
        yield from data or ()


def _records(file: IndexFile) -> Iterator[tuple[str, bytes]]:
    return ((name, counts.to_bytes(name)) for name, counts in file)


def _put(folder: Any, name: str, records: Iterable[tuple[str, bytes]], window: int) -> int:
    """Write an index file into a folder, which may be remote; return its number of sites."""
    with tempfile.TemporaryDirectory() as here:
        path = os.path.join(here, "index")
        number = write(path, records, window)
        with open(path, "rb") as file, folder.open(name, "wb") as out:
            shutil.copyfileobj(file, out)
    return number
