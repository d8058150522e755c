"""`Cleaner.pipe` on one process and on several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice

import pytest

from cleantext import Cleaner, Evidence, Page
from cleantext.pipeline import CHUNK_CHARS, PipeError, chunks
from cleantext.testing import BODY

TEXTS = [
    "\n".join(
        [f"Number {at}.", BODY["prose"][at % 8], "\ud800\x00" * (at % 3), "Share this article"]
    )
    for at in range(1500)
]


class Fails:
    """A rule set that fails, or ends its process, on a text that says so."""

    name = "fails"

    def find(self, page: Page, found: Mapping[int, Sequence[Evidence]]) -> Iterable[Evidence]:
        if "raise" in page.text:
            raise KeyError("odd page")
        if "die" in page.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return ()


FAILS = Cleaner(rulesets=[Fails()])


@pytest.fixture(params=["fork", "spawn"])
def start_method(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"{request.param} is not offered here")
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method(request.param, force=True)
    yield request.param
    multiprocessing.set_start_method(before, force=True)


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    gc.collect()
    assert multiprocessing.active_children() == []


def test_processes_give_what_one_gives_in_order(start_method: str) -> None:
    cleaner = Cleaner("balanced")
    alone = list(map(cleaner.clean, TEXTS))
    assert list(cleaner.pipe(TEXTS)) == alone
    assert list(cleaner.pipe(iter(TEXTS), processes=2)) == alone


def test_no_texts(start_method: str) -> None:
    assert list(FAILS.pipe([], processes=2)) == []
    assert list(FAILS.pipe([])) == []


@pytest.mark.parametrize("processes", [1, 2])
def test_a_text_that_fails_is_named(start_method: str, processes: int) -> None:
    texts = ["fine"] * 700 + ["raise"] + ["fine"] * 700
    cleaned = FAILS.pipe(texts, processes=processes)
    with pytest.raises(PipeError, match="text 700: KeyError: 'odd page'") as caught:
        list(cleaned)
    assert caught.value.index == 700


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_no_text_is_named(processes: int) -> None:
    with pytest.raises(PipeError, match="text 2: TypeError: text must be a str, not NoneType"):
        list(FAILS.pipe(["a", "b", None], processes=processes))  # type: ignore[list-item]


def test_a_process_that_dies_is_reported_with_its_text(start_method: str) -> None:
    texts = ["fine"] * 30 + ["die"] + ["fine"] * 3000
    with pytest.raises(PipeError, match=r"text 30: its worker process died \(exit code -9\)"):
        list(FAILS.pipe(texts, processes=2))


def test_texts_are_read_as_they_are_needed() -> None:
    read = count()
    texts = (f"{next(read)} {'a' * 50_000}" for _ in range(10**6))
    cleaned = FAILS.pipe(texts, processes=2)
    assert [text.split()[0] for text in islice(cleaned, 100)] == list(map(str, range(100)))
    ahead = next(read) - 100
    assert ahead * 50_000 < 8 * CHUNK_CHARS
    cleaned.close()  # type: ignore[attr-defined]


def test_an_error_of_the_source_comes_through() -> None:
    def broken() -> Iterator[str]:
        yield "fine"
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        list(FAILS.pipe(broken(), processes=2))


def test_chunks_hold_all_texts_in_order() -> None:
    texts = ["a" * (at * 97 % 9000) for at in range(3000)] + ["b" * 10 * CHUNK_CHARS]
    made = list(chunks(texts))
    assert [text for _, chunk in made for text in chunk] == texts
    assert [first for first, _ in made] == [
        sum(len(chunk) for _, chunk in made[:at]) for at in range(len(made))
    ]


@pytest.mark.parametrize("processes", [0, -1, True, 1.5, "2", None])
def test_a_wrong_number_of_processes(processes: object) -> None:
    with pytest.raises(ValueError, match="processes must be a whole number from 1"):
        FAILS.pipe([], processes=processes)  # type: ignore[arg-type]


def test_one_text_instead_of_many() -> None:
    with pytest.raises(TypeError, match="not one str"):
        FAILS.pipe("text")


def test_ctrl_c_ends_all_processes_quietly() -> None:
    program = (
        "import itertools, multiprocessing, sys, cleantext\n"
        "if __name__ == '__main__':\n"
        "    cleaned = cleantext.Cleaner().pipe(itertools.repeat('a line\\n' * 2000), processes=2)\n"
        "    try:\n"
        "        for at, text in enumerate(cleaned):\n"
        "            if at == 50: print('ready', flush=True)\n"
        "    except KeyboardInterrupt:\n"
        "        print(multiprocessing.active_children())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to workers too
    out, errors = process.communicate(timeout=60)
    assert (out, errors, process.returncode) == ("[]\n", "", 0)
