"""Reads that carry their viewer in the statement itself: right identity, other tenant, none, and none folded in."""

import re
from typing import Any

import asyncpg
import pytest

from db.catalogue import load_catalogue
from db.statements import identity, tools
from db.statements.tools import history, read
from db.statements.viewer import Statement, as_viewer
from db.viewer import ANONYMOUS, SETTINGS
from tests.db.row_level_security.tenants import Tenants
from tests.world import World

SCHEMAS = tuple(tool.schema_name for tool in load_catalogue().tools)

READS: dict[str, Statement] = {
    "ACCOUNTS": identity.ACCOUNTS,
    "OWN_ACCOUNT": identity.OWN_ACCOUNT,
    "COMPANIES": identity.COMPANIES,
    "TEAMS": identity.TEAMS,
    "members": identity.members(counted=False, continued=False),
    "members, counted": identity.members(counted=True, continued=False),
    "members, continued": identity.members(counted=True, continued=True),
    "field_outputs": tools.field_outputs(SCHEMAS),
    "field_versions": tools.field_versions(SCHEMAS, with_values=True),
    "field_histories": tools.field_histories(SCHEMAS, with_values=True),
    "stories": tools.stories(SCHEMAS[:30], SCHEMAS[30:]),
    "submissions": tools.submissions(SCHEMAS),
    "PROGRESS": tools.PROGRESS,
    "TEAM_COMPLETION": tools.TEAM_COMPLETION,
}
"""Every read statement of the gateway, over every tool where it takes tools."""

ROWS = {
    "ACCOUNTS": 1,
    "OWN_ACCOUNT": 1,
    "COMPANIES": 1,
    "TEAMS": 1,
    "members": 3,
    "members, counted": 3,
    "members, continued": 3,
    "field_outputs": 31,
    "field_versions": 31,
    "field_histories": 31,
    "stories": 31,
    "submissions": 31,
    "PROGRESS": 31,
    "TEAM_COMPLETION": 1,
}
"""Rows that acme's admin finds with the keys below."""


def keys(name: str, tenants: Tenants) -> list[Any]:
    """Keys of rows that are there: Ann's, and acme's."""
    ann, acme = tenants.id("ann"), tenants.organizations["acme"]
    by_name: dict[str, list[Any]] = {
        "ACCOUNTS": [[ann]],
        "OWN_ACCOUNT": [ann, None],
        "COMPANIES": [[acme]],
        "TEAMS": [[acme]],
        "members": [acme, 50, None, None, None, None, None, None],
        "members, counted": [acme, 50, None, None, None, None, None, None],
        "members, continued": [acme, 50, "aaa", ann, None, None, None, None],
        "field_outputs": [[ann], *(["some.field"] for _ in SCHEMAS)],
        "field_versions": [[ann], ["some.field"], [1]] * len(SCHEMAS),
        "field_histories": [[ann], ["some.field"], [9], [9]] * len(SCHEMAS),
        "stories": [[ann]],
        "submissions": [[ann]],
        "PROGRESS": [[ann]],
        "TEAM_COMPLETION": [["woop"]],
    }
    return by_name[name]


def found(rows: list[asyncpg.Record]) -> list[asyncpg.Record]:
    """Rows that tell something: one whose every value is null or a count of nothing does not."""
    return [row for row in rows if any(value for column, value in row.items() if column != "tool_slug")]


async def run(world: World, sql: str, settings: tuple[str, ...], keys: list[Any]) -> list[asyncpg.Record]:
    """The rows of one statement on a connection of its own, as the gateway's login."""
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        return found(await connection.fetch(sql, *settings, *keys))
    finally:
        await connection.close()


def test_no_read_is_left_out() -> None:
    """A statement that is added to ``db/statements`` fails here until it is in the table above."""

    def is_read(value: Any) -> bool:
        return isinstance(value, Statement) or getattr(value, "__annotations__", {}).get("return") is Statement

    made = {
        name
        for module in (identity, history, read)
        for name, value in vars(module).items()
        if is_read(value) and value is not as_viewer and not name.startswith("_")
    }
    assert made == {name.partition(",")[0] for name in READS}


@pytest.mark.parametrize("name", READS)
async def test_without_identity_it_gives_nothing(world: World, tenants: Tenants, name: str) -> None:
    """The keys are right, the rows are there, and nothing comes: silently."""
    assert await run(world, READS[name].sql, ANONYMOUS.settings, keys(name, tenants)) == []


@pytest.mark.parametrize("name", READS)
async def test_without_the_fold_it_gives_nothing(world: World, tenants: Tenants, name: str) -> None:
    """The same statement with the identity bound but not set: what keeps rows away is the policy, not the text."""
    bare, folds = re.subn(r"set_config\('[^']+', (\$\d), true\)", r"\1::text", READS[name].sql)
    assert folds == len(SETTINGS)
    assert await run(world, bare, tenants.viewers["admin"].settings, keys(name, tenants)) == []


@pytest.mark.parametrize("viewer", ["bea", "boss", "coach", "lone"])
@pytest.mark.parametrize("name", sorted(READS.keys() - {"TEAM_COMPLETION"}))
async def test_another_tenant_finds_nothing(world: World, tenants: Tenants, viewer: str, name: str) -> None:
    """Participant, admin and guru of another organisation, and someone of none."""
    assert await run(world, READS[name].sql, tenants.viewers[viewer].settings, keys(name, tenants)) == []


@pytest.mark.parametrize("name", READS)
async def test_the_organizations_admin_finds_the_rows(world: World, tenants: Tenants, name: str) -> None:
    """The same statements with the same keys."""
    rows = await run(world, READS[name].sql, tenants.viewers["admin"].settings, keys(name, tenants))
    assert len(rows) == ROWS[name]


@pytest.mark.parametrize(("viewer", "total"), [("anonymous", 0), ("bea", 1), ("boss", 1), ("lone", 0), ("ann", 2)])
async def test_team_completion_counts_the_viewers_own_organization(
    world: World, tenants: Tenants, viewer: str, total: int
) -> None:
    """It takes no organisation, so it can count no other: Bea alone in beta, Ann and Ben in acme."""
    rows = await run(world, tools.TEAM_COMPLETION.sql, tenants.viewers[viewer].settings, [["woop"]])
    assert [row["total"] for row in rows] == [total] * bool(total)


@pytest.mark.parametrize(("viewer", "rows"), [("anonymous", 0), ("boss", 0), ("ben", 0), ("ann", 31), ("admin", 31)])
async def test_the_state_that_a_write_starts_from_is_the_viewers(
    world: World, tenants: Tenants, viewer: str, rows: int
) -> None:
    """It is read inside a transaction, hence without a fold; the transaction carries the identity."""
    catalogue = world.catalogue
    async with world.gateway.database.transaction(tenants.viewers[viewer]) as transaction:
        state = await transaction.fetch_row(
            tools.current_state(catalogue, catalogue.by_slug["dream"]), tenants.id("ann")
        )
    assert state is not None
    assert len(state["progress"]) == rows
    assert (state["submission"] is not None) == bool(rows)
