"""Read public corpora, from a checkout or an archive, into labelled pages.

None of them is part of this project. Get them, and name the folder they are in::

    mkdir -p corpora && cd corpora
    git clone --depth 1 https://github.com/Murrough-Foley/web-content-extraction-benchmark wcxb
    git clone --depth 1 https://github.com/rundimeco/waddle daniel
    git clone --depth 1 https://github.com/adbar/trafilatura
    cd .. && python -m benchmarks --corpora corpora

A folder or an archive (.tar, .tar.gz, .tar.xz, .zip) is recognised by what it holds, so its name is
free. WCXB has ``ground-truth/ID.json`` and ``html/ID.html`` (or ``.html.gz``), also below ``dev/``;
DAnIEL ``reference/NAME`` and ``html/NAME`` with a JSON of languages; trafilatura
``tests/evaldata.py`` and pages in ``tests/cache`` and ``tests/eval``.

A corpus has gold text, not labelled lines; `label` makes those by alignment: a line of 8 words or
more is body when 70 % of its words lie in 4-word runs of the gold, chrome when under 20 % do; a
shorter one is body when it is a line of the gold or continues one, chrome when the gold does not
have it at all. The rest is `unsure`, as are titles, bylines and captions that the gold lacks.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from cleantext.evaluate import LabelledLine, LabelledPage, host_of

LONG = 8  # words from which a line is judged by its share of words in runs
RUN = 4
BODY, CHROME = 0.7, 0.2
FORGOTTEN = 0.1  # share of body-like characters in long chrome between body: the gold forgot text
LANGS = {"English": "en", "Greek": "el", "Polish": "pl", "Russian": "ru", "Chinese": "zh"}
# A letter of a script without spaces is a word.
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_TAG = re.compile(r"<[^>]+>")
_CAPTION = re.compile(r"<figcaption\b[^>]*>(.*?)</figcaption>", re.I | re.S)


class CorpusError(ValueError):
    """A corpus that cannot be read; the message names the place."""


@dataclass(frozen=True)
class PublicPage:
    """A page's HTML with what its corpus says of it: gold text, or snippets of body and chrome."""

    id: str
    html: str
    gold: str | None = None
    url: str | None = None
    lang: str | None = None
    unsure: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


# Files


