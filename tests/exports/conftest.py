"""A queue that begins empty, and a worker that does what waits in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker import Handlers, Pace, Worker
from app.worker.handlers import HANDLERS
from rest_shim import openapi_document
from tests.rest_shim.documented import Documented
from tests.rest_shim.rest import Rest
from tests.world import Person, World

Working = Callable[..., Any]
Finished = Callable[[Person, str], Awaitable[dict[str, Any]]]

QUICK = Pace(heartbeat=0.5, stalled=5, poll=0.1, grace=5, restart=0.1)


@pytest.fixture
def rest(world: World) -> Rest:
    """The REST paths; an answer that is not documented fails."""
    return Rest(world.client, Documented(openapi_document(world.gateway.graph)))


@pytest.fixture(autouse=True)
async def nothing_waits(world: World) -> None:
    """Each test begins with an empty queue."""
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM procrastinate.procrastinate_jobs"))


@pytest.fixture
def working(world: World, settings: Settings) -> Working:
    """``async with working():`` a worker does the jobs meanwhile; with ``handlers``, others do."""

    @asynccontextmanager
    async def run(handlers: Handlers = HANDLERS) -> AsyncIterator[None]:
        async with Worker(world.gateway, settings, world.storage.gateway_url, handlers, QUICK).running():
            yield

    return run


@pytest.fixture
def finished(rest: Rest) -> Finished:
    """The status of a job once it is neither pending nor processing."""

    async def wait(person: Person, status_url: str) -> dict[str, Any]:
        async with asyncio.timeout(60):
            while True:
                status: dict[str, Any] = (await rest.get(person, status_url)).data
                if status["status"] not in ("pending", "processing"):
                    return status
                await asyncio.sleep(0.2)

    return wait


@pytest.fixture
async def author(world: World) -> Person:
    """A participant who has completed the tools up to Dream."""
    author = await world.person(await world.organization("Caravela"), name="Inês Vasconcelos")
    await world.complete(author, "woop", "know-thyself", "dream")
    return author
