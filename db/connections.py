"""Connections that take turns: the driver's pool opens and closes them, and this lends them in between.

The driver's own acquire and release cost a task and two timeouts for every statement, a tenth of what a small read
costs the process in all. What is lent here goes back at once; only a connection that has seen an error, a cancellation
or a closed socket goes through the driver, which cleans it or throws it away.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

Connection = asyncpg.pool.PoolConnectionProxy


class Connections:
    """At most ``limit`` connections of ``pool``, the last used first; who finds none waits in line."""

    def __init__(self, pool: asyncpg.Pool, limit: int) -> None:
        self._pool = pool
        self._limit = limit
        self._taken = 0
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._returned = asyncio.Event()

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """A connection for the length of the block. Raises what the driver raises when none can be opened."""
        connection = await self.take()
        try:
            yield connection
        except BaseException:
            await self.discard(connection)
            raise
        self.give(connection)

    async def take(self) -> Connection:
        """A connection, to be given back with ``give``, or with ``discard`` after any exception."""
        if self._taken < self._limit:
            self._taken += 1
        else:
            await self._turn()
        try:
            while self._idle:
                connection = self._idle.pop()
                if _is_open(connection):
                    return connection
                await self._pool.release(connection)
            return await self._pool.acquire()
        except BaseException:
            self._leave()
            raise

    def give(self, connection: Connection) -> None:
        """Take back a connection as it was lent."""
        self._idle.append(connection)
        self._leave()

    async def discard(self, connection: Connection) -> None:
        """Take back a connection that something went wrong with."""
        try:
            await self._pool.release(connection)
        finally:
            self._leave()

    async def close(self) -> None:
        """Wait for running statements, then close every connection."""
        while self._taken:
            self._returned.clear()
            await self._returned.wait()
        while self._idle:
            await self._pool.release(self._idle.pop())
        await self._pool.close()

    async def _turn(self) -> None:
        """Wait until somebody who leaves makes room for this one."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # called just as it was given up: the next one's turn
            raise

    def _leave(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._taken -= 1
        self._returned.set()


def _is_open(connection: Connection) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has seen that the server hung up, and has taken it back
        return False
