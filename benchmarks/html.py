"""Measure `clean_html` beside the extractors: `python -m benchmarks.html CORPUS… [--folds FOLDER]`.

A corpus is WCXB's development split or DAnIEL (benchmarks/public.py). Word-F1 as WCXB defines it:
words of text and gold as bags, folded, the mean over pages: those of the check half of the hosts.
``--folds`` takes, for each page, the model that was trained without its host: what
benchmarks/train_html.py wrote with --keep. Without it our own figures are of pages that were learned from.
Times are CPU seconds, the tools in turn on each page; a ratio is the median over pages of a tool's
time to trafilatura's on the same page.

`captions.jsonl` says of 60 pages which captions and credits of pictures are the article's and which
are others': fingerprints of their text, labelled by hand from the pages.
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
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from benchmarks import public, rivals
from benchmarks.measure import unseen_half
from benchmarks.train_html import fold
from cleantext import Cleaner
from cleantext.evaluate import word_scores
from cleantext.html import model
from cleantext.html.model import Model

CAPTIONS = Path(__file__).parent / "captions.jsonl"
OURS = "cleantext"
BASE = "trafilatura"
USED = (BASE, "readability-lxml", "resiliparse")
Tool = Callable[[str, str | None], str]
#: By tool: word-F1 and CPU seconds.
Outcome = dict[str, tuple[float, float]]


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


def fold_models(folder: Path) -> list[Callable[[], Model]]:
    """Return for each fold what gives the model that has not seen it."""
    found = [Model(json.loads(path.read_text())) for path in sorted(folder.glob("fold*.json"))]
    return [partial(lambda each: each, each) for each in found]


def run(
    pages: Sequence[public.PublicPage], used: dict[str, Tool], folds: Sequence[Callable[[], Model]]
) -> Iterator[Outcome]:
    """Yield for each page word-F1 and CPU seconds of each tool."""
    for page in pages:
        use(folds, page)
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


def table(groups: dict[str, list[Outcome]], used: Sequence[str]) -> str:
    """Return the mean word-F1 of each group as a Markdown table."""
    rows = ["| pages | n | " + " | ".join(used) + " |", "|---" * (len(used) + 2) + "|"]
    for group, outcomes in sorted(groups.items()):
        means = (statistics.fmean(each[name][0] for each in outcomes) for name in used)
        cells = " | ".join(f"{mean:.4f}" for mean in means)
        rows.append(f"| {group} | {len(outcomes)} | {cells} |")
    return "\n".join(rows)


def times(outcomes: Sequence[Outcome], used: Sequence[str]) -> str:
    """Return for each tool the median and the 95th percentile of its time to trafilatura's."""
    rows = [f"| tool | median time to {BASE}'s | of all pages together |", "|---|---|---|"]
    whole = sum(each[BASE][1] for each in outcomes)
    for name in used:
        ratios = sorted(each[name][1] / each[BASE][1] for each in outcomes if each[BASE][1])
        total = sum(each[name][1] for each in outcomes) / whole
        rows.append(f"| {name} | {statistics.median(ratios):.2f} | {total:.2f} |")
    return "\n".join(rows)


def fingerprint(text: str) -> str:
    """Return what stands for a caption in captions.jsonl."""
    return sha256("".join(text.split()).encode()).hexdigest()[:12]


def captions(
    pages: Sequence[public.PublicPage], folds: Sequence[Callable[[], Model]]
) -> tuple[Counter[str], Counter[str]]:
    """Return how many labelled captions there are, and how many we keep, by `captions`, `others`."""
    rows = map(json.loads, CAPTIONS.read_text(encoding="utf-8").splitlines())
    labels = {row["page"]: row for row in rows}
    there: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    cleaner = Cleaner()
    for page in pages:
        if page.id in labels:
            use(folds, page)
            lines = cleaner.clean_html(page.html).splitlines()
            marks = {fingerprint(line) for line in lines}
            for name in ("captions", "others"):
                there[name] += len(labels[page.id][name])
                kept[name] += len(marks.intersection(labels[page.id][name]))
    return there, kept


def use(folds: Sequence[Callable[[], Model]], page: public.PublicPage) -> None:
    """Have `clean_html` use the model that has not seen the page's host, where there is one."""
    if folds:
        setattr(model, "load", folds[fold(public.host(page), len(folds))])  # noqa: B010


def main(argv: Sequence[str] | None = None) -> None:
    """Run all tools over the check half of the corpora and print what came out."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpora", type=Path, nargs="+")
    options.add_argument("--folds", type=Path, help="folder with the models of the folds")
    options.add_argument("--share", type=float, default=1.0, help="share of the pages")
    options.add_argument("--all", action="store_true", help="both halves of the hosts")
    args = options.parse_args(argv)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    used = tools()
    used[OURS]("<p>warm</p>", None)
    groups: dict[str, list[Outcome]] = defaultdict(list)
    folds = fold_models(args.folds) if args.folds else []
    for corpus in args.corpora:
        kind, pages = public.read(corpus, args.share)
        types = page_types(corpus)
        there, kept = captions(pages, folds)
        for name in there:
            print(f"{kind}, {name} of pictures kept: {kept[name]} of {there[name]}")
        pages = [
            page for page in pages if page.gold and (args.all or unseen_half(public.host(page)))
        ]
        for page, outcome in zip(pages, run(pages, used, folds), strict=True):
            groups[f"{kind}, all"].append(outcome)
            groups[f"{kind}, {types.get(page.id) or page.lang}"].append(outcome)
    print(table(groups, list(used)), end="\n\n")
    print(
        times([each for key in groups if key.endswith(", all") for each in groups[key]], list(used))
    )


if __name__ == "__main__":
    main()
