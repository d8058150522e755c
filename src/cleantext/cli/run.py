"""Clean many pages: read ahead, clean on one process or several, write in order, count.

The parent reads and writes; batches of pages go to workers, a bounded number of them at a time, so
that memory does not grow with the input. Nothing here prints.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from typing import Any, NamedTuple, Self

from cleantext.cleaner import Cleaner
from cleantext.cli.inputs import Fault, Fields, InputError, Record, Source
from cleantext.cli.outputs import utf8
from cleantext.result import Result
from cleantext.types import Removed

BATCH_CHARS = 250_000  # a worker gets pages of about this size at once
BATCH_PAGES = 256
AHEAD = 3  # batches in flight for each worker


class RunError(RuntimeError):
    """The run cannot go on; the message says why."""


class Page(NamedTuple):
    """What a worker needs of a record."""

    text: str | bytes
    url: str | None = None
    html: bool = False
    encoding: str | None = None

    @classmethod
    def of(cls, record: Record, url: str | None) -> Self:
        """Return what is needed of a record, with a URL where it has none of its own."""
        return cls(record.text, record.url or url, record.html, record.encoding)


class Way(NamedTuple):
    """How pages are cleaned, for a worker.

    Attributes:
        lang: their language, or None.
        tally: whether to count what is removed; without, cleaning is faster.
        removed: whether every removed span is wanted, with its reason.
        markdown: HTML comes out as Markdown, not as text.
    """

    lang: str | None = None
    tally: bool = True
    removed: bool = False
    markdown: bool = False


class Cleaned(NamedTuple):
    """What a worker found.

    Attributes:
        text: the cleaned text; the text as it was where nothing was removed.
        removed: what was removed; None where it was not asked for.
        tally: (category, rule, spans, bytes) of what was removed; likewise empty.
        size: bytes (UTF-8) of the text that was judged; of HTML, its extracted text.
        error: why it could not be cleaned, or "".
    """

    text: str
    removed: tuple[Removed, ...] | None
    tally: tuple[tuple[str, str, int, int], ...]
    size: int
    error: str = ""


@dataclass(slots=True)
class Counts:
    """What a run did.

    Attributes:
        pages: pages that were cleaned.
        bytes_in, bytes_out: UTF-8 bytes of their texts, before and after.
        faults: records that could not be read, cleaned or written.
        categories, rules: spans and bytes removed, by category and by the rule that weighed most.
    """

    pages: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    faults: int = 0
    categories: dict[str, Counter[str]] = field(default_factory=dict)
    rules: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, done: Cleaned) -> None:
        """Count a page."""
        self.pages += 1
        self.bytes_in += done.size
        self.bytes_out += len(utf8(done.text))
        for category, rule, spans, size in done.tally:
            for table, name in ((self.categories, category), (self.rules, rule)):
                table.setdefault(name, Counter()).update({"spans": spans, "bytes": size})

    def merge(self, data: dict[str, Any]) -> None:
        """Add the counts of another run, as `to_dict` gives them."""
        for name in ("pages", "bytes_in", "bytes_out", "faults"):
            setattr(self, name, getattr(self, name) + data[name])
        for table, counts in ((self.categories, data["categories"]), (self.rules, data["rules"])):
            for name, values in counts.items():
                table.setdefault(name, Counter()).update(values)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready values."""
        return {
            "pages": self.pages, "bytes_in": self.bytes_in, "bytes_out": self.bytes_out,
            "faults": self.faults,
            "categories": {name: dict(count) for name, count in sorted(self.categories.items())},
            "rules": {name: dict(count) for name, count in sorted(self.rules.items())},
        }  # fmt: skip


def clean_page(cleaner: Cleaner, page: Page, way: Way) -> Cleaned:
    """Clean one page, by the faster way where no reasons are needed."""
    if way.tally or way.removed or (page.html and way.markdown):
        result = analyze(cleaner, page, way.lang)
        text = result.markdown if way.markdown and result.markdown is not None else result.text
        removed = result.removed if way.removed else None
        return Cleaned(text, removed, _tally(result.removed), len(utf8(result.source)))
    if page.html:
        text = cleaner.clean_html(page.text, url=page.url, lang=way.lang, encoding=page.encoding)
        size = len(page.text)
    else:
        assert isinstance(page.text, str)
        text = cleaner.clean(page.text, url=page.url, lang=way.lang)
        size = len(utf8(page.text))
    return Cleaned(text, None, (), size)


