"""The outbox: facts are written in the transaction in which they happened. ``resolvers/live`` reads them."""

from db.database import Transaction
from db.models.identity import Account
from db.models.outbox import Fact
from db.statements import outbox as sql
from resolvers.context import Context


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
