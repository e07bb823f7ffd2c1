"""What holds on every path: health, envelopes, request ids, and requests that no route takes."""

import logging

import httpx
import pytest

from app.serving import application, open_gateway
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from tests.db.databases import fresh_database
from tests.rest_shim.rest import Rest
from tests.world import Person, World

SAVE = "/api/tools/woop/data"


async def test_a_running_process_is_live_and_ready(world: World) -> None:
    """Bare answers, without a token."""
    for path in ("/health/live", "/health/ready"):
        answer = await world.client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_health_tells_time_and_environment(world: World) -> None:
    """GET /api/health, bare."""
    first, second = [(await world.client.get("/api/health")).json() for _ in range(2)]
    assert first.keys() == {"status", "timestamp", "uptime", "environment", "graphql"}
    assert first["graphql"].keys() == {
        "documents",
        "plans",
        "answers",
        "rate_limits",
        "cost",
        "limits_exceeded",
        "live",
    }
    assert (first["status"], first["environment"]) == ("ok", "development")
    assert first["timestamp"].endswith("+00:00")
    assert first["uptime"] <= second["uptime"]


async def test_an_unmigrated_database_is_not_ready(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings
) -> None:
    """503 with the reason; the process is live all the same."""
    async with (
        fresh_database(storage, "unmigrated") as empty,
        open_gateway(settings, empty, catalogue) as gateway,
        _client(application(gateway, settings, empty)) as client,
    ):
        ready = await client.get("/health/ready")
        assert (await client.get("/health/live")).status_code == 200
    assert (ready.status_code, ready.json()["reason"]) == (503, "the database is not migrated")


async def test_a_fault_of_ours_tells_nothing_but_the_request_id(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings, person: Person
) -> None:
    """With the database gone: 500 in the contract's shape, no trace; not ready."""
    async with open_gateway(settings, storage, catalogue) as gateway:
        app = application(gateway, settings, storage)
    async with _client(app) as client:
        answer = await client.get("/api/auth/me", headers=person.headers | {"X-Request-Id": "r-1"})
        ready = await client.get("/health/ready")
    assert answer.status_code == 500
    assert answer.json() == {
        "success": False,
        "error": "Internal Server Error",
        "message": "Something went wrong on our side. Tell support the request id r-1.",
        "code": "INTERNAL_SERVER_ERROR",
        "request_id": "r-1",
    }
    assert (ready.status_code, ready.json()["reason"]) == (503, "the database cannot be reached")


async def test_success_and_failure_have_one_shape_each(rest: Rest, person: Person) -> None:
    """success and data, and a message where the route has one; five or six members of a failure."""
    assert (await rest.get(person, "/api/tools")).body.keys() == {"success", "data"}
    saved = await rest.post(person, SAVE, {"data": {"wish": "Sail"}})
    assert saved.body.keys() == {"success", "data", "message"}
    refused = await rest.post(person, SAVE, {"data": {"wish": 5}})
    assert refused.body.keys() == {"success", "error", "message", "code", "details", "request_id"}
    absent = await rest.get(person, "/api/tools/cartomancy")
    assert absent.body.keys() == {"success", "error", "message", "code", "request_id"}


@pytest.mark.parametrize("path", ["/api/tools", "/api/tools/cartomancy", "/api/nowhere"])
async def test_a_request_keeps_its_id(rest: Rest, person: Person, path: str, caplog: pytest.LogCaptureFixture) -> None:
    """X-Request-Id is echoed and logged, on success, failure and unknown path."""
    with caplog.at_level(logging.INFO, "fast_track_graph"):
        answer = await rest.send("GET", path, person, headers={"X-Request-Id": "order-66/a"})
    assert answer.headers["x-request-id"] == "order-66/a"
    assert [record.getMessage() for record in caplog.records] == [f"order-66/a GET {path} {answer.status}"]


@pytest.mark.parametrize("given", [None, "", "a" * 101, "é", "a\tb"])
async def test_a_request_without_a_usable_id_is_given_one(rest: Rest, person: Person, given: str | None) -> None:
    """Absent, empty, too long or not plain: a new id, another for each request."""
    headers = {"X-Request-Id": given} if given is not None else {}
    first, second = [(await rest.send("GET", "/api/tools", person, headers=headers)).headers for _ in range(2)]
    assert len(first["x-request-id"]) == 32
    assert first["x-request-id"] != second["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/tools", "GET"),
        ("PUT", SAVE, "GET, POST"),
        ("GET", "/api/tools/woop/submit", "POST"),
        ("GET", "/api/data/batch", "POST"),
        ("POST", "/api/auth/me", "GET"),
        ("PATCH", "/api/toolsave/save", "POST"),
        ("DELETE", "/api/health", "GET"),
    ],
)
async def test_a_wrong_method_is_told_the_right_one(rest: Rest, method: str, path: str, allowed: str) -> None:
    """405 with Allow, before a token is asked for."""
    refused = await rest.send(method, path)
    assert (refused.status, refused.headers["allow"]) == (405, allowed)
    assert refused.body["message"] == f"Use {allowed} here."


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_body_must_say_that_it_is_json(rest: Rest, person: Person, content_type: str) -> None:
    """415 for any other type."""
    refused = await rest.send("POST", SAVE, person, content=b'{"data": {}}', headers={"Content-Type": content_type})
    assert (refused.status, refused.body["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_may_say_its_charset(rest: Rest, person: Person) -> None:
    """Parameters and case of the media type do not matter."""
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert (await rest.send("POST", SAVE, person, content=b'{"data": {}}', headers=headers)).status == 201


# What later issues bring, and what was never there.
ABSENT = [
    "/api/tools/woop/export/status",
    "/api/ai",
    "/api",
    "/api/tool",
    "/api/tools/woop/data/1",
    "//api/tools",
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ABSENT)
async def test_where_no_route_is_nothing_is_found(rest: Rest, person: Person, method: str, path: str) -> None:
    """404 in the same shape, with the path."""
    refused = await rest.send(method, f"http://gateway.test{path}", person)
    assert (refused.status, refused.body["message"]) == (404, f"There is nothing at {path}.")


async def test_pages_of_other_hosts_read_the_headers_they_need(
    world: World, storage: Storage, settings: Settings
) -> None:
    """A configured origin may send If-Match and read the rate limit; another origin is told nothing."""
    app = application(world.gateway, settings.model_copy(update={"cors_origins": ("https://pages.example",)}), storage)
    async with _client(app) as client:
        ours = await client.get("/api/health", headers={"Origin": "https://pages.example"})
        theirs = await client.get("/api/health", headers={"Origin": "https://evil.example"})
        asked = {"Origin": "https://pages.example", "Access-Control-Request-Method": "POST"}
        preflight = await client.options(SAVE, headers=asked | {"Access-Control-Request-Headers": "If-Match"})
    exposed = ours.headers["access-control-expose-headers"].split(", ")
    assert {"X-Request-Id", "Retry-After", "X-RateLimit-Remaining", "Content-Disposition"} <= set(exposed)
    assert preflight.status_code == 200
    assert "access-control-allow-origin" not in theirs.headers


def _client(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://gateway.test")
