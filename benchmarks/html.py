"""Measure `clean_html` beside the extractors: `python -m benchmarks.html CORPUS… [--model FILE]`.

A corpus is WCXB's development split or DAnIEL (benchmarks/public.py). Word-F1 as WCXB defines it:
words of text and gold as bags, folded, the mean over pages. Pages of the half of the hosts that no
model was trained on when --model names the one that benchmarks/train_html.py wrote with --half.
Times are CPU seconds, the tools in turn on each page; a ratio is the median over pages of a tool's
time to trafilatura's on the same page.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import statistics
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks import public, rivals
from benchmarks.train import halved
from cleantext import Cleaner
from cleantext.evaluate import word_scores
from cleantext.html import model

OURS = "cleantext"
BASE = "trafilatura"
USED = (BASE, "readability-lxml", "resiliparse")
Tool = Callable[[str, str | None], str]


def tools() -> dict[str, Tool]:
    """Return ours and the rivals, by name, ready to run."""
    cleaner = Cleaner()
    found: dict[str, Tool] = {OURS: lambda html, lang: cleaner.clean_html(html)}
    for rival in rivals.present(rivals.HTML):
        if rival.name in USED:
            found[rival.name] = rival.build()
    return found


def page_types(corpus: Path) -> dict[str, str]:
    """Return the type of each page of WCXB, by its id here; nothing for other corpora."""
    types = {}
    for path in sorted(corpus.rglob("ground-truth/*.json")):
        about = json.loads(path.read_text(encoding="utf-8"))
        types[f"wcxb/{path.stem}"] = about["_internal"]["page_type"]["primary"]
    return types


def run(
    pages: Sequence[public.PublicPage], used: dict[str, Tool]
) -> Iterator[dict[str, tuple[float, float]]]:
    """Yield for each page word-F1 and CPU seconds of each tool."""
    for page in pages:
        outcome = {}
        for name, tool in used.items():
            start = time.process_time()
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    text = tool(page.html, page.lang)
            except Exception:  # a tool that fails on a page has found nothing there
                text = ""
            seconds = time.process_time() - start
            outcome[name] = (word_scores(text, page.gold or "")[2], seconds)
        yield outcome


def table(groups: dict[str, list[dict[str, tuple[float, float]]]], used: Sequence[str]) -> str:
    """Return the mean word-F1 of each group as a Markdown table."""
    rows = ["| pages | n | " + " | ".join(used) + " |", "|---" * (len(used) + 2) + "|"]
    for group, outcomes in sorted(groups.items()):
        means = (statistics.fmean(each[name][0] for each in outcomes) for name in used)
        cells = " | ".join(f"{mean:.4f}" for mean in means)
        rows.append(f"| {group} | {len(outcomes)} | {cells} |")
    return "\n".join(rows)


def times(outcomes: Sequence[dict[str, tuple[float, float]]], used: Sequence[str]) -> str:
    """Return for each tool the median and the 95th percentile of its time to trafilatura's."""
    rows = [f"| tool | median time to {BASE}'s | of all pages together |", "|---|---|---|"]
    whole = sum(each[BASE][1] for each in outcomes)
    for name in used:
        ratios = sorted(each[name][1] / each[BASE][1] for each in outcomes if each[BASE][1])
        total = sum(each[name][1] for each in outcomes) / whole
        rows.append(f"| {name} | {statistics.median(ratios):.2f} | {total:.2f} |")
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> None:
    """Run all tools over the check half of the corpora and print what came out."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpora", type=Path, nargs="+")
    options.add_argument("--model", type=Path, help="the model to measure, instead of the shipped")
    options.add_argument("--share", type=float, default=1.0, help="share of the pages")
    options.add_argument("--all", action="store_true", help="both halves of the hosts")
    args = options.parse_args(argv)
    if args.model:
        model.MODEL = str(args.model)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    used = tools()
    used[OURS]("<p>warm</p>", None)
    groups = defaultdict(list)
    for corpus in args.corpora:
        kind, pages = public.read(corpus, args.share)
        types = page_types(corpus)
        pages = [page for page in pages if page.gold and (args.all or halved(public.host(page)))]
        for page, outcome in zip(pages, run(pages, used), strict=True):
            groups[f"{kind}, all"].append(outcome)
            groups[f"{kind}, {types.get(page.id) or page.lang}"].append(outcome)
    print(table(groups, list(used)), end="\n\n")
    print(
        times([each for key in groups if key.endswith(", all") for each in groups[key]], list(used))
    )


if __name__ == "__main__":
    main()
