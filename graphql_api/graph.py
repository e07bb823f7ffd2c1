"""The graph: the schema made from a catalogue, with the declarations of its fields."""

from dataclasses import dataclass

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from db.catalogue import Catalogue
from graphql_api.costs import Costs, costs_of
from graphql_api.declarations import Declarations
from graphql_api.execution.validation import errors_in, read
from graphql_api.refused_acts import record_refused_acts
from graphql_api.scalars import SCALARS
from graphql_api.types.cost import Cost, ListSize, show_costs
from graphql_api.types.identity.entry import IDENTITY_MUTATIONS, IDENTITY_QUERIES
from graphql_api.types.tools.courses import CourseMutations
from graphql_api.types.tools.exports import ExportMutations, ExportQueries
from graphql_api.types.tools.generated import generate
from graphql_api.types.tools.help import HelpMutations, HelpQueries
from graphql_api.types.tools.made import new_type
from graphql_api.types.tools.mutation import ToolMutations, mutation_fields
from graphql_api.types.tools.mutation.confirming import ConfirmMutations
from graphql_api.types.tools.organization import organization_type
from graphql_api.types.tools.participant import participant_type
from graphql_api.types.tools.query import ToolQueries, query_fields
from graphql_api.types.tools.subscription import subscription_type


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A schema ready to execute. Two are never equal, so what is made of one can be kept under it."""

    catalogue: Catalogue
    schema: GraphQLSchema
    declared: Declarations
    costs: Costs
    sdl: str
    """The schema in the schema definition language, types sorted by name."""

    def errors(self, text: str) -> list[GraphQLError]:
        """What keeps a text from being executed: its syntax, the limits, the rules; empty when nothing does."""
        try:
            return errors_in(self.schema, read(text), text)[0]
        except GraphQLError as error:
            return [error]


def build_graph(catalogue: Catalogue) -> Graph:
    """Make the whole schema from a catalogue."""
    made = generate(catalogue)
    organization_type(made)
    participant_type(catalogue, made)
    strawberry_schema = strawberry.Schema(
        query=new_type(
            "Query",
            "Everything that can be read.",
            query_fields(made),
            made,
            bases=(ToolQueries, HelpQueries, ExportQueries, *IDENTITY_QUERIES),
        ),
        mutation=new_type(
            "Mutation",
            "Everything that can be written.",
            mutation_fields(catalogue, made),
            made,
            bases=(
                ToolMutations,
                ConfirmMutations,
                CourseMutations,
                HelpMutations,
                ExportMutations,
                *IDENTITY_MUTATIONS,
            ),
        ),
        subscription=subscription_type(made),
        types=[*made.tool_types.values(), Cost, ListSize],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    schema = strawberry_schema._schema
    record_refused_acts(schema)
    costs = costs_of(schema, catalogue)
    show_costs(strawberry_schema, costs)
    graph = Graph(catalogue, schema, made.declared, costs, strawberry_schema.as_str() + "\n")
    # Resolvers find the graph they run in here; two graphs can live in one process.
    schema.extensions["graph"] = graph
    return graph
