"""Puts a running gateway together: storage, database, graph, pages, REST and GraphQL in one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.account_pages import account_routes
from app.cors import CrossOrigin
from app.counting import per_minute
from app.development import DevelopmentSignIn, development_routes
from app.files import file_routes
from app.guarded import Guarded, StrictTransport
from app.health import health_routes
from app.loopback_school import school_routes
from app.mail_catcher import mail_routes
from app.mailing import Mailing
from app.metrics import Measured, Metrics, metrics_route
from app.pages import MAP_OPERATIONS, map_routes, page_routes, sign_in_failed_page
from app.services import open_services
from app.settings import Settings
from app.signing_keys import create_key_file
from app.sockets import WebSockets
from app.storage import Storage
from db.catalogue import Catalogue
from db.database import Database, Observer
from db.encryption import EncryptionKeyError
from graphql_api.authentication import Tokens
from graphql_api.cookies import CookiePolicy
from graphql_api.execution.budget import Budget
from graphql_api.gateway import Gateway
from graphql_api.graph import Graph, build_graph
from graphql_api.http import GraphQLEndpoint
from graphql_api.limits import MAX_MESSAGE_BYTES
from graphql_api.rate_limits import RateLimits
from graphql_api.signing_keys import Keys
from graphql_api.stored import StoredDocuments, stored_documents
from integrations.files import Folder
from resolvers.read_trail import ReadTrail
from rest_shim import Description, RestEndpoints, load_operations, rest_application


class UnsafeLogin(Exception):
    """The gateway's database login could see past row-level security; it does not start with such a login."""


def now() -> datetime:
    """The clock of a running process."""
    return datetime.now(UTC)


def tokens_of(settings: Settings) -> Tokens:
    """The signer and verifier of access tokens."""
    if settings.in_development and settings.jwt_keys is None and settings.signing_keys:
        create_key_file(settings.signing_keys, now().timestamp(), exist_ok=True)
    return Tokens(Keys(settings.signing_keys, settings.jwt_secret), settings.token_lifetime, now)


def known_documents(graph: Graph, settings: Settings) -> StoredDocuments:
    """The operations of REST routes and map, and the documents of the manifests. Raises ``ManifestError``."""
    operations = {name: operation.text for name, operation in load_operations(graph.schema).items()}
    manifests = (MAP_OPERATIONS, *settings.stored_documents)
    return stored_documents(graph, operations, manifests, only=settings.trusted_documents_only)


@asynccontextmanager
async def open_gateway(
    settings: Settings, storage: Storage, catalogue: Catalogue, observe: Observer | None = None
) -> AsyncIterator[Gateway]:
    """A gateway with an open pool.

    Raises ``UnsafeLogin`` for a login that policies do not bind, ``EncryptionKeyError`` where a key is missing that
    stored answers need.
    """
    database = await Database.connect(
        storage.gateway_url, pool_size=settings.database_pool_size, observe=observe, key_ring=settings.key_ring
    )
    try:
        excess = [name.replace("_", " ") for name, held in (await database.login_privileges()).items() if held]
        if excess:
            raise UnsafeLogin(f"The gateway's database login must be harmless, but it: {', '.join(excess)}.")
        if lacking := await database.lacking_encryption_keys():
            raise EncryptionKeyError("\n".join(lacking))
        tokens = tokens_of(settings)
        graph = build_graph(catalogue)
        stored = known_documents(graph, settings)
        cookies = CookiePolicy(secure=not settings.in_development, same_site=settings.cookie_same_site)
        async with (
            open_services(settings, storage, database, tokens, catalogue, stored.ids) as services,
            ReadTrail(database.observed(_unobserved), catalogue, now).running() as reads,
        ):
            rate_limits = RateLimits(services.counters, per_minute(settings), now)
            budget = Budget(graph.schema, graph.costs, settings.max_cost, settings.cost_mode)
            measured = settings.measured_limits
            yield Gateway(
                graph,
                database,
                tokens,
                now,
                rate_limits,
                services,
                cookies,
                stored,
                budget,
                reads,
                measured,
                open_schema=settings.in_development,
            )
    finally:
        await database.close()


def _unobserved(_: str) -> None:
    """What is written in the background belongs to no request that somebody looks at."""


def application(gateway: Gateway, settings: Settings, storage: Storage) -> ASGIApp:
    """The ASGI application around a gateway."""
    # A redirect to the path without its last slash would repeat the query, and the Host that the request claims.
    app = FastAPI(title="Fast Track Graph", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    catalogue = gateway.graph.catalogue
    app.include_router(sign_in_failed_page())
    for pages, static in (map_routes(), *([page_routes()] if settings.serves_explorer else [])):
        app.include_router(pages)
        app.router.routes.append(static)
    app.include_router(account_routes())
    schema = Description(gateway, gateway.graph.sdl.encode(), b"text/plain; charset=utf-8")
    app.router.routes.append(Route("/schema.graphql", schema, methods=["GET"], include_in_schema=False))
    app.include_router(health_routes(gateway, settings))
    if isinstance(files := gateway.services.files, Folder):
        app.include_router(file_routes(files, gateway.contexts.clock))
    metrics = Metrics(gateway)
    app.router.routes.append(metrics_route(metrics, settings))
    if settings.in_development and storage.owner_url:
        app.include_router(school_routes(settings, storage, catalogue))
        app.include_router(development_routes(DevelopmentSignIn(storage, gateway.database, gateway.tokens, catalogue)))
    mailer = gateway.services.mailer
    if settings.in_development and isinstance(mailer, Mailing) and mailer.mailbox is not None:
        app.include_router(mail_routes(mailer.mailbox))
    graphql = GraphQLEndpoint(
        gateway,
        explains=settings.in_development,
        profile=settings.graphql_http_profile,
        trusted_origins=settings.cors_origins,
    )
    rest = rest_application(app, gateway, settings.cors_origins)
    front: ASGIApp = Measured(Front(graphql, rest, Guarded(app, settings.cors_origins)), metrics)
    if settings.cors_origins:
        front = CrossOrigin(front, settings.cors_origins)
    if settings.strict_transport_seconds:
        front = StrictTransport(front, settings.strict_transport_seconds, always=settings.hsts_max_age is not None)
    return front


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How the application is served. Whom to believe behind a proxy is a setting, not uvicorn's own variable."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws=WebSockets,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # messages are short, and each connection would keep its own dictionaries
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


class Front:
    """Sends a request to what serves its path: GraphQL and REST at once, everything else through the framework.

    The framework's layers cost a third of what a small GraphQL request costs in all (docs/performance.md).
    """

    def __init__(self, graphql: GraphQLEndpoint, rest: RestEndpoints, pages: ASGIApp) -> None:
        self._graphql = graphql
        self._rest = rest
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == "/graphql":
            await self._graphql(scope, receive, send)
            return
        if scope["type"] == "http":
            path = scope["path"]
            if path == "/graphql":
                await self._graphql(scope, receive, send)
                return
            if found := self._rest.match(path):
                endpoint, parameters = found
                scope["path_params"] = parameters
                await endpoint(scope, receive, send)
                return
        await self._pages(scope, receive, send)
