"""What requests cost, after the IBM GraphQL Cost Directive specification: estimated, counted, shown and refused.

That an estimate is never too low, and that both ways of execution count alike, is what ``differential`` finds out.
"""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_interface_type,
    is_list_type,
    is_object_type,
    value_from_ast_untyped,
)
from orjson import loads

from app.settings import Settings
from bench.queries import load_queries
from db.catalogue import Catalogue
from graphql_api.costs import ASSUMED_SIZE, COUNT, WRITE
from graphql_api.execution.budget import UNBOUNDED, Budget
from graphql_api.execution.documents import Documents
from graphql_api.execution.spending import TooExpensive
from graphql_api.gateway import Gateway
from graphql_api.graph import Graph, build_graph
from graphql_api.limits import MAX_COST, Mode
from resolvers.identity import MAX_PAGE
from resolvers.tools.reading import MAX_FIELD_IDS
from rest_shim.operations import load_operations
from tests.graphql_api.golden import cases
from tests.world import Person, World

MEMBERS = "query ($first: Int!) { organization { members(first: $first) { edges { node { tools { slug } } } } } }"


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph of the real catalogue."""
    return build_graph(catalogue)


def estimate(graph: Graph, text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> int:
    """What an operation may cost."""
    document = Documents(graph.schema).get(text)
    assert document.node is not None, document.errors
    found = Budget(graph.schema, graph.costs, mode=Mode.MEASURE).admit(document.compilable(name), variables)
    assert found.estimated is not None
    return found.estimated


def test_objects_and_the_fields_that_give_them_cost_one_each(graph: Graph) -> None:
    """``Query``, the viewer and the field that gives them; scalars cost nothing."""
    assert estimate(graph, "{ viewer { id fullName email } }") == 1 + (1 + 1)
    assert estimate(graph, "{ viewer { progressSummary { totalTools } } }") == 1 + (1 + 1) + (1 + 1)


def test_a_list_costs_as_much_as_it_can_hold(graph: Graph, catalogue: Catalogue) -> None:
    """31 tools behind one field, each with its progress behind another."""
    tools = len(catalogue.tools)
    assert estimate(graph, "{ viewer { tools { progress { status } } } }") == 1 + 2 + 1 + tools * (1 + 1 + 1)
    dream = catalogue.by_slug["dream"]
    answers = len(dream.questions)
    assert estimate(graph, "{ viewer { dream { responses { text } } } }") == 1 + 2 + 2 + 1 + answers


def test_a_page_costs_what_its_argument_says(graph: Graph, catalogue: Catalogue) -> None:
    """Connection, edges, people and their tools; the same document for every size, and never more than a page."""
    each = 1 + (1 + 1) + (1 + len(catalogue.tools))
    around = 1 + (1 + 1) + (1 + 1) + 1
    for first in (0, 1, 20, MAX_PAGE):
        assert estimate(graph, MEMBERS, {"first": first}) == around + first * each
    assert estimate(graph, MEMBERS, {"first": MAX_PAGE + 1}) == around + MAX_PAGE * each
    assert estimate(graph, MEMBERS, {"first": "ten"}) == around + each
    absent = "{ organization { members { edges { node { tools { slug } } } } } }"
    assert estimate(graph, absent) == around + 20 * each
    defaulted = MEMBERS.replace("Int!", "Int! = 7")
    assert estimate(graph, defaulted) == estimate(graph, defaulted, {"first": 7}) == around + 7 * each


def test_ids_are_counted(graph: Graph) -> None:
    """As many values as ids are given, in the document or in a variable."""
    query = "query ($ids: [FieldId!]!) { fields(ids: $ids) { sourceTool { slug } } }"
    for number in (1, 5, MAX_FIELD_IDS):
        assert estimate(graph, query, {"ids": ["a.b"] * number}) == 1 + 1 + number * (1 + 1 + 1)
    assert estimate(graph, query, {"ids": "a.b"}) == 1 + 1 + (1 + 1 + 1)
    assert estimate(graph, query, {"ids": ["a.b"] * 1000}) == 1 + 1 + MAX_FIELD_IDS * 3
    assert estimate(graph, '{ fields(ids: ["a.b", "c.d"]) { sourceTool { slug } } }') == 1 + 1 + 2 * 3


def test_what_is_skipped_costs_nothing(graph: Graph) -> None:
    """And a condition that is none leaves nothing out."""
    query = "query ($all: Boolean! = false) { viewer { tools @include(if: $all) { slug } } }"
    small, large = 1 + 2, 1 + 2 + 1 + 31
    assert estimate(graph, query) == estimate(graph, query, {"all": False}) == small
    assert estimate(graph, query, {"all": True}) == estimate(graph, query, {"all": "no boolean"}) == large


def test_an_abstract_type_costs_as_its_dearest(graph: Graph, catalogue: Catalogue) -> None:
    """Of one tool by name, the one with the most questions."""
    most = max(len(tool.questions) for tool in catalogue.tools)
    query = "query ($slug: String!) { viewer { tool(slug: $slug) { responses { text } } } }"
    assert estimate(graph, query, {"slug": "woop"}) == 1 + 2 + 2 + 1 + most


def test_fields_that_come_twice_cost_once(graph: Graph) -> None:
    """Merged as they are executed, through fragments too."""
    twice = "{ viewer { tools { slug } } ...F } fragment F on Query { viewer { tools { name progress { status } } } }"
    assert estimate(graph, twice) == estimate(graph, "{ viewer { tools { slug name progress { status } } } }")


def test_writing_and_counting_cost_more(graph: Graph) -> None:
    """A mutation is a transaction; a count reads an organisation."""
    save = "mutation ($input: DreamInput!) { saveDream(input: $input) { __typename } }"
    assert estimate(graph, save) == 1 + WRITE + 1 + 1  # Mutation, the field, its input object, the result
    counted = estimate(graph, "{ organization { members(first: 0) { totalCount } } }")
    assert counted == estimate(graph, "{ organization { members(first: 0) { pageInfo { hasNextPage } } } }") + COUNT - 2


def test_the_estimate_is_made_once(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other values of variables that are no condition need no second look at the operation."""
    made: list[Any] = []
    budget = Budget(graph.schema, graph.costs)
    original = budget._estimation

    def counted(*given: Any) -> Any:
        made.append(given)
        return original(*given)

    monkeypatch.setattr(budget, "_estimation", counted)
    operation = Documents(graph.schema).get(MEMBERS).compilable(None)
    for first in (1, 2, 3):
        budget.admit(operation, {"first": first})
    assert len(made) == 1


