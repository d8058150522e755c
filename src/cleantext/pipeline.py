"""Clean many texts, in order, on one process or on several."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleantext.cleaner import Cleaner

CHUNK_CHARS = 200_000  # a worker gets texts of about this size at once: some milliseconds' work
CHUNK_TEXTS = 512
AHEAD = 2  # chunks read ahead for each worker; what is in flight is bounded by it

Chunk = tuple[int, list[str]]  # number of the first text, texts


class PipeError(RuntimeError):
    """One of the texts of `Cleaner.pipe` could not be cleaned.

    Attributes:
        index: the number of the text, from 0.
    """

    def __init__(self, index: int, message: str) -> None:
        super().__init__(index, message)
        self.index = index

    def __str__(self) -> str:
        return f"text {self.args[0]}: {self.args[1]}"


def clean_all(cleaner: Cleaner, texts: Iterable[str], processes: int) -> Iterator[str]:
    """Yield what `Cleaner.pipe` documents."""
    if isinstance(texts, str):
        raise TypeError("texts must be an iterable of str, not one str")
    if isinstance(processes, bool) or not isinstance(processes, int) or processes < 1:
        raise ValueError(f"processes must be a whole number from 1, not {processes!r}")
    return _alone(cleaner, texts) if processes == 1 else _shared(cleaner, texts, processes)


def _alone(cleaner: Cleaner, texts: Iterable[str]) -> Iterator[str]:
    for index, text in enumerate(texts):
        try:
            cleaned = cleaner.clean(text)
        except Exception as error:
            raise PipeError(index, f"{type(error).__name__}: {error}") from error
        yield cleaned


def _shared(cleaner: Cleaner, texts: Iterable[str], processes: int) -> Iterator[str]:
    """Deal chunks to workers: a thread for each sends one and waits; results are taken in order."""
    from concurrent.futures import Future, ThreadPoolExecutor
    from queue import SimpleQueue

    idle: SimpleQueue[_Worker] = SimpleQueue()
    workers: list[_Worker] = []

    def run(chunk: Chunk) -> list[str]:
        worker = idle.get()
        try:
            return worker.run(chunk)
        finally:
            idle.put(worker)

    try:
        for _ in range(processes):  # before the threads, which must not be forked
            workers.append(_Worker(cleaner))
            idle.put(workers[-1])
        with ThreadPoolExecutor(processes) as threads:
            try:
                pending: deque[Future[list[str]]] = deque()
                for chunk in chunks(texts):
                    pending.append(threads.submit(run, chunk))
                    if len(pending) > AHEAD * processes:
                        yield from pending.popleft().result()
                yield from chain.from_iterable(each.result() for each in pending)
            finally:  # an error or interrupt, here or in who asks for the texts: do not wait
                threads.shutdown(wait=False, cancel_futures=True)
                for worker in workers:
                    worker.stop()
    finally:
        for worker in workers:
            worker.stop()


def chunks(texts: Iterable[str]) -> Iterator[Chunk]:
    """Yield the texts in lists of about CHUNK_CHARS characters, with the number of the first."""
    first, size, chunk = 0, 0, []
    for text in texts:
        chunk.append(text)
        size += len(text) if isinstance(text, str) else 1  # what is no str is reported when cleaned
        if size >= CHUNK_CHARS or len(chunk) >= CHUNK_TEXTS:
            yield first, chunk
            first, size, chunk = first + len(chunk), 0, []
    if chunk:
        yield first, chunk


class _Worker:
    """A process with a cleaner, and the line to it."""

    def __init__(self, cleaner: Cleaner) -> None:
        import multiprocessing

        context: Any = multiprocessing.get_context()
        self._line, theirs = context.Pipe()
        self._at = context.RawValue("q", -1)  # number of the text it is at, should it die
        self._process = context.Process(
            target=_serve, args=(cleaner, theirs, self._line, self._at), daemon=True
        )
        self._process.start()
        theirs.close()

    def run(self, chunk: Chunk) -> list[str]:
        self._at.value = chunk[0]
        try:
            self._line.send(chunk)
            cleaned, failed = self._line.recv()
        except (EOFError, OSError):
            self._process.join(1)
            code = self._process.exitcode
            raise PipeError(self._at.value, f"its worker process died (exit code {code})") from None
        if failed:
            raise PipeError(*failed)
        done: list[str] = cleaned
        return done

    def stop(self) -> None:
        self._process.terminate()  # it holds nothing that could be lost
        self._process.join()
        self._line.close()


def _serve(cleaner: Cleaner, line: Any, other_end: Any, at: Any) -> None:
    """Clean chunks until the line closes. Ctrl-C is for the parent, which stops its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    other_end.close()  # else a forked worker would not see its parent die
    while True:
        try:
            first, texts = line.recv()
        except (EOFError, OSError):  # the parent has gone
            return
        cleaned: list[str] = []
        failed = None
        for index, text in enumerate(texts, first):
            at.value = index
            try:
                cleaned.append(cleaner.clean(text))
            except Exception as error:  # as words: not every exception can be pickled
                failed = (index, f"{type(error).__name__}: {error}")
                break
        try:
            line.send((cleaned, failed))
        except OSError:
            return
