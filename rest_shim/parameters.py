"""Reads an operation's variables out of a request: from path, query, headers and body, by their GraphQL types."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    Undefined,
    get_nullable_type,
    is_non_null_type,
    is_required_input_field,
)

from graphql_api.exchange import Headers
from resolvers.refusals import Problem
from rest_shim.routes import Route

MAX_PROBLEMS = 100
"""Problems told of one request."""


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
    header: Headers
    body: Mapping[str, Any]
    raw: Mapping[str, str]
    """The body as text, byte for byte, under ``body``; where a route takes it so, nothing of it is decoded."""

    def value(self, source: str, name: str) -> Any:
        """The raw value, ``Undefined`` where the request does not give it."""
        return getattr(self, source).get(name, Undefined)


def variables_of(route: Route, given: Given) -> dict[str, Any]:
    """The operation's variables; raises ``InvalidParameters`` with a problem for each that does not fit its type."""
    variables: dict[str, Any] = {}
    reader = _Reader()
    for name, (source, key) in route.sources.items():
        declared = route.operation.variables[name]
        raw = given.value(source, key)
        if raw is Undefined:
            if declared.default is Undefined and is_non_null_type(declared.type):
                reader.refuse(key, f"{key} is required ({_described(declared.type)}).")
        elif raw is not None or declared.default is Undefined:
            text = source != "body"
            variables[name] = reader.value(_from_text(raw, declared.type) if text else raw, declared.type, key)
    if reader.problems:
        raise InvalidParameters(reader.problems)
    return variables


class _Reader:
    """Turns REST values into what GraphQL takes for them, and collects a problem for each that does not fit.

    Stricter than GraphQL's own coercion, which takes one value for a list of one, and speaks of types that a REST
    client has never heard of.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, path: str, message: str) -> None:
        """Note a problem, unless so many are known already that one more helps nobody."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(path, message))

    def value(self, raw: Any, kind: Any, path: str) -> Any:
        """The value of type ``kind`` that ``raw`` stands for."""
        if isinstance(kind, GraphQLNonNull):
            return self.refuse(path, "It must not be null.") if raw is None else self.value(raw, kind.of_type, path)
        if raw is None:
            return None
        if isinstance(kind, GraphQLList):
            return self._list(raw, kind, path)
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(raw, kind, path)
        if isinstance(kind, GraphQLEnumType):
            return self._enum(raw, kind, path)
        return self._scalar(raw, kind, path)

    def _list(self, raw: Any, kind: GraphQLList[Any], path: str) -> Any:
        if not isinstance(raw, list):
            return self.refuse(path, f"It must be a list, not {raw!r:.80}.")
        return [self.value(item, kind.of_type, f"{path}.{number}") for number, item in enumerate(raw)]

    def _object(self, raw: Any, kind: GraphQLInputObjectType, path: str) -> Any:
        if not isinstance(raw, dict):
            return self.refuse(path, f"It must be an object, not {raw!r:.80}.")
        known = {snake_case(name): (name, field) for name, field in kind.fields.items()}
        for key in raw.keys() - known.keys():
            self.refuse(f"{path}.{key}", f"{key!r:.80} is not known here; known are {', '.join(known)}.")
        for key, (_, field) in known.items():
            if key not in raw and is_required_input_field(field):
                self.refuse(f"{path}.{key}", f"{key} is required ({_described(field.type)}).")
        return {
            known[key][0]: self.value(value, known[key][1].type, f"{path}.{key}")
            for key, value in raw.items()
            if key in known
        }

    def _enum(self, raw: Any, kind: GraphQLEnumType, path: str) -> Any:
        names = {name.lower(): name for name in kind.values}
        if isinstance(raw, str) and raw in names:
            return names[raw]
        return self.refuse(path, f"{raw!r:.80} is not one of: {', '.join(names)}.")

    def _scalar(self, raw: Any, kind: GraphQLScalarType, path: str) -> Any:
        if isinstance(raw, str) and kind.name in ("String", "ID"):
            return raw
        try:
            kind.coerce_input_value(raw)
        except GraphQLError as error:
            ours = kind.name not in _BUILT_IN
            self.refuse(path, error.message if ours else f"It must be {_described(kind)}, not {raw!r:.80}.")
        return raw


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _from_text(raw: str, kind: Any) -> Any:
    """A value that came as text: whole numbers as what they stand for, a date as its first moment."""
    named = get_nullable_type(kind)
    if isinstance(named, GraphQLScalarType) and named.name == "Int":
        text = raw.strip().removeprefix("W/").strip('"')  # If-Match carries the version as an entity tag
        return int(text) if re.fullmatch(r"-?[0-9]{1,10}", text) else raw
    if isinstance(named, GraphQLScalarType) and named.name == "DateTime" and _DATE.fullmatch(raw):
        return f"{raw}T00:00:00Z"
    return raw


_BUILT_IN = {"String": "text", "Int": "a whole number of 32 bits", "ID": "an id"}
_WORDS = _BUILT_IN | {"JSON": "an object", "FieldId": "a field id", "UUID": "a UUID", "UnixTime": "seconds since 1970"}


def _described(kind: Any) -> str:
    named = get_nullable_type(kind)
    return "a list" if isinstance(named, GraphQLList) else _WORDS.get(named.name, named.name)


def snake_case(name: str) -> str:
    """``questionId`` → ``question_id``."""
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)
