"""Fields of ``Query`` that read the rows of one person; any number that read the viewer's are one statement."""

from collections.abc import Callable, Sequence

from graphql import FieldNode, ListValueNode, NullValueNode, StringValueNode

from db.catalogue import Field
from graphql_api.declarations import Declared
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.leaves import NULL
from graphql_api.execution.compiled.names import Names, Reference
from graphql_api.execution.compiled.people import participant
from graphql_api.execution.compiled.stories import field_value
from graphql_api.execution.compiled.template import Part, a_list
from graphql_api.execution.compiled.values import published
from resolvers.tools.reading import MAX_FIELD_IDS

QUERY = "Query"

Nodes = Sequence[FieldNode]


def is_own(nodes: Nodes) -> bool:
    """Whether a field of ``Query`` reads the viewer's own rows and no one else's."""
    whose = [each.value for each in nodes[0].arguments or () if each.name.value == "userId"]
    return nodes[0].name.value in _PERSONAL and all(isinstance(value, NullValueNode) for value in whose)


def personal(made: Compilation, nodes: Nodes) -> list[Part]:
    """The answer of a field that reads the rows of one person."""
    return _PERSONAL[nodes[0].name.value](made, nodes)


def _field(made: Compilation, nodes: Nodes) -> list[Part]:
    found = made.named(nodes[0], "id", Names.FIELD)
    return [field_value(made, found, nodes) if isinstance(found, Field) else NULL]


def _fields(made: Compilation, nodes: Nodes) -> list[Part]:
    given = next(each.value for each in nodes[0].arguments or () if each.name.value == "ids")
    ids = given.values if isinstance(given, ListValueNode) else [given]
    if not all(isinstance(each, StringValueNode) for each in ids):
        raise Declined("fields: a variable decides what is selected")
    found = [made.catalogue.fields.get(each.value) for each in ids if isinstance(each, StringValueNode)]
    if None in found or not 1 <= len(found) <= MAX_FIELD_IDS:
        raise Declined("fields: the ids are refused")
    return a_list([[field_value(made, each, nodes)] for each in found if each])


def _reference(made: Compilation, nodes: Nodes) -> list[Part]:
    found = made.named(nodes[0], "key", Names.REFERENCE)
    if not isinstance(found, Reference):
        return [NULL]
    return [published(made, Declared(field_id=found.field.id, value_path=found.path, json_type="JSON"))]


_PERSONAL: dict[str, Callable[[Compilation, Nodes], list[Part]]] = {
    "viewer": participant,
    "field": _field,
    "fields": _fields,
    "reference": _reference,
}
