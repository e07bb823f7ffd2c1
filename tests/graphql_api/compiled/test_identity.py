"""Whom a compiled read answers: one statement checks the token's claims and reads what that person may see."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.serving import now
from db.viewer import Role
from graphql_api import global_id
from graphql_api.authentication import Tokens
from tests.graphql_api.compiled.houses import HOUSE, NORTH, PERSON, SOUTH, TREE, Houses, asked, wishes
from tests.world import Person, World

UNCOMPILED = 'mutation { saveWoop(input: {wish: "x"}) { __typename } }'
"""What no plan is ever made for."""

INVALID = (401, "Bearer", {"errors": [{"message": "Invalid token", "extensions": {"code": "UNAUTHENTICATED"}}]})
EXPIRED = (401, "Bearer", {"errors": [{"message": "Token expired", "extensions": {"code": "UNAUTHENTICATED"}}]})


@pytest.mark.parametrize("name", ["ann", "ada", "boss", "guru", "lone"])
async def test_everyone_reads_their_own_tree(world: World, houses: Houses, name: str) -> None:
    """Participant, admin, guru and someone of no organisation: one statement, with their own wish."""
    assert await asked(world, houses[name], TREE) == {
        "viewer": {
            "fullName": name,
            "woop": {"wish": f"wish of {name}", "progress": {"status": "IN_PROGRESS"}, "submission": {"version": 1}},
        }
    }


@pytest.mark.parametrize(
    ("who", "whom", "found"),
    [
        ("ann", "bea", False),
        ("ada", "bea", False),
        ("boss", "ann", False),
        ("guru", "bea", False),
        ("lone", "ann", False),
        ("bea", "lone", False),
        ("ann", "ned", False),
        ("ann", "ann", True),
        ("ada", "ann", True),
        ("guru", "ann", True),
    ],
)
@pytest.mark.parametrize("as_global", [False, True], ids=["uuid", "global id"])
async def test_a_person_by_id(
    world: World, houses: Houses, who: str, whom: str, found: bool, *, as_global: bool
) -> None:
    """``null`` for anyone the viewer may not see, as for an id that nobody has."""
    wanted = str(houses[whom].id)
    given = global_id.encode("Participant", wanted) if as_global else wanted
    data = await asked(world, houses[who], PERSON, id=given)
    assert data == {"user": {"fullName": whom, "woop": {"wish": f"wish of {whom}"}} if found else None}


@pytest.mark.parametrize("who", ["bea", "boss", "lone"])
async def test_an_organization_of_others(world: World, houses: Houses, who: str) -> None:
    """``null``, whoever of another tenant asks."""
    assert await asked(world, houses[who], HOUSE, id=str(houses.north)) == {"organization": None}


@pytest.mark.parametrize(
    ("who", "house", "found"),
    [
        ("ann", "north", {"ann": NORTH["ann"]}),
        ("ada", "north", NORTH),
        ("guru", "north", NORTH),
        ("boss", "south", SOUTH),
        ("bea", "south", {"bea": SOUTH["bea"]}),
    ],
)
async def test_members(world: World, houses: Houses, who: str, house: str, found: dict[str, str]) -> None:
    """A participant is the only member they see; admin and guru see the whole house; the total counts the same."""
    ids = {"north": houses.north, "south": houses.south}
    data = await asked(world, houses[who], HOUSE, id=str(ids[house]))
    assert wishes(data) == found
    assert data["organization"]["members"]["totalCount"] == len(found)


async def test_a_guru_sees_the_guided_organization_only(world: World, houses: Houses) -> None:
    """The other one is as good as not there; the guru's own has the guru in it and nobody else."""
    assert await asked(world, houses["guru"], HOUSE, id=str(houses.south)) == {"organization": None}
    assert wishes(await asked(world, houses["guru"], HOUSE)) == {"guru": "wish of guru"}


async def test_an_organization_by_default(world: World, houses: Houses) -> None:
    """Without an id one's own; ``null`` for someone who has none."""
    assert wishes(await asked(world, houses["ann"], HOUSE)) == {"ann": "wish of ann"}
    assert await asked(world, houses["lone"], HOUSE) == {"organization": None}


