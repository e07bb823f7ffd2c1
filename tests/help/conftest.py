"""A gateway that asks an n8n of the tests, and people to ask it."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.assistance import N8nAssistant
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from integrations.n8n import PATIENCE, Webhook
from tests.help.n8n_server import SECRET, N8n, after, answering, n8n_server
from tests.rest_shim.documented import Documented
from tests.rest_shim.rest import Rest
from tests.world import Person, World, open_world

HELP = """mutation ($tool: String!, $question: String!, $data: JSON) {
  requestHelp(tool: $tool, question: $question, currentData: $data) { __typename
    ... on Help { answer suggestions confidenceScore tool { slug } limit remaining resetSeconds }
    ... on NoAdvice { guidance } ... on AssistantUnavailable { retryAfter }
    ... on InvalidAnswers { problems { path message } } ... on InvalidInput { problems { path } }
    ... on RateLimited { limit remaining retryAfter resetAt } ... on Refusal { message } } }"""

CHALLENGE = """mutation ($tool: String!) { requestChallenge(tool: $tool) { __typename
    ... on Challenge { hasChallenges limit remaining resetSeconds }
    ... on RateLimited { limit remaining } ... on Refusal { message } } }"""


@dataclass(frozen=True, slots=True)
class Desk:
    """The gateway and the n8n that it asks."""

    world: World
    n8n: N8n
    rest: Rest

    @property
    def webhooks(self) -> Collection[Webhook]:
        """Those of the gateway."""
        assistant = self.world.gateway.services.assistant
        assert isinstance(assistant, N8nAssistant)
        return assistant.webhooks.values()

    def silence(self, patience: float = 0.3) -> None:
        """n8n says nothing, and is not waited for as long as it would be."""
        self.n8n.otherwise = after(60, answering())
        for webhook in self.webhooks:
            webhook._patience = patience

    async def challenge(self, person: Person, tool: str = "woop") -> Any:
        """What becomes of a challenge; an entry in ``errors`` is never any of it."""
        answer = await self.world.graphql(person, CHALLENGE, {"tool": tool})
        assert answer.errors == []
        return answer.data["requestChallenge"]

    async def ask(self, person: Person, question: str = "How do I begin?", tool: str = "woop", **data: Any) -> Any:
        """What becomes of a question; an entry in ``errors`` is never any of it."""
        answer = await self.world.graphql(person, HELP, {"tool": tool, "question": question, "data": data or None})
        assert answer.errors == []
        return answer.data["requestHelp"]


@pytest.fixture(scope="package")
async def server() -> AsyncIterator[N8n]:
    """n8n."""
    async with n8n_server() as running:
        yield running


@pytest.fixture(scope="package")
async def helped(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings, server: N8n
) -> AsyncIterator[World]:
    """A gateway on the shared database that knows its webhooks."""
    assert world
    own = settings.model_copy(
        update={
            "n8n_help_url": f"{server.url}/help",
            "n8n_challenge_url": f"{server.url}/challenge",
            "n8n_secret": SECRET,
        }
    )
    async with open_world(storage, catalogue, own) as opened:
        yield opened


@pytest.fixture(scope="package")
async def documented(helped: World) -> Documented:
    """What the REST routes are documented to answer."""
    found: httpx.Response = await helped.client.get("/openapi.json")
    return Documented(found.json())


@pytest.fixture
async def desk(helped: World, server: N8n, documented: Documented) -> Desk:
    """Nothing asked yet, and every answer good."""
    server.answers.clear()
    server.received.clear()
    server.otherwise, server.sent = answering(), 0
    made = Desk(helped, server, Rest(helped.client, documented))
    for webhook in made.webhooks:
        webhook._breaker.succeeded()
        webhook._patience = PATIENCE
    return made


@pytest.fixture
async def person(helped: World) -> Person:
    """A participant with an organisation of their own; only WOOP is open."""
    return await helped.person(await helped.organization(), name="Paula Private")
