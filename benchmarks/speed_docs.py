"""docs/speed.md from what benchmarks/speed.py measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from statistics import linear_regression
from typing import Any

from benchmarks import report

RESULTS = report.ROOT / "benchmarks" / "results" / "speed.json"
DOCS = report.ROOT / "docs" / "speed.md"
EVERY = "clean, no scorer, rules of all languages on each page"
OURS = (EVERY, "clean, no scorer", "clean", "analyze")
RIVALS = ("C4", "trafilatura", "jusText")
KINDS = {"page": "whole page", "main": "trafilatura's text"}
MAX_SLOPE = 1.05
MAX_GROWTH = 1.3  # cost per megabyte with five times the rules
MIN_PIPE = 1.7  # times as fast on two processes
#: At least this many times as fast as each of the rivals.
LEAST = {
    "clean, no scorer": {"C4": 1.0, "trafilatura": 40.0, "jusText": 20.0},
    "clean": {"C4": 0.5, "trafilatura": 25.0, "jusText": 12.0},
}
MAX_ANALYZE = 3.0  # times the seconds of `clean`
Curve = Sequence[tuple[float, float]]


def slope(curve: Curve) -> float:
    """Return the slope of a least-squares line through log size and log seconds.

    >>> round(slope([(1, 2), (10, 20), (100, 200)]), 6)
    1.0
    """
    sizes, seconds = zip(*curve, strict=True)
    return linear_regression(list(map(log, sizes)), list(map(log, seconds))).slope


def steepest(curve: Curve) -> float:
    """Return the steepest slope between neighbours of a curve, which the whole may hide.

    >>> round(steepest([(1, 1), (10, 10), (100, 1000)]), 6)
    2.0
    """
    return max(slope(pair) for pair in pairwise(curve))


def total(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Add up the rows of a table."""
    rows = list(rows)
    return {
        "set": "all", "kind": rows[0]["kind"],
        **{name: sum(row[name] for row in rows) for name in ("pages", "lines", "mb")},
        "seconds": {
            name: sum(row["seconds"][name] for row in rows) for name in rows[0]["seconds"]
        },
    }  # fmt: skip