async def test_an_assignment_that_ended(world: World) -> None:
    """A guru's organisations are read with every request: the same token finds nothing the moment they change."""
    house = await world.organization()
    member, guru = await world.person(house, name="m"), await world.person(house, Role.GURU, "g")
    read = {"user": {"fullName": "m", "woop": {"wish": None}}}
    assert await asked(world, guru, PERSON, id=str(member.id)) == read
    await _owner(world, "DELETE FROM organizations.guru_assignments WHERE user_id = $1", guru.id)
    assert await asked(world, guru, PERSON, id=str(member.id)) == {"user": None}


CHANGES = {
    "deleted": ("DELETE FROM users.accounts WHERE id = $1", Role.USER),
    "promoted": ("UPDATE users.accounts SET role = 'admin' WHERE id = $1", Role.USER),
    "demoted": ("UPDATE users.accounts SET role = 'user' WHERE id = $1", Role.ADMIN),
    "no guru any more": ("UPDATE users.accounts SET role = 'user' WHERE id = $1", Role.GURU),
    "left": ("UPDATE users.accounts SET organization_id = NULL WHERE id = $1", Role.USER),
    "admin who left": ("UPDATE users.accounts SET organization_id = NULL WHERE id = $1", Role.ADMIN),
    "guru who left": ("UPDATE users.accounts SET organization_id = NULL WHERE id = $1", Role.GURU),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_token_from_before_a_change(world: World, change: str) -> None:
    """401 for every compiled read, with the body that graphql-core's path gives."""
    sql, role = CHANGES[change]
    house = await world.organization()
    person = await world.person(house, role)
    await asked(world, person, TREE)
    await _owner(world, sql, person.id)
    assert await _refusal(world, person, UNCOMPILED) == INVALID
    for query, variables in ((TREE, {}), (PERSON, {"id": str(person.id)}), (HOUSE, {"id": str(house)}), (HOUSE, {})):
        assert await _refusal(world, person, query, variables) == INVALID


async def test_a_token_from_before_a_move(world: World) -> None:
    """Moved by hand from house to house: the old token opens neither."""
    old, new = await world.organization(), await world.organization()
    person = await world.person(old, Role.ADMIN)
    await asked(world, person, TREE)
    await _owner(world, "UPDATE users.accounts SET organization_id = $2 WHERE id = $1", person.id, new)
    reads: list[tuple[str, dict[str, Any]]] = [(TREE, {}), (HOUSE, {}), (UNCOMPILED, {})]
    for query, variables in [*reads, *((HOUSE, {"id": str(house)}) for house in (old, new))]:
        assert await _refusal(world, person, query, variables) == INVALID


async def test_a_token_runs_out_although_it_is_remembered(world: World) -> None:
    """Verified once, answered from memory, then too old: 401, and 401 again."""
    tokens = world.gateway.tokens
    signed = await world.person(await world.organization())
    person = Person(signed.account, Tokens(tokens.keys, timedelta(seconds=5), now).sign(signed.account))
    runs_out = tokens.verify(person.token).expires
    await asked(world, person, TREE)
    await asyncio.sleep(runs_out - time.time() + 0.01)
    with world.sql() as statements:
        for query in (TREE, TREE, UNCOMPILED):
            assert await _refusal(world, person, query) == EXPIRED
    assert statements == []


async def _refusal(
    world: World, person: Person, query: str, variables: dict[str, Any] | None = None
) -> tuple[int, str | None, Any]:
    """Status, scheme and body of an answer."""
    body = {"query": query, "variables": variables or {}}
    answer = await world.client.post("/graphql", json=body, headers=person.headers)
    return answer.status_code, answer.headers.get("www-authenticate"), answer.json()


async def _owner(world: World, sql: str, *values: UUID) -> None:
    async with world.as_owner() as connection:
        await connection.exec_driver_sql(sql, values)
