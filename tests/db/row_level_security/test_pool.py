"""A pooled connection carries nothing of one viewer to the next: after success, failure, cancellation, time-out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from db.database import Database
from db.statements.tools import PROGRESS
from db.statements.viewer import as_viewer
from db.viewer import ANONYMOUS, SETTINGS
from tests.db.row_level_security.tenants import Tenants
from tests.world import World

WHO = as_viewer("SELECT DISTINCT user_id FROM sprint_00_woop.submissions")
VERSIONS = as_viewer("SELECT version FROM sprint_00_woop.submissions")
FIRST_WRITE = "UPDATE sprint_00_woop.submissions SET version = 99"
FAIL = "SELECT 1 / 0"
WAIT = "SELECT pg_advisory_xact_lock(4711)"
LEFT_BEHIND = "SELECT " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS)


@pytest.fixture
async def database(world: World) -> AsyncIterator[Database]:
    """A gateway's database with one connection, so that every viewer of a test is served by it."""
    opened = await Database.connect(world.storage.gateway_url, pool_size=1)
    yield opened
    await opened.close()


@asynccontextmanager
async def stuck(world: World) -> AsyncIterator[None]:
    """Inside the block ``WAIT`` waits: a statement in the middle of which something can happen."""
    async with world.as_owner() as owner:
        await owner.execute(text(WAIT))
        yield


async def cancelled_in_the_middle(world: World, database: Database, act: Awaitable[object]) -> None:
    """Cancel ``act`` once the server says that its statement waits for a lock."""
    rows = await database.reader(ANONYMOUS)(as_viewer("SELECT pg_backend_pid() AS pid"))
    waits = text("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = :pid AND NOT granted)")
    task = asyncio.ensure_future(act)
    async with asyncio.timeout(30), world.owner.connect() as owner:
        while not await owner.scalar(waits, {"pid": rows[0]["pid"]}):
            pass
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def write(database: Database, tenants: Tenants, *statements: str) -> None:
    """Change Ann's submission, then run ``statements``, in one transaction of hers."""
    async with database.transaction(tenants.viewers["ann"]) as transaction:
        for sql in (FIRST_WRITE, *statements):
            await transaction.fetch(sql)


async def serves_cleanly(database: Database, tenants: Tenants) -> None:
    """No identity is left in the session, nobody sees nothing, Bea and Ann see their own; nothing was written."""
    async with database.transaction(ANONYMOUS) as transaction:
        assert set(await transaction.fetch_row(LEFT_BEHIND) or ()) == {""}
        assert await transaction.fetch("SELECT FROM sprint_00_woop.submissions") == []
    assert await database.reader(ANONYMOUS)(WHO) == []
    for name in ("bea", "ann"):
        assert [row["user_id"] for row in await database.reader(tenants.viewers[name])(WHO)] == [tenants.id(name)]
    assert [row["version"] for row in await database.reader(tenants.viewers["ann"])(VERSIONS)] == [1]


async def test_after_a_read(database: Database, tenants: Tenants) -> None:
    """The admin's read is over, and with it the admin."""
    assert len(await database.reader(tenants.viewers["admin"])(WHO)) == 3
    await serves_cleanly(database, tenants)


async def test_after_a_transaction(database: Database, tenants: Tenants) -> None:
    """A commit ends the identity."""
    async with database.transaction(tenants.viewers["admin"]) as transaction:
        assert len(await transaction.fetch("SELECT FROM sprint_00_woop.submissions")) == 3
    await serves_cleanly(database, tenants)


async def test_after_an_exception_in_a_transaction(database: Database, tenants: Tenants) -> None:
    """What was written is undone, and the identity with it."""

    async def change_her_mind() -> None:
        async with database.transaction(tenants.viewers["ann"]) as transaction:
            await transaction.fetch(FIRST_WRITE)
            raise LookupError

    with pytest.raises(LookupError):
        await change_her_mind()
    await serves_cleanly(database, tenants)


async def test_after_a_read_that_fails(database: Database, tenants: Tenants) -> None:
    """PostgreSQL refuses in the middle of the statement that set the identity."""
    with pytest.raises(asyncpg.DivisionByZeroError):
        await database.reader(tenants.viewers["admin"])(as_viewer(FAIL))
    await serves_cleanly(database, tenants)


async def test_after_a_statement_that_fails_in_a_transaction(database: Database, tenants: Tenants) -> None:
    """What was written before it is undone."""
    with pytest.raises(asyncpg.DivisionByZeroError):
        await write(database, tenants, FAIL)
    await serves_cleanly(database, tenants)


async def test_after_a_cancelled_read(world: World, database: Database, tenants: Tenants) -> None:
    """The client has gone away in the middle of the statement."""
    async with stuck(world):
        await cancelled_in_the_middle(world, database, database.reader(tenants.viewers["admin"])(as_viewer(WAIT)))
    await serves_cleanly(database, tenants)


async def test_after_a_cancelled_transaction(world: World, database: Database, tenants: Tenants) -> None:
    """What it had written is undone."""
    async with stuck(world):
        await cancelled_in_the_middle(world, database, write(database, tenants, WAIT))
    await serves_cleanly(database, tenants)


async def test_after_a_transaction_cancelled_before_it_began(
    world: World, database: Database, tenants: Tenants
) -> None:
    """It waited for another writer of the same participant; the lock is then free for the next one."""
    participant = uuid4()

    async def enter(database: Database) -> None:
        async with database.transaction(tenants.viewers["ann"], lock=participant):
            pass

    async with world.gateway.database.transaction(tenants.viewers["ann"], lock=participant):
        await cancelled_in_the_middle(world, database, enter(database))
    await serves_cleanly(database, tenants)
    await enter(world.gateway.database)


async def test_after_the_server_gave_a_statement_up(world: World, database: Database, tenants: Tenants) -> None:
    """``statement_timeout``, in a transaction that had written."""
    async with stuck(world):
        with pytest.raises(asyncpg.QueryCanceledError):
            await write(database, tenants, "SELECT set_config('statement_timeout', '1', true)", WAIT)
    await serves_cleanly(database, tenants)


async def test_after_the_gateway_gave_a_statement_up(
    world: World, tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver's own limit, in a read and in a transaction that had written."""
    monkeypatch.setattr("db.database.STATEMENT_TIMEOUT", 2.0)
    database = await Database.connect(world.storage.gateway_url, pool_size=1)
    async with stuck(world):
        with pytest.raises(TimeoutError):
            await database.reader(tenants.viewers["admin"])(as_viewer(WAIT))
        with pytest.raises(TimeoutError):
            await write(database, tenants, WAIT)
    await serves_cleanly(database, tenants)
    await database.close()


async def test_viewers_at_once_do_not_mix(world: World, tenants: Tenants) -> None:
    """A hundred reads of many viewers over a few connections: each answer is the asker's own."""
    names = ["bea", "ann", "lone", "ben", "pupil"] * 20
    everyone = [tenants.id(name) for name in set(names)]
    answers = await asyncio.gather(
        *(world.gateway.database.reader(tenants.viewers[name])(PROGRESS, everyone) for name in names)
    )
    assert [{row["user_id"] for row in rows} for rows in answers] == [{tenants.id(name)} for name in names]
