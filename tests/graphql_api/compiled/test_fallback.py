"""Where rows are not what a plan was made for, graphql-core gives the answer: the same data, the same errors."""

from typing import Any

import orjson
import pytest
from sqlalchemy import text

from tests.graphql_api.compiled.planning import Planning
from tests.world import Person, World

STRINGS = "{ viewer { fullName dream { slug sentence: oneSentence progress { status } } values { slug } } }"
LISTS = "{ viewer { knowThyself { strengths } } }"
RATING = "{ viewer { woop { commitmentLevel planIfThen } } }"
SCORE = "{ viewer { goals { alignmentScore } } }"
ANYTHING = "{ viewer { woop { wish } } }"

WRONG = ["7", "7.5", "true", "false", '{"a": 1}', '["a"]', "{}", "[]", "[null]"]
"""JSON that is no text."""


@pytest.fixture
async def person(world: World) -> Person:
    """Someone who has made a wish and dreamt, and has values of every tool that the reads below look at."""
    person = await world.person(await world.organization(), name="Pat")
    await world.complete(person, "woop", "know-thyself", "dream")
    return person


async def publish(world: World, person: Person, schema: str, field_id: str, value: str) -> None:
    """Put a value where no save would: past every check, as the owner."""
    async with world.as_owner() as owner:
        changed = await owner.execute(
            text(
                f"UPDATE {schema}.field_outputs SET value = CAST(:value AS jsonb)"
                " WHERE user_id = :user AND field_id = :field"
            ),
            {"value": value, "user": person.id, "field": field_id},
        )
        assert changed.rowcount == 1


async def answer_everything(world: World, person: Person, schema: str, data: str) -> None:
    """The same for all answers of a tool, published or not."""
    async with world.as_owner() as owner:
        await owner.execute(
            text(
                f"INSERT INTO {schema}.submissions (user_id, organization_id, data)"
                " VALUES (:user, :organization, CAST(:data AS jsonb))"
                " ON CONFLICT (user_id) DO UPDATE SET data = excluded.data"
            ),
            {"data": data, "user": person.id, "organization": person.account.organization_id},
        )


async def same_as_uncompiled(world: World, person: Person, query: str, *, falls_back: bool | None) -> dict[str, Any]:
    """The body over HTTP, which must be the one that graphql-core gives without plans.

    ``falls_back``: whether it took more than the plan's one statement; ``None`` where either will do.
    """
    assert Planning(world.gateway.graph).compiles(query)
    headers = person.headers | {"X-Request-Id": "test-request"}  # which is what errors of ours name
    with world.sql() as statements:
        response = await world.client.post("/graphql", json={"query": query}, headers=headers)
    assert response.status_code == 200
    assert falls_back is None or (len(statements) > 1) is falls_back
    told: dict[str, Any] = response.json()
    expected = await world.gateway.execute(world.gateway.documents.get(query), await world.context(person))
    assert told == orjson.loads(orjson.dumps(expected))
    return told


@pytest.mark.parametrize("value", WRONG, ids=repr)
async def test_a_published_value_that_is_no_text(world: World, person: Person, value: str) -> None:
    """The field is what graphql-core makes of it, and everything beside it is there."""
    await publish(world, person, "sprint_02_dream", "identity.dream.one_sentence", value)
    told = await same_as_uncompiled(world, person, STRINGS, falls_back=True)
    viewer = told["data"]["viewer"]
    assert (viewer["fullName"], viewer["dream"]["progress"]["status"]) == ("Pat", "COMPLETED")
    if value[0] in "{[":
        (error,) = told["errors"]
        assert error["path"] == ["viewer", "dream", "sentence"]
        assert error["message"].startswith("String cannot represent value")
        assert viewer["dream"]["sentence"] is None


@pytest.mark.parametrize("value", ['{"a": 1}', '"text"', "7", "true"])
async def test_a_published_value_that_is_no_list(world: World, person: Person, value: str) -> None:
    """An object or a text where the schema says list."""
    await publish(world, person, "sprint_01_know_thyself", "identity.strengths.matrix", value)
    told = await same_as_uncompiled(world, person, LISTS, falls_back=True)
    assert told["data"]["viewer"]["knowThyself"]["strengths"] is None
    assert [error["path"] for error in told["errors"]] == [["viewer", "knowThyself", "strengths"]]


