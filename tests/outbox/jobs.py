"""Jobs of any name, workers that do them at once, and how the jobs stand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy import text

from app.settings import Settings
from app.worker import Handlers, Pace, Worker
from db.viewer import ANONYMOUS
from resolvers.jobs import defer
from tests.world import World

QUICK = Pace(heartbeat=0.2, stalled=1, poll=0.1, grace=0.2, restart=0.1)


@asynccontextmanager
async def working(world: World, settings: Settings, handlers: Handlers, workers: int = 1) -> AsyncIterator[None]:
    """Some workers."""
    async with AsyncExitStack() as stack:
        for _ in range(workers):
            worker = Worker(world.gateway, settings, world.storage.gateway_url, handlers, QUICK)
            await stack.enter_async_context(worker.running())
        yield


async def add(world: World, job: str, count: int = 1, key: str | None = None) -> list[int | None]:
    """Defer jobs, each with its number among them."""
    async with world.gateway.database.transaction(ANONYMOUS) as transaction:
        return [await defer(transaction, job, {"number": number}, key=key) for number in range(count)]


async def statuses(world: World) -> list[tuple[str, int]]:
    """Status and attempts of every job."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text("SELECT status::text, attempts FROM procrastinate.procrastinate_jobs ORDER BY id")
        )
        return [(row.status, row.attempts) for row in rows]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the condition is about what a worker did, which sets no event
            await asyncio.sleep(0.02)


async def until_statuses(world: World, wanted: list[tuple[str, int]]) -> None:
    """Wait until the jobs are as they should become."""
    async with asyncio.timeout(20):
        while await statuses(world) != wanted:  # noqa: ASYNC110 - the database sets no event
            await asyncio.sleep(0.05)
