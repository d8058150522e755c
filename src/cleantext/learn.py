"""Training of scorers: from labelled pages to the model file that `Scorer.load` reads.

Needs the extra `train` (numpy, scipy, scikit-learn, catboost). Deterministic: same pages, same model.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier, Pool
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from cleantext.cleaner import Cleaner
from cleantext.evaluate import LabelledPage, host_of
from cleantext.rules import features
from cleantext.rules.features import NAMES
from cleantext.rules.scorer import VERSION, WORD_STEP, trusted
from cleantext.shape import Shape
from cleantext.types import Evidence, Page

MIN_PAGES = 20  # labelled pages that a scorer can be trained on
MIN_HOSTS = 4  # a word is learned when it stands on pages of so many hosts
WORDS_KEPT = 30_000  # the heaviest; the file and the memory of a process are bounded
TREES, DEPTH, RATE = 200, 7, 0.13

CAPTION = 8.0  # a caption weighs so many lines: there are few

_KINDS = {"body": 0, "caption": 0, "chrome": 1}


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
    stress: float = 1.0  # how much more its lines weigh for the trees than for the words
    page: Page = field(init=False, repr=False)
    shape: Shape = field(init=False, repr=False)
    found: dict[int, list[Evidence]] = field(init=False, repr=False)
    odds: list[float] = field(init=False, repr=False)
    grams: list[list[str]] = field(init=False, repr=False)

    @classmethod
    def of(cls, page: LabelledPage, host: str, source: str, weight: float) -> Sample:
        """Take over a page labelled by hand; lines of other labels are not learned from."""
        labels = [_KINDS.get(line.label) for line in page.lines]
        texts = [line.text for line in page.lines]
        weights = [weight * (CAPTION if line.label == "caption" else 1) for line in page.lines]
        return cls(page.id, host, source, texts, labels, weights, page.lang)


class FewLabelsError(ValueError):
    """Too few labelled pages to learn from."""


def fit_scorer(pages: Sequence[LabelledPage]) -> dict[str, Any]:
    """Train a scorer on labelled pages: what `cleantext fit --labels` does.

    Args:
        pages: labelled pages; those of one host (or, with no URL, each by itself) are described by
            words that were weighed without them.

    Returns:
        The model; `Scorer.parse` takes it, and `Scorer.load` from a JSON file.

    Raises:
        FewLabelsError: under MIN_PAGES pages, or lines of one kind only.
    """
    samples = [Sample.of(page, host_of(page.url) or page.id, "labels", 1.0) for page in pages]
    labels = {label for sample in samples for label in sample.labels}
    if len(samples) < MIN_PAGES:
        raise FewLabelsError(f"{len(samples)} labelled pages; a scorer needs at least {MIN_PAGES}")
    if not {0, 1} <= labels:
        raise FewLabelsError("labelled pages hold no chrome" if 0 in labels else
                             "labelled pages hold no body or captions")  # fmt: skip
    look(samples)
    hosts = sorted({sample.host for sample in samples})
    folds = [hosts.index(sample.host) % 5 for sample in samples]
    (model,), _ = train(samples, [-1] * len(samples), 1, words_from=folds)
    return model


def look(samples: Sequence[Sample]) -> None:
    """Let the rules look at every page."""
    cleaner = Cleaner(rulesets=["rules"])
    for sample in samples:
        sample.lines = [" ".join(line.splitlines()) for line in sample.lines]
        case = cleaner.ruled("\n".join(sample.lines), lang=sample.lang)
        sample.page, sample.found, sample.shape, sample.odds = case
        sample.grams = [
            features.grams(features.tokens(sample.page.lines[at])) for at in sample.shape.filled
        ]


def line_weight(text: str) -> float:
    """Weigh a line by its letters, as the measure does, but not without bounds."""
    return float(min(max(len(text), 12), 600) ** 0.6 / 12)


class _Lines:
    """All labelled and unlabelled lines of the samples, as arrays."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        hosts: dict[str, set[str]] = defaultdict(set)
        for sample in samples:
            for at, grams in zip(sample.shape.filled, sample.grams, strict=True):
                if sample.labels[at] is not None:
                    for gram in grams:
                        if len(hosts[gram]) < MIN_HOSTS:
                            hosts[gram].add(sample.host)
        self.words = sorted(gram for gram, seen in hosts.items() if len(seen) >= MIN_HOSTS)
        place = {gram: at for at, gram in enumerate(self.words)}
        indices, pointers = [], [0]
        labels, weights, sizes, stress = [], [], [], []
        for sample in samples:
            for at, grams in zip(sample.shape.filled, sample.grams, strict=True):
                # A word that stands twice counts twice, as when lines are judged.
                indices += [place[gram] for gram in grams if gram in place]
                pointers.append(len(indices))
                sizes.append(max(1, len(grams)))
                label = sample.labels[at]
                labels.append(-1 if label is None else label)
                weights.append(sample.weights[at] * line_weight(sample.lines[at]))
                stress.append(sample.stress)
        self.matrix = csr_matrix(
            (np.ones(len(indices), np.float32), indices, pointers),
            shape=(len(labels), max(1, len(self.words))),
        )
        self.labels, self.weights = np.array(labels), np.array(weights)
        self.sizes, self.stress = np.array(sizes), np.array(stress)
        self.of = np.repeat(np.arange(len(samples)), [len(s.shape.filled) for s in samples])


