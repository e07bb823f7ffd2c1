"""Sums over a participant's progress: what ``resolvers.tools.summary`` computes, of rows that came as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from graphql import FieldNode, get_named_type

from graphql_api.execution.compiled import standing
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person
from graphql_api.execution.compiled.leaves import NULL, written
from graphql_api.execution.compiled.template import Hole, Part, Template, an_object
from resolvers.tools import summary

SUMMARY = "ProgressSummary"
NEXT = "NextTool"

_LEAVES = {
    (SUMMARY, "totalTools"): "total_tools",
    (SUMMARY, "completedTools"): "completed_tools",
    (SUMMARY, "inProgressTools"): "in_progress_tools",
    (SUMMARY, "unlockedTools"): "unlocked_tools",
    (SUMMARY, "lockedTools"): "locked_tools",
    (SUMMARY, "completionPercentage"): "completion_percentage",
    (SUMMARY, "totalTimeSpentHours"): "total_time_spent_hours",
    (SUMMARY, "averageTimePerToolHours"): "average_time_per_tool_hours",
    (NEXT, "message"): "message",
}
_TOOLS = {(SUMMARY, "currentTool"): "current_tool", (NEXT, "tool"): "tool"}
"""Attributes of the computed objects by type and field: values, and tools of the catalogue."""

_READ = {
    "currentTool": ("lastAccessedAt",),
    "totalTimeSpentHours": ("startedAt", "completedAt"),
    "averageTimePerToolHours": ("startedAt", "completedAt"),
    "tool": ("lastAccessedAt",),
    "message": ("lastAccessedAt", "percentage"),
}
"""What a field reads of progress rows beside their status."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """What was computed of a person."""

    person: Person
    computed: Any


def progress_summary(made: Compilation, nodes: Sequence[FieldNode]) -> Hole:
    """Counts, times and the tool at hand."""
    template = Template(_object(made, SUMMARY, nodes))
    read = standing.progress(made, _read(made, SUMMARY, nodes))

    def write(person: Person) -> str:
        return template.fill_for(person, _Sums(person, summary.summarise(made.catalogue, read(person))))

    return write


def next_tool(made: Compilation, nodes: Sequence[FieldNode]) -> Hole:
    """What to work on next."""
    template = Template(_object(made, NEXT, nodes))
    read = standing.progress(made, _read(made, NEXT, nodes))

    def write(person: Person) -> str:
        return template.fill_for(person, _Sums(person, summary.next_tool(made.catalogue, read(person))))

    return write


def _read(made: Compilation, type_name: str, nodes: Sequence[FieldNode]) -> set[str]:
    fields = made.selection.fields(type_name, nodes).values()
    return {column for node, *_ in fields for column in _READ.get(node.name.value, ())}


def _object(made: Compilation, type_name: str, nodes: Sequence[FieldNode]) -> list[Part]:
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(type_name, nodes)
    for key, found in selected.items():
        name = found[0].name.value
        if name == TYPENAME:
            members.append((key, [f'"{type_name}"']))
        elif attribute := _LEAVES.get((type_name, name)):
            kind: Any = get_named_type(made.selection.definition(type_name, found[0]).type)
            members.append((key, [_leaf(attribute, kind)]))
        elif attribute := _TOOLS.get((type_name, name)):
            members.append((key, [_tool(made, type_name, attribute, found)]))
        else:
            raise Declined(f"{type_name}.{name} is not declared as data")
    return an_object(members, made.own(type_name, selected))


def _leaf(attribute: str, kind: Any) -> Hole:
    value = attrgetter(attribute)

    def write(sums: _Sums) -> str:
        return written(kind.serialize(value(sums.computed)))

    return write


def _tool(made: Compilation, type_name: str, attribute: str, nodes: Sequence[FieldNode]) -> Hole:
    tools = made.catalogue.tools
    texts = made.constants.each(tools, made.selection.definition(type_name, nodes[0]).type, nodes)
    by_slug = {tool.slug: text for tool, text in zip(tools, texts, strict=True)}
    value = attrgetter(attribute)

    def write(sums: _Sums) -> str:
        tool = value(sums.computed)
        if tool is None:
            return NULL
        sums.person.spent += by_slug[tool.slug].cost
        return by_slug[tool.slug].text

    return write
