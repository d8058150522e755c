"""Real jobs: many files, forms and processes; interrupted, resumed, faulty."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleantext.cli import outputs, run
from cleantext.cli.inputs import Fields, Record, source
from cleantext.cli.main import main
from cleantext.cli.warc import conversion

BODY = "The ferry sank at dawn, the harbour master said.\n"
PAGE = BODY + "Advertisement\n"


def cleantext(*args: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)


@contextmanager
def process(*args: str | Path, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command by itself; end it if a test fails."""
    code = "from cleantext.cli.main import main; main()"
    env = {**os.environ, "PYTHONPATH": str(Path(outputs.__file__).parents[2])}
    running = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)], cwd=cwd, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield running
    finally:
        running.kill()
        running.communicate(timeout=30)


def jsonl(path: Path, count: int = 3, text: str = PAGE, **more: Any) -> Path:
    rows = ({"id": n, "text": text, "url": f"https://a.example/{n}", **more} for n in range(count))
    path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    return path


def texts(path: Path) -> list[str | bytes]:
    return [item.text for item in source(str(path)).read() if isinstance(item, Record)]


def rows(path: Path) -> list[dict[str, Any]]:
    return [dict(item.row) for item in source(str(path)).read() if isinstance(item, Record)]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this project hold."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "end", ["jsonl", "csv", "tsv", "parquet", "wet", "txt", "jsonl.gz", "wet.zst"]
)
def test_every_form_out_of_jsonl(tmp_path: Path, end: str) -> None:
    if end == "parquet":
        pytest.importorskip("pyarrow")
    if end == "wet.zst":
        pytest.importorskip("zstandard")
    out = tmp_path / f"out.{end}"
    done = cleantext(jsonl(tmp_path / "in.jsonl"), "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    if end == "txt":
        assert out.read_text() == "\n".join([BODY] * 3)
        return
    assert texts(out) == [BODY] * 3
    assert [item.url for item in source(str(out)).read() if isinstance(item, Record)] == [
        f"https://a.example/{n}" for n in range(3)
    ]
    if "wet" not in end:
        assert [str(row["id"]) for row in rows(out)] == ["0", "1", "2"]


@pytest.mark.parametrize("end", ["jsonl", "csv", "parquet"])
def test_removed_spans_come_along(tmp_path: Path, end: str) -> None:
    if end == "parquet":
        pytest.importorskip("pyarrow")
    out = tmp_path / f"out.{end}"
    assert cleantext(jsonl(tmp_path / "in.jsonl"), "-o", out, "--with-removed").exit_code == 0
    removed = rows(out)[2]["removed"]
    [cut] = json.loads(removed) if end == "csv" else removed
    assert (PAGE[cut["start"] : cut["end"]], cut["category"]) == ("Advertisement\n", "ad_label")
    assert ".ad_label." in cut["rule"]


def test_removed_spans_of_text_stand_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE)
    assert cleantext(tmp_path / "a.txt", "-o", tmp_path / "out/", "--with-removed").exit_code == 0
    assert (tmp_path / "out/a.txt").read_text() == BODY
    row = json.loads((tmp_path / "out/a.txt.removed.jsonl").read_text())
    assert row["removed"][0]["text"] == "Advertisement\n"
    done = cleantext(tmp_path / "a.txt", "--with-removed")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "use --to jsonl" in done.stderr


