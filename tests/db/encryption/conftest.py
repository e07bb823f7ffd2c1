"""A deployment for the tests that change keys, made once; each test finds it in order and leaves it so."""

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.encryption import reencryption
from tests.db.databases import fresh_database
from tests.db.encryption.deployment import Deployment, expected
from tests.world import open_world


@pytest.fixture(scope="session")
async def deployment(storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[Deployment]:
    """Two organisations of three people each, and two people who belong to none, each with a story and hardships."""
    async with fresh_database(storage, "keys") as found:
        await found.migrate(catalogue)
        async with open_world(found, catalogue, settings) as world:
            organizations = [await world.organization() for _ in range(2)]
            people = tuple([await world.person(each) for each in (*organizations * 3, None, None)])
            made = Deployment(world, people)
            for number, person in enumerate(people):
                await world.complete(person, "woop")
                await made.save(person, **expected(number))
            yield made


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three submissions at a time, so that eight make several batches."""
    monkeypatch.setattr(reencryption, "BATCH", 3)
