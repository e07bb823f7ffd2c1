"""Well-formed requests that ask for what cannot be: one row each, with the documented refusal, and nothing written."""

import json
from typing import Any

import pytest

from db.viewer import Role
from resolvers.tools.answers import MAX_ANSWERS_BYTES
from tests.graphql_api.refused import REFUSAL, asked, codes, nothing_written
from tests.world import Person, World

SAVE = "mutation ($tool: String!, $data: JSON!) { saveSubmission(tool: $tool, data: $data) { ...R } }"
RESULT = """ fragment R on SaveResult { __typename ... on Refusal { message }
  ... on InvalidAnswers { problems { path message } } }"""


@pytest.fixture
async def person(world: World) -> Person:
    """A participant; only WOOP is open."""
    return await world.person(await world.organization())


@pytest.fixture
async def guru(world: World, person: Person) -> Person:
    """Their guru."""
    return await world.person(person.account.organization_id, Role.GURU)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ('{ fields(ids: ["intro.woop.wish", "no.such_field"]) { id } }', "ids.1"),
        ("{ fields(ids: []) { id } }", "ids"),
        ("{ fields(ids: [" + '"intro.woop.wish" ' * 51 + "]) { id } }", "ids"),
        ('{ field(id: "intro.woop.wish", userId: "me") { id } }', "userId"),
        ('{ fields(ids: ["intro.woop.wish"], userId: "") { id } }', "userId"),
        ('{ submission(tool: "woop", userId: "7") { __typename } }', "userId"),
        ('{ user(id: "7") { id } }', "id"),
        ('{ organization(id: "acme") { id } }', "id"),
        ('{ node(id: "7") { id } }', "id"),
        ("{ organization { members(first: -1) { totalCount } } }", "first"),
        ("{ organization { members(first: 101) { totalCount } } }", "first"),
        ('{ organization { members(after: "7") { totalCount } } }', "after"),
        ('{ organization { members(filter: {search: "\\u0000"}) { totalCount } } }', "filter.search"),
        ('{ organization { members(filter: {tool: {slug: "wopp"}}) { totalCount } } }', "filter.tool.slug"),
        ('mutation { saveSubmission(tool: "woop", data: []) { __typename } }', "data"),
        ('mutation { saveSubmission(tool: "woop", data: "{}") { __typename } }', "data"),
        ('mutation { submitTool(tool: "woop", data: 7) { __typename } }', "data"),
        ('mutation { exportSubmission(tool: "woop", userId: "7") { __typename } }', "userId"),
        ('mutation { approveSubmission(tool: "woop", userId: "7") { __typename } }', "userId"),
        ('mutation { rejectSubmission(tool: "woop", userId: "7", comment: "x") { __typename } }', "userId"),
    ],
)
async def test_an_argument_that_no_data_makes_valid(world: World, person: Person, query: str, path: str) -> None:
    """A mistake of the client: an error that names the argument, and no data."""
    async with nothing_written(world, person):
        answer = await asked(world, person, query)
    assert codes(answer) == {"BAD_USER_INPUT"}
    assert [problem["path"] for problem in answer["errors"][0]["extensions"]["problems"]] == [path]
    assert not any((answer["data"] or {}).values())


@pytest.mark.parametrize(
    "query",
    [
        '{ tool(slug: "wopp") { name } }',
        '{ tool(slug: "\\u0000") { name } }',
        '{ viewer { tool(slug: "WOOP") { name } } }',
        '{ field(id: "no.such_field") { id } }',
        '{ reference(key: "no such key") }',
        '{ reference(key: "\\u0000") }',
        '{ user(id: "00000000-0000-4000-8000-000000000000") { id } }',
        '{ organization(id: "00000000-0000-4000-8000-000000000000") { id } }',
    ],
)
async def test_what_is_not_there_is_null(world: World, person: Person, query: str) -> None:
    """An unknown slug, field id or person in a nullable field is no error."""
    answer = await asked(world, person, query)
    assert "errors" not in answer
    (found,) = answer["data"].values()
    assert found in (None, {"tool": None})


