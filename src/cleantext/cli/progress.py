"""What a long run shows: a bar with rate and time to go, and a summary at the end."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from cleantext.cli.inputs import Source
from cleantext.cli.run import Counts

_SHOWN = 15  # rules in the summary


class Bar:
    """A progress bar on stderr, or nothing; `say` writes a line above it."""

    def __init__(self, console: Console, size: int, files: int, shown: bool) -> None:
        """Take the bytes of all inputs (0: unknown), their number, and whether to show it."""
        self._files, self._done = files, 0
        self._pages = self._bytes = self._before = 0
        self._last: tuple[Source | None, int] = (None, 0)
        self._started = time.monotonic()
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"), TextColumn("ETA"), TimeRemainingColumn(),
            console=console,
        ) if shown else None  # fmt: skip
        if self._progress:
            self._task = self._progress.add_task("", total=size or None, rate="")

    def __enter__(self) -> Self:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._progress:
            self._progress.stop()

    def at(self, source: Source, size: int) -> None:
        """Take note of how many bytes of a source were read."""
        if source is not self._last[0]:
            self._before += self._last[1]
        self._last = (source, size)

    def page(self, size: int, position: int | None = None) -> None:
        """Count a page of a size in bytes, that was read up to a position; by default the last."""
        self._pages += 1
        self._bytes += size
        if self._progress:
            seconds = max(time.monotonic() - self._started, 1e-3)
            rate = f"{self._pages / seconds:,.0f} pages/s  {self._bytes / seconds / 1e6:.2f} MB/s"
            self._progress.update(
                self._task,
                completed=self._before + self._last[1] if position is None else position,
                description=f"{self._pages:,} pages, file {self._done + 1} of {self._files}",
                rate=rate,
            )  # fmt: skip

    def file(self) -> None:
        """Count a source that is through."""
        self._done = min(self._done + 1, self._files - 1)

    def say(self, message: str) -> None:
        """Write a line to stderr."""
        if self._progress:
            self._progress.console.print(Text(message))
        else:
            click.echo(message, err=True)


def summary(console: Console, counts: Counts, outputs: int, skipped: int, seconds: float) -> None:
    """Print what a run did."""
    gone = counts.bytes_in - counts.bytes_out
    share = f" ({gone / counts.bytes_in:.1%})" if counts.bytes_in else ""
    rate = counts.bytes_in / max(seconds, 1e-3)
    console.print(Text(
        f"{many(counts.pages, 'page')}, {size_of(counts.bytes_in)}: {size_of(gone)}{share} removed"
        + (f"; {many(counts.faults, 'bad record')} left out" if counts.faults else "")
    ))  # fmt: skip
    done = f"{many(outputs, 'output')} written" + (f", {skipped:,} done before" if skipped else "")
    console.print(Text(
        f"{done}, in {seconds:.1f} s"
        + ("" if skipped else f": {counts.pages / max(seconds, 1e-3):,.0f} pages/s, "
                              f"{size_of(int(rate))}/s")
    ))  # fmt: skip
    for title, table in (("category", counts.categories), ("rule", counts.rules)):
        if table:
            console.print(_table(title, table, gone))


def _table(title: str, counts: dict[str, Counter[str]], gone: int) -> Table:
    table = Table(title, "spans", "bytes", "of what went")
    for column in table.columns[1:]:
        column.justify = "right"
    ranked = sorted(counts.items(), key=lambda item: (-item[1]["bytes"], item[0]))
    for name, count in ranked[:_SHOWN]:
        table.add_row(name, f"{count['spans']:,}", f"{count['bytes']:,}",
                      f"{count['bytes'] / max(gone, 1):.1%}")  # fmt: skip
    if rest := ranked[_SHOWN:]:
        spans, size = (sum(count[key] for _, count in rest) for key in ("spans", "bytes"))
        table.add_row(f"{len(rest)} more", f"{spans:,}", f"{size:,}", f"{size / max(gone, 1):.1%}")
    return table


def many(count: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def size_of(count: int) -> str:
    """Return a number of bytes for people."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if abs(count) >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
