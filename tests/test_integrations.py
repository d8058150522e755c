"""Each integration against the framework itself; a framework that is not installed is skipped.

`pip install -e '.[test]'` brings the light ones, `'.[test,integrations]'` all.
"""

from __future__ import annotations

import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cleantext import Cleaner

# Frameworks warn about one another; that is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")

EXAMPLES = Path(__file__).parents[1] / "examples"
URL = "https://harbourledger.example/1"
PAGE = (
    "The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.\n"
    "The landing stage in May. Photo: Ines Falk / Reuters\n"
    "Advertisement\n"
    "The island was cut off for eleven weeks, and the baker ran out of flour in the second.\n"
    "Tips to the night desk\n"
)
BODY = "The tide was out, and the ferry lay on the sand until the evening.\n"
SITE_RULE = """\
name = "ledger"
sites = ["harbourledger.example"]
[[rule]]
id = "ledger.site_promo.tips"
category = "site_promo"
weight = 9
match = "whole"
phrases = ["tips to the night desk"]
reason = "asks for tips"
examples = ["Tips to the night desk"]
counter_examples = ["Tips to the night desk came in all week."]
"""

#: Distribution to install, module to import, for each integration.
FRAMEWORKS = {
    "arrow": ("pyarrow", "pyarrow"),
    "datasets": ("datasets", "datasets"),
    "datatrove": ("datatrove", "datatrove"),
    "datatrove_repetition": ("datatrove", "datatrove"),
    "haystack": ("haystack-ai", "haystack"),
    "langchain": ("langchain-core", "langchain_core.documents"),
    "llama_index": ("llama-index-core", "llama_index.core"),
    "pandas": ("pandas", "pandas"),
    "polars": ("polars", "polars"),
    "ray": ("ray", "ray.data"),
    "scrapy": ("scrapy", "scrapy"),
    "sklearn": ("scikit-learn", "sklearn"),
    "spacy": ("spacy", "spacy"),
    "spark": ("pyspark", "pyspark.sql"),
    "spark_repetition": ("pyspark", "pyspark.sql"),
}


def use(name: str) -> Any:
    """Return the integration of that name, or skip the test where its framework is missing."""
    distribution, module = FRAMEWORKS[name]
    pytest.importorskip(module, reason=f"{distribution} is not installed")
    if name.startswith("spark") and not shutil.which("java"):
        pytest.skip("Spark needs Java")
    return import_module(f"cleantext.integrations.{name}")


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """Return the path of a rule set for the site of URL."""
    path = tmp_path / "ledger.toml"
    path.write_text(SITE_RULE, encoding="utf-8")
    return str(path)


@pytest.fixture
def cleaner(rules: str) -> Cleaner:
    return Cleaner(rulesets=["default", rules])


@pytest.fixture
def expected(cleaner: Cleaner) -> str:
    """Return the page cleaned as it must be where the address is known."""
    text = cleaner.clean(PAGE, url=URL)
    assert "Tips" not in text
    assert "Tips" in cleaner.clean(PAGE)
    return text


def replays(text: str, removed: list[dict[str, Any]]) -> str:
    """Return the page without the removed spans, each of which must be exact."""
    for cut in reversed(removed):
        assert text[cut["start"] : cut["end"]] == cut["text"]
        text = text[: cut["start"]] + text[cut["end"] :]
    return text


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_examples_print_what_they_say(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    (name,) = set(re.findall(r"cleantext\.integrations(?: import |\.)(\w+)", source)) or {"spacy"}
    use(name)
    if name == "spacy" and not entry_points(group="spacy_factories", name="cleantext"):
        pytest.skip("spaCy finds the component by the entry point of the installed package")
    shown = source.split("Prints::\n\n")[1].split('"""')[0]
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, timeout=300, check=False
    )
    lines = [line[4:] for line in shown.splitlines()]
    # A framework may print hints of its own before.
    assert done.stdout.splitlines()[-len(lines) :] == lines, done.stderr


