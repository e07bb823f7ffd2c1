"""GraphQL over server-sent events, a connection for each operation ("distinct connections mode" of its protocol)."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import orjson

from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange
from graphql_api.limits import PING_EVERY, SEND_WITHIN
from graphql_api.live.operations import NotExecuted, answers
from graphql_api.live.streams import TOO_SLOW, Stream, nobody
from graphql_api.live.visits import Visit
from graphql_api.parameters import Parameters

_log = logging.getLogger("fast_track_graph")

STREAM_TYPE = b"text/event-stream; charset=utf-8"

# No proxy may hold pieces back until there are enough of them.
_HEADERS = {"Cache-Control": "private, no-store", "Vary": "Accept, Authorization", "X-Accel-Buffering": "no"}

_PING = b":\n\n"
_COMPLETE = b"event: complete\ndata: \n\n"


async def stream_events(visit: Visit, exchange: Exchange, asked: Parameters) -> None:
    """Answer with a stream. It ends with ``complete`` when the operation has no more answers, and without it when the
    client shall connect again.

    Raises ``HttpError`` and ``AuthenticationError`` before the first byte only.
    """
    streams = visit.gateway.streams
    with streams.open() as stream, streams.held_by(visit.person):
        async with aclosing(answers(visit, asked)) as source:
            pieces = _pieces(source)
            # Before anything is sent: what is refused without being executed has a status of its own.
            first = await anext(pieces)
            await exchange.begin(STREAM_TYPE, _HEADERS)
            async with aclosing(pieces):
                leaving = asyncio.ensure_future(exchange.left())
                try:
                    await _send_all(exchange, stream, first, pieces, leaving)
                except _Gone:
                    _log.info("request %s: %s", exchange.id, TOO_SLOW.reason)
                finally:
                    leaving.cancel()
                    with suppress(asyncio.CancelledError):
                        await leaving


class _Gone(Exception):
    """The client takes nothing any more."""


async def _send_all(
    exchange: Exchange, stream: Stream, first: bytes, pieces: AsyncGenerator[bytes], leaving: "asyncio.Future[None]"
) -> None:
    over = asyncio.ensure_future(stream.over())
    waiting = asyncio.ensure_future(_itself(first))
    try:
        while True:
            awaited: set[asyncio.Future[Any]] = {waiting, over, leaving}
            done, _ = await asyncio.wait(awaited, timeout=PING_EVERY, return_when=asyncio.FIRST_COMPLETED)
            if leaving in done:
                return
            if over in done:
                break
            if not done:
                await _send(exchange, stream, _PING)
                continue
            piece = _result(waiting, stream)
            if piece is None:
                break
            await _send(exchange, stream, piece)
            waiting = asyncio.ensure_future(_next(pieces))
        await _send(exchange, stream, b"")
    finally:
        for task in (waiting, over):
            task.cancel()
            with suppress(asyncio.CancelledError, AuthenticationError):
                await task


async def _pieces(source: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    try:
        async for body in source:
            yield b"event: next\ndata: " + body + b"\n\n"
    except NotExecuted as error:
        yield b"event: next\ndata: " + orjson.dumps({"errors": error.errors}) + b"\n\n"
    yield _COMPLETE


def _result(waiting: "asyncio.Future[bytes | None]", stream: Stream) -> bytes | None:
    """The next piece; ``None`` after the last one, and where the client has to connect again."""
    try:
        return waiting.result()
    except AuthenticationError as error:
        stream.close(nobody(str(error)))
        return None


async def _send(exchange: Exchange, stream: Stream, piece: bytes) -> None:
    """Send a piece; a client that does not take it is left."""
    try:
        async with asyncio.timeout(SEND_WITHIN):
            await exchange.send(piece)
    except TimeoutError:
        stream.close(TOO_SLOW)
        raise _Gone from None


async def _next(pieces: AsyncGenerator[bytes]) -> bytes | None:
    return await anext(pieces, None)


async def _itself(piece: bytes) -> bytes | None:
    return piece
