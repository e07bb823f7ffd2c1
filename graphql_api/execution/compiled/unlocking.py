"""Why a tool is locked and which tools wait for it: the rules of ``resolvers.tools.unlocking`` on rows that came as
text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, get_named_type

from db.catalogue import Need, Tool
from db.models.tools import ProgressStatus
from graphql_api.execution.compiled import standing
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person
from graphql_api.execution.compiled.leaves import NULL, part_of
from graphql_api.execution.compiled.template import Hole, Part, Template, Written, an_object
from resolvers.tools.unlocking import Statuses, incomplete, status_of, waiting_for

MISSING = "MissingPrerequisite"

Nodes = Sequence[FieldNode]


@dataclass(frozen=True, slots=True)
class _Row:
    """A person, as one missing prerequisite shows them."""

    person: Person
    statuses: Statuses


def why_locked(made: Compilation, tool: Tool, nodes: Nodes) -> Hole:
    """What is missing before the tool opens."""
    catalogue = made.catalogue
    blocking = catalogue.blocking(tool)
    read = standing.statuses(made, [tool, *blocking, *_behind(made, blocking)])
    templates = {source.slug: Template(_missing(made, tool, source, nodes)) for source in blocking}

    def write(person: Person) -> str:
        statuses = read(person)
        if status_of(catalogue, statuses, tool) is not ProgressStatus.LOCKED:
            return "[]"
        row = _Row(person, statuses)
        missing = [templates[each.slug] for each in incomplete(catalogue, statuses, tool)]
        return f"[{','.join([template.fill_for(person, row) for template in missing])}]"

    return write


def unlocks(made: Compilation, tool: Tool, nodes: Nodes) -> Hole:
    """The locked tools that wait for this one."""
    dependents = made.catalogue.dependents(tool)
    read = standing.statuses(made, [tool, *dependents, *_behind(made, dependents)])
    item: Any = get_named_type(made.selection.definition("Tool", nodes[0]).type)
    texts = made.constants.each(dependents, item, nodes)
    by_slug = {each.slug: text for each, text in zip(dependents, texts, strict=True)}

    def write(person: Person) -> str:
        return _listed(person, [by_slug[each.slug] for each in waiting_for(made.catalogue, read(person), tool)])

    return write


def _behind(made: Compilation, tools: Iterable[Tool]) -> list[Tool]:
    """What decides the status of those of ``tools`` that have no row."""
    return [source for tool in tools for source in made.catalogue.blocking(tool)]


def _missing(made: Compilation, tool: Tool, source: Tool, nodes: Nodes) -> list[Part]:
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(MISSING, nodes)
    for key, found in selected.items():
        match found[0].name.value:
            case "tool":
                kind = made.selection.definition(MISSING, found[0]).type
                members.append((key, [made.constants.json(source, kind, found)]))
            case "status":
                members.append((key, [_status(made, source)]))
            case "fields":
                members.append((key, [_fields(made, tool, source, found)]))
            case name if name == TYPENAME:
                members.append((key, [f'"{MISSING}"']))
            case name:
                raise Declined(f"{MISSING}.{name} is not declared as data")
    return an_object(members, made.own(MISSING, selected))


def _status(made: Compilation, source: Tool) -> Hole:
    def write(row: _Row) -> str:
        return f'"{status_of(made.catalogue, row.statuses, source).name}"'

    return write


def _fields(made: Compilation, tool: Tool, source: Tool, nodes: Nodes) -> Hole:
    needs = [need for need in made.catalogue.needs[tool.slug] if need.source.tool is source and need.entry.required]
    for need in needs:
        made.layout.value(need.source.id)
    item: Any = get_named_type(made.selection.definition(MISSING, nodes[0]).type)
    texts = made.constants.each([need.source for need in needs], item, nodes)
    items = list(zip(needs, texts, strict=True))

    def write(row: _Row) -> str:
        return _listed(row.person, [text for need, text in items if not _available(row.person, need)])

    return write


def _listed(person: Person, items: Sequence[Written]) -> str:
    person.spent += sum([each.cost for each in items])
    return f"[{','.join([each.text for each in items])}]"


def _available(person: Person, need: Need) -> bool:
    raw, path = person.values.get(need.source.id, NULL), need.entry.value_path
    return (part_of(raw, path) if path else raw) != NULL
