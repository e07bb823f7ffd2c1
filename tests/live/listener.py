"""Those who listen in tests: a client of each protocol, written out so that a test sees every message."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.world import Person

WITHIN = 10.0
"""Seconds after which a message that has not come is missed; none that comes waits for them."""


class Socket:
    """A WebSocket with the protocol ``graphql-transport-ws``."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._numbers = itertools.count(1)

    async def say(self, **message: Any) -> None:
        """Send a message."""
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(WITHIN):
            found: dict[str, Any] = json.loads(await self.connection.recv())
        return found

    async def begin(self, person: Person | None = None, **payload: Any) -> None:
        """Say who it is, and be acknowledged."""
        if person:
            payload = dict(person.headers)
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> str:
        """Start an operation; returns its id."""
        number = str(next(self._numbers))
        payload = {"query": query, "variables": dict(variables or {}), **more}
        await self.say(type="subscribe", id=number, payload={k: v for k, v in payload.items() if v is not None})
        return number

    async def told(self, number: str = "1") -> Any:
        """The data of the next answer, which has to be one of this operation without errors."""
        message = await self.hear()
        assert message["type"] == "next", message
        assert message["id"] == number
        assert "errors" not in message["payload"], message
        (data,) = message["payload"]["data"].values()
        return data

    async def closed(self) -> tuple[int | None, str | None]:
        """Code and reason, once the server has closed it."""
        async with asyncio.timeout(WITHIN):
            await self.connection.wait_closed()
        return self.connection.close_code, self.connection.close_reason


@asynccontextmanager
async def socket(address: str, person: Person | None = None, **options: Any) -> AsyncIterator[Socket]:
    """A WebSocket inside the block; begun, where a person is given."""
    url = address.replace("http://", "ws://") + "/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None, **options) as connection:
        mine = Socket(connection)
        if person:
            await mine.begin(person)
        yield mine


class Events:
    """An event stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def hear(self) -> tuple[str, Any]:
        """Name and data of the next event; ``("", None)`` when the stream has ended."""
        name, data = "", ""
        async with asyncio.timeout(WITHIN):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    data = line.removeprefix("data: ")
                elif not line and name:
                    return name, json.loads(data) if data else None
        return "", None

    async def told(self) -> Any:
        """The data of the next answer, which must have no errors."""
        name, answer = await self.hear()
        assert name == "next"
        assert "errors" not in answer, answer
        (data,) = answer["data"].values()
        return data


@asynccontextmanager
async def events(
    address: str, person: Person | None, query: str, variables: Mapping[str, Any] | None = None, **headers: str
) -> AsyncIterator[Events]:
    """An event stream inside the block."""
    sent = {"Accept": "text/event-stream", **(person.headers if person else {}), **headers}
    body = {"query": query, "variables": dict(variables or {})}
    async with (
        httpx.AsyncClient(base_url=address, timeout=WITHIN, trust_env=False) as client,
        client.stream("POST", "/graphql", json=body, headers=sent) as response,
    ):
        yield Events(response)
