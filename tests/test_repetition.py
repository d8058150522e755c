"""The index of what sites repeat: what it counts, keeps, says and does not say."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleantext import Cleaner, RepetitionIndex, Result
from cleantext.linekeys import masked
from cleantext.sitecounts import IndexFileError

SITE = "https://www.harborledger.example"
MENU = ["Home", "Harbour", "Fish market", "Weather in Port Anselm"]
FOOT = ["The Harbor Ledger, Pier 4, Port Anselm", "3 comments so far on this page"]
HEADLINES = [
    "Ferry crews end their strike after eleven weeks",
    "Council buys a second fireboat for the northern pier",
    "Lighthouse keeper retires and leaves his telescope behind",
    "Storm takes forty metres of the western breakwater",
    "School choir sings for the returning trawlers",
    "Baker finds an anchor below the floor of his shop",
]


def article(number: int) -> list[str]:
    """Return the headline and the paragraphs of a page; no line of it stands on another page."""
    headline = HEADLINES[number]
    subject = headline.lower()
    return [
        headline,
        f"People in the harbour spoke of little else this week: {subject}, and nobody had expected "
        f"it so soon, as report number {'x' * (number + 1)} of the pilots' office puts it.",
        f"The harbour office had warned of it in spring. In its letter {'y' * (number + 1)} it said "
        f"that {subject} would be talked about for years, and that it had asked for more time.",
        f"What comes next is open: the {'z' * (number + 1)} meeting is on Thursday, in the hall of "
        f"the fishers' guild, where chairs are few and everybody has something to say.",
    ]


def page(number: int, *, links: bool = True) -> str:
    others = [line for at, line in enumerate(HEADLINES) if at != number]
    foot = [line.replace("3", str(number + 2)) for line in FOOT]
    return "\n".join([*MENU, *article(number), *(others if links else []), *foot])


def url(number: int) -> str:
    return f"{SITE}/news/{number}"


def fitted(numbers: range = range(6), **options: bool) -> RepetitionIndex:
    index = RepetitionIndex()
    index.update((page(number, **options), url(number)) for number in numbers)
    return index


def analyzed(index: RepetitionIndex, text: str, place: str | None = SITE + "/news/9") -> Result:
    return Cleaner("balanced", [], repetition=index).analyze(text, url=place)


def test_what_the_site_repeats_goes_and_the_article_stays() -> None:
    result = analyzed(fitted(), page(2), url(2))
    assert result.text.strip() == "\n".join(article(2))
    footer = [cut for cut in result.removed if cut.text.strip() == FOOT[0]]
    assert footer[0].reason == "on 5 of 5 other pages of harborledger.example"
    assert footer[0].rule == "any.related_links.repeats"


def test_numbers_dates_and_one_name_are_masked() -> None:
    assert masked(["3 comments", "Updated Tue, 4 May 2024, 10:15", "Jobs near our Port Anselm office"]) == [
        "comments", "updated", "jobs near our \x00 office",
    ]  # fmt: skip
    assert masked(["12. märz 2024 um 7:30 uhr"]) == masked(["3. Januar 2019 um 18:05 Uhr"])
    assert masked(["2024-05-04", "***"]) == ["", ""]
    same, other = masked(["Ferry to Port Anselm is late", "Ferry to Old Quay is late"])
    assert same == other
    assert masked(["Anna Meets Bert At Sea"]) == ["anna meets bert at sea"]  # a title, not a name


def test_the_headline_stays_although_every_page_links_to_it() -> None:
    result = analyzed(fitted(), page(3), url(3))
    headline = next(block for block in result.blocks if block.text.strip() == HEADLINES[3])
    assert headline.label == "body"
    assert headline.evidence[0].rule == "any.body.own-headline"
    assert "on 5 of 5 other pages" in headline.evidence[0].reason
    assert all(line not in result.text for line in HEADLINES if line != HEADLINES[3])


def test_a_quotation_that_other_pages_show_stays() -> None:
    quote = '"We slept on the pier and counted the lamps of the trawlers"'
    index = RepetitionIndex()
    for number in range(6):
        shown = [quote] if number in (1, 4) else []
        index.add("\n".join([*MENU, *article(number), *shown, *FOOT]), url=url(number))
    lines = article(5)
    text = "\n".join([*MENU, *lines[:2], quote, *lines[2:], *FOOT])
    assert quote in analyzed(index, text).text


def test_a_page_never_counts_against_itself() -> None:
    index = RepetitionIndex()
    for number in range(6):
        alone = RepetitionIndex()
        alone.add(page(number), url=url(number))
        assert analyzed(alone, page(number), url(number)).text == page(number)
        assert analyzed(alone, page(number)).text == page(number)  # known by its text, too
        index.add(page(number), url=url(number))
    changed = page(0) + "\nA line that was added later, when the page was crawled again."
    assert not index.add(changed, url=url(0))
    assert index.sites == {"harborledger.example": 6}


def test_copies_of_an_article_count_once_and_keep_their_text() -> None:
    index = fitted()
    assert not index.add(page(1), url=f"{SITE}/print/1")
    assert index.sites["harborledger.example"] == 6
    # A copy with other things round it has ids of its own.
    extra = "A teaser of something else that is long enough to be told apart from all the others"
    for copy in range(2):
        assert index.add(
            "\n".join([f"{extra} {'i' * copy}", *article(1)]), url=f"{SITE}/amp/{copy}"
        )
    result = analyzed(index, page(1), url(1))
    assert result.text.strip() == "\n".join(article(1))


def test_sites_and_urls() -> None:
    index = fitted()
    text = page(0)
    assert analyzed(index, text, None).text == text
    assert analyzed(index, text, "https://elsewhere.example/a").text == text
    assert analyzed(index, text, "http://harborledger.example:80/x#y").text != text
    index.add("a line\nanother one", site="my own name")
    assert sorted(index.sites) == ["harborledger.example", "my own name"]
    index.forget("harborledger.example")
    assert list(index.sites) == ["my own name"]
    assert analyzed(index, text).text == text
    with pytest.raises(KeyError):
        index.forget("harborledger.example")
    for bad in (None, "", "https://", "http://[::1"):
        with pytest.raises(ValueError, match="a url with a host"):
            index.add("text", url=bad)
    with pytest.raises(ValueError, match="window must be"):
        RepetitionIndex(window=1)


def test_save_load_forget_add_and_pickle(tmp_path: Path) -> None:
    path = tmp_path / "index"
    index = fitted(range(5))
    index.add("elsewhere", url="https://b.example/1")
    index.save(path)
    loaded = RepetitionIndex.load(path)
    assert loaded.sites == index.sites == {"b.example": 1, "harborledger.example": 5}
    assert analyzed(loaded, page(5)) == analyzed(index, page(5))
    small = pickle.dumps(loaded)
    assert len(small) < 500  # its path, not its lines
    loaded.add(page(5), url=url(5))
    loaded.forget("b.example")
    assert analyzed(loaded, page(2), url(2)) == analyzed(fitted(), page(2), url(2))
    for again in (pickle.loads(small), pickle.loads(pickle.dumps(loaded))):
        assert analyzed(again, page(5)).text == analyzed(index, page(5)).text
    loaded.save(path)
    assert RepetitionIndex.load(path).sites == {"harborledger.example": 6}
    first = path.read_bytes()
    fitted().save(path)
    assert path.read_bytes() == first  # the same pages, the same bytes
    assert [file.name for file in tmp_path.iterdir()] == ["index"]
    cleaner = pickle.loads(pickle.dumps(Cleaner("balanced", [], repetition=index)))
    assert cleaner.clean(page(5), url=url(5)) == analyzed(index, page(5), url(5)).text


def test_packing_now_and_then_changes_nothing() -> None:
    whole, packed = fitted(), RepetitionIndex()
    for number in range(6):
        packed.add(page(number), url=url(number))
        packed.pack()
    assert analyzed(packed, page(4), url(4)) == analyzed(whole, page(4), url(4))
    assert list(packed.records()) == list(whole.records())


def test_an_empty_index_says_nothing(tmp_path: Path) -> None:
    RepetitionIndex().save(tmp_path / "index")
    index = RepetitionIndex.load(tmp_path / "index")
    assert index.sites == {}
    assert analyzed(index, page(0)).text == page(0)


def test_damage_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "index"
    fitted().save(path)
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
        with pytest.raises(IndexFileError, match="index: "):
            analyzed(RepetitionIndex.load(path), page(1))
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at])
        with pytest.raises(IndexFileError, match=r"index: .*(cut off|bytes long)"):
            RepetitionIndex.load(path)
    path.write_bytes(whole[:8] + b"\x07" + whole[9:])
    with pytest.raises(IndexFileError, match="of version 7; this release reads 1"):
        RepetitionIndex.load(path)
    path.write_bytes(whole[:12] + whole[12:16][::-1] + whole[16:])
    with pytest.raises(IndexFileError, match="endian"):
        RepetitionIndex.load(path)
    path.write_text("a text, not an index, that is longer than the head of one would be")
    with pytest.raises(IndexFileError, match="not an index"):
        RepetitionIndex.load(path)
    with pytest.raises(IndexFileError, match="cut off"):
        RepetitionIndex().add_record(b"")


LINES = st.lists(st.sampled_from([f"line {word}" for word in "abcdefgh"]), min_size=1, max_size=6)
#: Pages that no two of are one: each has a long line of its own.
SITES = st.lists(LINES, min_size=1, max_size=12).map(
    lambda pages: [
        "\n".join([*lines, f"a long line that only one page of the site has, {'i' * at} of them"])
        for at, lines in enumerate(pages)
    ]
)


def counted(pages: list[str], window: int = 64) -> RepetitionIndex:
    index = RepetitionIndex(window=window)
    for text in pages:
        index.add(text, site="s")
    return index


def records(index: RepetitionIndex) -> dict[str, dict[int, int]]:
    return {name: counts.lines() for name, counts in index._items()}


@given(SITES.flatmap(lambda pages: st.tuples(st.just(pages), st.permutations(pages))))
def test_order_does_not_matter_below_the_window(both: tuple[list[str], list[str]]) -> None:
    assert records(counted(both[0])) == records(counted(both[1]))


@given(SITES, st.integers(0, 12))
def test_merging_is_adding(pages: list[str], at: int) -> None:
    left, right = counted(pages[:at]), counted(pages[at:])
    merged = counted([])
    merged.merge(left)
    merged.merge(right)
    assert records(merged) == records(counted(pages))
    assert merged.sites.get("s") == len(pages)
    right.merge(left)
    assert records(right) == records(merged)


@given(SITES, SITES)
def test_pages_of_both_are_not_counted_twice(first: list[str], second: list[str]) -> None:
    merged, other = counted(first), counted(second)
    merged.merge(other)
    assert merged.sites == counted([*first, *second]).sites
    before, after = records(counted(first))["s"], records(other)["s"]
    found = records(merged)["s"]
    assert set(found) == set(before) | set(after)
    most = merged.sites["s"]
    for key, count in found.items():
        assert max(before.get(key, 0), after.get(key, 0)) <= count <= most
    again = counted(first)
    again.merge(counted(first))
    assert records(again)["s"] == before


@given(SITES, st.integers(2, 5))
def test_counts_are_at_most_a_share_too_low(pages: list[str], window: int) -> None:
    exact = records(counted(pages))["s"]
    for index in (counted(pages, window), counted([], window)):
        if not index.sites:
            for at in range(0, len(pages), 3):  # the same in parts
                index.merge(counted(pages[at : at + 3], window))
        found = records(index)["s"]
        assert all(count <= exact[key] for key, count in found.items())
        slack = len(pages) // window
        assert all(found.get(key, 0) >= count - slack for key, count in exact.items())


@given(SITES, st.integers(0, 11))
def test_leaving_the_page_out_is_what_is_done(pages: list[str], at: int) -> None:
    at %= len(pages)
    whole, rest = counted(pages), counted(pages[:at] + pages[at + 1 :])
    for index in (whole, rest):
        for counts in dict(index._items()).values():
            index._sites["x.example"] = counts
    results = [
        Cleaner("thorough", [], repetition=index).analyze(pages[at], url="https://x.example/")
        for index in (whole, rest)
    ]
    assert results[0] == results[1]


@given(st.text(), st.sampled_from(["https://a.example/1", "https://b.example"]))
def test_any_text_is_taken(text: str, place: str) -> None:
    index = RepetitionIndex()
    index.add(text, url=place)
    index.add(text + "\nmore of it", url=place + "/2")
    result = Cleaner("thorough", [], repetition=index).analyze(text, url=place)
    assert "".join(block.text for block in result.blocks) == text


def test_memory_a_line() -> None:
    index = RepetitionIndex(window=8)
    for number in range(400):
        lines = ["menu", "foot", *(f"line {'i' * number} {'j' * at}" for at in range(30))]
        index.add("\n".join(lines), site="s")
    index.pack()
    counts = dict(index._items())["s"]
    assert len(counts.lines()) <= 2 + 2 * 8 * 30  # two windows of lines on one page, no more
    assert len(counts.to_bytes("s")) <= 8 * (len(counts.lines()) + 400 + 8)
