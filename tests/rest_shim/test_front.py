"""Requests served before the framework: what a REST read costs, and what every other method and path is told."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from app.serving import application
from app.settings import Settings
from app.storage import Storage
from tests.rest_shim.rest import Rest
from tests.world import Person, World

READS = [
    "/api/auth/me",
    "/api/tools",
    "/api/tools?order=sequence",
    "/api/tools/dream",
    "/api/tools/dream/dependencies",
    "/api/tools/dream/dependencies/metadata",
    "/api/data/intro.woop.wish",
    "/api/dashboard/progress",
    "/api/dashboard/submission?tool_slug=woop",
    "/api/user/progress",
    "/api/toolsave/questions?tool_slug=woop",
    "/api/toolsave/load?tool_slug=woop&user_id={id}",
    "/api/toolsave/completions?user_id={id}",
]
"""Reads that are data from end to end."""

ALLOWED = {
    "/graphql": "GET, POST",
    "/api/tools": "GET",
    "/api/tools/woop/data": "GET, POST",
    "/api/toolsave/save": "POST",
    "/api/data/batch": "POST",
    "/api/health": "GET",
}

ORIGIN = "https://pages.example"


@pytest.mark.parametrize("path", READS)
async def test_a_read_is_one_statement(world: World, rest: Rest, person: Person, path: str) -> None:
    """Who is asking and what they asked for, in one round trip."""
    await world.complete(person, "woop", "know-thyself")
    with world.sql() as statements:
        answer = await rest.send("GET", path.format(id=person.id), person)
    assert answer.status == 200
    assert len(statements) == 1


async def test_a_public_read_without_token_asks_nobody(world: World, rest: Rest) -> None:
    """Questions of a tool come from the catalogue; nobody's rows are read for nobody."""
    with world.sql() as statements:
        answer = await rest.get(None, "/api/toolsave/questions", tool_slug="woop")
    assert (answer.status, len(answer.data), statements) == (200, 16, [])


@pytest.mark.parametrize("path", [path for path in READS if "{id}" not in path])
async def test_an_account_that_is_gone(world: World, rest: Rest, person: Person, path: str) -> None:
    """401 as ever: the one statement finds no account."""
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM users.accounts WHERE id = :id"), {"id": person.id})
    refused = await rest.send("GET", path, person)
    assert (refused.status, refused.body["message"]) == (401, "Invalid token")
    assert (refused.body["code"], refused.headers["www-authenticate"]) == ("UNAUTHENTICATED", "Bearer")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/api/tools/cartomancy", 404, "Tool not found: cartomancy"),
        ("/api/tools/cartomancy/dependencies", 404, "Tool not found: cartomancy"),
        ("/api/data/no.such.field", 404, "Field not found: no.such.field"),
        ("/api/tools?order=backwards", 400, "The request is not valid; see details."),
        ("/api/toolsave/completions", 400, "The request is not valid; see details."),
        ("/api/toolsave/completions?user_id=7", 404, "User not found"),
    ],
)
async def test_refusals_keep_their_words(rest: Rest, person: Person, path: str, status: int, message: str) -> None:
    """What the old paths say of what is not there or not valid; without a token none of it is said."""
    refused = await rest.send("GET", path, person)
    assert (refused.status, refused.body["message"]) == (status, message)
    refused = await rest.send("GET", path)
    assert (refused.status, refused.body["message"]) == (401, "Authentication required")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ALLOWED)
async def test_another_method(world: World, person: Person, path: str, method: str) -> None:
    """405 with the methods that there are; to HEAD without a body, before any token is looked at."""
    with world.sql() as statements:
        for headers in (person.headers, {}):
            answer = await world.client.request(method, path, headers=headers)
            assert (answer.status_code, answer.headers["allow"]) == (405, ALLOWED[path])
            assert answer.headers["content-type"].startswith("application/json")
            assert answer.headers["x-request-id"]
            if method == "HEAD":
                assert answer.content == b""
            elif path == "/graphql":
                assert answer.json()["errors"][0]["extensions"] == {"code": "METHOD_NOT_ALLOWED"}
            else:
                assert answer.json()["message"] == f"Use {ALLOWED[path]} here."
                assert answer.json()["code"] == "METHOD_NOT_ALLOWED"
    assert statements == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/api/tools/", "/api/tools/woop/data/", "/graphql/"])
async def test_no_such_path(world: World, person: Person, path: str, method: str) -> None:
    """404 in the contract's shape, whatever the method; a slash at the end is another path."""
    for headers in (person.headers, {}):
        answer = await world.client.request(method, path, headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/json"
        if method == "HEAD":
            assert answer.content == b""
            continue
        body = answer.json()
        assert body.pop("request_id") == answer.headers["x-request-id"]
        assert body == {
            "success": False,
            "error": "Not Found",
            "message": f"There is nothing at {path}.",
            "code": "NOT_FOUND",
        }


@pytest.fixture
async def pages(world: World, settings: Settings, storage: Storage) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that pages of another host may call."""
    app = application(world.gateway, settings.model_copy(update={"cors_origins": (ORIGIN,)}), storage)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield client


@pytest.mark.parametrize("path", [*ALLOWED, "/api/nothing"])
async def test_a_preflight(pages: httpx.AsyncClient, path: str) -> None:
    """A page of a configured origin may send JSON with a token and the versions it knows."""
    wanted = "authorization, content-type, if-match, if-none-match, x-request-id"
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": wanted}
    answer = await pages.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert set(wanted.split(", ")) <= set(answer.headers["access-control-allow-headers"].lower().split(", "))
    assert answer.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize("path", ["/graphql", "/api/tools/woop/data"])
@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": "https://evil.example"},
        {"Access-Control-Request-Method": "DELETE"},
        {"Access-Control-Request-Headers": "x-other"},
    ],
    ids=["origin", "method", "header"],
)
async def test_a_preflight_that_is_refused(pages: httpx.AsyncClient, path: str, changed: dict[str, str]) -> None:
    """Another origin, method or header: the browser does not send the request."""
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"} | changed
    answer = await pages.options(path, headers=asked)
    assert answer.status_code == 400
    assert answer.headers.get("access-control-allow-origin") in (None, ORIGIN)


async def test_refusals_can_be_read_by_pages(pages: httpx.AsyncClient, person: Person) -> None:
    """An error without the header would reach a page as "network error"; another origin gets none of it."""
    for method, path, status in (
        ("GET", "/api/tools", 401),
        ("PUT", "/api/tools", 405),
        ("GET", "/api/nothing", 404),
        ("PUT", "/graphql", 405),
        ("POST", "/graphql", 415),
    ):
        answer = await pages.request(method, path, headers={"Origin": ORIGIN})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, ORIGIN)
        answer = await pages.request(method, path, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers
    read = await pages.get("/api/tools", headers=person.headers | {"Origin": ORIGIN})
    assert (read.status_code, read.headers["access-control-allow-origin"]) == (200, ORIGIN)
