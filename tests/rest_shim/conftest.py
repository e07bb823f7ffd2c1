"""A REST client that checks every answer, and people to call it as."""

from collections.abc import AsyncIterator
from itertools import count

import httpx
import pytest

from app.serving import application
from app.settings import Settings
from tests.rest_shim.documented import Documented
from tests.rest_shim.rest import Rest
from tests.world import Person, World


@pytest.fixture(scope="session")
async def documented(world: World) -> Documented:
    """The OpenAPI document as the gateway serves it."""
    answer = await world.client.get("/openapi.json")
    return Documented(answer.json())


@pytest.fixture
def rest(world: World, documented: Documented) -> Rest:
    """The REST paths."""
    return Rest(world.client, documented)


@pytest.fixture
async def person(world: World) -> Person:
    """A participant of an organisation of their own; only WOOP is open."""
    return await world.person(await world.organization())


_addresses = count(1)


@pytest.fixture
async def visitor(world: World, settings: Settings, documented: Documented) -> AsyncIterator[Rest]:
    """Somebody at an address of their own: what others are refused does not count for them."""
    number = next(_addresses)
    transport = httpx.ASGITransport(
        application(world.gateway, settings, world.storage),
        raise_app_exceptions=False,
        client=(f"10.8.{number // 250}.{number % 250}", 1),
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield Rest(client, documented)
