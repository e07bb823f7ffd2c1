"""A receiver of webhooks on this machine: it keeps what came and answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Message:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Which event it is about."""
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The body, once the library has found the signature good."""
        return Webhook(secret).verify(self.body, self.headers)


Answer = Callable[[Message], bytes]


def status(number: int, *headers: str) -> bytes:
    """An answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {number} Status", "Content-Length: 0", *headers, "", ""]).encode()


@dataclass(slots=True)
class Receiver:
    """What came, and how it is answered: by the first of ``answers`` as long as there is one, then with 200."""

    port: int = 0
    scheme: str = "http"
    messages: list[Message] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    silent: bool = False
    _change: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.port}/hook"

    async def until(self, count: int, seconds: float = 30) -> None:
        """Wait until so many messages have come."""
        async with asyncio.timeout(seconds):
            while len(self.messages) < count:
                self._change.clear()
                await self._change.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.messages.append(Message(head[0].split()[1], headers, body))
            self._change.set()
            if self.silent:
                await reader.read()
            else:
                writer.write(self.answers.pop(0) if self.answers else status(200))
                await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver for the length of the block."""
    receiver = Receiver(scheme="https" if tls else "http")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


def event_of(message: Message) -> dict[str, Any]:
    """The event in a body."""
    found: dict[str, Any] = orjson.loads(message.body)["event"]
    return found
