"""The people, made once for all tests of this folder: none of these tests changes them."""

import pytest

from tests.graphql_api.compiled.houses import Houses, build
from tests.world import World


@pytest.fixture(scope="session")
async def houses(world: World) -> Houses:
    """Two organisations, a guru of one of them, and someone of none."""
    return await build(world)
