"""The connections that last: how many of them somebody may hold, and how each one ends."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from graphql_api.exchange import HttpError
from graphql_api.limits import MAX_STREAMS, MAX_STREAMS_OF_ONE
from graphql_api.live.sharing import InFlight
from resolvers.context import Context


class End(NamedTuple):
    """Why a stream ends before its client ends it; ``code`` is the WebSocket's, which clients decide by."""

    code: int
    reason: str


RESTART = End(1012, "The server restarts. Connect again, with the last cursor as 'after'.")
TOO_SLOW = End(1013, "This client reads too slowly. Connect again, with the last cursor as 'after'.")


def nobody(reason: str) -> End:
    """Whoever listens is nobody any more; ``reason``: why. Clients take 4403 for a reason to bring another token."""
    return End(4403, reason)


class TooManyStreams(HttpError):
    """Somebody, or everybody together, holds as many connections as there may be."""

    def __init__(self) -> None:
        super().__init__(429, "Too many connections are open. Close one, and put several operations on one WebSocket.")


class Stream:
    """One connection that lasts, until it is ended by either side."""

    __slots__ = ("_over", "end")

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self.end: End | None = None
        """Why it has to end; ``None`` while it has not."""

    def close(self, end: End) -> None:
        """Have it end; the first reason counts."""
        if self.end is None:
            self.end = end
            self._over.set()

    async def over(self) -> None:
        """Wait until it has to end."""
        await self._over.wait()


class Streams:
    """All of them, of one process."""

    def __init__(self) -> None:
        self._open: set[Stream] = set()
        self._of: Counter[UUID] = Counter()
        self._closing: End | None = None
        self.identities: InFlight[Context] = InFlight()
        """Who somebody is, while it is asked: by token."""
        self.answers: InFlight[bytes] = InFlight()
        """Events while they are executed: by viewer, operation, variables and event."""

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    @contextmanager
    def open(self) -> Iterator[Stream]:
        """A stream inside the block. Raises ``TooManyStreams``."""
        if len(self._open) >= MAX_STREAMS:
            raise TooManyStreams
        stream = Stream()
        if self._closing:
            stream.close(self._closing)
        self._open.add(stream)
        try:
            yield stream
        finally:
            self._open.discard(stream)

    @contextmanager
    def held_by(self, person: UUID) -> Iterator[None]:
        """One of the streams is this person's inside the block. Raises ``TooManyStreams``."""
        if self._of[person] >= MAX_STREAMS_OF_ONE:
            raise TooManyStreams
        self._of[person] += 1
        try:
            yield
        finally:
            self._of[person] -= 1
            if not self._of[person]:
                del self._of[person]

    def close(self) -> None:
        """End all that are open and all that still come: the process stops."""
        self._closing = RESTART
        for stream in list(self._open):
            stream.close(RESTART)
