"""What the migrations make, held against the founding documents: their tables, columns, views and indexes."""

import re

import pytest
from sqlalchemy import text

from tests.world import World

TOOL_DATA = (
    "id uuid, user_id uuid, organization_id uuid, data jsonb, status varchar, version integer, created_at timestamptz,"
    " updated_at timestamptz, submitted_at timestamptz, completed_at timestamptz"
)
SEED_003 = {
    "users.accounts": (
        "id uuid, email varchar, password_hash varchar, full_name varchar, role varchar, organization_id uuid,"
        " created_at timestamptz, updated_at timestamptz, last_login_at timestamptz"
    ),
    "users.profiles": "user_id uuid, avatar_url text, timezone varchar, language varchar, preferences jsonb",
    "organizations.companies": (
        "id uuid, name varchar, slug varchar, industry varchar, size varchar, created_at timestamptz, settings jsonb"
    ),
    "organizations.teams": "id uuid, organization_id uuid, name varchar, lead_user_id uuid, members jsonb",
    "tool_access.permissions": (
        "id uuid, user_id uuid, tool_slug varchar, access_level varchar, granted_at timestamptz,"
        " expires_at timestamptz, granted_by uuid"
    ),
    "tool_access.progress": (
        "user_id uuid, tool_slug varchar, status varchar, progress_percentage integer, last_accessed_at timestamptz,"
        " completed_at timestamptz"
    ),
    "audit.events": (
        "id uuid, user_id uuid, organization_id uuid, tool_slug varchar, action varchar, entity_type varchar,"
        " entity_id uuid, changes jsonb, ip_address inet, user_agent text, timestamp timestamptz"
    ),
    "sprint_00_woop.tool_data": TOOL_DATA,
    "sprint_00_woop.audit_log": (
        "id uuid, tool_data_id uuid, user_id uuid, action varchar, changes jsonb, timestamp timestamptz"
    ),
    "sprint_15_value_proposition.tool_data": TOOL_DATA,
    "sprint_15_value_proposition.hypotheses": (
        "id uuid, tool_data_id uuid, hypothesis_text text, category varchar, priority integer, tested boolean,"
        " test_results jsonb"
    ),
    "sprint_24_fit_abc_analysis.tool_data": TOOL_DATA,
    "sprint_24_fit_abc_analysis.team_assessments": (
        "id uuid, tool_data_id uuid, team_member_name varchar, role varchar, fit_energy integer, fit_skill integer,"
        " fit_values integer, fit_impact integer, abc_rating char, notes text, action_items jsonb"
    ),
}
"""Tables of the second founding document with their columns; its TIMESTAMP is our TIMESTAMPTZ."""

SEED_003_INDEXES = {
    "audit.idx_audit_user": "btree (user_id, timestamp DESC, id DESC)",
    "audit.idx_audit_org": "btree (organization_id, timestamp DESC, id DESC)",
    "audit.idx_audit_tool": "btree (tool_slug, timestamp DESC, id DESC)",
}
"""With the id at their end, which the document lacks: a page of the trail comes in its order and nothing is sorted."""

SEED_003_TOOL_INDEXES = {
    "user": "btree (user_id)",
    "org": "btree (organization_id)",
    "status": "btree (status)",
    "updated": "btree (updated_at DESC)",
    "data_gin": "gin (data)",
}
"""``idx_{schema}_{name}`` on each tool's submissions."""

_SHORT = {"character varying": "varchar", "timestamp with time zone": "timestamptz", "character": "char"}


