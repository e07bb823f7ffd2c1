"""Each limit of a document: just reached it refuses nothing, one past it the refusal says what to do, and no slow rule
has been asked."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from graphql import GraphQLError, TypeInfo, TypeInfoVisitor, ValidationContext, parse, validate, visit
from graphql.validation.validate import ValidationAbortedError

from db.catalogue import Catalogue
from graphql_api.execution import validation
from graphql_api.execution.budget import Budget
from graphql_api.execution.documents import Documents
from graphql_api.execution.rules import RULES, OverlappingFields, rules_for
from graphql_api.execution.shape import shape_of
from graphql_api.execution.validation import errors_in, read
from graphql_api.graph import Graph, build_graph
from graphql_api.limits import (
    CACHED_SCHEMA_ANSWERS,
    LIMITS,
    MAX_ERRORS,
    MAX_OVERLAP_WORK,
    MAX_SUGGESTED_NAMES,
    MAX_TOKENS,
    MAX_VARIABLE_ITEMS,
)
from rest_shim.operations import load_operations
from tests.graphql_api.golden import FOLDER
from tests.world import World


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph of the real catalogue."""
    return build_graph(catalogue)


def _below(levels: int) -> str:
    """A document of so many levels of fields."""
    steps = ["viewer", "woop", *["dependents", "knowThyself", "sources", "woop"] * levels]
    return "{ " + " { ".join(steps[: levels - 1]) + " { __typename" + " }" * levels


def _listed(text: str, count: int, joint: str = " ") -> str:
    return joint.join(text.replace("#", str(number)) for number in range(count))


