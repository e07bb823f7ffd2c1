"""In which order tools are listed."""

from enum import Enum

from db.catalogue import Catalogue, Tool


class ToolOrder(Enum):
    """Orders of a list of tools."""

    SPRINT = "sprint"
    SEQUENCE = "sequence"


def in_order(catalogue: Catalogue, order: ToolOrder) -> tuple[Tool, ...]:
    """All tools in the order asked for."""
    return catalogue.sequence if order is ToolOrder.SEQUENCE else catalogue.tools
