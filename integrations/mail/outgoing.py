"""Messages on their way: a bounded queue and a few senders, for the whole life of the process.

The queue is in memory. What is in it when the process is killed is lost; a process that is told to stop sends what it
holds first, for ``DRAIN_SECONDS``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType

from integrations.mail.smtp import Refused, Unreachable

MAX_QUEUED = 1_000
"""Messages that wait in one process; more are dropped, and the log says so."""

SENDERS = 4
"""Messages that are sent at the same time."""

RETRY_AFTER = (2.0, 15.0, 60.0)
"""Seconds before each further attempt to hand a message over."""

DRAIN_SECONDS = 10.0
"""How long a process that stops goes on sending."""

_log = logging.getLogger("fast_track_graph")

Make = Callable[[], Awaitable[EmailMessage | None]]
Deliver = Callable[[EmailMessage], Awaitable[None]]


class Outgoing:
    """Takes what makes a message, makes and sends it later. An asynchronous context: the end of the block drains it."""

    def __init__(self, deliver: Deliver, retry_after: tuple[float, ...] = RETRY_AFTER) -> None:
        self._deliver = deliver
        self._retry_after = retry_after
        self._queue: asyncio.Queue[Make] = asyncio.Queue(MAX_QUEUED)
        self._stopping = asyncio.Event()
        self._senders: list[asyncio.Task[None]] = []
        self.sent = 0
        self.lost = 0

    async def __aenter__(self) -> "Outgoing":
        self._senders = [asyncio.create_task(self._send()) for _ in range(SENDERS)]
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._stopping.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._queue.join(), DRAIN_SECONDS)
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)
        if waiting := self._queue.qsize():
            self.lost += waiting
            _log.error("%d mail(s) were not sent before the process stopped", waiting)

    def put(self, make: Make) -> None:
        """Make and send a message after this. Nothing is sent where ``make`` gives none."""
        try:
            self._queue.put_nowait(make)
        except asyncio.QueueFull:
            self.lost += 1
            _log.error("a mail was dropped: %d are waiting to be sent", MAX_QUEUED)

    async def drained(self) -> None:
        """Wait until everything that was put has been sent, or given up."""
        await self._queue.join()

    async def _send(self) -> None:
        while True:
            make = await self._queue.get()
            try:
                message = await make()
                if message is not None:
                    await self._hand_over(message)
            except Exception as error:  # noqa: BLE001 - whatever it was, the next message is sent
                self.lost += 1
                _log.error("a mail could not be made: %s", type(error).__name__)
            finally:
                self._queue.task_done()

    async def _hand_over(self, message: EmailMessage) -> None:
        for delay in (*self._retry_after, None):
            try:
                await self._deliver(message)
            except (Refused, Unreachable) as error:
                final = delay is None or isinstance(error, Refused) or self._stopping.is_set()
                _log.log(
                    logging.ERROR if final else logging.WARNING,
                    "mail %s was not sent (%s); %s",
                    message["Message-ID"],
                    error,
                    "given up" if final else f"tried again in {delay:g} seconds",
                )
                if final:
                    self.lost += 1
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), delay)
            else:
                self.sent += 1
                return
