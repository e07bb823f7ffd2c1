"""The two generic loaders: what they ask their source for, and what they remember of its answers."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest

from loaders.batching import MAX_BATCH, RowLoader, RowsLoader


class Source:
    """A source of squares that notes what it was asked for. Multiples of ten have none."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.failing = False
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, keys: Sequence[int]) -> Mapping[int, int | None]:
        """The squares of ``keys``, in an order of its own."""
        self.batches.append(list(keys))
        self.asked.set()
        await self.gate.wait()
        if self.failing:
            raise ConnectionError
        return {key: key * key for key in sorted(keys, reverse=True) if key % 10}


@pytest.fixture
def source() -> Source:
    """A source that was not asked yet."""
    return Source()


@pytest.fixture
async def squares(source: Source) -> RowLoader[int, int]:
    """A loader of it."""
    return RowLoader(source)


async def test_rows_come_in_the_order_of_their_keys(squares: RowLoader[int, int]) -> None:
    """Whatever order the source answers in."""
    assert await squares.load_many([3, 1, 2]) == [9, 1, 4]


async def test_gaps_are_kept(squares: RowLoader[int, int]) -> None:
    """A key without a row gives ``None`` at its place, not a shorter list."""
    assert await squares.load_many([1, 10, 2, 20]) == [1, None, 4, None]


async def test_a_key_asked_for_twice_is_answered_twice(squares: RowLoader[int, int], source: Source) -> None:
    """And fetched once."""
    assert await squares.load_many([2, 3, 2]) == [4, 9, 4]
    assert source.batches == [[2, 3]]


async def test_loads_of_one_tick_are_one_batch(squares: RowLoader[int, int], source: Source) -> None:
    """Whether by one key or by many, from however many askers."""
    one, many, again, gap = await asyncio.gather(
        squares.load(1), squares.load_many([2, 3]), squares.load(1), squares.load(10)
    )
    assert (one, many, again, gap) == (1, [4, 9], 1, None)
    assert source.batches == [[1, 2, 3, 10]]


async def test_what_was_read_is_not_read_again(squares: RowLoader[int, int], source: Source) -> None:
    """A request reads each row once; so it does a row that is not there."""
    await squares.load_many([1, 10])
    assert await squares.load_many([10, 1]) == [None, 1]
    assert source.batches == [[1, 10]]


async def test_nothing_asked_is_nothing_fetched(squares: RowLoader[int, int], source: Source) -> None:
    """An empty list of keys costs no statement."""
    assert await squares.load_many([]) == []
    assert source.batches == []


async def test_too_many_keys_are_several_batches(squares: RowLoader[int, int], source: Source) -> None:
    """One statement carries at most ``MAX_BATCH`` keys; the answer is one list all the same."""
    keys = list(range(MAX_BATCH + 1))
    assert await squares.load_many(keys) == [key * key if key % 10 else None for key in keys]
    assert sorted(len(batch) for batch in source.batches) == [1, MAX_BATCH]


async def test_rows_by_key_are_empty_where_there_are_none() -> None:
    """Many rows for each key: a key without any gives an empty sequence."""

    async def divisors(keys: Sequence[int]) -> Mapping[int, Sequence[int]]:
        return {key: [n for n in range(1, key + 1) if key % n == 0] for key in keys if key}

    loader: RowsLoader[int, int] = RowsLoader(divisors)
    assert [list(rows) for rows in await loader.load_many([6, 0, 3])] == [[1, 2, 3, 6], [], [1, 3]]


@pytest.mark.parametrize(
    "ask", [lambda loader: loader.load(1), lambda loader: loader.load_many([1])], ids=["load", "load_many"]
)
async def test_a_cancelled_load_does_not_poison_its_key(
    squares: RowLoader[int, int], source: Source, ask: Callable[[RowLoader[int, int]], Awaitable[object]]
) -> None:
    """Who asks after the cancelled one gets the row, not the cancellation."""
    source.gate.clear()
    cancelled = asyncio.ensure_future(ask(squares))
    await source.asked.wait()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    source.gate.set()
    assert await squares.load(1) == 1


async def test_a_cancelled_load_leaves_its_neighbours_alone(squares: RowLoader[int, int], source: Source) -> None:
    """The batch goes on for those who still wait."""
    source.gate.clear()
    cancelled, waiting = asyncio.ensure_future(squares.load(1)), asyncio.ensure_future(squares.load(2))
    await source.asked.wait()
    cancelled.cancel()
    source.gate.set()
    assert await waiting == 4
    assert source.batches == [[1, 2]]
    assert cancelled.cancelled()


async def test_two_who_wait_for_one_key_are_not_cancelled_together(
    squares: RowLoader[int, int], source: Source
) -> None:
    """They share the fetch; the one that goes away does not take the other along."""
    source.gate.clear()
    cancelled, waiting = asyncio.ensure_future(squares.load(1)), asyncio.ensure_future(squares.load(1))
    await source.asked.wait()
    cancelled.cancel()
    source.gate.set()
    assert await waiting == 1


@pytest.mark.parametrize(
    "ask", [lambda loader: loader.load(1), lambda loader: loader.load_many([1, 2])], ids=["load", "load_many"]
)
async def test_a_failed_fetch_is_not_remembered(
    squares: RowLoader[int, int], source: Source, ask: Callable[[RowLoader[int, int]], Awaitable[object]]
) -> None:
    """Everyone in the failed batch is told; who asks again is answered."""
    source.failing = True
    with pytest.raises(ConnectionError):
        await ask(squares)
    source.failing = False
    assert await squares.load_many([1, 2]) == [1, 4]


async def test_a_failure_is_told_once(
    squares: RowLoader[int, int], source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    """To the asker; asyncio finds no failure of the same batch that nobody looked at."""
    source.failing = True
    with pytest.raises(ConnectionError):
        await squares.load_many([1, 2, 3])
    gc.collect()
    assert caplog.messages == []


async def test_clear_where_forgets_those_keys_only(squares: RowLoader[int, int], source: Source) -> None:
    """What has just been written is read anew, the rest is not."""
    await squares.load_many([1, 2, 3])
    squares.clear_where(lambda key: key > 1)
    assert await squares.load_many([1, 2, 3]) == [1, 4, 9]
    assert source.batches == [[1, 2, 3], [2, 3]]


async def test_a_primed_row_is_not_fetched(squares: RowLoader[int, int], source: Source) -> None:
    """A row that came another way counts as read."""
    squares.prime(7, 49)
    assert await squares.load_many([7, 2]) == [49, 4]
    assert source.batches == [[2]]
