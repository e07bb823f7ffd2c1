"""One real PostgreSQL for the whole run, migrated once; every test brings its own people, so none disturbs another.

The server is the embedded one, or the one that ``TEST_DATABASE_URL`` names (as a user who may create databases and
roles). The gateway under test logs in as the low-privilege role, exactly as in production.
"""

import os
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from app import serving
from app.settings import Environment, Settings
from app.storage import Storage, create_database, embedded, external
from db.catalogue import Catalogue, load_catalogue
from graphql_api.gateway import Gateway
from graphql_api.graph import Graph, build_graph
from tests.scheduling import Scheduler, place_in_line
from tests.world import World, open_world

TEST_DATABASE = f"fast_track_test_{os.getpid()}"

ENCRYPTION_KEYS = f"tests:{b64encode(b'a key of the tests and no others').decode()}"
"""What every gateway on the tests' database needs, one in production too: its answers are encrypted with these."""


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real catalogue."""
    return load_catalogue()


@pytest.fixture(scope="session")
def storage() -> Iterator[Storage]:
    """A database of this run's own, on the server under test."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        owner = make_url(url).set(database=TEST_DATABASE, drivername="postgresql")
        yield external(owner.render_as_string(hide_password=False))
        return
    # Not below pytest's own folder: another run that starts meanwhile shuts that for the server's user. And short, for
    # a Unix socket's name.
    with TemporaryDirectory(prefix="ftg", ignore_cleanup_errors=True) as folder:
        found = embedded(Path(folder) / "postgres", TEST_DATABASE)
        yield found
        found.embedded.cleanup()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a development process, whatever the environment of the run says.

    Requests are not limited: here a few people make thousands of them from one address. tests/rates limits its own.
    """
    return Settings(  # type: ignore[call-arg]
        _env_file=None,
        environment=Environment.DEVELOPMENT,
        data_dir=tmp_path_factory.mktemp("data"),
        database_pool_size=4,
        argon2_memory=8,
        argon2_passes=1,
        rate_limit_per_address=0,
        rate_limit_per_user=0,
        rate_limit_per_organization=0,
        rate_limit_per_service_key=0,
        encryption_keys=ENCRYPTION_KEYS,
    )


@pytest.fixture(scope="session", autouse=True)
def one_graph() -> Iterator[None]:
    """Gateways of one catalogue share a graph, as nothing changes it: making it takes longer than most tests."""
    made: dict[int, tuple[Catalogue, Graph]] = {}

    def shared(catalogue: Catalogue) -> Graph:
        if id(catalogue) not in made:
            made[id(catalogue)] = catalogue, build_graph(catalogue)  # kept, so that no other gets its id
        return made[id(catalogue)][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "build_graph", shared)
        yield


@pytest.fixture(scope="session")
async def world(storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[World]:
    """The migrated database, a gateway on it, and ways to make people."""
    await create_database(storage, anew=True)
    await storage.migrate(catalogue)
    async with open_world(storage, catalogue, settings) as opened:
        yield opened


@pytest.fixture
def gateway(world: World) -> Gateway:
    """The gateway under test."""
    return world.gateway


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: place_in_line(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler | None:
    """Who runs what where several processes test (``make test``)."""
    return Scheduler(config, log) if config.getvalue("dist") == "loadscope" else None