async def test_two_wrong_values_are_two_errors(world: World, person: Person) -> None:
    """What a tool needs, and the same value at its source: an error at each place where it stands."""
    await publish(world, person, "sprint_02_dream", "identity.dream.one_sentence", '{"not": "text"}')
    query = "{ viewer { dream { a: oneSentence b: oneSentence } values { sources { dream { oneSentence } } } } }"
    told = await same_as_uncompiled(world, person, query, falls_back=True)
    paths = [
        ["viewer", "dream", "a"],
        ["viewer", "dream", "b"],
        ["viewer", "values", "sources", "dream", "oneSentence"],
    ]
    assert sorted(error["path"] for error in told["errors"]) == paths


FITTING = {
    "commitment_level": {"null", "7", "-1", "999999999"},
    "plan_if_then": {"null", '"text"', '"7"', '"a \\" b"'},
}
"""What needs no conversion, by question: a whole number, a text."""

NUMBERS = ["0", "-0", "-1", "3.0", "999999999", "2147483647", "2147483648", "9007199254740992", "1e30", "0.1"]


@pytest.mark.parametrize("value", [*WRONG, *NUMBERS, "null", '"text"', '"7"', '"a \\" b"'])
@pytest.mark.parametrize("question", FITTING)
async def test_an_answer_of_another_kind(world: World, person: Person, question: str, value: str) -> None:
    """Answers that nothing builds on: a whole number and a text, and everything that they are not."""
    await answer_everything(world, person, "sprint_00_woop", f'{{"{question}": {value}}}')
    told = await same_as_uncompiled(world, person, RATING, falls_back=None)
    if value in FITTING[question]:
        assert "errors" not in told
        with world.sql() as statements:
            await world.graphql(person, RATING)
        assert len(statements) == 1


@pytest.mark.parametrize("value", [*WRONG, *NUMBERS, "1.25", "1e-7", "12345678901234567890", "1.50", '"text"', "null"])
async def test_a_number_of_another_kind(world: World, person: Person, value: str) -> None:
    """A number may have a fraction; the bytes are the ones that graphql-core's answer has."""
    await answer_everything(world, person, "sprint_08_goals", f'{{"alignment_score": {value}}}')
    response = await world.client.post("/graphql", json={"query": SCORE}, headers=person.headers)
    expected = await world.gateway.execute(world.gateway.documents.get(SCORE), await world.context(person))
    assert response.content == orjson.dumps(expected)


@pytest.mark.parametrize("value", [*WRONG, '"text"', "null", "0.1", '{"a": {"b": [1, null, "\\u00e9"]}}'])
async def test_any_json_is_right_where_json_is_declared(world: World, person: Person, value: str) -> None:
    """One statement, whatever it is."""
    await publish(world, person, "sprint_00_woop", "intro.woop.wish", value)
    told = await same_as_uncompiled(world, person, ANYTHING, falls_back=False)
    assert told == {"data": {"viewer": {"woop": {"wish": orjson.loads(value)}}}}


@pytest.mark.parametrize("data", ["[]", '"text"', "7", "null", '[{"wish": 1}]'])
@pytest.mark.parametrize("query", ["{ viewer { woop { answers } } }", "{ viewer { woop { submission { data } } } }"])
async def test_answers_that_are_no_object(world: World, person: Person, query: str, data: str) -> None:
    """Stored past every check; what graphql-core tells of it is told."""
    await answer_everything(world, person, "sprint_00_woop", data)
    await same_as_uncompiled(world, person, query, falls_back=True)


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { dream { progress { status percentage isUnlocked } } woop { slug } } }",
        "{ viewer { tools { slug progress { status } } } }",
        "{ viewer { tools(status: UNLOCKED) { slug } } }",
        "{ organization { members(first: 5) { edges { node { dream { progress { status } } } } } } }",
    ],
)
async def test_a_tool_without_a_progress_row(world: World, person: Person, query: str) -> None:
    """A tool newer than the account has none: its prerequisites say where it stands."""
    async with world.as_owner() as owner:
        await owner.execute(
            text("DELETE FROM tool_access.progress WHERE user_id = :user AND tool_slug IN ('dream', 'values')"),
            {"user": person.id},
        )
    told = await same_as_uncompiled(world, person, query, falls_back=True)
    assert "errors" not in told


async def test_a_number_that_no_double_holds(world: World, person: Person) -> None:
    """PostgreSQL keeps it; graphql-core tells of the field, so the plan must leave it to graphql-core."""
    await answer_everything(world, person, "sprint_00_woop", '{"commitment_level": 1e400}')
    await same_as_uncompiled(world, person, RATING, falls_back=True)
