"""The corpus is sound, what is published is what was measured, and the gate holds."""

from __future__ import annotations

import copy
import gzip
import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpus_tools, diff, gate, measure, public, report, rivals
from cleantext.evaluate import LabelledLine, LabelledPage

BODY = "The ferry sank at dawn near the old pier on Monday."


def page(*lines: tuple[str, str]) -> LabelledPage:
    return LabelledPage("p", tuple(LabelledLine(*line) for line in lines), lang="en")


# Our corpus


@pytest.mark.parametrize(
    "path",
    [*measure.corpus_files(), *sorted(corpus_tools.TRAINING.glob("*.jsonl"))],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_the_corpus_has_no_faults(path: Path) -> None:
    assert list(corpus_tools.problems(corpus_tools.read(path), path.name)) == []


def test_the_corpus_is_as_large_as_promised() -> None:
    pages = measure.own_pages()
    langs = [page.lang for page in pages]
    assert len(pages) >= 240
    assert len(set(langs)) >= 24
    assert langs.count("en") >= 60
    assert len({page.id for page in pages}) == len(pages)


def sound() -> dict[str, Any]:
    return {
        "id": "own/en-001", "url": "https://a.example/1", "via": "written", "lang": "en",
        "genre": "news", "hard": [],
        "lines": [
            {"text": BODY, "label": "body"},
            {"text": "Support our newsroom today", "label": "chrome", "category": "donation_appeal"},
        ],
    }  # fmt: skip


def changed(**fields: Any) -> dict[str, Any]:
    return {**sound(), **fields}


def with_line(**line: Any) -> dict[str, Any]:
    return changed(lines=[line])


def short(number: int) -> dict[str, Any]:
    line = {"text": "Share", "label": "chrome", "category": "social_share"}
    return changed(id=f"own/en-{number}", lines=[line])


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        (
            [{key: value for key, value in sound().items() if key != "genre"}],
            "missing field 'genre'",
        ),
        ([changed(colour="red")], "unknown field 'colour'"),
        ([sound(), changed(lines=[])], "is used twice"),
        ([changed(genre="gossip")], "field 'genre'"),
        ([changed(url="https://real.com/")], "field 'url'"),
        ([with_line(text="a", label="bdy")], "unknown label 'bdy'"),
        ([with_line(text=" a", label="body")], "field 'text'"),
        ([with_line(text="a\u2028b", label="body")], "field 'text'"),
        ([with_line(text="", label="body")], "field 'text'"),
        ([with_line(text="a", label="chrome", category="x")], "unknown category 'x'"),
        ([with_line(text="a", label="chrome")], "unknown category None"),
        (
            [with_line(text="a", label="mixed", category="ad_label", chrome=["b"])],
            "every part must stand in the text",
        ),
        ([with_line(text="a", label="mixed", category="ad_label")], "every part must stand"),
        ([short(number) for number in range(4)], "stands on over 3 pages"),
        ([sound(), changed(id="own/en-002")], "is too like"),
    ],
)
def test_the_checker_finds_each_fault(pages: list[dict[str, Any]], words: str) -> None:
    assert list(corpus_tools.problems([sound()], "en")) == []
    found = list(corpus_tools.problems(pages, "en.jsonl"))
    assert any(words in message for message in found), found
    assert all(message.startswith("en.jsonl:") for message in found)


def test_a_draft_becomes_pages() -> None:
    draft = (
        "=== en-031 | news | https://a.example/x | hard: donation_appeal\n"
        f"body | {BODY}\nchrome.ad_label | Advertisement\n"
        "mixed | It rained. {{newsletter_signup: Get our briefing.}}\n"
    )
    [made] = corpus_tools.parse_draft(draft)
    assert (made["id"], made["lang"], made["hard"]) == ("own/en-031", "en", ["donation_appeal"])
    assert made["lines"][2]["text"] == "It rained. Get our briefing."
    assert made["lines"][2]["chrome"] == ["Get our briefing."]
    for bad in (
        "body | text\n",
        "=== nonsense\n",
        draft + "body.ad_label | x\n",
        draft + "mixed | x\n",
    ):
        with pytest.raises(corpus_tools.CorpusError, match=r"<draft>:\d"):
            list(corpus_tools.parse_draft(bad))


