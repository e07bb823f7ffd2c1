"""A WebSocket as Strawberry's handler of the protocol takes one, on bare ASGI."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

import orjson
from starlette.types import Receive, Send
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived

from graphql_api.json import JsonError, decode_json
from graphql_api.limits import MAX_MESSAGE_BYTES, SEND_WITHIN
from graphql_api.live.streams import TOO_SLOW, Stream

MAX_REASON_BYTES = 123
"""What a close frame can carry of a reason (RFC 6455, 5.5)."""

_CLOSE_WITHIN = 1.0
"""Seconds to say why, to a client that may not be reading."""


class Socket:
    """One accepted WebSocket. It is over when either side has closed it, or when ``stream`` has to end."""

    def __init__(self, receive: Receive, send: Send, stream: Stream) -> None:
        self._receive = receive
        self._send = send
        self._stream = stream
        self._closed = False

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        """Each message, decoded, until the socket is over."""
        del ignore_parsing_errors  # of another protocol
        over = asyncio.ensure_future(self._stream.over())
        try:
            while not self._closed:
                receiving = asyncio.ensure_future(self._receive())
                await asyncio.wait({receiving, over}, return_when=asyncio.FIRST_COMPLETED)
                if over.done():
                    receiving.cancel()
                    with suppress(asyncio.CancelledError):
                        await receiving
                    break
                message = receiving.result()
                if message["type"] == "websocket.disconnect":
                    self._closed = True
                    break
                text = message.get("text")
                if text is None:
                    raise NonTextMessageReceived
                if len(text) > MAX_MESSAGE_BYTES:
                    await self.close(1009, f"A message has at most {MAX_MESSAGE_BYTES:,} bytes.")
                    break
                try:
                    yield decode_json(text.encode())
                except JsonError as error:
                    raise NonJsonMessageReceived from error
            if self._stream.end is not None:
                await self.close(*self._stream.end)
        finally:
            over.cancel()

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send a message; a client that does not take it within its time loses the connection."""
        if self._closed:
            return
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await self._send({"type": "websocket.send", "text": orjson.dumps(message).decode()})
        except TimeoutError:
            self._stream.close(TOO_SLOW)
        except OSError:  # the client has gone, and the reader will hear of it
            self._closed = True

    async def close(self, code: int, reason: str) -> None:
        """Close it, if it is not closed yet, and say why."""
        if self._closed:
            return
        self._closed = True
        cut = reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self._send({"type": "websocket.close", "code": code, "reason": cut})
