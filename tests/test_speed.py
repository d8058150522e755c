"""The benchmark of speed: what it computes and publishes, not how fast anything is."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from benchmarks import speed, speed_docs
from cleantext import Cleaner, RuleSet


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(speed_docs.RESULTS.read_text(encoding="utf-8"))
    return loaded


def test_the_document_shows_the_results(results: dict[str, Any]) -> None:
    assert speed_docs.stale(results) == [], "run: python -m benchmarks.speed --render"


def test_a_changed_figure_makes_it_stale(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["start"]["import"] = 9.876
    assert speed_docs.stale(other) == ["speed.md"]
    assert "| import, over bare Python | ≤ 50 ms | 9876 ms | **no** |" in speed_docs.docs(other)


def test_goals_are_judged_by_sums_over_the_sets() -> None:
    def row(name: str, mb: float, seconds: float) -> dict[str, Any]:
        times = {"C4": 1.0, "trafilatura": 40.0, "jusText": 19.0, "clean": 2.0, "analyze": 6.0}
        return {"set": name, "kind": "page", "pages": 1, "lines": 1, "mb": mb,
                "seconds": times | dict.fromkeys(speed_docs.OURS[:2], seconds)}  # fmt: skip

    rows = [row("a", 1, 0.5), row("b", 3, 1.5)]
    made = {
        "throughput": [*rows, *({**each, "kind": "main"} for each in rows)],
        "rules": [[2000, 1.0], [10000, 1.31]], "pipe": {"one": 17.0, "two": 10.0, "mb": 1.0},
        "growth": {"lines": [[1, 1], [10, 10], [100, 150]]},
        "start": {"import": 0.05, "first clean": 0.11, "memory": 61.0},
    }  # fmt: skip
    met = {what: (value, met) for what, _, value, met in speed_docs.goals(made)}
    assert met["`clean, no scorer`, whole page: speed over C4's"] == ("1.00", True)
    assert met["`clean, no scorer`, whole page: speed over jusText's"] == ("19.00", False)
    assert met["`clean`, whole page: speed over trafilatura's"] == ("20.00", False)
    assert met["`analyze`, whole page: time over `clean`'s"] == ("3.00", True)
    assert met["time a megabyte, 10,000 rules over 2,000"] == ("1.31", False)
    assert met["growth of time, lines: slope"] == ("1.09", False)
    assert met["`pipe` on two processes: times as fast"] == ("1.70", True)
    assert met["import, over bare Python"] == ("50 ms", True)
    assert met["memory with all rule sets in use, over bare Python"] == ("61 MB", False)


def test_more_rules_are_the_same_rules_and_others() -> None:
    few = speed.variants(speed.without_scorer(), 300)
    many = speed.variants(speed.without_scorer(), 4000)
    assert many[:300] == few
    assert len({rule.id for rule in many}) == 4000
    cleaner = Cleaner(rulesets=[RuleSet("mix", tuple(many), shipped=True)])
    assert cleaner.clean("A quiet day.\nShare this article") == "A quiet day.\n"


def test_runs_are_interleaved_after_one_to_warm_up() -> None:
    log: list[str] = []
    times = speed.interleaved({name: lambda name=name: log.append(name) for name in "ab"}, 2)  # type: ignore[misc]
    assert "".join(log) == "ababab"
    assert {name: len(values) for name, values in times.items()} == {"a": 2, "b": 2}
