"""The database of these tests: filled once; each part that changes it gets a copy. And what came of asking."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from graphql_api.limits import LIMITS, Mode
from tests.db.databases import copied_database, fresh_database
from tests.isolation import reading, writing
from tests.isolation.asking import Asking
from tests.isolation.cast import Cast
from tests.isolation.census import Census, census
from tests.isolation.examination import Examination
from tests.isolation.filling import fill, persons
from tests.isolation.loading import Loaded, load_everything
from tests.isolation.marks import Marks
from tests.isolation.statements import statements_that_write
from tests.isolation.targets import Targets, targets
from tests.world import open_world

SHARE = int(os.environ.get("ISOLATION_SHARE", "20"))
"""Every so many-th question only; `make isolation` asks them all."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The filled database, to which nobody is connected, and who is in it."""

    storage: Storage
    cast: Cast
    census: Census
    targets: Targets
    catalogue: Catalogue
    settings: Settings

    @asynccontextmanager
    async def copy(self, name: str) -> AsyncIterator[Examination]:
        """A gateway on a copy of the database, and an examination that has not found anything yet."""
        async with AsyncExitStack() as stack:
            storage = await stack.enter_async_context(copied_database(self.storage, f"isolation_{name}"))
            world = await stack.enter_async_context(open_world(storage, self.catalogue, self.settings))
            asking = Asking(world, await persons(world, self.cast), self.cast.keys)
            yield Examination(asking, self.census, replace(self.targets, cursors={}))


@pytest.fixture(scope="session")
async def untouched(filled: Filled) -> AsyncIterator[Examination]:
    """A copy for tests that leave no change behind."""
    async with filled.copy("untouched") as examination:
        yield examination


@pytest.fixture(scope="session")
async def loaded(untouched: Examination) -> Loaded:
    """What came of asking every loader."""
    return await load_everything(untouched)


@pytest.fixture(scope="session")
async def foreign_statements(untouched: Examination) -> list[str]:
    """Statements that wrote a foreign row."""
    return await statements_that_write(untouched)


@pytest.fixture(scope="session")
async def read(filled: Filled) -> reading.Read:
    """What came of asking everything as everybody."""
    async with filled.copy("reads") as examination:
        return await reading.read_everything(examination, SHARE)


@pytest.fixture(scope="session")
async def written(filled: Filled) -> writing.Written:
    """What came of every mutation as everybody."""
    async with filled.copy("writes") as examination:
        return await writing.write_everything(examination, SHARE)


@pytest.fixture(scope="session")
async def filled(storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[Filled]:
    """Three tenants."""
    # How much may be asked at once is another matter: questions about all fields of all tools are large.
    # And a token lasts as long as the questions do, however slow the machine is.
    update = {"cost_mode": Mode.MEASURE, "measured_limits": tuple(LIMITS), "jwt_expiry": 86_400}
    settings = settings.model_copy(update=update)
    async with fresh_database(storage, "isolation") as found:
        await found.migrate(catalogue)
        async with open_world(found, catalogue, settings) as world:
            cast = await fill(world, Marks())
            async with world.as_owner() as owner:
                counted = await census(owner, cast)
                wanted = await targets(owner, world.gateway.graph.schema, catalogue, cast)
        yield Filled(found, cast, counted, wanted, catalogue, settings)