def test_an_operation_past_the_budget_is_refused(graph: Graph) -> None:
    """It says its cost, the budget, and where to ask for less."""
    text = "{ organization { members(first: 100) { edges { node { tools { responses { question { key } } } } } } } }"
    budget = Budget(graph.schema, graph.costs)
    with pytest.raises(TooExpensive) as refused:
        budget.admit(Documents(graph.schema).get(text).compilable(None), {})
    cost = estimate(graph, text)
    assert f"may cost {cost:,}; at most {MAX_COST:,} are allowed." in str(refused.value)
    assert "organization.members.edges.node.tools.responses: ask there for smaller pages" in str(refused.value)
    assert refused.value.extensions == {
        "code": "COST_ESTIMATED_TOO_EXPENSIVE",
        "cost": {
            "estimated": cost,
            "max": MAX_COST,
            "path": ["organization", "members", "edges", "node", "tools", "responses"],
        },
    }
    assert budget.over == 1


def test_lists_inside_each_other_multiply(graph: Graph) -> None:
    """Five steps from tool to tool and back are past every budget, and are found out in a few steps."""
    text = "{ tools " + "{ dependents " * 5 + "{ slug }" + " }" * 5 + " }"
    assert MAX_COST * 1000 < estimate(graph, text) < UNBOUNDED


async def test_the_headers_tell_the_cost(world: World) -> None:
    """Estimated, real and most, whether it was compiled or executed; none of a document that is none."""
    person = await world.person(await world.organization())
    compiled = await _asked(world, person, MEMBERS, {"first": 5})
    executed = await _asked(world, person, MEMBERS.replace("{ slug }", "{ slug teamUnlock { total } }"), {"first": 5})
    for response, per_tool in ((compiled, 1), (executed, 1 + COUNT + 1)):
        assert response["errors"] == []
        around, each = 6, 3 + 1 + 31 * per_tool
        assert response["headers"] == {"estimated": around + 5 * each, "actual": around + each, "max": MAX_COST}
    assert (await _asked(world, person, "{ nothing }", {}))["headers"] == {}


async def test_a_refused_operation_is_not_executed(world: World, gateway: Gateway) -> None:
    """No statement runs, and the health check counts it."""
    person = await world.person(await world.organization())
    deep = "{ viewer { tools { definition " + "{ dependents " * 4 + "{ slug }" + " }" * 4 + " } } }"
    over = gateway.counts()["cost"]["over_budget"]
    with world.sql() as statements:
        answer = await _asked(world, person, deep, {})
    assert statements == []
    assert answer["errors"][0]["extensions"]["code"] == "COST_ESTIMATED_TOO_EXPENSIVE"
    assert answer["headers"]["actual"] == 0
    health = (await world.client.get("/api/health")).json()["graphql"]
    assert health["cost"]["over_budget"] == over + 1


