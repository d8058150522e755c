"""The two pictures: chrome removed against body kept, and bars by category."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

from benchmarks.report import BARS, CURVE, LEVELS, SHOWN

OURS, OTHERS = "#0b6e4f", "#8a4f7d"
SHADES = ("#0b6e4f", "#58a583", "#b5d8c7")


def draw(results: dict[str, Any], folder: Path, mark: str) -> None:
    """Write both pictures; the same results give the same bytes."""
    plt.rcParams.update({"svg.hashsalt": "cleantext", "font.size": 9, "svg.fonttype": "none"})
    metadata = {"Date": None, "Description": mark}
    shown = [results["sections"][name] for name in SHOWN if name in results["sections"]]
    figure, axes = plt.subplots(
        1, len(shown), figsize=(5.2 * len(shown), 4.2), squeeze=False, layout="constrained"
    )
    for axis, section in zip(axes[0], shown, strict=True):
        _curve(axis, section)
    figure.savefig(folder / CURVE, metadata=metadata)
    plt.close(figure)
    figure, axis = plt.subplots(figsize=(7.5, 6.5), layout="constrained")
    _bars(axis, shown[0])
    figure.savefig(folder / BARS, metadata=metadata)
    plt.close(figure)


def _curve(axis: Any, section: dict[str, Any]) -> None:
    """Draw body lost on a scale that grows by tens, so that 99.9 and 99.99 % stand apart."""
    points = [(1 - row["body"], row["chrome"], row) for row in section["rows"]]
    ours = [point for point in points if point[2]["level"]]
    axis.plot([x for x, _, _ in ours], [y for _, y, _ in ours], "o-", color=OURS, zorder=3)
    for x, y, row in points:
        mine = bool(row["level"])
        if not mine:
            axis.plot([x], [y], "s", color=OTHERS)
        # on the left of its point where another stands close on the right, or the frame does
        right = x < 1e-4 or any(
            x / 2 < near < x and abs(y - high) < 0.08 for near, high, _ in points
        )
        axis.annotate(
            f"cleantext {row['level']}" if mine else row["name"], (x, y),
            xytext=(-6 if right else 6, 5), textcoords="offset points",
            ha="right" if right else "left", color=OURS if mine else OTHERS,
        )  # fmt: skip
    axis.set_xscale("symlog", linthresh=1e-4)
    axis.set_xlim(1, -2e-5)
    ticks = [1, 0.1, 0.01, 0.001, 0.0001, 0]
    axis.set_xticks(ticks, [f"{100 * (1 - tick):g} %" for tick in ticks])
    axis.set_ylim(-0.03, 1.03)
    axis.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axis.grid(alpha=0.25)
    axis.set_xlabel("body kept (better to the right)")
    axis.set_ylabel("chrome removed")
    seen = "" if section["unseen"] else ", seen in training"
    axis.set_title(f"{section['title']}, {section['pages']} pages{seen}")


def _bars(axis: Any, section: dict[str, Any]) -> None:
    levels = section["by_category"]
    names = sorted(levels["safe"], key=lambda name: levels["thorough"][name] or 0)
    places = range(len(names))
    for level, color in reversed(list(zip(LEVELS, SHADES, strict=True))):
        axis.barh(places, [levels[level][name] or 0 for name in names], color=color, label=level)
    axis.set_yticks(places, names)
    axis.set_xlim(0, 1)
    axis.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axis.grid(axis="x", alpha=0.25)
    axis.set_title(f"Chrome removed by category: {section['title']}")
    axis.legend(loc="lower right")
