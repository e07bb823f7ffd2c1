"""Types that the catalogue makes: one object type and one input for each tool, and the fields that lead to them."""

from collections.abc import Iterable
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField

from db.catalogue import Catalogue, Question, QuestionType, Tool, camel_case
from db.catalogue.model import Shape
from graphql_api.declarations import Declared, Rows
from graphql_api.scalars import JSON
from graphql_api.types.tools.made import Generated, lazy_field, new_class, new_type
from graphql_api.types.tools.work import ToolInterface
from resolvers.tools.participant import ANSWER, TOOL, ToolView

_SCALARS = {
    QuestionType.TEXT: ("String", "Text"),
    QuestionType.NUMBER: ("Float", "A number"),
    QuestionType.RATING: ("Int", "A rating"),
    QuestionType.LIST: ("[JSON]", "A list"),
    QuestionType.COMPOUND: ("JSON", "An object or list"),
}
_PYTHON: dict[str, Any] = {
    "String": str,
    "Float": float,
    "Int": int,
    "JSON": JSON,
    "[JSON]": list[JSON | None],
}


def generate(catalogue: Catalogue) -> Generated:
    """Types for every tool of the catalogue, with the declarations of their fields."""
    made = Generated()
    for tool in catalogue.tools:
        made.tool_types[tool.slug] = _tool_type(catalogue, tool, made)
        made.inputs[tool.slug] = _input_type(tool)
    return made


def tool_fields(tools: Iterable[Tool], owner: str, made: Generated, text: str) -> list[StrawberryField]:
    """One field for each tool, on the type named ``owner``; ``text`` describes it, with the tool's name put in."""
    fields = []
    for tool in tools:
        name = tool.graphql_name
        made.declared[owner, name] = Declared(tool=tool.slug)
        fields.append(
            lazy_field(
                TOOL + tool.slug.replace("-", "_"),
                name,
                f"{tool.type_name}Tool",
                text.format(tool.name),
                made.namespace,
            )
        )
    return fields


def answer_type(question: Question) -> str:
    """The GraphQL type of an answer; JSON where real pages send more than the declared kind."""
    if question.accepts and question.accepts != (Shape.TEXT,):
        return "JSON"
    return _SCALARS[question.type][0]


def _tool_type(catalogue: Catalogue, tool: Tool, made: Generated) -> type:
    name = f"{tool.type_name}Tool"
    fields = [_answer_field(tool, question, name, made) for question in tool.questions]
    if tool.needs:
        fields.append(
            _holder(
                f"{tool.type_name}Needs",
                "needs",
                "needs",
                _needs_fields(catalogue, tool, made),
                made,
                f"What {tool.name} builds on, under its own names.",
            )
        )
    for kind, tools, text in (
        ("sources", catalogue.prerequisites(tool), "{}, which comes before."),
        ("dependents", catalogue.dependents(tool), "{}, which builds on this."),
    ):
        if tools:
            owner = f"{tool.type_name}{kind.capitalize()}"
            fields.append(
                _holder(
                    owner,
                    kind,
                    kind,
                    tool_fields(tools, owner, made, text),
                    made,
                    f"Tools that come {'before' if kind == 'sources' else 'after'} {tool.name}.",
                )
            )

    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, ToolView) and source.tool.slug == tool.slug

    return new_type(name, tool.description, fields, made, bases=(ToolInterface,), is_type_of=classmethod(is_type_of))


def _holder(
    type_name: str,
    attribute: str,
    graphql_name: str,
    fields: list[StrawberryField],
    made: Generated,
    text: str,
) -> StrawberryField:
    new_type(type_name, text, fields, made)
    return lazy_field(attribute, graphql_name, type_name, text, made.namespace)


def _answer_field(tool: Tool, question: Question, owner: str, made: Generated) -> StrawberryField:
    kind = answer_type(question)
    made.declared[owner, question.graphql_name] = Declared(
        (Rows.OUTPUT,) if question.publishes else (Rows.SUBMISSION,),
        field_id=question.publishes,
        key=question.key,
        json_type=kind,
    )
    return StrawberryField(
        python_name=ANSWER + question.key,
        graphql_name=question.graphql_name,
        type_annotation=StrawberryAnnotation(_PYTHON[kind] | None),
        description=_describe(question),
    )


def _needs_fields(catalogue: Catalogue, tool: Tool, made: Generated) -> list[StrawberryField]:
    fields = []
    for need in catalogue.needs[tool.slug]:
        owner, name = f"{tool.type_name}Needs", camel_case(need.entry.target)
        kind = "JSON" if need.entry.value_path else answer_type(need.source.question)
        made.declared[owner, name] = Declared(
            (Rows.OUTPUT,), field_id=need.source.id, value_path=need.entry.value_path, json_type=kind
        )
        path = f" at `{need.entry.value_path}`" if need.entry.value_path else ""
        fields.append(
            StrawberryField(
                python_name=need.entry.target,
                graphql_name=name,
                type_annotation=StrawberryAnnotation(_PYTHON[kind] | None),
                description=f"{need.entry.label}. Field `{need.source.id}`{path} of {need.source.tool.name}.",
            )
        )
    return fields


def _input_type(tool: Tool) -> type:
    fields = [
        StrawberryField(
            python_name=ANSWER + question.key,
            graphql_name=question.graphql_name,
            type_annotation=StrawberryAnnotation(_PYTHON[answer_type(question)] | None),
            default=strawberry.UNSET,
            description=_describe(question),
        )
        for question in tool.questions
    ]
    cls = new_class(f"{tool.type_name}Input", fields, (), {})
    return strawberry.input(
        cls,
        name=f"{tool.type_name}Input",
        description=f"Answers to {tool.name}. Absent ones stay as they are; null clears.",
    )


def _describe(question: Question) -> str:
    required = " Required to submit." if question.required else ""
    published = f" Field `{question.publishes}`." if question.publishes else ""
    return f"{question.label}. {question.description}{required}{published}"
