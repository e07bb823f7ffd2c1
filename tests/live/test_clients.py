"""The npm clients ``graphql-ws`` and ``graphql-sse``: they listen, and connect again without losing anything."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.serving import application
from app.settings import Settings
from graphql_api.live.streams import Streams
from tests.live.happening import unlock
from tests.live.listener import WITHIN
from tests.live.test_listening import UNLOCKED
from tests.node import NODE, install, needs_node
from tests.rest_shim.serving import serving
from tests.world import Person, World

CLIENTS = Path(__file__).parent / "clients"
PROGRAMS = {"websocket.mjs": "ws", "events.mjs": "http"}
"""What listens, by the scheme of its URL."""

pytestmark = needs_node

Listening = Callable[..., AbstractAsyncContextManager["Client"]]


class Client:
    """A running client."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self) -> Any:
        """The next line that it prints, of which those about its connection are left out."""
        assert self._process.stdout is not None
        async with asyncio.timeout(WITHIN):
            while line := await self._process.stdout.readline():
                found = json.loads(line)
                if "closed" not in found:
                    return found
        raise AssertionError(await self._complaints())

    async def told(self) -> Any:
        """The data of the next answer."""
        answer = await self.hear()
        assert "errors" not in answer, answer
        return answer["data"]["toolUnlocked"]

    async def _complaints(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()


@pytest.fixture(scope="module")
def installed() -> None:
    """The clients at the versions of their lock file."""
    install(CLIENTS)


@pytest.fixture(params=list(PROGRAMS))
def listening(installed: None, request: pytest.FixtureRequest) -> Listening:
    """Starts one client after the other for the length of a block."""
    assert installed is None
    program: str = request.param

    @asynccontextmanager
    async def listen(place: str, token: str, query: str = UNLOCKED) -> AsyncIterator[Client]:
        assert NODE is not None
        url = f"{PROGRAMS[program]}://{place}/graphql"
        process = await asyncio.create_subprocess_exec(
            NODE,
            program,
            url,
            token,
            query,
            cwd=CLIENTS,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield Client(process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    return listen


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody who listens."""
    return await world.person(await world.organization())


async def test_listening(world: World, address: str, person: Person, listening: Listening) -> None:
    """They hear what happens."""
    async with listening(address.removeprefix("http://"), person.token) as client:
        assert (await client.told())["__typename"] == "Listening"
        await unlock(world, person, "woop", "dream")
        assert [(await client.told())["tool"]["slug"] for _ in range(2)] == ["woop", "dream"]


async def test_queries(address: str, person: Person, listening: Listening) -> None:
    """One answer, then complete."""
    async with listening(address.removeprefix("http://"), person.token, "{ viewer { email } }") as client:
        assert (await client.hear())["data"] == {"viewer": {"email": person.account.email}}
        assert await client.hear() == {"complete": True}


async def test_a_server_that_starts_again(
    world: World, settings: Settings, person: Person, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They connect to it again by themselves, and what happened meanwhile comes."""
    port = 0
    async with asyncio.timeout(3 * WITHIN):
        streams = Streams()
        monkeypatch.setattr(world.gateway, "streams", streams)
        app = application(world.gateway, settings, world.storage)
        first = serving(app, streams)
        host, port = await first.__aenter__()
        async with listening(f"{host}:{port}", person.token) as client:
            assert (await client.told())["__typename"] == "Listening"
            await first.__aexit__(None, None, None)
            await unlock(world, person, "woop")
            streams = Streams()
            monkeypatch.setattr(world.gateway, "streams", streams)
            async with serving(app, streams, port):
                assert (await client.told())["__typename"] == "Listening"
                await unlock(world, person, "dream")
                assert [(await client.told())["tool"]["slug"] for _ in range(2)] == ["woop", "dream"]