def _tally(removed: Iterable[Removed]) -> tuple[tuple[str, str, int, int], ...]:
    """Sum spans up by rule: a worker sends this to its parent much faster than the spans."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for cut in removed:
        spans, size = sums.get((cut.category, cut.rule), (0, 0))
        sums[cut.category, cut.rule] = spans + 1, size + len(utf8(cut.text))
    return tuple((*names, *counts) for names, counts in sums.items())


def analyze(cleaner: Cleaner, page: Page, lang: str | None) -> Result:
    """Analyze one page, of text or HTML."""
    if page.html:
        return cleaner.analyze_html(page.text, url=page.url, lang=lang, encoding=page.encoding)
    assert isinstance(page.text, str)
    return cleaner.analyze(page.text, url=page.url, lang=lang)


def _clean_batch(cleaner: Cleaner, pages: Sequence[Page], way: Way) -> list[Cleaned]:
    done = []
    for page in pages:
        try:
            done.append(clean_page(cleaner, page, way))
        except Exception as error:  # one bad page must not end the others
            done.append(Cleaned("", None, (), 0, f"{type(error).__name__}: {error}"))
    return done


_cleaner: Cleaner  # of a worker process, set when it starts


def _start_worker(cleaner: Cleaner) -> None:
    global _cleaner
    _cleaner = cleaner
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when its parent has been killed and can't end it any more."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _work(pages: Sequence[Page], way: Way) -> list[Cleaned]:
    return _clean_batch(_cleaner, pages, way)


Submit = Callable[[Sequence[Page]], Callable[[], list[Cleaned]]]


@contextmanager
def workers(cleaner: Cleaner, jobs: int, way: Way) -> Iterator[Submit]:
    """Give a function that takes a batch and returns a function that waits for its outcome."""
    if jobs == 1:
        yield lambda pages: lambda: _clean_batch(cleaner, pages, way)
        return
    pool = ProcessPoolExecutor(
        jobs, get_context("spawn"), initializer=_start_worker, initargs=(cleaner,)
    )
    try:
        # Ctrl-C is for the parent: workers inherit that it is ignored, when all are started here.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for each in [pool.submit(_work, (), way) for _ in range(jobs)]:
                each.add_done_callback(_heard)
        finally:
            signal.signal(signal.SIGINT, before)

        def submit(pages: Sequence[Page]) -> Callable[[], list[Cleaned]]:
            return _outcome(pool.submit(_work, pages, way))

        yield submit
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _heard(future: Future[list[Cleaned]]) -> None:
    """Take note of a failure that the next batch will report."""
    future.exception()


def _outcome(future: Future[list[Cleaned]]) -> Callable[[], list[Cleaned]]:
    def wait() -> list[Cleaned]:
        try:
            return future.result()
        except BrokenProcessPool:
            raise RunError("a worker process died (out of memory?)") from None

    return wait


class Event(NamedTuple):
    """One thing that happened, in the order of the input.

    Attributes:
        kind: "begin" or "end" of a source, "page", "fault" of one record, or "failed": the source
            cannot be read at all.
        source: the source it happened in.
        record, done: the page, and what was found.
        message: what is wrong, with its place.
        position: bytes that were read up to here, of all sources together.
    """

    kind: str
    source: Source
    record: Record | None = None
    done: Cleaned | None = None
    message: str = ""
    position: int = 0


def read(
    sources: Iterable[Source], fields: Fields, at: Callable[[Source, int], object]
) -> Iterator[Event]:
    """Yield the events of reading; pages are not cleaned yet."""
    before = position = 0

    def note(size: int) -> None:
        nonlocal position
        position = before + size
        at(source, size)

    for source in sources:
        before = position
        yield Event("begin", source)
        try:
            for item in source.read(fields, note):
                if isinstance(item, Fault):
                    yield Event("fault", source, message=str(item))
                else:
                    yield Event("page", source, item, position=position)
        except InputError as error:
            yield Event("failed", source, message=str(error))
        else:
            yield Event("end", source)


def cleaned(
    events: Iterable[Event], submit: Submit, url: str | None, ahead: int
) -> Iterator[Event]:
    """Yield the events with their pages cleaned, in order, reading up to `ahead` batches ahead."""
    waiting: deque[tuple[list[Event], Callable[[], list[Cleaned]]]] = deque()
    for batch in _batches(events):
        pages = [Page.of(event.record, url) for event in batch if event.record]
        waiting.append((batch, submit(pages) if pages else list))
        if len(waiting) > ahead:
            yield from _joined(*waiting.popleft())
    while waiting:
        yield from _joined(*waiting.popleft())


def _batches(events: Iterable[Event]) -> Iterator[list[Event]]:
    batch: list[Event] = []
    size = 0
    for event in events:
        batch.append(event)
        size += len(event.record.text) if event.record else 0
        if size >= BATCH_CHARS or len(batch) >= BATCH_PAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _joined(batch: list[Event], outcome: Callable[[], list[Cleaned]]) -> Iterator[Event]:
    results = iter(outcome())
    for event in batch:
        if event.record is None:
            yield event
            continue
        done = next(results)
        if done.error:
            message = f"{event.record.place}: could not be cleaned: {done.error}"
            yield Event("fault", event.source, message=message)
        else:
            yield event._replace(done=done)


def default_jobs() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this platform
        return os.cpu_count() or 1
