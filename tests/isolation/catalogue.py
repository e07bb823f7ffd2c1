"""The tables as PostgreSQL's own catalogue has them, and whose each row of them is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

ACCOUNTS, COMPANIES = "users.accounts", "organizations.companies"

BOOKKEEPING = (
    "public.alembic_version",
    "procrastinate.procrastinate_jobs",
    "procrastinate.procrastinate_events",
    "procrastinate.procrastinate_periodic_defers",
    "procrastinate.procrastinate_workers",
)
"""Tables that say nothing of anybody; those of the queue hold ids, and no viewer sees them at all."""

OURS = "nspname !~ '^pg_' AND nspname <> 'information_schema'"
"""Condition on ``pg_namespace``: every schema but PostgreSQL's own, so that a new one is looked at."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``checked`` by a CHECK, which may list ``choices``; a foreign key ``refers`` to a table."""

    name: str
    kind: str
    required: bool
    has_default: bool
    generated: bool
    length: int | None
    checked: bool
    choices: tuple[str, ...]
    refers: str | None


@dataclass(slots=True)
class Table:
    """A table. ``person`` and ``company`` are SQL of whose its row ``t`` is; both ``None`` where it is nobody's."""

    name: str
    columns: list[Column]
    key: tuple[str, ...] = ()
    person: str | None = None
    company: str | None = None

    @property
    def owned(self) -> bool:
        """Whether its rows belong to somebody."""
        return self.person is not None or self.company is not None


async def tables(owner: AsyncConnection) -> dict[str, Table]:
    """Every table of every schema by ``schema.name``."""
    found: dict[str, Table] = {}
    for row in await owner.execute(text(_COLUMNS)):
        table = found.setdefault(row.table, Table(row.table, []))
        choices = tuple(
            choice
            for check in row.checks
            if "= ANY" in check or re.search(r"\)?::text = '", check)
            for choice in re.findall(r"'([^']*)'::", check)
        )
        table.columns.append(
            Column(
                row.column,
                row.kind,
                row.required,
                row.has_default,
                row.generated,
                row.length,
                bool(row.checks),
                choices,
                row.refers,
            )
        )
    for row in await owner.execute(text(_KEYS)):
        found[row.table].key = tuple(row.columns)
    _settle_owners(found)
    return {name: table for name, table in found.items() if name not in BOOKKEEPING}


async def views(owner: AsyncConnection) -> list[str]:
    """Every view of every schema."""
    rows = await owner.execute(
        text(
            "SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
            f" WHERE relkind IN ('v', 'm') AND {OURS} ORDER BY 1"
        )
    )
    return list(rows.scalars())


def _settle_owners(found: Mapping[str, Table]) -> None:
    for table in found.values():
        table.person, table.company = _whose(found, table, "t", set())


def _whose(found: Mapping[str, Table], table: Table, row: str, seen: set[str]) -> tuple[str | None, str | None]:
    """SQL of person and company that the row called ``row`` belongs to; a child's is whose its parent is."""
    columns = {column.name for column in table.columns}
    if table.name == ACCOUNTS:
        return f"{row}.id", f"{row}.organization_id"
    if table.name == COMPANIES:
        return None, f"{row}.id"
    person = f"{row}.user_id" if "user_id" in columns else None
    company = f"{row}.organization_id" if "organization_id" in columns else None
    if person or company:
        return person, company
    for column in table.columns:
        parent = found.get(column.refers or "")
        if parent is None or parent.name in seen:
            continue
        above = f"{row}_parent"
        of_parent = _whose(found, parent, above, seen | {table.name})
        if any(of_parent):
            source = f"FROM {parent.name} AS {above} WHERE {above}.{parent.key[0]} = {row}.{column.name}"
            person, company = (f"(SELECT {each} {source})" if each else None for each in of_parent)
            return person, company
    return None, None


_COLUMNS = f"""
SELECT nspname || '.' || relname AS table, attname AS column, format_type(atttypid, NULL) AS kind,
       attnotnull AS required, atthasdef AND attgenerated = '' AS has_default,
       attgenerated <> '' OR attidentity <> '' AS generated,
       CASE WHEN atttypmod > 4 AND atttypid = 'varchar'::regtype THEN atttypmod - 4 END AS length,
       ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint AS k
             WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[attnum]) AS checks,
       (SELECT f.nspname || '.' || r.relname FROM pg_constraint AS k JOIN pg_class AS r ON r.oid = k.confrelid
        JOIN pg_namespace AS f ON f.oid = r.relnamespace
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[attnum] LIMIT 1) AS refers
FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND {OURS}
ORDER BY 1, attnum
"""

_KEYS = f"""
SELECT nspname || '.' || relname AS table,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (conkey)) AS columns
FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = conrelid JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE contype = 'p' AND {OURS}
"""
