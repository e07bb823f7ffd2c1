"""What everything in the graph costs, as data: weights of types, fields and arguments, and sizes of lists.

They follow the IBM GraphQL Cost Directive specification. A request costs its type cost (one for each object of the
answer) and its field cost (one for each field that gives objects, more where more is done); whoever counts, before or
while it is executed, counts with ``Costs.own`` of each object.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
)

from db.catalogue import Catalogue, Tool
from graphql_api.types.tools.query import MAX_NODES
from resolvers.assistant import MAX_REMARKS
from resolvers.identity import MAX_PAGE
from resolvers.tools.reading import MAX_FIELD_IDS

OBJECT = 1
"""Weight of an object, of a field that gives objects, and of an argument that is an input object."""

WRITE = 10
"""Weight of a field of ``Mutation``: a transaction of its own."""

COUNT = 10
"""Weight of a field that counts rows of a whole organisation."""

ASSUMED_SIZE = 100
"""Items of a list of which nothing is known; nothing in the database bounds it."""

COUNTING = frozenset({"teamUnlock", "totalCount"})


@dataclass(frozen=True, slots=True)
class Size:
    """How many items a list has: what its argument says, else as many as it has at most.

    ``argument``: a number of items, or the list of their ids. ``below``: which field of the object below is the list.
    """

    most: int
    argument: str | None = None
    below: str | None = None


@dataclass(slots=True)
class Costs:
    """Weights and sizes by name of type and field."""

    types: dict[str, int] = field(default_factory=dict)
    fields: dict[tuple[str, str], int] = field(default_factory=dict)
    inputs: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Arguments that are input objects."""
    sizes: dict[tuple[str, str], Size] = field(default_factory=dict)

    def own(self, type_name: str, selected: Iterable[Sequence[FieldNode]]) -> int:
        """What one object costs by itself: its weight and those of the fields selected of it.

        ``selected``: the nodes behind each key of the answer.
        """
        total = self.types.get(type_name, 0)
        for nodes in selected:
            node = nodes[0]
            key = (type_name, node.name.value)
            total += self.fields.get(key, 0)
            if node.arguments and (inputs := self.inputs.get(key)):
                total += OBJECT * sum(each.name.value in inputs for each in node.arguments)
        return total


def costs_of(schema: GraphQLSchema, catalogue: Catalogue) -> Costs:
    """What everything in a schema costs. What introspection shows costs nothing: it has limits of its own."""
    costs = Costs()
    known = _sizes(catalogue)
    for name, kind in schema.type_map.items():
        if name.startswith("__") or not (is_object_type(kind) or is_interface_type(kind)):
            continue
        if is_object_type(kind):
            costs.types[name] = OBJECT
        for field_name, each in kind.fields.items():
            key = (name, field_name)
            if is_object_type(kind):
                costs.fields[key] = _weight(name, field_name, each, schema)
                inputs = frozenset(
                    arg for arg, found in each.args.items() if is_input_object_type(get_named_type(found.type))
                )
                if inputs:
                    costs.inputs[key] = inputs
            if size := known.get(key) or _size(each):
                costs.sizes[key] = size
    for (owner, name), size in list(costs.sizes.items()):
        if size.below:  # the size of the list in there is said here
            parent: Any = schema.type_map[owner]
            costs.sizes.pop((get_named_type(parent.fields[name].type).name, size.below), None)
    return costs


def _weight(type_name: str, name: str, each: GraphQLField, schema: GraphQLSchema) -> int:
    if schema.mutation_type is not None and type_name == schema.mutation_type.name:
        return WRITE
    if name in COUNTING:
        return COUNT
    return 0 if is_leaf_type(get_named_type(each.type)) else OBJECT


def _size(each: GraphQLField) -> Size | None:
    """The size of a field that the catalogue knows nothing of: a page of a connection, or a list of objects."""
    kind = get_named_type(each.type)
    if is_leaf_type(kind):
        return None
    if is_list_type(get_nullable_type(each.type)):
        return Size(ASSUMED_SIZE)
    edges = kind.fields.get("edges") if is_object_type(kind) else None
    if edges is not None and "first" in each.args:
        return Size(MAX_PAGE, "first", "edges")
    return None


