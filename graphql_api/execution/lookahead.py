"""Reads a selection before it is executed and names every row that it will need of one participant."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.values import get_argument_values, get_directive_values

from db.catalogue import Catalogue, Tool
from graphql_api.declarations import OTHER_SCOPES, Declarations, Rows
from resolvers.tools.work import Requirement


class LookAhead:
    """Collects the rows below one field. ``info`` is that field's; its type leads to the participant."""

    def __init__(self, info: GraphQLResolveInfo[Any], catalogue: Catalogue, declared: Declarations) -> None:
        self._info = info
        self._catalogue = catalogue
        self._declared = declared
        self._fragments = info.fragments
        self._seen: set[tuple[str, str, str | None]] = set()
        self.required = Requirement()

    def collect(self, tool: Tool | None = None) -> Requirement:
        """Everything that the field's selection needs; ``tool`` is the tool in scope where the field gives one."""
        type_name = get_named_type(self._info.return_type).name
        for node in self._info.field_nodes:
            if node.selection_set:
                self._selection(node.selection_set, type_name, tool)
        return self.required

    def selects(self, *path: str) -> bool:
        """Whether the field selects the last name of ``path`` below the others, directly or through fragments."""
        type_name = get_named_type(self._info.return_type).name
        found: list[FieldNode] = list(self._info.field_nodes)
        for name in path:
            below = [
                child
                for node in found
                if node.selection_set
                for _, child in self._fields(node.selection_set, type_name, None)
                if child.name.value == name
            ]
            if not below:
                return False
            parent: Any = self._info.schema.type_map[type_name]
            type_name = get_named_type(parent.fields[name].type).name
            found = below
        return True

    def _selection(self, selection_set: SelectionSetNode, type_name: str, tool: Tool | None) -> None:
        type_name = self._concrete(type_name, tool)
        for owner, node in self._fields(selection_set, type_name, tool):
            self._field(owner, node, tool)

    def _fields(
        self, selection_set: SelectionSetNode, type_name: str, tool: Tool | None
    ) -> Iterator[tuple[str, FieldNode]]:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield type_name, node
                continue
            fragment: Any = node
            if isinstance(node, FragmentSpreadNode):
                # Needs the same rows wherever it stands; thirty fragments that each spread the next one twice
                # would be a billion visits.
                visit = (node.name.value, type_name, tool.slug if tool else None)
                if visit in self._seen:
                    continue
                self._seen.add(visit)
                fragment = self._fragments[node.name.value]
                fragment = getattr(fragment, "definition", fragment)
            condition = fragment.type_condition.name.value if fragment.type_condition else type_name
            assert isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode)
            if self._applies(type_name, condition):
                # An abstract type's own fields stay declared under the narrower of the two names.
                narrower = condition if is_abstract_type(self._info.schema.type_map[type_name]) else type_name
                yield from self._fields(fragment.selection_set, narrower, tool)

    def _field(self, owner: str, node: FieldNode, tool: Tool | None) -> None:
        name = node.name.value
        if name.startswith("__") or (owner, name) in OTHER_SCOPES:
            return
        declared = self._declared.get((owner, name))
        if declared is None and tool and owner == f"{tool.type_name}Tool":
            declared = self._declared.get(("Tool", name))
        if declared:
            self._require(declared.rows, declared.field_id, tool)
            if declared.tool:
                tool = self._catalogue.by_slug[declared.tool]
        if owner == "Participant" and name == "tools" and any(a.name.value == "status" for a in node.arguments or ()):
            self.required.progress = True
        if node.selection_set is None:
            return
        parent: Any = self._info.schema.type_map[owner]
        field = parent.fields[name]
        result = get_named_type(field.type).name
        if owner == "Participant" and result == "Tool":
            for each in self._tools(field, node):
                self._selection(node.selection_set, result, each)
        else:
            self._selection(node.selection_set, result, tool)

    def _require(self, rows: tuple[Rows, ...], field_id: str | None, tool: Tool | None) -> None:
        required = self.required
        for kind in rows:
            match kind:
                case Rows.OUTPUT if field_id:
                    required.fields.add(field_id)
                case Rows.PROGRESS:
                    required.progress = True
                case Rows.COMPANY:
                    required.company = True
                case Rows.PEOPLE:
                    required.people = True
                case Rows.VALUES:
                    required.values = True
                case _ if tool is None:
                    pass
                case Rows.SUBMISSION:
                    required.submissions.add(tool.slug)
                case Rows.TEAM_COMPLETION:
                    required.team_completion.add(tool.slug)
                case Rows.SOURCE_OUTPUTS:
                    required.fields |= {need.source.id for need in self._catalogue.needs[tool.slug]}
                case Rows.STORIES:
                    required.stories |= {tool.slug, *self._catalogue.source_slugs(tool)}
                case Rows.OWN_OUTPUTS:
                    required.fields |= {q.publishes for q in tool.published if q.publishes}
                    if not tool.published:
                        required.submissions.add(tool.slug)

    def _tools(self, field: Any, node: FieldNode) -> list[Tool]:
        """The tools that ``tools`` or ``tool(slug)`` of a participant can give."""
        if "slug" not in field.args:
            return list(self._catalogue.tools)
        slug = get_argument_values(field, node, self._info.variable_values)["slug"]
        tool = self._catalogue.find(slug)
        return [tool] if tool else []

    def _concrete(self, type_name: str, tool: Tool | None) -> str:
        return f"{tool.type_name}Tool" if tool and type_name in ("Tool", "Node") else type_name

    def _applies(self, type_name: str, condition: str) -> bool:
        types = self._info.schema.type_map
        outer, inner = types[type_name], types[condition]
        if type_name == condition:
            return True
        if is_abstract_type(inner) and not is_abstract_type(outer):
            return self._info.schema.is_sub_type(inner, outer)
        return is_abstract_type(outer)

    def _included(self, node: Any) -> bool:
        values = self._info.variable_values
        skip = get_directive_values(GraphQLSkipDirective, node, values)
        include = get_directive_values(GraphQLIncludeDirective, node, values)
        return not (skip and skip["if"]) and not (include and not include["if"])
