"""The route table, read from ``routes.toml`` and checked against the stored operations."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from graphql_api.graph import Graph
from rest_shim.operations import Operation, load_operations, operation_texts

_FILE = Path(__file__).parent / "routes.toml"
SOURCES = ("path", "query", "header", "body", "raw")


class RouteEntry(BaseModel):
    """One entry of ``routes.toml``; the file's head says what each key means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    path: str
    operation: str
    summary: str
    data: str = ""
    status: int = 200
    redirect: str | None = None
    told: str | None = None
    message: str | None = None
    not_found: str | None = None
    created: str | None = None
    caller: str | None = None
    public: bool = False
    file: bool = False
    bytes: str | None = None
    accepted: dict[str, str] = {}
    limits: dict[str, dict[str, Any]] = {}
    variables: dict[str, str] = {}


class Route:
    """A route with its operation. ``sources`` tells for each variable where it comes from and by what name."""

    def __init__(self, entry: RouteEntry, operation: Operation) -> None:
        self.entry = entry
        self.operation = operation
        self.sources = {variable: _source(source) for variable, source in entry.variables.items()}
        self.argument_names = {
            argument: self.sources[variable][1] for argument, variable in operation.arguments.items()
        }
        self.caller = _source(entry.caller) if entry.caller else None
        root = operation.shape.fields[0]
        self.data_path = tuple(entry.data.split(".")) if entry.data else (root.key,)
        self.shape = operation.shape.at(self.data_path)
        self.reads_raw_body = any(source == "raw" for source, _ in self.sources.values())
        self.reads_body = any(source == "body" for source, _ in (*self.sources.values(), self.caller or ("", "")))


class RouteError(Exception):
    """The route table does not fit the stored operations; the message names the route and what is wrong."""


@lru_cache(maxsize=2)
def load_routes(graph: Graph) -> tuple[Route, ...]:
    """Every route, in the file's order. Raises ``RouteError``."""
    operations = load_operations(graph.schema)
    entries = _entries()
    routes = []
    for entry in entries:
        if problem := _problem(entry, operations):
            raise RouteError(f"{entry.method} {entry.path}: {problem}")
        try:
            routes.append(Route(entry, operations[entry.operation]))
        except LookupError as error:
            raise RouteError(f"{entry.method} {entry.path}: data {entry.data!r}: {error.args[0]}") from error
    if unused := operations.keys() - {entry.operation for entry in entries}:
        raise RouteError(f"operations without a route: {', '.join(sorted(unused))}")
    for operation in operations.values():
        errors = graph.errors(operation.text)
        if errors:
            raise RouteError(f"{operation.name}: {errors[0].message}")
    return tuple(routes)


def routed_texts() -> Iterator[tuple[str, str]]:
    """The text of every stored operation, under the routes that it answers."""
    routes: dict[str, list[str]] = {}
    for entry in _entries():
        routes.setdefault(entry.operation, []).append(f"{entry.method} {entry.path}")
    for name, text in operation_texts().items():
        yield f"{', '.join(routes.get(name, []))} ({name})", text


def route_table(graph: Graph) -> Iterator[str]:
    """The routes for people: method, path and operation, one a line."""
    for route in load_routes(graph):
        entry = route.entry
        yield f"{entry.method:<5} {entry.path:<44} {entry.operation}"


def _entries() -> list[RouteEntry]:
    return [RouteEntry(**entry) for entry in tomllib.loads(_FILE.read_text("utf-8"))["routes"]]


def _source(text: str) -> tuple[str, str]:
    source, _, name = text.partition(":")
    return source, name


def _problem(entry: RouteEntry, operations: dict[str, Operation]) -> str | None:
    operation = operations.get(entry.operation)
    if operation is None:
        return f"no operation {entry.operation} is stored"
    if entry.variables.keys() != operation.variables.keys():
        return f"its variables must be {sorted(operation.variables)}"
    for variable, source in entry.variables.items():
        if _source(source)[0] not in SOURCES:
            return f"{variable} comes from {source!r}; use {', '.join(SOURCES)}"
    in_path = set(re.findall(r"{(\w+)}", entry.path))
    if in_path != {name for source, name in map(_source, entry.variables.values()) if source == "path"}:
        return "the names in its path and its path: variables differ"
    return None
