"""What the outbox holds, told in one line for each fact; a queue that begins empty."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.models.outbox import Event, FactKind
from db.viewer import Viewer
from resolvers.live.feeds import Following
from resolvers.live.following import read_page
from resolvers.live.positions import Position
from tests.world import Person, World

Since = Callable[..., Awaitable[list[str]]]
Here = Callable[[Person], Awaitable[Position]]
Save = Callable[..., Awaitable[None]]


START = Position(0)


async def events_after(
    world: World, viewer: Viewer, of: UUID, after: Position = START, kinds: Collection[str] = tuple(FactKind)
) -> Sequence[Event]:
    """All events about somebody's work that ``viewer`` may see, after a position."""
    page = await read_page(world.gateway.database, viewer, Following(of), kinds, after, 500)
    return page.events


def told(event: Event) -> str:
    """Kind, tool, fields and details of an event."""
    details = " ".join(f"{key}={value}" for key, value in sorted(event.details.items()))
    return " ".join(part for part in (event.kind, event.tool_slug, ",".join(event.field_ids), details) if part)


@pytest.fixture
def since(world: World) -> Since:
    """The facts about a person's work after a position: as that person, or as ``reader`` sees them."""

    async def read(person: Person, after: Position, reader: Person | None = None) -> list[str]:
        return [told(event) for event in await events_after(world, (reader or person).viewer, person.id, after)]

    return read


@pytest.fixture
def here(world: World) -> Here:
    """The place in the order before what happens next."""

    async def now(person: Person) -> Position:
        page = await read_page(world.gateway.database, person.viewer, Following(person.id), (), START)
        return Position(page.horizon)

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


@pytest.fixture
async def nothing_waits(world: World) -> None:
    """The test begins with an empty queue."""
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM procrastinate.procrastinate_jobs"))
