"""`cleantext fit`: pages in, an index of the lines that their sites repeat out, or a scorer."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from cleantext.cleaner import Cleaner
from cleantext.cli import options, run
from cleantext.cli.inputs import Fields, Record
from cleantext.cli.options import fail
from cleantext.cli.progress import Bar, size_of
from cleantext.evaluate import LabelError, read_labelled
from cleantext.rules.repetition import WINDOW, RepetitionIndex
from cleantext.sitecounts import IndexFileError


@click.command()
@options.files_argument
@click.option("-o", "--out", required=True, metavar="PATH", help="The index or model to write.")
@click.option("--labels", is_flag=True,
              help="FILE holds labelled pages: train a scorer on them (the extra `train`).")  # fmt: skip
@click.option("--onto", metavar="INDEX", help="An index that the pages are added to.")
@options.reading_options
@click.option("--site", metavar="NAME", help="What pages belong to whose record has no URL.")
@click.option(
    "--window",
    type=click.IntRange(2),
    default=WINDOW,
    show_default=True,
    help="Pages of a site after which a line seen on one of them only is forgotten.",
)
@click.option("--strict", is_flag=True, help="End at the first record that is bad.")
@click.option("--progress/--no-progress", "shown", default=None,
              help="Show a bar; by default on a terminal.")  # fmt: skip
def fit(
    files: tuple[str, ...], out: str, labels: bool, onto: str | None, form: str | None, field: str,
    url_field: str, is_html: bool, url: str | None, site: str | None, window: int, strict: bool,
    shown: bool | None,
) -> None:  # fmt: skip
    """Count on how many pages of its site each line stands, for `clean --repetition INDEX`.

    The same pages can then be cleaned with it: none counts against itself. FILE is what it is for
    `cleantext clean`; pages of HTML count as the text that is extracted from them. With --labels it
    is JSON lines as `cleantext evaluate` reads them, and the scorer takes the place of the shipped one
    with `clean --ruleset PATH`.
    Exit codes: 0 all well; 2 something was wrong and named on stderr; 130 interrupted.
    """
    if labels:
        _scorer(files, out)
        return
    sources = options.find_sources(files, form)
    try:
        index = RepetitionIndex.load(onto) if onto else RepetitionIndex(window=window)
    except IndexFileError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{onto}: {error.strerror}")
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)
    shown = sys.stderr.isatty() if shown is None else shown
    size = 0 if any(source.path == "-" for source in sources) else sum(s.size() for s in sources)
    plain = Cleaner("safe", [])
    started, seen, new, volume, faults = time.monotonic(), 0, 0, 0, 0
    with Bar(console, size, len(sources), shown) as bar:
        for event in run.read(sources, Fields(field, url_field, is_html), bar.at):
            message = event.message
            if event.record:
                try:
                    text = _text(plain, event.record)
                    new += index.add(
                        text, url=event.record.url or url, site=_site(event.record, url, site)
                    )
                except Exception as error:  # one bad page must not end the others
                    message = f"{event.record.place}: {error}"
                else:
                    length = len(text.encode("utf-8", "surrogatepass"))
                    seen, volume = seen + 1, volume + length
                    bar.page(length)
            elif event.kind in ("end", "failed"):
                bar.file()
            if message:
                faults += 1
                if strict:
                    fail(message)
                bar.say(f"cleantext: {message}")
    if not seen:
        fail(f"{out}: not written: no page could be read")
    try:
        index.save(out)
    except OSError as error:
        fail(f"{out}: {error.strerror}")
    seconds = max(time.monotonic() - started, 1e-3)
    click.echo(
        f"{seen:,} pages, {size_of(volume)}; {new:,} counted, {seen - new:,} known before; "
        f"{len(index.sites):,} sites\n{out}: {size_of(Path(out).stat().st_size)}, in {seconds:.1f} s: "
        f"{seen / seconds:,.0f} pages/s, {size_of(int(volume / seconds))}/s", err=True,
    )  # fmt: skip
    sys.exit(2 if faults else 0)


def _scorer(files: Sequence[str], out: str) -> None:
    """Train a scorer on labelled pages."""
    try:
        from cleantext.learn import FewLabelsError, fit_scorer
    except ImportError as error:
        fail(f"--labels needs {error.name}: pip install 'cleantext-boilerplate[train]'")
    try:
        pages = [page for file in files for page in read_labelled(file)]
        model = fit_scorer(pages)
        Path(out).write_text(json.dumps(model, ensure_ascii=False) + "\n", encoding="utf-8")
    except (LabelError, FewLabelsError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    click.echo(f"{len(pages):,} labelled pages\n{out}: a scorer", err=True)


def _text(plain: Cleaner, record: Record) -> str:
    """Return the text of a page as `clean` will see it."""
    if isinstance(record.text, str) and not record.html:
        return record.text
    return run.analyze(plain, run.Page(record.text, record.url, record.html), None).source


def _site(record: Record, url: str | None, site: str | None) -> str | None:
    return None if record.url or url else site
