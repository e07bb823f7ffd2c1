"""A request as bytes off the wire, handed to the application without a client that would put it right."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.types import ASGIApp, Message

PATIENCE = 120.0
"""Seconds after which a request counts as hanging; ordinary ones take milliseconds."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request. ``credentials`` are the secrets it carries; ``hostile`` says that they identify nobody."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: tuple[bytes, ...] = ()
    address: str = "192.0.2.1"
    credentials: tuple[str, ...] = ()
    hostile: bool = False

    def __str__(self) -> str:
        headers = "\n".join(f"  {name!r:.60}: {value!r:.300}" for name, value in self.headers)
        return f"{self.method!r} {self.path!r:.300} ?{self.query!r:.600}\n{headers}\n  {b''.join(self.body)!r:.1500}"


@dataclass(slots=True)
class Got:
    """The answer; ``fault`` is what came out of the application instead of, or after, one."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    fault: BaseException | None = None

    def header(self, name: bytes) -> bytes:
        """The first header of this name, or nothing."""
        return next((value for found, value in self.headers if found.lower() == name), b"")


async def send(app: ASGIApp, sent: Sent) -> Got:
    """What the application answers."""
    got = Got()
    left = list(sent.body) or [b""]

    async def receive() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}
        return {"type": "http.disconnect"}

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            got.status, got.headers = message["status"], list(message["headers"])
        else:
            got.body += message.get("body", b"")

    try:
        async with asyncio.timeout(PATIENCE):
            await app(_scope(sent), receive, take)
    except Exception as error:  # noqa: BLE001 - whatever escapes is a finding
        got.fault = error
    return got


def _scope(sent: Sent) -> dict[str, object]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": sent.path,
        "raw_path": quote(sent.path).encode(),
        "query_string": sent.query,
        "root_path": "",
        "headers": _lowered(sent.headers),
        "client": (sent.address, 50_000),
        "server": ("gateway.test", 80),
    }


def _lowered(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers]
