"""Deliveries whose job died: listed as failed with a reason, whatever it died of; closed ones keep theirs."""

import asyncio

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker import Worker
from integrations.webhooks import Sender
from tests.webhooks.conftest import QUICK, SOON, Company
from tests.webhooks.receiver import Receiver, status

OURS = "It could not be sent, for reasons of ours. Replay it."


async def died(company: Company, settings: Settings) -> None:
    """Have a worker work until the one job is dead."""
    async with Worker(company.world.gateway, settings, company.world.storage.gateway_url, SOON, QUICK).running():
        async with asyncio.timeout(30):
            while await _status(company) != "failed":  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.05)


async def _status(company: Company) -> str:
    async with company.world.as_owner() as owner:
        return str(await owner.scalar(text("SELECT status::text FROM procrastinate.procrastinate_jobs")))


async def test_one_that_took_its_last_worker_with_it_is_listed(
    company: Company, receiver: Receiver, settings: Settings
) -> None:
    """As failed, with a sentence, and not as one that waits."""
    await company.webhook(receiver.url)
    await company.world.complete(company.person, "woop")
    async with company.world.as_owner() as owner:
        await owner.execute(text("UPDATE procrastinate.procrastinate_jobs SET status = 'doing', attempts = 2"))
    await died(company, settings)
    (dead,) = await company.deliveries("FAILED")
    assert (dead["lastError"], dead["lastStatus"], dead["nextAttemptAt"]) == (OURS, None, None)
    assert await company.deliveries("WAITING") == []
    assert receiver.messages == []


async def test_one_that_fails_for_reasons_of_ours_is_listed_too(
    company: Company, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its last attempt."""

    async def fails(*_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(Sender, "send", fails)
    await company.webhook(receiver.url)
    await company.world.complete(company.person, "woop")
    await died(company, settings)
    (dead,) = await company.deliveries("FAILED")
    assert dead["lastError"] == OURS


async def test_one_that_is_closed_keeps_its_reason(company: Company, receiver: Receiver, settings: Settings) -> None:
    """What the receiver answered, and how often it was tried."""
    await company.webhook(receiver.url)
    receiver.answers = [status(500)] * 3
    await company.world.complete(company.person, "woop")
    await died(company, settings)
    (dead,) = await company.deliveries("FAILED")
    assert (dead["attempts"], dead["lastStatus"], dead["lastError"]) == (3, 500, "The receiver answered 500.")