def test_parquet_keeps_its_columns(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    table = arrow.table({
        "n": arrow.array([1, None], arrow.int16()), "body": arrow.array([PAGE, BODY], arrow.large_string()),
        "at": arrow.array([0, 1], arrow.timestamp("ms", "UTC")), "tags": [["a"], []],
    })  # fmt: skip
    parquet.write_table(table, tmp_path / "in.parquet")
    done = cleantext(tmp_path / "in.parquet", "--field", "body", "-o", tmp_path / "out.parquet")
    assert done.exit_code == 0
    after = parquet.read_table(tmp_path / "out.parquet")
    assert after.schema.equals(table.schema)
    assert after.drop(["body"]).equals(table.drop(["body"]))
    assert after["body"].to_pylist() == [BODY, BODY]
    empty = table.slice(0, 0)
    parquet.write_table(empty, tmp_path / "in.parquet")
    cleantext(tmp_path / "in.parquet", "--field", "body", "-o", tmp_path / "out.parquet")
    assert parquet.read_table(tmp_path / "out.parquet").schema.equals(table.schema)


def test_wet_keeps_its_headers(tmp_path: Path) -> None:
    headers = {"WARC-Date": "2024-05-01T00:00:00Z", "WARC-Record-ID": "<urn:uuid:1>",
               "WARC-Block-Digest": "sha1:OLD"}  # fmt: skip
    (tmp_path / "a.warc.wet.gz").write_bytes(
        gzip.compress(conversion(headers, "https://a.example/", PAGE.encode()))
    )
    assert cleantext(tmp_path / "a.warc.wet.gz", "-o", tmp_path / "out/").exit_code == 0
    [record] = source(str(tmp_path / "out/a.warc.wet.gz")).read()
    assert isinstance(record, Record)
    assert (record.text, record.url) == (BODY, "https://a.example/")
    assert record.row["WARC-Date"] == "2024-05-01T00:00:00Z"
    assert "WARC-Block-Digest" not in record.row
    row = json.loads(cleantext(tmp_path / "a.warc.wet.gz", "--to", "jsonl").stdout)
    assert row == {"id": "<urn:uuid:1>", "date": "2024-05-01T00:00:00Z",
                   "url": "https://a.example/", "text": BODY}  # fmt: skip


def test_a_directory_becomes_a_directory(tmp_path: Path) -> None:
    (tmp_path / "in/sub").mkdir(parents=True)
    jsonl(tmp_path / "in/sub/a.jsonl")
    (tmp_path / "in/b.md").write_text(PAGE)
    assert cleantext(tmp_path / "in", "-o", tmp_path / "out", "--jobs", "2").exit_code == 0
    assert texts(tmp_path / "out/sub/a.jsonl") == [BODY] * 3
    assert (tmp_path / "out/b.md").read_text() == BODY
    done = cleantext(tmp_path / "in", "-o", tmp_path / "all.jsonl")
    assert done.exit_code == 0
    assert texts(tmp_path / "all.jsonl") == [BODY] * 4
    assert "4 pages" in done.stderr


def test_stdin_of_a_form(tmp_path: Path) -> None:
    done = cleantext("-", "--from", "jsonl", stdin=jsonl(tmp_path / "a.jsonl").read_bytes())
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == [BODY] * 3


def test_several_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    lines = [{"id": n, "text": f"Line {n} of the tale, said the ferryman.\n" + PAGE * (n % 7)}
             for n in range(1500)]  # fmt: skip
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for jobs in ("1", "2"):
        done = cleantext(
            path, "-o", tmp_path / f"{jobs}.jsonl", "-j", jobs, "--stats", tmp_path / f"{jobs}.json"
        )
        assert done.exit_code == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    one, two = (json.loads((tmp_path / f"{n}.json").read_text()) for n in (1, 2))
    del one["seconds"], two["seconds"]
    assert one == two
    assert one["pages"] == 1500
    assert one["bytes_in"] - one["bytes_out"] == sum(c["bytes"] for c in one["categories"].values())
    assert [row["id"] for row in rows(tmp_path / "2.jsonl")] == list(range(1500))


def test_without_summary_the_outcome_is_the_same(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "in.jsonl")
    cleantext(path, "-o", tmp_path / "a.jsonl")
    done = cleantext(path, "-o", tmp_path / "b.jsonl", "--no-summary")
    assert done.stderr == ""
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_bad_records_are_named_and_left_out(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "in.jsonl")
    path.write_bytes(path.read_bytes() + b"{\n" + b'{"id": 9, "text": "ok"}\n')
    done = cleantext(path, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 2
    assert f"{path}:4: not JSON" in done.stderr
    assert "1 bad record left out" in done.stderr
    assert len(texts(tmp_path / "out.jsonl")) == 4
    strict = cleantext(path, "-o", tmp_path / "strict.jsonl", "--strict")
    assert (strict.exit_code, strict.stderr.count("\n")) == (2, 1)
    assert f"{path}:4: not JSON" in strict.stderr
    assert sorted(os.listdir(tmp_path)) == ["in.jsonl", "out.jsonl"]


def test_a_file_that_cannot_be_read_leaves_no_output(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/bad.txt").write_bytes(b"caf\xe9")
    (tmp_path / "in/good.txt").write_text(PAGE)
    (tmp_path / "in/none.csv").write_text("a,b\n1,2\n")
    done = cleantext("in", "-o", "out")
    assert done.exit_code == 2
    assert "in/bad.txt: not UTF-8 at byte 3" in done.stderr
    assert "in/none.csv: no field 'text'; it has a, b; name one with --field" in done.stderr
    assert sorted(os.listdir("out")) == [".cleantext-journal.jsonl", "good.txt"]


def test_what_does_not_fit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "a"}\n{"text": "b", "more": 1}\n{"text": "\\ud800"}\n')
    done = cleantext(path, "-o", tmp_path / "out.csv")
    assert f"{path}:2: field 'more' is not among the columns of the first record" in done.stderr
    assert json.loads(cleantext(path, "--to", "jsonl").stdout.splitlines()[2]) == {"text": "\ud800"}
    jsonl(path, removed=1)
    done = cleantext(path, "--with-removed")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{path}:1: has a field 'removed' already" in done.stderr


def test_parquet_rows_that_do_not_fit_end_the_output(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "a", "n": 1}\n{"text": "b", "n": "x"}\n')
    done = cleantext(path, "-o", tmp_path / "out.parquet", "--no-summary")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "rows do not fit the columns" in done.stderr
    assert os.listdir(tmp_path) == ["in.jsonl"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["a.txt", "-o", "a.txt"], "a.txt would overwrite an input"),
        (["a.txt", "b/a.txt", "-o", "out/"], "a.txt and b/a.txt would both become out/a.txt"),
        (["a.txt", "a.jsonl"], "several forms (jsonl, text): choose one with --to"),
        (["a.jsonl", "--to", "parquet"], "Parquet cannot go to stdout"),
        (["a.txt", "--resume"], "--resume goes with -o DIRECTORY"),
        (["a.txt", "-o", "a.txt/out.txt"], "a.txt: File exists"),
        (["a.txt", "--keep", "nothing"], "unknown category to keep: 'nothing'"),
        (["a.txt", "--config", "no.toml"], "no.toml: No such file"),
        (["a.txt", "--jobs", "-3"], "-3 is not in the range"),
        (["empty"], "empty: Is a directory without a file of a known suffix"),
    ],
)
def test_faults_of_the_command_are_one_line(tmp_path: Path, args: list[str], words: str) -> None:
    for folder in ("b", "empty"):
        (tmp_path / folder).mkdir()
    for name in ("a.txt", "b/a.txt"):
        (tmp_path / name).write_text(PAGE)
    jsonl(tmp_path / "a.jsonl")
    done = cleantext(*args)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr
    assert (tmp_path / "a.txt").read_text() == PAGE