@pytest.mark.parametrize(
    "field",
    [
        'saveSubmission(tool: "wopp", data: {})',
        'submitTool(tool: "wopp")',
        'reopenTool(tool: "wopp")',
        'exportSubmission(tool: "wopp")',
        'approveSubmission(tool: "wopp", userId: "00000000-0000-4000-8000-000000000000")',
    ],
)
async def test_an_unknown_tool_to_write_is_not_found(world: World, guru: Person, field: str) -> None:
    """The refusal names the slug; aliases and other cases than the catalogue's are unknown too."""
    async with nothing_written(world, guru):
        answer = await asked(world, guru, f"mutation {{ act: {field} {REFUSAL} }}")
    assert answer == {"data": {"act": {"__typename": "NotFound", "message": "Tool not found: wopp"}}}


ANSWERS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "a number for text": ("woop", {"plan_if_then": 7}, ["data.plan_if_then"]),
    "an object for text": ("woop", {"plan_if_then": {"a": 1}}, ["data.plan_if_then"]),
    "true for text": ("woop", {"plan_if_then": True}, ["data.plan_if_then"]),
    "text for a rating": ("woop", {"commitment_level": "7"}, ["data.commitment_level"]),
    "a rating off the scale": ("woop", {"commitment_level": 11}, ["data.commitment_level"]),
    "half a rating": ("woop", {"commitment_level": 7.5}, ["data.commitment_level"]),
    "text for a number": ("fit", {"average_fit": "7"}, ["data.average_fit"]),
    "true for a number": ("fit", {"average_fit": True}, ["data.average_fit"]),
    "text for a list": ("know-thyself", {"goals": "one"}, ["data.goals"]),
    "an object for a list": ("know-thyself", {"goals": {"0": "one"}}, ["data.goals"]),
    "text for a compound": ("dream", {"mood_board": "picture"}, ["data.mood_board"]),
    "a number for a compound": ("dream", {"mood_board": 7}, ["data.mood_board"]),
    "several at once": ("woop", {"wish": 1, "outcome": 2, "mood": 3}, ["data.wish", "data.outcome"]),
    "NUL in an answer": ("woop", {"wish": "a\x00b"}, ["data.wish"]),
    "NUL deep inside": ("woop", {"wish": {"a": ["\x00"]}}, ["data.wish"]),
    "NUL under an unknown key": ("woop", {"mood": "\x00"}, ["data.mood"]),
    "NUL in a key": ("woop", {"\x00": 1}, ["data.'\\x00'"]),
    "33 levels": ("woop", {"mood": json.loads("[" * 33 + "[]" + "]" * 33)}, ["data.mood"]),
    "a number past 64 bits": ("woop", {"mood": 2**63}, ["data.mood"]),
    "101 unknown keys": ("woop", {f"k{n}": 1 for n in range(101)}, ["data"]),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_that_does_not_fit(world: World, person: Person, name: str) -> None:
    """Each wrong answer has its own problem, by path; the right ones beside it are not written either."""
    tool, data, paths = ANSWERS[name]
    async with nothing_written(world, person):
        answer = await asked(world, person, SAVE + RESULT, {"tool": tool, "data": data})
    assert "errors" not in answer
    refused = answer["data"]["saveSubmission"]
    assert refused["__typename"] == "InvalidAnswers"
    assert [problem["path"] for problem in refused["problems"]] == paths


async def test_answers_that_grow_too_large(world: World, person: Person) -> None:
    """No body may hold over a megabyte, and neither may the answers that several bodies have put together."""
    part = "x" * (MAX_ANSWERS_BYTES * 6 // 10)
    answer = await asked(world, person, SAVE + RESULT, {"tool": "woop", "data": {"wish": part}})
    assert answer["data"]["saveSubmission"]["__typename"] == "SubmissionSaved"
    async with nothing_written(world, person):
        answer = await asked(world, person, SAVE + RESULT, {"tool": "woop", "data": {"outcome": part}})
    assert answer["data"]["saveSubmission"]["__typename"] == "InvalidAnswers"


@pytest.mark.parametrize(
    "given",
    [
        "plan: 1",
        "planIfThen: 1",
        "planIfThen: {a: 1}",
        'commitmentLevel: "7"',
        "commitmentLevel: 7.5",
        "elephantGoal: true",
        "elephantGoal: [1]",
    ],
)
async def test_a_typed_input_that_does_not_fit(world: World, person: Person, given: str) -> None:
    """The schema itself refuses it, before anything runs."""
    async with nothing_written(world, person):
        answer = await asked(world, person, f"mutation {{ saveWoop(input: {{{given}}}) {{ __typename }} }}")
    assert codes(answer) == {"BAD_USER_INPUT"}
    assert "data" not in answer
