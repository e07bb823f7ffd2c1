"""Writes into rows that are not one's own: what PostgreSQL answers, past every decision of the gateway."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.db.row_level_security.tenants import Tenants
from tests.world import World

WOOP = "sprint_00_woop"
HYPOTHESES = "sprint_15_value_proposition.hypotheses"
ASSESSMENTS = "sprint_24_fit_abc_analysis.team_assessments"

INSERTS = {
    f"{WOOP}.submissions": f"INSERT INTO {WOOP}.submissions (user_id, organization_id) VALUES ($1, $2)",
    f"{WOOP}.tool_data": f"INSERT INTO {WOOP}.tool_data (user_id, organization_id, data) VALUES ($1, $2, '{{}}')",
    f"{WOOP}.field_outputs": (
        f"INSERT INTO {WOOP}.field_outputs (user_id, organization_id, submission_id, field_id, value, version)"
        " VALUES ($1, $2, $1, 'other.field', '1', 1)"
    ),
    f"{WOOP}.field_versions": (
        f"INSERT INTO {WOOP}.field_versions (user_id, organization_id, field_id, value, version, author_kind, at)"
        " VALUES ($1, $2, 'other.field', '1', 1, 'human', now())"
    ),
    f"{WOOP}.audit_log": (
        f"INSERT INTO {WOOP}.audit_log (user_id, organization_id, tool_data_id, action) VALUES ($1, $2, $1, 'saved')"
    ),
    HYPOTHESES: (
        f"INSERT INTO {HYPOTHESES} (user_id, organization_id, tool_data_id, hypothesis_text)"
        " VALUES ($1, $2, $1, 'It sells.')"
    ),
    ASSESSMENTS: f"INSERT INTO {ASSESSMENTS} (user_id, organization_id, tool_data_id) VALUES ($1, $2, $1)",
    "tool_access.progress": (
        "INSERT INTO tool_access.progress (user_id, organization_id, tool_slug) VALUES ($1, $2, 'exit-planning')"
    ),
    "help.requests": "INSERT INTO help.requests (user_id, organization_id, tool_slug, kind, asked_at)"
    " VALUES ($1, $2, 'woop', 'help', now())",
    "audit.events": "INSERT INTO audit.events (user_id, organization_id, action) VALUES ($1, $2, 'saved')",
}
"""An insert of a row of person ``$1`` in organisation ``$2``, for every table that the gateway may insert into."""

CHANGES = {
    f"{WOOP}.submissions": "status = 'completed'",
    f"{WOOP}.tool_data": "status = 'completed'",
    f"{WOOP}.field_outputs": "value = '2'",
    HYPOTHESES: "tested = true",
    ASSESSMENTS: "abc_rating = 'C'",
    "tool_access.progress": "status = 'completed'",
}
"""A change for every table that the gateway may update."""

DELETABLE = (f"{WOOP}.field_outputs", HYPOTHESES, ASSESSMENTS)


async def attempt(world: World, tenants: Tenants, name: str, sql: str, *arguments: Any) -> int:
    """Rows that this statement writes as this person; all of it is rolled back."""
    connection = await asyncpg.connect(world.storage.gateway_url)
    transaction = connection.transaction()
    try:
        await transaction.start()
        await connection.execute(tenants.viewers[name].set_config)
        return int((await connection.execute(sql, *arguments)).split()[-1])
    finally:
        await transaction.rollback()
        await connection.close()


def row_of(tenants: Tenants, name: str) -> tuple[UUID, UUID | None]:
    """Person and organisation that a row of this person carries."""
    return tenants.id(name), tenants.viewers[name].organization_id


ASSIGN = "INSERT INTO organizations.guru_assignments (user_id, organization_id) VALUES ($1, $2)"


@pytest.mark.parametrize("table", INSERTS)
@pytest.mark.parametrize("name", ["anonymous", "bea", "boss", "coach", "ben", "guru", "admin"])
async def test_nobody_inserts_a_row_of_someone_else(world: World, tenants: Tenants, name: str, table: str) -> None:
    """Nobody without identity, no other tenant, no colleague, not the organisation's own guru or admin."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempt(world, tenants, name, INSERTS[table], *row_of(tenants, "ann"))


@pytest.mark.parametrize("table", INSERTS)
async def test_nobody_files_a_row_under_another_organization(world: World, tenants: Tenants, table: str) -> None:
    """One's own row with a foreign organisation would show up before that organisation's admin."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempt(world, tenants, "ann", INSERTS[table], tenants.id("ann"), tenants.organizations["beta"])


@pytest.mark.parametrize("table", sorted(INSERTS.keys() - {f"{WOOP}.submissions", f"{WOOP}.tool_data"}))
async def test_people_insert_rows_of_their_own(world: World, tenants: Tenants, table: str) -> None:
    """The same inserts go through for the person whose row it is."""
    assert await attempt(world, tenants, "ann", INSERTS[table], *row_of(tenants, "ann")) == 1


@pytest.mark.parametrize("table", CHANGES)
@pytest.mark.parametrize("name", ["anonymous", "bea", "boss", "coach", "ben", "admin"])
async def test_nobody_updates_a_row_of_someone_else(world: World, tenants: Tenants, name: str, table: str) -> None:
    """It is as if the row were not there, even for the admin who can read it."""
    sql = f"UPDATE {table} SET {CHANGES[table]} WHERE user_id = $1"
    assert await attempt(world, tenants, name, sql, tenants.id("ann")) == 0


@pytest.mark.parametrize("table", CHANGES)
async def test_people_update_their_own_rows_and_only_those(world: World, tenants: Tenants, table: str) -> None:
    """An update without any condition changes the viewer's own rows."""
    own = 31 if table == "tool_access.progress" else 1
    assert await attempt(world, tenants, "ann", f"UPDATE {table} SET {CHANGES[table]}") == own


