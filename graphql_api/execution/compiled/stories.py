"""Published values with their story: where they come from, when they changed, whether they are stale."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import FieldNode

from db.catalogue import Field, Need, Tool
from graphql_api.declarations import Column, Kind
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Person
from graphql_api.execution.compiled.leaves import NULL, part_of, written
from graphql_api.execution.compiled.template import Hole, Part, Template, an_object
from resolvers.tools.staleness import moved_on

_BUILT_ON = Column("built_on", Kind.JSON)
_STORY = frozenset({"version", "updatedAt", "stale"})
"""Fields of ``FieldValue`` that are more than the value."""


def dependencies(made: Compilation, tool: Tool, nodes: Sequence[FieldNode], available: bool | None) -> Hole:
    """Every value that a tool builds on, with where it comes from."""
    needs = made.catalogue.needs[tool.slug]
    made.layout.with_story = True
    for need in needs:
        made.layout.value(need.source.id)
    items = [(need, Template(_dependency(made, tool, need, nodes))) for need in needs]
    moved = _moved_sources(made, tool)

    def write(person: Person) -> str:
        behind = moved(person)
        rows = []
        for need, template in items:
            row = _Value(person, need.source.id, need.entry.value_path, behind)
            if available is None or (row.raw != NULL) is available:
                rows.append(template.fill_for(person, row))
        return f"[{','.join(rows)}]"

    return write


def field_values(made: Compilation, tool: Tool, nodes: Sequence[FieldNode], ids: Sequence[str] | None) -> Hole:
    """A tool's published values with their story."""
    wanted = [q.publishes for q in tool.published if q.publishes and (ids is None or q.publishes in ids)]
    holes = [field_value(made, made.catalogue.fields[field_id], nodes) for field_id in wanted]

    def write(person: Person) -> str:
        return f"[{','.join([hole(person) for hole in holes])}]"

    return write


def field_value(made: Compilation, field: Field, nodes: Sequence[FieldNode]) -> Hole:
    """A published value with as much of its story as is selected."""
    selected = {node.name.value for node, *_ in made.selection.fields("FieldValue", nodes).values()}
    made.layout.value(field.id)
    if selected & _STORY:
        made.layout.with_story = True
    if "stale" in selected:
        for need in made.catalogue.needs[field.tool.slug]:
            made.layout.value(need.source.id)
    template = Template(_field_value(made, field, nodes))

    def write(person: Person) -> str:
        return template.fill_for(person, _Value(person, field.id))

    return write


def stale(made: Compilation, tool: Tool) -> Hole:
    """Whether a source of anything that the tool publishes has changed since."""
    made.layout.stories(tool)
    slug = tool.slug

    def write(person: Person) -> str:
        return "true" if any(moved_on(each, person.versions) for each in person.built_on.get(slug, ())) else "false"

    return write


@dataclass(slots=True)
class _Value:
    """A published value of one person, as one item of a list shows it."""

    person: Person
    field_id: str
    path: str | None = None
    behind: frozenset[str] = frozenset()
    """Sources of a dependent tool that have moved on."""

    @property
    def raw(self) -> str:
        stored = self.person.values.get(self.field_id, NULL)
        return part_of(stored, self.path) if self.path else stored


def _dependency(made: Compilation, tool: Tool, need: Need, nodes: Sequence[FieldNode]) -> list[Part]:
    known = {
        "fieldId": need.source.id,
        "targetField": need.entry.target,
        "label": need.entry.label,
        "required": need.entry.required,
    }
    holes: dict[str, Hole] = {
        "value": _raw,
        "available": _is_not_null,
        "sourceVersion": _version,
        "updatedAt": _updated_at,
        "stale": _is_behind,
    }
    return _item(made, "Dependency", nodes, known, holes, need.source.tool)


def _field_value(made: Compilation, field: Field, nodes: Sequence[FieldNode]) -> list[Part]:
    holes: dict[str, Hole] = {
        "value": _raw,
        "available": _is_there,
        "version": _version,
        "updatedAt": _updated_at,
        "stale": _has_fallen_behind,
    }
    return _item(made, "FieldValue", nodes, {"id": field.id, "label": field.question.label}, holes, field.tool)


def _item(
    made: Compilation,
    type_name: str,
    nodes: Sequence[FieldNode],
    known: Mapping[str, Any],
    holes: Mapping[str, Hole],
    source_tool: Tool,
) -> list[Part]:
    members: list[tuple[str, list[Part]]] = []
    selected = made.selection.fields(type_name, nodes)
    for key, found in selected.items():
        name = found[0].name.value
        if name == TYPENAME:
            members.append((key, [f'"{type_name}"']))
        elif name in known:
            members.append((key, [written(known[name])]))
        elif name in holes:
            members.append((key, [holes[name]]))
        elif name == "sourceTool":
            kind = made.selection.definition(type_name, found[0]).type
            members.append((key, [made.constants.json(source_tool, kind, found)]))
        else:
            raise Declined(f"{type_name}.{name} is not declared as data")
    return an_object(members, made.own(type_name, selected))


def _raw(row: _Value) -> str:
    return row.raw


def _is_not_null(row: _Value) -> str:
    return "true" if row.raw != NULL else "false"


def _is_there(row: _Value) -> str:
    return "true" if row.field_id in row.person.values else "false"


def _version(row: _Value) -> str:
    story = row.person.stories.get(row.field_id)
    return story.version if story else NULL


def _updated_at(row: _Value) -> str:
    story = row.person.stories.get(row.field_id)
    return story.updated_at if story else NULL


def _is_behind(row: _Value) -> str:
    return "true" if row.field_id in row.behind else "false"


def _has_fallen_behind(row: _Value) -> str:
    story = row.person.stories.get(row.field_id)
    return "true" if story and moved_on(orjson.loads(story.built_on), _versions(row.person)) else "false"


def _moved_sources(made: Compilation, tool: Tool) -> Callable[[Person], frozenset[str]]:
    """Source fields that have changed since any value of the tool was built on them."""
    own = [question.publishes for question in tool.published if question.publishes]
    if not own:
        at, slug = made.layout.submission(tool, _BUILT_ON), tool.slug

        def of_submission(person: Person) -> frozenset[str]:
            parts = person.submissions.get(slug)
            return moved_on(orjson.loads(parts[at]), _versions(person)) if parts else frozenset()

        return of_submission
    for field_id in own:
        made.layout.value(field_id)

    def of_values(person: Person) -> frozenset[str]:
        versions = _versions(person)
        stories = [person.stories[field_id] for field_id in own if field_id in person.stories]
        return frozenset().union(*(moved_on(orjson.loads(story.built_on), versions) for story in stories))

    return of_values


def _versions(person: Person) -> dict[str, int]:
    return {field_id: int(story.version) for field_id, story in person.stories.items()}
