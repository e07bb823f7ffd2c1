"""The contract itself: committed, current, described throughout, and made of the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DirectiveLocation,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_client_schema,
    build_schema,
    introspection_from_schema,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    validate_schema,
)
from graphql.utilities import lexicographic_sort_schema, print_schema

from db.catalogue import Catalogue, Question, QuestionType
from db.catalogue.names import RESERVED_FIELD_NAMES
from graphql_api.graph import Graph, build_graph

COMMITTED = Path(__file__).parents[2] / "schema.graphql"

NO_DESCRIPTION: frozenset[str] = frozenset()
"""Names that need no description because a specification gives them one: none at present."""

NO_SPECIFICATION = {"FieldId", "UnixTime"}
"""Scalars of our own: their description is all there is."""


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph of the real catalogue."""
    return build_graph(catalogue)


@pytest.fixture(scope="module")
def schema(graph: Graph) -> GraphQLSchema:
    """Its schema."""
    return graph.schema


def test_the_committed_schema_is_current(graph: Graph) -> None:
    """Clients generate code from schema.graphql; ``make schema`` writes it anew."""
    assert COMMITTED.read_text("utf-8") == graph.sdl


def test_who_reads_the_file_and_who_introspects_see_the_same(schema: GraphQLSchema) -> None:
    """Types, descriptions, arguments and defaults."""
    read = build_schema(COMMITTED.read_text("utf-8"))
    introspected = build_client_schema(introspection_from_schema(schema, input_value_deprecation=True))
    assert validate_schema(read) == []
    assert print_schema(lexicographic_sort_schema(read)) == print_schema(lexicographic_sort_schema(introspected))


def test_the_schema_is_valid(schema: GraphQLSchema) -> None:
    """By every rule of the GraphQL specification."""
    assert validate_schema(schema) == []


def test_two_builds_are_the_same(graph: Graph, catalogue: Catalogue) -> None:
    """The file does not change from one run to the next."""
    assert build_graph(catalogue).sdl == graph.sdl


def test_everything_is_described(schema: GraphQLSchema) -> None:
    """Every type, field, argument, input field and enum value says what it is."""
    silent = {name for name, description in _described(schema) if not (description or "").strip()}
    assert silent == NO_DESCRIPTION


def test_a_description_is_a_sentence(schema: GraphQLSchema) -> None:
    """It begins with a capital, a backquote or a digit, and ends like a sentence."""
    odd = {
        name
        for name, text in _described(schema)
        if text
        and not is_own_words(name)
        and not ((text[0].isupper() or text[0] in "`1") and text.rstrip()[-1] in ".)")
    }
    assert odd == set()


def is_own_words(name: str) -> bool:
    """Whether Strawberry or GraphQL wrote the description, not we."""
    return name.split(".")[0] in ("PageInfo", "JSON")


def test_custom_scalars_name_their_specification(schema: GraphQLSchema) -> None:
    """Where one exists."""
    scalars = [
        each
        for each in schema.type_map.values()
        if isinstance(each, GraphQLScalarType) and not is_specified_scalar_type(each)
    ]
    assert {each.name for each in scalars if not each.specified_by_url} == NO_SPECIFICATION
    assert {each.name for each in scalars} == {"DateTime", "FieldId", "JSON", "UUID", "UnixTime"}


def test_no_directives_in_documents_but_those_of_the_specification(schema: GraphQLSchema) -> None:
    """A client needs to know nothing else: the two of ours stand in the schema alone."""
    ours = {each.name: each.locations for each in schema.directives if not is_specified_directive(each)}
    assert ours.keys() == {"cost", "listSize"}
    assert set(ours["listSize"]) == {DirectiveLocation.FIELD_DEFINITION}
    assert set(ours["cost"]) == {
        DirectiveLocation.ARGUMENT_DEFINITION,
        DirectiveLocation.ENUM,
        DirectiveLocation.FIELD_DEFINITION,
        DirectiveLocation.INPUT_FIELD_DEFINITION,
        DirectiveLocation.OBJECT,
        DirectiveLocation.SCALAR,
    }


