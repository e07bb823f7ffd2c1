"""Takes out of what values were built on the sources that the catalogue does not have their tools need any more.

Nothing tells of a change of such a source, and nobody could review it: left there, it would make values stale for ever.
What a value was built on in its time stays in its history.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.catalogue import Catalogue

_FORGET = """
UPDATE {schema}.{table} AS built SET built_on = (
  SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(built.built_on) WHERE key = ANY (:needed))
WHERE EXISTS (SELECT FROM jsonb_object_keys(built.built_on) AS key WHERE key <> ALL (:needed))"""


async def forget_dropped_needs(engine: AsyncEngine, catalogue: Catalogue) -> int:
    """Do it for every tool, as the owner; how many rows were built on something that is needed no more."""
    rows = 0
    async with engine.begin() as connection:
        for tool in catalogue.tools:
            needed = [need.source.id for need in catalogue.needs[tool.slug]]
            for table in ("submissions", "field_outputs"):
                statement = text(_FORGET.format(schema=tool.schema_name, table=table))
                rows += (await connection.execute(statement, {"needed": needed})).rowcount
    return rows
