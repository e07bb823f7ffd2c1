"""Random GraphQL: operations made from the schema, with arguments that fit or do not, and texts that are none."""

from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from tests.fuzz.words import FLOATS, NUMBERS, Words

PASSWORD = "planted passphrase that nobody may repeat"
"""What people type who sign in, register or choose anew."""

MOST_FIELDS = 3
DEEPEST = 2

_TEXTS = (
    "",
    "#",
    "{",
    "{}",
    "query",
    "{ __typename }",
    "{ __schema { types { name } } }",
    '{ __type(name: "Query") { name } }',
    "subscription { __typename }",
    "mutation { __typename }",
    "fragment F on Query { ...F } { ...F }",
    "{ ...F }",
    "{ viewer { ...F } } fragment F on Participant { tools { ...G } } fragment G on Tool { __typename ...F }",
    "query A { __typename } query A { __typename }",
    "query ($a: Nothing) { __typename }",
    "query ($a: String = {b: 1}) { tool(slug: $a) { slug } }",
    "{ a: __typename a: viewer { id } }",
    "{ " + "viewer { organization { " * 60 + "id" + " } }" * 60 + " }",
    "{ " + " ".join(f"a{number}: __typename" for number in range(900)) + " }",
    "{ __typename " + "@skip(if: false) " * 700 + "}",
    "{" * 3_000,
    "{ tool(slug: " + "[" * 900 + "]" * 900 + ") { slug } }",
    '{ tool(slug: """' + "x" * 20_000 + '""") { slug } }',
    '{ tool(slug: "\\u{110000}") { slug } }',
    '{ tool(slug: "\\ud83d") { slug } }',
    "{ field(id: 0x1F) { id } }",
    "{ \u00e9 }",
    "\ufeff{ __typename }",
    "{ __typename }\x00",
    "type Query { a: Int }",
    "schema { query: Query }",
)


class Documents:
    """Draws requests to ``/graphql``."""

    def __init__(self, random: Random, words: Words, schema: GraphQLSchema) -> None:
        self._random = random
        self._words = words
        self._schema = schema
        self._roots = [
            (kind, name, field)
            for kind, root in (
                ("query", schema.query_type),
                ("mutation", schema.mutation_type),
                ("subscription", schema.subscription_type),
            )
            if root
            for name, field in root.fields.items()
        ]

    def request(self) -> dict[str, Any]:
        """The members of a request, each of which may be wrong."""
        drawn = self._random.random()
        if drawn < 0.1:
            return {"query": self._random.choice(_TEXTS)}
        kind, name, field = self._random.choice(self._roots)
        variables: dict[str, Any] = {}
        declared: list[str] = []
        text = self._field(name, field, 0, variables, declared)
        head = f"{kind} Q({', '.join(declared)})" if declared else f"{kind} Q"
        request: dict[str, Any] = {"query": f"{head} {{ {text} }}"}
        if declared or self._random.random() < 0.1:
            request["variables"] = variables if self._random.random() < 0.9 else self._words.json()
        if self._random.random() < 0.1:
            request["operationName"] = self._random.choice(("Q", "R", "", None, 7))
        if self._random.random() < 0.05:
            request["extensions"] = self._words.json()
        if self._random.random() < 0.08:
            request["query"] = self._words.mangled(request["query"].encode()).decode("utf-8", "replace")
        return request

    def _field(self, name: str, field: GraphQLField, depth: int, variables: dict[str, Any], declared: list[str]) -> str:
        given = []
        for argument, definition in field.args.items():
            if is_required_argument(definition) or self._random.random() < 0.4:
                variable = f"v{len(variables)}"
                variables[variable] = self.named(argument, definition.type)
                declared.append(f"${variable}: {definition.type}")
                given.append(f"{argument}: ${variable}")
        arguments = f"({', '.join(given)})" if given else ""
        return f"{name}{arguments}{self._selection(field.type, depth, variables, declared)}"

    def _selection(self, kind: GraphQLOutputType, depth: int, variables: dict[str, Any], declared: list[str]) -> str:
        named = get_named_type(kind)
        if is_leaf_type(named):
            return ""
        if isinstance(named, GraphQLUnionType):
            members = [f"... on {each.name} {self._of(each, depth, variables, declared)}" for each in named.types]
            return f" {{ __typename {' '.join(members)} }}"
        assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
        return f" {self._of(named, depth, variables, declared)}"

    def _of(
        self,
        kind: GraphQLObjectType | GraphQLInterfaceType,
        depth: int,
        variables: dict[str, Any],
        declared: list[str],
    ) -> str:
        names = list(kind.fields)
        chosen = self._random.sample(names, min(len(names), self._random.randrange(1, MOST_FIELDS)))
        shown = ["__typename"]
        for name in chosen:
            field = kind.fields[name]
            if is_leaf_type(get_named_type(field.type)) or depth < DEEPEST:
                # Aliased: members of a union may have fields of one name and two types.
                shown.append(
                    f"{kind.name}_{self._field(name, field, depth + 1, variables, declared)}".replace(
                        f"{kind.name}_{name}", f"{kind.name}_{name}: {name}", 1
                    )
                )
        return f"{{ {' '.join(shown)} }}"

    def named(self, name: str, kind: GraphQLInputType) -> Any:
        """A value of an input of this name: what is called a password is one that can be recognised."""
        return PASSWORD if "password" in name.lower() and self._random.random() < 0.8 else self.value(kind)

    def value(self, kind: GraphQLInputType) -> Any:
        """A value of an input type, or now and then of none."""
        if self._random.random() < 0.06:
            return self._words.json()
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type)
        if self._random.random() < 0.08:
            return None
        if isinstance(kind, GraphQLList):
            return [self.value(kind.of_type) for _ in range(self._random.choice((0, 1, 1, 2, 3, 60)))]
        if isinstance(kind, GraphQLEnumType):
            return self._random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                name: self.named(name, field.type)
                for name, field in kind.fields.items()
                if is_required_input_field(field) or self._random.random() < 0.5
            }
        match kind.name:
            case "Int":
                return self._random.choice(NUMBERS)
            case "Float":
                return self._random.choice(FLOATS)
            case "Boolean":
                return self._random.choice((True, False))
            case "JSON":
                return self._words.json()
        return self._words.text()
