"""Small words for declaring fields: what they say, and which Python class stands behind a type."""

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import strawberry

AnyEnum = TypeVar("AnyEnum", bound=Enum)


def described(text: str, name: str | None = None) -> Any:
    """A field read from the attribute of the same name on the source."""
    return strawberry.field(description=text, name=name)


def computed(text: str, value: Callable[..., Any], name: str | None = None) -> Any:
    """A field whose value is ``value(source)``: for an attribute that goes by another name."""

    def resolve(root: Any) -> Any:
        return value(root)

    return strawberry.field(resolver=resolve, description=text, name=name)


def enumerated(name: str, text: str, **values: str) -> Callable[[type[AnyEnum]], type[AnyEnum]]:
    """A GraphQL enum made of a Python one; ``values`` says what each member means, by its name."""

    def made(cls: type[AnyEnum]) -> type[AnyEnum]:
        strawberry.enum(cls, name=name, description=text)
        definition: Any = vars(cls)["__strawberry_definition__"]
        for value in definition.values:
            value.description = values.pop(value.name)
        assert not values, f"{name} has no {', '.join(values)}"
        return cls

    return made


def stands_for(*classes: type) -> Any:
    """``is_type_of`` for a type whose sources are instances of these classes."""

    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, classes)

    return classmethod(is_type_of)
