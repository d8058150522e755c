"""Labels of real pages, made by reading them line by line, without the pages: `labels.jsonl`.

A row has a page's set, the variant of its text, a hash for its id and one of its text, and what
each of its lines is, run by run (`decoded`). `read` finds the text again, where it is: in the lines
of the shared data, and for the variant `resiliparse` in the HTML of the public corpora, which
Resiliparse extracts anew.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib import import_module
from itertools import groupby
from pathlib import Path

from benchmarks import public
from cleantext.evaluate import LabelledLine, LabelledPage
from cleantext.types import CATEGORIES

FILE = Path(__file__).with_name("labels.jsonl")
HTML = "resiliparse"  # the variant that is extracted here
SNIPPETS = "trafilatura-dev"  # the set whose pages are not cut into lines
SHORT = {"p": "caption", "n": "neutral", "m": "mixed"}
_RUN = re.compile(r"(\d+)(\w*)")


def key(name: str, page: str) -> str:
    """Return what stands for a page of a set."""
    return sha256(f"{name}/{page}".encode()).hexdigest()[:12]


def named(source: str, page: str) -> str:
    """Return the id that `read` gives a page; `source` is set and variant, as in `via`."""
    return f"{source}/{page}"


def checksum(lines: Sequence[str]) -> str:
    """Return a hash of a page's lines."""
    return sha256("\n".join(lines).encode()).hexdigest()[:12]


def decoded(runs: str) -> list[str]:
    """Return the label or category of each line: a number for so many lines of body, then others.

    >>> decoded("1 2p 1social_share")
    ['body', 'caption', 'caption', 'social_share']
    """
    found = _RUN.findall(runs)
    return [SHORT.get(what, what) or "body" for size, what in found for _ in range(int(size))]


def coded(labels: Sequence[str]) -> str:
    """Return labels and categories as `decoded` reads them."""
    names = {"body": "", **{label: short for short, label in SHORT.items()}}
    return " ".join(f"{len(list(run))}{names.get(what, what)}" for what, run in groupby(labels))


def texts(data: Path, name: str, variant: str) -> Iterator[tuple[str, str, str | None, list[str]]]:
    """Yield id, URL, language and lines of all pages of a set, as a variant of text has them."""
    if variant == HTML:
        extract = import_module("resiliparse.extract.html2text").extract_plain_text
        for page in public.read(data / f"{name}.tar.xz")[1]:
            text = extract(page.html, main_content=True, alt_texts=False)
            yield page.id.split("/", 1)[1], page.url or "", page.lang, text.splitlines()
        return
    which = "snippets" if name == SNIPPETS else variant
    with gzip.open(data / "lines" / f"{name}.{which}.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if name == SNIPPETS:
                yield row["url"], row["url"], None, row[variant].splitlines()
            else:
                lang = public.LANGS.get(row["lang"], row["lang"])
                yield row["id"], row["url"], lang, [line["text"] for line in row["lines"]]


def read(data: Path, file: Path = FILE) -> Iterator[LabelledPage]:
    """Yield the labelled pages whose text is in the shared data; say how many are not.

    `via` is the set and the variant, as in `wcxb-dev.readability`. Lines of which a part is chrome
    are `unsure`: which part, the labels do not say.
    """
    wanted: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
    with file.open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            wanted[row["set"], row["variant"]][row["page"]] = (row["sum"], row["labels"])
    for (name, variant), pages in wanted.items():
        via = f"{name}.{variant}"
        for page, url, lang, raw in texts(data, name, variant):
            if key(name, page) not in pages:
                continue
            lines = [" ".join(line.split()) for line in raw if line.strip()]
            total, runs = pages[key(name, page)]
            if checksum(lines) == total:
                del pages[key(name, page)]
                yield LabelledPage(
                    named(via, page), tuple(map(_line, lines, decoded(runs))), url, lang, via
                )
        if pages:
            print(f"{via}: {len(pages)} labelled pages are not here or changed")


def _line(text: str, what: str) -> LabelledLine:
    if what in CATEGORIES:
        return LabelledLine(text, "chrome", what)
    return LabelledLine(text, "unsure" if what == "mixed" else what)
