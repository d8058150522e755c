"""Run the extractors over HTML, our levels on top of each, and score both against gold text."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import measure, public, rivals
from cleantext.evaluate import word_scores
from cleantext.types import LEVELS

RECALL = "trafilatura, recall"
WORKERS = min(4, os.cpu_count() or 1)
FIGURES = ("precision", "recall", "f1")
_extractors: dict[str, rivals.Extract] = {}  # of a worker process


@dataclass
class Found:
    """What the tools made of one page.

    Attributes:
        text: trafilatura's text, for the cleaners.
        words: by tool, or tool and level: precision, recall and F1 of the words.
        lines: likewise: characters of body kept and chrome removed, of the whole page's lines.
        sizes: characters of body and chrome on the whole page.
        seconds: by tool.
    """

    text: str = ""
    words: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    sizes: tuple[int, int] = (0, 0)
    seconds: dict[str, float] = field(default_factory=dict)


def extract(html: str, lang: str | None = None) -> dict[str, tuple[str, float]]:
    """Return what each tool makes of a page and how many seconds it took."""
    if not _extractors:
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")
        for rival in rivals.present(rivals.HTML):
            _extractors[rival.name] = rival.build()
        if ours := rivals.ours_html():
            _extractors["cleantext.clean_html"] = ours
    found = {}
    for name, run in _extractors.items():
        start = time.perf_counter()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                text = run(html, lang)
        except Exception:  # a tool that fails on a page has found nothing there
            text = ""
        found[name] = (text, time.perf_counter() - start)
    return found


def work(page: public.PublicPage, folds: Path | None) -> Found:
    """Run and score everything on one page."""
    outcome = Found()
    texts = {}
    for name, (text, seconds) in extract(page.html, page.lang).items():
        outcome.seconds[name] = seconds
        texts[name] = text
        if name == "cleantext.clean_html" or not page.gold:
            continue
        choose = _cleaners(folds)
        for level in LEVELS:
            cleaner = choose(public.host(page), level)
            texts[f"{name} + cleantext {level}"] = cleaner.clean(text, url=page.url)
    outcome.text = texts[RECALL]
    if not page.gold:
        return outcome
    whole = public.label(page, rivals.html_text(page.html), "page").lines
    lengths = [sum(not char.isspace() for char in line.text) for line in whole]
    wanted = {
        label: [at for at, line in enumerate(whole) if line.label == label]
        for label in ("body", "chrome")
    }
    outcome.sizes = (
        sum(lengths[at] for at in wanted["body"]),
        sum(lengths[at] for at in wanted["chrome"]),
    )
    for name, text in texts.items():
        outcome.words[name] = word_scores(text, page.gold)
        state = public.align([line.text for line in whole], text)
        outcome.lines[name] = (
            sum(lengths[at] for at in wanted["body"] if state[at] != "chrome"),
            sum(lengths[at] for at in wanted["chrome"] if state[at] == "chrome"),
        )
    return outcome


_chosen: dict[Path | None, Any] = {}  # of a worker process


def _cleaners(folds: Path | None) -> Any:
    if folds not in _chosen:
        _chosen[folds] = measure.cleaners(folds)
    return _chosen[folds]


def work_all(pages: Sequence[public.PublicPage], folds: Path | None) -> list[Found]:
    """Run `work` over pages on several processes."""
    with ProcessPoolExecutor(WORKERS) as pool:
        return list(pool.map(partial(work, folds=folds), pages, chunksize=4))


def section(
    found: Sequence[Found], title: str, about: str, corpus: str, folds: Path | None
) -> measure.Section:
    """Return the section of the results for the pages that have gold text."""
    scored = [each for each in found if each.words]
    used = {rival.name: rival for rival in rivals.HTML}
    rows = []
    for name in scored[0].words:
        level = next((level for level in LEVELS if name.endswith(f" + cleantext {level}")), None)
        row: measure.Row = {"name": name, "level": level}
        for at, figure in enumerate(FIGURES):
            row[figure] = sum(each.words[name][at] for each in scored) / len(scored)
        for at, label in enumerate(("body", "chrome")):
            size = sum(each.sizes[at] for each in scored)
            row[label] = sum(each.lines[name][at] for each in scored) / (size or 1)
        if level is None:
            rival = used.get(name)
            row["seconds"] = round(sum(each.seconds[name] for each in found) / len(found), 4)
            row["package"] = rival.package if rival else None
            row["version"] = rivals.package_version(rival.package) if rival else ""
            row["note"] = rival.note if rival else "`cleantext.clean_html(html)`"
        rows.append(row)
    return {
        "kind": "html", "title": title, "about": about, "corpus": corpus, "pages": len(scored),
        "unseen": folds is not None, "run": measure.stamp(), "rows": rows,
    }  # fmt: skip