@pytest.mark.parametrize("table", CHANGES)
@pytest.mark.parametrize("column", ["user_id", "organization_id"])
async def test_nobody_gives_a_row_away(world: World, tenants: Tenants, table: str, column: str) -> None:
    """Neither to another person nor to another organisation."""
    receiver = tenants.id("bea") if column == "user_id" else tenants.organizations["beta"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempt(world, tenants, "ann", f"UPDATE {table} SET {column} = $1", receiver)


@pytest.mark.parametrize("table", DELETABLE)
@pytest.mark.parametrize("name", ["anonymous", "bea", "boss", "coach", "ben", "guru", "admin"])
async def test_nobody_deletes_a_row_of_someone_else(world: World, tenants: Tenants, name: str, table: str) -> None:
    """Not even those who can read it."""
    assert await attempt(world, tenants, name, f"DELETE FROM {table} WHERE user_id = $1", tenants.id("ann")) == 0


@pytest.mark.parametrize("table", DELETABLE)
async def test_people_delete_their_own_rows_and_only_those(world: World, tenants: Tenants, table: str) -> None:
    """A delete without any condition removes the viewer's own row."""
    assert await attempt(world, tenants, "ann", f"DELETE FROM {table}") == 1


@pytest.mark.parametrize("table", [f"{WOOP}.submissions", "tool_access.progress"])
async def test_a_guru_reviews_within_assigned_organizations(world: World, tenants: Tenants, table: str) -> None:
    """Acme's rows and the guru's own change, and nobody else's; a row cannot be moved out of what is assigned."""
    rows = 31 if table == "tool_access.progress" else 1
    assert await attempt(world, tenants, "guru", f"UPDATE {table} SET {CHANGES[table]}") == 4 * rows
    moved = f"UPDATE {table} SET organization_id = $1 WHERE user_id = $2"
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempt(world, tenants, "guru", moved, tenants.organizations["beta"], tenants.id("ann"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit.events SET action = 'nothing'",
        "DELETE FROM audit.events",
        "TRUNCATE audit.events",
        f"UPDATE {WOOP}.field_versions SET value = '2'",
        f"UPDATE {WOOP}.field_versions SET author_kind = 'human'",
        f"DELETE FROM {WOOP}.field_versions",
        f"UPDATE {WOOP}.audit_log SET action = 'nothing'",
        f"DELETE FROM {WOOP}.audit_log",
        f"DELETE FROM {WOOP}.submissions",
        f"DELETE FROM {WOOP}.tool_data",
        "DELETE FROM tool_access.progress",
        "UPDATE users.accounts SET organization_id = NULL",
        "UPDATE users.accounts SET email = 'taken@over.example'",
        "UPDATE users.accounts SET tokens_valid_from = NULL",
        "SELECT password_hash FROM users.accounts",
        "UPDATE organizations.guru_assignments SET organization_id = organization_id",
    ],
)
async def test_these_are_denied_to_everyone(world: World, tenants: Tenants, sql: str) -> None:
    """Trails are append-only, submissions stay, nobody takes an account over: even an admin, on their own rows."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await attempt(world, tenants, "admin", sql)


@pytest.mark.parametrize("name", ["anonymous", "bea", "coach", "pupil", "lone", "ann", "guru"])
async def test_who_manages_nobody_changes_no_account(world: World, tenants: Tenants, name: str) -> None:
    """No role, no deactivation, and nobody's guru."""
    assert await attempt(world, tenants, name, "UPDATE users.accounts SET role = 'admin'") == 0
    assert await attempt(world, tenants, name, "UPDATE users.accounts SET deactivated_at = now()") == 0
    assert await attempt(world, tenants, name, "DELETE FROM organizations.guru_assignments") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await attempt(world, tenants, name, ASSIGN, tenants.id("guru"), tenants.organizations["beta"])


async def test_an_admin_changes_the_accounts_of_their_people(world: World, tenants: Tenants) -> None:
    """Those of the organisation but their own; guru of it becomes only who is a guru and seen."""
    assert await attempt(world, tenants, "admin", "UPDATE users.accounts SET role = 'guru'") == 2
    assert await attempt(world, tenants, "admin", "DELETE FROM organizations.guru_assignments") == 1
    for person, organization in (("ann", "acme"), ("coach", "acme"), ("guru", "beta")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await attempt(world, tenants, "admin", ASSIGN, tenants.id(person), tenants.organizations[organization])


@pytest.mark.parametrize(("viewer", "rows"), [("ann", 1), ("ben", 0), ("admin", 0), ("guru", 0), ("boss", 0)])
async def test_only_its_author_confirms_a_version(world: World, tenants: Tenants, viewer: str, rows: int) -> None:
    """The one change there is of a row of the history."""
    confirm = f"UPDATE {WOOP}.field_versions SET confirmed_at = now() WHERE user_id = $1"
    assert await attempt(world, tenants, viewer, confirm, tenants.id("ann")) == rows
