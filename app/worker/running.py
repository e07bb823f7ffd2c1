"""Keeps a worker going until it is told to stop: it starts anew whenever the database was out of reach."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass

from procrastinate import App
from procrastinate.jobs import DeleteJobCondition

from app.settings import Settings, WorkerPlace
from app.worker.handlers import HANDLERS
from app.worker.queue import add_handlers, queue_at
from app.worker.run import Handlers
from app.worker.stalled import take_over
from graphql_api.gateway import Gateway
from resolvers.jobs import Queue

OUTSIDE_CONCURRENCY = 10
"""Jobs of the queue ``outside`` at once: they mostly wait."""

_log = logging.getLogger("fast_track_graph.worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker does what, in seconds. ``stalled``: silence after which its jobs are others'; ``grace``: time
    for the jobs at hand when it is told to stop."""

    heartbeat: float = 10
    stalled: float = 40
    poll: float = 5
    told: float = 60
    grace: float = 20
    restart: float = 5


class _Stopped(Exception):
    """The queue's own worker has ended by itself, which it does when it has lost the database."""


class Worker:
    """One worker of one process: a queue of its own for each ``Queue``, so that none waits for another."""

    def __init__(
        self, gateway: Gateway, settings: Settings, url: str, handlers: Handlers = HANDLERS, pace: Pace | None = None
    ) -> None:
        self._gateway = gateway
        self._settings = settings
        self._url = url
        self._handlers = handlers
        self._pace = pace or Pace()
        self._told: Mapping[str, int] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works while the block runs; at its end the jobs at hand are finished, or given back after ``grace``."""
        task = asyncio.create_task(self.run(), name="worker")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - whatever it was, the worker has to come back
                causes = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
                _log.warning("the worker starts anew: %s", ", ".join(type(cause).__name__ for cause in causes))
            await asyncio.sleep(self._pace.restart)

    async def _work(self) -> None:
        queue = queue_at(self._url)
        add_handlers(queue, self._handlers, self._gateway, self._settings)
        concurrency = {Queue.WORK: self._settings.worker_concurrency, Queue.OUTSIDE: OUTSIDE_CONCURRENCY}
        pace = self._pace
        async with queue.open_async(), asyncio.TaskGroup() as together:
            for name in Queue:
                together.create_task(self._work_off(queue, name, concurrency[name]))
            together.create_task(_every(pace.heartbeat, lambda: self._take_over(queue)))
            together.create_task(_every(pace.told, self._tell))

    async def _take_over(self, queue: App) -> None:
        await take_over(queue, self._handlers, self._gateway, self._settings, self._pace.stalled)

    async def _work_off(self, queue: App, name: Queue, concurrency: int) -> None:
        pace = self._pace
        await queue.run_worker_async(
            queues=[name.value],
            name=name.value,
            concurrency=concurrency,
            fetch_job_polling_interval=pace.poll,
            shutdown_graceful_timeout=pace.grace,
            update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=pace.stalled,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
        )
        raise _Stopped

    async def _tell(self) -> None:
        """How many jobs wait, are being done and are dead, in the log; once, as long as nothing changes."""
        found = await self._gateway.database.jobs()
        if found != self._told:
            self._told = found
            waiting, doing, dead = (found.get(status, 0) for status in ("todo", "doing", "failed"))
            _log.info("jobs: %d waiting, %d being done, %d dead", waiting, doing, dead)


def worker_inside(gateway: Gateway, settings: Settings, url: str) -> AbstractAsyncContextManager[None]:
    """The worker inside a process that serves, unless they are apart."""
    return nullcontext() if settings.worker is WorkerPlace.APART else Worker(gateway, settings, url).running()


async def _every(seconds: float, do: Callable[[], Awaitable[object]]) -> None:
    while True:
        await do()
        await asyncio.sleep(seconds)
