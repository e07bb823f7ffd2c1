"""Up, down and up again, on databases of their own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.storage import Storage
from db.catalogue import Catalogue, load_catalogue
from db.migrations import MigrationError, applied_and_known, create_gateway_role, downgrade, run, upgrade
from db.policies import GATEWAY_ROLE
from tests.db.damaged import copy_catalogue, new_tool
from tests.db.databases import fresh_database

MIGRATIONS = Path(run.__file__).parent
SHARED = {
    "users",
    "organizations",
    "tool_access",
    "audit",
    "shared",
    "rates",
    "help",
    "authentication",
    "outbox",
    "procrastinate",
    "exports",
    "webhooks",
}
OF_A_TOOL = len(list(MIGRATIONS.glob("tool/*.up.sql")))
"""Revisions that every tool has."""
REVISIONS = len(list(MIGRATIONS.glob("shared/*.up.sql"))) + 31 * OF_A_TOOL + 2
"""Those of the shared schemas, one for each tool, and one more for the two tools with tables of their own."""


@pytest.fixture
async def owner(storage: Storage) -> AsyncIterator[AsyncEngine]:
    """The owner of a database that has nothing in it but a gateway that may log in."""
    async with fresh_database(storage, "migrations") as found, found.owner() as engine:
        await create_gateway_role(engine, found.gateway_password)
        yield engine


async def schemas(owner: AsyncEngine) -> set[str]:
    """The schemas there are, PostgreSQL's own and ``public`` left out."""
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
        )
        return set(rows.scalars()) - {"public"}


async def everything(owner: AsyncEngine) -> list[tuple[str, ...]]:
    """Every relation, policy, grant and function outside PostgreSQL's own schemas, as text to compare."""
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                """
                SELECT 'relation', nspname, relname, relkind::text, relacl::text, reloptions::text
                FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace
                UNION ALL
                SELECT 'policy', schemaname, tablename, policyname, qual, with_check FROM pg_policies
                UNION ALL
                SELECT 'function', nspname, proname, prosrc, proacl::text, proconfig::text
                FROM pg_proc JOIN pg_namespace AS n ON n.oid = pronamespace
                UNION ALL
                SELECT 'schema', nspname, nspacl::text, NULL, NULL, NULL FROM pg_namespace
                """
            )
        )
        kept = (tuple(str(value) for value in row) for row in rows)
        return sorted(row for row in kept if not row[1].startswith("pg_") and row[1] != "information_schema")


async def test_up_makes_a_schema_for_each_tool(owner: AsyncEngine, catalogue: Catalogue) -> None:
    """From nothing to 31 tools and what they share, and the database knows that it is up to date."""
    assert await schemas(owner) == set()
    assert len(await upgrade(owner, catalogue)) == REVISIONS
    assert await schemas(owner) == SHARED | {tool.schema_name for tool in catalogue.tools}
    applied, known = await applied_and_known(owner, catalogue)
    assert applied == known
    assert len(known) == 1 + 31  # the shared schemas have gone on since the tools came to stand on them


async def test_up_again_applies_nothing(owner: AsyncEngine, catalogue: Catalogue) -> None:
    """Nothing to do is not an error, and nothing moves."""
    await upgrade(owner, catalogue)
    before = await everything(owner)
    assert await upgrade(owner, catalogue) == []
    assert await everything(owner) == before


async def test_one_tool_goes_down_and_up_again(owner: AsyncEngine, catalogue: Catalogue) -> None:
    """``pricing@base`` takes its schema away and leaves the other thirty alone; up makes it as it was."""
    await upgrade(owner, catalogue)
    before = await everything(owner)
    assert len(await downgrade(owner, catalogue, "pricing@base")) == OF_A_TOOL
    assert await everything(owner) == [row for row in before if row[1] != "sprint_18_pricing"]
    applied, known = await applied_and_known(owner, catalogue)
    assert known - applied == {"sprint_18_0003"}
    assert len(await upgrade(owner, catalogue)) == OF_A_TOOL
    assert await everything(owner) == before


@pytest.mark.parametrize(
    ("slug", "table"),
    [
        ("value-proposition", "sprint_15_value_proposition.hypotheses"),
        ("fit-abc-analysis", "sprint_24_fit_abc_analysis.team_assessments"),
    ],
)
async def test_a_tools_own_table_goes_down_by_itself(
    owner: AsyncEngine, catalogue: Catalogue, slug: str, table: str
) -> None:
    """A few steps back on the tool's branch take its normalised table and leave its submissions."""
    await upgrade(owner, catalogue)
    await downgrade(owner, catalogue, f"{slug}@-{OF_A_TOOL - 1}")
    before = await everything(owner)
    assert len(await downgrade(owner, catalogue, f"{slug}@-1")) == 1
    gone = {f"{row[1]}.{row[2]}" for row in before} - {f"{row[1]}.{row[2]}" for row in await everything(owner)}
    assert table in gone
    assert all("hypotheses" in name or "team_assessments" in name for name in gone)
    assert len(await upgrade(owner, catalogue, f"{slug}@+1")) == 1
    assert await everything(owner) == before


