"""The participant: a person with one field for each tool of the catalogue."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from db.catalogue import Catalogue
from db.viewer import Role
from graphql_api import global_id
from graphql_api.ordering import ToolOrder, in_order
from graphql_api.types.arguments import ToolName
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.node import Node
from graphql_api.types.tools.catalogue import ListOrder
from graphql_api.types.tools.generated import tool_fields
from graphql_api.types.tools.made import Generated, new_type, resolved
from graphql_api.types.tools.status import ProgressStatus
from graphql_api.types.tools.work import NextToolType, ProgressSummaryType, ToolInterface
from resolvers.tools.participant import Participant

StandsSo = Annotated[ProgressStatus | None, strawberry.argument(description="Only tools of this status.")]


@strawberry.type
class _Person(Node):
    id: strawberry.ID = computed(
        "Opaque and globally unique.", lambda person: global_id.encode("Participant", person.account.id)
    )
    database_id: UUID = computed("The account's UUID.", lambda person: person.account.id)
    email: str = described("Address, lower case.")
    full_name: str = described("First and last name.")
    role: Role = described("What the person may be.")
    created_at: datetime = described("When the account was made.")
    last_login_at: datetime | None = described("When the person last signed in.")
    organization_id: UUID | None = described("The organisation's UUID.")
    progress_summary: ProgressSummaryType = described("Counts over all tools.")
    next_tool: NextToolType = described("What to work on next.")

    @strawberry.field(description="Every tool, with this person's work; with `status`, only those that stand so.")
    def tools(
        root: strawberry.Parent[Any],
        info: Info,
        order: ListOrder = ToolOrder.SPRINT,
        status: StandsSo = None,
    ) -> list[ToolInterface]:
        """Tools in the order asked for."""
        views = [root.tool(tool) for tool in in_order(info.context.catalogue, order)]
        return [view for view in views if status is None or view.progress.status is status]

    @strawberry.field(description="One tool by slug or alias; null for a slug that is none.")
    def tool(root: strawberry.Parent[Any], info: Info, slug: ToolName) -> ToolInterface | None:
        """One tool."""
        found = info.context.catalogue.find(slug)
        return root.tool(found) if found else None


def participant_type(catalogue: Catalogue, made: Generated) -> type:
    """``Participant`` for this catalogue."""
    organization = resolved("organization", "Organization | None", "The organisation.", _company, made)
    return new_type(
        "Participant",
        "A person taking part in the programme, with one field for each tool.",
        [organization, *tool_fields(catalogue.tools, "Participant", made, "{} of this person.")],
        made,
        bases=(_Person,),
        is_type_of=stands_for(Participant),
    )


def _company(root: Any) -> Any:
    return root.company
