"""A REST client that checks every answer, and people to call it as."""

import pytest

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
