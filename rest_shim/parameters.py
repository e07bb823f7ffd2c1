"""Reads an operation's variables out of a request: from path, query, headers and body, by their GraphQL types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLScalarType,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)
from graphql.utilities import validate_input_value

from db.catalogue import camel_case
from resolvers.refusals import Problem
from rest_shim.routes import Route


class InvalidParameters(Exception):
    """The request does not give what the operation needs; one problem for each value."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("The request is not valid; see details.")


@dataclass(frozen=True, slots=True)
class Given:
    """The parts of a request that variables can come from."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    header: Mapping[str, str]
    body: Mapping[str, Any]

    def value(self, source: str, name: str) -> Any:
        """The raw value, ``Undefined`` where the request does not give it."""
        return getattr(self, source).get(name, Undefined)


def variables_of(route: Route, given: Given) -> dict[str, Any]:
    """The operation's variables; raises ``InvalidParameters`` with a problem for each that does not fit its type."""
    variables: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, (source, key) in route.sources.items():
        declared = route.operation.variables[name]
        raw = given.value(source, key)
        if raw is Undefined or (raw is None and not is_non_null_type(declared.type)):
            if declared.default is Undefined and is_non_null_type(declared.type):
                problems.append(Problem(key, f"{key} is required ({_described(declared.type)})."))
            elif raw is None and declared.default is Undefined:
                variables[name] = None
            continue
        value = _from_text(raw, declared.type) if source != "body" else _from_json(raw, declared.type)
        found = _problems(value, declared.type, key)
        problems += found
        variables[name] = value
    if problems:
        raise InvalidParameters(problems)
    return variables


def _problems(value: Any, kind: Any, key: str) -> list[Problem]:
    problems: list[Problem] = []

    def on_error(error: Any, path: list[str | int]) -> None:
        steps = ".".join([key, *(snake_case(step) if isinstance(step, str) else str(step) for step in path)])
        problems.append(Problem(steps, _plain(error, kind)))

    validate_input_value(value, kind, on_error, hide_suggestions=True)
    return problems


def _plain(error: Any, kind: Any) -> str:
    """A coercion error in REST words: enum values in lower case, no GraphQL type names in quotes."""
    message = str(getattr(error, "message", error))
    found = re.search(r"Value '(.*)' does not exist in '\w+' enum", message)
    named = get_named_type(kind)
    if found and isinstance(named, GraphQLEnumType):
        return f"'{found[1].lower()}' is not one of: {', '.join(name.lower() for name in named.values)}."
    return message


def _from_text(raw: str, kind: Any) -> Any:
    """A value that came as text: whole numbers and enums as what they stand for."""
    named = get_nullable_type(kind)
    if isinstance(named, GraphQLEnumType):
        return raw.upper()
    if isinstance(named, GraphQLScalarType) and named.name == "Int":
        text = raw.strip().removeprefix("W/").strip('"')  # If-Match carries the version as an entity tag
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else raw
    return raw


def _from_json(raw: Any, kind: Any) -> Any:
    """A value that came as JSON: enums in upper case, members of input objects by their GraphQL names."""
    named = get_nullable_type(kind)
    if is_list_type(named) and isinstance(raw, list):
        return [_from_json(item, named.of_type) for item in raw]
    if isinstance(named, GraphQLEnumType) and isinstance(raw, str):
        return raw.upper()
    if isinstance(named, GraphQLInputObjectType) and isinstance(raw, dict):
        known = named.fields
        return {
            (camel_case(key) if camel_case(key) in known else key): (
                _from_json(value, known[camel_case(key)].type) if camel_case(key) in known else value
            )
            for key, value in raw.items()
        }
    return raw


def _described(kind: Any) -> str:
    named = get_nullable_type(kind)
    if is_list_type(named):
        return "a list"
    words = {"String": "text", "Int": "a whole number", "JSON": "an object", "FieldId": "a field id"}
    return words.get(named.name, str(named.name))


def snake_case(name: str) -> str:
    """``questionId`` → ``question_id``."""
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)
