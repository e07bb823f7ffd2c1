"""Workers are killed while they deliver: every event arrives, and one that comes twice comes with the same id."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from tests.conftest import ENCRYPTION_KEYS
from tests.webhooks.conftest import Company
from tests.webhooks.receiver import Receiver

EVENTS = int(os.environ.get("OUTBOX_EVENTS", "150"))
"""How many events; ``OUTBOX_EVENTS=1000`` for the full number."""

KILLS = max(2, EVENTS // 75)

WORKER = """
import asyncio, sys
from app.serving import open_gateway
from app.settings import read_settings
from app.storage import external
from app.worker import Pace, Worker
from db.catalogue import load_catalogue

async def main():
    settings, storage = read_settings(), external(sys.argv[1], sys.argv[2])
    async with open_gateway(settings, storage, load_catalogue()) as gateway:
        pace = Pace(heartbeat=0.2, stalled=1, poll=0.1)
        print("ready", flush=True)
        await Worker(gateway, settings, storage.gateway_url, pace=pace).run()

asyncio.run(main())
"""


async def _worker(company: Company) -> asyncio.subprocess.Process:
    storage = company.world.storage
    assert storage.owner_url is not None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WORKER,
        storage.owner_url,
        storage.gateway_url,
        env=os.environ | {"WEBHOOKS_TO_LOOPBACK": "true", "ENCRYPTION_KEYS": ENCRYPTION_KEYS, "LOG_LEVEL": "error"},
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_none_is_lost_and_duplicates_have_the_same_id(company: Company, receiver: Receiver) -> None:
    """Killed with SIGKILL at random points; the next worker takes over what the last one held."""
    made = await company.webhook(receiver.url, "SUBMITTED")
    async with company.world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "INSERT INTO outbox.events (at, kind, user_id, actor_id, organization_id)"
                " SELECT now(), 'submitted', :person, :person, :organization FROM generate_series(1, :count)"
                " RETURNING id::text"
            ),
            {
                "person": company.person.id,
                "organization": company.person.account.organization_id,
                "count": EVENTS,
            },
        )
        events = set(rows.scalars())
    points = sorted(random.sample(range(1, EVENTS), KILLS))
    process = await _worker(company)
    for point in points:
        await receiver.until(point, 120)
        await asyncio.sleep(random.random() / 50)  # noqa: S311 - a point in time
        process.send_signal(signal.SIGKILL)
        await process.wait()
        process = await _worker(company)
    try:
        async with asyncio.timeout(120):
            while await _left(company):  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.1)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    came = Counter(message.id for message in receiver.messages)
    twice = sum(count - 1 for count in came.values())
    sys.stdout.write(f"{EVENTS} events, {KILLS} workers killed, {twice} messages came once more\n")
    assert set(came) == events
    for message in receiver.messages:
        assert message.verified(made["secret"])["event"]["id"] == message.id
    async with company.world.as_owner() as owner:
        statuses = await owner.execute(
            text("SELECT status, count(*) FROM webhooks.deliveries WHERE endpoint_id = :id GROUP BY status"),
            {"id": made["id"]},
        )
        assert [tuple(row) for row in statuses] == [("delivered", EVENTS)]


async def _left(company: Company) -> int:
    async with company.world.as_owner() as owner:
        return int(
            await owner.scalar(
                text("SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = 'deliver_webhook'")
            )
            or 0
        )
