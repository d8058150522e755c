"""`cleantext clean`: pages in, articles out."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from cleantext.cli import options, outputs, run
from cleantext.cli.inputs import Fields, InputError, schema
from cleantext.cli.options import fail
from cleantext.cli.outputs import MisfitError, Output, OutputError
from cleantext.cli.plan import Journal, Target, fingerprint, plan
from cleantext.cli.progress import Bar, summary
from cleantext.settings import Settings


@click.command()
@options.files_argument
@options.settings_options
@options.source_options
@click.option("-o", "--out", metavar="PATH", help="A file for all, or a directory for a file each.")
@click.option(
    "--to",
    type=click.Choice(sorted(outputs.SUFFIXES)),
    help="Form of the output; by default that of the input.",
)
@click.option("--with-removed", is_flag=True, help="Write what was removed as well, with reasons.")
@click.option("--json", "as_json", is_flag=True, help="Short for --to jsonl --with-removed.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Processes; 0 for as many as there are processors.",
)
@click.option("--resume", is_flag=True, help="Leave out files that an earlier run has done.")
@click.option("--strict", is_flag=True, help="End at the first record that is bad.")
@click.option(
    "--summary/--no-summary",
    "summed",
    default=None,
    help="Say at the end what went; by default with -o. Without, cleaning is faster.",
)
@click.option("--stats", metavar="FILE", help="Write the summary as JSON.")
@click.option("--progress/--no-progress", "shown", default=None,
              help="Show a bar; by default with -o, on a terminal.")  # fmt: skip
def clean(
    files: tuple[str, ...], form: str | None, field: str, url_field: str, is_html: bool,
    url: str | None, lang: str | None, out: str | None, to: str | None, with_removed: bool,
    as_json: bool, jobs: int, resume: bool, strict: bool, summed: bool | None, stats: str | None,
    shown: bool | None, **chosen: Any,
) -> None:  # fmt: skip
    """Clean pages: text, HTML, Markdown, JSONL, CSV, Parquet, WET, WARC; also compressed.

    FILE is a file, a directory, a glob, or - for stdin. Without -o the outcome goes to stdout.
    Exit codes: 0 all well; 2 something was wrong and named on stderr; 130 interrupted.
    """
    settings = options.read_settings(**chosen)
    sources = options.find_sources(files, form)
    if as_json:
        to, with_removed = to or "jsonl", True
    try:
        targets = plan(sources, out, to)
    except OutputError as error:
        fail(str(error))
    into_directory = out is not None and all(len(target.sources) == 1 for target in targets)
    into_directory = into_directory and out is not None and Path(out) != targets[0].path
    if resume and not into_directory:
        fail("--resume goes with -o DIRECTORY: only whole files are resumed")
    summed = out is not None if summed is None else summed
    shown = out is not None and sys.stderr.isatty() if shown is None else shown
    way = run.Way(
        lang,
        tally=summed or stats is not None,
        removed=with_removed,
        markdown=all(target.form == "markdown" for target in targets),
    )
    job = _Job(
        settings, Fields(field, url_field, is_html), url, way, strict,
        jobs or run.default_jobs(),
    )  # fmt: skip
    if into_directory:
        assert out is not None
        job.journal = Journal(Path(out), job.fingerprint(to), resume)
    started = time.monotonic()
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        job.go(targets, shown)
    except KeyboardInterrupt:
        click.echo(f"cleantext: interrupted; {job.outputs} of {len(targets)} outputs are done"
                   + ("; --resume goes on" if into_directory else ""), err=True)  # fmt: skip
        sys.exit(130)
    except (OutputError, run.RunError, InputError) as error:
        fail(str(error))
    finally:
        signal.signal(signal.SIGTERM, before)
    seconds = time.monotonic() - started
    if stats:
        data = {**job.counts.to_dict(), "outputs": job.outputs, "seconds": round(seconds, 3)}
        Path(stats).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    if summed:
        summary(job.console, job.counts, job.outputs, job.skipped, seconds)
    sys.exit(2 if job.counts.faults else 0)


def _terminated(number: int, frame: object) -> None:
    sys.exit(128 + number)


class _Job:
    """A run with its options, what it has counted, and the output that is open."""

    def __init__(
        self, settings: Settings, fields: Fields, url: str | None, way: run.Way,
        strict: bool, jobs: int,
    ) -> None:  # fmt: skip
        self._settings, self._fields, self._url, self._way = settings, fields, url, way
        self._cleaner = options.make_cleaner(settings)
        self._strict, self._jobs = strict, jobs
        self.counts, self.outputs, self.skipped = run.Counts(), 0, 0
        self.journal: Journal | None = None
        self.console = Console(
            stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False
        )

    def fingerprint(self, to: str | None) -> str:
        settings = asdict(self._settings)
        del settings["origin"]
        own = [name for name in self._settings.rulesets if name.endswith(".toml")]
        index = self._settings.repetition and os.stat(self._settings.repetition)
        rest = [asdict(self._fields), self._url, self._way.lang, self._way.removed, to,
                index and [index.st_size, index.st_mtime_ns]]  # fmt: skip
        return fingerprint({"settings": settings, "rest": rest}, own)

    def go(self, targets: Sequence[Target], shown: bool) -> None:
        todo = list(self._todo(targets))
        sources = [source for target in todo for source in target.sources]
        size = 0 if any(s.path == "-" for s in sources) else sum(s.size() for s in sources)
        with ExitStack() as stack:
            bar = stack.enter_context(Bar(self.console, size, len(sources), shown))
            submit = stack.enter_context(run.workers(self._cleaner, self._jobs, self._way))
            ahead = run.AHEAD * self._jobs if self._jobs > 1 else 0
            events = run.cleaned(run.read(sources, self._fields, bar.at), submit, self._url, ahead)
            self._write(todo, events, bar)

    def _todo(self, targets: Sequence[Target]) -> Iterator[Target]:
        for target in targets:
            if self.journal and (counts := self.journal.done(target)):
                self.counts.merge(counts)
                self.skipped += 1
            else:
                yield target

    def _write(self, targets: Sequence[Target], events: Iterator[run.Event], bar: Bar) -> None:
        """Take the events target by target; an output that is not complete is left out."""
        total = self.counts
        for target in targets:
            self.counts = run.Counts()
            output = self._output(target)
            try:
                output.open()
                whole = self._fill(target, output, events, bar) and self._commit(output, bar)
            finally:
                output.abort()  # does nothing once it is committed
            if whole:
                self.outputs += 1
                if self.journal:
                    self.journal.add(target, self.counts.to_dict())
            total.merge(self.counts.to_dict())
        self.counts = total

    def _commit(self, output: Output, bar: Bar) -> bool:
        try:
            output.commit()
        except OutputError as error:
            self._fault(f"{output.path}: {error}", bar)
            return False
        return True

    def _output(self, target: Target) -> Output:
        known: Callable[[], Any] | None = None
        if all(source.form == "parquet" for source in target.sources):
            known = lambda: schema(target.sources[0])  # noqa: E731
        return Output(
            target.path, target.form, self._fields, with_removed=self._way.removed, schema=known
        )

    def _fill(self, target: Target, output: Output, events: Iterator[run.Event], bar: Bar) -> bool:
        """Write the pages of a target; return whether its output is worth keeping."""
        left, ended, broken = len(target.sources), 0, False
        while left:
            event = next(events)
            if event.kind == "page" and not broken:
                broken = not self._page(event, output, bar)
            elif event.kind in ("fault", "failed"):
                self._fault(event.message, bar)
            if event.kind in ("end", "failed"):
                left -= 1
                ended += event.kind == "end"
                bar.file()
        return ended > 0 and not broken and (self.counts.pages > 0 or not self.counts.faults)

    def _page(self, event: run.Event, output: Output, bar: Bar) -> bool:
        """Write a page; return whether the output can go on."""
        assert event.record
        assert event.done
        try:
            record = replace(event.record, url=event.record.url or self._url)
            output.write(record, event.done.text, event.done.removed)
        except MisfitError as error:
            self._fault(f"{event.record.place}: {error}", bar)
        except OutputError as error:
            self._fault(f"{output.path}: {error}", bar)
            return False
        else:
            self.counts.add(event.done)
            bar.page(event.done.size, event.position)
        return True

    def _fault(self, message: str, bar: Bar) -> None:
        self.counts.faults += 1
        if self._strict:
            raise run.RunError(message)
        bar.say(f"cleantext: {message}")