def test_every_integration_has_an_example_and_an_extra() -> None:
    import tomllib

    root = EXAMPLES.parent
    modules = {path.stem for path in (root / "src/cleantext/integrations").glob("[!_]*.py")}
    assert modules == set(FRAMEWORKS)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, (distribution, _) in FRAMEWORKS.items():
        assert list(EXAMPLES.glob(f"{name}_*.py")), name
        extra = project["optional-dependencies"][name.removesuffix("_repetition").replace("_", "-")]
        assert any(re.match(rf"{distribution}(\[.+\])?>=", item) for item in extra), name


def test_scrapy(rules: str, expected: str) -> None:
    module = use("scrapy")
    from scrapy.settings import Settings
    from scrapy.statscollectors import MemoryStatsCollector

    settings = Settings(
        {
            "CLEANTEXT_FIELDS": "text,summary",  # as `-s` on the command line gives it
            "CLEANTEXT_RULESETS": ["default", rules],
            "CLEANTEXT_REMOVED_FIELD": "removed",
        }
    )
    crawler = SimpleNamespace(settings=settings)
    crawler.stats = MemoryStatsCollector(crawler)
    pipeline = module.CleanTextPipeline.from_crawler(crawler)
    item = pipeline.process_item({"url": URL, "text": PAGE, "summary": None})
    assert item["text"] == expected == replays(PAGE, item["removed"])
    assert item["summary"] is None
    assert crawler.stats.get_value("cleantext/texts") == 1
    assert crawler.stats.get_value("cleantext/removed/site_promo") == 1
    gone = sum(len(cut["text"]) for cut in item["removed"])
    assert crawler.stats.get_value("cleantext/removed_characters") == gone
    assert pipeline.process_item({"text": BODY}) == {"text": BODY, "removed": []}
    settings.set("CLEANTEXT_LEVEL", "mild")
    with pytest.raises(ValueError, match="unknown level 'mild'"):
        module.CleanTextPipeline.from_crawler(crawler)


def test_datatrove(cleaner: Cleaner, expected: str) -> None:
    module = use("datatrove")
    from datatrove.data import Document

    step = pickle.loads(pickle.dumps(module.CleanText(cleaner)))
    documents = [
        Document(text=PAGE, id="1", metadata={"url": URL}),
        Document(text=BODY, id="2"),
    ]
    first, second = step.run(iter(documents))
    assert first.text == expected == replays(PAGE, first.metadata["cleantext"])
    assert (second.text, second.metadata["cleantext"]) == (BODY, [])
    assert step.stats["total"].total == 2
    assert step.stats["changed"].total == 1
    assert step.stats["removed_site_promo"].total == 1
    assert step.stats["removed_characters"].total == len(PAGE) - len(expected)
    (bare,) = module.CleanText(metadata_key=None).run([Document(text=PAGE, id="3")])
    assert bare.metadata == {}


def test_datasets(cleaner: Cleaner, expected: str, tmp_path: Path) -> None:
    module = use("datasets")
    import datasets

    path = tmp_path / "pages.parquet"
    datasets.Dataset.from_dict({"text": [BODY, None, PAGE], "url": [None, None, URL]}).to_parquet(
        path
    )
    pages = datasets.Dataset.from_parquet(str(path), cache_dir=str(tmp_path))
    step = module.CleanBatch("text", cleaner=cleaner, url_column="url", removed_column="removed")
    # The first batch has nothing to remove: only the features tell the type of the column.
    done = pages.map(step, batched=True, batch_size=1, features=step.features(pages.features))
    assert done["text"] == [BODY, None, expected]
    assert done[0]["removed"] == done[1]["removed"] == []
    assert replays(PAGE, done[2]["removed"]) == expected
    again = pages.map(step, batched=True, batch_size=1, features=step.features(pages.features))
    assert again.cache_files == done.cache_files
    plain = module.CleanBatch("text")
    assert plain.features(pages.features) == pages.features
    assert pages.map(plain, batched=True, num_proc=2)["text"][0] == BODY


