"""Time the library beside other tools: ``python -m benchmarks.speed [--data FOLDER]``.

Prints the tables of docs/speed.md, writes them there and into results/speed.json. CPU time of one
process, everything interleaved in one run, medians; only `pipe` is timed by the clock on the wall,
since its work is done by other processes. A run takes some five minutes. The texts are those of the
development halves of two public corpora (see benchmarks/public.py), by default in ../shared/data;
--render measures nothing and writes the document again.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import measure, public, report, rivals, speed_docs, startup
from cleantext import Cleaner, RuleSet
from cleantext.rulesets import Rule
from cleantext.shipped import load as load_shipped

ROUNDS = 5
CURVE_SECONDS = 15.0  # a point of a curve that would take longer is left out
SAMPLE = {"WCXB": 0.06, "DAnIEL": 0.3}  # share of the pages
SCRIPTS = {"ru": "Cyrillic", "el": "Greek", "zh": "Chinese"}
SIZES = (10**3, 10**4, 10**5, 10**6, 10**7, 5 * 10**7)  # characters
LINES = (10**2, 10**3, 10**4, 10**5, 10**6)
FEW, MANY = 2_000, 10_000  # rules

Run = Callable[[], object]
Tool = Callable[[str, str], object]  # text or HTML, language


@dataclass(frozen=True)
class Group:
    """Pages of one script: their HTML, the text of the whole page, and what trafilatura finds."""

    name: str
    langs: list[str]
    html: list[str]
    page: list[str]
    main: list[str]


def groups(data: Path) -> list[Group]:
    """Read the sample of pages.

    Raises:
        CorpusError: an archive is missing or broken.
    """
    chosen: dict[str, list[public.PublicPage]] = {}
    for archive, name in (("wcxb-dev.tar.xz", "WCXB"), ("daniel-dev.tar.xz", "DAnIEL")):
        for page in public.read(data / archive, SAMPLE[name])[1]:
            script = "English" if name == "WCXB" else SCRIPTS.get(page.lang or "", "")
            if script:
                chosen.setdefault(script, []).append(page)
    recall = next(rival for rival in rivals.HTML if rival.name == "trafilatura, recall").build()
    made = []
    for name, pages in chosen.items():
        pairs = [
            (page.lang or "en", page.html, text, recall(page.html, page.lang))
            for page in pages
            if (text := rivals.html_text(page.html))
        ]
        made.append(Group(name, *map(list, zip(*pairs, strict=True))))
    return made


def tools() -> tuple[dict[str, Tool], dict[str, Tool]]:
    """Return what runs on (text, language), and what runs on (HTML, language)."""
    document = import_module("datatrove.data").Document
    c4 = import_module("datatrove.pipeline.filters").C4QualityFilter(min_num_sentences=-1)
    found = {rival.name: rival for rival in rivals.HTML}
    plain, every = (
        Cleaner(rulesets=["rules"]),
        Cleaner(
            rulesets=[
                *(replace(each, stopwords=frozenset()) for each in without_scorer()),
                "structural",
            ]
        ),
    )
    default = Cleaner("safe")
    texts: dict[str, Tool] = {
        "C4": lambda text, lang: c4.filter(document(text=text, id="")),
        "clean, no scorer": lambda text, lang: plain.clean(text),
        speed_docs.EVERY: lambda text, lang: every.clean(text),
        "clean": lambda text, lang: default.clean(text),
        "analyze": lambda text, lang: default.analyze(text),
    }
    return texts, {name: found[name].build() for name in ("trafilatura", "jusText")}


def without_scorer() -> list[RuleSet]:
    """Return the shipped rule sets, trusted as the package itself trusts them."""
    return [replace(source.get(), stopwords=source.stopwords) for source in load_shipped()]


def timed(run: Run) -> float:
    """Return the CPU seconds that a call takes."""
    start = time.process_time()
    run()
    return time.process_time() - start


def interleaved(runs: dict[str, Run], rounds: int) -> dict[str, list[float]]:
    """Return the CPU seconds of each of the runs, round by round, after one to warm up."""
    for run in runs.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(timed(run))
    return times


def _all(tool: Tool, texts: Sequence[str], langs: Sequence[str]) -> None:
    for text, lang in zip(texts, langs, strict=True):
        tool(text, lang)


def megabytes(texts: Sequence[str]) -> float:
    """Return the size of texts in UTF-8."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6


def throughput(sample: Sequence[Group], rounds: int) -> list[dict[str, Any]]:
    """Time every tool on every set; tools for HTML read the pages that the texts come from."""
    for_text, for_html = tools()
    runs: dict[str, Run] = {}
    for group in sample:
        for name, tool in for_html.items():
            runs[f"{group.name}|html|{name}"] = partial(_all, tool, group.html, group.langs)
        for kind, texts in (("page", group.page), ("main", group.main)):
            for name, tool in for_text.items():
                runs[f"{group.name}|{kind}|{name}"] = partial(_all, tool, texts, group.langs)
    seconds = {name: median(values) for name, values in interleaved(runs, rounds).items()}
    rows = []
    for kind in ("page", "main"):
        for group in sample:
            texts = group.page if kind == "page" else group.main
            row = {name: seconds[f"{group.name}|{kind}|{name}"] for name in for_text}
            row |= {name: seconds[f"{group.name}|html|{name}"] for name in for_html}
            rows.append({
                "set": group.name, "kind": kind, "pages": len(texts), "mb": megabytes(texts),
                "lines": sum(text.count("\n") + 1 for text in texts), "seconds": row,
            })  # fmt: skip
    return rows


