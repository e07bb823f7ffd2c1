"""What every refusal has in common, whatever was wrong: no fault, no trace, nothing written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.resolvers import stored
from tests.world import Person, World

REFUSAL = "{ __typename ... on Refusal { message } }"
"""What to ask of any result that may be a refusal."""

TRACES = ("Traceback", 'File "', "asyncpg", "site-packages", "INTERNAL_SERVER_ERROR", "went wrong on our side")


@asynccontextmanager
async def nothing_written(world: World, *people: Person) -> AsyncIterator[None]:
    """Every row of these people is afterwards what it was before."""
    before = await stored.everything(world, *people)
    yield
    assert await stored.everything(world, *people) == before


def told(response: httpx.Response) -> dict[str, Any]:
    """The body of an answer that is no fault of ours and shows nothing of our insides."""
    assert response.status_code < 500, response.text
    assert not [trace for trace in TRACES if trace in response.text]
    assert response.headers["x-request-id"]
    body: dict[str, Any] = response.json()
    return body


def codes(body: dict[str, Any]) -> set[str]:
    """The codes of its errors."""
    return {error["extensions"]["code"] for error in body.get("errors", [])}


async def asked(world: World, who: Person, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer to a GraphQL request that may be refused, but has to be no fault."""
    response = await world.client.post(
        "/graphql", json={"query": query, "variables": variables or {}}, headers=who.headers
    )
    return told(response)
