"""Whether the process runs, whether it can do its work, and the keys that its tokens are verified with."""

import asyncio
import time
from datetime import UTC, datetime

import asyncpg
from fastapi import APIRouter
from starlette.responses import JSONResponse

from app.settings import Settings
from app.signing_keys import PUBLISHED_BEFORE_SIGNING
from db.migrations.run import known_heads
from graphql_api.gateway import Gateway

READY_TIMEOUT = 3.0
"""Seconds after which an unanswered database counts as unreachable."""


def health_routes(gateway: Gateway, settings: Settings) -> APIRouter:
    """``/health/live``, ``/health/ready``, ``/api/health`` and ``/.well-known/jwks.json``."""
    router = APIRouter(include_in_schema=False)
    started = time.monotonic()
    database = gateway.database
    known = known_heads(gateway.graph.catalogue)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                missing = known - await database.applied_revisions()
        except asyncpg.UndefinedTableError:
            missing = known
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return JSONResponse({"status": "unavailable", "reason": "the database cannot be reached"}, 503)
        if missing:
            return JSONResponse({"status": "unavailable", "reason": "the database is not migrated"}, 503)
        return JSONResponse({"status": "ok"})

    @router.get("/api/health")
    async def health() -> dict[str, object]:
        return {
            "status": "ok",
            "timestamp": datetime.now(UTC).isoformat(),
            "uptime": round(time.monotonic() - started, 3),
            "environment": settings.environment.value,
            "graphql": gateway.counts(),
        }

    @router.get("/.well-known/jwks.json")
    async def jwks() -> JSONResponse:
        keys = gateway.tokens.keys.current().public()
        return JSONResponse(keys, headers={"Cache-Control": f"public, max-age={PUBLISHED_BEFORE_SIGNING // 2}"})

    return router
