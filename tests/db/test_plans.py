"""How PostgreSQL answers the gateway's reads among 100,000 people: by index, touching no more than was asked for."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text

from app.storage import Storage
from db.catalogue import Catalogue
from db.database import Database
from db.statements import identity, tools
from db.statements.viewer import Statement
from db.viewer import ANONYMOUS, Role, Viewer
from tests.db.databases import fresh_database

BIG = {"users.accounts", "tool_access.progress", "sprint_00_woop.submissions", "sprint_00_woop.field_outputs"}
SCHEMAS = ("sprint_00_woop", "sprint_02_dream")
ORGANIZATIONS = 20
MEMBERS = 5_000
TOOLS = 2
"""Progress rows of each person."""

PROBE = 8
"""Pages that one probe of an index touches at most: down the tree, and to the rows it finds."""

# Checking half a million foreign keys would take longer than all the tests; where the owner may, it is left out.
_FILL = f"""
SELECT CASE WHEN rolsuper THEN set_config('session_replication_role', 'replica', true) END
FROM pg_roles WHERE rolname = current_user;

INSERT INTO organizations.companies (id, name, slug)
SELECT md5('company ' || n)::uuid, 'Company ' || n, 'company-' || n FROM generate_series(1, {ORGANIZATIONS}) AS n;

INSERT INTO users.accounts (id, email, full_name, organization_id)
SELECT md5('person ' || n)::uuid, n || '@test.example', md5(n::text), md5('company ' || 1 + n % {ORGANIZATIONS})::uuid
FROM generate_series(1, {ORGANIZATIONS * MEMBERS}) AS n;

INSERT INTO tool_access.progress (user_id, organization_id, tool_slug, status)
SELECT id, organization_id, slug, 'unlocked'
FROM users.accounts CROSS JOIN (VALUES ('woop'), ('dream')) AS tool (slug);

INSERT INTO sprint_00_woop.submissions (id, user_id, organization_id)
SELECT id, id, organization_id FROM users.accounts;

INSERT INTO sprint_00_woop.field_outputs (submission_id, user_id, organization_id, field_id, value, version)
SELECT id, user_id, organization_id, 'intro.woop.wish', '"To grow"', 1 FROM sprint_00_woop.submissions;

ANALYZE
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """One organisation of many: its people by name, and the gateway's way to them."""

    database: Database
    organization: UUID
    people: Sequence[UUID]

    def viewer(self, role: Role) -> Viewer:
        """The first of them, in this role."""
        guided = (self.organization,) if role is Role.GURU else ()
        return Viewer(self.people[0], self.organization, role, guided)

    async def plan(self, role: Role, statement: Statement, *keys: Any) -> dict[str, Any]:
        """The plan that ran, made as a pooled connection makes it: before any identity is set."""
        async with self.database.transaction(ANONYMOUS) as transaction:
            row = await transaction.fetch_row(
                f"EXPLAIN (ANALYZE, BUFFERS, VERBOSE, FORMAT JSON, TIMING OFF) {statement.sql}",
                *self.viewer(role).settings,
                *keys,
            )
        assert row is not None
        found: dict[str, Any] = orjson.loads(row[0])[0]["Plan"]
        return found


