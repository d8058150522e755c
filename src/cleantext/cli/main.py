"""`cleantext`: the commands and how they report errors."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.text import Text

import cleantext
from cleantext.cli import options
from cleantext.cli.clean import clean
from cleantext.cli.config import config
from cleantext.cli.fit import fit
from cleantext.cli.inputs import Fault, Fields
from cleantext.cli.options import fail, write
from cleantext.cli.report import report
from cleantext.cli.rules import rules
from cleantext.cli.run import Page, analyze
from cleantext.report import grounds, rows
from cleantext.types import Level

STYLES = {"keep": "", "caption": "green", "meta": "cyan", "remove": "red", "part": ""}


class DefaultGroup(click.Group):
    """A group whose first command is meant when none is named: `cleantext FILE`."""

    default = "clean"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front where the arguments name no command."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "--version"):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a bad option or argument is one line, without the usage before it."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            fail(error.format_message().replace("\n", " "))


@click.group(cls=DefaultGroup)
@click.version_option(cleantext.__version__, prog_name="cleantext")
def main() -> None:
    """Strip site chrome from the text of web pages, keep the article.

    `cleantext FILE...` prints the cleaned text; `-` reads stdin.
    """


main.add_command(clean)
main.add_command(fit)
main.add_command(report)
main.add_command(rules)
main.add_command(config)


@main.command()
@options.files_argument
@options.settings_options
@options.source_options
@options.json_option
def explain(
    files: tuple[str, ...], form: str | None, field: str, url_field: str, is_html: bool,
    url: str | None, lang: str | None, as_json: bool, **chosen: Any,
) -> None:  # fmt: skip
    """List every line of pages: kept or removed, by which rule, for what reason."""
    cleaner = options.make_cleaner(options.read_settings(**chosen))
    sources = options.find_sources(files, form)
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    faults = 0
    for item in options.pages(sources, Fields(field, url_field, is_html)):
        if isinstance(item, Fault):
            click.echo(f"cleantext: {item}", err=True)
            faults += 1
            continue
        result = analyze(cleaner, Page.of(item, url), lang)
        if as_json:
            page = {"file": item.place, **result.to_dict()}
            write(json.dumps(page, ensure_ascii=False) + "\n")
            continue
        if len(sources) > 1 or not sources[0].single:
            console.print(Text(item.place, style="bold"))
        for row in rows(result):
            line = Text(f"{row.mark:8}", style="bold " + STYLES[row.mark])
            for piece, gone in row.pieces:
                line.append(piece, style="not bold strike red" if gone else "not bold")
            console.print(line)
            for cut in row.removed:
                console.print(Text(f"{'':8}^ {grounds(cut)}", style="dim"))
    sys.exit(2 if faults else 0)


@main.command()
@click.argument("labelled")
@options.level_option
@options.json_option
def evaluate(labelled: str, level: Level | None, as_json: bool) -> None:
    """Score the cleaner on LABELLED.jsonl and list every body line that it harms.

    The first rows are of all levels, the others of the level that is asked for.
    """
    from cleantext import evaluate as measure

    try:
        pages = measure.read_labelled(labelled)
    except measure.LabelError as error:
        fail(str(error))
    levels = measure.by_level(pages)
    level = level or "safe"
    outcome = levels[level]
    if as_json:
        totals = {name: each.total.to_dict() for name, each in levels.items()}
        data = {"level": level, "levels": totals, **outcome.to_dict()}
        write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        return
    from rich.table import Table

    table = Table("", "pages", "losing body", "body kept", "captions kept", "chrome removed")
    groups = [
        *((f"all, {name}", each.total) for name, each in levels.items()),
        *sorted(outcome.by_lang.items()),
        *sorted(outcome.by_via.items()),
        *sorted(outcome.by_category.items()),
    ]
    for name, score in groups:
        shares = [score.share(label) for label in ("body", "caption", "chrome")]
        counts = (str(score.pages), str(score.pages_losing)) if score.pages else ("-", "-")
        table.add_row(
            name, *counts,
            *("-" if share is None else f"{share:.4f}" for share in shares),
        )  # fmt: skip
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    console.print(table)
    if words := outcome.total.words():
        means = "  ".join(f"{name} {mean:.4f}" for name, mean in words.items())
        console.print(f"words against the gold text, at {level}:  {means}")
    for line in outcome.lost:
        console.print(f"{line.page}:{line.number}: {line.label} lost: {line.removed}")
