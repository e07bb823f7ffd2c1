"""The statement behind an entity tag, under claims that do not hold and under none: no row of any tenant."""

from typing import Any

import asyncpg
import pytest

from graphql_api.execution.compiled.organization_plan import OrganizationPlan
from graphql_api.execution.compiled.plan import PersonPlan
from tests.graphql_api.compiled.houses import HOUSE, PERSON, TREE, Houses
from tests.graphql_api.compiled.planning import Planning
from tests.world import World

NOBODY = ("", "", "", "")
QUERIES = {"tree": TREE, "person": PERSON, "house": HOUSE}


@pytest.fixture(params=["ada", "guru"])
def reader(request: pytest.FixtureRequest) -> str:
    """An admin, and a guru of another organisation, whose statement reads the organisations they look after."""
    name: str = request.param
    return name


@pytest.mark.parametrize("kind", QUERIES)
async def test_claims_that_hold(world: World, houses: Houses, reader: str, kind: str) -> None:
    """A version for each person of the answer: one, or the three of the north."""
    rows = await _versions(world, houses, reader, kind, _claims(houses, reader))
    assert len(rows) == {"tree": 1, "person": 1, "house": 3}[kind]
    assert all(row[0] for row in rows)


@pytest.mark.parametrize("kind", QUERIES)
async def test_claims_that_do_not_hold(world: World, houses: Houses, reader: str, kind: str) -> None:
    """No row for nobody, nor for the right id with another role or organisation."""
    user, organization, role, _ = _claims(houses, reader)
    south = str(houses.south)
    for claims in (
        NOBODY,
        (user, organization, "user", ""),
        (user, south, role, ""),
        (user, "", role, ""),
        (str(houses["bea"].id), organization, role, ""),
        (str(houses["bea"].id), south, "admin", ""),
    ):
        assert await _versions(world, houses, reader, kind, claims) == []


@pytest.mark.parametrize("kind", QUERIES)
async def test_without_settings(world: World, houses: Houses, reader: str, kind: str) -> None:
    """Bound and compared, but never put in force."""
    claims = _claims(houses, reader)
    assert await _versions(world, houses, reader, kind, claims, settings="elsewhere") == []


@pytest.mark.parametrize("kind", ["person", "house"])
async def test_another_tenant_learns_no_version(world: World, houses: Houses, reader: str, kind: str) -> None:
    """Bea's true claims and keys of the north: what comes is the same before and after the north has changed."""
    claims = _claims(houses, "bea")
    before = await _versions(world, houses, reader, kind, claims)
    assert len(before) == 1
    assert not any(row[0] for row in before)
    # Ned ends with the wish he had, for the other tests; its version goes up, which none of them looks at.
    await world.graphql(houses["ned"], 'mutation { saveWoop(input: {wish: "another"}) { __typename } }')
    await world.graphql(houses["ned"], 'mutation { saveWoop(input: {wish: "wish of ned"}) { __typename } }')
    assert await _versions(world, houses, reader, kind, claims) == before


def _claims(houses: Houses, name: str) -> tuple[str, str, str, str]:
    account = houses[name].account
    return str(account.id), str(account.organization_id or ""), account.role.value, ""


async def _versions(
    world: World,
    houses: Houses,
    reader: str,
    kind: str,
    claims: tuple[str, str, str, str],
    settings: str = "app",
) -> list[asyncpg.Record]:
    """What the statement made for ``reader`` gives for ``claims``, on a connection of its own."""
    keys: dict[str, list[Any]] = {"tree": [], "person": [houses["ned"].id], "house": [houses.north, 51]}
    plan = Planning(world.gateway.graph).plan(QUERIES[kind], {"id": str(houses.north)})
    assert isinstance(plan, PersonPlan | OrganizationPlan)
    sql = plan.version_statement(guiding=reader == "guru").sql.replace("set_config('app.", f"set_config('{settings}.")
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        found: list[asyncpg.Record] = await connection.fetch(sql, *claims, *keys[kind])
        return found
    finally:
        await connection.close()