def _sizes(catalogue: Catalogue) -> Mapping[tuple[str, str], Size]:
    """Sizes that the catalogue knows, each as large as it can become."""
    tools = catalogue.tools
    of_tool: dict[str, dict[str, int]] = {
        tool.slug: {
            "dependencies": len(catalogue.needs[tool.slug]),
            "fieldValues": len(tool.published),
            "responses": len(tool.questions),
            "whyLocked": len(catalogue.blocking(tool)),
            "unlocks": len(catalogue.dependents(tool)),
        }
        for tool in tools
    }
    most = {name: max(of_tool[tool.slug][name] for tool in tools) for name in of_tool[tools[0].slug]}
    using = {
        each: [t for t in tools if any(n.source.id == each for n in catalogue.needs[t.slug])]
        for each in catalogue.fields
    }
    users = {each: len(found) for each, found in using.items()}
    turning = {each: sum(len(tool.published) for tool in found) for each, found in using.items()}
    fixed = {
        ("Query", "tools"): len(tools),
        ("Participant", "tools"): len(tools),
        ("ToolDefinition", "prerequisites"): max(len(catalogue.prerequisites(tool)) for tool in tools),
        ("ToolDefinition", "dependents"): most["unlocks"],
        ("ToolDefinition", "questions"): most["responses"],
        ("ToolDefinition", "fields"): most["fieldValues"],
        ("ToolDefinition", "needs"): most["dependencies"],
        ("FieldDefinition", "usedBy"): max(users.values(), default=0),
        ("MissingPrerequisite", "fields"): most["dependencies"],
        ("Locked", "missing"): most["whyLocked"],
        ("MissingAnswers", "questions"): most["responses"],
        ("MissingAnswers", "problems"): most["responses"],
        ("HelpUsage", "perTool"): len(tools),
        ("Challenge", "challenges"): MAX_REMARKS,
        ("SubmissionSubmitted", "unlocked"): len(tools),
        ("SubmissionSubmitted", "missing"): most["responses"],
        ("Lineage", "upstream"): max((_built_on(catalogue, tool) for tool in tools), default=0),
        ("Lineage", "downstream"): max((_builds_on(catalogue, tool) for tool in tools), default=0),
        ("LineageNode", "sources"): most["dependencies"],
        ("Impact", "wouldTurnStale"): max(turning.values(), default=0),
        ("Impact", "alreadyStale"): max(turning.values(), default=0),
        ("Impact", "tools"): max(users.values(), default=0),
        ("Provenance", "builtOn"): most["dependencies"],
        ("FieldVersion", "builtOn"): most["dependencies"],
        ("SourceMoved", "sources"): most["dependencies"],
        ("ValuesConfirmed", "fields"): most["fieldValues"],
        ("FieldChanged", "fields"): most["fieldValues"],
        ("StaleChanged", "fields"): most["fieldValues"],
    }
    sizes = {key: Size(size) for key, size in fixed.items()}
    for name, size in most.items():
        sizes["Tool", name] = Size(size)
        sizes |= {(f"{tool.type_name}Tool", name): Size(of_tool[tool.slug][name]) for tool in tools}
    sizes["Query", "fields"] = Size(MAX_FIELD_IDS, "ids")
    sizes["Query", "nodes"] = Size(MAX_NODES, "ids")
    return sizes


def _built_on(catalogue: Catalogue, tool: Tool) -> int:
    """Values that a value of this tool can come from."""
    sources = catalogue.sources_within(tool, catalogue.longest_chain)
    return len({need.source.id for slug in sources for need in catalogue.needs[slug]})


def _builds_on(catalogue: Catalogue, tool: Tool) -> int:
    """Values that can come from a value of this tool."""
    users = catalogue.users_within(tool, catalogue.longest_chain) - {tool.slug}
    return sum(len(catalogue.by_slug[slug].published) for slug in users)
