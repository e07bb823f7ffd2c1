"""Documents that shape the body of webhooks: one query, about what an event has. Checked when it is saved."""

from collections.abc import Callable, Mapping, Sequence

from graphql import (
    DocumentNode,
    GraphQLError,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    TypeNode,
    parse,
)

Errors = Callable[[str], list[GraphQLError]]
"""What keeps a text from being executed."""

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "eventId": ("ID", "String"),
    "kind": ("String",),
    "userId": ("ID", "String"),
    "actorId": ("ID", "String"),
    "tool": ("String",),
    "fieldIds": ("[FieldId]", "[String]"),
}
"""What a document may ask of the event, and as which types, bangs left out."""


def document_problems(errors_of: Errors, text: str) -> Sequence[str]:
    """What keeps a text from shaping a body, a sentence each."""
    if errors := errors_of(text):
        return [error.message for error in errors]
    operations = operations_of(parse(text, no_location=True))
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return ["A document holds one query and no other operation."]
    problems = []
    for variable in operations[0].variable_definitions or ():
        name, kind = variable.variable.name.value, _written(variable.type)
        if kind not in VARIABLES.get(name, ()):
            known = ", ".join(f"${each}: {kinds[0]}" for each, kinds in VARIABLES.items())
            problems.append(f"${name}: {kind} is nothing that an event has. It has {known}.")
    return problems


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """The operations of a document."""
    return [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]


def _written(kind: TypeNode) -> str:
    match kind:
        case NonNullTypeNode(type=inner):
            return _written(inner)
        case ListTypeNode(type=inner):
            return f"[{_written(inner)}]"
        case NamedTypeNode(name=name):
            return name.value
    raise TypeError(type(kind).__name__)
