"""What became of webhooks, and doing it once more: for admins; dead jobs for those who run the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.database import Record
from db.models.webhooks import Delivery, DeliveryStatus, FailedJob
from db.permissions import Permission
from db.statements import webhooks as sql
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.identity import MAX_PAGE
from resolvers.jobs import Job, Queue, defer
from resolvers.permissions import require
from resolvers.refusals import BadArgument, NotFound
from resolvers.time_cursor import read_time_cursor, time_cursor

MAX_JOB = 2**63 - 1
"""The highest number of a job."""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some deliveries, and whether there are older ones."""

    deliveries: Sequence[Delivery]
    has_next: bool


async def deliveries(
    context: Context, webhook_id: UUID | None, status: DeliveryStatus | None, *, first: int, after: str | None
) -> DeliveryPage:
    """A page of the deliveries of a webhook, or of the viewer's organisation, the newest first; none for those who do
    not manage them. Raises ``BadArgument`` for a bad page size or cursor."""
    if not 0 <= first <= MAX_PAGE:
        raise BadArgument("first", f"A page has 0 to {MAX_PAGE} deliveries, not {first}.")
    position = read_time_cursor(after) if after is not None else ()
    of = webhook_id or context.viewer.organization_id
    if of is None or context.account is None:
        return DeliveryPage((), has_next=False)
    statement = sql.deliveries(
        of_endpoint=webhook_id is not None, with_status=status is not None, continued=after is not None
    )
    keys = [of] if status is None else [of, status.value]
    rows = await context.database.reader(context.viewer)(statement, *keys, *position, first + 1)
    return DeliveryPage([delivery_of(row) for row in rows[:first]], len(rows) > first)


def cursor(delivery: Delivery) -> list[str]:
    """Where a page that ends with this delivery goes on."""
    return time_cursor(delivery.created_at, delivery.id)


async def replay_delivery(context: Context, delivery_id: UUID) -> Delivery:
    """Send it once more, under the same id, whether or not it had arrived. Raises ``NotAllowed`` and ``NotFound``."""
    require(context, Permission.MANAGE_WEBHOOKS)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.REPLAY, delivery_id)
        if row is None:
            raise NotFound("Delivery not found")
        key = f"delivery {delivery_id}"
        await defer(transaction, Job.DELIVER_WEBHOOK, {"delivery_id": str(delivery_id)}, queue=Queue.OUTSIDE, key=key)
        entity = ("webhook_delivery", delivery_id)
        await record_event(context, transaction, "webhook_replayed", entity)
    return delivery_of(row)


async def failed_jobs(context: Context, first: int) -> Sequence[FailedJob]:
    """The newest dead jobs of the whole installation; none for those who do not run it. Raises ``BadArgument``."""
    if not 0 <= first <= MAX_PAGE:
        raise BadArgument("first", f"A page has 0 to {MAX_PAGE} jobs, not {first}.")
    if context.account is None:
        return ()
    return [FailedJob(**row) for row in await context.database.reader(context.viewer)(sql.FAILED_JOBS, first)]


async def replay_job(context: Context, number: str) -> int:
    """Have a dead job done once more, with all its attempts. Raises ``NotAllowed`` and ``NotFound``."""
    require(context, Permission.MANAGE_JOBS)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 20 else 0
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.REPLAY_JOB, min(wanted, MAX_JOB))
        if row is None or row["name"] is None:
            raise NotFound("There is no dead job with this number.")
        await record_event(context, transaction, "job_replayed", None, {"job": wanted, "name": row["name"]})
    return wanted


def delivery_of(row: Record) -> Delivery:
    """The delivery of a row."""
    return Delivery(**(dict(row) | {"status": DeliveryStatus(row["status"])}))
