"""The audits of the npm suite ``graphql-http``, sent by Node to the gateway on a real server."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.serving import application
from app.settings import Settings
from graphql_api.negotiation import Profile
from tests.node import NODE, install, needs_node
from tests.rest_shim.serving import serving
from tests.world import World

SUITE = Path(__file__).parent / "audits"
AUDITS = 61

# The suite is older than the text of 2026, which says 422 where it says 400, has no 200 for failures, and leaves the
# media type to us where a client does not say which.
SUPERSEDED = {
    "47DE": "*/* and the newer type",
    "80D8": "no Accept and the newer type",
    **dict.fromkeys(("423L", "3E3A", "LKJ0", "LKJ1", "LKJ2", "LKJ3"), "400 without a query"),
    **dict.fromkeys((f"{group}{kind}" for group in ("6C0", "476", "58B") for kind in range(4)), "400 for a wrong type"),
    **dict.fromkeys(("572B", "FDE2", "7B9B"), "200 for a failure"),
    "86EE": "400 for variables that do not fit",
}

pytestmark = needs_node


@pytest.fixture(scope="module")
def suite() -> Path:
    """The suite at the version of its lock file."""
    install(SUITE)
    return SUITE


async def test_every_audit_passes(world: World, settings: Settings, suite: Path) -> None:
    """What must, should and may hold: all of it holds."""
    assert suite
    statuses = await _audited(world, settings)
    assert len(statuses) == AUDITS
    assert {name: status for name, status in statuses.items() if status != "ok"} == {}


async def test_the_profile_of_2026_differs_where_its_text_does(world: World, settings: Settings, suite: Path) -> None:
    """Everything else that the suite asks holds there as well."""
    assert suite
    statuses = await _audited(world, settings.model_copy(update={"graphql_http_profile": Profile.DRAFT_2026}))
    assert len(statuses) == AUDITS
    assert {name for name, status in statuses.items() if status != "ok"} == set(SUPERSEDED)


async def _audited(world: World, settings: Settings) -> Mapping[str, str]:
    """The status of each audit by its id."""
    async with serving(application(world.gateway, settings, world.storage)) as (host, port):
        results = json.loads(await _run("audit.mjs", f"http://{host}:{port}/graphql"))
    return {audit["id"]: audit["status"] if audit["status"] == "ok" else audit["reason"] for audit in results}


async def _run(*arguments: str) -> str:
    assert NODE is not None
    process = await asyncio.create_subprocess_exec(
        NODE, *arguments, cwd=SUITE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return output.decode()
