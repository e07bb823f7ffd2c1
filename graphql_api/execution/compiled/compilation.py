"""Everything that is at hand while one plan is made."""

from dataclasses import dataclass

from db.catalogue import Catalogue, Tool
from graphql_api.declarations import COLUMNS, Column, Declarations
from graphql_api.execution.compiled.constant import Constants
from graphql_api.execution.compiled.layout import Layout
from graphql_api.execution.compiled.selection import Selection


@dataclass(frozen=True, slots=True)
class Compilation:
    """The parts of one compilation. ``tools``: what variables that name a tool stand for."""

    catalogue: Catalogue
    declared: Declarations
    selection: Selection
    constants: Constants
    layout: Layout
    tools: dict[str, Tool | None]

    def column(self, type_name: str, field: str) -> Column | None:
        """The column that a field is, if it is one whose permission is declared."""
        column = COLUMNS[type_name].get(field)
        return column if column and column.permission else None