def test_settings_hold_and_options_come_on_top(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE + "Share this article\n")
    (tmp_path / "cleantext.toml").write_text('keep = ["social_share"]\n')
    assert cleantext("a.txt").stdout == BODY + "Share this article\n"
    assert cleantext("a.txt", "--keep", "ad_label").stdout == PAGE + "Share this article\n"
    assert cleantext("a.txt", "--no-config").stdout == BODY
    (tmp_path / "cleantext.toml").write_text('keep = ["nothing"]\n')
    assert cleantext("a.txt").stderr.startswith(f"cleantext: {tmp_path}/cleantext.toml: unknown")


def test_resume_does_what_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in "abcd":
        jsonl(tmp_path / f"in/{name}.jsonl")
    assert cleantext("in", "-o", "out").exit_code == 0
    before = {name: os.stat(f"out/{name}.jsonl").st_mtime_ns for name in "abcd"}
    os.remove("out/b.jsonl")
    jsonl(tmp_path / "in/c.jsonl", 5)
    with open("out/.cleantext-journal.jsonl", "a") as file:
        file.write('{"output": "out/d')
    done = cleantext("in", "-o", "out", "--resume", "--stats", "stats.json")
    after = {name: os.stat(f"out/{name}.jsonl").st_mtime_ns for name in "abcd"}
    assert [name for name in "abcd" if after[name] != before[name]] == ["b", "c"]
    assert len(texts(tmp_path / "out/c.jsonl")) == 5
    assert "2 outputs written, 2 done before" in done.stderr
    assert json.loads(Path("stats.json").read_text())["pages"] == 14
    done = cleantext("in", "-o", "out", "--resume", "--level", "balanced")
    assert "4 outputs written" in done.stderr


