"""What the commands share: options, errors in one line, output as UTF-8."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NoReturn, TypeVar, cast

import click

from cleantext import settings as settings_module
from cleantext.cleaner import Cleaner
from cleantext.cli.inputs import FORMS, Fault, Fields, InputError, Record, Source, find
from cleantext.settings import Settings, SettingsError
from cleantext.types import LEVELS, Level

Command = TypeVar("Command", bound=Callable[..., Any])


def fail(message: str) -> NoReturn:
    """End with one line on stderr and exit code 2."""
    click.echo(f"cleantext: {message}", err=True)
    sys.exit(2)


def write(text: str) -> None:
    """Write to stdout as UTF-8 whatever the locale; newlines and lone surrogates as they are."""
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


level_option = click.option(
    "--level", type=click.Choice(LEVELS),
    help="How much doubt is removed; safe where no settings say otherwise.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a page.")
files_argument = click.argument("files", nargs=-1, required=True, metavar="FILE...")

_SETTINGS = (
    level_option,
    click.option("--ruleset", "rulesets", multiple=True, metavar="NAME",
                 help="A rule set to add: a name, or the path of a TOML file."),
    click.option("--disable", multiple=True, metavar="RULE", help="A rule that shall not speak."),
    click.option("--keep", multiple=True, metavar="CATEGORY", help="A kind of chrome that stays."),
    click.option("--repetition", metavar="INDEX",
                 help="What sites repeat, as `cleantext fit` counted it; pages need their URL."),
    click.option("--config", metavar="FILE",
                 help="File of settings, instead of the nearest cleantext.toml or pyproject.toml."),
    click.option("--no-config", is_flag=True, help="Use no file of settings."),
)  # fmt: skip
_SOURCES = (
    click.option("--from", "form", type=click.Choice(sorted(set(FORMS.values()))),
                 help="What the inputs are, whatever their names say."),
    click.option("--field", default="text", show_default=True,
                 help="Field that holds the text, in JSONL, CSV and Parquet."),
    click.option("--url-field", default="url", show_default=True, help="Field of the URL."),
    click.option("--is-html", is_flag=True, help="The text is HTML."),
    click.option("--url", help="Where the page was found, if its record has no URL."),
)  # fmt: skip
_LANG = click.option("--lang", help="ISO 639-1 code; by default told from the text.")


def settings_options(command: Command) -> Command:
    """Add the options that say how to clean; `read_settings` takes them."""
    return cast(Command, _all(_SETTINGS, command))


def source_options(command: Command) -> Command:
    """Add the options that say what the inputs are, and their language."""
    return cast(Command, _all((*_SOURCES, _LANG), command))


def reading_options(command: Command) -> Command:
    """Add the options that say what the inputs are."""
    return cast(Command, _all(_SOURCES, command))


def _all(options: Sequence[Callable[[Any], Any]], command: Any) -> Any:
    for option in reversed(options):
        command = option(command)
    return command


def read_settings(
    level: Level | None, rulesets: Sequence[str], disable: Sequence[str], keep: Sequence[str],
    repetition: str | None, config: str | None, no_config: bool,
) -> Settings:  # fmt: skip
    """Return the settings of the file that holds, with the options of the command on top."""
    try:
        path = None if no_config else config or settings_module.find()
        found = settings_module.load(path) if path else Settings()
        if found.origin and (rulesets or disable or keep or repetition):
            found.cleaner()  # so that an error names the file only where it is the file's
            found = replace(found, origin="")
    except SettingsError as error:
        fail(str(error))
    return replace(
        found,
        level=level or found.level,
        rulesets=(*found.rulesets, *rulesets),
        disable=(*found.disable, *disable),
        keep=(*found.keep, *keep),
        repetition=repetition or found.repetition,
    )


def make_cleaner(settings: Settings) -> Cleaner:
    """Return the cleaner of the settings; end the program where they are wrong."""
    try:
        return settings.cleaner()
    except SettingsError as error:
        fail(str(error))


def find_sources(files: Sequence[str], form: str | None) -> list[Source]:
    """Return the inputs; end the program where there are none."""
    try:
        return find(files, form)
    except InputError as error:
        fail(str(error))


def pages(sources: Sequence[Source], fields: Fields) -> Iterator[Record | Fault]:
    """Yield the pages of the inputs; a source that cannot be read is a fault among them."""
    for source in sources:
        try:
            yield from source.read(fields)
        except InputError as error:
            place, _, message = str(error).partition(": ")
            yield Fault(place, message)
