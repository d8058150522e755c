"""Which input becomes which output, and which of them are done already."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cleantext
from cleantext.cli.inputs import Source
from cleantext.cli.outputs import SUFFIXES, WRITTEN, OutputError, form_of, renamed

#: In the directory of outputs: a line for each that is done, by which `--resume` goes on.
JOURNAL = ".cleantext-journal.jsonl"


@dataclass(frozen=True, slots=True)
class Target:
    """One output.

    Attributes:
        path: the file, or None for stdout.
        form: a key of SUFFIXES.
        sources: what goes into it, in order.
    """

    path: Path | None
    form: str
    sources: tuple[Source, ...]


def plan(sources: Sequence[Source], out: str | None, to: str | None) -> list[Target]:
    """Return the outputs of a run.

    Args:
        sources: the inputs.
        out: None for stdout; a directory (one that exists, or a path that ends in ``/`` or has no
            known suffix) for a file each; or a file for all of them.
        to: the form of the outputs; by default that of the inputs, or what the suffix says.

    Raises:
        OutputError: no form fits all, two inputs would have one output, or an output its input.
    """
    if out is None or not (out.endswith("/") or os.path.isdir(out) or form_of(out) is None):
        form = to or (form_of(out) if out else None) or _common_form(sources)
        targets = [Target(Path(out) if out else None, form, tuple(sources))]
    else:
        targets = []
        for source in sources:
            form = to or _own_form(source)
            name = "page" if source.path == "-" else source.name
            targets.append(Target(Path(out, renamed(name, form)), form, (source,)))
    _check(targets)
    return targets


def _own_form(source: Source) -> str:
    return WRITTEN.get(source.form, source.form)


def _common_form(sources: Sequence[Source]) -> str:
    forms = {"text" if form == "markdown" else form for form in map(_own_form, sources)}
    if len(forms) > 1:
        raise OutputError(
            f"the inputs are of several forms ({', '.join(sorted(forms))}): choose one with --to "
            f"({', '.join(SUFFIXES)}), or a directory with -o"
        )
    return forms.pop()


def _check(targets: Iterable[Target]) -> None:
    made: dict[Path, str] = {}
    inputs = {os.path.realpath(source.path) for target in targets for source in target.sources}
    for target in targets:
        if target.path is None:
            continue
        shown = target.sources[0].shown
        if target.path in made:
            raise OutputError(f"{made[target.path]} and {shown} would both become {target.path}")
        if os.path.realpath(target.path) in inputs:
            raise OutputError(f"{target.path} would overwrite an input")
        made[target.path] = shown


def fingerprint(options: Mapping[str, Any], files: Iterable[str]) -> str:
    """Return a digest of all that the outputs depend on, beside the inputs.

    Args:
        options: JSON-ready values.
        files: rule sets of the user, by path; their bytes count.
    """
    digest = hashlib.sha256(json.dumps([cleantext.__version__, options], sort_keys=True).encode())
    for name in files:
        digest.update(Path(name).read_bytes())
    return digest.hexdigest()[:16]


class Journal:
    """Which outputs of a directory are done, with which options, and what they counted."""

    def __init__(self, directory: Path, options: str, resume: bool) -> None:
        """Read the journal of a directory if a run is to be resumed, else start it anew.

        Args:
            directory: where the outputs are.
            options: the fingerprint of the run.
            resume: whether what was done before counts.
        """
        self._path, self._options = directory / JOURNAL, options
        self._done: dict[str, dict[str, Any]] = {}
        if resume and self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    row = json.loads(line)
                    self._done[row["output"]] = row
                except (ValueError, TypeError, KeyError):
                    continue  # the line that an interrupted run was writing
        directory.mkdir(parents=True, exist_ok=True)
        if not resume:
            self._path.unlink(missing_ok=True)

    def done(self, target: Target) -> dict[str, Any] | None:
        """Return the counts of an output that is done: whole, of the same input and options."""
        row = self._done.get(str(target.path))
        if row is None or target.path is None or not target.path.exists():
            return None
        same = {name: row.get(name) for name in ("input", "options")} == self._key(target)
        counts: dict[str, Any] = row["counts"]
        return counts if same else None

    def add(self, target: Target, counts: dict[str, Any]) -> None:
        """Note that an output is done."""
        row = {"output": str(target.path), **self._key(target), "counts": counts}
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _key(self, target: Target) -> dict[str, Any]:
        source = target.sources[0]
        stat = os.stat(source.path)
        return {"input": [source.path, stat.st_size, stat.st_mtime_ns], "options": self._options}
