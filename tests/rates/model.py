"""The sliding window counter as a textbook has it, in exact fractions: what the stores are held against."""

from collections import Counter, defaultdict
from fractions import Fraction
from math import ceil

from resolvers.counters import Count


class Model:
    """Counts by subject and window. One clock, one process, no concurrency."""

    def __init__(self) -> None:
        self.spent: defaultdict[bytes, Counter[int]] = defaultdict(Counter)

    def take(self, subject: bytes, limit: int, period: int, share: int, at: int) -> Count:
        """What a store has to answer to the same call."""
        windows = self.spent[subject]
        number, elapsed = divmod(at, period)
        weight = 1 - Fraction(elapsed, period)
        room = limit - windows[number] - ceil(windows[number - 1] * weight)
        granted = max(1, room // share) if room > 0 else 0
        windows[number] += granted
        return Count(granted, number, windows[number - 1], windows[number])

    def spare(self, subject: bytes, number: int) -> None:
        """One less in that window."""
        self.spent[subject][number] = max(0, self.spent[subject][number] - 1)

    def forget(self, subject: bytes) -> None:
        """As if it had never been counted."""
        del self.spent[subject]