@pytest.fixture(scope="module")
async def crowd(storage: Storage, catalogue: Catalogue) -> AsyncIterator[Crowd]:
    """100,000 people in twenty organisations, each with a submission, a published value and two progress rows."""
    async with fresh_database(storage, "plans") as found:
        await found.migrate(catalogue)
        async with found.owner() as engine, engine.begin() as owner:
            for statement in _FILL.split(";"):
                await owner.execute(text(statement))
            rows = await owner.execute(
                text(
                    "SELECT id, organization_id FROM users.accounts"
                    " WHERE organization_id = md5('company 7')::uuid ORDER BY full_name, id"
                )
            )
            people = rows.all()
        assert len(people) == MEMBERS
        database = await Database.connect(found.gateway_url, pool_size=1)
        yield Crowd(database, people[0].organization_id, [person.id for person in people])
        await database.close()


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of the plan that reads one of the big tables."""
    if f"{plan.get('Schema')}.{plan.get('Relation Name')}" in BIG:
        yield plan
    for child in plan.get("Plans", ()):
        yield from scans(child)


def rows_read(plan: dict[str, Any]) -> int:
    """Rows of big tables that were looked at, kept or not."""
    return sum(
        round((scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)) * scan["Actual Loops"])
        for scan in scans(plan)
    )


def blocks_read(plan: dict[str, Any]) -> int:
    """Pages of big tables and their indexes that were touched: many, where an index is read from end to end."""
    return sum(scan["Shared Hit Blocks"] + scan["Shared Read Blocks"] for scan in scans(plan))


def by_index(plan: dict[str, Any]) -> bool:
    """Whether the big tables are there, and each is read through an index."""
    kinds = [scan["Node Type"] for scan in scans(plan)]
    return bool(kinds) and set(kinds) <= {"Index Scan", "Index Only Scan"}


async def cursor(crowd: Crowd, number: int) -> tuple[str, UUID]:
    """Where the list goes on after this person of it."""
    rows = await crowd.database.reader(crowd.viewer(Role.ADMIN))(identity.ACCOUNTS, [crowd.people[number]])
    return rows[0]["full_name"], rows[0]["id"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("people", [1, 50])
async def test_published_values(crowd: Crowd, role: Role, people: int) -> None:
    """One index probe for each person and tool, whoever asks."""
    keys = [crowd.people[:people], ["intro.woop.wish"], ["identity.dream.narrative"]]
    plan = await crowd.plan(role, tools.field_outputs(SCHEMAS), *keys)
    assert by_index(plan)
    assert rows_read(plan) == people
    assert blocks_read(plan) <= PROBE * people


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("people", [1, 50])
async def test_submissions(crowd: Crowd, role: Role, people: int) -> None:
    """One index probe for each person and tool, whoever asks."""
    plan = await crowd.plan(role, tools.submissions(SCHEMAS), crowd.people[:people])
    assert by_index(plan)
    assert rows_read(plan) == people
    assert blocks_read(plan) <= PROBE * people


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("people", [1, 50])
async def test_progress(crowd: Crowd, role: Role, people: int) -> None:
    """The rows of the people asked for; the policy does not lead through the rows of their organisation."""
    plan = await crowd.plan(role, tools.PROGRESS, crowd.people[:people])
    assert by_index(plan)
    assert rows_read(plan) == people * TOOLS
    assert blocks_read(plan) <= PROBE * people


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("people", [1, 50])
async def test_accounts(crowd: Crowd, role: Role, people: int) -> None:
    """The rows of the people asked for."""
    plan = await crowd.plan(role, identity.ACCOUNTS, crowd.people[:people])
    assert by_index(plan)
    assert rows_read(plan) == people
    assert blocks_read(plan) <= PROBE * people


@pytest.mark.parametrize("role", [Role.GURU, Role.ADMIN])
@pytest.mark.parametrize("after", [None, 2_500])
async def test_a_page_of_members(crowd: Crowd, role: Role, after: int | None) -> None:
    """A page is read from the index in its order and ends with it, in the middle of the list as at its start."""
    keys = [crowd.organization, 51, *(await cursor(crowd, after) if after else (None, None)), None, None, None, None]
    plan = await crowd.plan(role, identity.members(counted=False, continued=after is not None), *keys)
    assert by_index(plan)
    assert rows_read(plan) == 51
    assert blocks_read(plan) <= PROBE + 51


async def test_a_page_of_members_for_a_participant(crowd: Crowd) -> None:
    """They see only themselves; to find that out, no organisation but theirs is read."""
    keys = [crowd.organization, 51, None, None, None, None, None, None]
    plan = await crowd.plan(Role.USER, identity.members(counted=False, continued=False), *keys)
    assert by_index(plan)
    assert rows_read(plan) == MEMBERS


@pytest.mark.parametrize("role", [Role.GURU, Role.ADMIN])
async def test_a_filtered_and_counted_page_of_members(crowd: Crowd, role: Role) -> None:
    """Counting reads the organisation once more, and each member's one progress row by index."""
    keys = [crowd.organization, 51, None, None, "user", "a", "woop", "unlocked"]
    plan = await crowd.plan(role, identity.members(counted=True, continued=False), *keys)
    assert by_index(plan)
    assert rows_read(plan) <= 2 * MEMBERS + 2 * 51
