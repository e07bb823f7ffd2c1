"""The audits of the npm suite ``graphql-http``, sent by Node to the gateway on a real server."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.serving import application
from app.settings import Settings
from tests.rest_shim.serving import serving
from tests.world import World

SUITE = Path(__file__).parent / "audits"
AUDITS = 61
NODE, NPM = shutil.which("node"), shutil.which("npm")

pytestmark = pytest.mark.skipif(not (NODE and NPM), reason="the audits run in Node: apt-get install nodejs npm")


async def test_every_audit_passes(world: World, settings: Settings) -> None:
    """What must, should and may hold: all of it holds."""
    if not (SUITE / "node_modules" / ".package-lock.json").exists():
        await _run(NPM, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    async with serving(application(world.gateway, settings, world.storage)) as (host, port):
        results: list[dict[str, Any]] = json.loads(await _run(NODE, "audit.mjs", f"http://{host}:{port}/graphql"))
    assert len(results) == AUDITS
    assert [audit for audit in results if audit["status"] != "ok"] == []


async def _run(program: str | None, *arguments: str) -> str:
    assert program is not None
    process = await asyncio.create_subprocess_exec(
        program, *arguments, cwd=SUITE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return output.decode()