async def test_measuring_refuses_nothing(world: World, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``COST_MODE=measure`` it is executed and counted."""
    person = await world.person(await world.organization())
    budget = Budget(gateway.graph.schema, gateway.graph.costs, 100, Mode.MEASURE)
    monkeypatch.setattr(gateway, "budget", budget)
    answer = await _asked(world, person, MEMBERS, {"first": 100})
    assert answer["errors"] == []
    assert budget.over == 1
    assert budget.actual == answer["headers"]["actual"]


def test_everything_that_is_really_asked_is_within_the_budget(graph: Graph) -> None:
    """The bench's questions, golden files, REST operations, examples of the explorer, and a whole page of members."""
    texts = [*(case.text for case in cases()), *(each.text for each in load_operations(graph.schema).values())]
    texts += [loads(body)["query"] for query in load_queries() if query.document for body in query.bodies("ours")]
    texts += [file.read_text("utf-8") for file in Path("explorer/src/examples").glob("*.graphql")]
    page = "{ organization { members(first: 100) { edges { node { tools { progress { status } submission { version } }"
    texts.append(page + " } } } } }")
    for text in texts:
        document = Documents(graph.schema).get(text)
        assert document.node is not None
        for node in document.node.definitions:
            if isinstance(node, OperationDefinitionNode):
                assert estimate(graph, text, name=node.name.value if node.name else None) <= MAX_COST


def test_the_schema_says_what_everything_costs(graph: Graph) -> None:
    """By the specification's own rules: whoever reads ``schema.graphql`` can compute what we do."""
    printed = build_schema(graph.sdl)
    assert {"cost", "listSize"} <= {directive.name for directive in graph.schema.directives}
    for name, kind in printed.type_map.items():
        if name.startswith("__") or not (is_object_type(kind) or is_interface_type(kind)):
            continue
        for field_name, field in kind.fields.items():
            assert field.ast_node is not None
            shown = {each.name.value: _given(each) for each in field.ast_node.directives or ()}
            size = graph.costs.sizes.get((name, field_name))
            if is_interface_type(kind):
                assert "cost" not in shown
            else:
                default = int(is_composite_type(get_named_type(field.type)))
                assert int(shown.get("cost", {}).get("weight", default)) == graph.costs.fields[name, field_name]
            if size is None:
                assert "listSize" not in shown
            elif size.below:
                below: Any = get_named_type(field.type)
                assert is_list_type(get_nullable_type(below.fields[size.below].type))
                assert shown["listSize"] == {
                    "slicingArguments": [size.argument],
                    "sizedFields": [size.below],
                    "requireOneSlicingArgument": False,
                }
                assert "Int" in str(field.args[size.argument or ""].type)
            else:
                assert shown["listSize"] == {"assumedSize": size.most}


def test_the_sizes_are_the_catalogues(graph: Graph, catalogue: Catalogue) -> None:
    """No list of the catalogue's is longer than the schema says, and few are only assumed."""
    sizes = graph.costs.sizes
    assert sizes["Query", "tools"].most == sizes["Participant", "tools"].most == len(catalogue.tools)
    for tool in catalogue.tools:
        assert sizes[f"{tool.type_name}Tool", "responses"].most == len(tool.questions)
        assert sizes[f"{tool.type_name}Tool", "dependencies"].most == len(catalogue.needs[tool.slug])
        assert len(catalogue.prerequisites(tool)) <= sizes["ToolDefinition", "prerequisites"].most
        assert len(catalogue.dependents(tool)) <= sizes["ToolDefinition", "dependents"].most
    assumed = {key for key, size in sizes.items() if size.most == ASSUMED_SIZE and size.argument is None}
    assert {("Organization", "teams"), ("InvalidAnswers", "problems")} <= assumed


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("MAX_COST", "99", "greater than or equal"), ("COST_MODE", "refuse", "'measure' or 'enforce'"),
     ("MEASURED_LIMITS", "aliases,height", "'height' is no limit; those are operations")],
)  # fmt: skip
def test_settings_that_are_wrong(monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str) -> None:
    """A typing error in a limit's name must not switch a limit off silently."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=message):
        Settings(_env_file=None)  # type: ignore[call-arg]


def _given(directive: Any) -> dict[str, Any]:
    return {each.name.value: value_from_ast_untyped(each.value) for each in directive.arguments}


async def _asked(world: World, person: Person, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    response = await world.client.post(
        "/graphql", json={"query": query, "variables": variables}, headers=person.headers
    )
    prefix = "x-cost-"
    headers = {
        name.removeprefix(prefix): int(value) for name, value in response.headers.items() if name.startswith(prefix)
    }
    return {"headers": headers, "errors": response.json().get("errors", []), "data": response.json().get("data")}
