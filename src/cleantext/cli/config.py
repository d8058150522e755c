"""`cleantext config`: check and show the settings that hold."""

from __future__ import annotations

import click

from cleantext import settings
from cleantext.cli.options import fail, write
from cleantext.settings import Settings, SettingsError


@click.group()
def config() -> None:
    """Check and show the settings of a team."""


def _load(file: str | None) -> Settings:
    """Return checked settings; end the program where they are wrong or there are none."""
    try:
        path = file or settings.find()
        if path is None:
            fail("no cleantext.toml and no pyproject.toml with [tool.cleantext], here or above")
        found = settings.load(path)
        found.cleaner()
    except SettingsError as error:
        fail(str(error))
    return found


@config.command()
@click.argument("file", required=False)
def check(file: str | None) -> None:
    """Check FILE, or the settings that hold here: every key, rule, category and rule set."""
    write(f"{_load(file).origin}: all is well\n")


@config.command()
@click.argument("file", required=False)
def show(file: str | None) -> None:
    """Show what FILE, or the settings that hold here, come to."""
    found = _load(file)
    write(f"file      {found.origin}\nlevel     {found.level}\n")
    for name in ("rulesets", "disable", "keep"):
        write(f"{name:9} {', '.join(getattr(found, name)) or '-'}\n")