# What is published


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    loaded = report.load()
    assert loaded is not None
    return loaded


def test_readme_docs_and_pictures_show_the_results(results: dict[str, Any]) -> None:
    assert report.stale(results) == [], "run: python -m benchmarks --render"


def test_the_results_are_of_the_corpus_as_it_is(results: dict[str, Any]) -> None:
    hash_now = measure.digest(measure.corpus_files())
    assert results["sections"]["own"]["corpus"] == hash_now, "run: python -m benchmarks"


def test_a_changed_figure_makes_everything_stale(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["sections"]["own"]["rows"][0]["chrome"] = 0.123456
    assert report.stale(other) == ["benchmarks.md", "README.md", report.CURVE, report.BARS]
    assert "12.34" in report.docs(other)


def test_results_hold_no_sentence_of_third_parties(results: dict[str, Any]) -> None:
    for name, section in results["sections"].items():
        if name != "own" and section["kind"] == "text":
            assert not any(section["lost"].values()), name


def test_a_readme_without_marks_is_left_alone() -> None:
    assert report.with_block("# Title\n", "table") is None
    assert report.with_block(f"{report.END}{report.START}", "table") is None
    text = f"a\n{report.START}\nold\n{report.END}\nb\n"
    assert report.with_block(text, "new") == f"a\n{report.START}\nnew\n{report.END}\nb\n"


# The gate


FLOORS = {"own": {"corpus": "c", "levels": {"safe": {"body": 0.99, "caption": 1.0, "chrome": 0.4}}}}


def figures(**shares: float) -> dict[str, Any]:
    found = copy.deepcopy(FLOORS)
    found["own"]["levels"]["safe"].update(shares)  # type: ignore[index]
    return found


def test_the_gate_lets_equal_and_better_pass() -> None:
    assert gate.failures(FLOORS, FLOORS) == []
    assert gate.failures(figures(body=1.0, chrome=0.9), FLOORS) == []


@pytest.mark.parametrize(
    ("found", "floors", "words"),
    [
        (figures(body=0.9899), FLOORS, "own: safe: body kept 0.9899 < 0.9900"),
        (figures(caption=0.5), FLOORS, "captions kept"),
        (figures(chrome=0.3999), FLOORS, "chrome removed"),
        (FLOORS, {}, "no floors are pinned"),
        ({"own": {**FLOORS["own"], "corpus": "d"}}, FLOORS, "the pages have changed (c -> d)"),
        ({"own": {"corpus": "c", "levels": {}}}, FLOORS, "body kept 0.0000 < 0.9900"),
    ],
)
def test_the_gate_fails_when_it_should(
    found: dict[str, Any], floors: dict[str, Any], words: str
) -> None:
    assert any(words in fault for fault in gate.failures(found, floors))


def test_the_gate_sees_published_figures_of_other_rules(results: dict[str, Any]) -> None:
    rows = [row for row in results["sections"]["own"]["rows"] if row["level"]]
    shares = {row["level"]: {key: int(row[key] * 1e4 + 1e-6) / 1e4 for key in gate.FIGURES}
              for row in rows}  # fmt: skip
    assert gate.outdated({"own": {"levels": shares}}, results) == []
    shares["safe"]["chrome"] += 0.01
    assert "--ours" in gate.outdated({"own": {"levels": shares}}, results)[0]
    assert "nothing is measured" in gate.outdated({"own": {"levels": shares}}, None)[0]


def test_the_gate_as_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors.json"
    monkeypatch.setattr(
        measure, "unseen_own_pages", lambda: [page((BODY, "body"), ("Share", "chrome"))]
    )
    monkeypatch.setattr(gate, "outdated", lambda found, results: [])

    def run(*args: str) -> int:
        return gate.main(args, floors=floors, data=tmp_path)

    assert run() == 1  # nothing pinned
    assert (run("--pin"), run()) == (0, 0)
    pinned = json.loads(floors.read_text())
    pinned["own"]["levels"]["safe"]["body"] = 1.01
    floors.write_text(json.dumps(pinned))
    assert run() == 1
    assert "body kept 1.0000 < 1.0100" in capsys.readouterr().out


def test_floors_are_pinned_for_the_corpus_as_it_is() -> None:
    floors = gate.load(gate.FLOORS)
    assert floors["own"]["corpus"] == measure.digest(measure.corpus_files())
    assert set(floors["own"]["levels"]) == set(report.LEVELS)


# Rivals


def removed_lines(name: str, *lines: str) -> list[str]:
    rival = next(each for each in rivals.TEXT if each.name == name)
    for module in rival.needs:
        pytest.importorskip(module)
    made = page(*((line, "body") for line in lines))
    return [made.text[start:end] for start, end in rival.build()(made)]


def test_keep_all() -> None:
    assert removed_lines("keep all", BODY, "Share") == []


@pytest.mark.parametrize(
    "line",
    ["BREAKING NEWS TODAY", "12,345", "3 likes", "Share", "Sign in to comment", "Read the story: read more...",
     "You have 2 items in cart"],
)  # fmt: skip
def test_refinedweb_removes(line: str) -> None:
    assert removed_lines("RefinedWeb line rules", BODY, line) == [line]


@pytest.mark.parametrize("line", [BODY, "", "渡轮沉没了 三人获救", "It had 3 likes on Monday."])
def test_refinedweb_keeps(line: str) -> None:
    assert removed_lines("RefinedWeb line rules", line) == []


def test_c4() -> None:
    lines = (
        BODY,
        "A line without an end",
        "",
        "We use cookies, as everyone does.",
        "{ a brace } ends it.",
    )
    assert removed_lines("C4 line rules", *lines) == [lines[1], lines[3]]
    assert removed_lines("FineWeb line rules", *lines) == [lines[3]]


def test_justext() -> None:
    body = " ".join(
        [BODY, "It was the third to be lost there in a year, and the crew of it was saved."] * 3
    )
    assert removed_lines("jusText", body, "", "Share", "a < b & c") == ["Share", "a < b & c"]


def test_missing_rivals_are_named() -> None:
    absent = rivals.TextRival("Ghost", "ghost", ("no_such_module",), lambda: lambda page: [], "")
    assert list(rivals.missing([absent])) == [
        "skipped: Ghost: no_such_module not installed (extra `bench`); earlier figures of it stay"
    ]
    assert rivals.present([absent]) == []


# Public corpora


WCXB = {
    "wcxb/dev/ground-truth/0001.json": json.dumps(
        {"url": "https://www.a.example/x",
         "ground_truth": {"title": "Sunk", "author": None, "main_content": f"{BODY}\nAll saved."}}
    ).encode(),
    "wcxb/dev/html/0001.html.gz": gzip.compress(b"<p>Home</p>"),
    "wcxb/test/ground-truth/0002.json": b"{}",
    "wcxb/test/html/0002.html": b"held out",
}  # fmt: skip
DANIEL = {
    "Corpus/doc_lg.json": b'{"20111121_a.example_1": "Polish"}',
    "Corpus/html/20111121_a.example_1": b"<meta charset=iso-8859-2><p>\xb1</p>",
    "Corpus/reference/20111121_a.example_1": "<p>Prom zatonął</p>\n<p>w &amp; przy</p>".encode(),
}
TRAFILATURA = {
    "tests/evaldata.py": b"EVAL_PAGES = {'https://a.example/': {'file': 'a.html', "
    b"'with': ['ferry sank'], 'without': ['Impressum']}, "
    b"'https://b.example/': {'file': 'gone.html', 'with': ['x'], 'without': []}}\n",
    "tests/cache/a.html": b"<p>x</p>",
}


def folder(files: dict[str, bytes], place: Path) -> Path:
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def archive(files: dict[str, bytes], place: Path) -> Path:
    path = place / "corpus.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("pack", [folder, archive])
def test_wcxb(tmp_path: Path, pack: Callable[[dict[str, bytes], Path], Path]) -> None:
    kind, [made] = public.read(pack(WCXB, tmp_path))
    assert (kind, made.id, made.url) == ("WCXB", "wcxb/0001", "https://www.a.example/x")
    assert (made.html, made.gold) == ("<p>Home</p>", f"{BODY}\nAll saved.")
    assert public.host(made) == "a.example"
    labelled = public.label(made, f"Sunk\n\n {BODY}\nAll saved.\nHome", "page")
    assert [line.label for line in labelled.lines] == ["unsure", "body", "body", "chrome"]
    assert labelled.gold == made.gold


@pytest.mark.parametrize("pack", [folder, archive])
def test_daniel(tmp_path: Path, pack: Callable[[dict[str, bytes], Path], Path]) -> None:
    kind, [made] = public.read(pack(DANIEL, tmp_path))
    assert (kind, made.lang, made.url) == ("DAnIEL", "pl", "http://a.example")
    assert "ą" in made.html
    assert made.gold == "Prom zatonął\nw & przy"


@pytest.mark.parametrize("pack", [folder, archive])
def test_trafilatura(tmp_path: Path, pack: Callable[[dict[str, bytes], Path], Path]) -> None:
    kind, [made] = public.read(pack(TRAFILATURA, tmp_path))
    assert (kind, made.id) == ("trafilatura", "trafilatura/a.html")
    text = "The ferry sank.\nImpressum\nA long line that has the word Impressum in it\nOther"
    labels = [line.label for line in public.label(made, text, "page").lines]
    assert labels == ["body", "chrome", "unsure", "unsure"]


def test_what_is_no_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(public.CorpusError, match="no such file"):
        public.read(tmp_path / "nowhere")
    with pytest.raises(public.CorpusError, match="holds none of"):
        public.read(folder({"a.txt": b"x"}, tmp_path))
    (tmp_path / "a.tar").write_bytes(b"x")
    with pytest.raises(public.CorpusError, match="neither a folder nor an archive"):
        public.read(tmp_path / "a.tar")
    broken = folder({"ground-truth/1.json": b"{}", "html/1.html": b""}, tmp_path / "broken")
    with pytest.raises(public.CorpusError, match="not as WCXB has it"):
        public.read(broken)


def test_a_sample_is_stable_and_of_the_right_size() -> None:
    names = [f"{number:04}" for number in range(2000)]
    some = {name for name in names if public.chosen(name, 0.1)}
    assert 150 < len(some) < 250
    assert some < {name for name in names if public.chosen(name, 0.5)}
    assert all(public.chosen(name, 1.0) for name in names)


GOLD = f"{BODY} The crew of nine was saved by the lifeboat within an hour.\nA short line\n渡轮在黎明时分沉没"


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        ([BODY], ["body"]),
        (["Nothing of this line at all stands in the gold text"], ["chrome"]),
        (["The ferry sank at dawn near " + "and then something else " * 2], ["unsure"]),
        (["A SHORT LINE!"], ["body"]),
        (["Not there"], ["chrome"]),
        (["the lifeboat"], ["unsure"]),
        (["The crew of nine was saved by the lifeboat", "within an hour."], ["body", "body"]),
        (["within an hour."], ["unsure"]),
        (["渡轮在黎明时分沉没"], ["body"]),
        (["—"], ["unsure"]),
    ],
)
def test_alignment(lines: list[str], labels: list[str]) -> None:
    assert public.align(lines, GOLD) == labels


