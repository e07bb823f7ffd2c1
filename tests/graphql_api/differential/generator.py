"""Random valid operations, drawn from the schema: seven of ten are of the kinds that the compiled execution answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
)

from db.catalogue import Catalogue, Tool
from tests.graphql_api.differential.scope import Scope, shape_of
from tests.graphql_api.differential.values import Values

MAX_FIELDS_DEEP = 14
MAX_FIELDS_OF_A_CHAIN = 44
"""One of thirty documents goes from source to source, as deep as a document may."""

MAX_OBJECTS = (8, 8, 16, 16, 31, 31, 31, 62, 124)
"""Objects that the lists on the way to a field may multiply to, drawn for each document: most answers stay small."""

_LENGTHS = {("Participant", "tools"): 31, ("Query", "tools"): 60, ("MemberConnection", "edges"): 4}
_LENGTH = 4

_ROOTS = {"viewer": 36, "user": 9, "organization": 20, "field": 3, "fields": 3, "reference": 2, "__typename": 1}
_OTHER_ROOTS = {
    "tools": 5, "tool": 5, "node": 8, "nodes": 7, "field": 5, "fields": 6, "reference": 4, "submission": 8
}  # fmt: skip

_WEIGHTS = {
    ("Participant", "tools"): 2.0,
    ("Participant", "tool"): 3.0,
    ("Participant", "organization"): 0.7,
    ("Participant", "progressSummary"): 1.0,
    ("Participant", "nextTool"): 1.0,
    ("Organization", "members"): 6.0,
    ("MemberConnection", "edges"): 3.0,
    ("MemberEdge", "node"): 3.0,
}
_PLAIN_LEAVES_OUT = {
    *(("Tool", name) for name in ("teamUnlock", "answers", "responses", "definition")),
    ("Organization", "teams"),
    ("Dependency", "sourceTool"),
    ("FieldValue", "sourceTool"),
    ("FieldValue", "author"),
}
"""What a plain operation does not ask for: three of four are plain."""

_GIVEN = {"first": 0.9, "after": 0.25, "status": 0.6}
"""How often an optional argument is given, where not in every other field."""

_ALIASES = ("a", "b", "c", "id", "slug", "name", "value", "status", "node", "_", "__a", "data", "edges")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it comes in, people and organisations still as words of the cast."""

    text: str
    variables: dict[str, Any] = field(default_factory=dict)
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document and the values of its variables: each request draws them anew."""

    text: str
    name: str | None
    values: Values

    def request(self) -> Request:
        """One more request of this document."""
        return Request(self.text, self.values.given(), self.name)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the answer a selection stands."""

    depth: int = 0
    objects: int = 1
    tool: Tool | None = None


@dataclass(frozen=True, slots=True)
class _Fragment:
    name: str
    owner: GraphQLCompositeType
    text: str
    scope: Scope
    place: _Place


def document(schema: GraphQLSchema, catalogue: Catalogue, rng: Random) -> Document:
    """A document with one operation to ask for. It is valid but in rare cases, which only validation finds."""
    return _Writer(schema, catalogue, rng).document()


