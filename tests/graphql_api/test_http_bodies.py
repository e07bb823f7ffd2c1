"""Ways to send a request: a body that is the document itself, parameters in the URL, and no lists of requests."""

import json

import pytest

from tests.graphql_api.refused import codes, nothing_written, told
from tests.resolvers import stored
from tests.world import Person, World

DOCUMENT = {"Content-Type": "application/graphql"}
TOOL = "query Name($slug: String!) { viewer { tool(slug: $slug) { slug } } } query Other { __typename }"


@pytest.fixture
async def person(world: World) -> Person:
    """A participant."""
    return await world.person(await world.organization())


async def test_a_document_as_the_body(world: World, person: Person) -> None:
    """As an n8n node sends it; the answer is the one to the same document in JSON."""
    query = "{ viewer { fullName woop { progress { status } } } }"
    answer = await world.client.post("/graphql", content=query, headers=person.headers | DOCUMENT)
    assert answer.status_code == 200
    in_json = await world.client.post("/graphql", json={"query": query}, headers=person.headers)
    assert answer.content == in_json.content
    assert told(answer)["data"]["viewer"]["fullName"] == "Pat Tester"


@pytest.mark.parametrize("content_type", ["application/graphql; charset=utf-8", "Application/GraphQL"])
async def test_a_document_with_variables_in_the_url(world: World, person: Person, content_type: str) -> None:
    """Variables and the operation's name stand where a GET has them."""
    answer = await world.client.post(
        "/graphql",
        params={"variables": '{"slug": "woop"}', "operationName": "Name", "extensions": '{"a": 1}'},
        content=TOOL,
        headers=person.headers | {"Content-Type": content_type},
    )
    assert told(answer) == {"data": {"viewer": {"tool": {"slug": "woop"}}}}


async def test_a_mutation_as_the_body(world: World, person: Person) -> None:
    """It is a POST like any other: what it writes is written."""
    mutation = 'mutation { saveWoop(input: {wish: "Ünïcode ✓"}) { __typename } }'
    answer = await world.client.post("/graphql", content=mutation.encode(), headers=person.headers | DOCUMENT)
    assert told(answer) == {"data": {"saveWoop": {"__typename": "SubmissionSaved"}}}
    assert await stored.events(world, person)


async def test_the_body_is_the_document_whatever_the_url_says(world: World, person: Person) -> None:
    """A query or an id in the URL beside it does not count."""
    answer = await world.client.post(
        "/graphql",
        params={"query": "{ viewer { id } }", "documentId": "ListTools"},
        content="{ __typename }",
        headers=person.headers | DOCUMENT,
    )
    assert told(answer) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (b"", 200, "Syntax Error"),
        (b'{"query": "{ __typename }"}', 200, "Syntax Error"),
        (b"{ viewer { \xff } }", 400, "UTF-8"),
        ("{ __typename }".encode("utf-16"), 400, "UTF-8"),
        (b"{ __typename }" + b" " * 1_000_000, 413, "larger than 1,000,000 bytes"),
    ],
    ids=["empty", "JSON", "no UTF-8", "UTF-16", "over 1 MB"],
)
async def test_a_body_that_is_no_document(
    world: World, person: Person, content: bytes, status: int, message: str
) -> None:
    """Refused with a sentence."""
    async with nothing_written(world, person):
        answer = await world.client.post("/graphql", content=content, headers=person.headers | DOCUMENT)
    assert answer.status_code == status
    assert message in told(answer)["errors"][0]["message"]


@pytest.mark.parametrize("variables", ["{", "[1]", '{"a": 1, "a": 2}'])
async def test_bad_variables_beside_a_document(world: World, person: Person, variables: str) -> None:
    """The same rules as in JSON."""
    answer = await world.client.post(
        "/graphql", params={"variables": variables}, content="{ __typename }", headers=person.headers | DOCUMENT
    )
    assert (answer.status_code, codes(told(answer))) == (400, {"BAD_REQUEST"})


async def test_empty_parameters_of_a_url_count_as_absent(world: World, person: Person) -> None:
    """As the specification has it; what is there is read, ``extensions`` too."""
    empty = {"query": "{ __typename }", "operationName": "", "variables": "", "extensions": ""}
    answer = await world.client.get("/graphql", params=empty, headers=person.headers)
    assert told(answer) == {"data": {"__typename": "Query"}}
    given = {"query": "{ __typename }", "extensions": json.dumps({"some": "value"})}
    assert told(await world.client.get("/graphql", params=given)) == {"data": {"__typename": "Query"}}
    wrong = await world.client.get("/graphql", params=given | {"extensions": "[]"})
    assert (wrong.status_code, codes(told(wrong))) == (400, {"BAD_REQUEST"})


async def test_an_empty_operation_name_in_json_counts_as_absent(world: World, person: Person) -> None:
    """Clients with a form field for it send it so; compiled or not, the answer is the same."""
    for query in ("{ viewer { fullName } }", "query Named { viewer { fullName } }", "{ __typename }"):
        request = {"query": query, "operationName": ""}
        answer = await world.client.post("/graphql", json=request, headers=person.headers)
        assert "errors" not in told(answer)


@pytest.mark.parametrize("length", [0, 1, 2, 1000])
async def test_a_list_of_requests(world: World, person: Person, length: int) -> None:
    """Refused as a whole, with a sentence that says what to do; none of it is executed."""
    save = {"query": 'mutation { saveWoop(input: {wish: "x"}) { __typename } }'}
    async with nothing_written(world, person):
        with world.sql() as statements:
            answer = await world.client.post("/graphql", json=[save] * length, headers=person.headers)
        assert statements == []
    assert answer.status_code == 400
    assert told(answer)["errors"] == [
        {
            "message": "Send one request at a time, not a list of requests:"
            " one document can ask for several things, with aliases.",
            "extensions": {"code": "BAD_REQUEST"},
        }
    ]
