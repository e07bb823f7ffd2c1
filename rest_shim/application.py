"""Serves the routes: one endpoint that turns a request into variables, and an answer into the contract's shape."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI
from graphql import Undefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from graphql_api.authentication import AuthenticationError
from graphql_api.execution.documents import Document
from graphql_api.gateway import Gateway
from graphql_api.http import HttpError, log_request, origin_of, read_body, request_id_of
from graphql_api.json import JsonError, decode_json
from resolvers.context import Context
from rest_shim.answers import Answer, Failed, answer_of
from rest_shim.openapi import openapi_document
from rest_shim.parameters import Given, InvalidParameters, variables_of
from rest_shim.routes import Route, load_routes


def rest_application(app: FastAPI, gateway: Gateway) -> None:
    """Add the routes, ``/openapi.json`` and the contract's failures to the application."""
    by_path: dict[str, dict[str, Route]] = defaultdict(dict)
    for route in load_routes(gateway.graph):
        by_path[route.entry.path][route.entry.method] = route
    # Fixed segments before parameters, so that /api/data/batch is not read as a field id.
    for path, routes in sorted(by_path.items(), key=lambda item: item[0].replace("{", "~")):
        app.router.routes.append(StarletteRoute(path, Endpoint(gateway, routes), methods=None, include_in_schema=False))
    document = orjson.dumps(openapi_document(gateway.graph))

    async def openapi(_: Request) -> Response:
        return Response(document, media_type="application/json")

    app.router.routes.append(StarletteRoute("/openapi.json", openapi, include_in_schema=False))
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unexpected)


class Endpoint:
    """The methods of one path."""

    def __init__(self, gateway: Gateway, routes: Mapping[str, Route]) -> None:
        self._gateway = gateway
        self._routes = routes
        self._documents: dict[str, Document] = {
            method: gateway.documents.get(route.operation.text) for method, route in routes.items()
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        request_id = request_id_of(request)
        try:
            answer = await self._answer(request, request_id)
        except Failed as failed:
            answer = failed.answer(request_id)
        log_request(request, answer.status, request_id)
        await _response(answer, request_id)(scope, receive, send)

    async def _answer(self, request: Request, request_id: str) -> Answer:
        route = self._routes.get(request.method)
        if route is None:
            allowed = ", ".join(sorted(self._routes))
            raise Failed(405, f"Use {allowed} here.", "METHOD_NOT_ALLOWED", headers={"Allow": allowed})
        context = await self._context(request, route, request_id)
        given = Given(
            request.path_params,
            request.query_params,
            request.headers,
            await _body(request) if route.reads_body else {},
        )
        _refuse_stranger(route, given, context)
        try:
            variables = variables_of(route, given)
        except InvalidParameters as invalid:
            details = [{"path": problem.path, "message": problem.message} for problem in invalid.problems]
            raise Failed(400, str(invalid), "BAD_REQUEST", details) from invalid
        result = await self._gateway.execute(self._documents[request.method], context, variables, route.operation.name)
        return answer_of(route, variables, result)

    async def _context(self, request: Request, route: Route, request_id: str) -> Context:
        try:
            context = await self._gateway.context(request.headers.get("authorization"), origin_of(request), request_id)
        except AuthenticationError as error:
            raise _unauthenticated(str(error)) from error
        if context.account is None and not route.entry.public:
            raise _unauthenticated("Authentication required")
        return context


def _unauthenticated(message: str) -> Failed:
    return Failed(401, message, "UNAUTHENTICATED", headers={"WWW-Authenticate": "Bearer"})


def _refuse_stranger(route: Route, given: Given, context: Context) -> None:
    """Routes that name a user act for that user only; anyone else does not learn whether there is one."""
    if route.caller is None:
        return
    source, name = route.caller
    wanted = given.value(source, name)
    if wanted is Undefined or wanted is None:
        raise Failed(
            400,
            "The request is not valid; see details.",
            "BAD_REQUEST",
            [{"path": name, "message": f"{name} is required (the UUID of the person who is signed in)."}],
        )
    try:
        same = context.account is not None and UUID(str(wanted)) == context.account.id
    except ValueError:
        same = False
    if not same:
        raise Failed(404, "User not found", "NOT_FOUND")


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        raw = await read_body(request)
    except HttpError as error:
        raise Failed(error.status, str(error), "PAYLOAD_TOO_LARGE") from error
    if not raw:
        return {}
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Failed(415, "Send the body as application/json.", "UNSUPPORTED_MEDIA_TYPE")
    try:
        body = decode_json(raw)
    except JsonError as error:
        raise Failed(400, str(error), "BAD_REQUEST", [{"path": "", "message": str(error)}]) from error
    if not isinstance(body, dict):
        message = "The body must be a JSON object."
        raise Failed(400, message, "BAD_REQUEST", [{"path": "", "message": message}])
    return body


def _response(answer: Answer, request_id: str) -> Response:
    headers = {
        "X-Request-Id": request_id,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if answer.filename:
        headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
    headers = {"Content-Type": "application/json"} | headers | answer.headers
    return Response(orjson.dumps(answer.body), answer.status, headers=headers)


async def _http_exception(request: Request, error: Exception) -> Response:
    """What the framework refuses (an unknown path, a method of a page), in the contract's shape."""
    assert isinstance(error, HTTPException)
    headers = error.headers or {}
    message, code = {
        404: (f"There is nothing at {request.url.path}.", "NOT_FOUND"),
        405: (f"Use {headers.get('Allow', 'GET')} here.", "METHOD_NOT_ALLOWED"),
    }.get(error.status_code, (str(error.detail), "BAD_REQUEST"))
    return _failure(request, request_id_of(request), Failed(error.status_code, message, code, headers=headers))


async def _unexpected(request: Request, _: Exception) -> Response:
    """A fault of ours; the server logs its trace right after the line that names the request."""
    request_id = request_id_of(request)
    message = f"Something went wrong on our side. Tell support the request id {request_id}."
    return _failure(request, request_id, Failed(500, message, "INTERNAL_SERVER_ERROR"))


def _failure(request: Request, request_id: str, failed: Failed) -> Response:
    log_request(request, failed.status, request_id)
    return _response(failed.answer(request_id), request_id)
