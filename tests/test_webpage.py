"""The page to look at: everything is there once, escaped, and says what removes it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given

import cleantext
from cleantext import CATEGORIES, LEVELS, Cleaner, Result
from cleantext.cli.main import main
from cleantext.testing import texts
from cleantext.webpage import render

EXAMPLE = Path(__file__).parents[1] / "examples" / "page.txt"
CLEANERS = [Cleaner(level) for level in LEVELS]


class Read(HTMLParser):
    """What a browser would take from a page: tags, and the lines and cuts in `main`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.lines: list[str] = []
        self.cuts: list[tuple[str, dict[str, str | None]]] = []
        self._in: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in.append(tag)
        if tag == "p" and "main" in self._in:
            self.lines.append("")
        if tag == "del":
            self.cuts.append(("", dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" in self._in and "p" in self._in:
            self.lines[-1] += data
            if "del" in self._in:
                text, attrs = self.cuts[-1]
                self.cuts[-1] = (text + data, attrs)


def at_all_levels(text: str) -> list[Result]:
    return [cleaner.analyze(text) for cleaner in CLEANERS]


def lines_of(text: str) -> list[str]:
    return [block.text.strip() for block in cleantext.analyze(text).blocks if block.text.strip()]


def test_every_line_stands_there_and_every_cut_says_why() -> None:
    results = at_all_levels(EXAMPLE.read_text(encoding="utf-8"))
    page = Read(render([("example", results)]))
    assert page.lines == lines_of(results[0].source)
    for level, result in enumerate(results):
        cut = "".join(text for text, data in page.cuts if int(data["data-level"] or 9) <= level)
        gone = "".join(cut.text for cut in result.removed)
        assert "".join(cut.split()) == "".join(gone.split())
    rules = {cut.rule for result in results for cut in result.removed}
    for _, data in page.cuts:
        assert data["data-rule"] in rules
        assert data["data-category"] in CATEGORIES
        assert data["data-reason"]
    captions = [tag for tag in page.tags if tag[1].get("data-kind") == "caption"]
    assert len(captions) == len(results[0].captions)


@given(texts())
def test_whatever_the_text_only_our_own_tags_are_there(text: str) -> None:
    results = at_all_levels(text)
    page = Read(render([(text[:30], results)]))
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "aside", "h1", "h2", "p", "div",
        "fieldset", "legend", "label", "input", "ul", "li", "span", "output", "b", "button", "kbd",
        "main", "details", "summary", "small", "del", "script",
    }  # fmt: skip
    assert not [name for _, data in page.tags for name in data if name.startswith("on")]
    plain = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
    if "\r" not in plain and "\ufffd" not in plain and text == plain:
        assert page.lines == lines_of(text)


def test_markup_in_text_and_name_is_text() -> None:
    wild = '<script>alert(1)</script> & "co"\nAdvertisement\n</p><img src=x onerror=alert(1)>\n'
    page = render([("<b>\"'", at_all_levels(wild))])
    assert "<img" not in page
    assert page.count("<script>") == 1
    assert Read(page).lines == lines_of(wild)


def test_it_asks_nothing_of_the_network_and_runs_only_its_own_script() -> None:
    page = render([("example", at_all_levels("Advertisement\n"))])
    script = re.search("<script>(.*)</script>", page, re.S)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|src=|url\(|@import|<link", page)


def test_one_result_is_a_page_too() -> None:
    page = Read(cleantext.analyze("The tide was out.\nAdvertisement\n").to_html())
    assert page.lines == ["The tide was out.", "Advertisement"]
    assert [data["value"] for tag, data in page.tags if data.get("name") == "level"] == ["safe"]


def test_the_command_writes_it(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(
        '{"text": "One."}\n{\n{"text": "Two."}\n{"text": "Three."}\n'
    )
    out = tmp_path / "out.html"
    args = [
        "report",
        str(EXAMPLE),
        str(tmp_path / "rows.jsonl"),
        "--html",
        str(out),
        "--pages",
        "3",
    ]
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 2
    assert "rows.jsonl:2: not JSON" in done.stderr
    assert f"{out}: 3 pages; there are more (--pages)" in done.stderr
    page = Read(out.read_text(encoding="utf-8"))
    assert page.lines[-1] == "Two."
    assert [data["value"] for _, data in page.tags if data.get("name") == "level"] == list(LEVELS)
    done = CliRunner().invoke(main, ["report", str(EXAMPLE), "--html", str(tmp_path)])
    assert (done.exit_code, done.stderr) == (2, f"cleantext: {tmp_path}: Is a directory\n")
    (tmp_path / "rows.jsonl").write_text("")
    done = CliRunner().invoke(main, ["report", str(tmp_path / "rows.jsonl"), "--html", str(out)])
    assert (done.exit_code, done.stderr) == (2, "cleantext: no page to show\n")
