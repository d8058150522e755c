"""Training a scorer on one's own labels."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleantext import Cleaner
from cleantext.cli.main import main
from cleantext.evaluate import LabelledLine, LabelledPage
from cleantext.rules.scorer import Scorer
from cleantext.testing import BODY

learn = pytest.importorskip("cleantext.learn", reason="the extra `train` is not installed")
ODD = ("zorp the quandle", "quandle of the day", "more zorp for you", "zorp zorp")


def pages(count: int) -> list[LabelledPage]:
    draw = random.Random(5)
    made = []
    for number in range(count):
        lines = [LabelledLine(draw.choice(BODY["prose"]), "body") for _ in range(8)]
        for _ in range(4):
            lines.insert(draw.randrange(9), LabelledLine(draw.choice(ODD), "chrome"))
        made.append(LabelledPage(f"p{number}", tuple(lines), url=f"https://h{number}.example/"))
    return made


def test_it_learns_what_is_chrome_on_these_pages_and_is_deterministic() -> None:
    model = learn.fit_scorer(pages(40))
    assert json.dumps(model) == json.dumps(learn.fit_scorer(pages(40)))
    text = "\n".join([*BODY["prose"][:6], "zorp the quandle", *BODY["prose"][6:]])
    cleaner = Cleaner("thorough", ["rules", Scorer.parse(model)])
    assert cleaner.clean(text) == text.replace("zorp the quandle\n", "")
    assert Cleaner("thorough", ["rules"]).clean(text) == text


def test_too_few_labels_are_an_error() -> None:
    with pytest.raises(learn.FewLabelsError, match="3 labelled pages; a scorer needs at least 20"):
        learn.fit_scorer(pages(3))
    body = [LabelledPage(page.id, (LabelledLine("A line.", "body"),)) for page in pages(30)]
    with pytest.raises(learn.FewLabelsError, match="no chrome"):
        learn.fit_scorer(body)


def test_the_command_writes_a_model_that_cleaners_take(tmp_path: Path) -> None:
    labels, model = tmp_path / "mine.jsonl", tmp_path / "mine.json"
    rows = [
        {"id": p.id, "url": p.url, "lines": [{"text": x.text, "label": x.label} | (
            {"category": "site_promo"} if x.label == "chrome" else {}) for x in p.lines]}
        for p in pages(30)
    ]  # fmt: skip
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = CliRunner().invoke(main, ["fit", "--labels", str(labels), "-o", str(model)])
    assert (done.exit_code, "30 labelled pages" in done.output) == (0, True), done.output
    Cleaner(rulesets=["rules", str(model)])
    few = tmp_path / "few.jsonl"
    few.write_text(json.dumps(rows[0]) + "\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["fit", "--labels", str(few), "-o", str(model)])
    assert done.exit_code == 2
    assert "needs at least 20" in done.output
