"""Documents parsed and validated once, by their text."""

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
)

from graphql_api.execution.compiled.plans import Operation
from graphql_api.execution.validation import errors_in, read
from graphql_api.limits import CACHED_DOCUMENTS, MAX_DOCUMENT_CHARACTERS, MAX_SUGGESTED_NAMES


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A document that may be executed, or the errors that forbid it."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    parsed: bool = True
    """Whether the text is GraphQL at all."""
    introspects: bool = False
    """Whether it asks for the schema itself: it is kept for everybody, and not everybody may execute it."""
    _compilable: dict[str | None, Operation | None] = field(default_factory=dict)

    def compilable(self, name: str | None) -> Operation | None:
        """The operation that a request means, as plans are kept for it."""
        if name not in self._compilable:
            node = self.operation(name)
            assert self.node is not None
            fragments = {
                each.name.value: each for each in self.node.definitions if isinstance(each, FragmentDefinitionNode)
            }
            if node is None:
                return None
            self._compilable[name] = Operation.of(node, fragments)
        return self._compilable[name]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation that a request with this ``operationName`` means; ``None`` when that is not clear."""
        if self.node is None:
            return None
        operations = [node for node in self.node.definitions if isinstance(node, OperationDefinitionNode)]
        if name:
            return next((node for node in operations if node.name and node.name.value == name), None)
        return operations[0] if len(operations) == 1 else None

    def reads_schema(self, name: str | None) -> bool:
        """Whether the operation shows the schema and nothing else, and has no variables: its answer never changes."""
        operation = self.operation(name)
        if operation is None or operation.variable_definitions:
            return False
        names = {each.name.value if isinstance(each, FieldNode) else "" for each in operation.selection_set.selections}
        return names <= {"__schema", "__type", "__typename"} and names != {"__typename"}

    def is_query(self, name: str | None) -> bool:
        """Whether the operation only reads."""
        operation = self.operation(name)
        return operation is None or operation.operation is OperationType.QUERY

    def is_subscription(self, name: str | None) -> bool:
        """Whether the operation has one answer after the other."""
        operation = self.operation(name)
        return operation is not None and operation.operation is OperationType.SUBSCRIPTION


class Documents:
    """A bounded cache, least recently used out first. ``hits`` and ``misses`` tell how it does.

    ``measured``: limits that are counted in ``exceeded`` and refuse nothing. ``suggests``: errors name similar names
    that exist ("Did you mean …?"), which tells about the schema.
    """

    def __init__(self, schema: GraphQLSchema, measured: Collection[str] = (), *, suggests: bool = True) -> None:
        self._schema = schema
        self._measured = measured
        self._suggested = MAX_SUGGESTED_NAMES if suggests else 0
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self.hits = 0
        self.misses = 0
        self.exceeded: Counter[str] = Counter()

    def get(self, text: str) -> Document:
        """The document with this text, validated with every limit."""
        if found := self._documents.get(text):
            self._documents.move_to_end(text)
            self.hits += 1
            return found
        self.misses += 1
        document = self._read(text)
        if len(text) <= MAX_DOCUMENT_CHARACTERS:  # a longer one is refused, and only its error would be kept
            self._documents[text] = document
            if len(self._documents) > CACHED_DOCUMENTS:
                self._documents.popitem(last=False)
        return document

    def _read(self, text: str) -> Document:
        try:
            node = read(text)
        except GraphQLError as error:
            return Document(None, (error,), parsed=False)
        errors, exceeded = errors_in(self._schema, node, text, self._measured, self._suggested)
        self.exceeded.update(exceeded)
        return Document(None if errors else node, tuple(errors), introspects=not errors and _introspects(node))


_SCHEMA_FIELDS = frozenset({"__schema", "__type"})


def _introspects(document: DocumentNode) -> bool:
    """Whether any operation or fragment selects the schema, skipped or not. ``__typename`` is no part of it."""
    left: list[Iterable[SelectionNode]] = [
        node.selection_set.selections
        for node in document.definitions
        if isinstance(node, (OperationDefinitionNode, FragmentDefinitionNode))
    ]
    while left:
        for node in left.pop():
            if isinstance(node, FieldNode) and node.name.value in _SCHEMA_FIELDS:
                return True
            if inner := getattr(node, "selection_set", None):
                left.append(inner.selections)
    return False
