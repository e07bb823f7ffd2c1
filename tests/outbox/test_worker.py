"""``python -m app worker``: a process of its own that does jobs, and what it defers by itself."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker.handlers import HANDLERS
from app.worker.queue import add_handlers, queue_at
from db.viewer import ANONYMOUS
from resolvers.jobs import Job, defer
from tests.conftest import ENCRYPTION_KEYS
from tests.world import World


@pytest.mark.usefixtures("nothing_waits")
async def test_it_does_jobs_until_it_is_told_to_stop(world: World) -> None:
    """Those that wait when it starts; at SIGTERM it ends well."""
    storage = world.storage
    assert storage.owner_url is not None
    async with world.gateway.database.transaction(ANONYMOUS) as transaction:
        await defer(transaction, Job.EXPIRE_EXPORTS, {"timestamp": 0})
    found = {"DATABASE_URL": storage.owner_url, "GATEWAY_DATABASE_URL": storage.gateway_url, "LOG_LEVEL": "error"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "worker"),
        env=os.environ | found | {"ENCRYPTION_KEYS": ENCRYPTION_KEYS},
        cwd=Path(__file__).parents[2],
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            while await _waiting(world):  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert (process.returncode, "worker" in said.decode()) == (0, True), said.decode()


def test_what_is_done_by_itself(world: World, settings: Settings) -> None:
    """Each handler with a time is deferred then, by whichever worker is first."""
    queue = queue_at(world.storage.gateway_url)
    add_handlers(queue, HANDLERS, world.gateway, settings)
    registered = {(task.task.name, task.cron) for task in queue.periodic_registry.periodic_tasks.values()}
    assert registered == {(name, handler.cron) for name, handler in HANDLERS.items() if handler.cron}
    assert {Job.PRUNE, Job.EXPIRE_EXPORTS} == {name for name, _ in registered}


async def _waiting(world: World) -> int:
    async with world.as_owner() as owner:
        jobs = "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = 'expire_exports'"
        return int(await owner.scalar(text(jobs)) or 0)
