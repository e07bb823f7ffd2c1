"""Marked rows for every table, made from what PostgreSQL's catalogue says of its columns: a new table is filled too."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.encryption import KeyRing
from tests.conftest import ENCRYPTION_KEYS
from tests.isolation.cast import Cast
from tests.isolation.catalogue import ACCOUNTS, COMPANIES, Column, Table
from tests.isolation.marks import MARKED_YEARS, Marks

TEMPORARY = ("ended_at", "used_at", "revoked_at", "deactivated_at", "deleted_at", "accepted_at", "tokens_valid_from")
"""Times that stay NULL where they may: with them a row would be over, and less of it would be shown."""


class Unfillable(AssertionError):
    """A table of tenants for which no row could be made; the message is PostgreSQL's."""


async def complete(owner: AsyncConnection, marks: Marks, cast: Cast, found: Mapping[str, Table]) -> None:
    """A row of each person and each tenant in each table that has none yet; marks in the numbers and times of all."""
    for table in _parents_first(found):
        if table.owned and table.name not in (ACCOUNTS, COMPANIES):
            await _fill(owner, marks, cast, found, table)
    await owner.execute(text("CREATE SEQUENCE public.isolation_marks"))
    await owner.execute(text(f"SELECT setval('public.isolation_marks', {marks.number() - 700_000_000 + 1})"))
    for table in found.values():
        if table.owned:
            await _mark_numbers_and_times(owner, table)
    await owner.execute(text("DROP SEQUENCE public.isolation_marks"))


def _parents_first(found: Mapping[str, Table]) -> list[Table]:
    """Each table after those that it refers to; in the order of names otherwise."""
    ordered: list[Table] = []

    def add(table: Table, above: frozenset[str]) -> None:
        for column in table.columns:
            parent = found.get(column.refers or "")
            if parent is not None and parent.name not in above and parent not in ordered:
                add(parent, above | {table.name})
        if table not in ordered:
            ordered.append(table)

    for name in sorted(found):
        add(found[name], frozenset({name}))
    return ordered


async def _fill(owner: AsyncConnection, marks: Marks, cast: Cast, found: Mapping[str, Table], table: Table) -> None:
    """A row of everybody who has none."""
    rows = await owner.execute(text(f"SELECT DISTINCT {table.person or table.company} FROM {table.name} AS t"))
    present = set(rows.scalars())
    wanted: list[tuple[UUID | None, UUID | None]]
    if table.person:
        wanted = [(id_, cast.companies.get(cast.parts[name].tenant or "")) for name, id_ in cast.people.items()]
    else:
        wanted = [(None, id_) for id_ in cast.companies.values()]
    if any(column.name == "organization_id" and column.required for column in table.columns):
        wanted = [(person, company) for person, company in wanted if company]
    parents = {
        column.name: await _keys(owner, found[column.refers])
        for column in table.columns
        if column.refers and column.refers in found and column.refers not in (ACCOUNTS, COMPANIES)
    }
    given = [
        {column.name: _value(marks, column, parents, person, company) for column in table.columns}
        | _known(cast, table, company)
        for person, company in wanted
        if (person or company) not in present
    ]
    # Without what its row has to refer to, somebody who belongs nowhere has none.
    bound = [column.name for column in table.columns if column.refers and column.required]
    given = [row for row in given if all(row[name] is not None for name in bound)]
    if not given:
        return
    kinds = {each.name: each.kind for each in table.columns if any(row[each.name] is not None for row in given)}
    problem = await _inserted(owner, table, kinds, given)
    if problem:  # a rule over several columns; what may be left out cannot break it
        required = {column.name for column in table.columns if column.required or column.refers}
        kinds = {name: kind for name, kind in kinds.items() if name in required}
        problem = await _inserted(owner, table, kinds, given)
    if problem and not present:  # else there are rows that the gateway itself has made
        raise Unfillable(
            f"tests/isolation cannot make a row of {table.name}: {problem}. Teach tests/isolation/rows.py."
        )


def _known(cast: Cast, table: Table, company: UUID | None) -> dict[str, str | None]:
    """What has to be of a certain shape, which no type and no CHECK tells."""
    if table.name == "webhooks.endpoints":
        key = KeyRing.parse(ENCRYPTION_KEYS).newest  # a gateway starts only where it has the keys that are in use
        return {"events": "{submitted}", "wrapped_by": key.id, "fingerprint": f"\\x{key.fingerprint.hex()}"}
    if table.name == "webhooks.deliveries":
        return {"kind": "submitted"}
    if table.name != "organizations.teams":
        return {}
    tenant = cast.named(company)
    return {"members": json.dumps([str(id_) for name, id_ in cast.people.items() if cast.parts[name].tenant == tenant])}


