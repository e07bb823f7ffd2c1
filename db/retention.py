"""Deletes old rows of one table, batch by batch; as the owner, who alone can."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

BATCH = 5_000
"""Rows of one transaction."""


async def delete_batch(engine: AsyncEngine, table: str, column: str, before: datetime) -> int:
    """Delete some of the rows whose time in ``column`` is before this one; the number of them, 0 when none is left."""
    async with engine.begin() as connection:
        result = await connection.execute(
            text(
                f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("
                f'  SELECT ctid FROM {table} WHERE "{column}" < :before ORDER BY "{column}" LIMIT :batch))'
            ),
            {"before": before, "batch": BATCH},
        )
        return int(result.rowcount)
