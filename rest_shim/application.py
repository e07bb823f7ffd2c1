"""Serves the routes: one endpoint that turns a request into variables, and an answer into the contract's shape."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI
from graphql import GraphQLError, Undefined
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.routing import Route as StarletteRoute

from graphql_api.admission import admit
from graphql_api.authentication import AuthenticationError
from graphql_api.cross_site import SAFE_METHODS, from_our_page, is_followed_link, refuse_cross_site
from graphql_api.exchange import Exchange, HttpError, media_type
from graphql_api.execution.documents import Document
from graphql_api.execution.errors import told
from graphql_api.gateway import Gateway
from graphql_api.json import JsonError, decode_json
from resolvers.context import Context, RefreshCookie
from resolvers.service_keys.using import KeyUse
from rest_shim.answers import Answer, Failed, answer_of
from rest_shim.describing import Description
from rest_shim.failures import fault, headers_of, http_exception, unexpected
from rest_shim.openapi import openapi_json
from rest_shim.parameters import Given, InvalidParameters, variables_of
from rest_shim.paths import Paths
from rest_shim.routes import Route, load_routes

_log = logging.getLogger("fast_track_graph")

_NOBODY_NAMED = "Say for whom you ask: send the person's UUID as X-On-Behalf-Of."


class RestEndpoints:
    """The routes by path. ``match`` is asked first, so that no framework stands before an answer."""

    def __init__(self, gateway: Gateway, trusted_origins: Collection[str]) -> None:
        by_path: dict[str, dict[str, Route]] = defaultdict(dict)
        for route in load_routes(gateway.graph):
            by_path[route.entry.path][route.entry.method] = route
        self._paths = Paths({path: Endpoint(gateway, routes, trusted_origins) for path, routes in by_path.items()})

    def match(self, path: str) -> tuple["Endpoint", dict[str, str]] | None:
        """The endpoint at a path, with the path's parameters."""
        return self._paths.match(path)


def rest_application(app: FastAPI, gateway: Gateway, trusted_origins: Collection[str] = ()) -> RestEndpoints:
    """The routes; ``/openapi.json`` and the contract's failures are added to the application behind them.

    ``trusted_origins``: pages of other hosts that may change something.
    """
    described = Description(gateway, openapi_json(gateway.graph), b"application/json")
    app.router.routes.append(StarletteRoute("/openapi.json", described, methods=["GET"], include_in_schema=False))
    app.add_exception_handler(HTTPException, http_exception)
    app.add_exception_handler(Exception, unexpected)
    return RestEndpoints(gateway, trusted_origins)


