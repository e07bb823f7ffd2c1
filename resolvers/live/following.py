"""Following somebody's work: first from where, then every event, each read as whoever follows is at that moment."""

import random
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from db.database import Database
from db.models.outbox import Event
from db.permissions import PERMISSIONS, Permission, Reach
from db.statements import events as sql
from db.viewer import Role, Viewer
from resolvers.context import Context
from resolvers.identity import find_account, find_company
from resolvers.live.feeds import Following, Page
from resolvers.live.positions import Mark, Position, read_mark
from resolvers.refusals import BadArgument, NotAllowed, NotFound, ReadAfresh

PAGE = 100
"""Events of one read."""

RECHECK = 25.0
"""Seconds after which it is asked again who follows, even if nothing happens: a token can have ended meanwhile."""

FIRST_LOOK, LAST_LOOK = 0.005, 0.5
"""Seconds between two looks for what has been committed while an older transaction still runs: at first, at most."""

CLOCKS = timedelta(minutes=5)
"""How far a cursor's time and the times of the events beside it may lie apart."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of these kinds, and with ``field_ids`` only those that concern one of them."""

    kinds: frozenset[str]
    field_ids: frozenset[str] | None = None

    def fits(self, event: Event) -> bool:
        """Whether an event is one of them."""
        return self.field_ids is None or not self.field_ids.isdisjoint(event.field_ids)


@dataclass(frozen=True, slots=True)
class Begun:
    """The following has begun; everything that is committed from here on will come."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something for the follower. ``context``: who that is now; it has been read with this event."""

    context: Context
    what: Begun | Event
    mark: Mark


async def following_of(context: Context, user_id: UUID | None, organization_id: UUID | None) -> Following:
    """Whose work the viewer wants to follow: their own unless they say whose.

    Raises ``BadArgument`` for a person and an organisation at once, ``NotAllowed`` for a participant who asks for
    others, ``NotFound`` for what the viewer may not see.
    """
    account = context.signed_in()
    if user_id is not None and organization_id is not None:
        raise BadArgument("organizationId", "Follow a person or an organisation, not both.")
    if organization_id is None:
        if user_id in (None, account.id):
            return Following(account.id)
        _refuse_own_work_only(account.role)
        if await find_account(context, user_id) is None:
            raise NotFound("User not found")
        assert user_id is not None
        return Following(user_id)
    _refuse_own_work_only(account.role)
    company = await find_company(context, organization_id)
    reaches = PERMISSIONS[Permission.READ_WORK][account.role]
    guided = Reach.GUIDED in reaches and organization_id in account.guided_organization_ids
    if company is None or not (
        guided or (Reach.ORGANIZATION in reaches and organization_id == account.organization_id)
    ):
        raise NotFound("Organisation not found")
    return Following(organization_id, whole=True)


def _refuse_own_work_only(role: Role) -> None:
    if PERMISSIONS[Permission.READ_WORK][role] <= {Reach.OWN}:
        raise NotAllowed


async def follow(context: Context, following: Following, wanted: Wanted, after: str | None) -> AsyncGenerator[Told]:
    """``Begun``, then every event there is from ``after`` (a decoded cursor), without one from now, in their order.

    Nothing is kept for a follower who is slow: the next events are read once these have been taken. Raises
    ``ReadAfresh`` for a cursor that is too old, and what ``Renewal.ask`` raises as soon as the viewer is nobody.
    """
    mark = read_mark(after) if after is not None else None
    if mark is not None:
        _refuse_too_old(context, mark)
    with context.services.feeds.follower(following) as follower:
        renewed = context.clock()
        look = FIRST_LOOK
        horizon = (await _read(context, following, wanted, Position(_NEVER), 0)).horizon
        if mark is None:
            mark = Mark(Position(horizon), renewed)
        elif horizon < mark.position.transaction:
            raise ReadAfresh  # a cursor of another database: this one has not come so far yet
        position = mark.position
        yield Told(context, Begun(), mark)
        while True:
            page = await _read(context, following, wanted, position, follower.behind)
            for event in page.events:
                if wanted.fits(event):
                    if (context.clock() - renewed).total_seconds() > RECHECK:  # the last ones were taken slowly
                        context, renewed = await _again(context, following), context.clock()
                    yield Told(context, event, Mark(Position(event.transaction, event.position), event.at))
            position = page_end(page, position)
            if page.full:
                continue
            if page.horizon <= follower.behind:
                await follower.sleep(look)
                look = min(2 * look, LAST_LOOK)
            else:
                look = FIRST_LOOK
                await follower.sleep(_until(context))
            context, renewed = await _again(context, following), context.clock()


_NEVER = 2**63 - 1


def page_end(page: Page, position: Position) -> Position:
    """Where to go on after a page."""
    if page.full:
        last = page.events[-1]
        return Position(last.transaction, last.position)
    return max(position, Position(page.horizon))


def _refuse_too_old(context: Context, mark: Mark) -> None:
    if mark.at < context.clock() - context.services.events_kept + CLOCKS:
        raise ReadAfresh


def _until(context: Context) -> float:
    """Seconds until it has to be asked again who this is."""
    # Not all at the same moment: those who came together would ask together for ever, and hold up what happens then.
    soon = RECHECK * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    if context.renewal is None:
        return soon
    return max(0.0, min(soon, context.renewal.until - context.clock().timestamp()))


async def _again(context: Context, following: Following) -> Context:
    """The context of this moment; raises what ``following_of`` raises where the viewer may see less than before."""
    if context.renewal is None:
        return context
    now = await context.renewal.ask()
    if now.viewer != context.viewer:
        await following_of(now, *((None, following.of) if following.whole else (following.of, None)))
    return now


async def _read(context: Context, following: Following, wanted: Wanted, after: Position, behind: int) -> Page:
    read = partial(read_page, context.database, context.viewer, following, wanted.kinds, after)
    key = (context.viewer.settings, wanted.kinds, after)
    return await context.services.feeds.page(following, key, behind, read)


async def read_page(
    database: Database, viewer: Viewer, following: Following, kinds: Collection[str], after: Position, most: int = PAGE
) -> Page:
    """The next events of these kinds that ``viewer`` may see, none left out of those before the page's horizon."""
    scope = "organization_id" if following.whole else "user_id"
    rows = await database.reader(viewer)(
        sql.events_after(scope), following.of, sorted(kinds), after.transaction, after.event, most
    )
    events = tuple(Event(**columns) for row in rows if (columns := dict(row)).pop("horizon") and row["id"])
    return Page(events, rows[0]["horizon"], len(events) == most)
