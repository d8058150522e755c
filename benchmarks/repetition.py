"""Measure what the repetition index removes, what it costs, and how its weights came about.

``python -m benchmarks.repetition`` prints a table: hosts with five pages or more of labelled news
pages (DAnIEL, see docs/scorer.md), copies of an article left out, each page cleaned with the index
that all of them made. Both text variants: whole pages, and what trafilatura left of them. The half
of the hosts that nothing was chosen from is `check`. ``--folds FOLDER`` takes scorers that have not
seen the pages, by ``python -m benchmarks.train DATA --keep FOLDER``; ``--cost`` measures time and
memory instead; ``--fit`` fits the weights of `cleantext.rules.repeats` to the `tune` half.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measure
from cleantext import Cleaner, Level, RepetitionIndex
from cleantext.evaluate import Evaluation, LabelledLine, LabelledPage, by_cleaner, evaluate
from cleantext.normalize import fold
from cleantext.rules.repetition import site_of
from cleantext.rules.scorer import Scorer

Hosts = dict[str, list[LabelledPage]]
VARIANTS = {"page": "whole page", "trafilatura-recall": "trafilatura"}
LEAST = 5  # pages of a host
LANGS = {"English": "en", "Polish": "pl", "Greek": "el", "Russian": "ru", "Chinese": "zh"}


def read(path: Path, least: int = LEAST) -> Hosts:
    """Return the pages of lines aligned with gold text, by host; one page for each article.

    A page is a copy when half of its body, by letters of lines of 40 or more, or of the body of an
    earlier page of the host, is the same.
    """
    hosts: Hosts = defaultdict(list)
    bodies: dict[str, list[set[str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            lines = tuple(
                LabelledLine(" ".join(line["text"].splitlines()), line["label"])
                for line in row["lines"]
            )
            body = {line.text for line in lines if line.label == "body" and len(line.text) >= 40}
            site = site_of(row["url"] or "")
            if not site or any(
                _letters(body & other) >= 0.5 * min(map(_letters, (body, other)))
                for other in bodies[site] if body and other
            ):  # fmt: skip
                continue
            bodies[site].append(body)
            lang = LANGS.get(row["lang"], row["lang"])
            hosts[site].append(LabelledPage(row["id"], lines, row["url"], lang))
    return {host: pages for host, pages in hosts.items() if len(pages) >= least}


def _letters(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


def agreed(hosts: Hosts) -> Hosts:
    """Return the pages with contradictory labels left out.

    A line is not scored as body where it stands on over half of its host's pages and is labelled
    chrome on one: the gold text of some pages kept the site's copyright notice.
    """
    out = {}
    for host, pages in hosts.items():
        labels: dict[str, set[str]] = defaultdict(set)
        on: Counter[str] = Counter()
        for page in pages:
            on.update({line.text for line in page.lines})
            for line in page.lines:
                labels[line.text].add(line.label)
        doubtful = {
            text for text, seen in labels.items()
            if {"body", "chrome"} <= seen and 2 * on[text] > len(pages)
        }  # fmt: skip
        out[host] = [
            LabelledPage(page.id, tuple(
                LabelledLine(line.text, "unsure")
                if line.label == "body" and line.text in doubtful else line
                for line in page.lines
            ), page.url, page.lang)
            for page in pages
        ]  # fmt: skip
    return out


def fitted(hosts: Hosts) -> RepetitionIndex:
    """Return the index of all the pages."""
    index = RepetitionIndex()
    for pages in hosts.values():
        index.update((page.text, page.url or "") for page in pages)
    return index


def seen_twice(pages: Sequence[LabelledPage]) -> Callable[[LabelledPage], list[tuple[int, int]]]:
    """Return the plain rule to compare with: what stands on two other pages of the host goes."""
    counts = Counter(
        key for page in pages for key in {fold(line.text).strip() for line in page.lines}
    )

    def remove(page: LabelledPage) -> list[tuple[int, int]]:
        spans, at = [], 0
        for line in page.lines:
            if counts[fold(line.text).strip()] > 2:
                spans.append((at, at + len(line.text)))
            at += len(line.text) + 1
        return spans

    return remove


def table(data: Path, folds: Path | None) -> Iterator[str]:
    """Yield the rows of the table, in Markdown."""
    yield ("| text | rules | level | half | body kept | where labels agree | chrome removed "
           "| pages losing body |")  # fmt: skip
    yield "|---|---|---|---|---|---|---|---|"
    for variant, name in VARIANTS.items():
        hosts = read(data / "lines" / f"daniel-dev.{variant}.jsonl.gz")
        index, labels = fitted(hosts), agreed(hosts)
        for rules, level in (
            ("seen on 2 others", "-"), ("repetition alone", "safe"),
            ("repetition alone", "balanced"), ("all but repetition", "balanced"),
            ("all", "safe"), ("all", "balanced"),
        ):  # fmt: skip
            scores: dict[str, tuple[Evaluation, Evaluation]] = defaultdict(
                lambda: (Evaluation(), Evaluation())
            )
            for host, pages in hosts.items():
                remove = remover(rules, level, index, folds, pages)
                gone = {page.id: remove(page) for page in pages}
                half = "check" if measure.unseen_half(host) else "tune"
                for key in (half, "both"):
                    for part, labelled in zip(scores[key], (pages, labels[host]), strict=True):
                        evaluate(labelled, lambda page, gone=gone: gone[page.id], part)  # type: ignore[misc]
            for half in ("check", "both"):
                given, mended = (score.total for score in scores[half])
                shares = [given.share("body"), mended.share("body"), given.share("chrome")]
                shown = " | ".join("-" if share is None else f"{share:.4f}" for share in shares)
                losing = f"{mended.pages_losing}/{mended.pages}"
                yield f"| {name} | {rules} | {level} | {half} | {shown} | {losing} |"


def remover(
    rules: str,
    level: Any,
    index: RepetitionIndex,
    folds: Path | None,
    pages: Sequence[LabelledPage],
) -> Callable[[LabelledPage], Any]:
    """Return what removes text from the pages of one host."""
    if rules == "seen on 2 others":
        return seen_twice(pages)
    if rules == "repetition alone":
        return by_cleaner(Cleaner(level, [], repetition=index))
    sets: list[Any] = ["default"]
    if folds is not None:
        number = measure.fold(site_of(pages[0].url or ""), len(list(folds.glob("fold*.json"))))
        sets.append(Scorer.load(folds / f"fold{number}.json"))
    return by_cleaner(Cleaner(level, sets, repetition=index if rules == "all" else None))


def cost(data: Path, level: Level = "balanced") -> Iterator[str]:
    """Yield what adding, cleaning and keeping cost, by kB (1,000 bytes of UTF-8) of text."""
    for variant, name in VARIANTS.items():
        hosts = read(data / "lines" / f"daniel-dev.{variant}.jsonl.gz")
        pages = [(page.text, page.url or "") for each in hosts.values() for page in each]
        size = sum(len(text.encode()) for text, _ in pages) / 1000
        index, with_index = fitted(hosts), Cleaner(level, repetition=fitted(hosts))
        without = Cleaner(level)

        def clean(cleaner: Cleaner, pages: Sequence[tuple[str, str]] = pages) -> None:
            for text, url in pages:
                cleaner.clean(text, url=url)

        clean(without)
        adding = _seconds(lambda pages=pages: RepetitionIndex().update(pages))  # type: ignore[misc]
        plain, looked = (_seconds(lambda c=c: clean(c)) for c in (without, with_index))  # type: ignore[misc]
        yield (
            f"{name}: {len(pages)} pages of {size / len(pages):.1f} kB; adding "
            f"{1e6 * adding / size:.0f} µs/kB, cleaning {1e6 * plain / size:.0f} µs/kB, with the "
            f"index {1e6 * looked / size:.0f} µs/kB: {adding / plain:.2f} and {looked / plain:.2f} "
            "of the time of cleaning"
        )
        records = [record for _, record in index.records()]
        lines = sum(len(counts.lines()) for _, counts in index._items())
        yield (
            f"{name}: {lines / len(pages):.0f} distinct lines a page; "
            f"{sum(map(len, records)) / len(pages):.0f} bytes a page, all told"
        )
    yield from scale()


def scale(sites: int = 1000, pages: int = 100, fresh: int = 40, shared: int = 60) -> Iterator[str]:
    """Yield the memory of a crawl of random text: pages come in random order of their sites."""
    order = [site for site in range(sites) for _ in range(pages)]
    random.Random(1).shuffle(order)
    index = RepetitionIndex()
    tracemalloc.start()
    started = time.perf_counter()
    for number, site in enumerate(order):
        lines = [f"line {site} {'x' * at} of the site" for at in range(shared)]
        lines += [f"line {number} {'y' * at} of the page" for at in range(fresh)]
        random.Random(number).shuffle(lines)
        # Letters, not digits, tell the lines apart: numbers are masked.
        text = "\n".join(lines).translate({48 + digit: 97 + digit for digit in range(10)})
        index.add(text, url=f"https://s{site}.example/{number}")
    seconds = time.perf_counter() - started
    index.pack()
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index")
        began = time.perf_counter()
        index.save(path)
        saving = time.perf_counter() - began
        size = path.stat().st_size
        began = time.perf_counter()
        RepetitionIndex.load(path)
        loading = time.perf_counter() - began
    total = sites * pages
    yield (
        f"{total:,} pages of {sites:,} sites, {fresh} lines of their own and {shared} of their "
        f"site's: {now / 1e6:.0f} MB ({now / total:.0f} bytes a page), at most {peak / 1e6:.0f} MB; "
        f"file of {size / 1e6:.0f} MB, saved in {saving:.2f} s, opened in {1000 * loading:.1f} ms; "
        f"{total / seconds:.0f} pages/s under the memory tracer"
    )


def _seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def observed(hosts: Hosts, weight: float, labels: str) -> dict[tuple[str, int, int, str], float]:
    """Return how often a line of a kind and label stood on k of n other pages.

    Smaller sites are drawn from each host, too. Lines that `Look` spares are left out.
    """
    draw, seen = random.Random(5), defaultdict[tuple[str, int, int, str], float](float)
    for host, pages in hosts.items():
        if measure.unseen_half(host):
            continue
        draws = [pages, *(draw.sample(pages, n) for n in (2, 3, 5, 9, 17) if n < len(pages))]
        for sample in draws:
            for kind, k, n, label in _stands(sample):
                if label in labels:
                    seen[kind, k, n, label] += weight / len(pages) ** 0.5
    return seen


def _stands(pages: Sequence[LabelledPage]) -> Iterator[tuple[str, int, int, str]]:
    index, engine = fitted({"": list(pages)}), Cleaner("safe", [])._engine
    for labelled in pages:
        page = engine.page(labelled.text, labelled.url, labelled.lang)
        look = index.look(page)
        if look is None:
            continue
        for at, line in enumerate(labelled.lines):
            spared = at in look.exempt or (at in look.head and look.others[at] > 0)
            if line.label in ("body", "chrome") and not spared:
                yield look.kind(at), look.others[at], look.pages, line.label


def fit(data: Path) -> Iterator[str]:
    """Yield the parameters of `cleantext.rules.repeats`: beta distributions by kind and label."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import betaln

    seen = defaultdict[tuple[str, int, int, str], float](float)
    for variant, weight in (("page", 0.3), ("trafilatura-recall", 1.0)):
        # Products and manuals (WCXB) for body that templates repeat; their gold lacks much of it.
        for corpus, least, labels in (("daniel", LEAST, "body chrome"), ("wcxb", 3, "body")):
            hosts = read(data / "lines" / f"{corpus}-dev.{variant}.jsonl.gz", least)
            for key, count in observed(hosts, weight, labels).items():
                seen[key] += count
    for kind in ("short", "open", "prose"):
        for label in ("chrome", "body"):
            rows = [
                (k, n, w) for (what, k, n, told), w in seen.items() if (what, told) == (kind, label)
            ]
            k, n, w = np.array(rows).T

            def loss(logs: Any, k: Any = k, n: Any = n, w: Any = w, label: str = label) -> float:
                told = w * (
                    betaln(k + np.exp(logs[0]), n - k + np.exp(logs[1])) - betaln(*np.exp(logs))
                )
                # Priors: few lines of body recur, and the shares of chrome shall not be all or none.
                if label == "chrome":
                    return float(60 * ((logs - np.log(0.4)) ** 2).sum() - told.sum())
                return float(0.5 * (logs[0] - np.log(0.01)) ** 2 + 5 * logs[1] ** 2 - told.sum())

            a, b = np.exp(minimize(loss, [-1.0, 0.0], method="Nelder-Mead").x)
            yield f"{kind:6} {label:7} a {a:.4f} b {b:.4f} from {w.sum():.0f} (weighted) lines"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.repetition", description=__doc__)
    options.add_argument("--data", type=Path, default=measure.SHARED)
    options.add_argument("--folds", type=Path)
    options.add_argument("--cost", action="store_true")
    options.add_argument("--fit", action="store_true")
    args = options.parse_args(argv)
    if not (args.data / "lines").is_dir():
        print(f"{args.data}/lines is not here; docs/scorer.md says where the pages come from")
        return 2
    rows = (
        fit(args.data)
        if args.fit
        else cost(args.data)
        if args.cost
        else table(args.data, args.folds)
    )
    for row in rows:
        print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
