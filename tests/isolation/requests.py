"""Requests of one viewer: every question and every REST path, each variable filled with each of its targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLSchema,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    parse,
    visit,
)

from rest_shim.routes import Route
from tests.isolation.asking import Request
from tests.isolation.cast import TENANTS, Part
from tests.isolation.pieces import Slot
from tests.isolation.questions import Question
from tests.isolation.targets import HIDDEN, NOBODY, OWN, SEEN, Target, Targets

FEW = 4
"""Requests of one question about the viewer's own."""


@dataclass(frozen=True, slots=True)
class Try:
    """A request, and what it tries: one variable with one target. ``group``: those that must be answered alike."""

    request: Request
    group: str
    target: Target | None

    @property
    def whose(self) -> str:
        """Whose row it asks for."""
        return self.target.whose if self.target else OWN


def of_question(question: Question, targets: Targets, viewer: Part) -> Iterator[Try]:
    """A GraphQL request for each target of each variable, the others as they are by default."""
    for slot, values, target in _assignments(question.slots, targets, viewer, question.narrowed):
        body: dict[str, Any] = {"query": question.text, "variables": values}
        yield Try(Request("POST", "/graphql", json=body), _group(question.text, slot, target), target)


def has_turn(viewer: Part, number: int) -> bool:
    """Whether the viewer's tenant is the one whose people meet their rows in the ``number``-th question."""
    return viewer.tenant in (None, TENANTS[number % len(TENANTS)])


def asks(viewer: Part, number: int) -> bool:
    """Whether the viewer asks the ``number``-th question: of the other tenants' people only one does."""
    return has_turn(viewer, number) or viewer.name.endswith("-ann")


def widened(found: Iterator[Try]) -> Iterator[Try]:
    """Every row that is somebody else's or nobody's, and a few of the viewer's own."""
    own = 0
    for each in found:
        own += each.whose == OWN
        if each.whose != OWN or own <= FEW:
            yield each


def thinned(found: Iterator[Try], viewer: Part, number: int) -> Iterator[Try]:
    """Of the tries of the ``number``-th question one hidden row and one visible row, each time another one."""
    tries = list(found)
    hidden = [each for each in tries if each.whose == HIDDEN]
    if hidden:
        chosen = hidden[number % len(hidden)]
        yield chosen
        yield from (each for each in tries if each.whose == NOBODY and each.group == chosen.group)
    if has_turn(viewer, number):
        yield from [each for each in tries if each.whose == OWN][:1]
        if seen := [each for each in tries if each.whose == SEEN]:
            yield seen[number % len(seen)]


def of_route(route: Route, targets: Targets, viewer: Part) -> Iterator[Try]:
    """A REST request for each target of each parameter."""
    for slot, values, target in _assignments(_slots(route, targets.schema), targets, viewer, None):
        yield Try(_rest(route, values), _group(f"{route.entry.method} {route.entry.path}", slot, target), target)


def default_values(route: Route, targets: Targets, viewer: Part) -> dict[str, Any]:
    """The variables of the route's operation, about the viewer's own."""
    slots = [slot for slot in _slots(route, targets.schema) if slot.name in route.operation.variables]
    return {slot.name: targets.of(viewer, slot)[0].value for slot in slots}


def _slots(route: Route, schema: GraphQLSchema) -> list[Slot]:
    meanings = _meanings(route, schema)
    slots = []
    for name, variable in route.operation.variables.items():
        meaning, returns = meanings.get(name, (f"Route.{name}", ""))
        slots.append(Slot(name, str(variable.type), meaning, returns))
    if route.caller:
        slots.append(Slot("caller", "ID", "Route.caller.userId", "Participant"))
    return slots


def changes(route: Route) -> bool:
    """Whether the route's operation is a mutation."""
    definition = parse(route.operation.text).definitions[0]
    return getattr(definition, "operation", None) is OperationType.MUTATION


def _rest(route: Route, values: dict[str, Any]) -> Request:
    path, query, headers, body = route.entry.path, {}, {}, {}
    sources = dict(route.sources) | ({"caller": route.caller} if route.caller else {})
    for variable, (source, name) in sources.items():
        value = values[variable]
        if value is None:
            continue
        match source:
            case "path":
                path = path.replace(f"{{{name}}}", str(value))
            case "query":
                query[name] = ",".join(map(str, value)) if isinstance(value, list) else str(value)
            case "header":
                headers[name] = str(value)
            case "body":
                body[name] = value
    return Request(route.entry.method, path, body if route.reads_body else None, query or None, headers or None)


def _assignments(
    slots: Sequence[Slot], targets: Targets, viewer: Part, narrowed: str | None
) -> Iterator[tuple[Slot | None, dict[str, Any], Target | None]]:
    found = {slot.name: targets.of(viewer, slot, narrowed) for slot in slots}
    base = {name: choices[0].value for name, choices in found.items()}
    if not any(len(choices) > 1 for choices in found.values()):
        yield None, base, None
    for slot in slots:
        if len(found[slot.name]) > 1:
            for target in found[slot.name]:
                yield slot, base | {slot.name: target.value}, target


def _group(text: str, slot: Slot | None, target: Target | None) -> str:
    if slot is None or target is None or target.whose not in (HIDDEN, NOBODY):
        return ""
    return f"{text}\n{slot.name}\n{target.form}"


def _meanings(route: Route, schema: GraphQLSchema) -> dict[str, tuple[str, str]]:
    """For each variable of the route's operation the argument that it is given to, and what that field gives."""
    found: dict[str, tuple[str, str]] = {}
    info = TypeInfo(schema)

    class _Look(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent, definition = info.get_parent_type(), info.get_field_def()
            for argument in node.arguments or ():
                for variable in _variables(argument.value):
                    if parent is not None and definition is not None:
                        meaning = f"{parent.name}.{node.name.value}.{argument.name.value}"
                        found[variable] = meaning, get_named_type(definition.type).name

    visit(parse(route.operation.text), TypeInfoVisitor(info, _Look()))
    return found


def _variables(value: Any) -> Iterator[str]:
    class _Look(Visitor):
        def enter_variable(self, node: VariableNode, *_: object) -> None:
            names.append(node.name.value)

    names: list[str] = []
    visit(value, _Look())
    yield from names
