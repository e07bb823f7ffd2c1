"""When a compiled read is made anew: for another operation, condition or tool; never for another value."""

from base64 import urlsafe_b64encode
from itertools import product
from typing import Any
from uuid import uuid4

import orjson
import pytest

from graphql_api.execution.compiled.plans import NoPlan
from tests.graphql_api.compiled.houses import PERSON, TREE, Houses
from tests.graphql_api.compiled.planning import Planning
from tests.world import World

TOOL = "query ($slug: String!) { viewer { tool(slug: $slug) { slug progress { status } } } }"
MEMBERS = """query ($id: ID, $first: Int!, $after: String, $filter: MemberFilter) { organization(id: $id) {
  members(first: $first, after: $after, filter: $filter) { edges { node { fullName } } } } }"""
STATUSES = "query ($status: ProgressStatus) { viewer { tools(status: $status) { slug } } }"


@pytest.fixture
def planning(world: World) -> Planning:
    """Empty caches over the gateway's graph."""
    return Planning(world.gateway.graph)


def test_a_value_is_never_part_of_the_key(planning: Planning) -> None:
    """A thousand ids, and a thousand pages with cursors and filters of their own: one plan each."""
    for _ in range(1000):
        assert planning.compiles(PERSON, {"id": str(uuid4())})
    assert planning.counted == (999, 1)
    slugs = [tool.slug for tool in planning.graph.catalogue.tools]
    for number in range(1000):
        cursor = urlsafe_b64encode(orjson.dumps([f"Name {number}", str(uuid4())])).decode()
        wanted = {"search": f"name {number}", "tool": {"slug": slugs[number % 31], "status": "COMPLETED"}}
        page = {"id": str(uuid4()), "first": number % 100, "after": cursor, "filter": wanted}
        assert planning.compiles(MEMBERS, page)
    assert planning.counted == (1998, 2)


def test_a_value_left_out_is_no_other_plan(planning: Planning) -> None:
    """Absent, null and given: the statement may differ, the plan does not."""
    absent: list[dict[str, Any]] = [{}, {"after": None}, {"filter": None}, {"id": None}, {"filter": {}}]
    for given in [*absent, {"filter": {"search": "x"}}]:
        assert planning.compiles(MEMBERS, {"first": 3, **given})
    assert planning.plans.misses == 1


def test_each_tool_has_its_plan(planning: Planning) -> None:
    """A variable that names a tool decides what is selected: 31 tools are 31 plans, and no more when asked again."""
    for _ in range(2):
        for tool in planning.graph.catalogue.tools:
            assert planning.compiles(TOOL, {"slug": tool.slug})
    assert planning.counted == (31, 31)


def test_aliases_share_the_plan_of_their_tool(planning: Planning) -> None:
    """Whatever a tool is called, it is the same tool."""
    aliased = [tool for tool in planning.graph.catalogue.tools if tool.aliases]
    assert aliased
    for tool in aliased:
        plans = {id(planning.plan(TOOL, {"slug": name})) for name in (tool.slug, *tool.aliases)}
        assert len(plans) == 1
    assert planning.plans.misses == len(aliased)


def test_names_of_no_tool_share_one_plan(planning: Planning) -> None:
    """Fifty inventions cannot push a plan out that is in use."""
    for number in range(50):
        assert planning.compiles(TOOL, {"slug": f"no-such-tool-{number}"})
    assert planning.counted == (49, 1)


def test_each_combination_of_conditions_has_its_plan(planning: Planning) -> None:
    """Two variables of @skip and @include are four plans; the value beside them makes none."""
    query = """query ($id: ID!, $tools: Boolean!, $bare: Boolean = false) { user(id: $id) {
      fullName @skip(if: $bare) email ...Work @include(if: $tools) } }
      fragment Work on Participant { woop { wish @skip(if: $bare) slug } }"""
    for _, tools, bare in product(range(25), (True, False), (True, False)):
        assert planning.compiles(query, {"id": str(uuid4()), "tools": tools, "bare": bare})
    assert planning.counted == (96, 4)
    assert planning.compiles(query, {"id": "x", "tools": True})  # $bare is false by default
    assert planning.plans.misses == 4


