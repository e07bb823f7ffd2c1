"""Decides whether a document may be executed: by the limits first, which are cheap, then by the rules of GraphQL."""

from collections.abc import Collection

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    parse,
    visit,
)
from graphql.language import ParallelVisitor
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.validation.validate import ValidationAbortedError

from graphql_api.execution.rules import rules_for
from graphql_api.execution.shape import Counts, shape_of
from graphql_api.limits import LIMITS, MAX_DOCUMENT_CHARACTERS, MAX_ERRORS, MAX_SUGGESTED_NAMES, MAX_TOKENS

# No rule looks at a name or a description by itself; they are half of all nodes.
_VISITED = {
    kind: tuple(key for key in keys if key not in ("name", "alias", "description"))
    for kind, keys in QUERY_DOCUMENT_KEYS.items()
}


def read(text: str) -> DocumentNode:
    """The document with this text. Raises ``GraphQLError``: for its syntax, its length or its number of tokens."""
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        raise GraphQLError(
            f"This document has {len(text):,} characters; at most {MAX_DOCUMENT_CHARACTERS:,} are allowed. "
            "Send long values as variables."
        )
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except RecursionError:
        raise GraphQLError("This document nests too deeply to be read.") from None


def exceeded(counts: Counts) -> list[str]:
    """The names of the limits that a document with these counts goes past."""
    return [name for name, found in counts.items() if found > LIMITS[name].most]


def errors_in(
    schema: GraphQLSchema,
    document: DocumentNode,
    text: str,
    measured: Collection[str] = (),
    suggested: int = MAX_SUGGESTED_NAMES,
) -> tuple[list[GraphQLError], list[str]]:
    """What keeps a document from being executed, and the limits it goes past; those of ``measured`` keep nothing.

    The first ``suggested`` errors name similar names that exist.
    """
    try:
        counts = shape_of(document)
        passed = exceeded(counts)
        refused = [GraphQLError(LIMITS[name].refusal(counts[name])) for name in passed if name not in measured]
        return refused or broken_rules(schema, document, text, suggested), passed
    except RecursionError:
        return [GraphQLError("This document nests too deeply to be checked.")], []


def broken_rules(
    schema: GraphQLSchema, document: DocumentNode, text: str, suggested: int = MAX_SUGGESTED_NAMES
) -> list[GraphQLError]:
    """What graphql-core's ``validate`` finds, in two thirds of its time or less."""
    errors: list[GraphQLError] = []
    types = TypeInfo(schema)
    context = _Context(schema, document, types, errors, suggested)
    rules = ParallelVisitor([rule(context) for rule in rules_for(text)])
    try:
        visit(document, TypeInfoVisitor(types, rules), _VISITED)
    except ValidationAbortedError as error:
        # Kept with the document, so without the frames that would keep everything else alive.
        errors.append(GraphQLError(error.message, error.nodes))
    return errors


class _Context(ValidationContext):
    """Stops at too many errors, and stops looking for similar names much earlier: that takes longest."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        types: TypeInfo,
        errors: list[GraphQLError],
        suggested: int = MAX_SUGGESTED_NAMES,
    ) -> None:
        super().__init__(schema, document, types, self._found)
        self._errors = errors
        self._suggested = suggested

    @property
    def hide_suggestions(self) -> bool:
        """Whether the next error comes without similar names."""
        return len(self._errors) >= self._suggested

    def _found(self, error: GraphQLError) -> None:
        if len(self._errors) >= MAX_ERRORS:
            raise ValidationAbortedError("Too many validation errors, error limit reached. Validation aborted.")
        self._errors.append(error)
