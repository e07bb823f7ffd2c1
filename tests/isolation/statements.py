"""Statements that would write a foreign row, past every mutation: as each viewer, in each table."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from db.viewer import ANONYMOUS, Viewer
from resolvers.identity import account_by_id, viewer_of
from tests.isolation.cast import Part
from tests.isolation.catalogue import Table, tables
from tests.isolation.examination import Examination
from tests.isolation.rules import rule_of, visible


async def statements_that_write(examination: Examination, only: Sequence[str] = ()) -> list[str]:
    """What a viewer of one tenant, or of none, could write of everybody hidden; nothing of it is kept."""
    world, cast = examination.asking.world, examination.targets.cast
    wrote: list[str] = []
    async with world.as_owner() as owner:
        found = [table for table in (await tables(owner)).values() if table.owned and (not only or table.name in only)]
        rows = {
            table.name: (
                await owner.exec_driver_sql(
                    f"SELECT {table.person or 'NULL::uuid'} AS person, {table.company or 'NULL::uuid'} AS company,"
                    f" to_jsonb(t)::text AS row FROM {table.name} AS t"
                )
            ).all()
            for table in found
        }
    connection = await asyncpg.connect(world.storage.gateway_url)
    for part in cast.parts.values():
        if part.tenant not in (None, "acme") or part.asks_for or not part.active:
            continue  # for a deactivated account no transaction is opened
        viewer = await _viewer(examination, part)
        for table in found:
            hidden: dict[object, Any] = {}
            for row in rows[table.name]:
                person, tenant = cast.named(row.person), cast.named(row.company)
                if not visible(part, rule_of(table.name, "id"), person, tenant):
                    hidden.setdefault((tenant, (person or "")[-4:] == "-ben"), row)
            for row in list(hidden.values())[:3]:
                for sql, arguments in _statements(table, row):
                    if what := await _written(connection, viewer, sql, arguments):
                        wrote.append(f"{part.name}: {what} {sql[:200]}")
    await connection.close()
    return wrote


async def _viewer(examination: Examination, part: Part) -> Viewer:
    if part.role is None:
        return ANONYMOUS
    account = await account_by_id(examination.asking.world.gateway.database, examination.targets.cast.people[part.name])
    assert account is not None
    return viewer_of(account)


def _statements(table: Table, row: Any) -> list[tuple[str, tuple[object, ...]]]:
    """Insert a copy under a new key, change, delete: of the one whose row it is."""
    columns = [column for column in table.columns if not column.generated]
    kept = [f'"{column.name}"' for column in columns if not (column.name in table.key and column.has_default)]
    whose, id_ = (table.person, row.person) if row.person is not None else (table.company, row.company)
    insert = f"INSERT INTO {table.name} ({', '.join(kept)}) SELECT {', '.join(kept)}"
    change = next((column.name for column in columns if column.name not in table.key), columns[0].name)
    return [
        (f"{insert} FROM jsonb_populate_record(NULL::{table.name}, $1::text::jsonb)", (row.row,)),
        (f'UPDATE {table.name} AS t SET "{change}" = "{change}" WHERE {whose} = $1', (id_,)),
        (f"DELETE FROM {table.name} AS t WHERE {whose} = $1", (id_,)),
    ]


async def _written(
    connection: asyncpg.Connection, viewer: Viewer, sql: str, arguments: tuple[object, ...]
) -> str | None:
    """How many rows the statement writes, or what else than a missing permission it comes to; it is rolled back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(viewer.set_config)
        written = (await connection.execute(sql, *arguments)).split()[-1]
    except asyncpg.InsufficientPrivilegeError:
        return None
    except asyncpg.PostgresError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        await transaction.rollback()
    return None if written == "0" else f"{written} rows"
