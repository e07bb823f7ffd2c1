"""Which rows of each table each kind of viewer sees. The tables are those that PostgreSQL itself says there are."""

import asyncpg
import pytest
from sqlalchemy import text

from db.statements.tools import TEAM_COMPLETION
from db.viewer import SETTINGS, Viewer
from tests.db.row_level_security.tenants import Tenants, tables
from tests.world import World

# What each viewer sees, by whose row it is. Anonymous, other tenants, our own people: in this order throughout.
VIEWERS = ("anonymous", "bea", "boss", "coach", "pupil", "lone", "ann", "guru", "admin")

OWN = {name: name for name in VIEWERS} | {"anonymous": ""}
OWN_OR_ADMIN = OWN | {"boss": "bea boss coach", "admin": "admin ann ben"}
WORK = OWN_OR_ADMIN | {"coach": "bea boss coach", "guru": "admin ann ben guru"}
ASSIGNMENTS = dict.fromkeys(VIEWERS, "") | {"boss": "coach", "coach": "coach", "guru": "guru", "admin": "guru"}
COMPANIES = dict.fromkeys(VIEWERS, "") | {
    "bea": "beta",
    "boss": "beta",
    "coach": "beta",
    "pupil": "school",
    "ann": "acme",
    "guru": "acme school",
    "admin": "acme",
}

DATA_KEYS = COMPANIES | {"lone": "lone"}
INVITATIONS = dict.fromkeys(VIEWERS, "") | {"boss": "beta", "admin": "acme"}
KEYS = dict.fromkeys(VIEWERS, "") | {"boss": "beta", "admin": "acme"}

OWNER_COLUMN = {
    "authentication.invitations": "organization_id",
    "users.accounts": "id",
    "organizations.companies": "id",
    "organizations.teams": "organization_id",
    "organizations.data_keys": "tenant_id",
    "authentication.service_keys": "organization_id",
    "webhooks.endpoints": "organization_id",
    "webhooks.deliveries": "organization_id",
}
"""The column that says whose row it is, where it is not ``user_id``."""

RULES = {
    "users.accounts": WORK,
    "users.profiles": OWN,
    "organizations.companies": COMPANIES,
    "organizations.teams": COMPANIES,
    "organizations.guru_assignments": ASSIGNMENTS,
    "organizations.data_keys": DATA_KEYS,
    "tool_access.permissions": WORK,
    "tool_access.progress": WORK,
    "audit.events": OWN_OR_ADMIN,
    "outbox.events": WORK,
    "help.requests": OWN_OR_ADMIN,
    "exports.jobs": OWN,
    "authentication.sessions": OWN_OR_ADMIN,
    "authentication.invitations": INVITATIONS,
    "authentication.service_keys": KEYS,
    "webhooks.endpoints": KEYS,
    "webhooks.deliveries": KEYS,
    "submissions": WORK,
    "field_outputs": WORK,
    "field_versions": WORK,
    "audit_log": WORK,
    "hypotheses": WORK,
    "team_assessments": WORK,
}
"""Rules by table; those of tools by their bare name. A table without a rule here fails the tests."""


def rule(table: str) -> dict[str, str]:
    """Who sees whose rows of this table."""
    return RULES[table.partition(".")[2] if table.startswith("sprint_") else table]


def owners_of_rows(table: str) -> str:
    """A statement that gives whose rows are seen."""
    return f"SELECT DISTINCT {OWNER_COLUMN.get(table, 'user_id')}::text FROM {table}"


async def test_every_table_has_rows_to_hide(world: World, tenants: Tenants) -> None:
    """Past the policies, everybody of the tenants is found in each table; else the tests below would show nothing."""
    async with world.as_owner() as owner:
        for table in await tables(owner):
            found = {row[0] for row in await owner.execute(text(owners_of_rows(table)))}
            expected = " ".join(rule(table).values()).split()
            assert set(expected) <= set(tenants.named(found).split()), table