def test_each_enum_value_has_its_plan(planning: Planning) -> None:
    """An enum that decides what is listed: a plan for each of its values, for null and for none."""
    for given in [{"status": name} for name in ("LOCKED", "UNLOCKED", "IN_PROGRESS", "COMPLETED")] * 3:
        assert planning.compiles(STATUSES, given)
    assert planning.plans.misses == 4
    assert planning.compiles(STATUSES, {"status": None})
    assert planning.compiles(STATUSES, {})
    assert planning.plans.misses <= 6


def test_operations_of_one_document_have_plans_of_their_own(planning: Planning) -> None:
    """The same text, another ``operationName``: another answer."""
    query = "query A { viewer { fullName } } query B { viewer { email } }"
    plans = [planning.plan(query, name=name) for name in ("A", "B", "A", "B")]
    assert (plans[0], plans[1]) == (plans[2], plans[3])
    assert plans[0] is not plans[1]
    assert planning.counted == (2, 2)


async def test_operations_of_one_document_answer_for_themselves(world: World, houses: Houses) -> None:
    """Over HTTP, in turns."""
    query = "query A { viewer { fullName } } query B { viewer { woop { wish } } }"
    for name, found in [("A", {"fullName": "ann"}), ("B", {"woop": {"wish": "wish of ann"}})] * 2:
        body = {"query": query, "operationName": name}
        answer = await world.client.post("/graphql", json=body, headers=houses["ann"].headers)
        assert answer.json() == {"data": {"viewer": found}}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("mutation { saveWoop(input: {}) { __typename } }", "only queries are compiled"),
        ("{ viewer { email } organization { name } }", "several fields of Query read rows"),
        ("{ tools { slug } }", "nothing reads rows"),
        ('{ node(id: "x") { id } }', "Query.node is not declared as data"),
        ("{ organization { teams { name } } }", "Organization.teams is not declared as data"),
    ],
)
def test_what_has_no_plan_is_remembered_with_the_reason(planning: Planning, query: str, reason: str) -> None:
    """It is not compiled in vain with every request."""
    first, second = planning.plan(query), planning.plan(query)
    assert isinstance(first, NoPlan)
    assert first.reason.startswith(reason)
    assert second is first
    assert planning.counted == (1, 1)


def test_the_least_recently_used_goes_first(planning: Planning, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most ``CACHED_PLANS``; one that was just used stays, a declined one counts like any other."""
    monkeypatch.setattr("graphql_api.execution.compiled.plans.CACHED_PLANS", 3)
    for slug in ("woop", "dream", "values", "woop", "team"):  # "dream" has waited longest
        planning.plan(TOOL, {"slug": slug})
    assert planning.counted == (1, 4)
    for slug in ("woop", "values", "team"):
        planning.plan(TOOL, {"slug": slug})
    assert planning.counted == (4, 4)
    planning.plan(TOOL, {"slug": "dream"})  # in place of "woop"
    assert planning.counted == (4, 5)
    planning.plan("{ tools { slug } }")  # in place of "values"
    planning.plan(TOOL, {"slug": "team"})
    planning.plan(TOOL, {"slug": "values"})
    assert planning.counted == (5, 7)


async def test_the_cache_is_bounded_under_requests(
    world: World, houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred operations through a cache of ten: ten are kept, every answer is right."""
    monkeypatch.setattr("graphql_api.execution.compiled.plans.CACHED_PLANS", 10)
    plans = Planning(world.gateway.graph).plans
    monkeypatch.setattr(world.gateway, "plans", plans)
    for number in [*range(100), *range(100)]:
        answer = await world.graphql(houses["ann"], f"{{ viewer {{ n{number}: fullName }} }}")
        assert answer.data == {"viewer": {f"n{number}": "ann"}}
    assert (plans.hits, plans.misses, len(plans._plans)) == (0, 200, 10)


async def test_requests_are_counted(world: World, houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    """One look into the cache for each request that could be compiled; none without a token."""
    plans = Planning(world.gateway.graph).plans
    monkeypatch.setattr(world.gateway, "plans", plans)
    for name in ("ann", "ada", "bea", "guru", "lone"):
        await world.graphql(houses[name], TREE)
    await world.graphql(None, TREE)
    assert (plans.hits, plans.misses) == (4, 1)
