"""How often somebody may export: counted by what the audit trail says they have exported."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.database import Transaction
from db.models.outbox import Fact, FactKind
from db.statements.audit import RECENT_EVENTS
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.outbox import record_facts
from resolvers.refusals import RateLimited
from resolvers.tools.participant import Participant, ToolView

EXPORTS_PER_HOUR = 10
"""Exports of one person within any hour."""

_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after an export, and when the oldest of those that count no longer does."""

    remaining: int
    reset_at: datetime
    reset_seconds: int
    limit: int = EXPORTS_PER_HOUR


async def require_allowance(context: Context) -> None:
    """Raise ``RateLimited`` where the next export would be, before anything is made for it."""
    async with context.database.transaction(context.viewer) as transaction:
        await _recent(context, transaction)


async def spend_allowance(context: Context, view: ToolView, form: str) -> Allowance:
    """Record an export of ``view`` in a transaction of its own. Raises ``RateLimited``."""
    async with context.database.transaction(context.viewer, lock=context.signed_in().id) as transaction:
        return await record_export(context, transaction, view, form)


async def record_export(
    context: Context, transaction: Transaction, exported: ToolView | Participant, form: str
) -> Allowance:
    """Record an export of a tool, or of all completed ones, inside ``transaction``. Raises ``RateLimited``.

    The transaction holds the lock of who exports: their exports follow one another, and none is overlooked.
    """
    events, reset_at = await _recent(context, transaction)
    details: dict[str, Any] = {"format": form}
    owner = exported.account if isinstance(exported, Participant) else exported.participant.account
    entity, slug = ("user", owner.id), None
    if isinstance(exported, ToolView):
        submission = exported.submission
        assert submission is not None
        entity, slug = ("submission", submission.id), exported.tool.slug
        details["version"] = submission.version
    await record_event(
        context, transaction, "exported", entity, details, organization_id=owner.organization_id, tool_slug=slug
    )
    fact = Fact(FactKind.EXPORTED, slug, (), details)
    await record_facts(context, transaction, fact, of=owner)
    seconds = max(1, round((reset_at - context.clock()).total_seconds()))
    return Allowance(EXPORTS_PER_HOUR - events - 1, reset_at, seconds)


async def _recent(context: Context, transaction: Transaction) -> tuple[int, datetime]:
    """Exports that count against the next one, and when the first of them no longer does."""
    now = context.clock()
    recent = await transaction.fetch_row(RECENT_EVENTS, context.signed_in().id, "exported", now - _WINDOW)
    assert recent is not None
    reset_at = (recent["first"] or now) + _WINDOW
    if recent["events"] >= EXPORTS_PER_HOUR:
        raise RateLimited(EXPORTS_PER_HOUR, reset_at - now, reset_at)
    return recent["events"], reset_at
