"""Hears what PostgreSQL notifies: one connection for the whole process, opened anew for as long as it is wanted."""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress

import asyncpg

_log = logging.getLogger("fast_track_graph")

FIRST_RETRY, LAST_RETRY = 0.1, 15.0
"""Seconds before a lost connection is opened again: at first, and at most."""

ALIVE_EVERY = 20.0
"""Seconds between two questions whether the connection still is one; a network can lose it without a word."""

ANSWER_WITHIN = 10.0
"""Seconds within which the server has to answer."""


class Notifications:
    """Notifications of one channel.

    ``heard`` is told each one's text. ``connected`` is told each time that the connection stands: whatever was said
    before, or between two connections, has not been heard.
    """

    def __init__(self, url: str, channel: str, heard: Callable[[str], None], connected: Callable[[], None]) -> None:
        self._url = url
        self._channel = channel
        self._heard = heard
        self._connected = connected
        self._listening: asyncio.Task[None] | None = None
        self.connections = 0
        """How often the connection has been opened since the start."""

    def start(self) -> None:
        """Begin to listen, if nobody has yet; comes back before the connection stands."""
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None

    async def _listen(self) -> None:
        pause = FIRST_RETRY
        while True:
            opened = self.connections
            try:
                await self._connection()
            except Exception as error:  # noqa: BLE001 - whatever it is, nobody would hear of anything without it
                if self.connections > opened:
                    pause = FIRST_RETRY
                _log.warning("notifications: no connection (%s); trying again", type(error).__name__)
            # Not all processes at the same moment: they have all lost the same server.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, LAST_RETRY)

    async def _connection(self) -> None:
        """One connection, from its beginning to its end; raises what ended it."""
        connection = await asyncpg.connect(
            self._url, timeout=ANSWER_WITHIN, server_settings={"application_name": "fast-track-graph-live"}
        )
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(self._channel, self._tell)
            self.connections += 1
            self._connected()
            while not lost.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(ALIVE_EVERY):
                        await lost.wait()
                await connection.execute("SELECT", timeout=ANSWER_WITHIN)
        finally:
            connection.terminate()

    def _tell(self, _: object, __: int, ___: str, text: object) -> None:
        self._heard(str(text))
