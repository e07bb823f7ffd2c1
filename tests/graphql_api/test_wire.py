"""A statement is a round trip: what the other tests count as statements, counted between gateway and PostgreSQL."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from tests.graphql_api.wire import Wire, tapped
from tests.world import Person, World, open_world

READ = "{ viewer { fullName woop { wish progress { status } submission { version } } dream { oneSentence } } }"
MEMBERS = "{ organization { members(first: 10) { totalCount edges { node { fullName woop { wish } } } } } }"
SAVE = 'mutation { saveWoop(input: {wish: "A wish", planIfThen: "A plan"}) { __typename } }'
SUBMIT = 'mutation ($data: JSON!) { submitTool(tool: "woop", data: $data) { __typename } }'


@pytest.fixture(scope="module")
async def wired(
    world: World, settings: Settings, storage: Storage, catalogue: Catalogue
) -> AsyncIterator[tuple[World, Wire]]:
    """A gateway with one connection, tapped."""
    assert world
    one = settings.model_copy(update={"database_pool_size": 1})
    async with tapped(storage) as (found, wire), open_world(found, catalogue, one) as opened:
        yield opened, wire


@pytest.mark.parametrize(
    ("query", "trips"),
    [(READ, 1), (MEMBERS, 1), (SAVE, 1 + 4), (SUBMIT, 1 + 4)],
    ids=["tree", "members", "save", "submit"],
)
async def test_a_statement_is_a_round_trip(wired: tuple[World, Wire], query: str, trips: int) -> None:
    """Once the connection has seen the statements: a compiled read is one, a write five with who is asking."""
    world, wire = wired
    variables: dict[str, Any] = {"data": world.answers("woop")} if query == SUBMIT else {}
    house = await world.organization()
    first, second = await world.person(house), await world.person(house)
    await _ask(world, first, query, variables)
    with world.sql() as statements, wire.counting():
        await _ask(world, second, query, variables)
    assert (len(statements), wire.trips) == (trips, trips)


async def test_a_first_time_costs_one_more(wired: tuple[World, Wire]) -> None:
    """A statement that a connection has never seen is prepared on it: one round trip more, once."""
    world, wire = wired
    person = await world.person(await world.organization())
    query = "{ viewer { email pricing { slug progress { percentage } } } }"
    counts = []
    for _ in range(3):
        with wire.counting():
            await _ask(world, person, query, {})
        counts.append(wire.trips)
    assert counts == [2, 1, 1]


async def _ask(world: World, person: Person, query: str, variables: dict[str, Any]) -> None:
    answer = await world.graphql(person, query, variables)
    assert not answer.errors