def _of_kind(results: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    rows = [row for row in results["throughput"] if row["kind"] == kind]
    return [*rows, total(rows)]


def goals(results: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """Return (what, goal, measured, met) for each thing to reach."""
    found: list[tuple[str, str, str, bool]] = []
    for kind, label in KINDS.items():
        seconds = _of_kind(results, kind)[-1]["seconds"]
        for name, least in LEAST.items():
            for rival, times in least.items():
                ratio = seconds[rival] / seconds[name]
                found.append((f"`{name}`, {label}: speed over {rival}'s", f"≥ {times:g}",
                              f"{ratio:.2f}", ratio >= times))  # fmt: skip
        ratio = seconds["analyze"] / seconds["clean"]
        found.append((f"`analyze`, {label}: time over `clean`'s", f"≤ {MAX_ANALYZE:g}",
                      f"{ratio:.2f}", ratio <= MAX_ANALYZE))  # fmt: skip
    (_, few), (_, many) = results["rules"]
    found.append(("time a megabyte, 10,000 rules over 2,000", f"≤ {MAX_GROWTH}", f"{many / few:.2f}",
                  many / few <= MAX_GROWTH))  # fmt: skip
    for name, curve in results["growth"].items():
        found.append((f"growth of time, {name}: slope", f"≤ {MAX_SLOPE}", f"{slope(curve):.2f}",
                      slope(curve) <= MAX_SLOPE))  # fmt: skip
    pipe = results["pipe"]["one"] / results["pipe"]["two"]
    found.append(("`pipe` on two processes: times as fast", f"≥ {MIN_PIPE}", f"{pipe:.2f}",
                  pipe >= MIN_PIPE))  # fmt: skip
    start = results["start"]
    for name, limit in (("import", 0.050), ("first clean", 0.100)):
        found.append((f"{name}, over bare Python", f"≤ {limit * 1000:.0f} ms",
                      f"{start[name] * 1000:.0f} ms", start[name] <= limit))  # fmt: skip
    found.append(("memory with all rule sets in use, over bare Python", "≤ 60 MB",
                  f"{start['memory']:.0f} MB", start["memory"] <= 60))  # fmt: skip
    return found


def docs(results: dict[str, Any]) -> str:
    """Return docs/speed.md."""
    run = results["run"]
    parts = [
        "<!-- Written by `python -m benchmarks.speed` from benchmarks/results/speed.json. -->",
        "# Speed",
        "CPU time of one process, everything interleaved in one run, medians; megabytes are UTF-8. "
        "The pages are samples of the development halves of WCXB (English) and DAnIEL (Russian, "
        "Greek, Chinese). C4 is datatrove's `C4QualityFilter(min_num_sentences=-1)` on the same "
        "text; trafilatura and jusText read the HTML of the same pages, and are counted by the "
        "megabytes of the text in question. `clean, no scorer` has the rules of all languages "
        "loaded, and the language is told from the page; `rules of all languages on each page` is "
        "what a page of unknown language costs.",
        f"Measured {run['date']} with cleantext {run['cleantext']} (`{run['commit']}`), Python "
        f"{run['python']}, on {run['machine']}, load {run['load']:.1f} at the start.",
        "## Goals",
        report.table(
            ["", "goal", "measured", "met"],
            ([what, goal, value, "yes" if met else "**no**"]
             for what, goal, value, met in goals(results)),
        ),
    ]  # fmt: skip
    for kind, label in KINDS.items():
        parts += [f"## Megabytes a second: {label}", _throughput(_of_kind(results, kind))]
    parts += ["## Rules", _rules(results["rules"]), "## Growth", _growth(results["growth"])]
    pipe = results["pipe"]
    parts += [
        "## Processes",
        f"`Cleaner.pipe` over {pipe['mb']:.0f} MB of pages, seconds on the wall, start of the "
        f"processes included: {pipe['one']:.2f} s with one process, {pipe['two']:.2f} s with two.",
        "## Run it again",
        "<!-- not run: takes an hour -->\n```sh\npip install -e '.[bench]'\npython -m benchmarks.speed --data FOLDER\n```",
        "The folder holds `wcxb-dev.tar.xz` and `daniel-dev.tar.xz`, which are not part of this "
        "project: archives of the corpora that docs/benchmarks.md names.",
    ]
    return "\n\n".join(parts) + "\n"


def _throughput(rows: Sequence[dict[str, Any]]) -> str:
    names = [*RIVALS, *OURS]
    return report.table(
        ["", "pages", "lines", "MB", *names],
        (
            [row["set"], str(row["pages"]), str(row["lines"]), f"{row['mb']:.2f}",
             *(f"{row['mb'] / row['seconds'][name]:.2f}" for name in names)]
            for row in rows
        ),
    )  # fmt: skip


def _rules(points: Curve) -> str:
    return report.table(
        ["rules", "ms a megabyte"],
        ([f"{int(number):,}", f"{seconds * 1000:.0f}"] for number, seconds in points),
    )


def _growth(curves: dict[str, Curve]) -> str:
    rows = []
    for name, curve in curves.items():
        rows += [[name, f"{int(size):,}", f"{seconds:.4f}", f"{seconds / size * 1e6:.3f}"]
                 for size, seconds in curve]  # fmt: skip
    slopes = "; ".join(
        f"{name}: {slope(curve):.2f} (steepest step {steepest(curve):.2f})"
        for name, curve in curves.items()
    )
    return (
        report.table(["", "size", "seconds", "µs a character or line"], rows)
        + f"\n\nSlope of log time over log size: {slopes}. A size that would have taken over a "
        "quarter of a minute is left out."
    )


def stale(results: dict[str, Any]) -> list[str]:
    """Return the documents that do not show these results."""
    shown = DOCS.read_text(encoding="utf-8") if DOCS.exists() else ""
    return [] if shown == docs(results) else [DOCS.name]
