"""Counters that all gateways share: what their store promises, whom it counts, when there is room again."""

from asyncio import Semaphore
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

EXACTLY_ONE = 2**31 - 1
"""The share of what is left that is never more than one."""

IN_FLIGHT = 5
"""Attempts of one subject that one process judges at the same time; the others wait for their turn."""

_SUBJECT_BYTES = 16
_LONGEST_ADDRESS = 45
_HOME_NETWORK = 64
"""Bits of an IPv6 address that one household or server has to itself; the others it may choose as it likes."""


class Count(NamedTuple):
    """A subject's count after taking: how much was granted, and what the two windows hold now."""

    granted: int
    window_number: int
    before: int
    spent: int

    def weight(self, period: int, at: int) -> int:
        """How much of the window before counts at this time."""
        elapsed = max(0, at - self.window_number * period)
        return -(-self.before * (period - elapsed) // period)


class CounterStore(Protocol):
    """A sliding window counter for each subject. Subjects are 16 bytes; times and periods are milliseconds.

    What was spent in the window before counts with the part of it that lies within one period of now.
    """

    async def take(
        self, subjects: Sequence[bytes], limits: Sequence[int], periods: Sequence[int], share: int, at: int
    ) -> Sequence[tuple[int, int, int, int]]:
        """Grant each subject one ``share``-th of what its limit leaves, at least one; nothing once nothing is left.

        Atomic for each subject, whoever asks at the same moment. The answers are a ``Count`` each, in the order of
        ``subjects``. Raises whatever the store raises that cannot be reached.
        """

    async def forgive(self, spared: Sequence[bytes], window_numbers: Sequence[int], forgotten: Sequence[bytes]) -> None:
        """Take back one of each spared subject, counted in the given window; start the forgotten ones anew."""


def wait(count: Count, limit: int, period: int, at: int) -> int:
    """Milliseconds from ``at`` until ``limit`` leaves room for one, if nobody else takes anything."""
    begins = count.window_number * period
    if count.spent < limit:
        # In this window, as soon as little enough of the one before counts.
        spared, weighing = limit - count.spent - 1, count.before
    else:
        begins += period
        spared, weighing = limit - 1, count.spent
    if weighing > spared:
        begins += period - spared * period // weighing
    return max(1, begins - at)


@dataclass(frozen=True, slots=True)
class Counters:
    """The store, and the secret that makes names for it which tell nothing to those who read it."""

    store: CounterStore
    secret: bytes = field(repr=False)
    _turns: WeakValueDictionary[bytes, Semaphore] = field(default_factory=WeakValueDictionary, repr=False)

    def subject(self, kind: str, name: str) -> bytes:
        """The name in the store of whoever is called ``name`` among those of this ``kind``."""
        return blake2b(
            f"{kind}\0{name}".encode("utf-8", "surrogatepass"), digest_size=_SUBJECT_BYTES, key=self.secret
        ).digest()

    def turn(self, subject: bytes) -> Semaphore:
        """Lets ``IN_FLIGHT`` of one subject through at a time, in this process."""
        return self._turns.setdefault(subject, Semaphore(IN_FLIGHT))


def counted_address(address: str | None) -> str:
    """What an address counts as: itself, its /64 for IPv6, and ``unknown`` for everything that is none."""
    return _counted(address) if address and len(address) <= _LONGEST_ADDRESS else "unknown"


@lru_cache(10_000)
def _counted(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    network = int(found) >> (128 - _HOME_NETWORK) << (128 - _HOME_NETWORK)
    return f"{IPv6Address(network)}/{_HOME_NETWORK}"
