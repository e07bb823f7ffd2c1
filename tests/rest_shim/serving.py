"""The application on a real server of its own, for clients that are no part of this process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from app.sockets import Server, WebSockets
from graphql_api.limits import MAX_MESSAGE_BYTES
from graphql_api.live.streams import Streams


@asynccontextmanager
async def serving(app: ASGIApp, streams: Streams | None = None, port: int = 0) -> AsyncIterator[tuple[str, int]]:
    """Serve ``app`` on loopback inside the block; gives host and port, where callers may knock at once.

    ``streams``: those of its gateway, where connections that last are to end as they do in earnest. ``port``: any that
    is free without it.
    """
    # asyncio sends without delay only where the protocol is named; otherwise every answer waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    config = uvicorn.Config(
        app,
        log_config=None,
        lifespan="off",
        ws=WebSockets,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
    )
    server = Server(config, streams or Streams())
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield listener.getsockname()
    finally:
        server.should_exit = True
        await running
        listener.close()
