"""Hold the floors: ``python -m benchmarks.gate`` exits 1 where a figure is below its pinned floor.

Floors, in floors.json, are of body kept, captions kept and chrome removed at each level, on the half
of our own corpus that the scorer does not learn from and, where ../shared/data is here, on the real pages read line by line (on which the scorer
was trained: a guard against regressions, not a measure). ``--pin`` writes what is measured now;
lowering a floor is a commit of its own that says why. It also fails when the figures that README
and docs show are not those of the rules as they are.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measure, report
from cleantext.evaluate import LabelError, LabelledPage, by_level, read_labelled

FLOORS = Path(__file__).parent / "floors.json"
FIGURES = {"body": "body kept", "caption": "captions kept", "chrome": "chrome removed"}
Floors = dict[str, Any]


def figures(pages: Sequence[LabelledPage], corpus: str) -> Floors:
    """Return what is measured on some pages, in the form of floors."""
    return {
        "corpus": corpus,
        "levels": {
            level: {
                # rounded down, so that the figure itself is never below its floor
                name: math.floor((outcome.total.share(name) or 0.0) * 10_000) / 10_000
                for name in FIGURES
            }
            for level, outcome in by_level(pages).items()
        },
    }


def measured(data: Path = measure.SHARED) -> dict[str, Floors]:
    """Measure our own corpus, and the real pages where they are here."""
    found = {"own": figures(measure.unseen_own_pages(), measure.digest(measure.corpus_files()))}
    gold = data / "gold-dev.jsonl"
    if gold.exists():
        found["gold-dev"] = figures(read_labelled(gold), measure.digest([gold]))
    return found


def failures(found: Mapping[str, Floors], floors: Mapping[str, Floors]) -> list[str]:
    """Return a line for each figure below its floor, and for floors of other pages."""
    faults = []
    for name, now in found.items():
        pinned = floors.get(name)
        if pinned is None:
            faults.append(f"{name}: no floors are pinned; run with --pin")
            continue
        if pinned["corpus"] != now["corpus"]:
            faults.append(
                f"{name}: the pages have changed ({pinned['corpus']} -> {now['corpus']}); look at "
                "the figures and run with --pin"
            )
        for level, shares in pinned["levels"].items():
            for figure, floor in shares.items():
                value = now["levels"].get(level, {}).get(figure, 0.0)
                if value < floor:
                    faults.append(f"{name}: {level}: {FIGURES[figure]} {value:.4f} < {floor:.4f}")
    return faults


def outdated(found: Mapping[str, Floors], results: Mapping[str, Any] | None) -> list[str]:
    """Return a line where the published figures of our corpus are not those of today."""
    section = (results or {"sections": {}})["sections"].get("own")
    if section is None:
        return ["results.json: nothing is measured; run python -m benchmarks"]
    shown = {row["level"]: row for row in section["rows"] if row["level"]}
    for level, shares in found["own"]["levels"].items():
        for figure, value in shares.items():
            if math.floor((shown[level][figure] or 0.0) * 10_000 + 1e-6) / 10_000 != value:
                return [
                    f"results.json: {level}: {FIGURES[figure]} is {value:.4f} now, "
                    f"{shown[level][figure]:.4f} there; run python -m benchmarks --ours"
                ]
    return []


def load(path: Path) -> dict[str, Floors]:
    """Return the pinned floors; none where there is no file."""
    if not path.exists():
        return {}
    data: dict[str, Floors] = json.loads(path.read_text(encoding="utf-8"))
    return data


def main(
    argv: Sequence[str] | None = None, *, floors: Path = FLOORS, data: Path = measure.SHARED
) -> int:
    """Compare with the floors, or pin them."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    options.add_argument("--pin", action="store_true", help="write what is measured now as floors")
    args = options.parse_args(argv)
    pinned = load(floors)
    found = measured(data)
    for name, now in found.items():
        for level, shares in now["levels"].items():
            line = "  ".join(f"{FIGURES[key]} {value:.4f}" for key, value in shares.items())
            print(f"{name:9} {level:9} {line}")
    if "gold-dev" not in found:
        print(f"skipped: gold-dev: not in {data}")
    if args.pin:
        floors.write_text(json.dumps({**pinned, **found}, indent=1) + "\n", encoding="utf-8")
        print(f"pinned: {floors}")
        return 0
    faults = failures(found, pinned) + outdated(found, report.load())
    print("\n".join(faults) or "all floors hold")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabelError as error:
        sys.exit(str(error))
