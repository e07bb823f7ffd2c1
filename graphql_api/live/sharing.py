"""What several listeners want at the same moment, done once: a commit wakes them all together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class InFlight(Generic[Result]):
    """Shares what is being done. Nothing is kept once it is done: the next who asks is answered anew."""

    def __init__(self) -> None:
        self._doing: dict[Hashable, asyncio.Future[Result]] = {}

    async def share(self, key: Hashable, do: Callable[[], Awaitable[Result]]) -> Result:
        """What ``do`` gives, or what it gives to somebody else with this ``key`` who has asked just before."""
        doing = self._doing.get(key)
        if doing is None:
            doing = self._doing[key] = asyncio.ensure_future(do())
            doing.add_done_callback(lambda done: self._forget(key, done))
        # One who goes away does not take it from the others.
        return await asyncio.shield(doing)

    def _forget(self, key: Hashable, done: "asyncio.Future[Result]") -> None:
        self._doing.pop(key, None)
        if not done.cancelled():
            done.exception()  # told to whoever waits; nobody may