@dataclass(frozen=True, slots=True)
class Parents:
    """Rows that a foreign key can name, by whose they are; and of each tenant one of anybody's."""

    of: Mapping[UUID | None, Any]
    within: Mapping[UUID | None, Any]

    def key(self, person: UUID | None, company: UUID | None) -> Any:
        """That of the person, else of the tenant; for what belongs to no person, of anybody there."""
        found = self.of.get(person, self.of.get(company))
        return self.within.get(company) if found is None and person is None else found


async def _keys(owner: AsyncConnection, parent: Table) -> Parents:
    """What a foreign key of each shall name."""
    whose = parent.person or parent.company or "NULL::uuid"
    rows = await owner.exec_driver_sql(
        f'SELECT {whose} AS whose, {parent.company or "NULL::uuid"} AS company, "{parent.key[0]}" AS key'
        f" FROM {parent.name} AS t"
    )
    found = rows.all()
    return Parents({row.whose: row.key for row in found}, {row.company: row.key for row in found})


async def _inserted(
    owner: AsyncConnection, table: Table, kinds: Mapping[str, str], given: Sequence[Mapping[str, str | None]]
) -> str | None:
    """Insert rows; what PostgreSQL objects to, if it does."""
    names = ", ".join(f'"{name}"' for name in kinds)
    values = ", ".join(f"CAST(CAST(:{name} AS text) AS {kind})" for name, kind in kinds.items())
    try:
        async with owner.begin_nested():
            await owner.execute(text(f"INSERT INTO {table.name} ({names}) VALUES ({values})"), list(given))
    except DBAPIError as error:
        return str(error.orig)
    return None


def _value(
    marks: Marks,
    column: Column,
    parents: Mapping[str, Parents],
    person: UUID | None,
    company: UUID | None,
) -> str | None:
    """A value as text; ``None`` leaves the column to its default."""
    if column.generated or (column.name in TEMPORARY and not column.required):
        return None
    if column.refers == COMPANIES or column.name == "organization_id":
        return str(company) if company else None
    if column.refers == ACCOUNTS or column.name == "user_id":
        return str(person) if person else None
    if column.name in parents:
        key = parents[column.name].key(person, company)
        return str(key) if key else None
    return column.choices[0] if column.choices else _made(marks, column)


def _made(marks: Marks, column: Column) -> str | None:
    """A marked value of the column's type; ``None`` where the default is as good."""
    match column.kind:
        case "text" | "character varying":
            return marks.text() if (column.length or 100) >= 9 else None if column.has_default else "x"
        case "jsonb" | "json":
            return json.dumps({"mark": marks.text()})
        case "bytea":
            return "\\x" + f"{marks.text():-<32}".encode().hex()
        case "inet":
            return marks.address()
        case "text[]" | "character varying[]":
            return "{" + marks.text() + "}"
        case "uuid":
            return None if column.has_default else str(UUID(int=marks.number() << 64 | 0x4000_8000_0000_0000_0000))
        case "integer" | "bigint":
            return None if column.has_default else str(marks.number()) if not column.checked else "1"
        case "timestamp with time zone":
            return marks.time(to_come="expire" in column.name or "until" in column.name).isoformat()
        case _ if column.required and not column.has_default:
            return {"boolean": "false", "smallint": "1", "interval": "1 hour", "date": "2003-04-05"}.get(column.kind)
    return None


async def _mark_numbers_and_times(owner: AsyncConnection, table: Table) -> None:
    """Unlike texts they are not chosen by who writes a row."""
    changes = []
    for column in table.columns:
        if column.kind == "integer" and column.name == "version":
            changes.append("version = 700000000 + nextval('public.isolation_marks')")
        if column.kind == "timestamp with time zone" and "expire" not in column.name and "valid" not in column.name:
            name = f'"{column.name}"'
            changes.append(
                f"{name} = CASE WHEN {name} IS NULL OR CAST({name} AS text) ~ '^{MARKED_YEARS}' THEN {name} ELSE"
                " TIMESTAMPTZ '2001-09-09' + nextval('public.isolation_marks') * interval '61.000001 seconds' END"
            )
    if changes:
        with suppress(IntegrityError):  # times that a CHECK keeps together stay as they are
            async with owner.begin_nested():
                await owner.exec_driver_sql(f"UPDATE {table.name} SET {', '.join(changes)}")
