"""A gateway that knows the documents of docs/examples/n8n.json, an organisation with people, and its automations."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.viewer import Role
from tests.world import Person, World, open_world

MANIFEST = Path(__file__).parents[2] / "docs" / "examples" / "n8n.json"

CREATE = """mutation ($input: ServiceKeyInput!) { createServiceKey(input: $input) { __typename
  ... on ServiceKeyCreated { secret key { databaseId prefix name behalf tools operations lastUsedAt } }
  ... on InvalidInput { problems { path message } } ... on Refusal { message } } }"""
GRANT = """mutation ($key: UUID!, $user: ID!, $until: DateTime!, $tools: [String!]) {
  grantServiceKey(id: $key, userId: $user, until: $until, tools: $tools) { __typename
    ... on InvalidInput { problems { path } } ... on Refusal { message } } }"""
REVOKE = "mutation ($id: UUID!) { revokeServiceKey(id: $id) { __typename ... on Refusal { message } } }"


SENSITIVE = {"birthday_story", "hardships"}
"""Answers to Know Thyself that no service key is told, whatever it may ask."""


@dataclass(frozen=True, slots=True)
class Key:
    """A service key as an automation holds it."""

    world: World
    id: UUID
    secret: str

    async def post(self, query: str | Mapping[str, Any], person: Person | UUID | str | None, **variables: Any) -> Any:
        """A GraphQL request for a person: the decoded answer, with its status as ``status``."""
        asked = {"query": query} if isinstance(query, str) else dict(query)
        answer = await self.world.client.post(
            "/graphql", json=asked | {"variables": variables}, headers=self.headers(person)
        )
        return answer.json() | {"status": answer.status_code}

    async def rest(self, method: str, path: str, person: Person | UUID | str | None, **more: Any) -> httpx.Response:
        """A REST request for a person."""
        return await self.world.client.request(method, path, headers=self.headers(person), **more)

    def headers(self, person: Person | UUID | str | None) -> dict[str, str]:
        """What the automation sends."""
        wanted = person.id if isinstance(person, Person) else person
        return {"X-Api-Key": self.secret} | ({} if wanted is None else {"X-On-Behalf-Of": str(wanted)})


@dataclass(frozen=True, slots=True)
class House:
    """An organisation: two participants who have done WOOP and begun to know themselves, a guru, an admin."""

    world: World
    ann: Person
    ben: Person
    guru: Person
    admin: Person

    async def key(self, **given: Any) -> Key:
        """A key of the admin's making: for every member, every tool and every query, where nothing else is given."""
        created = await self.create(**given)
        assert created["__typename"] == "ServiceKeyCreated", created
        return Key(self.world, UUID(created["key"]["databaseId"]), created["secret"])

    async def create(self, by: Person | None = None, **given: Any) -> Any:
        """What becomes of asking for a key."""
        wanted = {"name": "n8n", "operations": ["read"], "behalf": "MEMBERS", "expiresAt": in_days(30)} | given
        answer = await self.world.graphql(by or self.admin, CREATE, {"input": wanted})
        assert not answer.errors, answer.errors
        return answer.data["createServiceKey"]

    async def grant(
        self, key: Key, user: Person, days: float = 1, tools: list[str] | None = None, by: Person | None = None
    ) -> Any:
        """What becomes of letting a key ask."""
        variables = {"key": str(key.id), "user": str(user.id), "until": in_days(days), "tools": tools}
        answer = await self.world.graphql(by or self.admin, GRANT, variables)
        assert not answer.errors, answer.errors
        return answer.data["grantServiceKey"]


def in_days(days: float) -> str:
    """A time from now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.fixture(scope="package")
async def automated(world: World, storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[World]:
    """A gateway on the shared database that knows the manifest."""
    assert world
    own = settings.model_copy(update={"stored_documents": (MANIFEST,)})
    async with open_world(storage, catalogue, own) as opened:
        yield opened


@pytest.fixture
async def house(automated: World) -> House:
    """An organisation of its own."""
    organization = await automated.organization()
    ann, ben = [await automated.person(organization, name=name) for name in ("Ann Ames", "Ben Brook")]
    for person in (ann, ben):
        await automated.complete(person, "woop", "know-thyself")
    guru = await automated.person(organization, Role.GURU, "Gus Gray")
    admin = await automated.person(organization, Role.ADMIN, "Ada Acton")
    return House(automated, ann, ben, guru, admin)


@pytest.fixture
async def stranger(automated: World) -> Person:
    """A participant of another organisation."""
    return await automated.person(await automated.organization(), name="Sue Stone")
