"""Connections are lent in turn, never twice at once; none is lost by an error, a cancellation or a closed socket."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.storage import Storage
from db.connections import Connection, Connections
from tests.world import World

LIMIT = 2


@pytest.fixture
async def connections(storage: Storage, world: World) -> AsyncIterator[Connections]:
    """Two connections of the gateway's role."""
    del world  # it has migrated the database
    made = Connections(await asyncpg.create_pool(storage.gateway_url, min_size=0, max_size=LIMIT), LIMIT)
    yield made
    await asyncio.wait_for(made.close(), 10)


async def _pid(connection: Connection) -> int:
    pid: int = await connection.fetchval("SELECT pg_backend_pid()")
    return pid


async def test_the_last_used_is_lent_first(connections: Connections) -> None:
    """One reader after another needs one connection."""
    found = set()
    for _ in range(5):
        async with connections.lend() as connection:
            found.add(await _pid(connection))
    assert len(found) == 1


async def test_never_more_than_the_limit_and_never_one_twice(connections: Connections) -> None:
    """Fifty at once share two, one at a time each."""
    lent: set[int] = set()
    most = 0
    all_lent = asyncio.Event()

    async def use() -> None:
        nonlocal most
        async with connections.lend() as connection:
            assert id(connection) not in lent
            lent.add(id(connection))
            most = max(most, len(lent))
            if len(lent) == LIMIT:
                all_lent.set()
            await all_lent.wait()  # else one could serve all before the other is open
            await connection.fetchval("SELECT 1")
            lent.remove(id(connection))

    async with asyncio.timeout(30):
        await asyncio.gather(*(use() for _ in range(50)))
    assert most == LIMIT


async def test_they_come_in_the_order_they_asked(connections: Connections) -> None:
    """Nobody who comes later is served before one who waits."""
    held = [await connections.take() for _ in range(LIMIT)]
    served: list[int] = []

    async def use(number: int) -> None:
        connection = await connections.take()
        served.append(number)
        connections.give(connection)

    waiting = [asyncio.create_task(use(number)) for number in range(4)]
    await asyncio.sleep(0)
    connections.give(held[0])
    late = asyncio.create_task(use(4))
    await asyncio.gather(*waiting, late)
    connections.give(held[1])
    assert served == [0, 1, 2, 3, 4]


async def test_an_error_costs_no_connection(connections: Connections) -> None:
    """After ten failed statements there are still two to have at once."""
    for _ in range(10):
        with pytest.raises(asyncpg.DivisionByZeroError):
            async with connections.lend() as connection:
                await connection.fetchval("SELECT 1 / 0")
    async with connections.lend() as one, connections.lend() as other:
        assert await _pid(one) != await _pid(other)


async def test_a_cancelled_statement_costs_no_connection(connections: Connections) -> None:
    """Cancelled while it runs, or while it waits for its turn: the next one is served."""

    async def sleep() -> None:
        async with connections.lend() as connection:
            await connection.execute("SELECT pg_sleep(30)")

    tasks = [asyncio.create_task(sleep()) for _ in range(LIMIT + 3)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with connections.lend() as one, connections.lend() as other:
        assert await one.fetchval("SELECT 1") == 1
        assert await other.fetchval("SELECT 2") == 2


async def test_called_and_cancelled_in_one_breath(connections: Connections) -> None:
    """Who is called just as it gives up passes its turn on."""
    held = [await connections.take() for _ in range(LIMIT)]
    first, second = (asyncio.create_task(connections.take()) for _ in range(2))
    await asyncio.sleep(0)
    connections.give(held[0])
    first.cancel()
    connection = await asyncio.wait_for(second, 10)
    connections.give(connection)
    connections.give(held[1])


async def test_a_closed_connection_is_replaced(connections: Connections, world: World) -> None:
    """The server hung up in between: the next reader gets a new one."""
    async with connections.lend() as connection:
        pid = await _pid(connection)
    async with world.owner.connect() as owner:
        await owner.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
    for _ in range(100):
        try:
            if connection.is_closed():
                break
        except asyncpg.InterfaceError:  # taken back by the pool
            break
        await asyncio.sleep(0.02)
    async with connections.lend() as replaced:
        assert await _pid(replaced) != pid


async def test_closing_waits_for_what_runs(storage: Storage, world: World) -> None:
    """A statement under way ends before its connection does."""
    del world
    made = Connections(await asyncpg.create_pool(storage.gateway_url, min_size=0, max_size=1), 1)

    async def read() -> int:
        async with made.lend() as connection:
            answer: int = await connection.fetchval("SELECT 7 FROM pg_sleep(0.2)")
            return answer

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    await asyncio.wait_for(made.close(), 10)
    assert await reading == 7
