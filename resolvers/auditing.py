"""The audit trail: what somebody did goes into it in the transaction in which it was done."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db.database import Transaction
from db.statements import audit as sql
from db.viewer import ANONYMOUS
from resolvers.context import Context


async def record_event(
    context: Context,
    transaction: Transaction,
    action: str,
    entity: tuple[str, UUID | None] | None = None,
    details: Mapping[str, Any] | None = None,
    *,
    organization_id: UUID | None = None,
    tool_slug: str | None = None,
) -> None:
    """Record what the viewer has done inside ``transaction``; filed with ``organization_id``, else with their own.

    ``entity``: kind and id of what it was done to. ``details`` never holds secrets or answers.
    """
    account = context.signed_in()
    if context.key is not None:
        details = {**(details or {}), "service_key": str(context.key.id)}
    await transaction.fetch(
        sql.RECORD,
        account.id,
        organization_id or account.organization_id,
        tool_slug,
        action,
        *(entity or (None, None)),
        details,
        context.origin.address,
        context.origin.agent,
        context.clock(),
    )


async def record_refused_act(context: Context, act: str) -> None:
    """Record that the viewer was not allowed to do something; once a minute for each person and act.

    Nothing of nobody: what somebody tries who is not signed in is in the log.
    """
    account, now = context.account, context.clock()
    if account is None or not context.services.refusals_told.first((account.id, act), now):
        return
    async with context.database.transaction(context.viewer) as transaction:
        await record_event(context, transaction, "refused", None, {"act": act})


async def record_unauthenticated(
    context: Context, action: str, user_id: UUID | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Record what somebody did who is not signed in: a refused sign-in, a password that was asked for."""
    origin = context.origin
    async with context.database.transaction(ANONYMOUS) as transaction:
        await transaction.fetch(
            sql.RECORD_UNAUTHENTICATED,
            action,
            user_id,
            None,
            None,
            details,
            origin.address,
            origin.agent,
            context.clock(),
        )
