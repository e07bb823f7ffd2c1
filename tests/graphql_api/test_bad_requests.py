"""Requests that are no GraphQL over HTTP: refused before any document is read."""

import json

import httpx
import pytest

from app.serving import application
from app.settings import Settings
from graphql_api.limits import MAX_BODY_BYTES
from tests.graphql_api.refused import codes, nothing_written, told
from tests.resolvers import stored
from tests.world import Person, World

SAVE = 'mutation ($d: JSON!) { saveSubmission(tool: "woop", data: $d) { __typename } }'
JSON_TYPE = {"Content-Type": "application/json"}


def _save(data: bytes) -> bytes:
    return b'{"query": ' + json.dumps(SAVE).encode() + b', "variables": {"d": ' + data + b"}}"


BODIES: dict[str, tuple[bytes, int, str]] = {
    "over 1 MB": (_save(b'{"wish": "' + b"x" * MAX_BODY_BYTES + b'"}'), 413, "larger than 1,000,000 bytes"),
    "over 1 MB of blanks": (_save(b"{}") + b" " * MAX_BODY_BYTES, 413, "larger than 1,000,000 bytes"),
    "1,000 levels": (_save(b'{"wish": ' + b"[" * 1000 + b"]" * 1000 + b"}"), 400, "nests too deeply"),
    "100,000 levels": (_save(b"[" * 100_000 + b"]" * 100_000), 400, "not JSON"),
    "unclosed levels": (_save(b"[" * 500_000), 400, "not JSON"),
    "a key twice": (_save(b'{"wish": "one", "wish": "two"}'), 400, "'wish' stands twice"),
    "a key twice, spelled twice": (_save(b'{"wish": "one", "\\u0077ish": "two"}'), 400, "'wish' stands twice"),
    "the query twice": (b'{"query": "{ viewer { id } }", "query": "{ __typename }"}', 400, "'query' stands twice"),
    "NaN": (_save(b'{"wish": NaN}'), 400, "not JSON"),
    "Infinity": (_save(b'{"wish": -Infinity}'), 400, "not JSON"),
    "1e400": (_save(b'{"wish": 1e400}'), 400, "not JSON"),
    "lone high surrogate": (_save(b'{"wish": "\\ud800"}'), 400, "not JSON"),
    "lone low surrogate": (_save(b'{"wish": "\\udc00 x"}'), 400, "not JSON"),
    "surrogate in a key": (_save(b'{"\\ud83d": 1}'), 400, "not JSON"),
    "surrogate as bytes": (_save(b'{"wish": "\xed\xa0\x80"}'), 400, "not JSON"),
    "no UTF-8": (_save(b'{"wish": "\xff"}'), 400, "not JSON"),
    "UTF-16": (json.dumps({"query": "{ __typename }"}).encode("utf-16"), 400, "not JSON"),
    "control character": (_save(b'{"wish": "\x01"}'), 400, "not JSON"),
    "cut off": (_save(b'{"wish": "x"}')[:-2], 400, "not JSON"),
    "two documents": (_save(b"{}") + _save(b"{}"), 400, "not JSON"),
    "empty": (b"", 400, "not JSON"),
    "text": (b'"{ viewer { id } }"', 400, "Send one object"),
    "a batch": (b'[{"query": "{ __typename }"}]', 400, "Send one request at a time"),
    "an empty batch": (b"[]", 400, "Send one request at a time"),
    "null": (b"null", 400, "Send one object"),
    "no query": (b"{}", 400, "Send 'query', the text"),
    "query no text": (b'{"query": {"a": 1}}', 400, "'query' must be"),
    "variables a list": (b'{"query": "{ __typename }", "variables": []}', 400, "'variables' must be"),
    "variables text": (b'{"query": "{ __typename }", "variables": "{}"}', 400, "'variables' must be"),
    "operationName a number": (b'{"query": "{ __typename }", "operationName": 1}', 400, "'operationName' must be"),
    "extensions text": (b'{"query": "{ __typename }", "extensions": "x"}', 400, "'extensions' must be"),
}