def _files(source: Path, wanted: Callable[[PurePosixPath], bool]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of the wanted files of a folder or archive, paths as in a checkout."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            place = PurePosixPath(path.relative_to(source).as_posix())
            if wanted(place) and path.is_file():
                yield str(place), path.read_bytes()
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for name in sorted(archive.namelist()):
                if wanted(PurePosixPath(name)):
                    yield name, archive.read(name)
    else:
        try:
            with tarfile.open(source) as tar:
                for member in tar:
                    if member.isfile() and wanted(PurePosixPath(member.name)):
                        file = tar.extractfile(member)
                        yield member.name, file.read() if file else b""
        except tarfile.TarError as error:
            raise CorpusError(f"{source}: neither a folder nor an archive: {error}") from None


def chosen(name: str, share: float) -> bool:
    """Decide by a hash of its name whether a page is in the sample; the same on every machine."""
    return int(sha256(name.encode()).hexdigest()[:8], 16) < share * 2**32


def _decoded(data: bytes) -> str:
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        match = re.search(rb"charset=[\"']?([\w-]+)", data[:4000])
        try:
            return data.decode(match[1].decode() if match else "utf-8", "replace")
        except LookupError:
            return data.decode("utf-8", "replace")


def kind_of(source: Path) -> str | None:
    """Return which of the corpora a folder or archive holds; None for none of them."""

    def telling(path: PurePosixPath) -> bool:
        return (
            path.name == "evaldata.py"
            or path.parent.name == "reference"
            or (path.parent.name == "ground-truth" and path.suffix == ".json")
        )

    for path, _ in _files(source, telling):
        place = PurePosixPath(path)
        if place.name == "evaldata.py":
            return "trafilatura"
        return "DAnIEL" if place.parent.name == "reference" else "WCXB"
    return None


def read(source: str | Path, share: float = 1.0) -> tuple[str, list[PublicPage]]:
    """Read a corpus and say which it is.

    Args:
        source: a checkout, a folder in it, or an archive of either.
        share: the share of its pages to read, chosen by `chosen`.

    Raises:
        CorpusError: it is none of the corpora known here, or broken.
    """
    source = Path(source)
    if not source.exists():
        raise CorpusError(f"{source}: no such file or folder")
    kind = kind_of(source)
    if kind is None:
        raise CorpusError(f"{source}: holds none of WCXB, DAnIEL, trafilatura's evaluation set")
    readers = {"WCXB": _wcxb, "DAnIEL": _daniel, "trafilatura": _trafilatura}
    try:
        return kind, sorted(readers[kind](source, share), key=lambda page: page.id)
    except (KeyError, TypeError, SyntaxError, ValueError) as error:
        raise CorpusError(f"{source}: not as {kind} has it: {error!r}") from None


def _wcxb(source: Path, share: float) -> Iterator[PublicPage]:
    def key(path: PurePosixPath) -> str:
        return path.name.split(".")[0]

    def wanted(path: PurePosixPath) -> bool:
        if "test" in path.parts:  # its held-out half
            return False
        return path.parent.name in ("html", "ground-truth") and chosen(key(path), share)

    html: dict[str, str] = {}
    truth: dict[str, dict[str, Any]] = {}
    for name, data in _files(source, wanted):
        path = PurePosixPath(name)
        if path.parent.name == "html":
            html[key(path)] = _decoded(data)
        else:
            truth[key(path)] = json.loads(data)
    for page in sorted(html.keys() & truth.keys()):
        gold = truth[page]["ground_truth"]
        extra = [gold.get(name) for name in ("title", "author", "publish_date")]
        yield PublicPage(
            id=f"wcxb/{page}", html=html[page], gold=gold.get("main_content") or "",
            url=truth[page].get("url"), lang="en",
            unsure=tuple(str(value) for value in extra if value),
        )  # fmt: skip


def _daniel(source: Path, share: float) -> Iterator[PublicPage]:
    html: dict[str, str] = {}
    gold: dict[str, str] = {}
    langs: dict[str, str] = {}

    def wanted(path: PurePosixPath) -> bool:
        if path.parent.name in ("html", "reference"):
            return chosen(path.name, share)
        return path.name in ("languages.json", "doc_lg.json")

    for name, data in _files(source, wanted):
        path = PurePosixPath(name)
        if path.suffix == ".json":
            langs.update(json.loads(data))
        elif path.parent.name == "html":
            html[path.name] = _decoded(data)
        else:
            gold[path.name] = _plain(_decoded(data))
    for page in sorted(html.keys() & gold.keys()):
        lang = langs.get(page, "")
        yield PublicPage(
            id=f"daniel/{page}", html=html[page], gold=gold[page],
            url=f"http://{page.split('_')[1]}" if page.count("_") > 1 else None,
            lang=LANGS.get(lang, lang) or None,
        )  # fmt: skip


def _trafilatura(source: Path, share: float) -> Iterator[PublicPage]:
    pages: dict[str, dict[str, Any]] = {}
    html: dict[str, bytes] = {}

    def wanted(path: PurePosixPath) -> bool:
        if path.name == "evaldata.py":
            return True
        return path.parent.name in ("cache", "eval") and chosen(path.name, share)

    for name, data in _files(source, wanted):
        if not name.endswith("evaldata.py"):
            html[PurePosixPath(name).name] = data
            continue
        for statement in ast.parse(data).body:  # read, never run
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
                pages.update(ast.literal_eval(statement.value))
    for url, page in pages.items():
        if page.get("file") in html and page.get("with"):
            yield PublicPage(
                id=f"trafilatura/{page['file']}", html=_decoded(html[page["file"]]), url=url,
                within=tuple(page["with"]), without=tuple(page.get("without") or ()),
            )  # fmt: skip


def _plain(text: str) -> str:
    from html import unescape

    blocks = re.sub(r"</?(p|div|br|h\d|li|tr)\b[^>]*>", "\n", text, flags=re.I)
    lines = (" ".join(unescape(_TAG.sub("", line)).split()) for line in blocks.split("\n"))
    return "\n".join(line for line in lines if line)


# Labels


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded; a letter of a script without spaces is a word."""
    return _WORD.findall(text.casefold())


def align(lines: Sequence[str], gold: str, unsure: Sequence[str] = ()) -> list[str]:
    """Label each line `body`, `chrome` or `unsure` by the gold text; see the top of this module.

    >>> gold = "The ferry sank at dawn near the old pier on Monday.\\nThe crew was saved."
    >>> lines = ["Share", "The ferry sank at dawn near the old pier on Monday.", "Ferry, crew"]
    >>> align(lines, gold)
    ['chrome', 'body', 'chrome']
    """
    words = [words_of(line) for line in lines]
    stream = words_of(gold)
    runs = {tuple(stream[at : at + RUN]) for at in range(len(stream) - RUN + 1)}
    gold_lines = {tuple(words_of(line)) for line in gold.split("\n")}
    spare = {tuple(words_of(text)) for text in unsure}
    joined = f" {' '.join(stream)} "
    labels: list[str] = []
    for each in words:
        if tuple(each) in spare and tuple(each) not in gold_lines:
            labels.append("unsure")
        elif len(each) >= LONG:
            share = _share_in_runs(each, runs)
            labels.append("body" if share >= BODY else "chrome" if share < CHROME else "unsure")
        elif tuple(each) in gold_lines and each:
            labels.append("body")
        else:
            found = bool(each) and f" {' '.join(each)} " in joined
            labels.append("unsure" if found or not each else "chrome")
    for at, each in enumerate(words):
        if labels[at] == "unsure" and each and len(each) < LONG:
            around = [(words[at - 1][-RUN:], each)] if at else []
            around += [(each, words[at + 1][:RUN])] if at + 1 < len(words) else []
            near = [at - 1, at + 1] if at else [at + 1]
            if any(
                left and right and labels[beside] == "body"
                and f" {' '.join([*left, *right])} " in joined
                for (left, right), beside in zip(around, near, strict=False)
            ):  # fmt: skip
                labels[at] = "body"
    return labels


def _share_in_runs(words: Sequence[str], runs: set[tuple[str, ...]]) -> float:
    covered = [False] * len(words)
    for at in range(len(words) - RUN + 1):
        if tuple(words[at : at + RUN]) in runs:
            covered[at : at + RUN] = [True] * RUN
    return sum(covered) / len(words)


def _by_snippets(line: str, page: PublicPage) -> str:
    if any(snippet in line for snippet in page.within):
        return "body"
    # a word such as "Twitter" may stand in body too: it must be much of its line
    if any(snippet in line and 2 * len(snippet) >= len(line) for snippet in page.without):
        return "chrome"
    return "unsure"


def label(page: PublicPage, text: str, via: str) -> LabelledPage:
    """Label the lines of a text that was taken from the page's HTML."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if page.gold is None:
        labels = [_by_snippets(line, page) for line in lines]
    else:
        captions = [_plain(match) for match in _CAPTION.findall(page.html)]
        labels = align(lines, page.gold, [*page.unsure, *captions])
    return LabelledPage(
        id=page.id,
        lines=tuple(LabelledLine(*pair) for pair in zip(lines, labels, strict=True)),
        url=page.url,
        lang=page.lang,
        via=via,
        gold=page.gold,
    )


def gold_forgot(page: LabelledPage) -> bool:
    """Tell whether much text that reads like body is missing from the page's gold."""
    body = [at for at, line in enumerate(page.lines) if line.label == "body"]
    if not body:
        return True
    inside = sum(
        len(line.text)
        for line in page.lines[body[0] : body[-1]]
        if line.label == "chrome" and len(words_of(line.text)) >= LONG
    )
    return inside > FORGOTTEN * (inside + sum(len(page.lines[at].text) for at in body))


def host(page: PublicPage | LabelledPage) -> str:
    """Return the host that a page was found on, without www."""
    return host_of(page.url)
