"""Reads every row past the policies and notes for each mark where it stands, hence who may meet it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.isolation.cast import Cast, Part
from tests.isolation.catalogue import Table, tables
from tests.isolation.marks import found_in
from tests.isolation.rules import rule_of, visible

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A UUID as PostgreSQL and JSON spell it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of somebody's rows."""

    table: str
    column: str
    person: str | None
    tenant: str | None

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.person or self.tenant or 'nobody'}"


class Census:
    """Every mark with the cells that it stands in."""

    def __init__(self, cells: dict[str, set[Cell]], per_table: dict[str, dict[str, int]], ids: Set[str]) -> None:
        self._cells = cells
        self.ids = ids
        """The UUIDs of the rows that there are."""
        self._scopes = {
            mark: frozenset((rule_of(cell.table, cell.column), cell.person, cell.tenant) for cell in found)
            for mark, found in cells.items()
        }
        self.per_table = per_table
        """Marks by table and tenant."""
        self.met = cache(self._met)
        """The marks that a viewer may meet."""

    def __len__(self) -> int:
        return len(self._cells)

    def _met(self, viewer: Part) -> frozenset[str]:
        open_to = {scope for scope in set().union(*self._scopes.values()) if visible(viewer, *scope)}
        return frozenset(mark for mark, scopes in self._scopes.items() if not open_to.isdisjoint(scopes))

    def foreign(self, viewer: Part, found: set[str], sent: str = "") -> dict[str, str]:
        """Of the marks found in an answer those that this viewer must not meet, with where they stand.

        What was sent may come back.
        """
        strange = (found & self._cells.keys()) - self.met(viewer)
        if strange and sent:
            strange -= found_in(sent)
        return {mark: ", ".join(sorted(map(str, self._cells[mark]))[:3]) for mark in sorted(strange)}


async def census(owner: AsyncConnection, cast: Cast) -> Census:
    """Look at every table."""
    cells: dict[str, set[Cell]] = defaultdict(set)
    per_table: dict[str, dict[str, int]] = {}
    ids: set[str] = set()
    for table in (await tables(owner)).values():
        counts: dict[str, set[str]] = defaultdict(set)
        for row in await _values(owner, table):
            if ID.fullmatch(row.value):
                ids.add(row.value)
            cell = Cell(table.name, row.column, cast.named(row.person), cast.named(row.company))
            for mark in found_in(_plain(row.value)):
                cells[mark].add(cell)
                counts[cell.tenant or "none"].add(mark)
        per_table[table.name] = {tenant: len(found) for tenant, found in counts.items()}
    for (person, submissions), sent in cast.answered.items():
        for mark in sent:
            cells[mark].add(Cell(submissions, "data", person, cast.parts[person].tenant))
    return Census(dict(cells), per_table, ids)


async def _values(owner: AsyncConnection, table: Table) -> Iterable[Any]:
    return await owner.execute(
        text(
            f"SELECT CAST({table.person or 'NULL'} AS uuid) AS person, CAST({table.company or 'NULL'} AS uuid)"
            " AS company, cell.key AS column, cell.value AS value"
            f" FROM {table.name} AS t CROSS JOIN jsonb_each_text(to_jsonb(t)) AS cell WHERE cell.value IS NOT NULL"
        )
    )


def _plain(value: str) -> str:
    """Bytes come as hexadecimal digits."""
    return bytes.fromhex(value[2:]).decode("latin-1") if value.startswith("\\x") else value
