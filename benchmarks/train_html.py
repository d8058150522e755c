"""Train the model of `clean_html`: `python -m benchmarks.train_html CORPUS… [--write]`.

A corpus is WCXB's development split or DAnIEL, as benchmarks/public.py reads them. Deterministic.
Without --write models of four folds are trained, each without the pages of a quarter of the hosts,
and measured on those; ``--keep FOLDER`` keeps them for benchmarks/html.py. With it, one model of all
pages is written to the package. ``--cache FILE`` keeps what was read between runs.

A block's label is the share of its words that lie in runs of four words of the gold text; so is
a teaser that repeats a sentence of the article, which costs little. Each page weighs the same, but
those of DAnIEL three times: they are older, in five languages, and half as many.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from benchmarks import public
from benchmarks.measure import unseen_half
from cleantext.evaluate import word_scores
from cleantext.html.decode import parse
from cleantext.html.features import NAMES, features
from cleantext.html.model import CONTEXT, MODEL, Model, choose, context
from cleantext.html.walk import walk

RUN = 4
INNER = 3  # folds in which the first pass judges pages that it has not seen, for the second to learn from
OUTER = 4  # folds to measure with
DULL = 0.6  # share of the plain chrome blocks that is learned from
TREES, LEAVES = (100, 180), (24, 31)
OPTIONS: dict[str, Any] = {
    "objective": "cross_entropy", "learning_rate": 0.1, "min_data_in_leaf": 100, "lambda_l2": 10.0,
    "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 63, "seed": 7,
    "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
}  # fmt: skip


@dataclass
class Sample:
    """A page to learn from: a row, a label (0 to 1) and a count of words for each block."""

    id: str
    host: str
    group: str
    gold: str
    texts: list[str]
    words: list[int]
    labels: np.ndarray
    rows: np.ndarray


def label(texts: Sequence[str], gold: str) -> np.ndarray:
    """Return the share of each block's words that lie in runs of the gold text."""
    stream = public.words_of(gold)
    runs = {tuple(stream[at : at + RUN]) for at in range(len(stream) - RUN + 1)}
    lines = {tuple(public.words_of(line)) for line in gold.split("\n")}
    words = [public.words_of(text) for text in texts]
    flat = [word for each in words for word in each]
    covered = np.zeros(len(flat) + 1)
    for at in range(len(flat) - RUN + 1):
        if tuple(flat[at : at + RUN]) in runs:
            covered[at : at + RUN] = 1
    shares, at = np.zeros(len(texts)), 0
    for index, each in enumerate(words):
        if each:
            shares[index] = covered[at : at + len(each)].mean()
            if len(each) < RUN and tuple(each) in lines:
                shares[index] = max(0.8, shares[index])
        at += len(each)
    return shares


def read(corpora: Sequence[Path]) -> list[Sample]:
    """Read the corpora's pages that have gold text."""
    samples = []
    for corpus in corpora:
        kind, pages = public.read(corpus)
        for page in pages:
            root = parse(page.html) if page.gold else None
            found, whole = walk(root) if root is not None else ([], None)
            if not found or whole is None or root is None or not page.gold:
                continue
            rows = features(found, whole, root.findtext(".//title") or "")
            texts = [block.text for block in found]
            samples.append(
                Sample(
                    page.id, public.host(page), kind, page.gold, texts,
                    [block.words for block in found], label(texts, page.gold),
                    np.array(rows, dtype=np.float32),
                )
            )  # fmt: skip
    return samples


def fold(host: str, folds: int) -> int:
    """Return the fold that a host belongs to."""
    return int(sha256(f"html{folds}{host}".encode()).hexdigest(), 16) % folds


