"""The stores of counters under test, each as a gateway uses it."""

import pytest

from db.rate_counters import PostgresCounters
from resolvers.counters import CounterStore
from tests.world import World


@pytest.fixture(params=["postgresql"])
def store(request: pytest.FixtureRequest, world: World) -> CounterStore:
    """Every store there is."""
    return PostgresCounters(world.gateway.database)
