"""A gateway whose webhooks may go to this machine, an admin with people, and a receiver."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker import Handlers, Pace, Patience, Worker
from app.worker.handlers import HANDLERS
from db.catalogue import Catalogue
from db.viewer import Role
from resolvers.jobs import Job
from tests.webhooks.receiver import Receiver, receiving
from tests.world import Person, World, open_world

QUICK = Pace(heartbeat=0.2, stalled=1, poll=0.1, grace=0.5, restart=0.1)
SOON: Handlers = {
    Job.DELIVER_WEBHOOK: replace(
        HANDLERS[Job.DELIVER_WEBHOOK], patience=Patience(attempts=3, first=timedelta(milliseconds=1))
    )
}

CREATE = """
mutation ($input: WebhookInput!) { createWebhook(input: $input) {
  __typename
  ... on WebhookWithSecret { secret webhook { databaseId url events active } }
  ... on InvalidInput { problems { path message } }
} }"""


@pytest.fixture(scope="module")
async def near(world: World, catalogue: Catalogue, settings: Settings) -> AsyncIterator[World]:
    """The same database; a gateway that may send to this machine."""
    async with open_world(
        world.storage, catalogue, settings.model_copy(update={"webhooks_to_loopback": True})
    ) as opened:
        yield opened


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver."""
    async with receiving() as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation with an admin, a participant and what a new webhook was given."""

    world: World
    admin: Person
    person: Person

    async def webhook(self, url: str, *events: str, document: str | None = None) -> dict[str, Any]:
        """A new webhook: its id and its secret."""
        wish = {"url": url, "events": events or ["SUBMITTED"], "document": document}
        answer = await self.world.graphql(self.admin, CREATE, {"input": wish})
        made: dict[str, Any] = answer.data["createWebhook"]
        assert made["__typename"] == "WebhookWithSecret", made
        return {"id": made["webhook"]["databaseId"], "secret": made["secret"]}

    async def deliveries(self, status: str | None = None) -> list[dict[str, Any]]:
        """What became of them, the newest first."""
        answer = await self.world.graphql(
            self.admin,
            "query ($status: WebhookDeliveryStatus) { webhookDeliveries(status: $status) { edges { node {"
            " databaseId eventId kind status attempts lastStatus lastError nextAttemptAt deliveredAt } } } }",
            {"status": status},
        )
        return [edge["node"] for edge in answer.data["webhookDeliveries"]["edges"]]

    async def paused(self) -> list[str | None]:
        """Why each webhook is paused."""
        answer = await self.world.graphql(self.admin, "{ webhooks { pausedBecause } }")
        return [webhook["pausedBecause"] for webhook in answer.data["webhooks"]]


@pytest.fixture
async def company(near: World) -> Company:
    """One, and an empty queue."""
    async with near.as_owner() as owner:
        await owner.execute(text("DELETE FROM procrastinate.procrastinate_jobs"))
    organization = await near.organization()
    return Company(near, await near.person(organization, Role.ADMIN), await near.person(organization))


@pytest.fixture
async def worker(near: World, settings: Settings, company: Company) -> AsyncIterator[None]:
    """A worker that delivers; tries of a delivery follow each other at once, and there are three."""
    async with Worker(near.gateway, settings, near.storage.gateway_url, SOON, QUICK).running():
        yield
