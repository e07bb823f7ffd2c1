"""Small words for declaring fields: what they say, and which Python class stands behind a type."""

from collections.abc import Callable
from typing import Any

import strawberry


def described(text: str, name: str | None = None) -> Any:
    """A field read from the attribute of the same name on the source."""
    return strawberry.field(description=text, name=name)


def computed(text: str, value: Callable[..., Any], name: str | None = None) -> Any:
    """A field whose value is ``value(source)``: for an attribute that goes by another name."""

    def resolve(root: Any) -> Any:
        return value(root)

    return strawberry.field(resolver=resolve, description=text, name=name)


def stands_for(*classes: type) -> Any:
    """``is_type_of`` for a type whose sources are instances of these classes."""

    def is_type_of(_: Any, source: Any, __: Any = None) -> bool:
        return isinstance(source, classes)

    return classmethod(is_type_of)
