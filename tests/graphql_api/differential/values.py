"""Random argument values: literals, variables, and variables inside lists and input objects; now and then wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
)

from db.catalogue import Catalogue, Tool
from tests.graphql_api.differential.cast import ASKED, COMPANIES, PARTS

ABSENT: Any = object()
"""A variable that the request leaves out."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable, and how a request draws a value for it."""

    kind: str
    meaning: str
    default: str | None
    draw: Callable[[], Any]


@dataclass(slots=True)
class Values:
    """The arguments of one operation and the variables that they have come to."""

    rng: Random
    catalogue: Catalogue
    variables: dict[str, Variable] = field(default_factory=dict)

    def argument(self, kind: GraphQLInputType, meaning: str, tool: Tool | None, *, optional: bool) -> str:
        """An argument as the document has it. ``meaning`` (``Query.user.id``) says what is worth asking for."""
        return self._written(kind, meaning, tool, variable=0.4, optional=optional)

    def condition(self) -> str:
        """The ``if`` of a directive: a literal or a variable."""
        rng = self.rng
        if rng.random() < 0.5:
            return rng.choice(["true", "false"])
        for name, variable in self.variables.items():
            if variable.meaning == "if" and rng.random() < 0.5:
                return f"${name}"
        kind = rng.choice(["Boolean!", "Boolean!", "Boolean"])
        # A nullable variable may stand here only with a default; given as null it is an error all the same.
        default = rng.choice(["true", "false"]) if kind == "Boolean" or rng.random() < 0.3 else None

        def draw() -> Any:
            return ABSENT if default and rng.random() < 0.4 else rng.random() < 0.6

        return self._declare(Variable(kind, "if", default, draw))

    def header(self, name: str) -> str:
        """``query Name($variables)``; nothing for an anonymous operation without variables, where that is drawn."""
        if not self.variables:
            return f"query {name} " if name else self.rng.choice(["", "query "])
        declared = self.rng.choice([" ", ", "]).join(
            f"${each}: {variable.kind}{f' = {variable.default}' if variable.default is not None else ''}"
            for each, variable in self.variables.items()
        )
        return f"query {name}({declared}) "

    def given(self) -> dict[str, Any]:
        """What one more request sends as variables; in one of twenty requests one of them is wrong."""
        rng = self.rng
        drawn = {name: each.draw() for name, each in self.variables.items()}
        given = {name: value for name, value in drawn.items() if value is not ABSENT}
        if self.variables and rng.random() < 0.05:
            broken = rng.choice(list(self.variables))
            wrong = rng.choice([ABSENT, None, {"a": 1}, [1], [[]], True, 3.7, 2**40, -1, "", "no such", {}])
            given.pop(broken, None)
            if wrong is not ABSENT:
                given[broken] = wrong
        if rng.random() < 0.02:
            given["notDeclared"] = rng.choice([None, 1, "x"])
        return given

    def _written(
        self, kind: GraphQLInputType, meaning: str, tool: Tool | None, *, variable: float, optional: bool
    ) -> str:
        if self.rng.random() < variable:
            return self._variable(kind, meaning, tool, optional=optional)
        rng = self.rng
        if not isinstance(kind, GraphQLNonNull) and rng.random() < 0.08:
            return "null"
        bare = _bare(kind)
        if isinstance(bare, GraphQLList):
            if rng.random() < 0.08:  # one value stands for a list of it
                item = _bare(bare.of_type)
                return self._literal(self._value(GraphQLNonNull(item), meaning, tool), item)
            items = [
                self._written(bare.of_type, meaning, tool, variable=0.25, optional=False)
                for _ in range(rng.choice([0, 1, 1, 2, 3, 4]))
            ]
            return f"[{rng.choice([', ', ' ']).join(items)}]"
        if isinstance(bare, GraphQLInputObjectType):
            fields = [
                f"{name}: " + self._written(each.type, f"{bare.name}.{name}", tool, variable=0.3, optional=False)
                for name, each in bare.fields.items()
                if isinstance(each.type, GraphQLNonNull) or rng.random() < 0.5
            ]
            return "{" + ", ".join(fields) + "}"
        return self._literal(self._value(GraphQLNonNull(bare), meaning, tool), bare)

    def _variable(self, kind: GraphQLInputType, meaning: str, tool: Tool | None, *, optional: bool) -> str:
        """A variable of a type that may stand where ``kind`` is wanted; ``optional``: where there is a default."""
        rng = self.rng
        required = isinstance(kind, GraphQLNonNull)
        bare = _bare(kind)
        for name, other in self.variables.items():
            if other.meaning == meaning and other.kind in (str(kind), f"{bare}!") and rng.random() < 0.4:
                return f"${name}"
        default = None
        declared: GraphQLInputType = kind
        if required:
            if optional and rng.random() < 0.5:
                declared = bare
            elif rng.random() < 0.2:
                declared = bare
                default = self._literal(self._value(kind, meaning, tool), bare)
        elif rng.random() < 0.3:
            declared = GraphQLNonNull(bare)
        if default is None and rng.random() < 0.25:
            default = self._literal(self._value(declared, meaning, tool), declared)

        def draw() -> Any:
            nullable = not isinstance(declared, GraphQLNonNull)
            if (default is not None or nullable) and rng.random() < 0.3:
                return ABSENT
            if nullable and rng.random() < (0.05 if required else 0.15):
                return None
            return self._value(GraphQLNonNull(bare), meaning, tool)

        return self._declare(Variable(str(declared), meaning, default, draw))

    def _declare(self, variable: Variable) -> str:
        name = self.rng.choice(["v", "id", "slug", "x", "_", "order"])
        name = f"{name}{len(self.variables)}"
        self.variables[name] = variable
        return f"${name}"

    def _value(self, kind: GraphQLInputType, meaning: str, tool: Tool | None) -> Any:
        """A value as a variable would give it."""
        rng = self.rng
        if not isinstance(kind, GraphQLNonNull) and rng.random() < 0.15:
            return None
        kind = _bare(kind)
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, meaning, tool) for _ in range(rng.choice([0, 1, 1, 2, 3, 4]))]
        if isinstance(kind, GraphQLInputObjectType):
            return {
                name: self._value(each.type, f"{kind.name}.{name}", tool)
                for name, each in kind.fields.items()
                if isinstance(each.type, GraphQLNonNull) or rng.random() < 0.5
            }
        if isinstance(kind, GraphQLEnumType):
            return rng.choice(list(kind.values))
        return self._scalar(str(kind), meaning, tool)

    def _literal(self, value: Any, kind: GraphQLInputType) -> str:
        """A value as a document has it."""
        if value is None:
            return "null"
        kind = _bare(kind)
        if isinstance(kind, GraphQLList):
            items = value if isinstance(value, list) else [value]
            return f"[{', '.join(self._literal(item, kind.of_type) for item in items)}]"
        if isinstance(kind, GraphQLInputObjectType):
            fields = (f"{name}: {self._literal(item, kind.fields[name].type)}" for name, item in value.items())
            return "{" + ", ".join(fields) + "}"
        if isinstance(kind, GraphQLEnumType):
            return str(value)
        if isinstance(value, str) and self.rng.random() < 0.05 and not set(value) & set('"\\\n'):
            return f'"""{value}"""'
        return json.dumps(value, ensure_ascii=self.rng.random() < 0.5)

    def _scalar(self, kind: str, meaning: str, tool: Tool | None) -> Any:
        rng = self.rng
        match meaning:
            case "Query.user.id" | "Query.field.userId" | "Query.fields.userId" | "Query.submission.userId":
                return self._person()
            case "Query.organization.id":
                if rng.random() < 0.05:
                    return rng.choice(["<paula>", "<Participant:ada>", "x"])
                word = rng.choice(["bakery", "bakery", *COMPANIES])
                return rng.choice([f"<{word}>", f"<Organization:{word}>"])
            case "Query.node.id" | "Query.nodes.ids":
                return self._node()
            case "Organization.members.first":
                return rng.choice([0, 1, 2, 3, 3, 4, 5, 5, 5, -1, 101] if rng.random() < 0.2 else [1, 2, 3, 4, 5])
            case "Organization.members.after":
                word = rng.choice(list(PARTS))
                return rng.choice([f"<Cursor:{word}>"] * 15 + ["<Cursor:no-uuid>", "%%%", ""])
            case "MemberFilter.search":
                return rng.choice(
                    ["a", "E", "Same", "%", "_", "", "'", '"', "\\", "é", "test.example", "zz", "%s", "\u2028"]
                )
            case "Query.reference.key":
                return rng.choice([*self.catalogue.fields, *self.catalogue.field_aliases, "no.such", ""])
        if kind == "FieldId":
            return self._field_id(tool)
        if kind == "Boolean":
            return rng.random() < 0.5
        return self._slug()

    def _person(self) -> str:
        word = self.rng.choice(ASKED)
        if self.rng.random() < 0.05:
            return self.rng.choice(
                ["", "x", "<Organization:bakery>", "00000000-0000-0000-0000-000000000000", "<DreamTool:paula>"]
            )
        return self.rng.choice([f"<{word}>", f"<Participant:{word}>"])

    def _node(self) -> str:
        rng = self.rng
        tool, word = rng.choice(self.catalogue.tools), rng.choice(ASKED)
        if rng.random() < 0.03:
            return rng.choice(
                ["", "x", "<Participant:x>", "<NoSuchType:paula>", "<ToolDefinition:none>", "<Progress:ada>"]
            )
        return rng.choice(
            [
                f"<Participant:{word}>",
                f"<{tool.type_name}Tool:{word}>",
                f"<{tool.type_name}Tool:{word}>",
                f"<ToolDefinition:{tool.slug}>",
                f"<Organization:{rng.choice(list(COMPANIES))}>",
            ]
        )

    def _field_id(self, tool: Tool | None) -> str:
        rng = self.rng
        own = [question.publishes for question in tool.published if question.publishes] if tool else []
        if own and rng.random() < 0.7:
            return rng.choice(own)
        return rng.choice(["no.such", "no field id"] if rng.random() < 0.04 else list(self.catalogue.fields))

    def _slug(self) -> str:
        rng = self.rng
        tool = rng.choice(self.catalogue.tools)
        if rng.random() < 0.08:
            return rng.choice(["", "no-such", "Dream", "dream ", "%s", "dream\u0000"])
        return rng.choice([tool.slug, tool.slug, *tool.aliases])


def _bare(kind: GraphQLInputType) -> Any:
    """The type without its ``!``."""
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind
