"""One tool of one person: everything below a tool type."""

from collections.abc import Callable, Sequence

from graphql import FieldNode

from db.catalogue import Tool
from graphql_api import global_id
from graphql_api.execution.compiled import columns, stories, unlocking, values
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person
from graphql_api.execution.compiled.leaves import written
from graphql_api.execution.compiled.template import Hole, Part, an_object

_HOLDERS = {"sources": "Sources", "dependents": "Dependents"}

Nodes = Sequence[FieldNode]


def tool(made: Compilation, tool: Tool, nodes: Nodes) -> list[Part]:
    """A tool object."""
    type_name = f"{tool.type_name}Tool"
    members = []
    selected = made.selection.fields(type_name, nodes)
    for key, found in selected.items():
        members.append((key, _field(made, tool, type_name, found)))
    return an_object(members, made.own(type_name, selected))


def tools_by_name(made: Compilation, owner: str, nodes: Nodes) -> list[Part]:
    """An object of which every field steps to one tool: sources and dependents."""
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(owner, nodes)
    for key, found in selected.items():
        name = found[0].name.value
        if name == TYPENAME:
            members.append((key, [f'"{owner}"']))
        else:
            members.append((key, tool(made, stepped_to(made, owner, name), found)))
    return an_object(members, made.own(owner, selected))


def stepped_to(made: Compilation, owner: str, name: str) -> Tool:
    """The tool that a field steps to; raises ``Declined`` where it steps to none."""
    declared = made.declared.get((owner, name))
    if declared is None or declared.tool is None or not declared.permission:
        raise Declined(f"{owner}.{name} is not declared as data")
    return made.catalogue.by_slug[declared.tool]


def _field(made: Compilation, tool: Tool, type_name: str, nodes: Nodes) -> list[Part]:
    name = nodes[0].name.value
    if name == TYPENAME:
        return [f'"{type_name}"']
    if name in ("slug", "name"):
        return [written(getattr(tool, name))]
    if name == "id":
        return [_id(type_name)]
    if name in _HOLDERS:
        return tools_by_name(made, f"{tool.type_name}{_HOLDERS[name]}", nodes)
    if name == "needs":
        return _needs(made, tool, nodes)
    if name == "progress":
        return columns.progress(made, tool, nodes)
    kind = made.selection.definition(type_name, nodes[0]).type
    if name == "definition":
        return [made.constants.json(tool, kind, nodes)]
    declared = made.declared.get((type_name, name))
    if declared and declared.permission and declared.json_type:
        return [values.published(made, declared) if declared.field_id else values.unpublished(made, tool, declared)]
    if name in _WRITERS:
        return [_WRITERS[name](made, tool, nodes)]
    raise Declined(f"{type_name}.{name} is not declared as data")


def _needs(made: Compilation, tool: Tool, nodes: Nodes) -> list[Part]:
    owner = f"{tool.type_name}Needs"
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(owner, nodes)
    for key, found in selected.items():
        name = found[0].name.value
        if name == TYPENAME:
            members.append((key, [f'"{owner}"']))
            continue
        declared = made.declared.get((owner, name))
        if declared is None or not declared.permission:
            raise Declined(f"{owner}.{name} is not declared as data")
        members.append((key, [values.published(made, declared)]))
    return an_object(members, made.own(owner, selected))


def _id(type_name: str) -> Hole:
    def write(person: Person) -> str:
        return f'"{global_id.encode(type_name, person.id)}"'

    return write


def _dependencies(made: Compilation, tool: Tool, nodes: Nodes) -> Hole:
    available = made.selection.arguments(f"{tool.type_name}Tool", nodes[0]).get("available")
    return stories.dependencies(made, tool, nodes, available)


def _field_values(made: Compilation, tool: Tool, nodes: Nodes) -> Hole:
    ids = made.selection.arguments(f"{tool.type_name}Tool", nodes[0]).get("ids")
    return stories.field_values(made, tool, nodes, ids)


def _answers(made: Compilation, tool: Tool, _: Nodes) -> Hole:
    return values.answers(made, tool)


def _stale(made: Compilation, tool: Tool, _: Nodes) -> Hole:
    return stories.stale(made, tool)


_WRITERS: dict[str, Callable[[Compilation, Tool, Nodes], Hole]] = {
    "submission": columns.submission,
    "answers": _answers,
    "responses": values.responses,
    "dependencies": _dependencies,
    "fieldValues": _field_values,
    "stale": _stale,
    "whyLocked": unlocking.why_locked,
    "unlocks": unlocking.unlocks,
}
