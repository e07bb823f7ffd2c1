"""Reading the audit trail: people what they did, admins what was done in their organisation, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.models.audit import AuditEvent
from db.permissions import PERMISSIONS, Permission, Reach
from db.statements import audit as sql
from resolvers.context import Context
from resolvers.identity import MAX_PAGE
from resolvers.refusals import BadArgument
from resolvers.time_cursor import read_time_cursor, time_cursor

MAX_ACTION = 100
"""Characters of an action's name."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events; everything given must hold. ``since`` is within, ``until`` is not."""

    action: str | None = None
    user_id: UUID | None = None
    organization_id: UUID | None = None
    tool_slug: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, and whether there are older ones."""

    events: Sequence[AuditEvent]
    has_next: bool


NO_EVENTS = EventPage((), has_next=False)


async def audit_events(context: Context, wanted: EventFilter, *, first: int, after: str | None) -> EventPage:
    """A page of what the viewer may see. Raises ``BadArgument`` for a bad page size, cursor or action."""
    if not 0 <= first <= MAX_PAGE:
        raise BadArgument("first", f"A page has 0 to {MAX_PAGE} events, not {first}.")
    if wanted.action is not None and (len(wanted.action) > MAX_ACTION or "\x00" in wanted.action):
        raise BadArgument("filter.action", f"An action has at most {MAX_ACTION} characters, such as 'saved'.")
    position = read_time_cursor(after) if after is not None else ()
    given = _within_reach(context, wanted)
    if given is None:
        return NO_EVENTS
    statement = sql.events(frozenset(given), continued=after is not None)
    keys = [given[name] for name in sql.EVENT_CONDITIONS if name in given]
    rows = await context.database.reader(context.viewer)(statement, *keys, *position, first + 1)
    return EventPage([AuditEvent(**row) for row in rows[:first]], len(rows) > first)


def cursor(event: AuditEvent) -> list[str]:
    """Where a page that ends with this event goes on."""
    return time_cursor(event.at, event.id)


def _within_reach(context: Context, wanted: EventFilter) -> dict[str, Any] | None:
    """The conditions with the one that the viewer's reach adds, which an index begins with; ``None``: nothing is left.

    The policy says the same of each row; said here, a page is found without looking at rows of others.
    """
    account = context.account
    if account is None:
        return None
    given = {name: getattr(wanted, name) for name in sql.EVENT_CONDITIONS if getattr(wanted, name) is not None}
    reaches = PERMISSIONS[Permission.READ_AUDIT][account.role]
    if Reach.ALL in reaches or wanted.user_id == account.id:
        return given
    if Reach.ORGANIZATION in reaches and account.organization_id is not None:
        own, name = account.organization_id, "organization_id"
    else:
        own, name = account.id, "user_id"
    return given | {name: own} if given.get(name, own) == own else None
