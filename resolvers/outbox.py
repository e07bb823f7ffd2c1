"""The outbox: facts are written in the transaction in which they happened, and read in the order of commits."""

from collections.abc import Sequence

from db.database import Database, Transaction
from db.models.identity import Account
from db.models.outbox import Cursor, Event, Fact
from db.statements import outbox as sql
from db.viewer import Viewer
from resolvers.context import Context

MAX_EVENTS = 500
"""Events of one read."""


async def record_facts(context: Context, transaction: Transaction, *facts: Fact, of: Account) -> None:
    """Record facts about ``of``'s work, done by the viewer inside ``transaction``."""
    await transaction.fetch(
        sql.RECORD_FACTS,
        context.clock(),
        of.id,
        context.signed_in().id,
        of.organization_id,
        [fact.row for fact in facts],
    )


async def events_after(database: Database, viewer: Viewer, cursor: Cursor, most: int = MAX_EVENTS) -> Sequence[Event]:
    """The next events that ``viewer`` may read, in order, none left out; fewer than ``most`` when there are no more.

    An event appears here once every transaction has ended that began before its own (docs/outbox.md), so that whoever
    goes on from the last one's cursor misses none.
    """
    rows = await database.reader(viewer)(sql.EVENTS_AFTER, cursor.transaction, cursor.position, most)
    return [Event(**row) for row in rows]


async def cursor_now(database: Database, viewer: Viewer) -> Cursor:
    """The place before everything that will be committed from now on."""
    (row,) = await database.reader(viewer)(sql.NOW)
    return Cursor(row["transaction"], 2**63 - 1)
