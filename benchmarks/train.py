"""Train the scorer: `python -m benchmarks.train DATA [--folds 5] [--write] [--keep FOLDER]`.

DATA is a folder with labelled pages (`gold-dev.jsonl`, `appeals-dev.jsonl`) and lines aligned with
published gold text (`lines/*.jsonl.gz`, see docs/scorer.md for sources and licences), to which
`labels.jsonl` has labels made by hand; half of the pages of our own corpus, and those of
`training`, are learned from as well. Deterministic. Models of folds by host are measured on pages
that they have not seen; with --write, one model on everything is written to the package. The learning itself is in `cleantext.learn`, which `cleantext fit --labels` uses too.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import corpus_tools, labels
from benchmarks.measure import fold, share, unseen_half
from cleantext import LEVELS, Cleaner
from cleantext.evaluate import (
    Evaluation,
    LabelledPage,
    by_cleaner,
    evaluate,
    host_of,
    read_labelled,
)
from cleantext.learn import Sample, look, train
from cleantext.rules.scorer import MODEL, Scorer

halved = unseen_half  # of the hosts that no rule was written from
GOLD = ("gold-dev", "appeals-dev", "hand")  # read by people, for the scorer or for measuring
READ = (*GOLD, "own")
SURE = 2.5  # log-odds of the rules from which "body" in aligned gold is not believed
DENOISE = 2.0  # log-odds of a model that has not seen a page from which its aligned label is not
CROPS = 0.12  # share of the pages whose first lines are learned from as pages of their own
LANGS = {"English": "en", "Polish": "pl", "Greek": "el", "Russian": "ru", "Chinese": "zh"}
SHARES = {  # of the aligned pages, by variant: pages as extractors leave them count most
    "page": 0.5,
    "trafilatura-recall": 0.9,
    "trafilatura-default": 0.5,
    "readability": 0.7,
}


def read_gold(path: Path, weight: float) -> Iterator[Sample]:
    """Yield pages labelled by hand."""
    for page in read_labelled(path):
        yield Sample.of(page, host_of(page.url), path.stem, weight)


def read_own() -> Iterator[Sample]:
    """Yield our own pages, but for the half of the corpus that is measured."""
    for folder in (corpus_tools.CORPUS, corpus_tools.TRAINING):
        for path in sorted(folder.glob("*.jsonl")):
            for page in read_labelled(path):
                if folder == corpus_tools.TRAINING or not halved(page.id):
                    yield Sample.of(page, page.id, "own", 45.0)


def read_lines(path: Path, keep: float, known: Container[str]) -> Iterator[Sample]:
    """Yield pages labelled by alignment; a `keep` share of them, the same for no two variants.

    Those whose id, as `labels.read` makes it, is `known` are left out: they are labelled by hand.
    """
    source = path.name.removesuffix(".jsonl.gz")
    # Whole pages have ten times the lines of extractor text; hardly one is labelled by hand.
    kind, stress = (0.1, 100.0) if source.endswith(".page") else (1.0, 1.0)
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            page = json.loads(row)
            if share(source + page["id"]) >= keep or labels.named(source, page["id"]) in known:
                continue
            lines = page["lines"]
            yield Sample(
                page["id"], host_of(page["url"]), source, [line["text"] for line in lines],
                [{"body": 0, "chrome": 1}.get(line["label"]) for line in lines],
                # A third of what the gold leaves out between its lines is body that it forgot.
                [kind * (0.25 if line.get("why") == "in" else 0.7) for line in lines],
                LANGS.get(page.get("lang"), page.get("lang")), stress,
            )  # fmt: skip


def crops(samples: Sequence[Sample]) -> Iterator[Sample]:
    """Yield the first lines of some pages: people clean fragments as well."""
    for sample in samples:
        draw = share(f"crop{sample.source}{sample.id}")
        if draw < CROPS:
            part = slice(0, 5 + int(draw / CROPS * 9))
            yield replace(
                sample, source="crops", lines=sample.lines[part], labels=sample.labels[part],
                weights=[weight / 4 for weight in sample.weights[part]], stress=1.0,
            )  # fmt: skip


def load(data: Path, part: float = 1.0) -> list[Sample]:
    """Read all training pages."""
    hand = [Sample.of(page, host_of(page.url), "hand", 45.0) for page in labels.read(data)]
    samples = [
        *read_gold(data / "gold-dev.jsonl", 45.0),
        *read_gold(data / "appeals-dev.jsonl", 8.0),
        *read_own(),
        *hand,
    ]
    known = {sample.id for sample in hand}
    for path in sorted((data / "lines").glob("*-dev.*.jsonl.gz")):
        variant = path.name.split(".")[1]
        if variant in SHARES:
            samples += read_lines(path, SHARES[variant] * part, known)
    return [*samples, *crops(samples)]


def prepare(samples: Sequence[Sample]) -> None:
    """Let the rules look at every page; drop aligned labels that they contradict."""
    look(samples)
    for sample in samples:
        if sample.source in READ:
            continue
        for at, value in zip(sample.shape.filled, sample.odds, strict=True):
            # Published gold keeps calls to action and "Read more" lines that are chrome to us.
            if value > SURE and sample.labels[at] == 0:
                sample.labels[at] = None


def denoise(samples: Sequence[Sample], scores: Sequence[np.ndarray]) -> int:
    """Drop aligned labels that a model which has not seen the page is sure are wrong."""
    dropped = 0
    for sample, row in zip(samples, scores, strict=True):
        if sample.source in READ:
            continue
        for at, value in zip(sample.shape.filled, row, strict=True):
            if (sample.labels[at] == 0 and value > DENOISE) or (
                sample.labels[at] == 1 and value < -DENOISE
            ):
                sample.labels[at] = None
                dropped += 1
    return dropped


def measure(
    samples: Sequence[Sample], pages: dict[str, LabelledPage], scorer: Scorer,
    outcome: dict[tuple[str, str], Evaluation],
) -> None:  # fmt: skip
    """Add how a scorer does on pages that it has not seen."""
    for level in LEVELS:
        remove = by_cleaner(Cleaner(level, ["rules", scorer]))
        for sample in samples:
            if sample.source not in GOLD:
                continue
            half = "check" if halved(sample.host) else "tune"
            for name in (sample.source, f"{sample.source} {half}"):
                evaluate([pages[sample.id]], remove, outcome[name, level])


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure, and write the model when asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--part", type=float, default=1.0, help="share of the aligned pages")
    options.add_argument("--write", action="store_true")
    options.add_argument("--keep", type=Path, help="folder for the models of the folds")
    args = options.parse_args(argv)
    samples = load(args.data, args.part)
    prepare(samples)
    print(Counter(sample.source for sample in samples), flush=True)
    read = [read_labelled(args.data / f"{name}.jsonl") for name in GOLD[:2]]
    pages = {page.id: page for group in (*read, labels.read(args.data)) for page in group}
    places = [fold(sample.host, args.folds) for sample in samples]
    for stage in ("noisy", "clean"):
        outcome: dict[tuple[str, str], Evaluation] = defaultdict(Evaluation)
        models, scores = train(samples, places, args.folds)
        if stage == "noisy":
            print("labels dropped:", denoise(samples, scores), flush=True)
    for at, model in enumerate(models):
        if args.keep:
            path = args.keep / f"fold{at}.json"
            path.write_text(json.dumps(model), encoding="utf-8")
        unseen = [sample for sample, place in zip(samples, places, strict=True) if place == at]
        measure(unseen, pages, Scorer.parse(model), outcome)
    for (name, level), result in sorted(outcome.items()):
        total = result.total
        shares = " ".join(
            f"{kind} {total.share(kind) or 0:.4f}" for kind in ("body", "caption", "chrome")
        )
        print(f"{name:20} {level:9} {shares} losing {total.pages_losing}/{total.pages}", flush=True)
    if args.write:
        (model,), _ = train(samples, [-1] * len(samples), 1, words_from=places)
        text = json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n"
        Path(MODEL).write_text(text, encoding="utf-8")
        print(MODEL, len(text.encode()))


if __name__ == "__main__":
    main()
