"""`cleantext report`: a web page that shows what goes and why."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cleantext import webpage
from cleantext.cli import options
from cleantext.cli.inputs import Fault, Fields
from cleantext.cli.options import fail
from cleantext.cli.progress import many
from cleantext.cli.run import Page, analyze
from cleantext.result import Result
from cleantext.types import LEVELS


@click.command()
@options.files_argument
@click.option("--html", "out", metavar="FILE", required=True, help="The web page to write.")
@options.settings_options
@options.source_options
@click.option("--pages", type=click.IntRange(0), default=50, show_default=True,
              help="Most pages that are shown; 0 for all.")  # fmt: skip
def report(
    files: tuple[str, ...], out: str, form: str | None, field: str, url_field: str,
    is_html: bool, url: str | None, lang: str | None, pages: int, **chosen: Any,
) -> None:  # fmt: skip
    """Write a web page that shows pages with what goes struck through, and why.

    It is one file that needs no network. It opens at the strictest level that is asked for, and
    can show the looser ones.
    """
    settings = options.read_settings(**chosen)
    cleaners = [
        options.make_cleaner(replace(settings, level=level))
        for level in LEVELS[LEVELS.index(settings.level) :]
    ]
    shown: list[tuple[str, list[Result]]] = []
    faults, more = 0, False
    for item in options.pages(options.find_sources(files, form), Fields(field, url_field, is_html)):
        if isinstance(item, Fault):
            click.echo(f"cleantext: {item}", err=True)
            faults += 1
            continue
        if pages and len(shown) == pages:
            more = True
            break
        page = Page.of(item, url)
        try:
            results = [analyze(cleaner, page, lang) for cleaner in cleaners]
        except ValueError as error:
            click.echo(f"cleantext: {item.place}: {error}", err=True)
            faults += 1
            continue
        shown.append((f"{item.place} {item.url}" if item.url else item.place, results))
    if not shown:
        fail("no page to show")
    try:
        Path(out).write_text(webpage.render(shown), encoding="utf-8")
    except OSError as error:
        fail(f"{out}: {error.strerror}")
    click.echo(
        f"{out}: {many(len(shown), 'page')}" + ("; there are more (--pages)" if more else ""),
        err=True,
    )
    sys.exit(2 if faults else 0)
