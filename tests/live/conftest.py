"""A gateway on a real server."""

from collections.abc import AsyncIterator

import pytest

from app.serving import application
from app.settings import Settings
from tests.rest_shim.serving import serving
from tests.world import World


@pytest.fixture(scope="session")
async def address(world: World, settings: Settings) -> AsyncIterator[str]:
    """Where it is served."""
    async with serving(application(world.gateway, settings, world.storage)) as (host, port):
        yield f"http://{host}:{port}"
