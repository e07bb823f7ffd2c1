"""Relay's Node: everything that can be fetched again by its id."""

from typing import Any

import strawberry

from db.catalogue import Tool
from db.models.identity import Company
from graphql_api.types.describe import described
from resolvers.tools.participant import Participant, ToolView


@strawberry.interface(description="An object that `node(id)` gives again.")
class Node:
    """Relay's Node."""

    id: strawberry.ID = described("Opaque and globally unique.")

    @classmethod
    def resolve_type(cls, source: Any, _: Any, __: Any) -> str:
        """Name of the object type for a source."""
        match source:
            case ToolView():
                return f"{source.tool.type_name}Tool"
            case Participant():
                return "Participant"
            case Company():
                return "Organization"
            case Tool():
                return "ToolDefinition"
        raise TypeError(type(source).__name__)
