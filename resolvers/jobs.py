"""Jobs: what is done later, by a worker. A job is deferred inside the transaction that makes it necessary, so it is
there if and when that commits; it carries ids and nothing else. ``app/worker/handlers.py`` says who does them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from db.database import Transaction
from db.statements import outbox as sql


class Queue(StrEnum):
    """Where a job waits; each is worked off on its own, so that slow ones of another queue do not hold it up."""

    WORK = "work"
    """What this house does by itself."""
    OUTSIDE = "outside"
    """What waits for other people's systems."""


class Job(StrEnum):
    """The jobs there are."""

    PRUNE = "prune"
    EXPORT = "export"
    EXPIRE_EXPORTS = "expire_exports"
    DELIVER_WEBHOOK = "deliver_webhook"
    """Deferred by the trigger of migration 0012, and to be replayed."""


async def defer(
    transaction: Transaction,
    job: str,
    ids: Mapping[str, str | int],
    *,
    queue: Queue = Queue.WORK,
    key: str | None = None,
    not_before: datetime | None = None,
) -> int | None:
    """Add a job to ``transaction``; its number. ``ids``: what it is about, never content.

    ``key``: while a job with the same one waits, no other is added, and there is no number.
    """
    row = await transaction.fetch_row(sql.DEFER, queue.value, job, dict(ids), key, not_before)
    assert row is not None
    number: int | None = row["id"]
    return number