async def columns(world: World) -> dict[str, set[str]]:
    """Every table and view with its columns as ``name type``."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT table_schema || '.' || table_name AS name, column_name, data_type"
                " FROM information_schema.columns"
                " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            )
        )
        found: dict[str, set[str]] = {}
        for row in rows:
            kind = _SHORT.get(row.data_type, row.data_type)
            found.setdefault(row.name, set()).add(f"{row.column_name} {kind}")
    return found


async def test_every_tool_has_a_schema_with_the_same_tables(world: World) -> None:
    """31 schemas by sprint and slug, each with submissions, field_outputs, audit_log and the view tool_data."""
    found = await columns(world)
    expected = {tool.schema_name for tool in world.catalogue.tools}
    assert {name.partition(".")[0] for name in found if name.startswith("sprint_")} == expected
    for table in ("submissions", "field_outputs", "audit_log", "tool_data"):
        assert len({frozenset(found[f"{schema}.{table}"]) for schema in expected}) == 1
    assert {"user_id uuid", "organization_id uuid"} <= found["sprint_00_woop.field_outputs"]


@pytest.mark.parametrize("table", SEED_003)
async def test_the_columns_of_the_second_document_are_there(world: World, table: str) -> None:
    """Under the same names with the same types; we may have more."""
    assert set(SEED_003[table].split(", ")) <= (await columns(world))[table]


async def test_no_moment_is_stored_without_its_time_zone(world: World) -> None:
    """Every timestamp column of every table and view is ``timestamptz``."""
    kinds = {column.partition(" ")[2] for found in (await columns(world)).values() for column in found}
    assert "timestamptz" in kinds
    assert not {kind for kind in kinds if kind.startswith(("timestamp without", "time ", "date"))}


async def test_the_indexes_of_the_second_document_are_there(world: World) -> None:
    """Under the same names on the same columns, for every tool."""
    async with world.as_owner() as owner:
        rows = await owner.execute(text("SELECT schemaname || '.' || indexname AS name, indexdef FROM pg_indexes"))
        found = {row.name: re.sub(r".* USING |\"", "", row.indexdef) for row in rows}
    expected = SEED_003_INDEXES | {
        f"{tool.schema_name}.idx_{tool.schema_name}_{name}": definition
        for tool in world.catalogue.tools
        for name, definition in SEED_003_TOOL_INDEXES.items()
    }
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(("table", "unique"), [("submissions", "user_id"), ("field_outputs", "user_id, field_id")])
async def test_there_is_one_of_each(world: World, table: str, unique: str) -> None:
    """One submission for each participant and tool, one value for each participant and field: in every schema."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT schemaname FROM pg_indexes WHERE tablename = :table AND indexdef LIKE :definition"
                " AND indexdef LIKE 'CREATE UNIQUE INDEX %'"
            ),
            {"table": table, "definition": f"% USING btree ({unique})"},
        )
        assert sorted(rows.scalars()) == [tool.schema_name for tool in world.catalogue.tools]


async def test_no_index_name_is_cut(world: World) -> None:
    """PostgreSQL cuts names at 63 bytes without an error; a cut name would differ from what the migration says."""
    async with world.as_owner() as owner:
        names = (await owner.execute(text("SELECT indexname FROM pg_indexes"))).scalars().all()
    assert max(len(name) for name in names) < 63


@pytest.mark.parametrize(
    ("view", "named"),
    [
        ("shared.users", "id email full_name role organization_id"),
        ("shared.organizations", "id name slug"),
        ("shared.user_progress", "user_id tool_slug status progress_percentage"),
    ],
)
async def test_the_views_of_the_first_document_are_there(world: World, view: str, named: str) -> None:
    """``shared.users``, ``shared.organizations`` and ``shared.user_progress``, without a password in them."""
    found = {column.partition(" ")[0] for column in (await columns(world))[view]}
    assert set(named.split()) <= found
    assert "password_hash" not in found


@pytest.mark.parametrize("schema", ["sprint_00_woop", "sprint_24_fit_abc_analysis"])
async def test_tool_data_takes_writes_under_the_readers_policies(world: World, schema: str) -> None:
    """An update through the view reaches the viewer's own submission and nobody else's."""
    organization = await world.organization()
    ann, ben = [await world.person(organization) for _ in range(2)]
    for person in (ann, ben):
        async with world.gateway.database.transaction(person.viewer) as transaction:
            await transaction.fetch(
                f"INSERT INTO {schema}.tool_data (user_id, organization_id, data) VALUES ($1, $2, '{{}}')",
                person.id,
                organization,
            )
    async with world.gateway.database.transaction(ann.viewer) as transaction:
        await transaction.fetch(f"UPDATE {schema}.tool_data SET data = $1, version = 2", {"by": "ann"})
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(f"SELECT user_id, data, version FROM {schema}.submissions WHERE organization_id = :organization"),
            {"organization": organization},
        )
        stored = {row.user_id: (row.data, row.version) for row in rows}
    assert stored == {ann.id: ({"by": "ann"}, 2), ben.id: ({}, 1)}