def test_pages_whose_gold_forgot_text_are_told() -> None:
    inside = ("A paragraph of many words that the gold did not have in it", "chrome")
    assert public.gold_forgot(page((BODY, "body"), inside, (BODY, "body")))
    assert not public.gold_forgot(page((BODY, "body"), (BODY, "body"), inside))
    assert public.gold_forgot(page(inside))


def test_text_of_html() -> None:
    html = (
        "<html><body><h1>A</h1><p>b <i>c</i><br>d</p><script>x</script>e<!-- f -->g</body></html>"
    )
    assert rivals.html_text(html) == "A\nb c\nd\neg"
    assert rivals.html_text("") == ""
    assert rivals.html_text("<div>" * 1000 + "deep") == "deep"


# The diff of a change of rules


def test_what_one_version_removes_and_the_other_keeps() -> None:
    text = "Keep this.\nShare\nAdvertisement"
    pages = [{"id": "p", "url": None, "text": text}]
    share, both = (11, 16, "old.share", "social_share"), (17, 30, "ad", "ad_label")
    gone, kept = diff.changes(pages, [[share, both]], [[both]])
    assert (gone, kept) == ([], [diff.Change("p", "Share", "old.share", "social_share")])
    gone, kept = diff.changes(pages, [[]], [[share, both]])
    assert ([change.text for change in gone], kept) == (["Share", "Advertisement"], [])
    shown = diff.shown("newly removed", gone)
    assert shown.startswith("newly removed: 2 lines on 1 pages")
    assert "old.share  social_share  1\n    Share  [p]" in shown


