"""From HTML: what is kept, what goes and why, and that nothing is too broken."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import cleantext
from cleantext import Cleaner, analyze_html, clean_html
from cleantext.cli.main import main
from cleantext.html.article import find
from cleantext.html.decode import decode, parse
from cleantext.html.model import choose, context, load, written_out
from cleantext.testing import BODY, html_pages

PROSE = BODY["prose"]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Ferries return to Aldersea – The Sound</title>
<meta name="author" content="Ines Falk"><meta property="og:site_name" content="The Sound">
<meta property="article:published_time" content="2024-03-05T08:00:00Z"></head><body>
<header class="site-header"><a href="/">The Sound</a></header>
<nav class="main-menu"><ul><li><a href="/n">News</a></li><li><a href="/s">Sport</a></li></ul></nav>
<main><article class="post"><h1>Ferries return to Aldersea</h1>
<figure><img src="a.jpg"><figcaption>The landing stage in May. <span class="credit">Photo: Maria
Lund / Reuters</span></figcaption></figure>
<p>{PROSE[0]}</p>
<div class="share-bar"><a href="f">Facebook</a> <a href="t">Twitter</a></div>
<p>{PROSE[1]}</p>
<h2>What comes next</h2>
<p>{PROSE[2]}</p><p>{PROSE[3]} Subscribe to our newsletter here.</p>
<div class="wp-caption"><img src="b.jpg"><p class="wp-caption-text">The mill, empty since 1987</p></div>
<p>{PROSE[4]}</p></article></main>
<aside class="related-posts"><h3>Related</h3><ul>
<li><a href="x">Storm breaks landing stage at Aldersea</a>
<figure><img src="c.jpg"><figcaption>Waves at the pier last week</figcaption></figure></li>
<li><a href="y">Baker runs out of flour</a></li></ul></aside>
<div class="modal" style="display:none">Log in to go on reading</div>
<footer>© 2024 The Sound. All rights reserved.</footer></body></html>"""


def test_the_article_stays_and_nothing_else() -> None:
    assert clean_html(PAGE).splitlines() == [
        "Ferries return to Aldersea",
        "The landing stage in May. Photo: Maria Lund / Reuters",
        PROSE[0], PROSE[1], "What comes next", PROSE[2], PROSE[3],
        "The mill, empty since 1987", PROSE[4],
    ]  # fmt: skip


def test_captions_are_labelled_and_those_of_teasers_go() -> None:
    result = analyze_html(PAGE)
    assert result.captions == (
        "The landing stage in May. Photo: Maria Lund / Reuters", "The mill, empty since 1987",
    )  # fmt: skip
    teaser = next(cut for cut in result.removed if cut.text.startswith("Waves"))
    assert teaser.category == "related_links"


def test_reasons_say_what_the_dom_shows() -> None:
    reasons = {cut.text.strip(): (cut.category, cut.reason) for cut in analyze_html(PAGE).removed}
    assert reasons["News"] == ("navigation", "stands in the navigation (<nav class='main-menu'>)")
    assert reasons["Facebook Twitter"][0] == "social_share"
    assert reasons["Log in to go on reading"][1] == "is hidden on the page"
    assert reasons["Baker runs out of flour"][0] == "related_links"
    assert reasons["Subscribe to our newsletter here."][0] == "newsletter_signup"
    linked = analyze_html(PAGE.replace(PROSE[4], f'<a href="z">{PROSE[4][:80]}</a> and'))
    shares = [cut.reason for cut in linked.removed if "of its text is links" in cut.reason]
    assert all(reason[0].isdigit() for reason in shares)


def test_blocks_tile_the_page_and_know_their_kind() -> None:
    result = analyze_html(PAGE)
    assert "".join(block.text for block in result.blocks) == result.source
    assert all(result.source[cut.start : cut.end] == cut.text for cut in result.removed)
    gone = [range(cut.start, cut.end) for cut in result.removed]
    left = "".join(
        char for at, char in enumerate(result.source) if not any(at in span for span in gone)
    )
    assert left == result.text
    kinds = {block.text.strip()[:15]: block.kind for block in result.blocks}
    assert kinds["Ferries return "] == "h1"
    assert kinds["The landing sta"] == "figcaption"
    assert kinds["What comes next"] == "h2"
    assert kinds["News"] == "li"
    for block in result.blocks:
        for item in block.evidence:
            assert block.start <= item.start <= item.end <= block.end
            assert result.blocks[item.block] == block


