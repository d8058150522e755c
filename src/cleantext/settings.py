"""Settings that a team shares: a ``[tool.cleantext]`` table or a ``cleantext.toml``.

>>> import tempfile, pathlib
>>> path = pathlib.Path(tempfile.mkdtemp(), "cleantext.toml")
>>> _ = path.write_text('level = "balanced"\\nkeep = ["tags_topics"]\\n')
>>> load(path).cleaner().level
'balanced'
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleantext.cleaner import DEFAULT, Cleaner
from cleantext.rulesets import RuleSetError, similar
from cleantext.types import LEVELS, Level

if TYPE_CHECKING:
    from cleantext.rules.repetition import RepetitionIndex

#: What a file of settings is called; a pyproject.toml with a [tool.cleantext] table will do too.
FILE = "cleantext.toml"
_PROJECT = "pyproject.toml"


class SettingsError(ValueError):
    """Settings that cannot be used; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a Cleaner, as they stand in a file.

    Attributes:
        level: how much doubt is removed.
        rulesets: names or paths of rule sets; ``default`` stands for all that the package ships.
            In a file, a relative path is looked for beside the file.
        disable: ids of rules that shall not speak.
        keep: categories that stay although they are chrome.
        repetition: path of an index that `cleantext fit` made, or ""; found like rule sets.
        origin: the file that they come from, or "".
    """

    level: Level = "safe"
    rulesets: tuple[str, ...] = (DEFAULT,)
    disable: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    repetition: str = ""
    origin: str = ""

    def cleaner(self) -> Cleaner:
        """Return a cleaner with these options.

        Raises:
            SettingsError: an unknown level, rule, category or rule set, or a faulty one; an index
                that cannot be read.
        """
        try:
            return Cleaner(
                self.level, self.rulesets, keep=self.keep, disable=self.disable,
                repetition=_index(self.repetition) if self.repetition else None,
            )  # fmt: skip
        except (ValueError, RuleSetError) as error:
            prefix = f"{self.origin}: " if self.origin else ""
            raise SettingsError(f"{prefix}{error}") from None


def _index(path: str) -> RepetitionIndex:
    from cleantext.rules.repetition import RepetitionIndex

    try:
        return RepetitionIndex.load(path)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None


_KEYS = tuple(field.name for field in fields(Settings) if field.name != "origin")


def load(path: str | Path) -> Settings:
    """Read settings from a TOML file, or from the [tool.cleantext] table of a pyproject.toml.

    Raises:
        SettingsError: no such file, bad TOML, an unknown key, a value of the wrong kind. What only
            a cleaner can tell (unknown rules, faulty rule sets) `Settings.cleaner` raises.
    """
    path = Path(path)
    table = _table(path)
    if table is None:
        raise SettingsError(f"{path}: has no table [tool.cleantext]")
    return _parsed(table, path)


def find(start: str | Path = ".") -> Path | None:
    """Return the file of settings that holds for a directory: its own, or the nearest above it."""
    start = Path(start).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        project = folder / _PROJECT
        if project.is_file() and _table(project) is not None:
            return project
    return None


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start}") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None
    if path.name != _PROJECT:
        return data
    tool = data.get("tool")
    table = tool.get("cleantext") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: [tool.cleantext] must be a table")
    return table


def _parsed(table: Mapping[str, Any], path: Path) -> Settings:
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in _KEYS:
            raise SettingsError(f"{path}: unknown key {name!r}{similar(name, _KEYS)}")
        if name == "level":
            if value not in LEVELS:
                raise SettingsError(
                    f"{path}: key 'level' must be one of {', '.join(LEVELS)}, not {value!r}"
                )
            values[name] = value
        elif name == "repetition":
            if not isinstance(value, str):
                raise SettingsError(f"{path}: key 'repetition' must be a string, a path")
            values[name] = str(path.resolve().parent / value)
        elif not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{path}: key {name!r} must be a list of strings")
        else:
            values[name] = tuple(value)
    settings = Settings(origin=str(path), **values)
    beside = path.resolve().parent
    return replace(settings, rulesets=tuple(_located(name, beside) for name in settings.rulesets))


def _located(name: str, beside: Path) -> str:
    return str(beside / name) if name.endswith(".toml") else name