class _Writer:
    def __init__(self, schema: GraphQLSchema, catalogue: Catalogue, rng: Random) -> None:
        self._schema = schema
        self._rng = rng
        self._values = Values(rng, catalogue)
        self._tools = rng.sample(catalogue.tools, 4)
        self._by_type = {f"{tool.type_name}Tool": tool for tool in catalogue.tools}
        self._leaves = rng.choice([2, 3, 5, 5, 6, 8, 8, 10, 10, 12, 16, 30])
        self._objects = rng.choice(MAX_OBJECTS)
        self._depth = MAX_FIELDS_OF_A_CHAIN if rng.random() < 0.03 else MAX_FIELDS_DEEP
        self._plain = rng.random() < 0.75
        self._compiling = rng.random() < 0.8
        self._fragments: list[_Fragment] = []
        self._names = 0

    def document(self) -> Document:
        rng = self._rng
        root: Any = self._schema.query_type
        scope = Scope()
        parts: list[str] = []
        while not parts or (self._leaves > 0 and len(parts) < 5 and rng.random() < 0.3):
            parts += self._root(root, scope)
        name = rng.choice(["", "", "Q", "query", "Dream_1"])
        selections = self._join(parts)
        texts = [f"{self._values.header(name)}{{{selections}}}"]
        texts += [f"fragment {each.name} on {each.owner.name} {each.text}" for each in self._fragments]
        rng.shuffle(texts)
        asked: str | None = name or None
        if name and rng.random() < 0.06:
            texts.append("query Other { __typename }")
            asked = rng.choice([name, name, name, "Other", "None", "", None])
        elif rng.random() < 0.5:
            asked = None
        return Document(self._join(texts), asked, self._values)

    def _root(self, root: GraphQLObjectType, scope: Scope) -> list[str]:
        rng = self._rng
        if rng.random() < 0.01 and not self._compiling:
            return ['__type(name: "DreamTool") { kind name interfaces { name } }']
        if rng.random() < 0.06:
            inner = self._root(root, scope)
            return [f"...{rng.choice(['', ' on Query'])}{self._directive()} {{ {self._join(inner)} }}"]
        weights = _ROOTS if self._compiling else _ROOTS | {name: 3 * each for name, each in _OTHER_ROOTS.items()}
        (name,) = rng.choices(list(weights), list(weights.values()))
        if name == "__typename":
            return [self._typename(root, scope)]
        return [*self._field(root, name, root.fields[name], scope, _Place())]

    def _selection_set(self, owner: GraphQLCompositeType, scope: Scope, place: _Place) -> str:
        return f"{{ {self._join(self._selections(owner, scope, place))} }}"

    def _selections(self, owner: GraphQLCompositeType, scope: Scope, place: _Place) -> list[str]:
        count = self._rng.choice([1, 1, 2, 2, 3, 4]) if self._leaves > 0 else 1
        if owner.name in ("Query", "Participant", "Organization"):
            count += 1
        parts: list[str] = []
        for _ in range(count):
            parts += self._selection(owner, scope, place)
        return parts

    def _selection(self, owner: GraphQLCompositeType, scope: Scope, place: _Place) -> Iterator[str]:
        rng = self._rng
        fragments = 0.1
        if isinstance(owner, GraphQLUnionType):
            fragments = 0.9
        elif isinstance(owner, GraphQLInterfaceType):
            fragments = 0.45
        if self._leaves > 0 and place.depth < self._depth and rng.random() < fragments:
            yield self._fragment(owner, scope, place)
            return
        if isinstance(owner, GraphQLUnionType) or rng.random() < 0.06:
            yield self._typename(owner, scope)
            return
        weights = {name: self._weight(owner, name, each, place) for name, each in owner.fields.items()}
        if not any(weights.values()):
            yield self._typename(owner, scope)
            return
        (name,) = rng.choices(list(weights), list(weights.values()))
        yield from self._field(owner, name, owner.fields[name], scope, place)

    def _weight(self, owner: GraphQLCompositeType, name: str, each: GraphQLField, place: _Place) -> float:
        inner = get_named_type(each.type)
        common = "Tool" if owner.name in self._by_type else owner.name
        if self._plain and (common, name) in _PLAIN_LEAVES_OUT:
            return 0.0
        if not is_composite_type(inner):
            return 0.4 if owner.name == "Participant" else 1.0
        if self._leaves <= 0 or place.depth >= self._depth:
            return 0.0
        if place.objects * self._length(owner, name, each) > self._objects:
            return 0.0
        if inner.name in self._by_type and owner.name == "Participant":
            return 4.0 if self._by_type[inner.name] in self._tools else 0.05
        if name == "organization" and place.objects > 1:  # members of members
            return 0.2
        if self._depth == MAX_FIELDS_OF_A_CHAIN and name in ("sources", "dependents"):
            return 30.0
        return _WEIGHTS.get((owner.name, name), 1.0)

    def _length(self, owner: GraphQLCompositeType, name: str, each: GraphQLField) -> int:
        return _LENGTHS.get((owner.name, name), _LENGTH) if "[" in str(each.type) else 1

    def _field(
        self, owner: GraphQLCompositeType, name: str, each: GraphQLField, scope: Scope, place: _Place
    ) -> Iterator[str]:
        rng = self._rng
        inner = get_named_type(each.type)
        arguments = self._arguments(owner, name, each, place)
        shown, below = self._admitted(owner, name, each, arguments, scope)
        tool = self._by_type.get(inner.name, place.tool if inner.name != "Participant" else None)
        here = _Place(place.depth + 1, place.objects * self._length(owner, name, each), tool)
        for _ in range(2 if rng.random() < 0.08 else 1):
            head = f"{shown}{arguments}{self._directive()}"
            if is_composite_type(inner):
                yield f"{head} {self._selection_set(inner, below, here)}"
            else:
                self._leaves -= 1
                yield head

    def _admitted(
        self, owner: GraphQLCompositeType, name: str, each: GraphQLField, arguments: str, scope: Scope
    ) -> tuple[str, Scope]:
        """The field under a response name that is free for it."""
        rng = self._rng
        signature = (owner.name, not is_abstract_type(owner), name + arguments)
        shape = shape_of(each.type)
        alias = rng.choice(_ALIASES) if rng.random() < 0.12 else None
        below = scope.admit(alias or name, signature, shape)
        while below is None:
            alias = self._new("u")
            below = scope.admit(alias, signature, shape)
        return (f"{alias}: {name}" if alias else name), below

    def _typename(self, owner: GraphQLCompositeType, scope: Scope) -> str:
        self._leaves -= 1
        signature = (owner.name, not is_abstract_type(owner), "__typename")
        alias = self._rng.choice(["kind", "type", "a", "id"]) if self._rng.random() < 0.3 else "__typename"
        if scope.admit(alias, signature, "String!") is None:
            alias = "__typename"
            scope.admit(alias, signature, "String!")
        return f"{'' if alias == '__typename' else f'{alias}: '}__typename{self._directive()}"

    def _arguments(self, owner: GraphQLCompositeType, name: str, each: GraphQLField, place: _Place) -> str:
        rng = self._rng
        given = []
        for argument, kind in each.args.items():
            share = _GIVEN.get(argument, 0.45)
            if not is_required_argument(kind) and rng.random() > share:
                continue
            optional = not is_required_argument(kind)
            value = self._values.argument(kind.type, f"{owner.name}.{name}.{argument}", place.tool, optional=optional)
            given.append(f"{argument}: {value}")
        rng.shuffle(given)
        return f"({rng.choice([', ', ' ']).join(given)})" if given else ""

    def _fragment(self, owner: GraphQLCompositeType, scope: Scope, place: _Place) -> str:
        rng = self._rng
        condition = self._condition(owner)
        tool = self._by_type.get(condition.name, place.tool)
        here = replace(place, tool=tool)
        match rng.randrange(10):
            case 0 | 1:
                known = [
                    each
                    for each in self._fragments
                    if each.owner is condition and each.place.objects >= place.objects and scope.accepts(each.scope)
                ]
                if known:
                    each = rng.choice(known)
                    scope.take(each.scope)
                    return f"...{each.name}{self._directive()}"
            case 2 | 3 | 4:
                below, before = Scope(), len(self._fragments)
                text = self._selection_set(condition, below, here)
                if scope.accepts(below):
                    scope.take(below)
                    made = _Fragment(self._new("F"), condition, text, below, here)
                    self._fragments.append(made)
                    return f"...{made.name}{self._directive()}"
                del self._fragments[before:]
        on = "" if condition is owner and rng.random() < 0.5 else f" on {condition.name}"
        return f"...{on}{self._directive()} {self._selection_set(condition, scope, here)}"

    def _condition(self, owner: GraphQLCompositeType) -> GraphQLCompositeType:
        """A type that a fragment on ``owner`` may name: the type itself, one of its own, or one it belongs to."""
        rng = self._rng
        possible: list[GraphQLCompositeType] = [owner]
        if isinstance(owner, GraphQLObjectType):
            possible += [owner, *owner.interfaces]
        else:
            narrower = self._narrower(owner)
            possible += narrower
            possible += {each.name: each for inner in narrower for each in inner.interfaces}.values()
        return rng.choice(possible)

    def _narrower(self, owner: GraphQLAbstractType) -> list[GraphQLObjectType]:
        found = list(self._schema.get_possible_types(owner))
        wanted = {f"{tool.type_name}Tool" for tool in self._tools}
        return [each for each in found if each.name not in self._by_type or each.name in wanted]

    def _directive(self) -> str:
        if self._rng.random() > 0.06:
            return ""
        name = self._rng.choice(["skip", "include"])
        both = f" @skip(if: {self._values.condition()})" if name == "include" and self._rng.random() < 0.1 else ""
        return f" @{name}(if: {self._values.condition()}){both}"

    def _new(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"

    def _join(self, parts: list[str]) -> str:
        return self._rng.choice([" ", "\n", ", "]).join(parts) if parts else "__typename"
