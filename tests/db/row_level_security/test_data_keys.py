"""The table of data keys as PostgreSQL guards it, past every decision of the gateway."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from db.statements import encryption as sql
from tests.db.row_level_security.tenants import Tenants
from tests.world import World

ADD_OF_TENANT = """
INSERT INTO organizations.data_keys (id, organization_id, user_id, wrapped, wrapped_by, fingerprint)
VALUES ($1, $2, $3, '', 'none', '')"""


async def attempted(world: World, tenants: Tenants, name: str, statement: str, *arguments: object) -> str:
    """What a statement comes to as this person; all of it is rolled back."""
    connection = await asyncpg.connect(world.storage.gateway_url)
    transaction = connection.transaction()
    try:
        await transaction.start()
        await connection.execute(tenants.viewers[name].set_config)
        return await connection.execute(statement, *arguments)
    finally:
        await transaction.rollback()
        await connection.close()


@pytest.mark.parametrize("name", ["anonymous", "bea", "boss", "coach", "lone", "guru"])
async def test_nobody_adds_a_key_for_another_organization(world: World, tenants: Tenants, name: str) -> None:
    """Nor for the organisation that a guru only looks after."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempted(world, tenants, name, ADD_OF_TENANT, uuid4(), tenants.organizations["acme"], None)


@pytest.mark.parametrize("name", ["anonymous", "bea", "ann", "admin"])
async def test_nobody_adds_a_key_for_a_person(world: World, tenants: Tenants, name: str) -> None:
    """Not for someone else; and members not for themselves, as their answers are the organisation's."""
    for person in (tenants.id("lone"), tenants.id("ann")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await attempted(world, tenants, name, ADD_OF_TENANT, uuid4(), None, person)


async def test_a_tenant_has_one_key_that_seals(world: World, tenants: Tenants) -> None:
    """A second one is refused by the index, whoever was first."""
    with pytest.raises(asyncpg.UniqueViolationError, match="idx_data_keys_current"):
        await attempted(world, tenants, "ann", ADD_OF_TENANT, uuid4(), tenants.organizations["acme"], None)
    again = "INSERT 0 0"
    assert (
        await attempted(world, tenants, "ann", sql.ADD, uuid4(), tenants.organizations["acme"], None, b"", "x", b"")
        == again
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organizations.data_keys SET wrapped = ''",
        "DELETE FROM organizations.data_keys",
        "TRUNCATE organizations.data_keys",
        (
            "INSERT INTO organizations.data_keys (id, user_id, wrapped, wrapped_by, fingerprint, status)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), '', '', '', 'retired')"
        ),
    ],
)
async def test_the_gateway_never_changes_a_key(world: World, tenants: Tenants, statement: str) -> None:
    """It adds and reads; rotating is the owner's."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await attempted(world, tenants, "admin", statement)


async def test_a_key_is_read_by_id_only_by_those_whose_it_is(world: World, tenants: Tenants) -> None:
    """The loaders' statement, with every key of every tenant asked for."""
    async with world.as_owner() as owner:
        rows = await owner.exec_driver_sql("SELECT id, tenant_id FROM organizations.data_keys")
        every = {row.id: row.tenant_id for row in rows}
    seen: dict[str, set[UUID]] = {}
    for name, viewer in tenants.viewers.items():
        rows_seen = await world.gateway.database.reader(viewer)(sql.READ_BY_ID, list(every))
        seen[name] = {every[row["id"]] for row in rows_seen}
    acme, beta, school = (tenants.organizations[name] for name in ("acme", "beta", "school"))
    assert seen == {
        "anonymous": set(),
        **{key: {acme} for key in ("ann", "ben", "admin")},
        **{key: {beta} for key in ("bea", "boss", "coach")},
        "pupil": {school},
        "guru": {acme, school},
        "lone": {tenants.id("lone")},
    }


async def test_what_every_gateway_may_ask_tells_no_key(world: World, tenants: Tenants) -> None:
    """Ids and fingerprints of the operator's keys, without any identity; nothing of a tenant."""
    assert tenants
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        rows = await connection.fetch(sql.WRAPPING_KEYS)
    finally:
        await connection.close()
    newest = world.gateway.database.data_keys.ring.newest
    assert [tuple(row) for row in rows] == [(newest.id, newest.fingerprint)]
