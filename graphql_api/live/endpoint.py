"""What lasts at ``/graphql``: WebSockets, and requests that take an event stream for an answer."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from graphql_api.admission import admit
from graphql_api.authentication import AuthenticationError
from graphql_api.cross_site import SAFE_METHODS, refuse_cross_site
from graphql_api.exchange import Exchange, HttpError, log_request
from graphql_api.execution.errors import fault
from graphql_api.gateway import Gateway
from graphql_api.live.sse import stream_events
from graphql_api.live.visits import Visit
from graphql_api.live.websocket import converse
from graphql_api.parameters import read_parameters

_log = logging.getLogger("fast_track_graph")

_JSON = b"application/json; charset=utf-8"
_PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Accept, Authorization"}


class LiveEndpoint:
    """Takes WebSocket handshakes, and GET and POST of GraphQL over server-sent events (docs/subscriptions.md)."""

    def __init__(self, gateway: Gateway, trusted_origins: Collection[str]) -> None:
        self._gateway = gateway
        self._trusted_origins = trusted_origins

    async def socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket. A page of another site gets none: browsers say which page opens one."""
        await receive()  # that a client wants to connect
        exchange = Exchange({**scope, "method": "GET"}, receive, send)
        try:
            refuse_cross_site(exchange.headers, self._trusted_origins)
            await self._admit(exchange)
            log_request("GET", exchange.path, 101, exchange.id)
            await converse(self._gateway, exchange, receive, send, scope)
        except HttpError as error:
            log_request("GET", exchange.path, error.status, exchange.id)
            await _refuse_handshake(scope, send, error, exchange.id)

    async def events(self, exchange: Exchange) -> None:
        """Answer a request with an event stream, or with a status and JSON where there is none."""
        try:
            if exchange.method not in SAFE_METHODS:
                refuse_cross_site(exchange.headers, self._trusted_origins)
            await self._admit(exchange)
            asked = await read_parameters(exchange)
            visit = Visit(self._gateway, exchange, exchange.headers.get("authorization"))
            await stream_events(visit, exchange, asked)
        except AuthenticationError as error:
            refusal = HttpError(401, str(error), WWW_Authenticate="Bearer")
            await exchange.respond(401, _told(refusal), _JSON, _PRIVATE | refusal.headers)
        except HttpError as error:
            await exchange.respond(error.status, _told(error), _JSON, _PRIVATE | error.headers)
        except Exception:  # the last that could answer; what it was is in the log
            _log.exception("request %s failed", exchange.id)
            if exchange.begun:
                raise  # the server closes the connection, and the client connects again
            await exchange.respond(500, orjson.dumps({"errors": [fault(exchange.id)]}), _JSON, _PRIVATE)

    async def _admit(self, exchange: Exchange) -> None:
        """Count the request, as any other. Raises ``HttpError``; 403 for a service key."""
        if await admit(self._gateway, exchange) is not None:
            raise HttpError(403, "A service key asks and is answered; it holds no stream.", "OUTSIDE_KEY_SCOPE")


def _told(error: HttpError) -> bytes:
    return orjson.dumps({"errors": [{"message": str(error), "extensions": {"code": error.code}}]})


async def _refuse_handshake(scope: Scope, send: Send, error: HttpError, request_id: str) -> None:
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 4403, "reason": str(error)[:100]})
        return
    headers: Mapping[str, Any] = {"content-type": _JSON.decode(), "x-request-id": request_id, **error.headers}
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "websocket.http.response.start", "status": error.status, "headers": raw})
    await send({"type": "websocket.http.response.body", "body": _told(error)})
