"""Headers that protect whoever reads an answer: on every path and for every status, each exactly once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.serving import application
from app.settings import Environment, Settings
from db.catalogue import load_catalogue
from graphql_api.graph import build_graph
from rest_shim import load_routes
from tests.world import Person, World

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}

ANSWERS = [
    ("GET", "/graphql?query={__typename}", 200),
    ("GET", "/graphql?query={", 200),
    ("GET", "/graphql", 400),
    ("PUT", "/graphql", 405),
    ("POST", "/graphql", 415),
    ("GET", "/graphql?documentId=none", 404),
    ("GET", "/graphql?documentId=ListTools", 200),
    ("GET", "/api/tools", 200),
    ("GET", "/api/tools/cartomancy", 404),
    ("DELETE", "/api/tools", 405),
    ("POST", "/api/toolsave/save", 400),
    ("GET", "/api/nothing", 404),
    ("GET", "/", 200),
    ("GET", "/graphiql", 200),
    ("GET", "/docs", 200),
    ("PUT", "/docs", 405),
    ("GET", "/schema.graphql", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/health/live", 200),
    ("GET", "/health/ready", 200),
    ("GET", "/api/health", 200),
    ("GET", "/static/docs/init.js", 200),
    ("GET", "/account/reset", 200),
    ("GET", "/account/invitation", 200),
    ("GET", "/account/page.js", 200),
    ("GET", "/dev/mail", 200),
    ("GET", "/dev/mail/999999", 404),
    ("GET", "/static/nothing", 404),
    ("POST", "/dev/token", 422),
]
PAGES = {
    "/",
    "/graphiql",
    "/docs",
    "/static/docs/init.js",
    "/account/reset",
    "/account/invitation",
    "/account/page.js",
}
"""What is the same for everybody; only this may be kept by whoever passes it on, and only to ask again."""


@pytest.fixture(scope="module")
async def person(world: World) -> Person:
    """Somebody with answers of their own."""
    return await world.person(await world.organization())


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS, ids=lambda value: str(value))
async def test_every_answer_protects(world: World, person: Person, method: str, path: str, status: int) -> None:
    """Types are not guessed, nothing is framed, nothing runs but what a page's own policy allows."""
    answer = await world.client.request(method, path, headers=person.headers)
    assert answer.status_code == status
    names = [name for name, _ in answer.headers.raw]
    assert len(names) == len(set(names))
    assert EVERYWHERE.items() <= dict(answer.headers).items()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert ("script-src 'self'" in policy) == (status == 200 and path in PAGES)
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS, ids=lambda value: str(value))
async def test_no_proxy_keeps_what_is_private(
    world: World, person: Person, method: str, path: str, status: int
) -> None:
    """``no-store``, or ``private`` for what its reader may keep and ask for again."""
    for headers in (person.headers, {}):
        answer = await world.client.request(method, path, headers=headers)
        directives = set(answer.headers["cache-control"].split(", "))
        if answer.is_success and path in PAGES:
            assert directives == {"no-cache"}
        else:
            assert "no-store" in directives or directives == {"private", "no-cache"}
        if path.startswith(("/graphql?", "/api/tools")):
            assert "Authorization" in answer.headers["vary"].split(", ")
        if path.startswith("/graphql?"):
            assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.status_code in (status, 401)


_READS = [route.entry for route in load_routes(build_graph(load_catalogue())) if route.entry.method == "GET"]


@pytest.mark.parametrize("entry", _READS, ids=lambda entry: entry.path)
async def test_no_proxy_keeps_a_rest_read(world: World, person: Person, entry: Any) -> None:
    """Whatever route there is, with a token and without."""
    path = entry.path.format(slug="woop", field_id="intro.woop.wish", job_id=person.id)
    for headers in (person.headers, {}):
        answer = await world.client.get(path, headers=headers, params={"user_id": str(person.id), "tool_slug": "woop"})
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["vary"] == "Authorization"
        assert EVERYWHERE.items() <= dict(answer.headers).items()


@asynccontextmanager
async def _production(world: World, settings: Settings, scheme: str, **given: Any) -> AsyncIterator[httpx.AsyncClient]:
    changed = settings.model_copy(update={"environment": Environment.PRODUCTION} | given)
    transport = httpx.ASGITransport(application(world.gateway, changed, world.storage), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://gateway.test") as client:
        yield client


@pytest.mark.parametrize(
    ("scheme", "configured", "told"),
    [
        ("https", None, "max-age=31536000"),
        ("http", None, None),
        ("https", 600, "max-age=600"),
        ("http", 600, "max-age=600"),
        ("https", 0, None),
        ("http", 0, None),
    ],
)
async def test_strict_transport_in_production(
    world: World, settings: Settings, scheme: str, configured: int | None, told: str | None
) -> None:
    """Behind https for a year; where it is configured always, since a proxy may have ended TLS; 0 is off."""
    async with _production(world, settings, scheme, hsts_max_age=configured) as client:
        for path in ("/graphql?query={__typename}", "/api/tools", "/docs", "/health/live", "/api/nothing"):
            answer = await client.get(path)
            assert answer.headers.get("strict-transport-security") == told


async def test_a_preflight_protects_too(world: World, settings: Settings) -> None:
    """It is answered before everything else."""
    async with _production(world, settings, "https", cors_origins=("https://pages.example",)) as client:
        asked = {"Origin": "https://pages.example", "Access-Control-Request-Method": "POST"}
        answer = await client.options("/graphql", headers=asked)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
