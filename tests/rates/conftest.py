"""The stores of counters under test, each as a gateway uses it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from db.rate_counters import PostgresCounters
from integrations.redis_counters import RedisCounters
from resolvers.counters import CounterStore
from rest_shim import openapi_document
from tests.rates.redis_server import BINARY, redis_place, running_redis
from tests.rest_shim.documented import Documented
from tests.world import World


@pytest.fixture(scope="session")
def redis_installed() -> None:
    """Skips where there is no Redis to test with."""
    if BINARY is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")


@pytest.fixture(scope="session")
def redis_url(redis_installed: None) -> Iterator[str]:
    """A Redis server for the whole run."""
    with redis_place() as socket, running_redis(socket):
        yield f"unix://{socket}"


@pytest.fixture
def redis_socket(redis_installed: None) -> Iterator[Path]:
    """Where a test may start a Redis of its own, and stop it."""
    with redis_place() as socket:
        yield socket


@pytest.fixture(scope="session")
def documented(world: World) -> Documented:
    """What the REST routes are documented to answer."""
    return Documented(openapi_document(world.gateway.graph))


@pytest.fixture
async def redis_store(redis_url: str) -> AsyncIterator[RedisCounters]:
    """Counters in Redis."""
    counters = RedisCounters(redis_url)
    yield counters
    await counters.close()


@pytest.fixture(params=["postgresql", "redis"])
def store(request: pytest.FixtureRequest, world: World) -> CounterStore:
    """Every store there is, one after the other."""
    if request.param == "redis":
        found: RedisCounters = request.getfixturevalue("redis_store")
        return found
    return PostgresCounters(world.gateway.database)
