"""The entry point for saying that values are still right."""

from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from graphql_api.execution.scope import lookahead
from graphql_api.scalars import FieldId
from graphql_api.types.arguments import ToolName
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.refusals import NotAllowed, NotFound, Refused, or_refused
from graphql_api.types.tools.refusals import SourceMoved
from graphql_api.types.tools.values import FieldValueType
from graphql_api.types.tools.work import ToolInterface
from resolvers.tools.confirming import Confirmed, confirm_values
from resolvers.tools.participant import ToolView
from resolvers.tools.reading import participant


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tool after a confirmation, and what that did."""

    view: ToolView
    confirmed: Confirmed


@strawberry.input(description="A source as you looked at it.")
class SeenSource:
    """A source."""

    field_id: FieldId = described("The published value that the tool builds on.")
    version: int = described("Its version then.")


@strawberry.type(description="The values are built on their sources as they are now.")
class ValuesConfirmed:
    """Confirmed."""

    is_type_of = stands_for(Outcome)

    tool: ToolInterface = computed("The tool as it is now.", lambda outcome: outcome.view)
    fields: list[FieldValueType] = computed(
        "The values that were stale and are not any more.",
        lambda outcome: outcome.view.field_values(outcome.confirmed.fields),
    )


ConfirmValuesResult = Annotated[
    ValuesConfirmed | SourceMoved | NotAllowed | NotFound,
    strawberry.union("ConfirmValuesResult", description="What became of a confirmation."),
]
Which = Annotated[
    list[FieldId] | None,
    strawberry.argument(description="Ids of values that the tool publishes; all of them without it."),
]
Looked = Annotated[
    list[SeenSource] | None,
    strawberry.argument(description="The sources you looked at; refused when one has changed since."),
]


@strawberry.type
class ConfirmMutations:
    """The field of ``Mutation`` about staleness."""

    @strawberry.mutation(
        description="Say that your values of a tool are still right, though what they were built on has changed. They"
        " keep their version; what was built on them stays as it is."
    )
    async def confirm_values(
        self, info: Info, tool: ToolName, ids: Which = None, seen: Looked = None
    ) -> ConfirmValuesResult:
        """Confirm."""
        looked = {str(source.field_id): source.version for source in seen or ()}
        done: Any = await or_refused(confirm_values(info.context, tool, ids, looked))
        if isinstance(done, Refused):
            refused: Any = done
            return refused
        person = await participant(info.context, None, lookahead(info).collect(done.tool))
        assert person is not None
        outcome: Any = Outcome(person.tool(done.tool), done)
        return outcome
