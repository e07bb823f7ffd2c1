"""The server's side of connections that last: they end when the process does, and nobody keeps one by not reading."""

import asyncio
import errno
import socket

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from graphql_api.live.streams import Streams

FLUSH_WITHIN = 5.0
"""Seconds in which a client can read what was sent before its connection was closed."""

STEP, STEPS = 0.01, 150
"""Seconds between two looks whether all of them have ended when the process stops, and how many looks."""


class WebSockets(WebSocketsSansIOProtocol):
    """uvicorn's protocol. A connection that the application has ended is cut if its client does not read on.

    Otherwise the end of it would wait behind what is not read, and the socket with it, for as long as the client likes.
    """

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application is done with the connection."""
        super().on_task_complete(task)
        self.loop.call_later(FLUSH_WITHIN, self.transport.abort)


class PortTaken(Exception):
    """Somebody else listens where the gateway is to listen; the message says what to do."""


def require_free(host: str, port: int) -> None:
    """Raise ``PortTaken`` if nobody else can listen there; before the work of starting, not after."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise PortTaken(f"The gateway cannot listen on {host}, port {port}: {error.strerror}.") from error
            raise PortTaken(
                f"Port {port} of {host} is taken by another program. Stop that, or take another port: PORT=8455."
            ) from error


class Server(uvicorn.Server):
    """uvicorn, which ends the connections that last before it waits for all others."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, in order."""
        self._streams.close()
        for _ in range(STEPS):  # clients are told why; else the server would hang up without a word
            if not self._streams.count:
                break
            await asyncio.sleep(STEP)
        await super().shutdown(sockets)
