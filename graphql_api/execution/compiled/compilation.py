"""Everything that is at hand while one plan is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import FieldNode

from db.catalogue import Catalogue
from graphql_api.costs import Costs
from graphql_api.declarations import COLUMNS, Column, Declarations
from graphql_api.execution.compiled.constant import Constants
from graphql_api.execution.compiled.declined import NeedsValue
from graphql_api.execution.compiled.layout import Layout
from graphql_api.execution.compiled.names import Named, Names, named
from graphql_api.execution.compiled.selection import Fields, Selection


@dataclass(frozen=True, slots=True)
class Compilation:
    """The parts of one compilation. ``names``: what variables name in the catalogue."""

    catalogue: Catalogue
    declared: Declarations
    selection: Selection
    constants: Constants
    layout: Layout
    costs: Costs
    names: Mapping[tuple[str, Names], Named | None]

    def own(self, type_name: str, selected: Fields) -> int:
        """What an object of the answer costs by itself."""
        return self.costs.own(type_name, selected.values())

    def column(self, type_name: str, field: str) -> Column | None:
        """The column that a field is, if it is one whose permission is declared."""
        column = COLUMNS[type_name].get(field)
        return column if column and column.permission else None

    def named(self, node: FieldNode, argument: str, kind: Names) -> Named | None:
        """What an argument of a field names in the catalogue; ``None`` when that is nothing there."""
        text, variable = self.selection.text(node, argument)
        if variable is None:
            return named(self.catalogue, kind, text or "")
        if (variable, kind) not in self.names:
            raise NeedsValue(variable, kind)
        return self.names[variable, kind]
