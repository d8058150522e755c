"""Turn results.json into tables, pictures, docs/benchmarks.md and the table in README.md."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import public

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "results.json"
CURVE, BARS = "curve.svg", "categories.svg"
README = ROOT / "README.md"
DOCS = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- benchmark:start -->", "<!-- benchmark:end -->"
ORDER = ("own", "own-en", "own-hard", "gold-dev", "gold-check", "public-text", "public-html")
SHOWN = ("own", "gold-dev")  # in README and in the pictures
EMPTY: dict[str, Any] = {"sections": {}}
LEVELS = ("safe", "balanced", "thorough")


def load(path: Path = RESULTS) -> dict[str, Any] | None:
    """Return what was measured last, or None."""
    if not path.exists():
        return None
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def add(sections: dict[str, Any], path: Path = RESULTS) -> None:
    """Put sections in the place of earlier ones; another run may have written meanwhile."""
    results = load(path) or EMPTY
    save({"sections": {**results["sections"], **sections}}, path)


def save(results: dict[str, Any], path: Path = RESULTS) -> None:
    """Write what was measured, readable in a diff."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(results), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def percent(share: float | None) -> str:
    """Return a share in percent, rounded down: 100 means all.

    >>> percent(0.999999), percent(1.0), percent(None)
    ('99.99', '100', '–')
    """
    if share is None:
        return "–"
    return "100" if share == 1 else f"{math.floor(round(share * 10_000, 4)) / 100:.2f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is text, the others are figures.

    >>> print(table(["", "a"], [["x", "1"]]))
    | | a |
    |:---|---:|
    | x | 1 |
    """
    lines = [head, [":---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(
        ("|" + "|".join(row) + "|")
        if at == 1
        else ("| " + " | ".join(row) + " |").replace("|  |", "| |")
        for at, row in enumerate(lines)
    )


def _name(row: dict[str, Any]) -> str:
    return f"**{row['name']}**" if row["name"].startswith("cleantext") else str(row["name"])


def section_table(section: dict[str, Any]) -> str:
    """Return the main table of a section."""
    if section["kind"] == "html":
        head = ["", "word F1", "precision", "recall", "body kept", "chrome removed", "s a page"]
        return table(
            head,
            (
                [
                    _name(row),
                    *(percent(row[key]) for key in ("f1", "precision", "recall", "body", "chrome")),
                    f"{row['seconds']:.3f}" if "seconds" in row else "",
                ]
                for row in section["rows"]
            ),
        )
    words = any(row.get("words") for row in section["rows"])
    head = ["", "body kept", "captions kept", "chrome removed", "pages losing body"]
    head += [*(["word F1"] if words else []), "MB/s"]
    return table(
        head,
        (
            [
                _name(row),
                *(percent(row[key]) for key in ("body", "caption", "chrome")),
                percent(row["pages_losing"] / row["pages"]),
                *([percent(row["words"]["f1"])] if words else []),
                "" if row["name"] == "keep all" else f"{row['mb_per_s']:.1f}",
            ]
            for row in section["rows"]
        ),
    )


def tables(results: dict[str, Any]) -> str:
    """Return the main tables of all sections."""
    parts = []
    for name in ORDER:
        if section := results["sections"].get(name):
            run = section["run"]
            parts.append(
                f"## {section['title']}\n\n{section['pages']} pages: {section['about']}. Figures in "
                f"percent, rounded down.\n\n{section_table(section)}\n\nMeasured {run['date']} "
                f"with cleantext {run['cleantext']} (`{run['commit']}`), Python {run['python']}, "
                f"on {run['machine']}; hash of the pages `{section['corpus']}`."
            )
    return "\n\n".join(parts)


def readme_block(results: dict[str, Any]) -> str:
    """Return what stands between the marks in README.md."""
    shown = [results["sections"][name] for name in SHOWN if name in results["sections"]]
    found = [{row["name"]: row for row in section["rows"]} for section in shown]
    head = ["percent of the characters"]
    for section in shown:
        title = section["title"].split(",")[0].lower()
        title += "" if section["unseen"] else " (seen in training)"
        head += [f"{title}: body kept", "captions kept", "chrome removed"]
    rows = [
        [_name(row), *(
            percent(rows[row["name"]][key]) if row["name"] in rows else "–"
            for rows in found for key in ("body", "caption", "chrome")
        )]
        for row in shown[0]["rows"]
    ]  # fmt: skip
    sizes = " and ".join(
        f"{section['pages']} {'pages of our corpus' if at == 0 else 'real pages'}"
        for at, section in enumerate(shown)
    )
    return (
        f"{table(head, rows)}\n\n"
        f"![Chrome removed against body kept](benchmarks/results/{CURVE})\n\n"
        f"Measured on {sizes}, {shown[0]['run']['date']}; "
        "[all tables](docs/benchmarks.md). Run them again: "
        "`pip install -e '.[bench]' && python -m benchmarks`."
    )


def docs(results: dict[str, Any]) -> str:
    """Return docs/benchmarks.md."""
    parts = [
        "<!-- Written by `python -m benchmarks` from benchmarks/results/results.json. -->",
        "# Benchmarks",
        "How much of the article stays and how much chrome goes, in characters without spaces, "
        "beside other tools on the same text. A page loses body when one visible character of it "
        "goes. Bylines and dates are not scored.",
        f"![Chrome removed against body kept](../benchmarks/results/{CURVE})",
        f"![Chrome removed by category](../benchmarks/results/{BARS})",
        tables(results),
        _tools(results),
    ]
    if own := results["sections"].get("own"):
        parts += [_languages(own), _categories(own), _lost(own)]
    commands = "\n".join(
        line for line in (public.__doc__ or "").split("\n") if line.startswith("    ")
    )
    parts += [
        "## Run it again",
        "<!-- not run: takes an hour -->\n```sh\npip install -e '.[bench]'\npython -m benchmarks\n```",
        "A tool that is not installed is left out with a line that says so. The public corpora are "
        "not part of this project:",
        "<!-- not run: downloads -->\n```sh\n"
        + re.sub(r"^    ", "", commands, flags=re.M)
        + "\n```",
        "After a change of rules, `python -m benchmarks --ours` measures our levels again and "
        "leaves the other tools' rows as they are. Our scorer is trained on the real pages, and on "
        "part of the public ones: those are measured with models that have seen no page of the "
        "host, which `python -m benchmarks.train ../shared/data --keep FOLDER` writes and "
        "`python -m benchmarks --folds FOLDER` uses.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _tools(results: dict[str, Any]) -> str:
    used: dict[tuple[str, str], tuple[str, str]] = {}
    for section in results["sections"].values():
        for row in section["rows"]:
            if not row["level"] and "note" in row:
                source = f"{row['package']} {row['version']}" if row["package"] else "–"
                used[section["kind"], row["name"]] = (source, row["note"])
    lines = ["| tool | input | package | used as |", "|---|---|---|---|"]
    lines += [f"| {name} | {kind} | {source} | {note} |"
              for (kind, name), (source, note) in sorted(used.items(), reverse=True)]  # fmt: skip
    return "## How the tools were used\n\n" + "\n".join(lines)


def _languages(section: dict[str, Any]) -> str:
    safe, thorough = section["by_lang"]["safe"], section["by_lang"]["thorough"]
    head = ["language", "pages", *(f"{what}, {level}" for level in ("safe", "thorough")
            for what in ("body kept", "captions kept", "chrome removed"))]  # fmt: skip
    rows = [
        [lang, str(safe[lang]["pages"])]
        + [
            percent(part[lang][key])
            for part in (safe, thorough)
            for key in ("body", "caption", "chrome")
        ]
        for lang in sorted(safe)
    ]
    return "## Our corpus by language\n\n" + table(head, rows)


def _categories(section: dict[str, Any]) -> str:
    levels = section["by_category"]
    rows = [
        [f"`{name}`", *(percent(levels[level][name]) for level in LEVELS)]
        for name in sorted(levels["safe"])
    ]
    return "## Our corpus: chrome removed by category\n\n" + table(["", *LEVELS], rows)


def _lost(section: dict[str, Any]) -> str:
    parts = ["## Our corpus: every line wrongly removed"]
    for level in LEVELS:
        lines = section["lost"][level]
        rows = [f"- `{each['page']}` line {each['line']} ({each['label']}): {_code(each['removed'])}"
                for each in lines]  # fmt: skip
        parts.append(f"### {level}: {len(lines)}\n\n" + ("\n".join(rows) or "None."))
    return "\n\n".join(parts)


def _code(text: str) -> str:
    return "`" + text.replace("`", "'") + "`"


def with_block(text: str, block: str) -> str | None:
    """Return a README with the block between its marks; None where it has no marks."""
    if text.count(START) != 1 or text.count(END) != 1:
        return None
    head, rest = text.split(START)
    if END not in rest:
        return None
    return f"{head}{START}\n{block}\n{END}{rest.split(END)[1]}"


def publish(results: dict[str, Any]) -> None:
    """Write docs/benchmarks.md and the table in README.md."""
    DOCS.parent.mkdir(exist_ok=True)
    DOCS.write_text(docs(results), encoding="utf-8")
    readme = with_block(README.read_text(encoding="utf-8"), readme_block(results))
    if readme is None:
        print(f"skipped: README.md: no {START} … {END} in it")
    else:
        README.write_text(readme, encoding="utf-8")


def stale(results: dict[str, Any]) -> list[str]:
    """Return the documents that do not show these results."""
    readme = README.read_text(encoding="utf-8")
    faults = []
    if not DOCS.exists() or DOCS.read_text(encoding="utf-8") != docs(results):
        faults.append(DOCS.name)
    if with_block(readme, readme_block(results)) != readme:
        faults.append(README.name)
    for name in (CURVE, BARS):
        path = RESULTS.parent / name
        if not path.exists() or picture_mark(results) not in path.read_text(encoding="utf-8"):
            faults.append(name)
    return faults


def picture_mark(results: dict[str, Any]) -> str:
    """Return what is written into a picture to tell which results it shows."""
    from hashlib import sha256

    shown = [
        [section["title"], section["rows"], section["by_category"]]
        for name in SHOWN
        if (section := results["sections"].get(name))
    ]
    data = json.dumps(_rounded(shown), sort_keys=True).encode()
    return f"results {sha256(data).hexdigest()[:16]}"


def pictures(results: dict[str, Any]) -> None:
    """Draw the pictures, where matplotlib is installed."""
    try:
        from benchmarks import pictures as drawing
    except ImportError:
        print("skipped: pictures: matplotlib not installed (extra `bench`)")
        return
    drawing.draw(results, RESULTS.parent, picture_mark(results))
