"""Which pages of other hosts may call the gateway: those of a list, and a browser is told of no other."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.serving import application
from app.settings import Settings
from tests.world import Person, World

LISTED = ("https://pages.example", "https://tools.example:8443")
PATHS = ["/graphql", "/api/tools", "/api/health", "/schema.graphql", "/api/nothing"]
UNLISTED = [
    "https://evil.example",
    "https://pages.example.evil.example",
    "https://evil-pages.example",
    "https://sub.pages.example",
    "http://pages.example",
    "https://pages.example:8443",
    "https://tools.example",
    "https://pages.example/",
    "HTTPS://PAGES.EXAMPLE",
    "https://pages.example https://evil.example",
    "null",
    "*",
    "",
]


@pytest.fixture(scope="module")
async def client(world: World, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway with a list of two."""
    app = application(world.gateway, settings.model_copy(update={"cors_origins": LISTED}), world.storage)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as opened:
        yield opened


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody with a token."""
    return await world.person(await world.organization())


def _permissions(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("origin", LISTED)
@pytest.mark.parametrize("path", PATHS)
async def test_a_listed_origin(client: httpx.AsyncClient, person: Person, path: str, origin: str) -> None:
    """Is named letter by letter, may bring cookies, and may read what it needs; no cache mixes up origins."""
    answer = await client.get(path, headers=person.headers | {"Origin": origin})
    found = _permissions(answer)
    assert found.pop("access-control-expose-headers").startswith("ETag, X-Request-Id")
    assert found == {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
    assert "Origin" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize("origin", UNLISTED)
@pytest.mark.parametrize("path", PATHS)
async def test_an_unlisted_origin(client: httpx.AsyncClient, person: Person, path: str, origin: str) -> None:
    """Is told nothing: no wildcard, no echo of what it said, no credentials."""
    answer = await client.get(path, headers=person.headers | {"Origin": origin})
    assert _permissions(answer) == {}
    assert "Origin" in answer.headers["vary"].split(", ")
    preflight = await client.options(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert (preflight.status_code, _permissions(preflight)) == (400, {})
    assert origin in ("", "*", "null") or origin not in preflight.text


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_list(world: World, person: Person, path: str) -> None:
    """No page of another host may call."""
    answer = await world.client.get(path, headers=person.headers | {"Origin": LISTED[0]})
    assert _permissions(answer) == {}


@pytest.mark.parametrize(
    "wanted",
    ["", "authorization", "Content-Type,IF-MATCH", "accept, authorization , content-type, if-none-match, x-request-id"],
)
async def test_a_preflight(client: httpx.AsyncClient, world: World, wanted: str) -> None:
    """Is answered without the application: by whom and what may be sent, and for how long that holds."""
    asked = {"Origin": LISTED[1], "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": wanted}
    with world.sql() as statements:
        answer = await client.options("/graphql", headers=asked)
    assert statements == []
    assert (answer.status_code, answer.content) == (200, b"")
    assert _permissions(answer) == {
        "access-control-allow-origin": LISTED[1],
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id",
        "access-control-max-age": "600",
    }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"Access-Control-Request-Method": "DELETE"}, "GET, POST"),
        ({"Access-Control-Request-Method": "post"}, "GET, POST"),
        ({"Access-Control-Request-Headers": "authorization, x-other"}, "If-Match"),
        ({"Access-Control-Request-Headers": "*"}, "If-Match"),
    ],
)
async def test_a_preflight_for_too_much(client: httpx.AsyncClient, changed: dict[str, str], told: str) -> None:
    """Is refused with what would be allowed, and permits nothing."""
    answer = await client.options(
        "/graphql", headers={"Origin": LISTED[0], "Access-Control-Request-Method": "POST"} | changed
    )
    assert (answer.status_code, _permissions(answer)) == (400, {})
    assert told in answer.text


async def test_options_without_a_question_is_no_preflight(client: httpx.AsyncClient) -> None:
    """It goes to the path, which does not have it."""
    answer = await client.options("/graphql", headers={"Origin": LISTED[0]})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
