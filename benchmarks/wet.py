"""Clean a WET file of the size of a crawl's by one command: rate by number of jobs, and memory.

``python -m benchmarks.wet`` makes the file once, from the pages of ../shared/data (10,000 pages, over
and over the same ones, in the order of a fixed shuffle), cleans it with one job and with two, turn
about, and prints the best rate of each, their ratio, and the most memory that a process took on a
tenth of the pages and on all. None of the pages becomes part of the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import SHARED
from cleantext.cli.warc import conversion

SETS = ("wcxb-dev.page", "daniel-dev.page")


class Run(NamedTuple):
    """One command: seconds on the clock and of processors, the most memory of a process in bytes."""

    seconds: float
    processor: float
    memory: int


def pages(data: Path) -> Iterator[tuple[str, str]]:
    """Yield URL and text of the whole pages in a folder of labelled ones."""
    for name in SETS:
        with gzip.open(data / "lines" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                url = row["url"] or "unknown.example"
                url = url if "://" in url else f"http://{url}/"
                yield url, "\n".join(each["text"] for each in row["lines"]) + "\n"


def make(path: Path, data: Path, count: int) -> int:
    """Write a WET file of `count` pages, each compressed by itself; return the bytes of text."""
    known = list(pages(data))
    random.Random(0).shuffle(known)
    size = 0
    with open(path, "wb") as file:
        for number in range(count):
            url, text = known[number % len(known)]
            body = text.encode()
            size += len(body)
            headers = {
                "WARC-Date": "2024-01-01T00:00:00Z",
                "WARC-Record-ID": f"<urn:uuid:{number:032x}>",
            }
            file.write(gzip.compress(conversion(headers, url, body), 6))
    return size


def clean(path: Path, jobs: int, *options: str) -> Run:
    """Run the command on a file, output and all."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "clean.wet.gz")
        code = "from cleantext.cli.main import main; main()"
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path), "-o", out, "--jobs", str(jobs),
             "--no-config", "--no-progress", *options], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"the command failed with exit code {process.returncode}")
        seconds = time.perf_counter() - started
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("options", nargs="*", help="of the command, after --")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole, tenth = Path(folder, "pages.wet.gz"), Path(folder, "tenth.wet.gz")
        size = make(whole, args.data, args.pages)
        make(tenth, args.data, args.pages // 10)
        print(
            f"{args.pages} pages, {size / 1e6:.1f} MB of text, {whole.stat().st_size / 1e6:.1f} MB of file"
        )
        small = max(clean(tenth, jobs, *args.options).memory for jobs in (1, args.jobs))
        best: dict[int, Run] = {}
        for _ in range(args.runs):
            for jobs in (1, args.jobs):
                run = clean(whole, jobs, *args.options)
                print(
                    f"{jobs} jobs: {run.seconds:.1f} s, {run.processor:.1f} s of processors",
                    flush=True,
                )
                best[jobs] = min(best.get(jobs, run), run)
    for jobs, run in best.items():
        print(
            f"{jobs} jobs: {args.pages / run.seconds:,.0f} pages/s, {size / 1e6 / run.seconds:.2f} MB/s"
        )
    print(
        f"{args.jobs} jobs are {best[1].seconds / best[args.jobs].seconds:.2f} times as fast as one"
    )
    memory = max(run.memory for run in best.values())
    print(f"memory: {small / 1e6:.0f} MB on a tenth, {memory / 1e6:.0f} MB on all")


if __name__ == "__main__":
    main()
