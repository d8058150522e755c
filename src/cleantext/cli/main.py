"""`cleantext`: the commands and how they report errors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn, get_args

import click
from rich.console import Console
from rich.text import Text

import cleantext
from cleantext.cleaner import Cleaner
from cleantext.report import grounds, rows
from cleantext.result import Result
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


def fail(message: str) -> NoReturn:
    """End with one line on stderr and exit code 2."""
    click.echo(f"cleantext: {message}", err=True)
    sys.exit(2)


def read_text(name: str) -> str:
    """Return the text of a file, or of stdin for ``-``; ends the program where it can't."""
    place = "<stdin>" if name == "-" else name
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        fail(f"{place}: {error.strerror}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(f"{place}: not UTF-8 at byte {error.start}; convert it first, e.g. with iconv")


level_option = click.option(
    "--level", type=click.Choice(get_args(Level)), default="safe", show_default=True,
    help="How much doubt is removed.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a page.")
url_option = click.option("--url", help="Where the page was found; rules of sites need it.")
lang_option = click.option("--lang", help="ISO 639-1 code; by default told from the text.")
files_argument = click.argument("files", nargs=-1, required=True, metavar="FILE...")


@click.group(cls=DefaultGroup)
@click.version_option(cleantext.__version__, prog_name="cleantext")
def main() -> None:
    """Strip site chrome from the text of web pages, keep the article.

    `cleantext FILE...` prints the cleaned text; `-` reads stdin.
    """


@main.command()
@files_argument
@level_option
@json_option
@url_option
@lang_option
def clean(
    files: tuple[str, ...], level: Level, as_json: bool, url: str | None, lang: str | None
) -> None:
    """Print the text of pages without their chrome."""
    cleaner = Cleaner(level)
    for name in files:
        text = read_text(name)
        if as_json:
            _print_json(name, cleaner.analyze(text, url=url, lang=lang))
        else:
            _write(cleaner.clean(text, url=url, lang=lang))


@main.command()
@files_argument
@level_option
@json_option
@url_option
@lang_option
def explain(
    files: tuple[str, ...], level: Level, as_json: bool, url: str | None, lang: str | None
) -> None:
    """List every line of pages: kept or removed, by which rule, for what reason."""
    cleaner = Cleaner(level)
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    for name in files:
        result = cleaner.analyze(read_text(name), url=url, lang=lang)
        if as_json:
            _print_json(name, result)
            continue
        if len(files) > 1:
            console.print(Text(name, style="bold"))
        for row in rows(result):
            line = Text(f"{row.mark:8}", style="bold " + STYLES[row.mark])
            for piece, gone in row.pieces:
                line.append(piece, style="not bold strike red" if gone else "not bold")
            console.print(line)
            for cut in row.removed:
                console.print(Text(f"{'':8}^ {grounds(cut)}", style="dim"))


@main.command()
@click.argument("labelled")
@level_option
@json_option
def evaluate(labelled: str, level: Level, as_json: bool) -> None:
    """Score the cleaner on LABELLED.jsonl and list every body line that it harms.

    The first rows are of all levels, the others of the level that is asked for.
    """
    from cleantext import evaluate as measure

    try:
        pages = measure.read_labelled(labelled)
    except measure.LabelError as error:
        fail(str(error))
    levels = measure.by_level(pages)
    outcome = levels[level]
    if as_json:
        totals = {name: each.total.to_dict() for name, each in levels.items()}
        data = {"level": level, "levels": totals, **outcome.to_dict()}
        _write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
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


def _print_json(name: str, result: Result) -> None:
    _write(json.dumps({"file": name, **result.to_dict()}, ensure_ascii=False) + "\n")


def _write(text: str) -> None:
    """Write to stdout as UTF-8 whatever the locale; newlines and lone surrogates as they are."""
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
