"""A hosted PostgreSQL gives its customer a database and a role that may make roles, and no superuser."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.accounts import NewAccount, create_account
from app.storage import Storage, create_database
from db.catalogue import Catalogue
from db.database import Database
from db.migrations import create_gateway_role, downgrade, upgrade
from db.rate_counters import PostgresCounters
from db.statements.tools import PROGRESS, TEAM_COMPLETION
from db.viewer import Role, Viewer
from tests.db.databases import drop_database
from tests.world import World


@pytest.fixture
async def hosted(world: World) -> AsyncIterator[Storage]:
    """A database whose owner may make databases and roles, and is bound by policies like everyone."""
    name = f"fast_track_customer_{os.getpid()}"
    async with world.as_owner() as owner:
        await owner.execute(text(f"CREATE ROLE {name} LOGIN CREATEDB CREATEROLE PASSWORD 'customer'"))
    assert world.storage.owner_url is not None
    url = make_url(world.storage.owner_url).set(username=name, password="customer", database=name)
    gateway = make_url(world.storage.gateway_url).set(database=name)
    storage = replace(
        world.storage,
        owner_url=url.render_as_string(hide_password=False),
        gateway_url=gateway.render_as_string(hide_password=False),
        gateway_password=None,
    )
    await create_database(storage)
    yield storage
    # By the server's owner: the customer may not end what the server itself does there, such as an autovacuum.
    server = make_url(world.storage.owner_url).set(database=name)
    await drop_database(replace(storage, owner_url=server.render_as_string(hide_password=False)))
    async with world.as_owner() as owner:
        await owner.execute(text(f"DROP ROLE {name}"))


async def test_an_owner_without_powers_migrates_and_fills_it(hosted: Storage, catalogue: Catalogue) -> None:
    """Up, down and up; then an account, though every table forces its policies on the owner too; then it is read."""
    async with hosted.owner() as engine:
        await create_gateway_role(engine, None)
        assert len(await upgrade(engine, catalogue)) == len(await downgrade(engine, catalogue))
        await upgrade(engine, catalogue)
        async with engine.begin() as owner:
            person = await create_account(owner, catalogue, NewAccount("ann@a.example", "Ann", Role.USER, None))
    database = await Database.connect(hosted.gateway_url, pool_size=1)
    progress = await database.reader(Viewer(person))(PROGRESS, [person])
    completion = await database.reader(Viewer(person, uuid4()))(TEAM_COMPLETION, ["woop"])
    taken = await PostgresCounters(database).take([b"0" * 16], [3], [60_000], 1, 0)
    privileges = await database.login_privileges()
    await database.close()
    assert len(progress) == 31
    assert [tuple(row) for row in completion] == [("woop", 0, 0)]
    assert taken == [(3, 0, 0, 3)]
    assert not any(privileges.values())