@pytest.mark.parametrize("name", VIEWERS)
async def test_a_viewer_sees_these_rows_and_no_others(world: World, tenants: Tenants, name: str) -> None:
    """Nobody: nothing. Participants: their own. Gurus: their organisations'. Admins: their organisation's."""
    async with world.as_owner() as owner:
        found = await tables(owner)
    assert len(found) > 3 * 31
    seen = {}
    async with world.gateway.database.transaction(tenants.viewers[name]) as transaction:
        for table in found:
            rows = await transaction.fetch(owners_of_rows(table))
            seen[table] = tenants.named(row[0] for row in rows)
    assert seen == {table: rule(table)[name] for table in found}


async def test_a_guru_sees_every_assigned_organization(world: World, tenants: Tenants) -> None:
    """Two assigned organisations are both seen, in one setting."""
    guru = tenants.viewers["guru"]
    both = Viewer(guru.user_id, guru.organization_id, guru.role, tuple(tenants.organizations.values())[:2])
    async with world.gateway.database.transaction(both) as transaction:
        rows = await transaction.fetch(owners_of_rows("sprint_00_woop.submissions"))
    assert tenants.named(row[0] for row in rows) == "admin ann bea ben boss coach guru"


async def test_assigned_organizations_mean_nothing_without_the_role(world: World, tenants: Tenants) -> None:
    """A participant whose identity carries a guru's organisations still sees their own rows only."""
    ann = tenants.viewers["ann"]
    pretender = Viewer(ann.user_id, ann.organization_id, ann.role, tuple(tenants.organizations.values()))
    async with world.gateway.database.transaction(pretender) as transaction:
        rows = await transaction.fetch(owners_of_rows("sprint_00_woop.submissions"))
    assert tenants.named(row[0] for row in rows) == "ann"


async def test_a_login_without_identity_sees_nothing(world: World, tenants: Tenants) -> None:
    """Settings that were never made in this session: no rows, no error, in every table."""
    assert tenants.viewers
    async with world.as_owner() as owner:
        found = await tables(owner)
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        assert [table for table in found if await connection.fetch(owners_of_rows(table))] == []
    finally:
        await connection.close()


async def test_an_identity_ends_with_its_transaction(world: World, tenants: Tenants) -> None:
    """After it the settings read ``''``, not NULL: still no rows and no error, in every table."""
    async with world.as_owner() as owner:
        found = await tables(owner)
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        async with connection.transaction():
            await connection.execute(tenants.viewers["admin"].set_config)
            assert await connection.fetchval("SELECT count(*) FROM sprint_00_woop.submissions") == 3
        for setting in SETTINGS:
            assert await connection.fetchval("SELECT current_setting($1, true)", setting) == ""
        async with connection.transaction():
            assert [table for table in found if await connection.fetch(owners_of_rows(table))] == []
    finally:
        await connection.close()


@pytest.mark.parametrize("view", ["shared.users", "shared.organizations", "shared.user_progress"])
@pytest.mark.parametrize(("name", "sees"), [("anonymous", 0), ("bea", 1), ("ann", 1)])
async def test_the_shared_views_show_what_their_tables_show(
    world: World, tenants: Tenants, view: str, name: str, sees: int
) -> None:
    """A view is no way around a policy."""
    key = {"shared.user_progress": "user_id"}.get(view, "id")
    async with world.gateway.database.transaction(tenants.viewers[name]) as transaction:
        rows = await transaction.fetch(f"SELECT DISTINCT {key} FROM {view}")
    assert len(rows) == sees


async def test_counting_colleagues_lends_no_role(world: World, tenants: Tenants) -> None:
    """``team_completion`` counts as the organisation's admin would; after it the viewer is a participant again."""
    ann = tenants.viewers["ann"]
    async with world.gateway.database.transaction(ann) as transaction:
        rows = await transaction.fetch(TEAM_COMPLETION.sql, *ann.settings, ["woop"])
        assert [tuple(row) for row in rows] == [("woop", 0, 2)]
        seen = await transaction.fetch(owners_of_rows("sprint_00_woop.submissions"))
    assert tenants.named(row[0] for row in seen) == "ann"
