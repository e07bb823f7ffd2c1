"""Counters of what was done lately, in our own PostgreSQL, so that all gateways of an installation agree."""

from collections.abc import Sequence

from db.database import Database
from db.statements.rates import FORGIVE, TAKE
from db.viewer import ANONYMOUS


class PostgresCounters:
    """Keeps counts in ``rates.counters``, one statement for each call. Raises what the driver raises."""

    def __init__(self, database: Database) -> None:
        # Nobody's identity: counting happens before anybody is known, and the functions look at no tenant's row.
        self._read = database.reader(ANONYMOUS)

    async def take(
        self, subjects: Sequence[bytes], limits: Sequence[int], periods: Sequence[int], share: int, at: int
    ) -> Sequence[tuple[int, int, int, int]]:
        """As ``resolvers.counters.CounterStore`` promises."""
        rows = await self._read(TAKE, subjects, limits, periods, share, at)
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    async def forgive(self, spared: Sequence[bytes], window_numbers: Sequence[int], forgotten: Sequence[bytes]) -> None:
        """As ``resolvers.counters.CounterStore`` promises."""
        await self._read(FORGIVE, spared, window_numbers, forgotten)
