"""What a resolver may ask of the selection below it."""

from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.types import Info

from graphql_api.execution.lookahead import LookAhead


def lookahead(info: Info[Any, Any]) -> LookAhead:
    """The look-ahead over the selection of the field that is being resolved."""
    raw: GraphQLResolveInfo[Any] = info._raw_info
    graph = raw.schema.extensions["graph"]
    return LookAhead(raw, graph.catalogue, graph.declared)


def selects(info: Info[Any, Any], name: str) -> bool:
    """Whether the field that is being resolved selects ``name`` directly or through a fragment."""
    return lookahead(info).selects(name)
