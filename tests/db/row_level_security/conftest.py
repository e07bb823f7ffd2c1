"""The tenants, made once for all tests of this folder: none of these tests leaves a change behind."""

import pytest

from tests.db.row_level_security.tenants import Tenants, settle
from tests.world import World


@pytest.fixture(scope="session")
async def tenants(world: World) -> Tenants:
    """Three organisations with a row of each person in each table."""
    return await settle(world)
