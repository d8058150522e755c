"""Measure cleantext and its rivals, and write what README and docs show of it.

``python -m benchmarks`` prints Markdown tables, writes ``benchmarks/results`` (results.json and two
pictures), docs/benchmarks.md and the table in README.md. ``--ours`` measures our own levels only
and takes the rivals' rows over; ``--labelled`` leaves public corpora out; ``--folds`` takes scorers that have not seen the pages they are
measured on, by ``python -m benchmarks.train ../shared/data --keep FOLDER``; ``--render`` measures
nothing and writes the documents again.
Pages that are not here (public corpora, see benchmarks/public.py; ../shared/data) are left out, and
what results.json has of them stays, with the date of its own run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import corpus_tools, extraction, measure, public, report, rivals
from cleantext.evaluate import read_labelled

CORPORA = measure.ROOT / "corpora"
ARCHIVES = (".tar", ".tar.gz", ".tar.xz", ".tgz", ".zip")
SHARE = 0.1  # of each public corpus
SEEN = "The shipped scorer was trained on them, so our own figures here flatter us"
UNSEEN = "Our scorer here is one that was trained without any page of the host"


def own_sections(old: dict[str, Any], ours: bool) -> dict[str, Any]:
    """Measure on the half of our own corpus that nothing is trained on; on parts of it."""
    pages = measure.unseen_own_pages()
    corpus = measure.digest(measure.corpus_files())
    hard = {
        page["id"] for path in measure.corpus_files() for page in corpus_tools.read(path)
        if page.get("hard")
    }  # fmt: skip
    langs = len({page.lang for page in pages})
    parts = {
        "own": (
            pages, f"Our corpus, {langs} languages",
            "written for this project and part of it; every line labelled. The half of its pages "
            "that the scorer does not learn from; but who wrote the rules has read what they "
            "missed here, so look at real pages below for what to expect of others",
        ),
        "own-en": (
            [page for page in pages if page.lang == "en"], "Our corpus, English",
            "its English pages; some rivals know English only",
        ),
        "own-hard": (
            [page for page in pages if page.id in hard], "Our corpus, hard pages",
            "articles about donations, ads, cookies or subscriptions, quoted appeals, poems and "
            "other short lines, chrome inside paragraphs, pages without any chrome",
        ),
    }  # fmt: skip
    made = {
        name: measure.text_section(
            chosen, title, about, corpus, publish=name == "own",
            before=old.get(name), ours=ours,
        )
        for name, (chosen, title, about) in parts.items()
    }  # fmt: skip
    for section in made.values():
        section["unseen"] = True  # no model is trained on this half
    return made


def folds_needed(section: dict[str, Any], folds: Path | None) -> bool:
    """Tell whether honest figures would be replaced by those of a scorer that has seen the pages."""
    return folds is None and bool(section.get("unseen"))


def gold_sections(
    old: dict[str, Any], ours: bool, folds: Path | None, data: Path = measure.SHARED
) -> dict[str, Any]:
    """Measure on the real pages that were read line by line, where they are here."""
    path = data / "gold-dev.jsonl"
    if not path.exists():
        print(f"skipped: real pages read line by line: {path} is not here")
        return {}
    if folds_needed(old.get("gold-dev", {}), folds):
        print("kept: real pages read line by line: without --folds the scorer has seen them")
        return {}
    pages = read_labelled(path)
    half = [page for page in pages if measure.unseen_half(public.host(page))]
    about = (
        "pages of third parties as three extractors left them, labelled by our own definition of "
        f"chrome; cannot be published. {SEEN if folds is None else UNSEEN}"
    )
    parts = {
        "gold-dev": (pages, "Real pages", about),
        "gold-check": (
            half, "Real pages of hosts that no rule was written from",
            f"the half of these pages whose hosts were set aside. {about.split('. ')[1]}",
        ),
    }  # fmt: skip
    return {
        name: measure.text_section(
            chosen, title, text, measure.digest([path]), before=old.get(name), ours=ours,
            folds=folds,
        )
        for name, (chosen, title, text) in parts.items()
    }  # fmt: skip


def sources(folder: Path | None) -> list[Path]:
    """Return the public corpora in a folder; by default ./corpora, or else ../shared/data."""
    folder = folder or (CORPORA if CORPORA.is_dir() else measure.SHARED)
    if not folder.is_dir():
        return []
    found = [
        path for path in sorted(folder.iterdir()) if path.is_dir() or path.name.endswith(ARCHIVES)
    ]
    return [path for path in found if public.kind_of(path)]


def public_sections(paths: Sequence[Path], share: float, folds: Path | None) -> dict[str, Any]:
    """Measure on public corpora: extractors of HTML, and cleaners on what trafilatura left."""
    if not paths:
        print("skipped: public corpora: none here; benchmarks/public.py says how to get them")
        return {}
    pages, names = [], []
    for path in paths:
        kind, read = public.read(path, share)
        pages += read
        names.append(f"{kind} ({len(read)} pages)")
    corpus = sha256("\n".join(page.id for page in pages).encode()).hexdigest()[:16]
    sample = f"a sample of {', '.join(names)}, chosen by a hash of their ids"
    scorer = SEEN.replace("them", "such pages") if folds is None else UNSEEN
    found = extraction.work_all(pages, folds)
    labelled = [
        public.label(page, each.text, page.id.split("/")[0])
        for page, each in zip(pages, found, strict=True)
    ]
    usable = [page for page in labelled if page.gold is None or not public.gold_forgot(page)]
    return {
        "public-text": measure.text_section(
            usable, "Public pages, text by trafilatura",
            f"{sample}; what `extract(html, favor_recall=True)` left of them, labelled by "
            "alignment with their gold text, which keeps some lines that are chrome to us. "
            f"{scorer}",
            corpus, folds=folds,
        ),
        "public-html": extraction.section(
            found, "Public pages, from HTML",
            f"{sample}, those with gold text; words against that text, and lines of the whole page "
            f"that are body or chrome by it. {scorer}",
            corpus, folds,
        ),
    }  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write, print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--corpora", type=Path, help="folder with checkouts or archives")
    options.add_argument("--share", type=float, default=SHARE, help="of each public corpus")
    options.add_argument(
        "--folds",
        type=Path,
        help="models by `benchmarks.train --keep` that have not seen the pages",
    )
    options.add_argument("--ours", action="store_true", help="take the rivals' rows over")
    options.add_argument(
        "--labelled", action="store_true", help="leave public corpora as they were measured"
    )
    options.add_argument("--render", action="store_true", help="only write the documents again")
    args = options.parse_args(argv)
    start = time.perf_counter()
    results = report.load() or report.EMPTY
    if not args.render:
        if not args.ours:
            skipped = list(rivals.missing([*rivals.TEXT, *rivals.HTML]))
            print("\n".join(skipped))
        old = results["sections"]
        new = own_sections(old, args.ours)
        new |= gold_sections(old, args.ours, args.folds)
        if folds_needed(old.get("public-html", {}), args.folds):
            print("kept: public corpora: without --folds the scorer has seen such pages")
        elif not args.ours and not args.labelled:
            new |= public_sections(sources(args.corpora), args.share, args.folds)
        report.add(new)
        results = report.load() or report.EMPTY  # rounded, as the documents are checked
    print(report.tables(results))
    report.pictures(results)
    report.publish(results)
    print(f"done in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except public.CorpusError as error:
        sys.exit(str(error))
