"""Makes the plan of one operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    type_from_ast,
)
from graphql.execution.values import VariableValues

from db.catalogue import Catalogue
from graphql_api.costs import Costs
from graphql_api.declarations import Declarations
from graphql_api.execution.compiled.columns import TYPENAME
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.constant import Constants
from graphql_api.execution.compiled.declined import Declined
from graphql_api.execution.compiled.layout import Layout
from graphql_api.execution.compiled.members import organization
from graphql_api.execution.compiled.names import Named, Names
from graphql_api.execution.compiled.organization_plan import OrganizationPlan
from graphql_api.execution.compiled.people import participant
from graphql_api.execution.compiled.plan import Binder, PersonPlan, Plan
from graphql_api.execution.compiled.roots import QUERY, is_own, personal
from graphql_api.execution.compiled.selection import Fields, Selection
from graphql_api.execution.compiled.template import Frame, Part, Template, an_object
from graphql_api.ordering import in_order


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes plans for the operations of one graph."""

    schema: GraphQLSchema
    catalogue: Catalogue
    declared: Declarations
    costs: Costs

    def compile(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, Any],
        known: VariableValues,
        names: Mapping[tuple[str, Names], Named | None],
    ) -> Plan:
        """The plan for these values of the variables it depends on.

        ``conditions``: those of @skip and @include; ``known``: those of few values; ``names``: what others name.
        Raises ``Declined`` where there is none, ``NeedsValue`` for a variable it depends on as well.
        """
        if operation.operation is not OperationType.QUERY:
            raise Declined("only queries are compiled")
        if not all(isinstance(value, bool) for value in conditions.values()):
            raise Declined("a condition is null")
        types = {
            each.variable.name.value: type_from_ast(self.schema, each.type)
            for each in operation.variable_definitions or ()
        }
        selection = Selection(self.schema, fragments, types, conditions, known)
        constants = Constants(self.schema, self.catalogue, operation, fragments, conditions, self.costs)
        layout = Layout(self.catalogue)
        made = Compilation(self.catalogue, self.declared, selection, constants, layout, self.costs, names)
        return _Root(made).plan(operation)


@dataclass(slots=True)
class _Root:
    """The fields of ``Query``: those that read rows, and any number that are the same for everyone."""

    made: Compilation

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        root = self.made.selection.collect(QUERY, [operation.selection_set])
        reading = [(key, nodes) for key, nodes in root.items() if not self._constant(nodes)]
        if not reading:
            raise Declined("nothing reads rows")
        if all(is_own(nodes) for _, nodes in reading):
            return self._own(root)
        if len(reading) > 1:
            raise Declined("several fields of Query read rows")
        ((wanted, nodes),) = reading
        members: list[tuple[str, list[Part]]] = [
            (key, [_mark] if key == wanted else [self._json(found)]) for key, found in root.items()
        ]
        frame = Frame.around(_mark, an_object(members, self.made.own(QUERY, root)))
        name = nodes[0].name.value
        if name == "user":
            template = Template(participant(self.made, nodes))
            return PersonPlan(self.made.layout, frame, template, self._binder(QUERY, nodes[0]))
        if name in ("field", "fields"):
            template, whose = Template(personal(self.made, nodes)), self._binder(QUERY, nodes[0])
            return PersonPlan(self.made.layout, frame, template, whose, "userId", even_unseen=True)
        if name == "organization":
            shown = organization(self.made, nodes)
            page = shown.nodes[0] if shown.nodes else None
            paged = self._binder("Organization", page) if page else None
            filtered = page is not None and any(each.name.value == "filter" for each in page.arguments or ())
            return OrganizationPlan(
                self.made.catalogue,
                self.made.layout,
                frame,
                shown,
                self._binder(QUERY, nodes[0]),
                paged,
                filtered,
            )
        raise Declined(f"{QUERY}.{name} is not declared as data")

    def _own(self, root: Fields) -> Plan:
        members: list[tuple[str, list[Part]]] = [
            (key, [self._json(nodes)] if self._constant(nodes) else personal(self.made, nodes))
            for key, nodes in root.items()
        ]
        whole = Template(an_object(members, self.made.own(QUERY, root)))
        return PersonPlan(self.made.layout, Frame(), whole, None)

    def _constant(self, nodes: Any) -> bool:
        return nodes[0].name.value in (TYPENAME, "tools", "tool")

    def _json(self, nodes: Any) -> Part:
        node: FieldNode = nodes[0]
        if node.name.value == TYPENAME:
            return f'"{QUERY}"'
        kind = self.made.selection.definition(QUERY, node).type
        given = self.made.selection.arguments(QUERY, node)
        catalogue = self.made.catalogue
        source = in_order(catalogue, given["order"]) if node.name.value == "tools" else catalogue.find(given["slug"])
        return self.made.constants.json(source, kind, nodes)

    def _binder(self, type_name: str, node: FieldNode) -> Binder:
        selection = self.made.selection

        def bind(variables: VariableValues) -> Mapping[str, Any]:
            return selection.bound_arguments(type_name, node, variables)

        return bind


def _mark(_: Any) -> str:
    """Where the answer of the field that reads rows goes."""
    return ""