def _big(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    for name in ("a", "b"):
        yield jsonl(folder / f"{name}.jsonl", 30 if name == "a" else 3000, PAGE * 30)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_whole_files_only(
    tmp_path: Path, jobs: str, sent: signal.Signals, code: int
) -> None:
    list(_big(tmp_path / "in"))
    with process("in", "-o", "out", "-j", jobs, cwd=tmp_path) as running:
        part = next(_until(lambda: list(tmp_path.glob("out/.b.jsonl.*.part"))))
        assert part
        running.send_signal(sent)
        _, errors = running.communicate(timeout=60)
        assert running.returncode == code
        assert b"Traceback" not in errors
        assert sorted(os.listdir(tmp_path / "out")) == [".cleantext-journal.jsonl", "a.jsonl"]
        if sent == signal.SIGINT:
            assert b"interrupted; 1 of 2 outputs are done; --resume goes on" in errors


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    list(_big(tmp_path / "in"))
    with process("in", "-o", "out", "-j", "2", cwd=tmp_path) as running:
        next(_until(lambda: list(tmp_path.glob("out/.b.jsonl.*.part"))))
        children = _children(running.pid)
        assert len(children) >= 2
        running.kill()
        running.communicate(timeout=60)
        next(_until(lambda: not any(_alive(child) for child in children)))


def _until(ready: Any) -> Iterator[Any]:
    end = time.monotonic() + 25
    while time.monotonic() < end:
        if found := ready():
            yield found
        time.sleep(0.01)
    pytest.fail("waited in vain")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("needs /proc")
    return [int(each) for each in listed.read_text().split()]


def _alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_dead_worker_is_said(tmp_path: Path) -> None:
    list(_big(tmp_path / "in"))
    with process("in", "-o", "out", "-j", "2", "--no-summary", cwd=tmp_path) as running:
        next(_until(lambda: list(tmp_path.glob("out/.b.jsonl.*.part"))))
        for child in _children(running.pid):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        _, errors = running.communicate(timeout=60)
        assert running.returncode == 2
        assert errors == b"cleantext: a worker process died (out of memory?)\n"
        assert sorted(os.listdir(tmp_path / "out")) == [".cleantext-journal.jsonl", "a.jsonl"]


def test_a_page_that_fails_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleantext import Cleaner

    cleaner = Cleaner()

    class Odd:
        def clean(self, text: str, *, url: str | None, lang: str | None) -> str:
            if text == "odd":
                raise RuntimeError("too odd")
            return cleaner.clean(text, url=url, lang=lang)

    pages = [run.Page(text) for text in (PAGE, "odd", PAGE)]
    done = run._clean_batch(Odd(), pages, run.Way(tally=False))  # type: ignore[arg-type]
    assert [each.text for each in done] == [BODY, "", BODY]
    assert done[1].error == "RuntimeError: too odd"


def test_csv_cells_hold_what_has_no_form_there() -> None:
    out = io.BytesIO()
    writer = outputs._Csv(out, Fields(), ",")
    writer.write(Record("", "x", row={"text": "", "tags": ["a", 1], "none": None}), "t\n", None)
    writer.close()
    header, row = csv.reader(io.StringIO(out.getvalue().decode(), newline=""))
    assert (header, row) == (["text", "tags", "none"], ["t\n", '["a", 1]', ""])


HTML = f"""<html lang="en"><head><title>Ferry sinks</title><meta charset="utf-8"></head><body>
<nav class="menu"><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Ferry sinks</h1>
<figure><img src="a.jpg"><figcaption>The pier in May. Photo: Ines Falk</figcaption></figure>
<p>{BODY.strip()} Ninety passengers were on board, among them the baker, who had run out of flour in
the second week and had been sent sacks by rowing boat from the mainland.</p>
<p>Nobody in the valley remembers a winter like it: the road was closed for eleven weeks — and the café too.</p>
</article><aside class="related-posts"><a href="/x">Storm breaks stage</a></aside></body></html>"""


def test_html_comes_out_as_text_or_markdown(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_bytes(HTML.encode())
    assert cleantext("in", "-o", "text").exit_code == 0
    text = (tmp_path / "text/a.txt").read_text()
    assert text.startswith("Ferry sinks\nThe pier in May. Photo: Ines Falk\nThe ferry sank at dawn")
    assert "Home" not in text
    assert "Storm" not in text
    assert cleantext("in/a.html").stdout == cleantext("in/a.html", "--no-summary").stdout == text
    for options in ((), ("--no-summary",)):
        assert cleantext("in", "-o", "md", "--to", "markdown", *options).exit_code == 0
        assert (tmp_path / "md/a.md").read_text().startswith("# Ferry sinks\n")
    row = json.loads(cleantext("in/a.html", "--json", "--url", "https://a.example/").stdout)
    assert (row["file"], row["url"], row["text"]) == ("in/a.html", "https://a.example/", text)
    assert "Storm breaks stage\n" in [cut["text"] for cut in row["removed"]]


def test_html_in_a_table_and_in_a_warc(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", 2, HTML)
    done = cleantext("a.jsonl", "--is-html", "-j", "2")
    text = cleantext("-", "--from", "html", stdin=HTML.encode()).stdout
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == [text] * 2
    page = HTML.replace('<meta charset="utf-8">', "").replace("—", "-")
    message = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        + page.encode("latin-1")
    )
    head = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: https://a.example/\r\n"
            f"WARC-Date: 2024-05-01T00:00:00Z\r\nContent-Type: application/http;msgtype=response\r\n"
            f"Content-Length: {len(message)}\r\n\r\n")  # fmt: skip
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(head.encode() + message + b"\r\n\r\n"))
    assert cleantext("a.warc.gz", "-o", "out/").exit_code == 0
    [record] = source("out/a.wet.gz").read()
    assert isinstance(record, Record)
    assert record.url == "https://a.example/"
    assert record.row["WARC-Date"] == "2024-05-01T00:00:00Z"
    assert record.row["WARC-Refers-To"] == "<urn:uuid:1>"
    assert record.row["WARC-Record-ID"] not in ("", "<urn:uuid:1>")
    assert "the café too" in str(record.text)