def test_markdown_and_metadata() -> None:
    result = analyze_html(PAGE, url="https://sound.example/ferries")
    assert result.markdown is not None
    assert result.markdown.startswith("# Ferries return to Aldersea\n\n*The landing stage in May.")
    assert "\n## What comes next\n" in result.markdown
    assert "newsletter" not in result.markdown
    meta = result.metadata
    assert meta is not None
    assert (meta.title, meta.author, meta.date) == (
        "Ferries return to Aldersea", "Ines Falk", "2024-03-05",
    )  # fmt: skip
    assert (meta.site, meta.language, meta.url) == (
        "The Sound", "en", "https://sound.example/ferries",
    )  # fmt: skip
    assert cleantext.analyze("A text.").metadata is None
    data = json.loads(json.dumps(result.to_dict()))
    assert data["metadata"]["author"] == "Ines Falk"
    assert data["blocks"][1]["kind"] == "li"
    assert "metadata" not in cleantext.analyze("A text.").to_dict()


def test_the_command_reads_html_files(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE.encode("utf-16"))
    done = CliRunner().invoke(main, [str(path)])
    assert done.stdout == clean_html(PAGE)
    page = json.loads(CliRunner().invoke(main, ["explain", "--json", str(path)]).stdout)
    assert page["metadata"]["title"] == "Ferries return to Aldersea"


def test_tables_lists_and_code_have_lines_of_their_own() -> None:
    page = (
        f"<h1>Depths</h1><p>{PROSE[2]}</p><table><tr><th>Year<th>Depth<tr><td>2019<td>8.2</table>"
        f"<p>{PROSE[0]}</p><ol><li>Oak and ash<li>Hornbeam</ol><pre>def depth(stake):\n    return 4\n"
        f"</pre><p>One<br>Two</p>"
    )
    root = parse(page)
    assert root is not None
    lines = [(line.kind, line.text) for line in find(root).lines]
    assert ("tr", "| Year | Depth |") in lines
    assert ("li", "Hornbeam") in lines
    assert ("pre", "    return 4") in lines
    assert lines[-2:] == [("p", "One"), ("p", "Two")]


def test_a_page_without_an_article_is_cleaned_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind:
        def probabilities(self, rows: list[list[float]], words: list[int]) -> list[float]:
            return [0.4, *(0.01 for _ in rows[1:])]

    assert not analyze_html(PAGE).missed
    monkeypatch.setattr("cleantext.html.model.load", Blind)
    result = analyze_html(PAGE)
    assert result.missed
    assert PROSE[0] in result.text
    assert "Facebook Twitter" not in result.text
    assert "Log in to go on reading" not in result.text


@pytest.mark.parametrize(
    "page", ["", "   ", "<!-- nothing -->", "<html></html>", b"", b"\0\0", "<"]
)
def test_empty_pages_give_nothing(page: str | bytes) -> None:
    result = analyze_html(page)
    assert result.text in ("", "<\n")
    assert clean_html(page) == result.text


def test_text_for_readers_without_scripts_counts_where_there_is_no_other() -> None:
    spare = f"<noscript><p>{PROSE[0]}</p><p>{PROSE[1]}</p></noscript>"
    assert PROSE[0] in clean_html(f"<body><div id=app></div>{spare}</body>")
    assert clean_html(
        PAGE.replace("</main>", f"</main>{spare.replace(PROSE[0], 'Enable scripts.')}")
    ) == clean_html(PAGE)


def test_without_rule_sets_the_dom_still_decides() -> None:
    cleaner = Cleaner(rulesets=[])
    assert "Subscribe to our newsletter here." in cleaner.clean_html(PAGE)
    assert "Facebook" not in cleaner.clean_html(PAGE)


@pytest.mark.parametrize("value", [None, 3, ["<p>"]])
def test_html_must_be_text_or_bytes(value: object) -> None:
    with pytest.raises(TypeError, match="html must be str or bytes"):
        clean_html(value)  # type: ignore[arg-type]


