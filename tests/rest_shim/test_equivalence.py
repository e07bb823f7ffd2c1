"""A REST answer is the GraphQL answer of the route's operation in other words: for every route, on drawn inputs."""

import sys
import tomllib
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

import rest_shim
from db.viewer import Role
from tests.rest_shim.expected import expected_reply, without_identity
from tests.rest_shim.inputs import Inputs
from tests.rest_shim.reference import ALONE, PLAIN, Reference
from tests.rest_shim.rest import Reply, Rest
from tests.world import Person, World

ROUTES: list[dict[str, Any]] = tomllib.loads((Path(rest_shim.__file__).parent / "routes.toml").read_text("utf-8"))[
    "routes"
]
ENUMS = {"role", "order", "status", "format"}


@dataclass(frozen=True, slots=True)
class Twins:
    """Two people in the same state: what one does over REST the other does over GraphQL."""

    rest: Person
    graphql: Person
    open_slugs: tuple[str, ...]


@pytest.fixture(scope="module")
async def twins(world: World) -> list[Twins]:
    """Pairs at the start, half way, at the end, and of those who look after others."""
    organization = await world.organization()
    everything = [tool.slug for tool in world.catalogue.sequence]
    found = []
    for done, role in (
        ([], Role.USER),
        (["woop", "know-thyself", "dream", "market-size"], Role.USER),
        (everything[:20], Role.USER),
        (everything, Role.USER),
        (["woop"], Role.GURU),
        ([], Role.ADMIN),
    ):
        one, other = [await world.person(organization, role, "Zoë Ångström") for _ in range(2)]
        await world.complete(one, *done)
        await world.complete(other, *done)
        statuses = await world.graphql(one, "{ viewer { tools { slug progress { isUnlocked } } } }")
        opened = tuple(t["slug"] for t in statuses.data["viewer"]["tools"] if t["progress"]["isUnlocked"])
        found.append(Twins(one, other, opened))
    return found


@pytest.fixture(scope="module")
async def strangers(world: World, twins: list[Twins]) -> list[str]:
    """Ids that a person may ask for: of a colleague who has completed something, and of another organisation."""
    colleague = await world.person(twins[0].rest.account.organization_id)
    await world.complete(colleague, "woop", "know-thyself", "dream")
    stranger = await world.person(await world.organization())
    return [str(colleague.id), str(stranger.id)]


@pytest.fixture(scope="module")
def reference(world: World) -> Reference:
    """The second shaping."""
    return Reference(world.gateway.graph.schema)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route["operation"])
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_a_route_says_what_its_operation_says(
    route: dict[str, Any],
    rest: Rest,
    world: World,
    twins: list[Twins],
    strangers: list[str],
    reference: Reference,
    data: st.DataObject,
) -> None:
    """Same variables, same facts: reads as the same person, writes as people in the same state."""
    if route.get("public"):
        await forget_attempts(world)
    pair = data.draw(st.sampled_from(twins))
    given = Inputs(data, world, pair.open_slugs, strangers).variables(route.get("variables", {}))
    try:
        await _agree(route, rest, world, reference, pair, given)
    except AssertionError:
        # Hypothesis runs the failing example once more, finds that it draws nothing now, and reports only that.
        sys.stderr.write(traceback.format_exc())
        raise


async def _agree(
    route: dict[str, Any], rest: Rest, world: World, reference: Reference, pair: Twins, given: dict[str, Any]
) -> None:
    writes = f"mutation {route['operation']}" in PLAIN
    other = pair.graphql if writes else pair.rest
    reply = await ask_rest(rest, route, pair.rest, given)
    answer = await ask_graphql(world, route["operation"], other, given)
    if "errors" in answer:
        problems = answer["errors"][0]["extensions"]["problems"]
        assert reply.status == 400, answer
        assert [p["message"] for p in reply.body["details"]] == [p["message"] for p in problems]
        return
    expected = expected_reply(reference, route, given, answer["data"])
    told = {key: value for key, value in reply.body.items() if key != "request_id"}
    seen = without_identity if writes else _as_it_is
    assert (reply.status, seen(told)) == (expected.status, seen(expected.body))
    for name, number in expected.headers.items():
        assert abs(int(reply.headers[name]) - number) <= 5, name  # seconds go by between the two


async def forget_attempts(world: World) -> None:
    """Refused sign-ins of examples before this one: they would refuse one of the two, and not the other."""
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM rates.counters"))


async def ask_rest(rest: Rest, route: dict[str, Any], person: Person, given: dict[str, Any]) -> Reply:
    """The route's request with these variables, each where the route takes it from, in REST words."""
    parts: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}, "body": {}, "raw": {}}
    for name, source in route.get("variables", {}).items():
        if name in given:
            part, _, key = source.partition(":")
            parts[part][key] = spoken(name, given[name])
    if "caller" in route:
        part, _, key = route["caller"].partition(":")
        parts[part][key] = str(person.id)
    content = {"json": parts["body"]} if route["method"] == "POST" else {}
    headers = {name: str(value) for name, value in parts["header"].items()}
    if parts["raw"]:
        content = {"content": parts["raw"]["body"].encode()}
        headers["Content-Type"] = "application/json"
    path = route["path"].format(**parts["path"])
    return await rest.send(route["method"], path, person, params=parts["query"], headers=headers, **content)


def spoken(name: str, value: Any) -> Any:
    """A variable's value in REST words."""
    if name in ENUMS and value is not None:
        return value.lower()
    if name == "responses":
        names = {"questionId": "question_id", "responseValue": "response_value", "responseData": "response_data"}
        return [{names[key]: item for key, item in response.items()} for response in value]
    return value


async def ask_graphql(world: World, operation: str, person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """The stored operation itself, without the shim."""
    request = {"query": ALONE[operation], "operationName": operation, "variables": given}
    answer = await world.client.post("/graphql", json=request, headers=person.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _as_it_is(body: Any) -> Any:
    return body
