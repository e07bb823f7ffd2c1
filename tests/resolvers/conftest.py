"""A participant of an organisation of their own, and a request of theirs."""

import pytest

from resolvers.context import Context
from tests.world import Person, World


@pytest.fixture
async def person(world: World) -> Person:
    """A participant; only WOOP is open."""
    return await world.person(await world.organization())


@pytest.fixture
async def context(world: World, person: Person) -> Context:
    """A request of that participant."""
    return await world.context(person)