RUSSIAN = BODY["prose"][-1]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (RUSSIAN.encode(), None),
        (RUSSIAN.encode(), "windows-1251"),  # valid UTF-8 beats what is said of it
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), None),
        (RUSSIAN.encode("utf-16"), None),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251"),
        (RUSSIAN.encode("koi8-r"), "koi8-r"),
        (b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"), None),
        (b'<?xml version="1.0" encoding="cp1251"?>' + RUSSIAN.encode("cp1251"), "nonsense"),
        (RUSSIAN.encode("cp1251") * 3, None),
    ],
)
def test_encodings(data: bytes, encoding: str | None) -> None:
    assert RUSSIAN in decode(data, encoding)


def test_bytes_that_fit_no_encoding_lose_only_themselves() -> None:
    assert decode(b"<meta charset=hex>caf\xe9 \xff".replace(b"\xff", b"\x81")).startswith("<meta")
    broken = RUSSIAN.encode()
    assert decode(broken[:41] + b"\xff" + broken[41:]).count("\ufffd") == 1


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + PROSE[0] + "</div>" * 100_000 + f"<p>{PROSE[1]}</p>",
        "<div>" * 1_500 + f"<p>{PROSE[0]}</p>" * 3_000 + "</div>" * 1_500 + f"<p>{PROSE[1]}</p>",
        "<b>" * 50_000 + PROSE[0] + f"<div>{PROSE[1]}",
        "<table><tr><td>" * 3_000 + PROSE[0] + f"<p>{PROSE[1]}",
    ],
)
def test_deep_nesting_loses_no_text(page: str) -> None:
    started = time.process_time()
    source = analyze_html(page).source
    assert PROSE[0] in source
    assert PROSE[1] in source
    assert time.process_time() - started < 10


def test_time_grows_with_the_page_and_not_faster() -> None:
    def seconds(size: int) -> float:
        page = f"<p>{PROSE[0]}</p><ul><li><a href=x>More</a></ul>" * size
        best = 60.0
        # The best of four: a collection of the whole suite's objects is no cost of it.
        for _ in range(4):
            gc.collect()
            started = time.process_time()
            clean_html(page)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(1600) < 16 * max(seconds(200), 0.01)  # quadratic: 64 times


@settings(deadline=None, max_examples=60)
@given(html_pages())
def test_no_page_breaks_it(page: str | bytes) -> None:
    result = analyze_html(page)
    assert "".join(block.text for block in result.blocks) == result.source
    assert all(result.source[cut.start : cut.end] == cut.text for cut in result.removed)
    assert clean_html(page) == result.text


@settings(deadline=None, max_examples=20)
@given(html_pages())
def test_levels_nest(page: str | bytes) -> None:
    spans: set[int] = set()
    for level in cleantext.LEVELS:
        gone = {
            at
            for cut in Cleaner(level).analyze_html(page).removed
            for at in range(cut.start, cut.end)
        }
        assert spans <= gone
        spans = gone


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 400)), max_size=30))
def test_choice_is_by_probability(blocks: list[tuple[float, int]]) -> None:
    odds, words = [p for p, _ in blocks], [n for _, n in blocks]
    kept, best = choose(odds, words)
    assert 0 <= best <= 1.0000001
    if any(kept):
        floor = min(p for p, keep in zip(odds, kept, strict=True) if keep)
        assert all(keep == (p >= floor) for p, keep in zip(odds, kept, strict=True))
    assert len(context(odds, words)) == len(blocks)


def test_compiled_trees_sum_their_leaves() -> None:
    total = written_out([[0, 1.5, [1, 0.0, 1, 2], 4], 8])
    assert [total([1.0, 0.0]), total([1.5, 1.0]), total([2.0, 0.0])] == [9.0, 10.0, 12.0]
    with pytest.raises((TypeError, ValueError)):
        written_out([["__import__('os')", 1, 0, 0]])


def test_the_shipped_model_fits_the_features() -> None:
    from cleantext.html.features import NAMES

    assert load().features == NAMES


def test_cleaning_html_needs_no_trafilatura() -> None:
    program = (
        "import sys, cleantext; cleantext.clean_html('<p>The ferry sank at dawn.</p>'); "
        "print([m for m in ('numpy', 'trafilatura', 'lightgbm') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
