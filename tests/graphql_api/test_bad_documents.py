"""Documents and variables that are refused before anything is executed, and those that only just are not."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import get_introspection_query

from db.catalogue import Tool
from graphql_api import global_id
from graphql_api.limits import LIMITS, MAX_TOKENS
from tests.graphql_api.refused import codes, nothing_written, told
from tests.world import Person, World

RESPONSE_TYPE = {"Accept": "application/graphql-response+json"}


@pytest.fixture(scope="module")
async def person(world: World) -> Person:
    """Somebody who could save."""
    return await world.person(await world.organization())


def _chain(length: int) -> str:
    spreads = "".join(f" fragment F{n} on Participant {{ ...F{n + 1} }}" for n in range(length))
    return f"{{ viewer {{ ...F0 }} }} {spreads} fragment F{length} on Participant {{ id }}"


def _nested(levels: int) -> str:
    return (
        "{ viewer { woop "
        + "{ dependents { knowThyself { sources { woop " * levels
        + "{ id }"
        + " } } } }" * levels
        + " } }"
    )


MAX_ALIASES, MAX_DEPTH = LIMITS["aliases"].most, LIMITS["depth"].most

DOCUMENTS: dict[str, tuple[str, str]] = {
    "a syntax error": ("{ viewer { id }", "Syntax Error"),
    "nothing": ("", "Syntax Error"),
    "a NUL character": ("{ viewer \x00 { id } }", "Syntax Error"),
    "a lone surrogate": ('{ tool(slug: "\\uD800") { name } }', "Invalid Unicode escape"),
    "an unknown field": ("{ viewer { passwordHash } }", "Cannot query field 'passwordHash'"),
    "an unknown type": ("{ node(id: 1) { ... on Secret { id } } }", "Unknown type 'Secret'"),
    "an unknown argument": ("{ viewer(id: 1) { id } }", "Unknown argument 'id'"),
    "a leaf with a selection": ("{ viewer { email { id } } }", "must not have a selection"),
    "no operation": ("fragment F on Query { __typename }", "Fragment 'F' is never used"),
    "a fragment of itself": ("{ viewer { ...A } } fragment A on Participant { ...A }", "within itself"),
    "a circle of fragments": (
        (
            "{ viewer { ...A } } fragment A on Participant { ...B } fragment B on Participant { woop { ...C } }"
            " fragment C on WoopTool { dependents { knowThyself { sources { woop { ...C } } } } }"
        ),
        "Cannot spread fragment 'C' within itself",
    ),
    "too deep": (_nested(MAX_DEPTH // 4), f"at most {MAX_DEPTH} are allowed"),
    "too deep by fragments": (
        "{ viewer { woop { ...F0 } } }"
        + "".join(
            f" fragment F{n} on WoopTool {{ dependents {{ knowThyself {{ sources {{ woop {{ ...F{n + 1} }} }} }} }} }}"
            for n in range(12)
        )
        + " fragment F12 on WoopTool { id }",
        f"at most {MAX_DEPTH} are allowed",
    ),
    "too deep for the parser": ("{ viewer" * 600 + "}" * 600, "nested too deeply"),
    "a list too deep for the parser": (f"{{ field(id: {'[' * 900}{']' * 900}) {{ id }} }}", "nested too deeply"),
    "fragments in a long chain": (_chain(400), ""),
    "201 aliases": (
        "{ viewer { " + " ".join(f"a{n}: id" for n in range(MAX_ALIASES + 1)) + " } }",
        f"{MAX_ALIASES + 1} aliases; at most {MAX_ALIASES} are allowed",
    ),
    "too many tokens": ("{ viewer { " + "id " * MAX_TOKENS + "} }", f"more than {MAX_TOKENS} tokens"),
    "a field id that is none": ('{ field(id: "Not An Id") { id } }', "is no field id"),
    "a field id too long": (f'{{ field(id: "{"a." * 100}b") {{ id }} }}', "is no field id"),
    "text for a number": ('{ organization { members(first: "ten") { totalCount } } }', "Int cannot represent"),
    "a number past 32 bits": ("{ organization { members(first: 2147483648) { totalCount } } }", "Int cannot represent"),
    "a word that is no enum": ("{ tools(order: RANDOM) { slug } }", "does not exist in 'ToolOrder'"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_that_is_refused(world: World, person: Person, name: str) -> None:
    """No data, only errors of the client's making; 400 for a client that speaks GraphQL's own media type."""
    query, message = DOCUMENTS[name]
    for headers, status in (({}, 200), (RESPONSE_TYPE, 400)):
        with world.sql() as statements:
            response = await world.client.post("/graphql", json={"query": query}, headers=person.headers | headers)
        answer = told(response)
        assert response.status_code == status
        assert "data" not in answer
        assert message in " ".join(error["message"] for error in answer["errors"])
        assert codes(answer) == {"BAD_USER_INPUT"}
        assert statements == []


@pytest.mark.parametrize(
    "request_body",
    [
        {"query": "query A { __typename } query B { __typename }"},
        {"query": "query A { __typename }", "operationName": "C"},
        {"query": "query ($id: FieldId!) { field(id: $id) { id } }"},
        {"query": "query ($id: FieldId!) { field(id: $id) { id } }", "variables": {"id": "Not An Id"}},
        {"query": "query ($n: Int) { organization { members(first: $n) { totalCount } } }", "variables": {"n": 1.5}},
        {"query": "query ($n: Int) { organization { members(first: $n) { totalCount } } }", "variables": {"n": True}},
        {
            "query": "mutation ($r: [ResponseInput!]!) { saveResponses(responses: $r) { __typename } }",
            "variables": {"r": [{"questionId": "7"}]},
        },
        {
            "query": "mutation ($i: WoopInput!) { saveWoop(input: $i) { __typename } }",
            "variables": {"i": {"wosh": "x"}},
        },
    ],
    ids=[
        "which of two",
        "unknown operation",
        "no variable",
        "no field id",
        "half a member",
        "true members",
        "no question id",
        "unknown input field",
    ],
)
async def test_variables_that_do_not_fit(world: World, person: Person, request_body: Mapping[str, Any]) -> None:
    """Found out before any resolver runs."""
    async with nothing_written(world, person):
        response = await world.client.post("/graphql", json=request_body, headers=person.headers | RESPONSE_TYPE)
    answer = told(response)
    assert response.status_code == 400
    assert codes(answer) == {"BAD_USER_INPUT"}
    assert "data" not in answer


@pytest.mark.parametrize(
    "field", ["viewer { ...F0 }", "organization { members { edges { node { ...F0 } } } }", 'node(id: "ID") { ...F0 }']
)
async def test_fragments_that_double_cost_no_more_than_their_text(world: World, person: Person, field: str) -> None:
    """Sixty fragments that each spread the next one twice: read once each, not two to the sixtieth times."""
    fragments = "".join(f" fragment F{n} on Participant {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    last = "fragment F60 on Participant { progressSummary { totalTools } }"
    query = f"{{ {field.replace('ID', global_id.encode('Participant', person.id))} }} {fragments} {last}"
    response = await world.client.post("/graphql", json={"query": query}, headers=person.headers)
    answer = told(response)
    assert "errors" not in answer
    assert '"totalTools":31' in response.text


async def test_introspection_is_within_the_limits(world: World) -> None:
    """The deepest query that tools send is answered, signed in or not."""
    query = get_introspection_query(input_value_deprecation=True, specified_by_url=True)
    answer = await world.graphql(None, query)
    assert not answer.errors
    assert {each["name"] for each in answer.data["__schema"]["types"]} >= {"DreamTool", "Participant", "Query"}


async def test_the_longest_chain_of_sources_is_within_the_limits(world: World, person: Person) -> None:
    """From the last tool of the longest chain down to WOOP, 17 steps, in one query."""

    def chain(tool: Tool) -> list[Tool]:
        return [tool, *max(map(chain, world.catalogue.prerequisites(tool)), key=len, default=[])]

    longest = max(map(chain, world.catalogue.tools), key=len)
    assert len(longest) == 18
    query = "slug"
    for tool in reversed(longest[1:]):
        query = f"slug sources {{ {tool.graphql_name} {{ {query} }} }}"
    answer = await world.graphql(person, f"{{ viewer {{ {longest[0].graphql_name} {{ {query} }} }} }}")
    assert not answer.errors
