"""Brings stored answers into the form that the catalogue asks for, under the current data keys; as the owner.

Rows are taken in batches, each in a transaction of its own. What is done is done and is passed over the next time, so
a run that was killed is resumed by running again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.catalogue import Catalogue, Tool
from db.encryption.data_keys import Stored, usable
from db.encryption.envelope import MARK, DataKey, UnreadableAnswer, is_sealed, key_of, opened, seal
from db.encryption.key_ring import KeyRing
from db.encryption.tenant_keys import Tenant, current_key, keys_of
from db.models.tools import Json

BATCH = 100
"""Submissions of one transaction; a person whose submission is among them waits until it ends."""

Told = Callable[[str], None]
"""Progress, a sentence at a time."""


@dataclass(slots=True)
class Reencrypted:
    """What a run did: submissions it looked at, those it wrote, and a sentence for each answer that did not open."""

    seen: int = 0
    written: int = 0
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concerned:
    """Submissions that hold sensitive or sealed answers; ``plain``: those that hold one in plain text."""

    submissions: int
    plain: int


async def reencrypt(engine: AsyncEngine, catalogue: Catalogue, ring: KeyRing, told: Told) -> Reencrypted:
    """Seal what is sensitive with the tenant's current data key, and open what is sensitive no longer.

    Answers that do not open stay as they are.
    """
    done = Reencrypted()
    for tool in catalogue.tools:
        total = (await concerned(engine, tool)).submissions
        after, seen = UUID(int=0), 0
        while ids := await _batch(engine, tool, after):
            async with engine.begin() as connection:
                written = await _rewrite(connection, tool, ids, ring, done)
            after, seen = ids[-1], seen + len(ids)
            done.seen += len(ids)
            done.written += written
            told(f"{tool.slug}: {seen} of {total} submissions, {written} of the last {len(ids)} written")
    return done


async def _rewrite(
    connection: AsyncConnection, tool: Tool, ids: Sequence[UUID], ring: KeyRing, done: Reencrypted
) -> int:
    # Locked first and read afterwards: what is read is then the newest, and stays so.
    lock = f"SELECT id FROM {tool.schema_name}.submissions WHERE id = ANY (:ids) ORDER BY id FOR UPDATE"
    await connection.execute(text(lock), {"ids": ids})
    select = text(_answers(tool) + " AND s.id = ANY (:ids) ORDER BY s.id")
    rows = (await connection.execute(select, _terms(tool, ids=ids))).all()
    stored = [Stored(tool.slug, row.user_id, row.organization_id, orjson.loads(row.answers)) for row in rows]
    current = await _current_keys(connection, stored, ring)
    named = {found for each in stored for value in each.data.values() if is_sealed(value) and (found := key_of(value))}
    keys = await keys_of(connection, named, ring)
    changes = []
    for row, each in zip(rows, stored, strict=True):
        changed, unreadable = _as_it_should_be(tool, each, current[each.tenant_id], keys)
        done.unreadable += tuple(f"{tool.slug}, submission {row.id}, {problem}" for problem in unreadable)
        if changed:
            changes.append({"id": row.id, "changed": orjson.dumps(changed).decode()})
    if changes:
        update = f"UPDATE {tool.schema_name}.submissions SET data = data || CAST(:changed AS jsonb) WHERE id = :id"
        await connection.execute(text(update), changes)
    return len(changes)


def _as_it_should_be(
    tool: Tool, row: Stored, current: DataKey, keys: Mapping[UUID, DataKey | str]
) -> tuple[dict[str, Json], list[str]]:
    """The answers of a row that have to be written anew, and why others cannot be."""
    changed: dict[str, Json] = {}
    problems: list[str] = []
    for key, value in row.data.items():
        sensitive = tool.is_sensitive(key)
        try:
            if not is_sealed(value):
                changed[key] = seal(current, row.place(key), value)
            elif not sensitive:
                changed[key] = opened(usable(keys, key_of(value)), row.place(key), value)
            elif key_of(value) != current.id:
                plain = opened(usable(keys, key_of(value)), row.place(key), value)
                changed[key] = seal(current, row.place(key), plain)
        except UnreadableAnswer as error:
            problems.append(f"answer {key}: {error}")
    return changed, problems


async def _current_keys(connection: AsyncConnection, rows: Iterable[Stored], ring: KeyRing) -> dict[UUID, DataKey]:
    """The data key that seals for each tenant, made where there is none."""
    keys = {}
    for row in {row.tenant_id: row for row in rows}.values():
        tenant = Tenant(row.organization_id, None if row.organization_id else row.user_id)
        keys[row.tenant_id] = await current_key(connection, tenant, ring)
    return keys


async def concerned(engine: AsyncEngine, tool: Tool) -> Concerned:
    """How many submissions of a tool hold sensitive or sealed answers."""
    plain = "EXISTS (SELECT FROM jsonb_each(answers::jsonb) WHERE value -> CAST(:mark AS text) IS NULL)"
    counted = (
        f"SELECT count(*) AS submissions, count(*) FILTER (WHERE {plain}) AS plain FROM ({_answers(tool)}) AS each"
    )
    async with engine.connect() as connection:
        return Concerned(**(await connection.execute(text(counted), _terms(tool))).one()._mapping)


async def _batch(engine: AsyncEngine, tool: Tool, after: UUID) -> list[UUID]:
    statement = _answers(tool) + " AND s.id > :after ORDER BY s.id LIMIT :batch"
    async with engine.connect() as connection:
        rows = await connection.execute(text(statement), _terms(tool, after=after, batch=BATCH))
        return [row.id for row in rows]


def _answers(tool: Tool) -> str:
    """The submissions of a tool that hold sensitive or sealed answers, with those."""
    return f"""
SELECT s.id, s.user_id, s.organization_id, found.answers::text AS answers
FROM {tool.schema_name}.submissions AS s CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(key, value) AS answers
  FROM jsonb_each(CASE jsonb_typeof(s.data) WHEN 'object' THEN s.data ELSE '{{}}' END)
  WHERE value -> CAST(:mark AS text) IS NOT NULL OR lower(regexp_replace(key, '[^a-zA-Z0-9]', '', 'g')) = ANY (:names)
) AS found
WHERE found.answers IS NOT NULL"""


def _terms(tool: Tool, **terms: Any) -> dict[str, Any]:
    return {"mark": MARK, "names": sorted(tool.sensitive_names)} | terms
