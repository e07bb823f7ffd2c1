"""Nobody changes a foreign row: not by any mutation, and not by any statement past all of them."""

import asyncpg

from tests.isolation.catalogue import tables, views
from tests.isolation.examination import Examination
from tests.isolation.writing import Written


async def test_no_mutation_changes_a_foreign_row(written: Written) -> None:
    """Every mutation, with the ids of people and tenants whom the viewer must not see; nor does an answer tell."""
    found = [str(finding) for finding in written.examination.findings]
    assert not found, f"{len(found)} findings:\n" + "\n".join(found[:20])


async def test_every_mutation_stands_in_a_question(written: Written) -> None:
    """None is left out. ``make isolation`` has everybody send all of them, the tests each other ones."""
    mutation = written.examination.targets.schema.mutation_type
    assert mutation is not None
    assert {f"Mutation.{name}" for name in mutation.fields} <= written.asked


async def test_without_identity_no_table_shows_a_row(untouched: Examination) -> None:
    """Every table and view of every schema that holds anything of anybody: no row, or no permission."""
    world = untouched.asking.world
    async with world.as_owner() as owner:
        owned = [name for name, table in (await tables(owner)).items() if table.owned]
        names = [*owned, *await views(owner)]
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        shown = [name for name in names if await _shows(connection, name)]
    finally:
        await connection.close()
    assert len(owned) > 100
    assert shown == []


async def test_no_statement_writes_a_foreign_row(foreign_statements: list[str]) -> None:
    """For each table and viewer: no copy of a hidden row is inserted, and no hidden row is changed or deleted."""
    assert foreign_statements == []


async def _shows(connection: asyncpg.Connection, name: str) -> bool:
    try:
        return bool(await connection.fetch(f"SELECT FROM {name} LIMIT 1"))
    except asyncpg.InsufficientPrivilegeError:
        return False