class Endpoint:
    """The methods of one path."""

    def __init__(self, gateway: Gateway, routes: Mapping[str, Route], trusted_origins: Collection[str]) -> None:
        self._gateway = gateway
        self._routes = routes
        self._trusted_origins = trusted_origins
        self._documents: dict[str, Document] = {
            method: gateway.documents.get(route.operation.text) for method, route in routes.items()
        }
        # An export is a GET, and counts.
        self._changing = {
            method
            for method, route in routes.items()
            if method not in SAFE_METHODS or not self._documents[method].is_query(route.operation.name)
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        exchange = Exchange(scope, receive, send)
        try:
            answer = await self._answer(exchange, scope["path_params"])
        except Failed as failed:
            answer = failed.answer(exchange.id)
        except HttpError as error:
            answer = Failed(error.status, str(error), error.code, headers=error.headers).answer(exchange.id)
        except Exception:  # noqa: BLE001 - the last that could answer; what it was is in the log
            _log.exception("request %s failed", exchange.id)
            answer = fault(exchange.id)
        headers = headers_of(answer)
        media_type = headers.pop("Content-Type", "application/json").encode()
        body = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
        await exchange.respond(answer.status, body, media_type, headers)

    async def _answer(self, exchange: Exchange, path: Mapping[str, str]) -> Answer:
        route = self._routes.get(exchange.method)
        if route is None:
            allowed = ", ".join(sorted(self._routes))
            raise Failed(405, f"Use {allowed} here.", "METHOD_NOT_ALLOWED", headers={"Allow": allowed})
        if exchange.method in self._changing and not (route.entry.redirect and is_followed_link(exchange.headers)):
            refuse_cross_site(exchange.headers, self._trusted_origins)
        key_use = await admit(self._gateway, exchange)
        try:
            asker = self._asker(exchange, key_use)
            if asker is None and not route.entry.public:
                raise _unauthenticated("Authentication required" if key_use is None else _NOBODY_NAMED)
            query = QueryParams(exchange.query_string) if exchange.query_string else {}
            body: Mapping[str, Any] = {}
            raw: Mapping[str, str] = {}
            if route.reads_raw_body:
                raw = {"body": await _raw_body(exchange)}
            elif exchange.method not in SAFE_METHODS:
                body = await _body(exchange, self._trusted_origins)
            given = Given(path, query, exchange.headers, body, raw)
            return await self._told(exchange, route, given, asker, key_use)
        except AuthenticationError as error:
            raise _unauthenticated(str(error)) from error

    def _asker(self, exchange: Exchange, key_use: KeyUse | None) -> UUID | None:
        """The account that is claimed to ask, or for whom a service key asks; raises ``AuthenticationError``."""
        if key_use is not None:
            return key_use.scope.person
        claimed = self._gateway.claimed(exchange.headers.get("authorization"))
        return claimed.viewer.user_id if claimed else None

    async def _context(
        self, exchange: Exchange, key_use: KeyUse | None, cookie: RefreshCookie | None = None
    ) -> Context:
        if key_use is not None:
            return await self._gateway.contexts.for_key(key_use, exchange.origin, exchange.id)
        authorization = exchange.headers.get("authorization")
        return await self._gateway.context(authorization, exchange.origin, exchange.id, cookie=cookie)

    async def _told(
        self, exchange: Exchange, route: Route, given: Given, asker: UUID | None, key_use: KeyUse | None
    ) -> Answer:
        """The answer of the route's operation. Whoever asks is checked before the request is criticised."""
        document, name = self._documents[exchange.method], route.operation.name
        try:
            _refuse_stranger(route, given, asker)
            variables = variables_of(route, given)
        except (Failed, InvalidParameters) as error:
            await self._context(exchange, key_use)
            raise _invalid(error) if isinstance(error, InvalidParameters) else error from error
        try:
            self._gateway.budget.admit(document.compilable(name), variables)
        except GraphQLError as error:
            await self._context(exchange, key_use)
            return answer_of(route, variables, {"errors": [told(error, exchange.id)]})
        if key_use is None:
            body = await self._gateway.compiled(document, name, variables, exchange.headers.get("authorization"))
            if body is not None:
                return answer_of(route, variables, orjson.loads(body))
        cookie = self._gateway.cookies.read(exchange.headers.get("cookie"))
        context = await self._context(exchange, key_use, cookie)
        result = await self._gateway.execute(document, context, variables, name)
        return self._with_cookie(cookie, lambda: answer_of(route, variables, result))

    def _with_cookie(self, cookie: RefreshCookie, answer: Callable[[], Answer]) -> Answer:
        """The answer, or the failure, with the header that sets or clears the refresh cookie."""
        headers = self._gateway.cookies.headers(cookie)
        try:
            told = answer()
        except Failed as failed:
            raise replace(failed, headers={**failed.headers, **headers}) from failed
        return replace(told, headers=told.headers | headers)


def _invalid(error: InvalidParameters) -> Failed:
    details = [{"path": problem.path, "message": problem.message} for problem in error.problems]
    return Failed(400, str(error), "BAD_REQUEST", details)


def _unauthenticated(message: str) -> Failed:
    return Failed(401, message, "UNAUTHENTICATED", headers={"WWW-Authenticate": "Bearer"})


def _refuse_stranger(route: Route, given: Given, asker: UUID | None) -> None:
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
        same = asker is not None and UUID(str(wanted)) == asker
    except ValueError:
        same = False
    if not same:
        raise Failed(404, "User not found", "NOT_FOUND")


async def _raw_body(exchange: Exchange) -> str:
    """The body's text for an operation that reads it itself: one that is signed, byte for byte."""
    if media_type(exchange.headers) != "application/json":
        raise HttpError(415, "Send the body as application/json.")
    raw = await exchange.body()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        message = "The body must be JSON in UTF-8."
        raise Failed(400, message, "BAD_REQUEST", [{"path": "", "message": message}]) from error


async def _body(exchange: Exchange, trusted_origins: Collection[str]) -> Mapping[str, Any]:
    """The body of an unsafe request, also of one whose operation reads none.

    A browser sends form data, text and nothing at all for a page of any site, without asking first; hence none of them
    is taken. Nothing at all is, beside an ``Authorization``, which no page can add unasked, or from a page of ours.
    """
    given = media_type(exchange.headers)
    bare = not given and (
        any(exchange.headers.get(name) is not None for name in ("authorization", "x-api-key"))
        or bool(from_our_page(exchange.headers, trusted_origins))
    )
    if given != "application/json" and not bare:
        raise HttpError(415, "Send the body as application/json.")
    raw = await exchange.body()
    if not raw:
        return {}
    if bare:
        raise HttpError(415, "Send the body as application/json.")
    try:
        body = decode_json(raw)
    except JsonError as error:
        raise Failed(400, str(error), "BAD_REQUEST", [{"path": "", "message": str(error)}]) from error
    if not isinstance(body, dict):
        message = "The body must be a JSON object."
        raise Failed(400, message, "BAD_REQUEST", [{"path": "", "message": message}])
    return body
