"""Deletes what the outbox and the queue have kept long enough."""

from datetime import timedelta

from app.worker.run import Run
from db.statements import outbox as sql
from db.viewer import ANONYMOUS

BATCH = 5_000
"""Rows of one transaction."""


async def prune(run: Run) -> None:
    """Delete events, and dead jobs, that are older than ``EVENT_RETENTION``."""
    before = run.gateway.contexts.clock() - timedelta(days=run.settings.event_retention)
    for statement in (sql.PRUNE, sql.PRUNE_JOBS):
        while True:
            async with run.gateway.database.transaction(ANONYMOUS) as transaction:
                row = await transaction.fetch_row(statement, before, BATCH)
            assert row is not None
            if row["deleted"] < BATCH:
                break
