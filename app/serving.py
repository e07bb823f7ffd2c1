"""Puts a running gateway together: storage, database, graph, pages, REST and GraphQL in one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from app.development import DevelopmentSignIn, development_routes
from app.health import health_routes
from app.pages import page_routes
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.database import Database, Observer
from graphql_api.authentication import Tokens
from graphql_api.gateway import Gateway, identify_refused
from graphql_api.graph import build_graph
from graphql_api.http import GraphQLEndpoint
from resolvers.signing_in import Identify
from rest_shim import rest_application


class UnsafeLogin(Exception):
    """The gateway's database login could see past row-level security; it does not start with such a login."""


def now() -> datetime:
    """The clock of a running process."""
    return datetime.now(UTC)


def tokens_of(settings: Settings) -> Tokens:
    """The signer and verifier of access tokens."""
    return Tokens(settings.jwt_secret, settings.token_lifetime, now)


@asynccontextmanager
async def open_gateway(
    settings: Settings, storage: Storage, catalogue: Catalogue, observe: Observer | None = None
) -> AsyncIterator[Gateway]:
    """A gateway with an open pool. Raises ``UnsafeLogin`` for a login that policies do not bind."""
    database = await Database.connect(storage.gateway_url, pool_size=settings.database_pool_size, observe=observe)
    try:
        excess = [name.replace("_", " ") for name, held in (await database.login_privileges()).items() if held]
        if excess:
            raise UnsafeLogin(f"The gateway's database login must be harmless, but it: {', '.join(excess)}.")
        tokens = tokens_of(settings)
        identify: Identify = identify_refused
        if settings.in_development and storage.owner_url:
            identify = DevelopmentSignIn(storage, database, tokens, catalogue).identify
        yield Gateway(build_graph(catalogue), database, tokens, now, identify)
    finally:
        await database.close()


def application(gateway: Gateway, settings: Settings, storage: Storage) -> FastAPI:
    """The ASGI application around a gateway."""
    app = FastAPI(title="Fast Track Graph", openapi_url=None, docs_url=None, redoc_url=None)
    catalogue = gateway.graph.catalogue
    pages, static = page_routes(gateway.graph.sdl)
    app.router.routes.append(Route("/graphql", GraphQLEndpoint(gateway), include_in_schema=False))
    app.include_router(pages)
    app.include_router(health_routes(gateway.database, catalogue, settings))
    if settings.in_development and storage.owner_url:
        app.include_router(development_routes(DevelopmentSignIn(storage, gateway.database, gateway.tokens, catalogue)))
    app.router.routes.append(static)
    rest_application(app, gateway)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "If-Match", "X-Request-Id"],
            expose_headers=[
                "X-Request-Id",
                "Content-Disposition",
                "Retry-After",
                "X-RateLimit-Limit",
                "X-RateLimit-Remaining",
                "X-RateLimit-Reset",
            ],
        )
    return app
