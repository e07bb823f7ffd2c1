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

REQUESTS_PER_HOUR = 10
"""Questions of one participant within any hour, and as many challenges."""

GUIDES_PER_HOUR = 50
"""The same for those who help others: gurus and admins."""

_HOUR = timedelta(hours=1)

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of somebody's requests of an hour, and when the oldest of those that count no longer does."""

    limit: int
    remaining: int
    reset_at: datetime
    reset_seconds: int


@dataclass(frozen=True, slots=True)
class Request:
    """A request under way."""

    id: UUID
    asked_at: datetime
    allowance: Allowance


def uncounted(context: Context) -> Allowance:
    """The allowance of somebody who has not asked anybody: where there is no assistant nothing is counted."""
    limit = _limit(context)
    return Allowance(limit, limit, context.clock(), 0)


def _limit(context: Context) -> int:
    return REQUESTS_PER_HOUR if context.signed_in().role is Role.USER else GUIDES_PER_HOUR


async def open_request(context: Context, tool: Tool, kind: Kind) -> Request:
    """Count a request; raises ``RateLimited`` where nothing is left of the hour."""
    account = context.signed_in()
    limit = _limit(context)
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
    return Request(row["id"], now, Allowance(limit, limit - recent["requests"] - 1, reset_at, seconds))


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
