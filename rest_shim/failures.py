"""The contract's shape for failures that no route answers: unknown paths, faults, requests refused before any path."""

from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.exchange import Exchange, HttpError, log_request, request_id
from rest_shim.answers import Answer, Failed


async def refuse(scope: Any, receive: Any, send: Any, error: HttpError) -> None:
    """Answer a request of any path with the contract's failure."""
    exchange = Exchange(scope, receive, send)
    answer = Failed(error.status, str(error), error.code, headers=error.headers).answer(exchange.id)
    await exchange.respond(answer.status, orjson.dumps(answer.body), b"application/json", headers_of(answer))


def headers_of(answer: Answer) -> dict[str, str]:
    """The headers of a REST answer; no cache keeps it, for it is one person's."""
    headers = {"Cache-Control": "private, no-store", "Vary": "Authorization"}
    if answer.filename:
        headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
    return headers | answer.headers


async def http_exception(request: Request, error: Exception) -> Response:
    """What the framework refuses (an unknown path, a method of a page), in the contract's shape."""
    assert isinstance(error, HTTPException)
    headers = error.headers or {}
    message, code = {
        404: (f"There is nothing at {_path(request)}.", "NOT_FOUND"),
        405: (f"Use {headers.get('Allow', 'GET')} here.", "METHOD_NOT_ALLOWED"),
    }.get(error.status_code, (str(error.detail), "BAD_REQUEST"))
    return _failure(request, request_id(request.headers), Failed(error.status_code, message, code, headers=headers))


async def unexpected(request: Request, _: Exception) -> Response:
    """A fault of ours; the server logs its trace right after the line that names the request."""
    named = request_id(request.headers)
    answer = fault(named)
    log_request(request.method, _path(request), answer.status, named)
    return _response(answer, named)


def fault(named: str) -> Answer:
    """A fault of ours, by the id of the request."""
    message = f"Something went wrong on our side. Tell support the request id {named}."
    return Failed(500, message, "INTERNAL_SERVER_ERROR").answer(named)


def _failure(request: Request, named: str, failed: Failed) -> Response:
    log_request(request.method, _path(request), failed.status, named)
    return _response(failed.answer(named), named)


def _response(answer: Answer, named: str) -> Response:
    headers = {"Content-Type": "application/json", "X-Request-Id": named} | headers_of(answer)
    return Response(orjson.dumps(answer.body), answer.status, headers=headers)


def _path(request: Request) -> str:
    """The path alone: the framework's URL has the query in it too, which need not be text."""
    path: str = request.scope["path"]
    return path
