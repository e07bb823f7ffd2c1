"""Tells one event to one endpoint: shaped, signed, sent; tried again until it has arrived or has been tried enough."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.worker.run import GiveUp, Run, TryAgain
from db.database import Record
from db.encryption.key_ring import WrappedKey
from db.models.webhooks import DeliveryStatus, OpenDelivery
from db.permissions import Permission, roles_with
from db.statements import webhooks as sql
from db.viewer import ANONYMOUS
from graphql_api.webhook_bodies import NotAnswered, shaped
from integrations.webhooks import Undeliverable
from resolvers.context import Context

MAX_BODY_BYTES = 1_000_000
"""Of one message."""

GONE = 410
"""The receiver wants no more of them."""


class _Refused(Exception):
    """The endpoint may not be told anything as it is; it is paused, and the message is why."""


async def deliver(run: Run) -> None:
    """One attempt. Raises ``TryAgain`` or ``GiveUp`` where it has not arrived."""
    delivery_id = UUID(run.ids["delivery_id"])
    found = await _call(run, sql.OPEN, delivery_id)
    if found is None:
        return  # the webhook is deleted, or the event is past its time
    delivery = _opened(found)
    if delivery.status is DeliveryStatus.DELIVERED:
        return  # done by a worker that was killed before it could say so
    try:
        body = await _body(run, delivery)
    except _Refused as refusal:
        await _call(run, sql.PAUSE, delivery.endpoint_id, str(refusal), run.gateway.contexts.clock())
        await _close(run, delivery_id, DeliveryStatus.FAILED, None, str(refusal))
        raise GiveUp(str(refusal)) from refusal
    secret = run.gateway.database.data_keys.ring.unwrap(delivery.secret)
    status, error = None, None
    try:
        at = run.gateway.contexts.clock()
        status = await run.gateway.services.webhooks.send(delivery.url, str(delivery.event_id), at, secret, body)
    except Undeliverable as reason:
        error = str(reason)
    if status is not None and 200 <= status < 300:
        await _close(run, delivery_id, DeliveryStatus.DELIVERED, status, None)
        return
    if status == GONE:
        reason_gone = "The receiver answered 410 Gone."
        await _call(run, sql.PAUSE, delivery.endpoint_id, reason_gone, run.gateway.contexts.clock())
        await _close(run, delivery_id, DeliveryStatus.FAILED, status, reason_gone)
        raise GiveUp(reason_gone)
    wait = run.patience.wait(run.attempt)
    if wait is None:
        await _close(run, delivery_id, DeliveryStatus.FAILED, status, error)
        raise GiveUp("It was tried often enough.")
    again = run.gateway.contexts.clock() + wait
    await _close(run, delivery_id, DeliveryStatus.WAITING, status, error, again)
    raise TryAgain(wait)


async def delivery_dead(run: Run) -> None:
    """Close a delivery that still waits for an attempt which nobody will make."""
    delivery_id = UUID(run.ids["delivery_id"])
    found = await _call(run, sql.OPEN, delivery_id)
    if found is not None and found["status"] == DeliveryStatus.WAITING:
        reason = "It could not be sent, for reasons of ours. Replay it."
        await _close(run, delivery_id, DeliveryStatus.FAILED, None, reason)


async def _body(run: Run, delivery: OpenDelivery) -> bytes:
    """The message. Raises ``_Refused`` where its shape may not be asked for any more."""
    if not delivery.active:
        raise _Refused("The webhook is paused.")
    message: dict[str, Any] = {
        "type": delivery.kind,
        "timestamp": delivery.at.isoformat(),
        "event": {
            "id": str(delivery.event_id),
            "userId": str(delivery.user_id),
            "actorId": str(delivery.actor_id) if delivery.actor_id else None,
            "organizationId": str(delivery.organization_id),
            "tool": delivery.tool_slug,
            "fieldIds": delivery.field_ids,
            "details": delivery.details,
        },
    }
    context = await _as_admin(run, delivery)
    if delivery.document is not None:
        try:
            answer = await shaped(run.gateway, context, delivery.document, delivery)
        except NotAnswered as refusal:
            raise _Refused(str(refusal)) from refusal
        message |= {name: answer[name] for name in ("data", "errors") if name in answer}
    body = orjson.dumps(message)
    if len(body) > MAX_BODY_BYTES:
        raise _Refused(f"A message had {len(body):,} bytes; at most {MAX_BODY_BYTES:,} are sent. Ask for less.")
    return body


async def _as_admin(run: Run, delivery: OpenDelivery) -> Context:
    """The context of who last changed the webhook. Raises ``_Refused`` once that is no admin of the organisation."""
    context = None
    if delivery.changed_by is not None:
        context = await run.gateway.contexts.for_person(delivery.changed_by, f"job-{run.number}")
    if (
        context is None
        or context.viewer.role not in roles_with(Permission.MANAGE_WEBHOOKS)
        or context.viewer.organization_id != delivery.organization_id
    ):
        raise _Refused("Who last changed the webhook is no admin of the organisation any more; another one has to.")
    return context


async def _call(run: Run, statement: str, *arguments: Any) -> Record | None:
    async with run.gateway.database.transaction(ANONYMOUS) as transaction:
        return await transaction.fetch_row(statement, *arguments)


async def _close(
    run: Run,
    delivery_id: UUID,
    status: DeliveryStatus,
    answered: int | None,
    error: str | None,
    again: datetime | None = None,
) -> None:
    now = run.gateway.contexts.clock()
    if error is None and status is not DeliveryStatus.DELIVERED:
        error = f"The receiver answered {answered}."
    await _call(run, sql.CLOSE, delivery_id, status.value, answered, error, now, again)


def _opened(row: Record) -> OpenDelivery:
    columns = dict(row)
    wrapped = {name: columns.pop(name) for name in ("wrapped", "wrapped_by", "fingerprint")}
    secret = WrappedKey(columns["endpoint_id"], columns["organization_id"], **wrapped)
    return OpenDelivery(**(columns | {"secret": secret, "status": DeliveryStatus(columns["status"])}))
