"""What a change of rules newly removes and newly keeps on pages: ``python -m benchmarks.diff REV``.

The package as it is in REV (a commit, a branch) and as it is in the working tree clean the same
unlabelled pages; every stretch that they treat differently is listed under the rule that removed it.
PATHs are text files (a page each), .jsonl or .jsonl.gz files of pages, or folders of them; without
any it takes what is in ../shared/data. The pages are only read: nothing of them is written.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
TEXTS = "gold-dev.jsonl", "appeals-dev.jsonl", "lines/*.trafilatura-recall.jsonl.gz"
WIDTH = 160
# Run by the Python of both versions: pages in, removed spans out, a line for each page.
PROGRAM = """
import json, sys
from cleantext import Cleaner
cleaner = Cleaner(sys.argv[1])
for row in sys.stdin:
    page = json.loads(row)
    cuts = cleaner.analyze(page["text"], url=page["url"]).removed
    print(json.dumps([[cut.start, cut.end, cut.rule, cut.category] for cut in cuts]))
"""
Cut = tuple[int, int, str, str]


class DiffError(Exception):
    """A comparison that cannot be made; the message says why."""


@dataclass(frozen=True)
class Change:
    """A stretch that one version removes and the other keeps."""

    page: str
    text: str
    rule: str
    category: str


def read_pages(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield id, url and text of the pages in files and folders."""
    for path in paths:
        if path.is_dir():
            names = ("*.txt", "*.jsonl", "*.jsonl.gz")
            yield from read_pages(sorted(each for name in names for each in path.rglob(name)))
        elif path.name.endswith((".jsonl", ".jsonl.gz")):
            data = path.read_bytes()
            text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
            for number, row in enumerate(filter(str.strip, text.split("\n")), 1):
                page = json.loads(row)
                lines = page.get("lines")
                whole = page.get("text") if lines is None else _joined(lines)
                if isinstance(whole, str):
                    name = page.get("id") or f"{path.name}:{number}"
                    yield {"id": name, "url": page.get("url"), "text": whole}
        else:
            yield {"id": str(path), "url": None, "text": path.read_text(encoding="utf-8")}


def _joined(lines: Iterable[dict[str, Any]]) -> str:
    return "\n".join(line["text"] for line in lines)


def removed(source: Path, pages: Sequence[dict[str, Any]], level: str) -> subprocess.Popen[bytes]:
    """Start cleaning the pages with the package in `source`; its stdout has the spans."""
    rows = "".join(json.dumps(page) + "\n" for page in pages)
    with tempfile.TemporaryFile() as file:
        file.write(rows.encode())
        file.seek(0)
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, level], stdin=file, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(source), "PYTHONUTF8": "1"}, cwd=source,
        )  # fmt: skip


def spans(process: subprocess.Popen[bytes], version: str) -> list[list[Cut]]:
    """Return what a process removed of each page."""
    output, _ = process.communicate()
    if process.returncode:
        raise DiffError(f"cleaning with {version} failed, see above")
    return [[tuple(cut) for cut in json.loads(row)] for row in output.splitlines()]


def only_in(left: Sequence[Cut], right: Sequence[Cut]) -> Iterator[Cut]:
    """Yield the stretches of `left` that `right` does not cover.

    >>> list(only_in([(0, 9, "a.rule", "ad_label")], [(3, 5, "b.rule", "ad_label")]))
    [(0, 3, 'a.rule', 'ad_label'), (5, 9, 'a.rule', 'ad_label')]
    """
    for start, end, rule, category in left:
        at = start
        for other_start, other_end, _, _ in right:
            if other_end <= at or other_start >= end:
                continue
            if other_start > at:
                yield at, other_start, rule, category
            at = max(at, other_end)
        if at < end:
            yield at, end, rule, category


def changes(
    pages: Sequence[dict[str, Any]], old: Sequence[Sequence[Cut]], new: Sequence[Sequence[Cut]]
) -> tuple[list[Change], list[Change]]:
    """Return what the new version newly removes, and what it newly keeps."""
    found: tuple[list[Change], list[Change]] = ([], [])
    for page, before, after in zip(pages, old, new, strict=True):
        for outcome, left, right in ((found[0], after, before), (found[1], before, after)):
            for start, end, rule, category in only_in(left, right):
                for line in page["text"][start:end].split("\n"):
                    if line.strip():
                        outcome.append(Change(page["id"], line.strip(), rule, category))
    return found


def shown(title: str, found: Sequence[Change], width: int = WIDTH) -> str:
    """Return the changes as text, by rule, the rules with most changes first."""
    groups: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in found:
        groups[change.rule, change.category].append(change)
    parts = [f"{title}: {len(found)} lines on {len({change.page for change in found})} pages"]
    for (rule, category), lines in sorted(
        groups.items(), key=lambda each: (-len(each[1]), each[0])
    ):
        parts.append(f"\n  {rule}  {category}  {len(lines)}")
        for change in lines:
            text = change.text if len(change.text) <= width else change.text[: width - 1] + "…"
            parts.append(f"    {text}  [{change.page[:40]}]")
    return "\n".join(parts)


def compare(
    revision: str, pages: Sequence[dict[str, Any]], level: str
) -> tuple[list[Change], list[Change]]:
    """Clean the pages with REV's package and with the working tree's."""
    with tempfile.TemporaryDirectory(prefix="cleantext-diff-") as folder:
        tree = Path(folder) / "tree"
        made = subprocess.run(
            ["git", "worktree", "add", "--detach", "--quiet", str(tree), revision],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            raise DiffError(f"{revision}: {made.stderr.strip().splitlines()[-1]}")
        try:
            old = removed(tree / "src", pages, level)
            new = removed(ROOT / "src", pages, level)
            after = spans(new, "the working tree")
            return changes(pages, spans(old, revision), after)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT)


def default_paths(data: Path = SHARED) -> list[Path]:
    """Return the files of the shared data."""
    return [path for name in TEXTS for path in sorted(data.glob(name))]


def main(argv: Sequence[str] | None = None) -> int:
    """Compare and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.diff", description=__doc__)
    options.add_argument("revision", metavar="REV")
    options.add_argument("paths", metavar="PATH", type=Path, nargs="*")
    options.add_argument("--level", choices=("safe", "balanced", "thorough"), default="safe")
    options.add_argument("--share", type=float, default=1.0, help="of the pages, by a hash")
    args = options.parse_args(argv)
    paths = args.paths or default_paths()
    if not paths:
        raise DiffError(f"no pages: give paths, or put the shared data at {SHARED}")
    pages = [
        page for page in read_pages(paths)
        if int(sha256(page["id"].encode()).hexdigest()[:8], 16) < args.share * 2**32
    ]  # fmt: skip
    gone, kept = compare(args.revision, pages, args.level)
    print(f"{args.revision} -> working tree, {args.level}, {len(pages)} pages\n")
    print(shown("newly removed", gone) + "\n")
    print(shown("newly kept", kept))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (DiffError, OSError, ValueError) as error:
        sys.exit(f"diff: {error}")
