"""The statement that a compiled read sends, under claims that do not hold and under none: no row of any tenant."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import jwt
import pytest

from db.viewer import SETTINGS, Role
from tests.graphql_api.compiled.houses import HOUSE, NORTH, PERSON, TREE, Houses, asked, statement_of
from tests.world import World

NOBODY = ("", "", "", "")
ALIVE = "AND a.deactivated_at IS NULL AND (a.tokens_valid_from IS NULL OR a.tokens_valid_from <= viewer.issued)"
KINDS = ["tree", "person", "house", "members"]
MEMBERS = "{ organization { members(first: 50) { edges { node { fullName woop { wish } } } } } }"

Claims = tuple[str, str, str, str]


@pytest.fixture(params=["role of its own", "guiding"])
def reader(request: pytest.FixtureRequest) -> str:
    """Who the statement was made for: a guru's reads the organisations they look after as well."""
    return "guru" if request.param == "guiding" else "ada"


@pytest.mark.parametrize("kind", KINDS)
async def test_claims_that_hold_find_the_rows(world: World, houses: Houses, reader: str, kind: str) -> None:
    """The texts and keys of the tests below are such that rows come, for the right person."""
    sql, keys = await _read(world, houses, reader, kind)
    found = await _run(world, sql, _claims(houses, reader), keys)
    assert any("wish of" in str(row) for row in found)


@pytest.mark.parametrize("kind", KINDS)
async def test_without_identity_there_is_no_row(world: World, houses: Houses, reader: str, kind: str) -> None:
    """Four empty texts, as nobody's request has them."""
    sql, keys = await _read(world, houses, reader, kind)
    assert await _run(world, sql, NOBODY, keys) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "false", ["role", "organisation", "no organisation", "admin", "guided", "id", "guru of theirs"]
)
async def test_claims_that_do_not_hold_find_no_row(
    world: World, houses: Houses, reader: str, kind: str, false: str
) -> None:
    """The right id with another role or organisation, or the other way round: as if there were nobody."""
    sql, keys = await _read(world, houses, reader, kind)
    user, organization, role, _ = _claims(houses, reader)
    north, south, bea = str(houses.north), str(houses.south), str(houses["bea"].id)
    claims: dict[str, Claims] = {
        "role": (user, organization, "user", ""),
        "organisation": (user, south, role, ""),
        "no organisation": (user, "", role, ""),
        "admin": (bea, south, "admin", ""),
        "guided": (bea, south, "guru", ""),
        "id": (bea, organization, role, ""),
        "guru of theirs": (bea, north, "guru", ""),
    }
    assert await _run(world, sql, claims[false], keys) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_another_roles_statement_gives_nothing_more(world: World, houses: Houses, reader: str, kind: str) -> None:
    """Bea's own, true claims with the admin's and the guru's statement, and keys of the north: nothing of the north."""
    sql, keys = await _read(world, houses, reader, kind)
    _nothing_of_the_north(houses, await _run(world, sql, _claims(houses, "bea"), keys))


@pytest.mark.parametrize("kind", KINDS)
async def test_guided_organizations_are_read_and_never_believed(world: World, houses: Houses, kind: str) -> None:
    """A guru of nobody's, with the statement of the north's guru: whom they look after is read, not claimed."""
    sql, keys = await _read(world, houses, "guru", kind)
    idle = await world.person(await world.organization(), Role.GURU)
    claims = (str(idle.id), str(idle.account.organization_id), "guru", "")
    _nothing_of_the_north(houses, await _run(world, sql, claims, keys))


async def test_a_token_cannot_say_whom_a_guru_guides(world: World, houses: Houses) -> None:
    """Even one that we signed: only id, organisation and role are taken from it."""
    claims = jwt.decode(houses["bea"].token, options={"verify_signature": False})
    claims |= {"guided_organization_ids": [str(houses.north)], "guided": f"{{{houses.north}}}"}
    forged = replace(houses["bea"], token=world.signed(claims))
    assert await asked(world, forged, HOUSE, id=str(houses.north)) == {"organization": None}
    assert world.gateway.tokens.verify(forged.token).viewer.settings == _claims(houses, "bea")


@pytest.mark.parametrize("kind", KINDS)
async def test_without_settings_there_is_no_row(world: World, houses: Houses, reader: str, kind: str) -> None:
    """The identity is bound and compared, but never put in force: what keeps rows away is the policy, not the text."""
    sql, keys = await _read(world, houses, reader, kind)
    assert sql.count("set_config('app.") == len(SETTINGS) + (reader == "guru")
    bare = sql.replace("set_config('app.", "set_config('elsewhere.")
    assert await _run(world, bare, _claims(houses, reader), keys) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_without_the_account_in_front_the_policies_still_hold(
    world: World, houses: Houses, reader: str, kind: str
) -> None:
    """``me`` taken out of the text, so that no claim is checked: empty settings pass no policy."""
    sql, keys = await _read(world, houses, reader, kind)
    unchecked, cut = sql.replace("AND a.role = viewer.role", ""), "WHERE a.id = viewer.user_id "
    unchecked = unchecked.replace("AND a.organization_id IS NOT DISTINCT FROM viewer.organization_id", "")
    unchecked = unchecked.replace(ALIVE, "")
    assert cut in unchecked
    unchecked = unchecked.replace(cut, "")
    assert await _run(world, unchecked, NOBODY, keys) == []


async def _read(world: World, houses: Houses, reader: str, kind: str) -> tuple[str, list[Any]]:
    """The text that ran for this reader, and keys of rows that are there: Ann's, and the north's."""
    ann, north = houses["ann"].id, houses.north
    if kind == "tree":
        return await statement_of(world, houses[reader], TREE), []
    if kind == "person":
        return await statement_of(world, houses[reader], PERSON, id=str(ann)), [ann]
    if kind == "house":
        return await statement_of(world, houses[reader], HOUSE, id=str(north)), [north, 51]
    return await statement_of(world, houses[reader], MEMBERS), [north, 51]


def _nothing_of_the_north(houses: Houses, found: list[asyncpg.Record]) -> None:
    assert str(houses.north) not in str(found)
    assert not any(wish in str(found) for wish in NORTH.values())


def _claims(houses: Houses, name: str) -> Claims:
    """What this person's token says: never which organisations a guru looks after."""
    account = houses[name].account
    return str(account.id), str(account.organization_id or ""), account.role.value, ""


async def _run(world: World, sql: str, claims: Claims, keys: list[UUID | int]) -> list[asyncpg.Record]:
    """The rows of one statement on a connection of its own, as the gateway's login."""
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        found: list[asyncpg.Record] = await connection.fetch(sql, *claims, *keys)
        return found
    finally:
        await connection.close()
