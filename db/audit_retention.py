"""Deletes what is older than the retention from the audit trail and the tools' logs; as the owner, who alone can.

Rows are deleted in batches, each in a transaction of its own. What is deleted is deleted: a run that was killed is
resumed by running again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.catalogue import Catalogue
from db.retention import delete_batch

Told = Callable[[str], None]
"""Progress, a sentence at a time."""


def trails(catalogue: Catalogue) -> list[str]:
    """Every table of the trail."""
    return ["audit.events", *(f"{tool.schema_name}.audit_log" for tool in catalogue.tools)]


async def expired(engine: AsyncEngine, catalogue: Catalogue, before: datetime) -> Mapping[str, int]:
    """How many rows of each table are older than ``before``."""
    async with engine.connect() as connection:
        return {
            table: int(
                await connection.scalar(
                    text(f'SELECT count(*) FROM {table} WHERE "timestamp" < :before'), {"before": before}
                )
                or 0
            )
            for table in trails(catalogue)
        }


async def prune(engine: AsyncEngine, catalogue: Catalogue, before: datetime, now: datetime, told: Told) -> int:
    """Delete the rows that are older than ``before``; the number of them, which is in the trail afterwards."""
    deleted = 0
    for table in trails(catalogue):
        of_table = 0
        while batch := await delete_batch(engine, table, "timestamp", before):
            of_table += batch
            told(f"{table}: {of_table:,} deleted")
        deleted += of_table
    if deleted:
        async with engine.begin() as connection:
            await connection.execute(
                text(
                    'INSERT INTO audit.events (action, changes, "timestamp") VALUES'
                    " ('audit_pruned', jsonb_build_object('before', CAST(:before AS timestamptz),"
                    " 'deleted', CAST(:deleted AS bigint)), :now)"
                ),
                {"before": before, "deleted": deleted, "now": now},
            )
    return deleted
