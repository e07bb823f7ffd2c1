"""What the outbox holds, told in one line for each fact."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from db.models.outbox import Cursor, Event
from resolvers.outbox import cursor_now, events_after
from tests.world import Person, World

Since = Callable[[Person, Cursor], Awaitable[list[str]]]
Here = Callable[[Person], Awaitable[Cursor]]
Save = Callable[..., Awaitable[None]]


def told(event: Event) -> str:
    """Kind, tool, fields and details of an event."""
    details = " ".join(f"{key}={value}" for key, value in sorted(event.details.items()))
    return " ".join(part for part in (event.kind, event.tool_slug, ",".join(event.field_ids), details) if part)


@pytest.fixture
def since(world: World) -> Since:
    """The facts after a cursor that somebody may read."""

    async def read(person: Person, cursor: Cursor) -> list[str]:
        return [told(event) for event in await events_after(world.gateway.database, person.viewer, cursor)]

    return read


@pytest.fixture
def here(world: World) -> Here:
    """The place in the order before what happens next."""

    async def now(person: Person) -> Cursor:
        return await cursor_now(world.gateway.database, person.viewer)

    return now


@pytest.fixture
def save(world: World) -> Save:
    """Saves answers; fails on a refusal."""

    async def act(person: Person, tool: str, **data: Any) -> None:
        answer = await world.graphql(
            person,
            "mutation ($tool: String!, $data: JSON!) { saveSubmission(tool: $tool, data: $data) { __typename } }",
            {"tool": tool, "data": data},
        )
        assert answer.data["saveSubmission"]["__typename"] == "SubmissionSaved", answer

    return act
