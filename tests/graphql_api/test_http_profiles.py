"""Statuses and media types of answers in both profiles, as docs/http.md has them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.serving import application
from app.settings import Settings
from graphql_api.limits import CACHED_ACCEPTS, MAX_ACCEPT_CHARACTERS
from graphql_api.negotiation import GRAPHQL_RESPONSE, JSON, Profile, negotiated
from tests.graphql_api.refused import told
from tests.rest_shim.serving import serving
from tests.world import Person, World

VIEWER = "query ($first: Int!) { __typename organization { members(first: $first) { totalCount } } }"
PARTIAL = '{ __typename node(id: "no such id") { id } }'

# request, status by default for application/json and for application/graphql-response+json, the same for the draft
OUTCOMES: dict[str, tuple[Any, tuple[int, int], tuple[int, int]]] = {
    "complete": ({"query": "{ __typename }"}, (200, 200), (200, 200)),
    "partial": ({"query": PARTIAL}, (200, 200), (200, 294)),
    "not JSON": (b"{", (400, 400), (400, 400)),
    "a typing error": ({"qeury": "{ __typename }"}, (400, 400), (422, 422)),
    "variables a list": ({"query": "{ __typename }", "variables": [7]}, (400, 400), (422, 422)),
    "a batch": ([{"query": "{ __typename }"}], (400, 400), (422, 422)),
    "unparsed": ({"query": "{"}, (200, 400), (400, 400)),
    "too many tokens": ({"query": "{ " + "a " * 4000 + "}"}, (200, 400), (400, 400)),
    "invalid": ({"query": "{ cartomancy }"}, (200, 400), (422, 422)),
    "too deep": ({"query": "{ a " * 60 + "}" * 60}, (200, 400), (422, 422)),
    "two operations, no name": ({"query": "query A { __typename } query B { __typename }"}, (200, 400), (422, 422)),
    "no such operation": ({"query": "query A { __typename }", "operationName": "B"}, (200, 400), (422, 422)),
    "a variable missing": ({"query": VIEWER}, (200, 400), (422, 422)),
    "a variable of another type": ({"query": VIEWER, "variables": {"first": "x"}}, (200, 400), (422, 422)),
}


@pytest.fixture(scope="module")
async def draft(world: World, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway in the profile of 2026."""
    app = application(
        world.gateway, settings.model_copy(update={"graphql_http_profile": Profile.DRAFT_2026}), world.storage
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield client


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody whose reads could be compiled."""
    return await world.person(await world.organization())


async def _sent(client: httpx.AsyncClient, person: Person, request: Any, accept: str) -> httpx.Response:
    content = {"content": request} if isinstance(request, bytes) else {"json": request}
    headers = person.headers | {"Content-Type": "application/json", "Accept": accept}
    return await client.post("/graphql", headers=headers, **content)


@pytest.mark.parametrize("name", OUTCOMES)
async def test_statuses_by_default(world: World, person: Person, name: str) -> None:
    """With the older type, 200 for whatever is a request at all; the type is the one that was asked for."""
    request, statuses, _ = OUTCOMES[name]
    for accept, status in zip((JSON, GRAPHQL_RESPONSE), statuses, strict=True):
        answer = await _sent(world.client, person, request, accept)
        assert (answer.status_code, answer.headers["content-type"]) == (status, f"{accept}; charset=utf-8")
        assert ("errors" in told(answer)) == (name != "complete")


@pytest.mark.parametrize("name", OUTCOMES)
async def test_statuses_of_the_draft(draft: httpx.AsyncClient, person: Person, name: str) -> None:
    """A status for each way to fail; failures say by their type that they are GraphQL's."""
    request, _, statuses = OUTCOMES[name]
    for accept, status in zip((JSON, GRAPHQL_RESPONSE), statuses, strict=True):
        answer = await _sent(draft, person, request, accept)
        sent_as = accept if status < 300 else GRAPHQL_RESPONSE
        assert (answer.status_code, answer.headers["content-type"]) == (status, f"{sent_as}; charset=utf-8")
        body = told(answer)
        assert ("data" in body) == (status < 300)
        assert ("errors" in body) == (name != "complete")


async def test_a_partial_success_over_the_wire(world: World, settings: Settings, person: Person) -> None:
    """A real server sends 294, though no table of HTTP knows it, and its body arrives."""
    changed = settings.model_copy(update={"graphql_http_profile": Profile.DRAFT_2026})
    async with (
        serving(application(world.gateway, changed, world.storage)) as (host, port),
        httpx.AsyncClient() as client,
    ):
        answer = await client.post(
            f"http://{host}:{port}/graphql",
            json={"query": PARTIAL},
            headers=person.headers | {"Accept": GRAPHQL_RESPONSE},
        )
    assert (answer.status_code, answer.is_success) == (294, True)
    assert told(answer)["data"] == {"__typename": "Query", "node": None}


async def test_a_mutation_by_get_and_another_method(draft: httpx.AsyncClient) -> None:
    """405 with what is allowed."""
    by_get = await draft.get("/graphql", params={"query": "mutation { __typename }"})
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")
    put = await draft.put("/graphql", json={"query": "{ __typename }"})
    assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
async def test_another_content_type(draft: httpx.AsyncClient, content_type: str) -> None:
    """415."""
    answer = await draft.post(
        "/graphql", content=b'{"query": "{ __typename }"}', headers={"Content-Type": content_type}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (415, f"{GRAPHQL_RESPONSE}; charset=utf-8")


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{JSON};q=0", f"{JSON};q=0, {GRAPHQL_RESPONSE};q=0.0"])
async def test_an_accept_that_names_nothing_we_have(world: World, draft: httpx.AsyncClient, accept: str) -> None:
    """The draft says 406; by default it is passed over."""
    request = {"query": "{ __typename }"}
    refused = await draft.post("/graphql", json=request, headers={"Accept": accept})
    assert refused.status_code == 406
    assert told(refused)["errors"][0]["extensions"] == {"code": "NOT_ACCEPTABLE"}
    answered = await world.client.post("/graphql", json=request, headers={"Accept": accept})
    assert (answered.status_code, answered.headers["content-type"]) == (200, f"{JSON}; charset=utf-8")


@pytest.mark.parametrize(
    ("accept", "default", "draft"),
    [
        (None, JSON, GRAPHQL_RESPONSE),
        ("", JSON, GRAPHQL_RESPONSE),
        ("*/*", JSON, GRAPHQL_RESPONSE),
        ("application/*", JSON, GRAPHQL_RESPONSE),
        ("application/*;q=0.5, */*;q=0.1", JSON, GRAPHQL_RESPONSE),
        (JSON, JSON, JSON),
        ("application/json, text/plain, */*", JSON, JSON),
        (f"{JSON}; charset=utf-8", JSON, JSON),
        ("Application/JSON;Q=0.9", JSON, JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8", GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, {JSON};q=0.9", GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE};q=0.9", JSON, JSON),
        (f"{GRAPHQL_RESPONSE};q=0, */*", JSON, JSON),
        (f"{JSON};q=0, */*;q=0.1", GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{JSON};q=high, {GRAPHQL_RESPONSE};q=0.1", GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{JSON};q=nan", JSON, GRAPHQL_RESPONSE),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON, GRAPHQL_RESPONSE),
    ],
)
def test_the_media_type_with_the_most_weight(accept: str | None, default: str, draft: str) -> None:
    """The closest range that fits weighs; between two that are named alike the newer one, else the profile's own."""
    for profile, media_type in ((Profile.DEFAULT, default), (Profile.DRAFT_2026, draft)):
        assert negotiated(profile, accept).media_type(200) == f"{media_type}; charset=utf-8".encode()


def test_what_an_accept_may_cost() -> None:
    """Only its beginning is read, and only so many are remembered."""
    long = "text/html," * MAX_ACCEPT_CHARACTERS + GRAPHQL_RESPONSE
    assert not negotiated(Profile.DRAFT_2026, long).acceptable
    for number in range(CACHED_ACCEPTS + 1):
        negotiated(Profile.DEFAULT, f"text/plain;q=0.{number}")
    assert negotiated.cache_info().currsize == CACHED_ACCEPTS