def test_pages_are_read_from_any_of_the_forms(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(
        '{"id": "b", "text": "two"}\n{"other": 1}\n', encoding="utf-8"
    )
    row = json.dumps({"lines": [{"text": "x"}, {"text": "y"}]}) + "\n"
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(row.encode()))
    assert [each["text"] for each in diff.read_pages([tmp_path])] == ["one", "two", "x\ny"]


def test_the_diff_of_a_revision_with_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not (diff.ROOT / ".git").exists():
        pytest.skip("not a checkout")
    (tmp_path / "a.txt").write_text(f"{BODY}\nAdvertisement\n", encoding="utf-8")
    assert diff.main(["HEAD", str(tmp_path)]) == 0
    assert "HEAD -> working tree, safe, 1 pages" in capsys.readouterr().out
    trees = subprocess.run(
        ["git", "worktree", "list"], cwd=diff.ROOT, capture_output=True, text=True
    )
    assert "cleantext-diff" not in trees.stdout
    with pytest.raises(diff.DiffError, match="no-such-revision"):
        diff.main(["no-such-revision", str(tmp_path)])


def test_measuring_a_section_takes_rivals_over() -> None:
    pages = [page((BODY, "body"), ("Advertisement", "chrome"))]
    old = {"corpus": "c", "pages": 1, "rows": [{"name": "jusText", "level": None, "old": True}]}
    made = measure.text_section(pages, "t", "a", "c", before=old, ours=True)
    rows = {row["name"]: row for row in made["rows"]}
    assert list(rows)[:4] == [
        "cleantext safe",
        "cleantext balanced",
        "cleantext thorough",
        "keep all",
    ]
    assert rows["jusText"] == old["rows"][0]  # type: ignore[index]
    assert rows["cleantext safe"]["chrome"] == 1
    other = measure.text_section(pages, "t", "a", "of other pages", before=old, ours=True)
    assert not any(row.get("old") for row in other["rows"])