def test_spacy(rules: str) -> None:
    use("spacy")
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("cleantext", config={"keep": ["ad_label"]})
    doc = nlp(PAGE)
    assert doc.text == PAGE
    (span,) = doc.spans["cleantext"]
    assert (span.label_, span.text) == ("newsletter_signup", "Subscribe to our newsletter here.")
    (cut,) = doc.spans["cleantext"].attrs["removed"]
    assert span.id_ == cut["rule"]
    assert PAGE[cut["start"] : cut["end"]] == cut["text"]
    again = spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())
    marked = again(PAGE)
    assert [each.text for each in marked.spans["cleantext"]] == [span.text]
    with pytest.raises(ValueError, match="unknown category to keep: 'adds'"):
        spacy.blank("en").add_pipe("cleantext", config={"keep": ["adds"]})


def test_langchain(cleaner: Cleaner, expected: str) -> None:
    module = use("langchain")
    from langchain_core.documents import Document

    given = Document(PAGE, id="7", metadata={"source": URL})
    (done,) = module.CleanTextTransformer(cleaner, removed_key="removed").transform_documents(
        [given]
    )
    assert done.page_content == expected == replays(PAGE, done.metadata["removed"])
    assert (done.id, given.page_content, given.metadata) == ("7", PAGE, {"source": URL})
    (plain,) = module.CleanTextTransformer().transform_documents([given])
    assert plain.metadata == given.metadata


def test_llama_index(rules: str, expected: str) -> None:
    module = use("llama_index")
    from llama_index.core import Document
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import ImageDocument

    step = module.CleanText(rulesets=["default", rules], removed_key="removed")
    given = Document(text=PAGE, metadata={"url": URL})
    (done,) = IngestionPipeline(transformations=[step]).run(documents=[given])
    assert done.get_content() == expected == replays(PAGE, done.metadata["removed"])
    assert given.get_content() == PAGE
    assert "removed" in done.excluded_embed_metadata_keys
    assert "removed" not in given.excluded_embed_metadata_keys
    copy = module.CleanText.from_dict(step.to_dict())
    assert copy([given])[0].get_content() == expected
    image = ImageDocument(image="aGFyYm91cg==")
    assert step([image])[0].image == image.image
    with pytest.raises(ValueError, match="unknown level 'mild'"):
        module.CleanText(level="mild")