async def test_down_takes_everything_and_up_brings_it_back(owner: AsyncEngine, catalogue: Catalogue) -> None:
    """None of our schemas is left, and what the second up makes equals what the first made."""
    await upgrade(owner, catalogue)
    before = await everything(owner)
    assert len(await downgrade(owner, catalogue)) == REVISIONS
    assert await schemas(owner) == set()
    assert len(await upgrade(owner, catalogue)) == REVISIONS
    assert await everything(owner) == before


async def test_history_begins_with_what_there_is(owner: AsyncEngine, catalogue: Catalogue) -> None:
    """Each value that was there has one version; a save by a service key has left its mark in the audit log."""
    await upgrade(owner, catalogue)
    await downgrade(owner, catalogue, "woop@-1")
    async with owner.begin() as connection:
        await connection.execute(text(_WRITTEN))
    await upgrade(owner, catalogue)
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT field_id, version, value, size, author_kind, at = 'epoch' AS then"
                " FROM sprint_00_woop.field_versions ORDER BY field_id"
            )
        )
        assert [tuple(row) for row in rows] == [
            ("a.by.hand", 2, "Bread", 7, "human", True),
            ("a.by.key", 3, "Rolls", 7, "automation", True),
        ]


_WRITTEN = """
WITH person AS (
  INSERT INTO users.accounts (email, full_name, role) VALUES ('ann@test.example', 'Ann', 'user') RETURNING id
), work AS (
  INSERT INTO sprint_00_woop.submissions (user_id, version) SELECT id, 3 FROM person RETURNING id, user_id
), values AS (
  INSERT INTO sprint_00_woop.field_outputs (submission_id, user_id, field_id, value, version, updated_at)
  SELECT id, user_id, field, to_jsonb(value), version, 'epoch'
  FROM work, (VALUES ('a.by.hand', 'Bread', 2), ('a.by.key', 'Rolls', 3)) AS each (field, value, version)
)
INSERT INTO sprint_00_woop.audit_log (tool_data_id, user_id, action, changes)
SELECT id, user_id, 'saved', '{"service_key": "6e1f", "version": [2, 3]}' FROM work"""


async def test_two_processes_may_migrate_at_once(storage: Storage, catalogue: Catalogue) -> None:
    """The second waits for the first and then finds nothing to do; the role is made once."""
    async with fresh_database(storage, "at_once") as found:
        moved = await asyncio.gather(*(found.migrate(catalogue) for _ in range(3)))
        async with found.owner() as engine:
            assert len(await schemas(engine)) == len(SHARED) + 31
    assert sorted(len(steps) for steps in moved) == [0, 0, REVISIONS]


async def test_a_32nd_tool_makes_exactly_one_new_schema(
    owner: AsyncEngine, catalogue: Catalogue, tmp_path: Path
) -> None:
    """One more TOML file, the revisions of a tool, and its tables are made as every tool's are."""
    await upgrade(owner, catalogue)
    before = await everything(owner)
    copied = copy_catalogue(tmp_path / "catalogue")
    new_tool()(copied)
    larger = load_catalogue(copied)
    assert len(await upgrade(owner, larger)) == OF_A_TOOL
    after = await everything(owner)
    assert [row for row in after if row[1] != "sprint_31_exit_planning"] == before
    alike = [tuple(part.replace("sprint_06_cash", "sprint_31_exit_planning") for part in row) for row in before]
    added = [row for row in after if row[1] == "sprint_31_exit_planning"]
    assert added == sorted(row for row in alike if row[1] == "sprint_31_exit_planning")


async def test_a_failed_move_leaves_everything_as_it_was(owner: AsyncEngine, catalogue: Catalogue) -> None:
    """One transaction for the whole move: a schema in the way of the last tool undoes the thirty before it."""
    async with owner.begin() as connection:
        await connection.execute(text("CREATE SCHEMA sprint_00_woop"))
    with pytest.raises(asyncpg.DuplicateSchemaError, match="already exists"):
        await upgrade(owner, catalogue)
    assert await schemas(owner) == {"sprint_00_woop"}


@pytest.mark.parametrize("target", ["nonsense", "sprint_18_9999", "pricing@9999"])
async def test_a_target_that_is_none_is_refused(owner: AsyncEngine, catalogue: Catalogue, target: str) -> None:
    """In a sentence, and nothing has moved."""
    await upgrade(owner, catalogue)
    with pytest.raises(MigrationError, match="Nothing was moved"):
        await downgrade(owner, catalogue, target)
    assert await upgrade(owner, catalogue) == []


async def test_the_gateways_login_cannot_migrate(owner: AsyncEngine, storage: Storage, catalogue: Catalogue) -> None:
    """It may create nothing."""
    gateway = create_async_engine(owner.url.set(username=GATEWAY_ROLE, password=storage.gateway_password))
    with pytest.raises(DBAPIError, match="permission denied"):
        await upgrade(gateway, catalogue)
    await gateway.dispose()