def test_results_of_other_sections_stay(tmp_path: Path) -> None:
    path = tmp_path / "results" / "results.json"
    report.add({"a": {"x": 1 / 3}, "b": {}}, path)
    report.add({"b": {"y": 1}}, path)
    assert report.load(path) == {"sections": {"a": {"x": 0.333333}, "b": {"y": 1}}}


def test_percents_are_rounded_down() -> None:
    shares = [report.percent(share) for share in (0.99999, 1.0, 0.29, 0.0, None)]
    assert shares == ["99.99", "100", "29.00", "0.00", "–"]


def test_html_rivals_find_the_article() -> None:
    body = " ".join(
        [BODY, "It was the third to be lost there in a year, and all of it was seen."] * 4
    )
    html = f"<html><body><article><p>{body}</p><p>{body}</p></article></body></html>"
    for rival in rivals.present(rivals.HTML):
        assert BODY in rival.build()(html, "en"), rival.name


def test_fold_and_host_are_those_of_training() -> None:
    train = pytest.importorskip("benchmarks.train")
    for url in ("https://www.a.example/x", "b.example/y", "", None):
        host = public.host(LabelledPage("p", (), url=url))
        assert host == train.host_of(url)
        assert measure.fold(host, 5) == train.fold(host, 5)
        assert measure.unseen_half(host) == train.halved(host)
