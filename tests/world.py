"""What tests act through: people made on demand, GraphQL and REST called as they would call it, SQL that was sent."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import jwt
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.accounts import NewAccount, create_account, create_organization
from app.demo import content
from app.serving import application, open_gateway
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue, Tool
from db.models.identity import Account
from db.viewer import Role, Viewer
from graphql_api.gateway import Gateway
from resolvers.context import Context, Origin
from resolvers.identity import account_by_id, viewer_of

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a token."""

    account: Account
    token: str

    @property
    def id(self) -> UUID:
        """The account's id."""
        return self.account.id

    @property
    def viewer(self) -> Viewer:
        """The identity of this person's requests."""
        return viewer_of(self.account)

    @property
    def headers(self) -> dict[str, str]:
        """What identifies this person over HTTP."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(slots=True)
class Answer:
    """What a GraphQL request came to."""

    data: Any
    errors: list[dict[str, Any]]


@dataclass(slots=True, repr=False)
class World:
    """A gateway on a migrated database, with everything a test needs to act."""

    storage: Storage
    owner: AsyncEngine
    gateway: Gateway
    client: httpx.AsyncClient
    statements: list[str] = field(default_factory=list)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that the gateway runs."""
        return self.gateway.graph.catalogue

    async def organization(self, name: str = "Testers") -> UUID:
        """A new organisation."""
        number = next(_numbers)
        async with self.owner.begin() as connection:
            return await create_organization(connection, f"{name.lower()}-{number}", name)

    async def person(
        self, organization: UUID | None = None, role: Role = Role.USER, name: str = "Pat Tester"
    ) -> Person:
        """A new person; only WOOP is open to them."""
        email = f"person-{next(_numbers)}@test.example"
        async with self.owner.begin() as connection:
            user_id = await create_account(connection, self.catalogue, NewAccount(email, name, role, organization))
        account = await account_by_id(self.gateway.database, user_id)
        assert account is not None
        return Person(account, self.gateway.tokens.sign(account))

    def signed(self, claims: Mapping[str, Any], **header: Any) -> str:
        """A token with just these claims, signed with the gateway's own key; ``header`` over what it would say."""
        key = self.gateway.tokens.keys.current().signing(time.time())
        return jwt.encode(dict(claims), key.signing, key.algorithm, {"kid": key.id, **header})

    async def context(self, person: Person | None) -> Context:
        """A request context of this person, as the gateway makes it."""
        authorization = person.headers["Authorization"] if person else None
        return await self.gateway.context(authorization, Origin("127.0.0.1", "tests"), "test-request")

    async def graphql(self, person: Person | None, query: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """A GraphQL request over HTTP; fails on anything but status 200."""
        response = await self.client.post(
            "/graphql",
            json={"query": query, "variables": dict(variables or {})},
            headers=person.headers if person else {},
        )
        assert response.status_code == 200, response.text
        body = response.json()
        return Answer(body.get("data"), body.get("errors", []))

    async def complete(self, person: Person, *slugs: str) -> None:
        """Save and submit these tools with believable answers, in the order given."""
        for slug in slugs:
            result = await self.graphql(
                person,
                "mutation ($tool: String!, $data: JSON!) { submitTool(tool: $tool, data: $data)"
                " { __typename ... on Refusal { message } } }",
                {"tool": slug, "data": self.answers(slug)},
            )
            assert not result.errors, result.errors
            assert result.data["submitTool"]["__typename"] == "SubmissionSubmitted", result.data

    async def complete_before(self, person: Person, slug: str) -> None:
        """Complete every tool that must be done before ``slug`` opens, and no other."""
        needed: set[str] = set()

        def collect(tool: Tool) -> None:
            for source in self.catalogue.blocking(tool):
                if source.slug not in needed:
                    needed.add(source.slug)
                    collect(source)

        collect(self.catalogue.by_slug[slug])
        await self.complete(person, *(tool.slug for tool in self.catalogue.sequence if tool.slug in needed))

    def answers(self, slug: str) -> dict[str, Any]:
        """Believable answers to every question of a tool."""
        return content.answers("acme", self.catalogue.by_slug[slug])

    @contextmanager
    def sql(self) -> Iterator[list[str]]:
        """The statements sent to PostgreSQL inside the block."""
        self.statements.clear()
        yield self.statements

    @asynccontextmanager
    async def as_owner(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of the database's owner, past the policies: to look at what is really there."""
        async with self.owner.begin() as connection:
            yield connection


class FromEverywhere(httpx.ASGITransport):
    """Each request from another address, so that no test is held up by what another one tried."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it."""
        number = next(_numbers)
        self.client = (f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1", 40_000)
        return await super().handle_async_request(request)


@asynccontextmanager
async def open_world(storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[World]:
    """A world on a migrated database."""
    statements: list[str] = []
    async with (
        storage.owner() as owner,
        open_gateway(settings, storage, catalogue, statements.append) as gateway,
        httpx.AsyncClient(
            transport=FromEverywhere(application(gateway, settings, storage), raise_app_exceptions=False),
            base_url="http://gateway.test",
        ) as client,
    ):
        yield World(storage, owner, gateway, client, statements)