def test_haystack(rules: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = use("haystack")
    monkeypatch.setenv("HAYSTACK_DESERIALIZATION_ALLOWLIST", module.__name__)
    from haystack import Document, Pipeline

    pipeline = Pipeline()
    step = module.BoilerplateCleaner(rulesets=["default", rules], removed_key="removed")
    pipeline.add_component("chrome", step)
    given = Document(content=PAGE, meta={"url": URL})
    for each in (pipeline, Pipeline.loads(pipeline.dumps())):
        (done, empty) = each.run({"chrome": {"documents": [given, Document(content=None)]}})[
            "chrome"
        ]["documents"]
        assert done.content == expected == replays(PAGE, done.meta["removed"])
        assert done.id != given.id
        assert empty.content is None
    assert (given.content, given.meta) == (PAGE, {"url": URL})


def test_sklearn() -> None:
    module = use("sklearn")
    from sklearn.base import clone
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.model_selection import GridSearchCV
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    step = clone(module.CleanText(keep=["ad_label"]))
    assert step.fit_transform([PAGE, BODY]) == [Cleaner(keep=["ad_label"]).clean(PAGE), BODY]
    model = make_pipeline(module.CleanText(), CountVectorizer(), MultinomialNB())
    search = GridSearchCV(model, {"cleantext__level": ["safe", "balanced"]}, cv=2)
    search.fit([PAGE, BODY, PAGE, BODY], [1, 0, 1, 0])
    assert "advertisement" not in search.best_estimator_.named_steps["countvectorizer"].vocabulary_
    with pytest.raises(ValueError, match="collection of texts"):
        module.CleanText().transform(PAGE)
    with pytest.raises(ValueError, match="unknown level 'mild'"):
        module.CleanText(level="mild").fit([])


def test_pandas(cleaner: Cleaner, expected: str) -> None:
    module = use("pandas")
    import pandas as pd

    texts = pd.Series([PAGE, None, BODY], index=[5, 3, 1], name="page")
    urls = pd.Series([URL, None, None], index=[5, 3, 1])
    done = module.clean(texts, urls=urls, cleaner=cleaner)
    assert (done.name, done.dtype, list(done.index)) == ("page", texts.dtype, [5, 3, 1])
    assert (done[5], done[1], pd.isna(done[3])) == (expected, BODY, True)
    removed = module.removed(texts, urls=urls, cleaner=cleaner)
    assert replays(PAGE, removed[5]) == expected
    assert removed[3] == removed[1] == []
    with pytest.raises(ValueError, match=r"shorter|longer"):
        module.clean(texts, urls=[URL])


@pytest.mark.parametrize("lazy", [False, True])
def test_polars(cleaner: Cleaner, expected: str, lazy: bool) -> None:
    module = use("polars")
    import polars as pl

    frame = pl.DataFrame({"text": [BODY, None, PAGE], "url": [None, None, URL]})
    columns = [
        module.clean("text", url="url", cleaner=cleaner),
        module.removed(pl.col("text"), url=pl.col("url"), cleaner=cleaner),
    ]
    done = frame.lazy().with_columns(columns).collect() if lazy else frame.with_columns(columns)
    assert done["text"].to_list() == [BODY, None, expected]
    assert done.schema["removed"] == module.REMOVED
    assert done["removed"].to_list()[:2] == [[], []]
    assert replays(PAGE, done["removed"].to_list()[2]) == expected
    assert frame.head(0).with_columns(columns).height == 0


@pytest.mark.parametrize("kind", ["string", "large_string", "dictionary"])
def test_arrow(cleaner: Cleaner, expected: str, kind: str) -> None:
    module = use("arrow")
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "large_string": pa.large_string(),
        "dictionary": pa.dictionary(pa.int32(), pa.string()),
    }
    table = pa.table(
        {
            "id": [1, 2, 3],
            "text": pa.array([PAGE, None, BODY], kinds[kind]),
            "url": [URL, None, None],
        }
    )
    step = module.CleanTable("text", cleaner=cleaner, url_column="url", removed_column="removed")
    done = step(table)
    assert done.schema == step.schema(table.schema)
    assert done["text"].to_pylist() == [expected, None, BODY]
    assert replays(PAGE, done["removed"][0].as_py()) == expected
    (batch,) = table.combine_chunks().to_batches()
    assert pickle.loads(pickle.dumps(step))(batch).column("text").to_pylist()[0] == expected
    assert module.CleanTable()(table).schema == table.schema
    with pytest.raises(KeyError, match="no column 'body'; there are id, text, url"):
        module.CleanTable("body")(table)
    with pytest.raises(TypeError, match="column 'id' holds int64, not strings"):
        module.CleanTable("id")(table)


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    use("spark")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", False).getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def pages(request: pytest.FixtureRequest) -> Iterator[Callable[[list[Any]], Any]]:
    use("ray")
    import ray

    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    yield ray.data.from_items
    ray.shutdown()


def test_spark(spark: Any, cleaner: Cleaner, expected: str) -> None:
    module = use("spark")
    frame = spark.createDataFrame(
        [(BODY, None), (None, None), (PAGE, URL)], "text string, url string"
    )
    done = module.clean(frame, cleaner=cleaner, url_column="url", removed_column="removed")
    assert done.columns == ["text", "url", "removed"]
    assert frame.columns == ["text", "url"]
    rows = done.collect()
    assert [row["text"] for row in rows] == [BODY, None, expected]
    assert [row["removed"] for row in rows[:2]] == [[], []]
    assert replays(PAGE, [cut.asDict() for cut in rows[2]["removed"]]) == expected


def test_ray(pages: Any, cleaner: Cleaner, expected: str) -> None:
    module = use("ray")
    rows = [{"text": BODY, "url": None}, {"text": PAGE, "url": URL}]
    done = module.clean(
        pages(rows), cleaner=cleaner, url_column="url", removed_column="removed", batch_size=1
    )
    by_text = {row["text"]: row["removed"] for row in done.take_all()}
    assert set(by_text) == {BODY, expected}
    assert len(by_text[BODY]) == 0
    assert replays(PAGE, list(by_text[expected])) == expected
