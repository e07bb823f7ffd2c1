"""What a browser can be made to send by a page of another site changes nothing, on /graphql and on every path."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.serving import application
from app.settings import Settings
from db.catalogue import load_catalogue
from graphql_api.graph import build_graph
from rest_shim import load_routes
from tests.graphql_api.refused import nothing_written
from tests.world import Person, World

TRUSTED = "https://pages.example"
SIMPLE_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", None]
"""Content types that a page may send anywhere without asking first; ``None``: no header."""

FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "a sister host": {"Sec-Fetch-Site": "same-site", "Origin": "https://sister.gateway.test"},
    "a frame without origin": {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    "no origin told": {"Sec-Fetch-Site": "cross-site"},
    "an older browser": {"Origin": "https://evil.example"},
    "an older browser's frame": {"Origin": "null"},
    "our name as a beginning": {"Origin": "http://gateway.test.evil.example"},
    "our name as an end": {"Origin": "http://evil-gateway.test"},
    "our name at another port": {"Origin": "http://gateway.test:8080"},
    "the trusted name without TLS": {"Sec-Fetch-Site": "cross-site", "Origin": "http://pages.example"},
    "the trusted name as a beginning": {"Origin": f"{TRUSTED}.evil.example"},
}
OURS = {
    "a program": {},
    "a page of ours": {"Sec-Fetch-Site": "same-origin", "Origin": "http://gateway.test"},
    "behind a proxy that changes Host": {"Sec-Fetch-Site": "same-origin", "Origin": "https://public.example"},
    "typed by a person": {"Sec-Fetch-Site": "none"},
    "an older browser": {"Origin": "http://gateway.test"},
    "a trusted page": {"Sec-Fetch-Site": "cross-site", "Origin": TRUSTED},
    "a trusted page, older browser": {"Origin": TRUSTED},
}

_ROUTES = [route.entry for route in load_routes(build_graph(load_catalogue()))]
UNSAFE = ["/graphql", *(entry.path for entry in _ROUTES if entry.method not in ("GET", "HEAD", "OPTIONS"))]
SAVE = 'mutation { saveWoop(input: {wish: "x"}) { __typename } }'


@pytest.fixture(scope="module")
async def client(world: World, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that trusts the pages of one other host."""
    app = application(world.gateway, settings.model_copy(update={"cors_origins": (TRUSTED,)}), world.storage)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as opened:
        yield opened


def _body(path: str, person: Person) -> dict[str, Any]:
    """A body that would change something."""
    return {
        "query": SAVE,
        "data": {"wish": "x"},
        "field_ids": ["intro.woop.wish"],
        "user_id": str(person.id),
        "tool_slug": "woop",
        "responses": [],
        "lw_email": f"{path.replace('/', '-')}@test.example",
    }


def test_the_paths_are_found() -> None:
    """Those of today; new ones are tested as soon as they are routes."""
    assert {"/graphql", "/api/tools/{slug}/data", "/api/tools/{slug}/submit", "/api/toolsave/save"} <= set(UNSAFE)


@pytest.mark.parametrize("content_type", SIMPLE_TYPES)
@pytest.mark.parametrize("path", UNSAFE)
async def test_a_simple_request(
    client: httpx.AsyncClient, world: World, person: Person, path: str, content_type: str | None
) -> None:
    """Refused whatever it brings, also by a browser that says nothing of where it comes from."""
    for content in (json.dumps(_body(path, person)).encode(), b""):
        request = client.build_request("POST", path.format(slug="woop"), content=content, headers=person.headers)
        request.headers.pop("content-type", None)
        if content_type is not None:
            request.headers["content-type"] = content_type
        if not content and not content_type:
            continue  # refused only without a token, which no page can add: the next test
        async with nothing_written(world, person):
            answer = await client.send(request)
        assert answer.status_code == 415
        assert "UNSUPPORTED_MEDIA_TYPE" in answer.text


@pytest.mark.parametrize("path", UNSAFE)
async def test_an_empty_request(client: httpx.AsyncClient, world: World, person: Person, path: str) -> None:
    """Without a content type and without a token, nothing happens; no path takes a token from a cookie."""
    cookies = {"Cookie": f"access_token={person.token}; token={person.token}; Authorization=Bearer {person.token}"}
    async with nothing_written(world, person):
        answer = await client.post(path.format(slug="woop"), headers=cookies)
    assert answer.status_code in (401, 415)


async def test_an_empty_request_beside_a_token(client: httpx.AsyncClient, world: World, person: Person) -> None:
    """A program that submits what was saved need not name the type of nothing."""
    await world.graphql(person, SAVE)
    answer = await client.post("/api/tools/woop/submit", headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "MISSING_ANSWERS")


@pytest.mark.parametrize(("who", "status"), [(who, 400) for who in OURS if "page" in who] + [("a program", 415)])
async def test_an_empty_request_of_a_page(client: httpx.AsyncClient, who: str, status: int) -> None:
    """Of ours, or of a listed origin: the browser says so, and the operation is asked."""
    answer = await client.post("/api/toolsave/identify", headers=OURS[who])
    assert answer.status_code == status


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
@pytest.mark.parametrize("path", [*UNSAFE, "/dev/token", "/api/nothing"])
async def test_a_page_of_another_site(
    client: httpx.AsyncClient, world: World, person: Person, path: str, headers: dict[str, str]
) -> None:
    """Refused before anything is read, though token, type and body are as they should be."""
    async with nothing_written(world, person):
        with world.sql() as statements:
            answer = await client.post(
                path.format(slug="woop"), json=_body(path, person), headers=person.headers | headers
            )
        assert statements == []
    assert answer.status_code == 403
    code = answer.json()["errors"][0]["extensions"]["code"] if path == "/graphql" else answer.json()["code"]
    assert code == "CROSS_SITE_REQUEST"


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS.keys())
@pytest.mark.parametrize("path", ["/graphql", "/api/tools/woop/data"])
async def test_whoever_may(client: httpx.AsyncClient, person: Person, path: str, headers: dict[str, str]) -> None:
    """Programs, our own pages, and those of listed origins."""
    answer = await client.post(path, json=_body(path, person), headers=person.headers | headers)
    assert answer.status_code == (200 if path == "/graphql" else 201)


@pytest.mark.parametrize("entry", [entry for entry in _ROUTES if entry.method == "GET"], ids=lambda entry: entry.path)
async def test_reading_by_link(client: httpx.AsyncClient, world: World, person: Person, entry: Any) -> None:
    """A link on a foreign page brings no token, so it reads nothing of anybody and changes nothing."""
    path = entry.path.format(slug="woop", field_id="intro.woop.wish", job_id=person.id)
    async with nothing_written(world, person):
        answer = await client.get(path, headers={"Sec-Fetch-Site": "cross-site", "Cookie": f"token={person.token}"})
    expected = (200, 400) if entry.public else (401, 403)
    assert answer.status_code in ((403,) if entry.redirect else expected)


async def test_a_safe_method_that_changes_something(client: httpx.AsyncClient, world: World, person: Person) -> None:
    """An export is a GET, and counts: a page of another site cannot use it up, even with a token."""
    await world.graphql(person, SAVE)
    path, headers = "/api/tools/woop/export", person.headers | FOREIGN["another site"]
    async with nothing_written(world, person):
        refused = await client.get(path, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "CROSS_SITE_REQUEST")
    assert (await client.get(path, headers=person.headers)).status_code == 200
