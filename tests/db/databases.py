"""More databases on the server under test, for tests that would disturb the others in the shared one."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.storage import Storage, create_database


@asynccontextmanager
async def fresh_database(storage: Storage, name: str) -> AsyncIterator[Storage]:
    """An empty database on the same server, gone at the end of the block."""
    found = _beside(storage, f"fast_track_{name}_{os.getpid()}")
    await create_database(found, anew=True)
    try:
        yield found
    finally:
        await drop_database(found)


@asynccontextmanager
async def copied_database(storage: Storage, name: str) -> AsyncIterator[Storage]:
    """A copy of a database to which nobody is connected, gone at the end of the block."""
    found = _beside(storage, f"fast_track_{name}_{os.getpid()}")
    assert storage.owner_url is not None
    assert found.owner_url is not None
    source, copy = make_url(storage.owner_url), make_url(found.owner_url)
    maintenance = source.set(database="postgres", drivername="postgresql+asyncpg")
    engine = create_async_engine(maintenance, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{copy.database}" WITH (FORCE)'))
            await connection.execute(text(f'CREATE DATABASE "{copy.database}" TEMPLATE "{source.database}"'))
    finally:
        await engine.dispose()
    try:
        yield found
    finally:
        await drop_database(found)


def _beside(storage: Storage, database: str) -> Storage:
    def named(url: str) -> str:
        return make_url(url).set(database=database).render_as_string(hide_password=False)

    assert storage.owner_url is not None
    return replace(storage, owner_url=named(storage.owner_url), gateway_url=named(storage.gateway_url))


async def drop_database(storage: Storage) -> None:
    """Remove a database, whoever is still connected to it."""
    assert storage.owner_url is not None
    url = make_url(storage.owner_url)
    maintenance = url.set(database="postgres", drivername="postgresql+asyncpg")
    engine = create_async_engine(maintenance, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))
    finally:
        await engine.dispose()
