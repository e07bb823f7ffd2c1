"""GraphQL over server-sent events: a stream for each operation."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from graphql_api.live import sse
from tests.live.happening import key_headers, unlock
from tests.live.listener import WITHIN, Events, events
from tests.world import World

LISTEN = "subscription { toolUnlocked { __typename ... on ToolUnlocked { tool { slug } } } }"


async def test_a_query_is_one_event(world: World, address: str) -> None:
    """Its answer, and that it is complete."""
    person = await world.person()
    async with events(address, person, "{ viewer { email } }") as mine:
        assert await mine.hear() == ("next", {"data": {"viewer": {"email": person.account.email}}})
        assert await mine.hear() == ("complete", None)
        assert await mine.hear() == ("", None)


async def test_by_get(world: World, address: str) -> None:
    """The operation stands in the URL, the token in a header as ever."""
    person = await world.person()
    url = f"{address}/graphql?{urlencode({'query': LISTEN})}"
    sent = {"Accept": "text/event-stream", **person.headers}
    async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", url, headers=sent) as response:
        mine = Events(response)
        assert (await mine.told())["__typename"] == "Listening"
        await unlock(world, person, "woop")
        assert (await mine.told())["tool"] == {"slug": "woop"}


async def test_what_breaks_a_rule(world: World, address: str) -> None:
    """Told as the protocol wants it: as an event, for browsers show nothing else."""
    async with events(address, await world.person(), "subscription { nothing }") as mine:
        name, answer = await mine.hear()
        assert (name, answer["errors"][0]["extensions"]["code"]) == ("next", "BAD_USER_INPUT")
        assert "data" not in answer
        assert await mine.hear() == ("complete", None)


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        (LISTEN, {}, 401),
        (LISTEN, {"Authorization": "Bearer x"}, 401),
        (LISTEN, {"Cookie": "refresh_token=whatever"}, 401),
        (LISTEN, {"Content-Type": "text/plain"}, 415),
        (LISTEN, {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_what_is_no_stream(address: str, query: str, headers: dict[str, Any], status: int) -> None:
    """A status, and JSON."""
    async with events(address, None, query, None, **headers) as mine:
        assert mine.response.status_code == status
        assert mine.response.headers["content-type"] == "application/json; charset=utf-8"


async def test_mutations_are_sent_without_a_stream(world: World, address: str) -> None:
    """A stream changes nothing."""
    async with events(address, await world.person(), 'mutation { reopenTool(tool: "woop") { __typename } }') as mine:
        assert mine.response.status_code == 405


async def test_service_keys_hold_no_stream(world: World, address: str) -> None:
    """They ask and are answered."""
    async with events(address, None, LISTEN, None, **await key_headers(world)) as mine:
        assert mine.response.status_code == 403


async def test_a_subscription_without_a_stream(world: World) -> None:
    """Plain JSON has one answer: it is told where to listen."""
    person = await world.person()
    answer = await world.client.post("/graphql", json={"query": LISTEN}, headers=person.headers)
    assert answer.status_code == 406
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


async def test_a_quiet_stream_says_that_it_is_there(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proxies cut what says nothing for a minute."""
    monkeypatch.setattr(sse, "PING_EVERY", 0.05)
    async with events(address, await world.person(), LISTEN) as mine:
        await mine.told()
        async for line in mine._lines:
            if line:
                assert line == ":"
                break


async def test_a_client_that_goes(world: World, address: str) -> None:
    """Nobody follows for it any more."""
    feeds, streams = world.gateway.services.feeds, world.gateway.streams
    async with events(address, await world.person(), LISTEN) as mine:
        await mine.told()
        assert feeds.followers
        assert streams.count
    async with asyncio.timeout(WITHIN):
        while feeds.followers or streams.count:  # noqa: ASYNC110 - the server tells nobody that it is done
            await asyncio.sleep(0.01)
