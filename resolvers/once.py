"""What shall happen once within a while, however often there is a reason for it."""

from collections.abc import Hashable
from datetime import datetime, timedelta

MOST_REMEMBERED = 100_000
"""Things that one ``Once`` remembers; past them it forgets all, and lets each through once more."""


class Once:
    """Lets each thing through once within a period of the clock, in this process."""

    def __init__(self, period: timedelta) -> None:
        self._period = period.total_seconds()
        self._number = 0
        self._seen: set[Hashable] = set()

    def first(self, thing: Hashable, now: datetime) -> bool:
        """Whether this is the first time within the period."""
        number = int(now.timestamp() // self._period)
        if number != self._number or len(self._seen) >= MOST_REMEMBERED:
            self._number = number
            self._seen.clear()
        if thing in self._seen:
            return False
        self._seen.add(thing)
        return True
