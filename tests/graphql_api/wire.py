"""A relay between the gateway and PostgreSQL that counts how often one waits for the other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import URL, make_url

from app.storage import Storage


@dataclass
class Wire:
    """``trips``: times that something was sent after the server had answered."""

    trips: int = 0
    _answered: bool = field(default=True, repr=False)

    def sent(self) -> None:
        """The gateway has sent something."""
        self.trips += self._answered
        self._answered = False

    def answered(self) -> None:
        """PostgreSQL has answered something."""
        self._answered = True

    @contextmanager
    def counting(self) -> Iterator["Wire"]:
        """From nought."""
        self.trips = 0
        yield self


@asynccontextmanager
async def tapped(storage: Storage) -> AsyncIterator[tuple[Storage, Wire]]:
    """The same database by way of the relay. Good for one connection, whose turns are unmistakable."""
    wire, url = Wire(), make_url(storage.gateway_url)
    relays: set[asyncio.Task[None]] = set()

    async def relay(client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await _dial(url)
        for source, target, seen in ((client, to_server, wire.sent), (server, to_client, wire.answered)):
            relays.add(asyncio.create_task(_pass_on(source, target, seen)))

    listener = await asyncio.start_server(relay, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    here = url.set(host="127.0.0.1", port=port).difference_update_query(["host", "port"])
    try:
        yield replace(storage, gateway_url=here.render_as_string(hide_password=False)), wire
    finally:
        listener.close()
        await asyncio.gather(*relays)


async def _dial(url: URL) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = url.query.get("host") or url.host or "127.0.0.1", url.query.get("port") or url.port or 5432
    assert isinstance(host, str)
    assert isinstance(port, str | int)
    if host.startswith("/"):
        return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
    return await asyncio.open_connection(host, int(port))


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, seen: Callable[[], None]) -> None:
    while chunk := await source.read(65536):
        seen()
        target.write(chunk)
        await target.drain()
    target.close()
    await target.wait_closed()
