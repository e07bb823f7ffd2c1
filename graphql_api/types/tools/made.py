"""Words for making Strawberry types and fields at start-up, where no class statement could name them."""

import types as python_types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from graphql_api.declarations import SHARED, Declared
from resolvers.tools.participant import ANSWER


@dataclass(slots=True)
class Generated:
    """Everything made from one catalogue. ``namespace`` is where lazy annotations find the classes by name."""

    namespace: dict[str, Any] = field(default_factory=dict)
    tool_types: dict[str, type] = field(default_factory=dict)
    inputs: dict[str, type] = field(default_factory=dict)
    declared: dict[tuple[str, str], Declared] = field(default_factory=lambda: dict(SHARED))


def new_type(
    name: str,
    description: str,
    fields: list[StrawberryField],
    made: Generated,
    bases: tuple[type, ...] = (),
    **namespace: Any,
) -> type:
    """A Strawberry object type made of fields."""
    cls = new_class(name, fields, bases, namespace)
    made.namespace[name] = strawberry.type(cls, name=name, description=description)
    return cls


def resolved(
    name: str,
    type_name: str,
    text: str,
    resolver: Callable[..., Any],
    made: Generated,
    python_name: str | None = None,
) -> StrawberryField:
    """A field with a resolver, whose type is named in ``made``: ``Participant | None``."""
    return StrawberryField(
        python_name=python_name or name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(type_name, namespace=made.namespace),
        base_resolver=StrawberryResolver(resolver),
        description=text,
    )


def input_answers(given: object) -> dict[str, Any]:
    """The answers of a typed input by question key; absent ones are left out, null ones clear."""
    return {name.removeprefix(ANSWER): value for name, value in vars(given).items() if value is not strawberry.UNSET}


def lazy_field(attribute: str, name: str, type_name: str, text: str, namespace: dict[str, Any]) -> StrawberryField:
    """A field read from ``attribute``, whose type is found by name once all types are made."""
    # The namespace is filled while types are made; Strawberry looks the name up when the schema is built.
    annotation = StrawberryAnnotation(type_name, namespace=namespace)
    return StrawberryField(python_name=attribute, graphql_name=name, type_annotation=annotation, description=text)


def new_class(name: str, fields: list[StrawberryField], bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
    """A class whose annotations are the fields' own."""
    body = {field.python_name: field for field in fields} | namespace
    body["__annotations__"] = {field.python_name: field.type_annotation for field in fields}
    for each in fields:
        # Strawberry keeps an annotation's namespace only when it comes from the class, not when the field has it too.
        each.type_annotation = None
    return python_types.new_class(name, bases, {}, lambda scope: scope.update(body))
