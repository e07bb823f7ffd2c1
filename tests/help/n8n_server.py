"""A server on loopback that answers webhooks as n8n does, or as nobody should: slowly, endlessly, wrongly, never."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

SECRET = "the-secret-that-n8n-and-the-gateway-share"

ADVICE: dict[str, Any] = {
    "answer": "Write **one** sentence.",
    "suggestions": ["Begin with a verb."],
    "confidence_score": 0.75,
}

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


@dataclass(slots=True)
class N8n:
    """The server: the next answers, then ``otherwise``; and what it was asked."""

    otherwise: Answer
    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    sent: int = 0

    @property
    def url(self) -> str:
        """Where its webhooks are."""
        return f"http://127.0.0.1:{self.port}/webhook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *fields = head.decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in fields if each)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.received.append(Received(line.split()[1], headers, body))
                await (self.answers.pop(0) if self.answers else self.otherwise)(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def answering(content: Any = None, status: str = "200 OK", kind: str = "application/json; charset=utf-8") -> Answer:
    """This content: JSON, or bytes as they are."""
    raw = content if isinstance(content, bytes) else json.dumps(ADVICE if content is None else content).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(_head(status, {"Content-Type": kind, "Content-Length": str(len(raw))}) + raw)
        await writer.drain()

    return answer


def after(seconds: float, then: Answer) -> Answer:
    """The same later."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await then(writer)

    return answer


def redirecting(to: str) -> Answer:
    """Send the caller elsewhere."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(_head("307 Temporary Redirect", {"Location": to, "Content-Length": "0"}))
        await writer.drain()

    return answer


async def dripping(writer: asyncio.StreamWriter) -> None:
    """Begin at once, and go on for ever, a byte at a time."""
    writer.write(_head("200 OK", {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}))
    while True:
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


def flooding(server: N8n, size: int = 50_000_000, *, told: bool = False) -> Answer:
    """So many bytes of JSON, counted as far as they are taken; ``told``: with their number first."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        length = {"Content-Length": str(size)} if told else {"Transfer-Encoding": "chunked"}
        writer.write(_head("200 OK", {"Content-Type": "application/json", **length}))
        part = b" " * 100_000
        while server.sent < size:
            writer.write(part if told else b"%x\r\n%s\r\n" % (len(part), part))
            await writer.drain()
            server.sent += len(part)

    return answer


async def bomb(writer: asyncio.StreamWriter) -> None:
    """50 MB of blanks, in 50 KB."""
    content = gzip.compress(b" " * 50_000_000, 9)
    fields = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Content-Length": str(len(content))}
    writer.write(_head("200 OK", fields) + content)
    await writer.drain()


async def breaking_off(writer: asyncio.StreamWriter) -> None:
    """Promise more than is sent."""
    writer.write(_head("200 OK", {"Content-Type": "application/json", "Content-Length": "1000"}) + b'{"answer": ')
    await writer.drain()
    writer.close()


def _head(status: str, fields: Mapping[str, str]) -> bytes:
    return ("\r\n".join([f"HTTP/1.1 {status}", *(f"{k}: {v}" for k, v in fields.items())]) + "\r\n\r\n").encode()


@asynccontextmanager
async def n8n_server() -> AsyncIterator[N8n]:
    """One that gives good advice, until it is told otherwise."""
    n8n = N8n(answering())
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        task.add_done_callback(running.discard)
        await n8n.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    n8n.port = server.sockets[0].getsockname()[1]
    try:
        yield n8n
    finally:
        server.close()
        for task in list(running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
