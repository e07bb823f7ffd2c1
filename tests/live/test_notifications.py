"""One connection hears of all commits; what happens while it is lost is told as soon as it is back."""

import asyncio

from sqlalchemy import text

from db.notifications import FIRST_RETRY
from tests.live.happening import unlock
from tests.live.listener import WITHIN, socket
from tests.world import World

LISTEN = "subscription { toolUnlocked { __typename ... on ToolUnlocked { tool { slug } } } }"
OURS = "FROM pg_stat_activity WHERE application_name = 'fast-track-graph-live' AND datname = current_database()"


async def test_one_connection_for_everybody(world: World, address: str) -> None:
    """And those who only listen hold none of the pool's."""
    person = await world.person()
    async with socket(address, person) as one, socket(address, person) as other:
        for mine in (one, other):
            for _ in range(10):
                number = await mine.ask(LISTEN)
                await mine.told(number)
        async with world.as_owner() as owner:
            assert await owner.scalar(text(f"SELECT count(*) {OURS}")) == 1
        async with asyncio.timeout(WITHIN):
            while world.gateway.database._connections._taken:  # noqa: ASYNC110 - a first look may still go on
                await asyncio.sleep(0.02)


async def test_a_lost_connection(world: World, address: str) -> None:
    """It is opened again, and everybody looks for what they have missed."""
    person = await world.person()
    async with socket(address, person) as mine:
        await mine.ask(LISTEN)
        await mine.told()
        for tool in ("woop", "dream"):
            async with world.as_owner() as owner:
                await owner.execute(text(f"SELECT pg_terminate_backend(pid) {OURS}"))
            await unlock(world, person, tool)
            assert (await mine.told())["tool"] == {"slug": tool}
            await asyncio.sleep(FIRST_RETRY)


async def test_what_another_version_says(world: World, address: str) -> None:
    """Whatever a notification says, those who follow look for themselves."""
    person = await world.person()
    async with socket(address, person) as mine:
        await mine.ask(LISTEN)
        await mine.told()
        for said in ("1", "x y z", f"1 {person.id}", ""):
            async with world.as_owner() as owner:
                await owner.execute(text("SELECT pg_notify('fast_track_events', :said)"), {"said": said})
        await unlock(world, person, "woop")
        assert (await mine.told())["tool"] == {"slug": "woop"}