def test_every_question_has_its_typed_field(schema: GraphQLSchema, catalogue: Catalogue) -> None:
    """On the tool's type and on its input, nullable in both, of the type that the catalogue says."""
    for tool in catalogue.tools:
        fields, inputs = _fields(schema, f"{tool.type_name}Tool"), _fields(schema, f"{tool.type_name}Input")
        assert inputs == {question.graphql_name: _type_of(question) for question in tool.questions}
        for question in tool.questions:
            assert fields[question.graphql_name] == _type_of(question), (tool.slug, question.key)


def test_a_published_field_says_its_field_id(schema: GraphQLSchema, catalogue: Catalogue) -> None:
    """So that somebody who knows one finds the other."""
    for tool in catalogue.tools:
        object_type = schema.type_map[f"{tool.type_name}Tool"]
        assert isinstance(object_type, GraphQLObjectType)
        for question in tool.published:
            assert f"`{question.publishes}`" in (object_type.fields[question.graphql_name].description or "")


def test_reserved_names_are_those_that_tools_have(schema: GraphQLSchema, catalogue: Catalogue) -> None:
    """What the catalogue refuses as a question's name is exactly what a tool type has besides its questions."""
    structural = {
        name
        for tool in catalogue.tools
        for name in _fields(schema, f"{tool.type_name}Tool").keys() - {q.graphql_name for q in tool.questions}
    }
    assert structural == RESERVED_FIELD_NAMES


def test_needs_sources_and_dependents_are_the_catalogues(schema: GraphQLSchema, catalogue: Catalogue) -> None:
    """One field per need under the tool's own name for it, one per neighbour; no holder where there is nothing."""
    for tool in catalogue.tools:
        holders = {
            "needs": [need.entry.target for need in catalogue.needs[tool.slug]],
            "sources": [source.graphql_name for source in catalogue.prerequisites(tool)],
            "dependents": [dependent.graphql_name for dependent in catalogue.dependents(tool)],
        }
        for holder, names in holders.items():
            assert (holder in _fields(schema, f"{tool.type_name}Tool")) is bool(names)
            if names:
                assert len(_fields(schema, f"{tool.type_name}{holder.capitalize()}")) == len(names)


def test_a_participant_has_every_tool(schema: GraphQLSchema, catalogue: Catalogue) -> None:
    """As a field of its own type, never null."""
    fields = _fields(schema, "Participant")
    assert {tool.graphql_name: f"{tool.type_name}Tool!" for tool in catalogue.tools}.items() <= fields.items()


def test_every_refusal_shares_one_interface(schema: GraphQLSchema) -> None:
    """A client reads ``... on Refusal { message }`` and has them all, in every result union."""
    refusals = {member.name for member in schema.get_possible_types(schema.type_map["Refusal"])}  # type: ignore[arg-type]
    assert refusals == {
        "AssistantTimedOut",
        "AssistantUnavailable",
        "AssistantUnusable",
        "Busy",
        "InvalidAnswers",
        "InvalidInput",
        "InvalidTransition",
        "Locked",
        "MissingAnswers",
        "NotAllowed",
        "NotFound",
        "NotSetUp",
        "RateLimited",
        "ReadAfresh",
        "SignInRefused",
        "SourceMoved",
        "StaleVersion",
        "TooLarge",
    }


def _type_of(question: Question) -> str:
    if question.accepts and [shape.value for shape in question.accepts] != ["text"]:
        return "JSON"
    return {
        QuestionType.TEXT: "String",
        QuestionType.NUMBER: "Float",
        QuestionType.RATING: "Int",
        QuestionType.LIST: "[JSON]",
        QuestionType.COMPOUND: "JSON",
    }[question.type]


def _fields(schema: GraphQLSchema, name: str) -> dict[str, str]:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLObjectType | GraphQLInputObjectType)
    return {name: str(field.type) for name, field in found.fields.items()}


def _described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    for name, each in schema.type_map.items():
        if is_introspection_type(each) or is_specified_scalar_type(each):
            continue
        yield name, each.description
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in each.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name})", argument.description
        elif isinstance(each, GraphQLInputObjectType):
            for field_name, input_field in each.fields.items():
                yield f"{name}.{field_name}", input_field.description
        elif isinstance(each, GraphQLEnumType):
            for value_name, value in each.values.items():
                yield f"{name}.{value_name}", value.description
