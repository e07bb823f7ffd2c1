"""What the database really holds of one person: read as its owner, past the policies."""

import json
from typing import Any

from sqlalchemy import text

from tests.world import Person, World

Row = dict[str, Any]


async def submission(world: World, person: Person, slug: str) -> Row | None:
    """The person's submission of a tool."""
    schema = world.catalogue.by_slug[slug].schema_name
    rows = await _rows(world, f"SELECT * FROM {schema}.submissions WHERE user_id = :user", person)
    return rows[0] if rows else None


async def outputs(world: World, person: Person, slug: str) -> dict[str, Row]:
    """The values that a tool publishes for the person, by field id."""
    schema = world.catalogue.by_slug[slug].schema_name
    rows = await _rows(world, f"SELECT * FROM {schema}.field_outputs WHERE user_id = :user", person)
    return {row["field_id"]: row for row in rows}


async def progress(world: World, person: Person) -> dict[str, Row]:
    """The person's progress rows by slug."""
    rows = await _rows(world, "SELECT * FROM tool_access.progress WHERE user_id = :user", person)
    return {row["tool_slug"]: row for row in rows}


async def events(world: World, person: Person) -> list[Row]:
    """What the person has done, oldest first."""
    return await _rows(world, 'SELECT * FROM audit.events WHERE user_id = :user ORDER BY "timestamp"', person)


async def tool_log(world: World, person: Person, slug: str) -> list[Row]:
    """The audit log of the tool's own schema, oldest first."""
    schema = world.catalogue.by_slug[slug].schema_name
    return await _rows(world, f'SELECT * FROM {schema}.audit_log WHERE user_id = :user ORDER BY "timestamp"', person)


async def everything(world: World, *people: Person) -> list[str]:
    """Every row that belongs to these people, in every tool: equal before and after means nothing was written.

    Beside what the trail says of refusals and of reads.
    """
    tables = ["tool_access.progress", "audit.events"]
    for tool in world.catalogue.tools:
        tables += [f"{tool.schema_name}.{name}" for name in ("submissions", "field_outputs", "audit_log")]
    arms = [
        f"SELECT '{name} ' || to_jsonb(t)::text FROM {name} AS t"
        f" WHERE user_id = ANY (:u) AND coalesce(to_jsonb(t) ->> 'action', '') NOT IN ('refused', 'read')"
        for name in tables
    ]
    async with world.as_owner() as connection:
        found = await connection.scalars(text(" UNION ALL ".join(arms)), {"u": [p.id for p in people]})
        return sorted(found)


async def _rows(world: World, sql: str, person: Person) -> list[Row]:
    async with world.as_owner() as connection:
        found = await connection.scalars(
            text(f"SELECT to_jsonb(found)::text FROM ({sql}) AS found"), {"user": person.id}
        )
        return [json.loads(row) for row in found]
