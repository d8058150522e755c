"""Run our levels and the rivals over labelled pages; every result is plain JSON data."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import cleantext
from benchmarks import corpus_tools, public, rivals
from cleantext.cleaner import Cleaner
from cleantext.evaluate import (
    Evaluation,
    LabelledPage,
    Remover,
    by_cleaner,
    evaluate,
    read_labelled,
)
from cleantext.rules.scorer import Scorer
from cleantext.types import LEVELS, Level

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
Row = dict[str, Any]
Section = dict[str, Any]


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of the files' names and bytes, in the order of their names."""
    whole = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def corpus_files(folder: Path = corpus_tools.CORPUS) -> list[Path]:
    """Return the files of our own corpus."""
    return sorted(folder.glob("*.jsonl"))


def own_pages(folder: Path = corpus_tools.CORPUS) -> list[LabelledPage]:
    """Read our own corpus."""
    return [page for path in corpus_files(folder) for page in read_labelled(path)]


def unseen_own_pages(folder: Path = corpus_tools.CORPUS) -> list[LabelledPage]:
    """Read the half of our own corpus that the scorer does not learn from (benchmarks/train.py)."""
    return [page for page in own_pages(folder) if unseen_half(page.id)]


def stamp() -> dict[str, Any]:
    """Return when, on what and with what version something was measured."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cleantext": cleantext.__version__,
        "commit": commit,
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.machine()


def cleaners(folds: Path | None = None) -> Callable[[str | None, Level], Cleaner]:
    """Return what gives the cleaner for a page of a host.

    Args:
        folds: a folder of ``fold0.json`` … as ``python -m benchmarks.train --keep`` writes them: the
            scorer is then the one that has seen no page of the host. None: the shipped scorer.
    """
    if folds is None:
        return lambda host, level: _shipped(level)
    paths = sorted(folds.glob("fold*.json"))
    if not paths:
        raise public.CorpusError(f"{folds}: holds no fold0.json …")
    made = {
        (at, level): Cleaner(level, ["rules", Scorer.parse(json.loads(path.read_bytes()))])
        for at, path in enumerate(paths)
        for level in LEVELS
    }
    return lambda host, level: made[fold(host or "", len(paths)), level]


@cache
def _shipped(level: Level) -> Cleaner:
    return Cleaner(level)


def share(name: str) -> float:
    """Map a name to [0, 1), the same on every run."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) / 16**12


def fold(host: str, folds: int) -> int:
    """Return the fold of a host."""
    return int(share("fold" + host) * folds)


def unseen_half(host: str) -> bool:
    """Tell whether a host is in the half that no rule was written from."""
    return int(hashlib.sha256(host.encode()).hexdigest(), 16) % 2 == 1


def _remover(level: Level, folds: Path | None) -> Remover:
    choose = cleaners(folds)
    made = by_cleaner(choose("", level))
    if folds is None:
        return made
    return lambda page: by_cleaner(choose(public.host(page), level))(page)


def _speed(pages: Sequence[LabelledPage], remove: Remover) -> float:
    """Return megabytes of UTF-8 a second; the caller has warmed it up."""
    size = sum(len(page.text.encode("utf-8", "surrogatepass")) for page in pages)
    start = time.perf_counter()
    for page in pages:
        remove(page)
    return size / 1e6 / (time.perf_counter() - start)


def _row(name: str, outcome: Evaluation, speed: float, **more: Any) -> Row:
    return {"name": name, **outcome.total.to_dict(), "mb_per_s": round(speed, 2), **more}


def text_section(
    pages: Sequence[LabelledPage],
    title: str,
    about: str,
    corpus: str,
    *,
    publish: bool = False,
    before: Section | None = None,
    ours: bool = False,
    folds: Path | None = None,
) -> Section:
    """Measure our levels and the rivals on labelled pages.

    Args:
        pages: the pages.
        title: what they are called in tables.
        about: what they are.
        corpus: a hash of them.
        publish: the pages are ours, so that lost lines may be shown.
        before: an earlier section; on the same pages, the rows of rivals that are not installed
            are taken over from it.
        ours: those of rivals that are installed are taken over too.
        folds: see `cleaners`.
    """
    rows: list[Row] = []
    by_lang: dict[str, Any] = {}
    by_via: dict[str, Any] = {}
    by_category: dict[str, Any] = {}
    lost: dict[str, Any] = {}
    for level in LEVELS:
        remove = _remover(level, folds)
        outcome = evaluate(pages, remove)
        rows.append(
            _row(f"cleantext {level}", outcome, _speed(pages, remove), level=level, package=None)
        )
        data = outcome.to_dict()
        by_lang[level], by_via[level] = data["by_lang"], data["by_via"]
        by_category[level] = {
            name: score["chrome"] for name, score in data["by_category"].items() if name != "?"
        }
        lost[level] = data["lost"] if publish else []
    same = before is not None and before["corpus"] == corpus and before["pages"] == len(pages)
    earlier = {row["name"]: row for row in before["rows"]} if before and same else {}
    langs = {page.lang for page in pages}
    here = rivals.present(rivals.TEXT)
    for rival in rivals.TEXT:
        if rival.name in earlier and (ours or rival not in here):
            rows.append(earlier[rival.name])
        elif rival in here and (not rival.langs or langs <= rival.langs):
            rows.append(_rival_row(rival, pages))
    return {
        "kind": "text", "title": title, "about": about, "corpus": corpus, "pages": len(pages),
        "unseen": folds is not None, "run": stamp(), "rows": rows, "by_lang": by_lang, "by_via": by_via,
        "by_category": by_category, "lost": lost,
    }  # fmt: skip


def _rival_row(rival: rivals.TextRival, pages: Sequence[LabelledPage]) -> Row:
    remove = rival.build()
    return _row(
        rival.name, evaluate(pages, remove), _speed(pages, remove), level=None,
        package=rival.package, version=rivals.package_version(rival.package), note=rival.note,
    )  # fmt: skip