OF_SO_MANY: dict[str, Callable[[int], str]] = {
    "operations": lambda n: _listed("query Q# { __typename }", n),
    "fragments": lambda n: (
        f"{{ viewer {{ {_listed('...F#', n)} }} }} {_listed('fragment F# on Participant { id }', n)}"
    ),
    "depth": _below,
    "fields": lambda n: (
        "{ viewer { woop { " + _listed("a#: progress { ...F }", (n - 2) // 50) + " slug" * ((n - 2) % 50)
        + " } } } fragment F on Progress { " + _listed("p#: status", 49) + " }"
    ),
    "root_fields": lambda n: f"{{ {_listed('a#: __typename', n)} }}",
    "aliases": lambda n: f"{{ viewer {{ {_listed('a#: id', n)} }} }}",
    "directives": lambda n: "{ viewer { " + _listed("a#: id @skip(if: false) @include(if: true)", n // 2)
    + (" id @skip(if: false)" if n % 2 else "") + " } }",
    "directives_in_one_place": lambda n: f"{{ __typename {_listed('@d#', n)} }}",
    "variables": lambda n: f"query ({_listed('$v#: Int', n)}) {{ __typename }}",
    "arguments": lambda n: f'{{ tool({_listed("a#: 1", n)}) {{ id }} }}',
    "list_items": lambda n: f"{{ fields(ids: [{_listed('1', n)}]) {{ id }} }}",
    "object_fields": lambda n: f'mutation {{ saveDream(input: {{ {_listed("a#: 1", n)} }}) {{ __typename }} }}',
    "value_depth": lambda n: f"{{ field(id: {'[' * n}{']' * n}) {{ id }} }}",
    "name_characters": lambda n: f"{{ {'a' * n}: __typename }}",
    "schema_reads": lambda n: f"{{ {_listed('a#: __schema { description }', n)} }}",
    "type_reads": lambda n: f'{{ {_listed("a#: __type(name: #) { name }".replace("(name: #)", "(name: 1)"), n)} }}',
    "schema_aliases": lambda n: f"{{ __schema {{ description {_listed('a#: description', n)} }} }}",
    "schema_depth": lambda n: "{ __schema { types { " + "fields { type { " * n + "name" + " } }" * n + " } } }",
}  # fmt: skip
"""A document that has just so much of what a limit names."""


def test_every_limit_has_its_document() -> None:
    """None is left out below."""
    assert OF_SO_MANY.keys() == LIMITS.keys()


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds_one_past_it(graph: Graph, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused for this and nothing else, in a sentence with both numbers, before any rule of GraphQL is applied."""
    monkeypatch.setattr(validation, "broken_rules", _not_to_be_asked)
    limit = LIMITS[name]
    (error,), passed = errors_in(graph.schema, *_document(OF_SO_MANY[name](limit.most + 1)))
    assert passed == [name]
    assert f"has {limit.most + 1:,} {limit.what}; at most {limit.most:,} are allowed." in error.message
    assert error.message.endswith(limit.remedy)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_lets_through_what_reaches_it(name: str) -> None:
    """Exactly at the limit is within it."""
    node, _ = _document(OF_SO_MANY[name](LIMITS[name].most))
    counts = shape_of(node)
    assert counts[name] == LIMITS[name].most
    assert validation.exceeded(counts) == []


def test_a_limit_that_is_only_measured_refuses_nothing(graph: Graph) -> None:
    """It is counted, and the document is executed all the same."""
    text = OF_SO_MANY["aliases"](LIMITS["aliases"].most + 1)
    measuring, enforcing = Documents(graph.schema, measured={"aliases"}), Documents(graph.schema)
    for _ in range(2):
        assert measuring.get(text).node is not None
        assert enforcing.get(text).node is None
    assert measuring.exceeded == enforcing.exceeded == {"aliases": 1}
    assert (measuring.hits, measuring.misses) == (enforcing.hits, enforcing.misses) == (1, 1)


def test_rules_are_left_out_only_where_they_cannot_be_broken(graph: Graph) -> None:
    """The real documents and broken ones: what is found is what graphql-core finds with every rule."""
    texts = [file.read_text("utf-8") for file in FOLDER.glob("*.graphql")]
    texts += [operation.text for operation in load_operations(graph.schema).values()]
    texts += _BROKEN
    for text in texts:
        node = parse(text)
        ours = _without_suggestions(validation.broken_rules(graph.schema, node, text))
        assert ours == _without_suggestions(validate(graph.schema, node)), text
    assert len(rules_for("{ viewer { id } }")) < len(RULES) - 12


def test_comparing_fields_is_bounded(graph: Graph) -> None:
    """Quadratic by repetition, by pairs of fragments, and through fragments of fragments: none takes more steps.

    The last is exponential on paper; graphql-core remembers each pair, and the steps suffice.
    """
    refused: list[GraphQLError] = []
    for text in _OVERLAPPING:
        node, types = parse(text), TypeInfo(graph.schema)
        rule = OverlappingFields(ValidationContext(graph.schema, node, types, refused.append))
        try:
            visit(node, TypeInfoVisitor(types, rule))
        except ValidationAbortedError as error:
            refused.append(error)
        assert rule.rule_context.remaining_complexity_budget >= -2
    assert len(refused) == len(_OVERLAPPING) - 1
    for told in refused:
        assert f"{MAX_OVERLAP_WORK:,} steps. Select each field once, in one fragment." in told.message


def test_looking_for_similar_names_is_bounded(graph: Graph) -> None:
    """The first misspelt names get suggestions, the others do not; and all of them together are ten errors."""
    text = f"{{ viewer {{ {_listed('fullNam#e', 300)} }} }}"
    errors = validation.broken_rules(graph.schema, parse(text), text)
    assert sum("Did you mean" in error.message for error in errors) == MAX_SUGGESTED_NAMES
    assert len(errors) == MAX_ERRORS + 1
    assert "Validation aborted" in errors[-1].message


def test_comments_count_as_tokens() -> None:
    """Or a document of comments alone would be read to its end."""
    with pytest.raises(GraphQLError, match=f"more than {MAX_TOKENS} tokens"):
        read("#\n" * (MAX_TOKENS + 1) + "{ __typename }")


def test_a_name_that_two_places_of_the_graph_share_is_measured_by_its_place(graph: Graph) -> None:
    """``fields`` of a tool's definition are no lists of the schema."""
    text = "{ tools { fields { usedBy { fields { id } } } } }"
    assert graph.errors(text) == []


def test_lists_in_variables_are_bounded(graph: Graph) -> None:
    """The variable itself and lists within input objects; JSON values are none of it, nor is what is no list."""
    texts: dict[str, Callable[[Any], Any]] = {
        "query ($v: [FieldId!]!) { fields(ids: $v) { id } }": lambda items: items,
        "mutation ($v: AgileTeamsInput!) { saveAgileTeams(input: $v) { __typename } }": lambda items: {
            "brainstormItems": items
        },
    }
    budget = Budget(graph.schema, graph.costs)
    for text, value in texts.items():
        operation = Documents(graph.schema).get(text).compilable(None)
        assert operation is not None
        for fine in (value(["a.b"] * MAX_VARIABLE_ITEMS), "a.b", None, {"brainstormItems": 7}):
            budget.admit(operation, {"v": fine})
        with pytest.raises(GraphQLError, match=r"list of 1,001 items; at most 1,000 are allowed\. Split it"):
            budget.admit(operation, {"v": value(["a.b"] * (MAX_VARIABLE_ITEMS + 1))})
    json = Documents(graph.schema).get('mutation ($v: JSON!) { saveSubmission(tool: "woop", data: $v) { __typename } }')
    budget.admit(json.compilable(None), {"v": {"wish": [0] * (MAX_VARIABLE_ITEMS + 1)}})


async def test_introspection_is_answered_once(world: World) -> None:
    """The same for everybody and for as long as the process runs; few texts are remembered."""
    query = "{ __schema { queryType { name } } __typename }"
    first = await world.graphql(None, query)
    kept = dict(world.gateway._schema_answers)
    assert (await world.graphql(await world.person(), query)).data == first.data
    assert dict(world.gateway._schema_answers) == kept
    for number in range(CACHED_SCHEMA_ANSWERS + 2):
        await world.graphql(None, f"{{ a{number}: __schema {{ queryType {{ name }} }} }}")
    assert len(world.gateway._schema_answers) == CACHED_SCHEMA_ANSWERS
    await world.graphql(None, "{ __typename }")
    await world.graphql(None, "query ($a: Boolean!) { __schema { queryType { name @skip(if: $a) } } }", {"a": True})
    assert len(world.gateway._schema_answers) == CACHED_SCHEMA_ANSWERS


_BROKEN = [
    "{ viewer { id(a: 1) } }",
    "{ tool { id } }",
    "{ nothing { id } }",
    "query A { __typename } query A { __typename }",
    "{ viewer }",
    "{ viewer { id { x } } }",
    "query ($a: Int, $a: Int) { __typename }",
    "query ($a: Nothing) { tool(slug: $b) { id } }",
    "query ($a: Dream) { tool(slug: $a) { id } }",
    "query ($a: Int) { tool(slug: $a) { id } }",
    "{ viewer { ...F ...G } } fragment F on Nothing { id } fragment F on Participant { id }",
    "{ viewer { ... on Organization { id } ... on String { id } } }",
    "fragment F on Participant { id }",
    "{ viewer { id @skip @skip(if: true) @nothing } }",
    "query @skip(if: true) { __typename }",
    "{ viewer { a: id a: email } }",
    '{ fields(ids: ["a.b", "a.b"], ids: 3) { id } }',
    "mutation { saveDream(input: { oneSentence: 1, oneSentence: 2, nothing: 3 }) { __typename } }",
    "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "type A { b: Int } { __typename }",
    "subscription { __typename }",
]

_OVERLAPPING = [
    "{ viewer { " + "id " * 200 + "} }",
    f"{{ viewer {{ {_listed('...F#', 60)} }} }} {_listed('fragment F# on Participant { id email woop { id } }', 60)}",
    "{ viewer { " + "woop { progress { status } } " * 100 + "} }",
    "{ viewer { ...F0 } } "
    + " ".join(f"fragment F{n} on Participant {{ ...F{n + 1} ...F{n + 1} id }}" for n in range(59))
    + " fragment F59 on Participant { id }",
    "{ viewer { woop { ...F0 ...G0 } } }"
    + "".join(
        f" fragment {one}{n} on WoopTool {{ slug dependents {{ knowThyself {{ sources {{ woop {{"
        f" ...F{n + 1} ...G{n + 1} }} }} }} }} }}"
        for n in range(28)
        for one in "FG"
    )
    + " fragment F28 on WoopTool { id } fragment G28 on WoopTool { id }",
]


def _without_suggestions(errors: Iterable[GraphQLError]) -> set[str]:
    return {error.message.partition(" Did you mean")[0] for error in errors}


def _document(text: str) -> tuple[Any, str]:
    return read(text), text


def _not_to_be_asked(*_: Any) -> list[GraphQLError]:
    raise AssertionError("a rule was applied to a document that a limit refuses")