def variants(rulesets: Sequence[RuleSet], number: int, seed: int = 7) -> list[Rule]:
    """Return `number` rules: a mix of the shipped ones, and others with their words recombined.

    What grows with the rules is then what grows as rules are written: phrases of the same length and
    language that begin alike, few of which stand on a page.
    """
    chance = random.Random(seed)
    pool = [rule for each in rulesets for rule in each.rules]
    chance.shuffle(pool)
    words = {
        each.lang: [word for rule in each.rules for phrase in rule.phrases + rule.anchors
                    for word in phrase.split()]
        for each in rulesets
    }  # fmt: skip

    def mixed(phrase: str, lang: str | None) -> str:
        size = max(2, len(phrase.split()))
        return " ".join(chance.choice(words[lang]) for _ in range(size))

    made = list(pool[:number])
    while len(made) < number:
        rule = pool[len(made) % len(pool)]
        made.append(replace(
            rule, id=f"{rule.id}-{len(made)}",
            phrases=tuple(mixed(phrase, rule.lang) for phrase in rule.phrases),
            anchors=tuple(mixed(phrase, rule.lang) for phrase in rule.anchors),
            needles=tuple(mixed(phrase, rule.lang) for phrase in rule.needles),
        ))  # fmt: skip
    return made


def by_rules(texts: Sequence[str], rounds: int) -> list[tuple[int, float]]:
    """Return (rules, seconds a megabyte) with few rules and with many, all of them on every page."""
    shipped = without_scorer()
    runs: dict[str, Run] = {}
    for number in (FEW, MANY):
        ruleset = RuleSet("mix", tuple(variants(shipped, number)), shipped=True)
        clean = Cleaner(rulesets=[ruleset, "structural"]).clean
        runs[str(number)] = partial(_each, clean, texts)
    size = megabytes(texts)
    times = interleaved(runs, rounds)
    return [(int(number), median(values) / size) for number, values in times.items()]


def _each(clean: Callable[[str], object], texts: Sequence[str]) -> None:
    for text in texts:
        clean(text)


def growth(pages: Sequence[str]) -> dict[str, list[tuple[int, float]]]:
    """Return (size, seconds) along three curves: pages joined, one line, many short lines."""
    whole = "\n".join(pages)
    single = " ".join(whole.split())
    short = [line for line in whole.split("\n") if 0 < len(line) <= 60]
    cleaner = Cleaner("safe")
    makers: dict[str, tuple[Sequence[int], Callable[[int], str]]] = {
        "characters, pages joined": (SIZES, partial(_repeated, whole)),
        "characters, one line": (SIZES, partial(_repeated, single)),
        "lines, short": (LINES, lambda size: "\n".join(_cycled(short, size))),
    }
    return {name: list(_curve(cleaner, *maker)) for name, maker in makers.items()}


def _repeated(text: str, size: int) -> str:
    return (text * (size // len(text) + 1))[:size]


def _cycled(lines: Sequence[str], size: int) -> list[str]:
    return [lines[at % len(lines)] for at in range(size)]


def _curve(
    cleaner: Cleaner, sizes: Sequence[int], make: Callable[[int], str]
) -> Iterator[tuple[int, float]]:
    last = (1, 0.0)
    for size in sizes:
        if last[1] * size / last[0] > CURVE_SECONDS:
            return
        # Given: where pages of several are joined it may not be told, and then the rules of all run.
        run = partial(cleaner.clean, make(size), lang="en")
        once = timed(run)
        again = max(1, min(50, int(0.5 / (once + 1e-4))))
        best = min([once, *(timed(run) for _ in range(again))])
        last = (size, best)
        yield last


def pipe(texts: Sequence[str]) -> dict[str, float]:
    """Return seconds on the wall of `pipe` with one process and with two."""
    cleaner = Cleaner("safe")
    size = megabytes(texts)
    start = time.perf_counter()
    cleaner.clean(texts[0])
    _each(cleaner.clean, texts[:40])
    rate = megabytes(texts[:40]) / (time.perf_counter() - start)
    many = list(texts) * max(1, round(6 * rate / size))  # six seconds' work for one process
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for processes, found in times.items():
            start = time.perf_counter()
            for _ in cleaner.pipe(many, processes=processes):
                pass
            found.append(time.perf_counter() - start)
    return {"one": median(times[1]), "two": median(times[2]), "mb": megabytes(many)}


def measured(data: Path, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure everything."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sample = groups(data)
    english = sample[0]
    load = os.getloadavg()[0]
    return {
        "run": measure.stamp() | {"load": load},
        "start": startup.measured(),
        "throughput": throughput(sample, rounds),
        "rules": by_rules(english.page[:40], rounds),
        "growth": growth(english.page),
        "pipe": pipe(english.page),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark as a program."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--data", type=Path, default=measure.SHARED)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--render", action="store_true", help="write the document again")
    args = parser.parse_args(argv)
    if not args.render:
        begin = time.perf_counter()
        report.save(measured(args.data, args.rounds), speed_docs.RESULTS)
        print(f"done in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    results = json.loads(speed_docs.RESULTS.read_text(encoding="utf-8"))
    speed_docs.DOCS.write_text(speed_docs.docs(results), encoding="utf-8")
    print(speed_docs.docs(results))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except public.CorpusError as error:
        sys.exit(str(error))
