"""What a resolver may ask of the selection below it."""

from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.types import Info

from graphql_api.execution.lookahead import LookAhead


def lookahead(info: Info[Any, Any]) -> LookAhead:
    """The look-ahead over the selection of the field that is being resolved."""
    raw: GraphQLResolveInfo = info._raw_info
    graph = raw.schema.extensions["graph"]
    return LookAhead(raw, graph.catalogue, graph.declared)


def selects(info: Info[Any, Any], name: str) -> bool:
    """Whether the field that is being resolved selects ``name`` directly or through a fragment."""
    return name in {field.name for field in _flat(info.selected_fields[0].selections)}


def _flat(selections: Any) -> list[Any]:
    found = []
    for selection in selections:
        if hasattr(selection, "type_condition"):
            found += _flat(selection.selections)
        else:
            found.append(selection)
    return found
