"""Train the scorer: `python -m benchmarks.train DATA [--folds 5] [--write]`.

DATA is a folder with labelled pages (`gold-dev.jsonl`, `appeals-dev.jsonl`) and lines aligned with
published gold text (`lines/*.jsonl.gz`, see docs/scorer.md for sources and licences). Deterministic.
Without --write the models of the folds (by host) are measured on pages that they have not seen;
with it, one model on everything is written to the package.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleantext import LEVELS, Cleaner
from cleantext.engine import chain
from cleantext.evaluate import Evaluation, by_cleaner, evaluate, read_labelled
from cleantext.rules.scorer import FEATURES, MODEL, Scorer, features, grams, trusted
from cleantext.shape import Shape

GOLD = ("gold-dev", "appeals-dev")
PLUS = FEATURES.index("plus")
SURE = 2.5  # log-odds of the rules from which "body" in aligned gold is not believed
MIN_HOSTS = 4  # a word is learned when it stands on pages of so many hosts
LANGS = {"English": "en", "Polish": "pl", "Greek": "el", "Russian": "ru", "Chinese": "zh"}


@dataclass
class Sample:
    """One page to learn from: label 1 (chrome), 0 (kept) or None for each of its lines."""

    id: str
    host: str
    source: str
    lines: list[str]
    labels: list[int | None]
    weights: list[float]
    lang: str | None = None
    url: str | None = None
    rows: Any = None  # what the rules see of it: (page, shape, evidence, odds)
    filled: list[int] = field(default_factory=list)


def host_of(url: str | None) -> str:
    """Return the host of a URL without ``www.``; a bare host stays."""
    url = url or ""
    host = urlparse(url).netloc or url.split("/")[0]
    return host.removeprefix("www.")


def share(name: str) -> float:
    """Map a name to [0, 1), the same on every run."""
    return int(sha256(name.encode()).hexdigest()[:12], 16) / 16**12


def read_gold(path: Path, weight: float) -> Iterator[Sample]:
    """Yield pages labelled by hand."""
    kinds = {"body": 0, "caption": 0, "chrome": 1}
    for row in filter(None, path.read_text(encoding="utf-8").split("\n")):
        page = json.loads(row)
        lines = page["lines"]
        yield Sample(
            page["id"], host_of(page["url"]), path.stem, [line["text"] for line in lines],
            [kinds.get(line["label"]) for line in lines], [weight] * len(lines), url=page["url"],
        )  # fmt: skip


def read_lines(path: Path, keep: float) -> Iterator[Sample]:
    """Yield pages labelled by alignment; a `keep` share of them, the same for no two variants."""
    source = path.name.removesuffix(".jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            page = json.loads(row)
            if share(source + page["id"]) >= keep:
                continue
            labels: list[int | None] = []
            weights = []
            kind = 0.1 if source.endswith(".page") else 1.0  # ten times the lines of extractor text
            for line in page["lines"]:
                labels.append({"body": 0, "chrome": 1}.get(line["label"]))
                # A third of what the gold leaves out between its lines is body that it forgot.
                weights.append(kind * (0.25 if line.get("why") == "in" else 0.7))
            yield Sample(
                page["id"], host_of(page["url"]), source, [line["text"] for line in page["lines"]],
                labels, weights, LANGS.get(page.get("lang"), page.get("lang")), page["url"],
            )  # fmt: skip


def load(data: Path, part: float = 1.0) -> list[Sample]:
    """Read all training pages."""
    samples = [
        *read_gold(data / "gold-dev.jsonl", 15.0),
        *read_gold(data / "appeals-dev.jsonl", 8.0),
    ]
    shares = {
        "page": 0.35,
        "trafilatura-recall": 0.5,
        "trafilatura-default": 0.25,
        "readability": 0.4,
    }
    for path in sorted((data / "lines").glob("*-dev.*.jsonl.gz")):
        variant = path.name.split(".")[1]
        if variant in shares:
            samples += read_lines(path, shares[variant] * part)
    return samples


def look(samples: Sequence[Sample]) -> None:
    """Let the rules look at every page."""
    engine = Cleaner()._engine
    for sample in samples:
        sample.lines = [" ".join(line.splitlines()) for line in sample.lines]
        page = engine.page("\n".join(sample.lines), sample.url, None)
        evidence = engine._gather(page)
        shape = Shape(page, evidence)
        sample.rows = (page, shape, evidence, chain(page, evidence, shape))
        sample.filled = list(shape.filled)
        if sample.source not in GOLD:
            # Published gold keeps calls to action and "Read more" lines that are chrome to us.
            for at, value in sample.rows[3].items():
                if value > SURE and sample.labels[at] == 0:
                    sample.labels[at] = None


def line_weight(text: str) -> float:
    """Weigh a line by its letters, as the measure does, but not without bounds."""
    return float(min(max(len(text), 12), 600) ** 0.6 / 12)


class Words:
    """The linear model over the words of a line."""

    def __init__(self, samples: Sequence[Sample], C: float = 0.3) -> None:  # noqa: N803
        hosts: dict[int, set[str]] = defaultdict(set)
        rows, labels, weights = [], [], []
        for sample in samples:
            for at in sample.filled:
                if sample.labels[at] is None:
                    continue
                keys = grams(sample.rows[0].lines[at])
                rows.append(keys)
                labels.append(sample.labels[at])
                weights.append(sample.weights[at] * line_weight(sample.lines[at]))
                for key in keys:
                    if len(hosts[key]) < MIN_HOSTS:
                        hosts[key].add(sample.host)
        vocabulary = sorted(key for key, seen in hosts.items() if len(seen) >= MIN_HOSTS)
        self.place = {key: at for at, key in enumerate(vocabulary)}
        matrix = self.matrix(rows)
        model = LogisticRegression(C=C, max_iter=200, solver="liblinear", penalty="l1")
        model.fit(matrix, labels, sample_weight=weights)
        coefficients = np.round(model.coef_[0] * 100).astype(int)
        self.weights = {
            key: int(value) for key, value in zip(vocabulary, coefficients, strict=True) if value
        }

    def matrix(self, rows: Sequence[Sequence[int]]) -> csr_matrix:
        """Return the lines as a sparse matrix of what stands in them."""
        indices, pointers = [], [0]
        for keys in rows:
            indices += [self.place[key] for key in keys if key in self.place]
            pointers.append(len(indices))
        ones = np.ones(len(indices), dtype=np.float32)
        return csr_matrix((ones, indices, pointers), shape=(len(rows), max(1, len(self.place))))

    def lexical(self, sample: Sample) -> list[tuple[float, float]]:
        """Return what `Scorer.lexical` would."""
        out = []
        for at in sample.filled:
            keys = grams(sample.rows[0].lines[at])
            known = [self.weights[key] for key in keys if key in self.weights]
            out.append((sum(known) / 100, len(known) / len(keys) if keys else 0.0))
        return out


def table(samples: Sequence[Sample], words: dict[int, Words], folds: int) -> list[np.ndarray]:
    """Return the feature rows of each page; its words weighed by a model that has not seen it."""
    out = []
    for sample in samples:
        page, shape, found, odds = sample.rows
        lexical = words[fold(sample.host, folds)].lexical(sample)
        rows = features(page, shape, found, odds, lexical)
        out.append(np.array(rows, dtype=np.float32).reshape(-1, len(FEATURES)))
    return out


def fold(host: str, folds: int) -> int:
    """Return the fold that a host belongs to."""
    return int(share("fold" + host) * folds)


def train_trees(
    samples: Sequence[Sample], rows: Sequence[np.ndarray], trees: int, leaves: int
) -> lightgbm.Booster:
    """Fit trees to what the rules' log-odds leave."""
    table, labels, weights, start = [], [], [], []
    for sample, row in zip(samples, rows, strict=True):
        odds = sample.rows[3]
        for values, at in zip(row, sample.filled, strict=True):
            if sample.labels[at] is not None:
                table.append(values)
                labels.append(sample.labels[at])
                weights.append(sample.weights[at] * line_weight(sample.lines[at]))
                start.append(trusted(odds[at], values[PLUS]))
    data = lightgbm.Dataset(
        np.array(table),
        labels,
        weight=np.array(weights) / np.mean(weights),
        init_score=start,
        feature_name=list(FEATURES),
    )
    options = {
        "objective": "binary", "learning_rate": 0.14, "num_leaves": leaves, "max_depth": 6,
        "min_data_in_leaf": 200, "lambda_l2": 30.0, "feature_fraction": 0.6, "bagging_fraction": 0.7,
        "bagging_freq": 1, "verbose": -1, "seed": 7, "deterministic": True, "num_threads": 2,
        "force_row_wise": True, "max_bin": 127, "min_sum_hessian_in_leaf": 5.0, "boost_from_average": False,
    }  # fmt: skip
    return lightgbm.train(options, data, trees)