def _word_weights(lines: _Lines, chosen: np.ndarray) -> np.ndarray:
    """Fit the linear model over words; return what each weighs, in steps of 1/WORD_STEP nat."""
    model = SGDClassifier(
        loss="log_loss", penalty="elasticnet", l1_ratio=0.3, alpha=3e-6, max_iter=6, tol=None,
        random_state=1,
    )  # fmt: skip
    weights = lines.weights[chosen]
    model.fit(lines.matrix[chosen], lines.labels[chosen], sample_weight=weights / weights.mean())
    steps: np.ndarray = np.round(model.coef_[0] * WORD_STEP).astype(int)
    if np.count_nonzero(steps) > WORDS_KEPT:
        seen = np.asarray((lines.matrix != 0).sum(axis=0)).ravel()
        worth = np.abs(steps) * np.sqrt(seen)
        steps[worth < np.partition(worth, -WORDS_KEPT)[-WORDS_KEPT]] = 0
    return steps


def _planes(samples: Sequence[Sample], lexical: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the features of all lines, the words weighed as given: lines by NAMES, bytes."""
    rows, at = [], 0
    for sample in samples:
        size = len(sample.shape.filled)
        told = list(
            zip(lexical[at : at + size].tolist(), known[at : at + size].tolist(), strict=True)
        )
        at += size
        planes = features.planes(sample.page, sample.shape, sample.found, sample.odds, told)
        rows.append(np.frombuffer(b"".join(planes), np.uint8).reshape(len(NAMES), size).T)
    return np.concatenate(rows)


def train(
    samples: Sequence[Sample], places: Sequence[int], folds: int, words_from: Sequence[int] = ()
) -> tuple[list[dict[str, Any]], list[np.ndarray]]:
    """Fit a model for each fold, on the pages outside it.

    Args:
        samples: the pages, looked at.
        places: the fold of each page; -1 for none.
        folds: number of folds.
        words_from: folds by which words are weighed for training, so that no line is described by
            a model that has seen it; `places` by default.

    Returns:
        The models, and for each page the log-odds of its lines by the model of its fold.
    """
    lines = _Lines(samples)
    held = np.array(words_from or places)[lines.of]
    lexical, known = np.zeros(len(held)), np.zeros(len(held))
    by_fold = {}
    for at in sorted(set(held.tolist())):
        steps = _word_weights(lines, (lines.labels >= 0) & (held != at))
        by_fold[at] = steps
        mine = held == at
        lexical[mine] = lines.matrix[mine] @ (steps / WORD_STEP)
        known[mine] = (lines.matrix[mine] @ (steps != 0)) / lines.sizes[mine]
    table = _planes(samples, lexical, known)
    ruled = _trusted(samples, table)
    place = np.array(places)[lines.of]
    models, scores = [], np.zeros(len(place))
    for at in range(folds):
        chosen = (lines.labels >= 0) & (place != at)
        steps = by_fold[at] if not words_from else _word_weights(lines, chosen)
        weights = lines.weights[chosen] * lines.stress[chosen]
        trees = _fit_trees(table[chosen], lines.labels[chosen], weights, ruled[chosen])
        unseen = place == at
        if unseen.any():
            scores[unseen] = trees.predict(
                Pool(table[unseen], baseline=ruled[unseen]), prediction_type="RawFormulaVal"
            )
        models.append(_export(trees, lines.words, steps))
    ends = np.cumsum([len(sample.shape.filled) for sample in samples])[:-1]
    return models, np.split(scores, ends)


def _trusted(samples: Sequence[Sample], table: np.ndarray) -> np.ndarray:
    """Return what the model takes over of the rules' log-odds, for all lines."""
    odds = [value for sample in samples for value in sample.odds]
    return np.array(list(map(trusted, odds, table[:, NAMES.index("plus")].tolist())))


def _fit_trees(
    table: np.ndarray, labels: np.ndarray, weights: np.ndarray, ruled: np.ndarray
) -> CatBoostClassifier:
    """Fit trees to what the rules leave."""
    trees = CatBoostClassifier(
        iterations=TREES, depth=DEPTH, learning_rate=RATE, l2_leaf_reg=20, border_count=64, rsm=0.5,
        bootstrap_type="Bernoulli", subsample=0.7, leaf_estimation_iterations=3,
        boost_from_average=False, random_seed=7, thread_count=2, verbose=False,
        allow_writing_files=False,
    )  # fmt: skip
    trees.fit(Pool(table, labels, weight=weights / weights.mean(), baseline=ruled))
    return trees


def _export(trees: CatBoostClassifier, words: Sequence[str], steps: np.ndarray) -> dict[str, Any]:
    """Return the model in the form that `Scorer.load` reads: leaves as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.json"
        trees.save_model(str(path), format="json")
        data = json.loads(path.read_text(encoding="utf-8"))
    shapes = [
        (
            [(split["float_feature_index"], int(split["border"])) for split in tree["splits"]],
            tree["leaf_values"],
        )
        for tree in data["oblivious_trees"]
    ]
    scale = max(max(leaves) - min(leaves) for _, leaves in shapes) / 255 or 1.0
    bias = float(np.ravel(data["scale_and_bias"][1])[0]) + sum(min(leaves) for _, leaves in shapes)
    groups: dict[str, list[str]] = defaultdict(list)
    for word, step in zip(words, steps.tolist(), strict=True):
        if step:
            groups[str(step)].append(word)
    return {
        "version": VERSION,
        "features": list(NAMES),
        "bias": round(bias, 6),
        "scale": scale,
        "trees": [
            [
                [value for split in splits for value in split],
                [round((leaf - min(leaves)) / scale) for leaf in leaves],
            ]
            for splits, leaves in shapes
        ],
        "words": {step: "\n".join(group) for step, group in sorted(groups.items())},
    }
