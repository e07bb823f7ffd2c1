"""The two generic loaders, one row by key and rows by key: order kept, gaps kept, one statement a batch."""

from asyncio import Future
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")

MAX_BATCH = 10_000
"""Keys of one statement; more are split into several."""


class _Loader(Generic[Key, Row]):
    """aiodataloader, without two of its habits: it keeps cancelled futures, and the exception of a failed key."""

    def __init__(self, fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row]]], missing: Row) -> None:
        async def batch(keys: list[Key]) -> list[Row]:
            found = await fetch(keys)
            return [found.get(key, missing) for key in keys]

        self._cache: dict[Key, Future[Row]] = {}
        self._loader: DataLoader[Key, Row] = DataLoader(batch, max_batch_size=MAX_BATCH, cache_map=self._cache)

    async def load(self, key: Key) -> Row:
        """The row (or rows) of ``key``; waits for the batch that this tick collects."""
        cached = self._cache.get(key)
        if cached is not None and cached.cancelled():
            self._cache.pop(key)
        try:
            row: Row = await self._loader.load(key)
        except BaseException:
            self._cache.pop(key, None)
            raise
        return row

    async def load_many(self, keys: Iterable[Key]) -> list[Row]:
        """``load`` for each key, in one batch, in the order given."""
        wanted = list(keys)
        futures: list[Any] = []
        for key in wanted:
            cached = self._cache.get(key)
            if cached is not None and cached.cancelled():
                self._cache.pop(key)
            futures.append(self._loader.load(key))
        try:
            return [await future for future in futures]
        except BaseException:
            for key in wanted:
                self._cache.pop(key, None)
            raise

    def prime(self, key: Key, row: Row) -> None:
        """Remember a row that was read another way."""
        self._loader.prime(key, row)

    def clear_where(self, stale: Callable[[Key], bool]) -> None:
        """Forget the keys for which ``stale`` is true; the next load reads them again."""
        for key in [key for key in self._cache if stale(key)]:
            self._cache.pop(key)


class RowLoader(_Loader[Key, Row | None], Generic[Key, Row]):
    """One row by key; ``None`` where there is none that the viewer may see."""

    def __init__(self, fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Row | None]]]) -> None:
        super().__init__(fetch, None)


class RowsLoader(_Loader[Key, Sequence[Row]], Generic[Key, Row]):
    """Rows by key; empty where there are none that the viewer may see."""

    def __init__(self, fetch: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Sequence[Row]]]]) -> None:
        super().__init__(fetch, ())
