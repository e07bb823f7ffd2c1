"""The processes that print: bounded in time, memory and number, and no loss when one of them dies."""

import asyncio
import os
from collections.abc import AsyncIterator

import psutil
import pytest

from app.printing import Printing
from integrations.pdf import Press, PressBusy, PressFailed, PressNotInstalled
from resolvers.refusals import Busy, NotSetUp, TooLarge
from tests.pdf.documents import document, needs_libraries, printed

pytestmark = needs_libraries()

LARGE = document([f"Item {number}" for number in range(20_000)])


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    """A press with one process and one place to wait."""
    press = Press("", children=1, waiting=1)
    yield press
    await press.close()


_others: set[int] = set()


@pytest.fixture(autouse=True)
def others() -> None:
    """The processes of other presses, of which some may wait for their next document."""
    _others.clear()
    _others.update(child.pid for child in _children())


def _children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.pid not in _others and "integrations.pdf.child" in " ".join(child.cmdline())
    ]


async def test_a_document_that_takes_too_long_ends_with_its_process(press: Press) -> None:
    """The gateway goes on meanwhile; the next document has a process of its own."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    with pytest.raises(PressFailed, match="longer than 1 seconds"):
        await press.print(LARGE, 1)
    ticking.cancel()
    assert ticks > 10
    assert _children() == []
    assert len((await printed(press, document("x"))).pages) == 1


async def test_a_process_that_wants_too_much_memory_gets_none() -> None:
    """The limit is of the process that prints; ours does not grow."""
    small = Press("", children=1, memory=400_000_000)
    try:
        with pytest.raises(PressFailed):
            await small.print(document(["x" * 1_000_000] * 300), 60)
    finally:
        await small.close()


async def test_a_process_that_dies_costs_one_document(press: Press) -> None:
    """Killed from outside while it prints: that one fails, the next is printed."""
    printing = asyncio.create_task(press.print(LARGE, 60))
    while not _children():  # noqa: ASYNC110 - what is waited for is another process
        await asyncio.sleep(0.02)
    _children()[0].kill()
    with pytest.raises(PressFailed, match="died"):
        await printing
    assert len((await printed(press, document("x"))).pages) == 1


async def test_a_process_is_used_again_and_has_none_of_our_secrets(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process for many documents; of the environment it has what it needs to find its fonts."""
    monkeypatch.setenv("ENCRYPTION_KEYS", "nobody's business")
    await printed(press, document("x"))
    (first,) = _children()
    assert "ENCRYPTION_KEYS" not in first.environ()
    assert "PATH" in os.environ
    await printed(press, document("y"))
    assert [child.pid for child in _children()] == [first.pid]


async def test_too_many_at_once_are_refused(press: Press) -> None:
    """One printed, one waiting; the third is told at once. Given up, they leave their places."""
    printing = [asyncio.create_task(press.print(LARGE, 60)) for _ in range(2)]
    await asyncio.sleep(0.1)
    with pytest.raises(PressBusy):
        await press.print(document("x"), 60)
    for task in printing:
        task.cancel()
    await asyncio.gather(*printing, return_exceptions=True)
    assert _children() == []
    assert len((await printed(press, document("x"))).pages) == 1


async def test_one_that_gets_no_turn_within_its_seconds_is_refused(press: Press) -> None:
    """It waits as long as it may take and no longer; its place is free then."""
    printing = asyncio.create_task(press.print(LARGE, 60))
    await asyncio.sleep(0)
    for _ in range(3):
        with pytest.raises(PressBusy):
            await press.print(document("x"), 0.1)
    assert not printing.done()
    printing.cancel()
    await asyncio.gather(printing, return_exceptions=True)
    assert len((await printed(press, document("x"))).pages) == 1


async def test_long_ones_leave_a_process_to_the_others() -> None:
    """One of two long ones is printed, the other waits, a third finds no place; short ones are printed meanwhile."""
    press = Press("", children=2, waiting=1)
    long = [asyncio.create_task(press.print(LARGE, 600)) for _ in range(2)]
    await asyncio.sleep(0)
    try:
        with pytest.raises(PressBusy):
            await asyncio.wait_for(press.print(LARGE, 600), 30)
        for _ in range(2):
            assert len((await printed(press, document("x"))).pages) == 1
        assert not any(task.done() for task in long)
    finally:
        for task in long:
            task.cancel()
        await asyncio.gather(*long, return_exceptions=True)
        await press.close()


async def test_a_long_one_waits_for_its_turn_no_longer_than_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a process is free: that is for short ones."""
    monkeypatch.setattr("integrations.pdf.press.MAX_SHORT", 0.1)
    press = Press("", children=2)
    printing = asyncio.create_task(press.print(LARGE, 600))
    await asyncio.sleep(0)
    try:
        with pytest.raises(PressBusy):
            await press.print(document("x"), 0.2)
        assert not printing.done()
    finally:
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
        await press.close()


@pytest.mark.parametrize(
    ("failure", "refusal", "words", "book"),
    [
        (PressNotInstalled("cannot load library 'libpango-1.0-0'"), NotSetUp, "apt-get install libpango", False),
        (PressBusy(), Busy, "Try again soon", False),
        (PressFailed("it took longer than 30 seconds"), TooLarge, "30 seconds. Ask for format=json", False),
        (PressFailed("it took longer than 600 seconds"), TooLarge, "Export its tools one by one", True),
    ],
)
async def test_failures_are_told_with_what_to_do(
    press: Press,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    refusal: type[Exception],
    words: str,
    *,
    book: bool,
) -> None:
    """A sentence that says what to install, when to come again, or what to ask for instead."""

    async def fails(*_: object) -> bytes:
        raise failure

    monkeypatch.setattr(press, "print", fails)
    with pytest.raises(refusal, match=words):
        await Printing(press).print(document("x", contents=book), 1)
