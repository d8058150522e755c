"""The map and merge of an index on engines, in local mode, give what one process gives."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleantext import RepetitionIndex
from tests.test_repetition import analyzed, page, records, url

PAGES = [
    *((page(at), url(at)) for at in range(6)),
    (page(0), url(0).replace("https", "http")),  # a page that two partitions hold
    *((f"Only here\n{'o' * at} long enough to be told apart from the others", f"https://b.example/{at}")
      for at in range(3)),
    ("no site", ""),
]  # fmt: skip


def whole(pages: list[tuple[str, str]]) -> RepetitionIndex:
    index = RepetitionIndex()
    index.update(pair for pair in pages if pair[1])
    return index


def check(index: RepetitionIndex) -> None:
    expected = whole(PAGES)
    assert index.sites == expected.sites == {"b.example": 3, "harborledger.example": 6}
    assert records(index)["b.example"] == records(expected)["b.example"]
    # A page that two partitions hold leaves counts one too low, never too high.
    for key, count in records(expected)["harborledger.example"].items():
        assert count - 1 <= records(index)["harborledger.example"][key] <= count
    assert analyzed(index, page(2), url(2)).text == analyzed(expected, page(2), url(2)).text


def test_datatrove(tmp_path: Path) -> None:
    pytest.importorskip("datatrove", reason="datatrove is not installed")
    from datatrove.data import Document
    from datatrove.executor.local import LocalPipelineExecutor

    from cleantext.integrations.datatrove_repetition import CountLines, MergeCounts

    parts, out = tmp_path / "parts", tmp_path / "out"
    for rank in range(2):
        documents = [
            Document(text=text, id=str(at), metadata={"url": place} if place else {})
            for at, (text, place) in enumerate(PAGES)
            if (at < 6) is (rank == 0)
        ]
        step = CountLines(str(parts), buckets=3)
        assert list(step.run(iter(documents), rank, 2)) == documents
    executor = LocalPipelineExecutor(
        [MergeCounts(str(parts), str(out))], tasks=3, logging_dir=str(tmp_path / "logs")
    )
    executor.run()
    assert len(list(out.glob("*.index"))) == 3
    check(RepetitionIndex.load(out))
    with pytest.raises(ValueError, match="3 buckets need as many tasks, not 2"):
        list(MergeCounts(str(parts), str(out)).run(rank=0, world_size=2))


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False)
    session = builder.config("spark.sql.shuffle.partitions", 3).getOrCreate()
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark(spark: Any, tmp_path: Path) -> None:
    from cleantext.integrations import spark_repetition

    first = spark.createDataFrame(PAGES[:6], "text string, url string")
    second = spark.createDataFrame([*PAGES[6:], (None, None)], "text string, url string")
    counted = spark_repetition.count(first.union(second))
    assert counted.columns == ["site", "record"]
    gathered = RepetitionIndex()
    for row in counted.collect():
        gathered.add_record(bytes(row["record"]))
    check(gathered)
    files = spark_repetition.save(counted, str(tmp_path / "out")).collect()
    assert sum(row["sites"] for row in files) == 2
    assert all(Path(row["path"]).stat().st_size == row["bytes"] for row in files)
    check(RepetitionIndex.load(tmp_path / "out"))
