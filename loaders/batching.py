"""The two generic loaders, one row by key and rows by key: order kept, gaps kept, one statement a batch."""

from asyncio import Future, shield
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")

MAX_BATCH = 10_000
"""Keys of one statement; more are split into several."""


class _Loader(Generic[Key, Row]):
    """aiodataloader, without one of its habits: all who ask for a key share a future, and who goes away cancels it."""

    def __init__(self, fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row]]], missing: Row) -> None:
        async def batch(keys: list[Key]) -> list[Row]:
            found = await fetch(keys)
            return [found.get(key, missing) for key in keys]

        self._cache: dict[Key, Future[Row]] = {}
        self._loader: DataLoader[Key, Row] = DataLoader(batch, max_batch_size=MAX_BATCH, cache_map=self._cache)

    async def load(self, key: Key) -> Row:
        """The row (or rows) of ``key``; waits for the batch that this tick collects."""
        row: Row = await shield(self._loader.load(key))
        return row

    async def load_many(self, keys: Iterable[Key]) -> list[Row]:
        """``load`` for each key, in one batch, in the order given."""
        futures: list[Future[Row]] = [self._loader.load(key) for key in keys]
        try:
            # Once the first of a batch is there, the others are.
            return [future.result() if future.done() else await shield(future) for future in futures]
        except Exception:
            for future in futures:
                future.add_done_callback(_notice)
            raise

    def prime(self, key: Key, row: Row) -> None:
        """Remember a row that was read another way."""
        self._loader.prime(key, row)

    def clear_where(self, stale: Callable[[Key], bool]) -> None:
        """Forget the keys for which ``stale`` is true; the next load reads them again."""
        for key in [key for key in self._cache if stale(key)]:
            self._cache.pop(key)


def _notice(failed: "Future[Any]") -> None:
    """Look at a failure that was told by another future of the batch, so that asyncio does not report it as missed."""
    if not failed.cancelled():
        failed.exception()


class RowLoader(_Loader[Key, Row | None], Generic[Key, Row]):
    """One row by key; ``None`` where there is none that the viewer may see."""

    def __init__(self, fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row | None]]]) -> None:
        super().__init__(fetch, None)


class RowsLoader(_Loader[Key, Sequence[Row]], Generic[Key, Row]):
    """Rows by key; empty where there are none that the viewer may see."""

    def __init__(self, fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Sequence[Row]]]]) -> None:
        super().__init__(fetch, ())
