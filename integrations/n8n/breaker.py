"""Stops calling somebody who does not answer, for a while."""

from collections.abc import Callable
from time import monotonic

BREAKS_AFTER = 5
"""Failures one after the other after which nobody is called any more."""

OPEN_SECONDS = 30.0
"""How long; then one call tries whether it is over, while the others still wait."""


class Breaker:
    """A circuit breaker for one address, in one process.

    Closed, it lets every call through. Open, it lets none. After ``OPEN_SECONDS`` it lets one through: what becomes of
    that one closes it, or opens it anew.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._trying = False

    def wait(self) -> float:
        """Seconds until a call may be tried; 0: now."""
        if self._opened_at is None:
            return 0.0
        if self._trying:
            return OPEN_SECONDS
        return max(0.0, self._opened_at + OPEN_SECONDS - self._clock())

    def begin(self) -> None:
        """A call is made, which ``wait`` has allowed; one of the three below says how it ends."""
        self._trying = self._opened_at is not None

    def succeeded(self) -> None:
        """Somebody is there."""
        self._failures, self._opened_at, self._trying = 0, None, False

    def failed(self) -> None:
        """Nobody answered."""
        self._failures += 1
        if self._trying or self._failures >= BREAKS_AFTER:
            self._opened_at = self._clock()
        self._trying = False

    def given_up(self) -> None:
        """The call was broken off on our side, which says nothing."""
        self._trying = False
