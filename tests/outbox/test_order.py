"""A reader that goes on from a cursor misses nothing, however transactions end."""

import asyncio
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from resolvers.live.feeds import Following
from resolvers.live.following import read_page
from resolvers.live.positions import Position
from tests.outbox.conftest import START, Here, events_after
from tests.world import Person, World


async def _record(connection: AsyncConnection, person: Person, kind: str) -> None:
    await connection.execute(
        text("INSERT INTO outbox.events (at, kind, user_id, actor_id) VALUES (now(), :kind, :id, :id)"),
        {"kind": kind, "id": person.id},
    )


async def test_what_commits_late_comes_after_the_cursor(world: World, here: Here) -> None:
    """The early transaction has the lower position and ends last: until then nothing of the late one is read."""
    person = await world.person(await world.organization())
    position = await here(person)
    seen: list[str] = []

    async def read() -> None:
        nonlocal position
        page = await read_page(
            world.gateway.database, person.viewer, Following(person.id), ("first", "second"), position, 1
        )
        for event in page.events:
            seen.append(event.kind)
            position = Position(event.transaction, event.position)

    async with world.owner.connect() as early, world.owner.connect() as late:
        await _record(early, person, "first")
        await _record(late, person, "second")
        await late.commit()
        await read()
        assert seen == []
        await early.commit()
    for _ in range(3):
        await read()
    assert seen == ["first", "second"]


async def test_a_lower_position_in_a_later_transaction_is_no_gap(world: World) -> None:
    """Two that write in turns: the order is that of transactions, and a cursor of one is before the other's whole."""
    person = await world.person(await world.organization())
    kinds = ("one: 1", "one: 2", "other: 1")
    async with world.owner.connect() as one, world.owner.connect() as other:
        await _record(one, person, "one: 1")
        await _record(other, person, "other: 1")
        await _record(one, person, "one: 2")
        await other.commit()
        await one.commit()
    position, seen = START, []
    following = Following(person.id)
    while (page := await read_page(world.gateway.database, person.viewer, following, kinds, position, 1)).events:
        seen.append(page.events[0].kind)
        position = Position(page.events[0].transaction, page.events[0].position)
    assert seen == ["one: 1", "one: 2", "other: 1"]


async def test_who_listens_is_woken_with_ids_and_nothing_else(world: World) -> None:
    """Once for a statement, when it commits."""

    person = await world.person(await world.organization())
    told: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(world.storage.gateway_url)
    try:
        await connection.add_listener("fast_track_events", lambda *given: told.put_nowait(str(given[3])))
        await world.complete(person, "woop")
        payload = await asyncio.wait_for(told.get(), 10)
        assert told.empty()
    finally:
        await connection.close()
    last = (await events_after(world, person.viewer, person.id))[-1]
    assert payload == f"{last.transaction} {person.id} {person.account.organization_id}"
    assert isinstance(last.id, UUID)
