"""Check the labelled corpus, and turn a plain-text draft of pages into its JSONL form.

A draft is easy to write and to review by hand::

    === en-031 | news | https://www.harborledger.example/2024/ferry | hard: donation_appeal
    body | The ferry was late again
    caption | Passengers wait at the pier. Photo: Ana Ruiz / Ledger
    chrome.ad_label | Advertisement
    neutral | By Tom Harker
    mixed | The council meets on Monday. {{newsletter_signup: Get our morning briefing.}}

Run ``python -m benchmarks.corpus_tools check`` over the corpus, or
``python -m benchmarks.corpus_tools build DRAFT.txt OUT.jsonl`` to convert a draft.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
#: Pages of the same form that models learn from and nothing is measured on.
TRAINING = Path(__file__).parent / "training"
CATEGORIES = frozenset(
    "ad_label sponsored_affiliate donation_appeal payment_prompt paywall_subscription "
    "newsletter_signup login_account cookie_consent related_links social_share "
    "engagement_counter comments_ui navigation legal_copyright tags_topics media_app_widget "
    "technical_notice site_promo".split()
)
GENRES = frozenset(
    "news blog recipe forum documentation interview liveblog poem review science".split()
)
LABELS = frozenset("body caption chrome neutral mixed unsure".split())
PAGE_KEYS = {"id", "url", "via", "lang", "genre", "hard", "lines"}
SHORT = 16  # characters; interface words ("Share", "Sign in") do recur from site to site
SHORT_REPEATS = 3  # pages of one language on which one short chrome line may stand
SIMILAR = 0.7  # Jaccard similarity of character trigrams from which two lines count as one

_HEAD = re.compile(
    r"^=== (?P<id>\S+) \| (?P<genre>\w+) \| (?P<url>\S+)(?: \| hard: (?P<hard>.+))?$"
)
_MARK = re.compile(r"\{\{(?P<category>\w+): (?P<text>.*?)\}\}")


class CorpusError(ValueError):
    """A page of the corpus that breaks the format; the message names file, line and field."""


def parse_draft(text: str, source: str = "<draft>") -> Iterator[dict[str, Any]]:
    """Yield pages from a draft; raise CorpusError at the first line that cannot be read."""
    page: dict[str, Any] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("==="):
            if page:
                yield page
            head = _HEAD.match(line.strip())
            if not head:
                raise CorpusError(f"{source}:{number}: unreadable page heading: {line!r}")
            page = {
                "id": f"own/{head['id']}",
                "url": head["url"],
                "via": "written",
                "lang": head["id"].split("-")[0],
                "genre": head["genre"],
                "hard": [tag.strip() for tag in (head["hard"] or "").split(",") if tag.strip()],
                "lines": [],
            }
            continue
        label, bar, body = line.partition("|")
        if not bar or page is None:
            raise CorpusError(f"{source}:{number}: expected 'label | text': {line!r}")
        page["lines"].append(_draft_line(label.strip(), body.strip(), f"{source}:{number}"))
    if page:
        yield page


def _draft_line(label: str, text: str, place: str) -> dict[str, Any]:
    label, _, category = label.partition(".")
    line: dict[str, Any] = {"text": text, "label": label}
    if label == "chrome":
        line["category"] = category
    elif category:
        raise CorpusError(f"{place}: only chrome has a category, not {label!r}")
    if label == "mixed":
        marks = list(_MARK.finditer(text))
        if not marks:
            raise CorpusError(f"{place}: a mixed line marks its chrome as {{{{category: text}}}}")
        line["text"] = _MARK.sub(lambda mark: mark["text"], text)
        line["chrome"] = [mark["text"] for mark in marks]
        line["category"] = marks[0]["category"]
    return line


def problems(pages: list[dict[str, Any]], source: str) -> Iterator[str]:
    """Yield what is wrong with the pages of one language, one message a fault."""
    seen: dict[str, list[tuple[str, str]]] = {}
    ids: set[str] = set()
    long_lines: list[tuple[str, str, frozenset[str]]] = []
    for number, page in enumerate(pages, 1):
        where = f"{source}:{number}"
        if missing := PAGE_KEYS - page.keys():
            yield f"{where}: missing field {sorted(missing)[0]!r}"
            continue
        if unknown := page.keys() - PAGE_KEYS:
            yield f"{where}: unknown field {sorted(unknown)[0]!r}"
        if page["id"] in ids:
            yield f"{where}: field 'id': {page['id']} is used twice"
        ids.add(page["id"])
        if page["genre"] not in GENRES:
            yield f"{where}: field 'genre': {page['genre']!r} is not one of {sorted(GENRES)}"
        if not re.match(r"https?://[^/]+\.example(/|$)", page["url"]):
            yield f"{where}: field 'url': {page['url']!r} is not on a .example host"
        for at, line in enumerate(page["lines"], 1):
            place = f"{where}: {page['id']} line {at}"
            yield from _line_problems(line, place)
            if line.get("label") != "chrome":
                continue
            key = _key(line["text"])
            if len(key) < SHORT:
                seen.setdefault(key, []).append((page["id"], place))
                if len({page for page, _ in seen[key]}) == SHORT_REPEATS + 1:
                    yield f"{place}: {line['text']!r} stands on over {SHORT_REPEATS} pages"
                continue
            grams = frozenset(key[i : i + 3] for i in range(len(key) - 2))
            for other, other_place, other_grams in long_lines:
                shared = len(grams & other_grams)
                if shared >= SIMILAR * (len(grams) + len(other_grams) - shared):
                    yield f"{place}: {line['text']!r} is too like {other!r} ({other_place})"
                    break
            long_lines.append((line["text"], place, grams))


def _key(text: str) -> str:
    return re.sub(r"[\W\d_]+", " ", text.casefold()).strip()


def _line_problems(line: dict[str, Any], place: str) -> Iterator[str]:
    label, text = line.get("label"), line.get("text", "")
    if label not in LABELS:
        yield f"{place}: field 'label': unknown label {label!r}"
    if not text or text != text.strip() or len(text.splitlines()) != 1:
        yield f"{place}: field 'text': must be one line without outer space: {text!r}"
    if label in ("chrome", "mixed") and line.get("category") not in CATEGORIES:
        yield f"{place}: field 'category': unknown category {line.get('category')!r}"
    parts = line.get("chrome") or [""]
    if label == "mixed" and not all(part and part in text for part in parts):
        yield f"{place}: field 'chrome': every part must stand in the text"


def read(path: Path) -> list[dict[str, Any]]:
    """Read one JSONL file of labelled pages."""
    pages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n"), 1):
        try:
            pages.append(json.loads(line))
        except ValueError as error:
            raise CorpusError(f"{path}:{number}: not JSON: {error}") from None
    return pages


def write(pages: list[dict[str, Any]], path: Path) -> None:
    """Write pages as JSONL, one page a line, readable in a diff."""
    rows = [json.dumps(page, ensure_ascii=False) + "\n" for page in pages]
    path.write_text("".join(rows), encoding="utf-8")


def main(argv: list[str]) -> int:
    """Run ``check [FILE...]`` or ``build DRAFT OUT``; the exit code is 1 when faults were found."""
    if argv[:1] == ["build"] and len(argv) == 3:
        draft = Path(argv[1])
        write(list(parse_draft(draft.read_text(encoding="utf-8"), argv[1])), Path(argv[2]))
        files = [Path(argv[2])]
    elif argv[:1] == ["check"]:
        files = [Path(name) for name in argv[1:]] or [
            path for folder in (CORPUS, TRAINING) for path in sorted(folder.glob("*.jsonl"))
        ]
    else:
        print(__doc__, file=sys.stderr)
        return 2
    faults = 0
    for path in files:
        for message in problems(read(path), path.name):
            print(message)
            faults += 1
    print(f"{len(files)} files, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CorpusError as error:
        sys.exit(str(error))