def export(model: lightgbm.Booster, words: Words) -> dict[str, Any]:
    """Return the model in the form that `Scorer.load` reads."""

    def node(data: dict[str, Any]) -> Any:
        if "leaf_value" in data:
            return round(data["leaf_value"], 4)
        return [
            data["split_feature"], float(f"{data['threshold']:.5g}"),
            node(data["left_child"]), node(data["right_child"]),
        ]  # fmt: skip

    items = sorted(words.weights.items())
    return {
        "version": 1,
        "features": list(FEATURES),
        "bias": 0.0,
        "words": [[key for key, _ in items], [value for _, value in items]],
        "trees": [node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]],
    }


def halved(host: str) -> bool:
    """Tell whether a host belongs to the half that no rule was written from."""
    return int(sha256(host.encode()).hexdigest(), 16) % 2 == 1


def main(argv: Sequence[str] | None = None) -> None:
    """Train, measure, and write the model when asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", type=Path)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--part", type=float, default=1.0, help="share of the aligned pages")
    options.add_argument("--trees", type=int, default=120)
    options.add_argument("--leaves", type=int, default=20)
    options.add_argument("--write", action="store_true")
    options.add_argument("--keep", type=Path, help="folder for the models of the folds")
    args = options.parse_args(argv)
    samples = load(args.data, args.part)
    look(samples)
    print(Counter(sample.source for sample in samples), flush=True)
    words = {
        at: Words([sample for sample in samples if fold(sample.host, args.folds) != at])
        for at in range(args.folds)
    }
    rows = table(samples, words, args.folds)
    if args.write:
        model = train_trees(samples, rows, args.trees, args.leaves)
        data = export(model, Words(samples))
        text = json.dumps(data, separators=(",", ":")) + "\n"
        Path(MODEL).write_text(text, encoding="utf-8")
        print(MODEL, len(text))
        return
    outcome: dict[tuple[str, str], Evaluation] = defaultdict(Evaluation)
    pages = {page.id: page for name in GOLD for page in read_labelled(args.data / f"{name}.jsonl")}
    for at in range(args.folds):
        mine = [n for n, sample in enumerate(samples) if fold(sample.host, args.folds) != at]
        model = train_trees(
            [samples[n] for n in mine], [rows[n] for n in mine], args.trees, args.leaves
        )
        scorer = Scorer.parse(export(model, words[at]))
        if args.keep:
            path = args.keep / f"fold{at}.json"
            path.write_text(json.dumps(export(model, words[at])), encoding="utf-8")
        for level in LEVELS:
            remove = by_cleaner(Cleaner(level, ["default", scorer]))
            for sample in samples:
                if sample.source in GOLD and fold(sample.host, args.folds) == at:
                    half = "check" if halved(sample.host) else "tune"
                    for name in (sample.source, f"{sample.source} {half}"):
                        evaluate([pages[sample.id]], remove, outcome[name, level])
    for (name, stage), result in sorted(outcome.items()):
        total = result.total
        shares = " ".join(
            f"{kind} {total.share(kind) or 0:.4f}" for kind in ("body", "caption", "chrome")
        )
        print(f"{name:20} {stage:9} {shares} losing {total.pages_losing}/{total.pages}")
    names = sorted(zip(model.feature_importance("gain"), FEATURES, strict=True), reverse=True)
    print(", ".join(f"{name} {gain:.0f}" for gain, name in names[:25]))


if __name__ == "__main__":
    main()
