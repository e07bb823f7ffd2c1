"""Requests for help as they are counted: how many are left, and how each ended. Never what was asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from db.catalogue import Tool
from db.models.outbox import Fact, FactKind
from db.statements import help as sql
from db.viewer import Role
from resolvers.assistant import Kind, Outcome, Unanswered
from resolvers.context import Context
from resolvers.outbox import record_facts
from resolvers.refusals import AssistantTimedOut, AssistantUnavailable, AssistantUnusable, RateLimited

HELP_PER_HOUR = 10
"""Questions of one participant within any hour."""

CHALLENGES_PER_HOUR = 30
"""The same for challenges, which a page asks for by itself when a tool is handed in."""

GUIDES_PER_HOUR = 50
"""Both for those who help others: gurus and admins."""

_PER_HOUR = {Kind.HELP: HELP_PER_HOUR, Kind.CHALLENGE: CHALLENGES_PER_HOUR}
_HOUR = timedelta(hours=1)

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Request:
    """A request under way, with what is left of the viewer's allowance."""

    id: UUID
    asked_at: datetime
    limit: int
    remaining: int
    reset_at: datetime
    reset_seconds: int


async def open_request(context: Context, tool: Tool, kind: Kind) -> Request:
    """Count a request; raises ``RateLimited`` where nothing is left of the hour."""
    account = context.signed_in()
    limit = _PER_HOUR[kind] if account.role is Role.USER else GUIDES_PER_HOUR
    async with context.database.transaction(context.viewer, lock=account.id) as transaction:
        now = context.clock()  # behind the lock: no request that is counted is later
        recent = await transaction.fetch_row(sql.RECENT, account.id, kind.value, now - _HOUR)
        assert recent is not None
        reset_at = (recent["first"] or now) + _HOUR
        left = reset_at - now
        if recent["requests"] >= limit:
            raise RateLimited(limit, left, reset_at)
        row = await transaction.fetch_row(sql.ASK, account.id, account.organization_id, tool.slug, kind.value, now)
        assert row is not None
        if kind is Kind.HELP:
            await record_facts(context, transaction, Fact(FactKind.HELP_REQUESTED, tool.slug), of=account)
    seconds = max(1, round(left.total_seconds()))
    return Request(row["id"], now, limit, limit - recent["requests"] - 1, reset_at, seconds)


async def answered(context: Context, request: Request, guidance: str, ask: Callable[[str], Awaitable[Given]]) -> Given:
    """What ``ask`` is answered, given the request's key; how it ended is noted, and how long it took.

    Raises ``AssistantUnavailable``, ``AssistantTimedOut`` and ``AssistantUnusable`` with the guidance.
    """
    try:
        given = await ask(str(request.id))
    except Unanswered as failure:
        await _end(context, request, failure.outcome)
        if failure.outcome is Outcome.UNAVAILABLE:
            raise AssistantUnavailable(guidance, failure.retry_after) from failure
        refusal = AssistantTimedOut if failure.outcome is Outcome.TIMED_OUT else AssistantUnusable
        raise refusal(guidance) from failure
    await _end(context, request, Outcome.ANSWERED)
    return given


async def _end(context: Context, request: Request, outcome: Outcome) -> None:
    took = (context.clock() - request.asked_at) // timedelta(milliseconds=1)
    async with context.database.transaction(context.viewer) as transaction:
        await transaction.fetch(sql.END, request.id, outcome.value, max(0, took))
