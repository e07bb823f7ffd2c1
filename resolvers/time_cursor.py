"""Positions in lists that are ordered by time: a moment, and an id that tells those of one moment apart."""

from datetime import datetime
from uuid import UUID

import orjson

from resolvers.refusals import BadArgument


def time_cursor(at: datetime, of: UUID) -> list[str]:
    """Where a page that ends there goes on."""
    return [at.isoformat(), str(of)]


def read_time_cursor(after: str) -> tuple[datetime, UUID]:
    """The position that a decoded cursor names; raises ``BadArgument`` for anything that is not one of ours."""
    try:
        at, of = orjson.loads(after)
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment, UUID(of)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadArgument("after", "This is no cursor of this list; use endCursor of the page before.") from error
