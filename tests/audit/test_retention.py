"""``audit prune``: what is older than the retention goes, in batches, and nothing younger ever does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import NewAccount, create_account
from app.storage import Storage
from db.audit_retention import expired, prune, trails
from db.catalogue import Catalogue
from db.viewer import Role
from tests.db.databases import fresh_database

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
FILLED = ("audit.events", "sprint_00_woop.audit_log", "sprint_18_pricing.audit_log")


@pytest.fixture
async def kept(storage: Storage, catalogue: Catalogue) -> AsyncIterator[Storage]:
    """A database of its own, with entries of ten years in each table of the trail."""
    async with fresh_database(storage, "retention") as found:
        await found.migrate(catalogue)
        async with found.owner() as engine, engine.begin() as owner:
            person = await create_account(owner, catalogue, NewAccount("ann@a.example", "Ann", Role.USER, None))
            await owner.execute(
                text(
                    'INSERT INTO audit.events (user_id, action, "timestamp")'
                    " SELECT :id, 'saved', CAST(:now AS timestamptz) - n * interval '1 day'"
                    " FROM generate_series(1, 3650) AS n"
                ),
                {"id": person, "now": NOW},
            )
            for schema in ("sprint_00_woop", "sprint_18_pricing"):
                await owner.execute(
                    text(
                        f"WITH one AS (INSERT INTO {schema}.submissions (user_id) VALUES (:id) RETURNING id)"
                        f' INSERT INTO {schema}.audit_log (tool_data_id, user_id, action, "timestamp")'
                        " SELECT one.id, :id, 'saved', CAST(:now AS timestamptz) - n * interval '1 day'"
                        " FROM one, generate_series(1, 3650) AS n"
                    ),
                    {"id": person, "now": NOW},
                )
        yield found


async def _left(engine: AsyncEngine, table: str) -> tuple[int, datetime]:
    query = f"SELECT count(*), min(\"timestamp\") FROM {table} WHERE action = 'saved'"
    async with engine.connect() as owner:
        row = (await owner.execute(text(query))).one()
        return row[0], row[1]


async def test_it_deletes_what_is_older(kept: Storage, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each table, a batch at a time; a second run finds nothing; that it ran is in the trail."""
    monkeypatch.setattr("db.retention.BATCH", 1_000)
    told: list[str] = []
    before = NOW - 2_557 * DAY
    async with kept.owner() as engine:
        found = await expired(engine, catalogue, before)
        assert found == dict.fromkeys(trails(catalogue), 0) | dict.fromkeys(FILLED, 1_093)
        assert await prune(engine, catalogue, before, NOW, told.append) == 3 * 1_093
        assert told[:2] == ["audit.events: 1,000 deleted", "audit.events: 1,093 deleted"]
        for table in FILLED:
            assert await _left(engine, table) == (2_557, before)
        assert await prune(engine, catalogue, before, NOW, told.append) == 0
        async with engine.connect() as owner:
            changes = await owner.scalars(text("SELECT changes FROM audit.events WHERE action = 'audit_pruned'"))
            assert [each["deleted"] for each in changes] == [3 * 1_093]


class _Killed(Exception):
    pass


async def test_a_run_that_was_killed_is_resumed(
    kept: Storage, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was deleted stays deleted; the next run does the rest."""
    monkeypatch.setattr("db.retention.BATCH", 500)
    before = NOW - 2_557 * DAY

    def killed(_: str) -> None:
        raise _Killed

    async with kept.owner() as engine:
        with pytest.raises(_Killed):
            await prune(engine, catalogue, before, NOW, killed)
        assert (await _left(engine, "audit.events"))[0] == 3_150
        assert await prune(engine, catalogue, before, NOW, lambda _: None) == 3 * 1_093 - 500
