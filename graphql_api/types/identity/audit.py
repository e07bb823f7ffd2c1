"""The audit trail as those see it who may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.relay import PageInfo
from strawberry.types import Info

from db.models.audit import AuditEvent
from graphql_api import global_id
from graphql_api.cursor import decode_cursor, encode_cursor
from graphql_api.scalars import JSON
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.identity.people import AuthorType
from resolvers.audit_trail import EventFilter, audit_events, cursor
from resolvers.identity import MAX_PAGE
from resolvers.refusals import BadArgument


@strawberry.type(name="AuditEvent", description="Something that somebody did, or was refused.")
class AuditEventType:
    """An event."""

    is_type_of = stands_for(AuditEvent)

    database_id: UUID = computed("The event's UUID.", lambda event: event.id)
    at: datetime = described("When.")
    action: str = described("What, in the past tense: `saved`, `signed_in`, `role_changed`, `read`, `refused`.")
    user_id: UUID | None = described("UUID of who did it; where a service key did, of whom it asked for.")
    organization_id: UUID | None = described("UUID of the organisation that it is filed with.")
    tool: str | None = computed("Slug of the tool that it concerns.", lambda event: event.tool_slug)
    entity_type: str | None = described("The kind of thing it was done to.")
    entity_id: UUID | None = described("UUID of that thing.")
    changes: JSON | None = described("Details: which keys, which versions; never an answer or a secret.")
    address: str | None = described("The address it came from.")
    agent: str | None = described("The browser or app, as it names itself.")

    @strawberry.field(description="Who did it, if you may see that person.")
    async def user(root: strawberry.Parent[Any], info: Info) -> AuthorType | None:
        """The person."""
        return await info.context.loaders.accounts.load(root.user_id) if root.user_id else None


@dataclass(frozen=True, slots=True)
class Edge:
    """An event with its cursor."""

    node: AuditEvent
    cursor: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of events."""

    edges: list[Edge]
    page_info: PageInfo


@strawberry.type(description="An event, and where the list goes on after it.")
class AuditEventEdge:
    """An edge."""

    is_type_of = stands_for(Edge)

    node: AuditEventType = described("The event.")
    cursor: str = described("Opaque; for `after`.")


@strawberry.type(description="A page of the audit trail, the newest first.")
class AuditEventConnection:
    """A page."""

    is_type_of = stands_for(Connection)

    edges: list[AuditEventEdge] = described("The events of this page.")
    page_info: PageInfo = described("Whether and where the list goes on.")


@strawberry.input(name="AuditEventFilter", description="Which events to list; everything given must hold.")
class AuditEventFilter:
    """A filter."""

    action: str | None = strawberry.field(default=None, description="Only this action.")
    user_id: strawberry.ID | None = strawberry.field(default=None, description="Only what this person did.")
    organization_id: strawberry.ID | None = strawberry.field(default=None, description="Only this organisation's.")
    tool: str | None = strawberry.field(default=None, description="Slug or alias: only what concerns this tool.")
    since: datetime | None = strawberry.field(default=None, description="Not before this time.")
    until: datetime | None = strawberry.field(default=None, description="Before this time.")


First = Annotated[int, strawberry.argument(description=f"How many, from 0 to {MAX_PAGE}.")]
After = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]
Wanted = Annotated[AuditEventFilter | None, strawberry.argument(description="Which events; all without it.")]


@strawberry.type
class AuditQueries:
    """Fields of ``Query`` about the audit trail."""

    @strawberry.field(
        description="The audit trail, the newest first: what you did; for admins, what was done in their organisation;"
        " for platform admins, everything."
    )
    async def audit_events(
        self, info: Info, filter: Wanted = None, first: First = 20, after: After = None
    ) -> AuditEventConnection:
        """Events. Raises ``BadArgument`` for a bad page size, cursor, action or tool."""
        position = None if after is None else decode_cursor(after)
        page = await audit_events(info.context, _filter(info, filter), first=first, after=position)
        edges = [Edge(event, encode_cursor(cursor(event))) for event in page.events]
        connection: Any = Connection(
            edges,
            PageInfo(
                has_next_page=page.has_next,
                has_previous_page=after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )
        return connection


def _filter(info: Info, given: AuditEventFilter | None) -> EventFilter:
    if given is None:
        return EventFilter()
    tool = info.context.catalogue.find(given.tool) if given.tool is not None else None
    if given.tool is not None and tool is None:
        raise BadArgument("filter.tool", f"Tool not found: {given.tool!r:.80}")
    return EventFilter(
        given.action,
        global_id.user_id(given.user_id, "filter.userId"),
        global_id.company_id(given.organization_id, "filter.organizationId"),
        tool.slug if tool else None,
        given.since,
        given.until,
    )
