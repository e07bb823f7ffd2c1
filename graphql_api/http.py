"""GraphQL over HTTP: one ASGI endpoint for ``/graphql``."""

import logging
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_api.authentication import AuthenticationError
from graphql_api.execution.documents import Document
from graphql_api.execution.errors import told
from graphql_api.gateway import Gateway
from graphql_api.json import JsonError, decode_json
from graphql_api.limits import MAX_AGENT_CHARACTERS, MAX_BODY_BYTES, MAX_REQUEST_ID_CHARACTERS
from resolvers.context import Origin

_log = logging.getLogger("fast_track_graph")

GRAPHQL_JSON = "application/graphql-response+json"


class HttpError(Exception):
    """A request that is answered before any document is executed."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class GraphQLEndpoint:
    """Takes GET and POST as the GraphQL-over-HTTP specification has them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request_id = request_id_of(request)
        media_type = GRAPHQL_JSON if GRAPHQL_JSON in request.headers.get("accept", "") else "application/json"
        try:
            status, answer = await self._answer(request, request_id, media_type)
            headers = {}
        except HttpError as error:
            status, headers = error.status, error.headers
            answer = {"errors": [{"message": str(error), "extensions": {"code": _CODES.get(status, "BAD_REQUEST")}}]}
        body = answer if isinstance(answer, bytes) else orjson.dumps(answer)
        response = Response(body, status, media_type=f"{media_type}; charset=utf-8", headers=headers)
        response.headers["X-Request-Id"] = request_id
        response.headers["Cache-Control"] = "private, no-store"
        log_request(request, status, request_id)
        await response(scope, receive, send)

    async def _answer(self, request: Request, request_id: str, media_type: str) -> tuple[int, dict[str, Any] | bytes]:
        parameters = await _parameters(request)
        document = self._gateway.documents.get(parameters["query"])
        name = parameters.get("operationName")
        if document.node is None:
            errors = [told(error, request_id) for error in document.errors]
            return (400 if media_type == GRAPHQL_JSON else 200), {"errors": errors}
        _refuse_operation(request, document, name)
        authorization = request.headers.get("authorization")
        variables = parameters.get("variables")
        try:
            body = await self._gateway.compiled(document, name, variables, authorization)
            if body is not None:
                return 200, body
            context = await self._gateway.context(authorization, origin_of(request), request_id)
        except AuthenticationError as error:
            raise HttpError(401, str(error), WWW_Authenticate="Bearer") from error
        answer = await self._gateway.execute(document, context, variables, name)
        rejected = "data" not in answer and media_type == GRAPHQL_JSON
        return (400 if rejected else 200), answer


_CODES = {
    401: "UNAUTHENTICATED",
    405: "METHOD_NOT_ALLOWED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}


async def read_body(request: Request) -> bytes:
    """The body, at most ``MAX_BODY_BYTES``; raises ``HttpError`` 413 as soon as it is longer."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HttpError(413, f"The body is larger than {MAX_BODY_BYTES:,} bytes.")
    return bytes(body)


def request_id_of(request: Request) -> str:
    """The caller's ``X-Request-Id`` where it is short and plain, else a new one."""
    given = request.headers.get("x-request-id", "")
    return (
        given
        if 0 < len(given) <= MAX_REQUEST_ID_CHARACTERS and given.isascii() and given.isprintable()
        else uuid4().hex
    )


def origin_of(request: Request) -> Origin:
    """Where the request came from."""
    return Origin(
        _address(request.client.host) if request.client else None,
        request.headers.get("user-agent", "")[:MAX_AGENT_CHARACTERS] or None,
    )


def _address(host: str) -> str | None:
    """``host`` if it is an IP address: behind a proxy it is whatever ``X-Forwarded-For`` said."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def log_request(request: Request, status: int, request_id: str) -> None:
    """One line for each request: never a query string, a header or a body, where secrets could be."""
    _log.info("%s %s %s %d", request_id, request.method, quote(request.url.path), status)


async def _parameters(request: Request) -> dict[str, Any]:
    if request.method == "GET":
        parameters: Any = dict(request.query_params)
        if "variables" in parameters:
            parameters["variables"] = _decoded(parameters["variables"].encode(), "variables")
    elif request.method == "POST":
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != "application/json":
            raise HttpError(415, 'Send the request as application/json: {"query": …, "variables": …}.')
        parameters = _decoded(await read_body(request), "body")
    else:
        raise HttpError(405, "Use POST, or GET for queries.", Allow="GET, POST")
    if not isinstance(parameters, dict):
        raise HttpError(400, 'Send one object: {"query": …, "variables": …}.')
    if not isinstance(parameters.get("query"), str):
        raise HttpError(400, "'query' must be the text of a GraphQL document.")
    for name, kind in (("operationName", str), ("variables", dict), ("extensions", dict)):
        if parameters.get(name) is not None and not isinstance(parameters[name], kind):
            raise HttpError(400, f"'{name}' must be {'text' if kind is str else 'an object'} or absent.")
    return parameters


def _decoded(raw: bytes, what: str) -> Any:
    try:
        return decode_json(raw)
    except JsonError as error:
        raise HttpError(400, str(error) if what == "body" else f"'{what}': {error}") from error


def _refuse_operation(request: Request, document: Document, name: str | None) -> None:
    if request.method == "GET" and not document.is_query(name):
        raise HttpError(405, "Only queries may be sent by GET; use POST.", Allow="POST")
