"""GraphQL over HTTP: one ASGI endpoint for ``/graphql``."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope, Send

from graphql_api.authentication import AuthenticationError
from graphql_api.conditional import conditional_answer
from graphql_api.exchange import Exchange, HttpError
from graphql_api.execution.errors import told
from graphql_api.explaining import explained_answer
from graphql_api.gateway import Gateway
from graphql_api.json import JsonError, decode_json

_log = logging.getLogger("fast_track_graph")

GRAPHQL_JSON = "application/graphql-response+json"

_PRIVATE = {"Cache-Control": "private, no-store"}


class GraphQLEndpoint:
    """Takes GET and POST as the GraphQL-over-HTTP specification has them; with ``explains``, ``X-Explain: 1`` too."""

    def __init__(self, gateway: Gateway, *, explains: bool = False) -> None:
        self._gateway = gateway
        self._explains = explains

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive, send)
        strict = GRAPHQL_JSON in exchange.headers.get("accept", "")
        try:
            status, answer, headers = await self._answer(exchange, strict)
        except HttpError as error:
            status, headers = error.status, _PRIVATE | error.headers
            answer = orjson.dumps(
                {"errors": [{"message": str(error), "extensions": {"code": _CODES.get(status, "BAD_REQUEST")}}]}
            )
        except Exception:  # noqa: BLE001 - the last that could answer; what it was is in the log
            _log.exception("request %s failed", exchange.id)
            status, answer, headers = 500, orjson.dumps({"errors": [_fault(exchange.id)]}), _PRIVATE
        await exchange.respond(status, answer, _STRICT_TYPE if strict else _TYPE, headers)

    async def _answer(self, exchange: Exchange, strict: bool) -> tuple[int, bytes, Mapping[str, str]]:
        parameters = await _parameters(exchange)
        stored = parameters.get("documentId")
        document = self._gateway.documents.get(parameters["query"] if stored is None else self._stored(stored))
        name, variables = parameters.get("operationName"), parameters.get("variables")
        if document.node is None:
            errors = [told(error, exchange.id) for error in document.errors]
            return (400 if strict else 200), orjson.dumps({"errors": errors}), _PRIVATE
        if exchange.method == "GET" and not document.is_query(name):
            raise HttpError(405, "Only queries may be sent by GET; use POST.", Allow="POST")
        authorization = exchange.headers.get("authorization")
        try:
            if self._explains and exchange.headers.get("x-explain") == "1":
                return 200, await explained_answer(self._gateway, exchange, document, name, variables), _PRIVATE
            if stored is not None and exchange.method == "GET":
                known = exchange.headers.get("if-none-match")
                answered = await conditional_answer(self._gateway, document, name, variables, authorization, known)
                if answered:
                    return answered
            body = await self._gateway.compiled(document, name, variables, authorization)
            if body is not None:
                return 200, body, _PRIVATE
            context = await self._gateway.context(authorization, exchange.origin, exchange.id)
        except AuthenticationError as error:
            raise HttpError(401, str(error), WWW_Authenticate="Bearer") from error
        answer = await self._gateway.execute(document, context, variables, name)
        return (400 if strict and "data" not in answer else 200), orjson.dumps(answer), _PRIVATE

    def _stored(self, document_id: str) -> str:
        text = self._gateway.stored.get(document_id)
        if text is None:
            raise HttpError(404, f"No document is stored under {document_id!r:.100}; send its text as 'query'.")
        return text


_TYPE = b"application/json; charset=utf-8"
_STRICT_TYPE = f"{GRAPHQL_JSON}; charset=utf-8".encode()

_CODES = {
    401: "UNAUTHENTICATED",
    404: "DOCUMENT_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}


def _fault(request_id: str) -> dict[str, Any]:
    return {
        "message": f"Something went wrong on our side. Tell support the request id {request_id}.",
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
    }


async def _parameters(exchange: Exchange) -> dict[str, Any]:
    if exchange.method == "GET":
        parameters: Any = dict(QueryParams(exchange.query_string))
        if "variables" in parameters:
            parameters["variables"] = _decoded(parameters["variables"].encode(), "variables")
    elif exchange.method == "POST":
        content_type = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != "application/json":
            raise HttpError(415, 'Send the request as application/json: {"query": …, "variables": …}.')
        parameters = _decoded(await exchange.body(), "body")
    else:
        raise HttpError(405, "Use POST, or GET for queries.", Allow="GET, POST")
    if not isinstance(parameters, dict):
        raise HttpError(400, 'Send one object: {"query": …, "variables": …}.')
    if parameters.get("documentId") is None and not isinstance(parameters.get("query"), str):
        raise HttpError(400, "'query' must be the text of a GraphQL document.")
    if parameters.get("documentId") is not None and "query" in parameters:
        raise HttpError(400, "Send 'query' or 'documentId', not both.")
    for name, kind in (("documentId", str), ("operationName", str), ("variables", dict), ("extensions", dict)):
        if parameters.get(name) is not None and not isinstance(parameters[name], kind):
            raise HttpError(400, f"'{name}' must be {'text' if kind is str else 'an object'} or absent.")
    return parameters


def _decoded(raw: bytes, what: str) -> Any:
    try:
        return decode_json(raw)
    except JsonError as error:
        raise HttpError(400, str(error) if what == "body" else f"'{what}': {error}") from error