@pytest.fixture(scope="module")
async def person(world: World) -> Person:
    """Somebody who could save."""
    return await world.person(await world.organization())


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_no_request(world: World, person: Person, name: str) -> None:
    """Refused with a sentence that says what is wrong; nothing is written."""
    body, status, message = BODIES[name]
    async with nothing_written(world, person):
        response = await world.client.post("/graphql", content=body, headers=person.headers | JSON_TYPE)
    answer = told(response)
    assert response.status_code == status
    assert message in answer["errors"][0]["message"]
    assert codes(answer) == {{400: "BAD_REQUEST", 413: "PAYLOAD_TOO_LARGE"}[status]}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""],
)
async def test_another_content_type(world: World, person: Person, content_type: str) -> None:
    """415 for whatever a form on a foreign page could send without asking first."""
    headers = person.headers | {"Content-Type": content_type}
    async with nothing_written(world, person):
        response = await world.client.post("/graphql", content=_save(b'{"wish": "x"}'), headers=headers)
    assert (response.status_code, codes(told(response))) == (415, {"UNSUPPORTED_MEDIA_TYPE"})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_another_method(world: World, person: Person, method: str) -> None:
    """405, with the methods that there are."""
    async with nothing_written(world, person):
        response = await world.client.request(
            method, "/graphql", content=_save(b'{"wish": "x"}'), headers=person.headers | JSON_TYPE
        )
    assert (response.status_code, codes(told(response))) == (405, {"METHOD_NOT_ALLOWED"})
    assert response.headers["allow"] == "GET, POST"


WRITE = 'mutation M { saveWoop(input: {wish: "x"}) { __typename } }'


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": WRITE},
        {"query": WRITE, "operationName": "M"},
        {"query": WRITE, "operationName": ""},
        {"query": f"query Q {{ viewer {{ id }} }} {WRITE}", "operationName": "M"},
    ],
    ids=["alone", "by name", "empty name", "beside a query"],
)
async def test_a_mutation_by_get(world: World, person: Person, parameters: dict[str, str]) -> None:
    """405: a link or an image on a foreign page writes nothing."""
    async with nothing_written(world, person):
        response = await world.client.get("/graphql", params=parameters, headers=person.headers)
    assert (response.status_code, codes(told(response))) == (405, {"METHOD_NOT_ALLOWED"})
    assert response.headers["allow"] == "POST"


async def test_a_query_by_get(world: World, person: Person) -> None:
    """Where a mutation stands beside it, the query that the name chooses is answered."""
    parameters = {"query": f"query Q {{ viewer {{ fullName }} }} {WRITE}", "operationName": "Q"}
    response = await world.client.get("/graphql", params=parameters, headers=person.headers)
    assert told(response) == {"data": {"viewer": {"fullName": "Pat Tester"}}}


@pytest.mark.parametrize(
    "variables", ["{", "[1]", "NaN", '{"a": 1, "a": 2}', "\ud800".encode("utf-8", "replace").decode()]
)
async def test_bad_variables_by_get(world: World, person: Person, variables: str) -> None:
    """The same rules as in a body."""
    response = await world.client.get("/graphql", params={"query": "{ __typename }", "variables": variables})
    assert (response.status_code, codes(told(response))) == (400, {"BAD_REQUEST"})


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("unknown", None),
        ("10.0.0.1:99", None),
        ("", None),
    ],
)
async def test_an_address_that_is_none(world: World, settings: Settings, host: str, kept: str | None) -> None:
    """Behind a proxy it is whatever ``X-Forwarded-For`` said: what is no IP address is left out of the trail."""
    author = await world.person()
    transport = httpx.ASGITransport(application(world.gateway, settings, world.storage), client=(host, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        response = await client.post("/graphql", content=_save(b'{"wish": "x"}'), headers=author.headers | JSON_TYPE)
    assert told(response) == {"data": {"saveSubmission": {"__typename": "SubmissionSaved"}}}
    assert [event["ip_address"] for event in await stored.events(world, author)] == [kept]