def train(samples: Sequence[Sample], extra: Sequence[np.ndarray] | None, step: int) -> Any:
    """Fit the trees of the first or the second pass; `extra` are the columns of the second."""
    tables, labels, weights = [], [], []
    for at, sample in enumerate(samples):
        table = sample.rows if extra is None else np.hstack([sample.rows, extra[at]])
        words = np.array(sample.words)
        dull = sample.labels < 0.02
        draw = np.random.default_rng(at).random(len(words))
        keep = ~dull | (draw < DULL)
        weight = (words + 1) / (words.sum() + 100) ** 0.7
        weight = np.where(dull, weight / DULL, weight) * (3 if sample.group == "DAnIEL" else 1)
        tables.append(table[keep])
        labels.append(sample.labels[keep])
        weights.append(weight[keep])
    weight = np.concatenate(weights)
    data = lightgbm.Dataset(
        np.concatenate(tables), np.concatenate(labels), weight=weight / weight.mean()
    )
    return lightgbm.train({**OPTIONS, "num_leaves": LEAVES[step]}, data, TREES[step])


def beside(model: Any, samples: Sequence[Sample]) -> list[np.ndarray]:
    """Return the columns of the second pass for each page, as the first pass `model` sees it."""
    return [
        np.array(context(list(model.predict(sample.rows, num_threads=1)), sample.words))
        for sample in samples
    ]


def fit(samples: Sequence[Sample]) -> dict[str, Any]:
    """Train both passes; return the values of the model file."""
    first = train(samples, None, 0)
    extra: dict[int, np.ndarray] = {}
    for at in range(INNER):
        others = train([each for each in samples if fold(each.host, INNER) != at], None, 0)
        mine = [index for index, each in enumerate(samples) if fold(each.host, INNER) == at]
        for index, columns in zip(mine, beside(others, [samples[i] for i in mine]), strict=True):
            extra[index] = columns
    second = train(samples, [extra[index] for index in range(len(samples))], 1)
    return {
        "version": 1,
        "features": list(NAMES),
        "context": list(CONTEXT),
        "first": export(first),
        "second": export(second),
    }


def export(model: Any) -> list[Any]:
    """Return the trees as `cleantext.html.model.compiled` reads them."""

    def node(data: dict[str, Any]) -> Any:
        if "leaf_value" in data:
            return round(data["leaf_value"], 4)
        return [
            data["split_feature"], float(f"{data['threshold']:.5g}"),
            node(data["left_child"]), node(data["right_child"]),
        ]  # fmt: skip

    return [node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def measure(model: Model, samples: Sequence[Sample], scores: dict[str, list[float]]) -> None:
    """Add the word-F1 of the blocks that the model takes, by corpus and half."""
    for sample in samples:
        odds = model.probabilities(sample.rows.tolist(), sample.words)
        kept, _ = choose(odds, sample.words)
        text = "\n".join(text for text, keep in zip(sample.texts, kept, strict=True) if keep)
        half = "check" if unseen_half(sample.host) else "tune"
        scores[f"{sample.group} {half}"].append(word_scores(text, sample.gold)[2])


def main(argv: Sequence[str] | None = None) -> None:
    """Train, and measure or write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpora", type=Path, nargs="+")
    options.add_argument("--cache", type=Path, help="file for the pages' rows")
    options.add_argument("--keep", type=Path, help="folder for the models of the folds")
    options.add_argument("--write", action="store_true")
    args = options.parse_args(argv)
    if args.cache and args.cache.exists():
        samples = pickle.loads(args.cache.read_bytes())
    else:
        samples = read(args.corpora)
        if args.cache:
            args.cache.write_bytes(pickle.dumps(samples))
    print(len(samples), "pages", sum(len(each.texts) for each in samples), "blocks", flush=True)
    if args.write:
        text = dumped(fit(samples))
        Path(MODEL).write_text(text, encoding="utf-8")
        print(MODEL, len(text))
        return
    scores: dict[str, list[float]] = defaultdict(list)
    for at in range(OUTER):
        data = fit([each for each in samples if fold(each.host, OUTER) != at])
        if args.keep:
            (args.keep / f"fold{at}.json").write_text(dumped(data), encoding="utf-8")
        measure(Model(data), [each for each in samples if fold(each.host, OUTER) == at], scores)
    for name, each in sorted(scores.items()):
        print(f"{name}: {len(each)} pages, word-F1 {sum(each) / len(each):.4f}")


def dumped(data: dict[str, Any]) -> str:
    """Return the text of a model file: a tree a line."""
    return json.dumps(data, separators=(",", ":")).replace("],[[", "],\n[[") + "\n"


if __name__ == "__main__":
    main()
