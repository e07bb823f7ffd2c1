"""Measures a document in one pass over its nodes, before any rule that could be slow looks at it.

Fragments are measured once each, whatever spreads them: sixty that each spread the next one twice are sixty.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    NameNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

from graphql_api.limits import LIMITS

Counts = dict[str, int]
"""How much there is of what ``LIMITS`` names."""

_SCHEMA_LISTS = frozenset({"fields", "inputFields", "interfaces", "possibleTypes", "enumValues"})
_SCHEMA_FIELDS = {"__schema": "schema_reads", "__type": "type_reads"}


@dataclass(frozen=True, slots=True)
class Part:
    """What stands below a selection set or in a fragment, other fragments left out or put in."""

    fields: int = 0
    depth: int = 0
    schema_depth: int = 0

    def beside(self, other: "Part") -> "Part":
        """Both together."""
        return Part(
            self.fields + other.fields,
            max(self.depth, other.depth),
            max(self.schema_depth, other.schema_depth),
        )


_NOTHING = Part()


@dataclass(slots=True)
class _Level:
    """The fields and spreads of one selection set, inline fragments flattened. ``part``: once it is measured."""

    fields: list[FieldNode] = field(default_factory=list)
    spreads: list[str] = field(default_factory=list)
    part: Part | None = None


def shape_of(document: DocumentNode) -> Counts:
    """What of ``LIMITS`` there is how much of in a document.

    Stops at the first definitions when there are too many of them: what is measured per fragment stays small.
    """
    counts: Counts = dict.fromkeys(LIMITS, 0)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    counts["operations"], counts["fragments"] = len(operations), len(fragments)
    if all(counts[name] <= LIMITS[name].most for name in ("operations", "fragments")):
        _Measuring(counts, {each.name.value: each for each in fragments}).measure(operations, fragments)
    return counts


class _Measuring:
    def __init__(self, counts: Counts, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._counts = counts
        self._fragments = fragments
        self._levels: dict[int, _Level] = {}
        self._reached: dict[str, frozenset[str]] = {}
        self._parts: dict[str, Part | None] = {}

    def measure(
        self, operations: Iterable[OperationDefinitionNode], fragments: Iterable[FragmentDefinitionNode]
    ) -> None:
        for fragment in fragments:
            self._names(fragment.name)
            self._directives(fragment.directives)
            self._note("depth", self._whole(fragment.selection_set).depth)
        for operation in operations:
            self._note("variables", len(operation.variable_definitions or ()))
            for variable in operation.variable_definitions or ():
                self._names(variable.variable.name)
                self._directives(variable.directives)
                self._value(variable.default_value)
            self._directives(operation.directives)
            whole = self._whole(operation.selection_set)
            self._note("fields", whole.fields)
            self._note("depth", whole.depth)
            self._roots(operation.selection_set)

    def _roots(self, root: SelectionSetNode) -> None:
        fields = list(self._merged(root))
        self._note("root_fields", len(fields))
        for name, counted in _SCHEMA_FIELDS.items():
            reads = [node for node in fields if node.name.value == name]
            self._note(counted, len(reads))
            for below in [node.selection_set for node in reads if node.selection_set]:
                self._note("schema_aliases", self._aliases(below))
                self._note("schema_depth", self._whole(below).schema_depth)

    def _aliases(self, selection_set: SelectionSetNode) -> int:
        """Aliases below a field of the schema; a fragment that comes again has none that are new."""
        found, waiting, seen = 0, [selection_set], set[int]()
        while waiting:
            level = waiting.pop()
            for node in self._merged(level):
                found += node.alias is not None
                if node.selection_set and id(node.selection_set) not in seen:
                    seen.add(id(node.selection_set))
                    waiting.append(node.selection_set)
        return found

    def _whole(self, selection_set: SelectionSetNode | None) -> Part:
        """A selection set with every fragment put in, each once: that is how it is executed."""
        if selection_set is None:
            return _NOTHING
        level = self._level(selection_set)
        if level.part is None:
            level.part = _NOTHING  # for a circle, which a rule of GraphQL refuses
            part = self._direct(level)
            for name in self._spread(level.spreads):
                part = part.beside(self._fragment(name))
            level.part = part
        return level.part

    def _direct(self, level: _Level) -> Part:
        fields, deepest, schema_depth = 0, 0, 0
        for node in level.fields:
            inner = self._whole(node.selection_set)
            fields += 1 + inner.fields
            deepest = max(deepest, 1 + inner.depth)
            listed = node.selection_set is not None and node.name.value in _SCHEMA_LISTS
            schema_depth = max(schema_depth, inner.schema_depth + listed)
        return Part(fields, deepest, schema_depth)

    def _fragment(self, name: str) -> Part:
        """What a fragment adds by itself."""
        if name not in self._parts:
            self._parts[name] = None
            self._parts[name] = self._direct(self._level(self._fragments[name].selection_set))
        return self._parts[name] or _NOTHING

    def _merged(self, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
        level = self._level(selection_set)
        yield from level.fields
        for name in self._spread(level.spreads):
            yield from self._level(self._fragments[name].selection_set).fields

    def _spread(self, names: Iterable[str]) -> frozenset[str]:
        """The fragments that these names lead to without a field in between."""
        known = [name for name in names if name in self._fragments]
        return frozenset().union(*map(self._reach, known)) if known else frozenset()

    def _reach(self, name: str) -> frozenset[str]:
        if name not in self._reached:
            found, waiting = {name}, [name]
            while waiting:
                level = self._level(self._fragments[waiting.pop()].selection_set)
                new = {each for each in level.spreads if each in self._fragments} - found
                found |= new
                waiting += new
            self._reached[name] = frozenset(found)
        return self._reached[name]

    def _level(self, selection_set: SelectionSetNode) -> _Level:
        level = self._levels.get(id(selection_set))
        if level is None:
            level = self._levels[id(selection_set)] = _Level()
            self._read(selection_set, level)
        return level

    def _read(self, selection_set: SelectionSetNode, level: _Level) -> None:
        """Sort a selection set's nodes; each is read once, so this is where what they carry is counted."""
        for node in selection_set.selections:
            if node.directives:
                self._directives(node.directives)
            if isinstance(node, FieldNode):
                level.fields.append(node)
                self._names(node.name)
                if node.alias is not None:
                    self._counts["aliases"] += 1
                    self._names(node.alias)
                if node.arguments:
                    self._arguments(node.arguments)
            elif isinstance(node, FragmentSpreadNode):
                level.spreads.append(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                self._read(node.selection_set, level)

    def _directives(self, directives: Iterable[DirectiveNode] | None) -> None:
        found = list(directives or ())
        self._counts["directives"] += len(found)
        self._note("directives_in_one_place", len(found))
        for each in found:
            self._names(each.name)
            self._arguments(each.arguments or ())

    def _arguments(self, arguments: Iterable[ArgumentNode]) -> None:
        found = list(arguments)
        self._note("arguments", len(found))
        for each in found:
            self._names(each.name)
            self._value(each.value)

    def _value(self, value: ValueNode | None, depth: int = 1) -> None:
        """A literal; the parser has bounded how deep it nests."""
        if isinstance(value, ListValueNode):
            inner: Iterable[ValueNode] = value.values
            self._note("list_items", len(value.values))
        elif isinstance(value, ObjectValueNode):
            inner = [each.value for each in value.fields]
            self._note("object_fields", len(value.fields))
        else:
            return
        self._note("value_depth", depth)
        for each in inner:
            self._value(each, depth + 1)

    def _names(self, name: NameNode) -> None:
        self._note("name_characters", len(name.value))

    def _note(self, what: str, found: int) -> None:
        if found > self._counts[what]:
            self._counts[what] = found
