"""The catalogue as the graph shows it: the same for everyone, signed in or not."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from db.catalogue import Field, Module, Need, QuestionType, Tool
from db.catalogue.graph import question_id
from graphql_api import global_id
from graphql_api.ordering import ToolOrder
from graphql_api.scalars import FieldId
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.node import Node

enumerated(
    "QuestionType",
    "The kind of an answer.",
    TEXT="Text.",
    NUMBER="A number.",
    RATING="A whole number from a scale.",
    LIST="A list.",
    COMPOUND="An object, or a list of them.",
)(QuestionType)


enumerated(
    "ToolOrder",
    "In which order tools are listed.",
    SPRINT="By sprint.",
    SEQUENCE="Each one after its prerequisites.",
)(ToolOrder)

ListOrder = Annotated[ToolOrder, strawberry.argument(description="By sprint, or each tool after its prerequisites.")]


def _catalogue(info: Info) -> Any:
    return info.context.catalogue


@strawberry.type(name="Module", description="A chapter of the programme.")
class ModuleType:
    """A module."""

    is_type_of = stands_for(Module)

    number: int = described("Position in the programme, from 0.")
    name: str = described("What it is called.")


@strawberry.type(name="Question", description="One question of a tool.")
class QuestionObject:
    """A question; its source is the pair of tool and question."""

    id: UUID = computed("Stable id, the same on every installation.", lambda pair: question_id(*pair))
    key: str = computed("Under which the answer is stored.", lambda pair: pair[1].key)
    label: str = computed("What it asks, in a few words.", lambda pair: pair[1].label)
    description: str = computed("What the answer says.", lambda pair: pair[1].description)
    type: QuestionType = computed("The kind of answer.", lambda pair: pair[1].type)
    required: bool = computed("Whether submitting needs an answer.", lambda pair: pair[1].required)
    section: str | None = computed("The part of the tool it stands in.", lambda pair: pair[1].section)
    step: int | None = computed("The step of the tool's page.", lambda pair: pair[1].step)
    graphql_field: str = computed("The field of the tool's type that gives the answer.", lambda p: p[1].graphql_name)
    publishes: FieldId | None = computed("The field id other tools read it by.", lambda pair: pair[1].publishes)
    sensitive: bool = computed("Whether the answer is stored encrypted.", lambda pair: pair[1].sensitive)


@strawberry.type(name="FieldDefinition", description="A published value: what other tools can read.")
class FieldDefinition:
    """A field of the catalogue."""

    is_type_of = stands_for(Field)

    id: FieldId = described("Dot-separated and stable.")
    label: str = computed("What it is, in a few words.", lambda field: field.question.label)
    tool: "ToolDefinition" = described("The tool that publishes it.")

    @strawberry.field(description="The tools that build on it.")
    def used_by(root: strawberry.Parent[Any], info: Info) -> list["ToolDefinition"]:
        """Consumers by sprint."""
        catalogue = _catalogue(info)
        return [
            tool for tool in catalogue.tools if any(need.source.id == root.id for need in catalogue.needs[tool.slug])
        ]


@strawberry.type(name="NeedDefinition", description="A value that a tool builds on.")
class NeedDefinition:
    """A need of the catalogue."""

    is_type_of = stands_for(Need)

    field: FieldDefinition = computed("Where it comes from.", lambda need: need.source)
    target: str = computed("The tool's own name for it.", lambda need: need.entry.target)
    label: str = computed("What it is, in a few words.", lambda need: need.entry.label)
    required: bool = computed("Whether the tool cannot do without it.", lambda need: need.entry.required)
    value_path: str | None = computed("The part of the value that is read.", lambda need: need.entry.value_path)


@strawberry.type(description="A tool as the catalogue has it.")
class ToolDefinition(Node):
    """A tool of the catalogue."""

    is_type_of = stands_for(Tool)

    id: strawberry.ID = computed("Opaque and globally unique.", lambda t: global_id.encode("ToolDefinition", t.slug))
    slug: str = described("Name in URLs: lower case with hyphens.")
    aliases: list[str] = described("Other slugs that are accepted for it.")
    name: str = described("Name for people.")
    description: str = described("What it is for, in a sentence.")
    guidance: str = described("How to start when stuck.")
    sprint: int = described("Position in the programme, from 0.")
    schema_name: str = described("The PostgreSQL schema that holds its rows.")
    is_optional: bool = computed("Optional tools never block another.", lambda tool: tool.optional)

    @strawberry.field(description="The chapter it belongs to.")
    def module(root: strawberry.Parent[Any], info: Info) -> ModuleType:
        """The module."""
        return _catalogue(info).modules[root.module]

    @strawberry.field(description="Tools that come before it.")
    def prerequisites(root: strawberry.Parent[Any], info: Info) -> list["ToolDefinition"]:
        """Prerequisites in the catalogue's order."""
        return list(_catalogue(info).prerequisites(root))

    @strawberry.field(description="Tools that come after it.")
    def dependents(root: strawberry.Parent[Any], info: Info) -> list["ToolDefinition"]:
        """Dependents by sprint."""
        return list(_catalogue(info).dependents(root))

    @strawberry.field(description="Its questions, in the order of its page.")
    def questions(root: strawberry.Parent[Any]) -> list[QuestionObject]:
        """Questions with their tool."""
        pairs: Any = [(root, question) for question in root.questions]
        return pairs

    @strawberry.field(description="The values it publishes.")
    def fields(root: strawberry.Parent[Any], info: Info) -> list[FieldDefinition]:
        """Fields in the order of the questions."""
        fields = _catalogue(info).fields
        return [fields[question.publishes] for question in root.published]

    @strawberry.field(description="The values it builds on.")
    def needs(root: strawberry.Parent[Any], info: Info) -> list[NeedDefinition]:
        """Needs in the catalogue's order."""
        return list(_catalogue(info).needs[root.slug])


__all__ = [
    "FieldDefinition",
    "ModuleType",
    "NeedDefinition",
    "QuestionObject",
    "ToolDefinition",
    "ToolOrder",
]
