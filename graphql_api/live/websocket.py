"""GraphQL over WebSocket, by the protocol ``graphql-transport-ws``; Strawberry's handler speaks it."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import ExitStack, aclosing
from datetime import timedelta
from typing import Any, cast

import orjson
from starlette.types import Receive, Scope, Send
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.unset import UNSET

from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange, HttpError
from graphql_api.execution.errors import fault
from graphql_api.gateway import Gateway
from graphql_api.limits import INIT_WITHIN, MAX_OPERATION_ID_CHARACTERS, MAX_OPERATIONS
from graphql_api.live.operations import NotExecuted, answers
from graphql_api.live.socket import Socket
from graphql_api.live.streams import Stream, TooManyStreams, nobody
from graphql_api.live.visits import Visit
from graphql_api.parameters import MalformedRequest, Parameters, checked_parameters

_log = logging.getLogger("fast_track_graph")

SUBPROTOCOL = GRAPHQL_TRANSPORT_WS_PROTOCOL


class Conversation(BaseGraphQLTransportWSHandler[Any, Any]):
    """One WebSocket: the protocol is the library's, who is let in and what is answered are ours."""

    def __init__(self, gateway: Gateway, exchange: Exchange, socket: Socket, stream: Stream, held: ExitStack) -> None:
        super().__init__(
            view=cast("Any", self),
            websocket=cast("Any", socket),
            context={},
            root_value=None,
            schema=cast("Any", None),  # operations are run below
            connection_init_wait_timeout=timedelta(seconds=INIT_WITHIN),
            max_subscriptions_per_connection=MAX_OPERATIONS,
        )
        self._gateway = gateway
        self._exchange = exchange
        self._stream = stream
        self._held = held
        self._visit: Visit | None = None

    async def on_ws_connect(self, context: Mapping[str, Any]) -> Any:
        """Let somebody in, by the token of the first message or of the handshake; else ``ConnectionRejectionError``."""
        said = context["connection_params"]
        given = said.get("Authorization", said.get("authorization", self._exchange.headers.get("authorization")))
        try:
            visit = Visit(self._gateway, self._exchange, given if isinstance(given, str) else None)
            now = (await visit.context()).clock()
            self._held.enter_context(self._gateway.streams.held_by(visit.person))
        except (AuthenticationError, TooManyStreams) as error:
            code = 1013 if isinstance(error, TooManyStreams) else 4403
            await self.websocket.close(code, str(error))
            raise ConnectionRejectionError from error
        left = max(0.0, visit.claims.expires - now.timestamp())
        expiring = asyncio.get_running_loop().call_later(left, self._stream.close, nobody("Token expired"))
        self._held.callback(expiring.cancel)
        self._visit = visit
        return UNSET

    async def handle_message(self, message: Any) -> None:
        """Take a message, if it is one of the protocol; else the connection is closed with 4400."""
        if problem := _problem(message):
            await self.handle_invalid_message(problem)
            return
        if message["type"] == "subscribe" and self.connection_acknowledged:
            try:
                asked = checked_parameters(message.get("payload"))
            except MalformedRequest as error:
                await self.handle_invalid_message(str(error))
                return
            # The handler passes on unread what it takes for the text of the document.
            message = {**message, "payload": {"query": asked}}
        await super().handle_message(message)

    async def run_operation(self, operation: Operation[Any, Any]) -> None:
        """Send every answer of an operation, then that it is complete."""
        assert self._visit is not None
        asked = cast("Parameters", operation.query)
        try:
            await self._count(self._visit)
            async with aclosing(answers(self._visit, asked)) as bodies:
                async for body in bodies:
                    payload = cast("Any", orjson.Fragment(body))
                    await operation.send_operation_message({"id": operation.id, "type": "next", "payload": payload})
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except NotExecuted as error:
            await self._fail(operation, error.errors)
        except HttpError as error:
            await self._fail(operation, [{"message": str(error), "extensions": {"code": error.code}}])
        except AuthenticationError as error:
            self._stream.close(nobody(str(error)))
        except Exception:  # noqa: BLE001 - the last that could answer; what it was is in the log
            _log.exception("request %s failed", self._exchange.id)
            await self._fail(operation, [fault(self._exchange.id)])

    async def _count(self, visit: Visit) -> None:
        """An operation is a request. Raises ``HttpError`` 429."""
        user, organization = visit.claims.settings[:2]
        admission = await self._gateway.rate_limits.admit(self._exchange.host, user, organization)
        if admission is not None and admission.retry_after is not None:
            raise HttpError(429, admission.refusal)

    async def _fail(self, operation: Operation[Any, Any], errors: list[dict[str, Any]]) -> None:
        message: Any = {"id": operation.id, "type": "error", "payload": errors}
        await operation.send_operation_message(message)


async def converse(gateway: Gateway, exchange: Exchange, receive: Receive, send: Send, scope: Scope) -> None:
    """Answer a handshake, then whatever the client asks until one side closes the connection.

    Raises ``HttpError`` before the handshake is answered.
    """
    if SUBPROTOCOL not in scope["subprotocols"]:
        # As the client's library expects it: an accepted connection that is closed with a code of the protocol.
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
        return
    with ExitStack() as held:
        stream = held.enter_context(gateway.streams.open())
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        await Conversation(gateway, exchange, Socket(receive, send, stream), stream, held).handle()


def _problem(message: Any) -> str | None:
    """Why this is no message of the protocol; ``None`` for one."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message is an object with a 'type'."
    if message["type"] not in ("subscribe", "complete"):
        return None
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= MAX_OPERATION_ID_CHARACTERS:
        return f"The 'id' of an operation is text of 1 to {MAX_OPERATION_ID_CHARACTERS} characters."
    return None
