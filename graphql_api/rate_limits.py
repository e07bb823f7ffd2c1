"""How many requests are answered: by address, person, organisation and service key, over all gateways together.

A process does not ask the shared counter about every request. It leases a share of what a limit leaves, spends that by
itself until the minute is over, and leases again; shares shrink with what is left, down to one. So all processes
together never grant more than the limit, and what one holds back unspent is at most a ``LEASED_SHARE``-th of it.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from graphql_api.limits import ALONE_FOR, LEASED_SHARE, MAX_LEASES, REQUEST_PERIOD
from resolvers.context import Clock
from resolvers.counters import Count, Counters, counted_address, wait

_log = logging.getLogger("fast_track_graph")

Subject = tuple[str, str]
"""What kind of subject, and which one: ``("user", "…")``."""


@dataclass(frozen=True, slots=True)
class PerMinute:
    """Requests a minute of each subject of a kind; 0 for any number."""

    address: int = 0
    user: int = 0
    organization: int = 0
    service_key: int = 0


class Admission(NamedTuple):
    """Whether a request is answered, by the limit that leaves least; times in seconds."""

    limit: int
    remaining: int
    reset: int
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """As the REST contract has them."""
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return headers

    @property
    def refusal(self) -> str:
        """What is said to whoever is refused."""
        return f"At most {self.limit} requests in a minute; try again in {self.retry_after} seconds."


class _Lease:
    """What this process may still grant a subject in this minute."""

    __slots__ = ("alone", "held", "left", "limit", "until")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.left = 0
        """What the shared counter still had to give when it was last asked."""
        self.until = 0
        """When it may be asked again, if it had nothing left."""
        self.alone = False


class RateLimits:
    """Counts the requests of this process; one for each gateway."""

    def __init__(self, counters: Counters, per_minute: PerMinute, clock: Clock) -> None:
        self._counters = counters
        self._limits = {
            "address": per_minute.address,
            "user": per_minute.user,
            "organization": per_minute.organization,
            "service key": per_minute.service_key,
        }
        self._clock = clock
        self._leases: dict[Subject, _Lease] = {}
        self._minute = 0
        self._ends = 0
        self._wanted: dict[Subject, None] = {}
        self._asking = asyncio.Lock()
        self._alone_until = 0
        self.leases = 0
        self.refused = 0
        self.alone = 0
        """How often the shared counter could not be asked, and this process counted by itself."""

    async def admit(
        self,
        address: str | None,
        user: str | None = None,
        organization: str | None = None,
    ) -> Admission | None:
        """Count one request of these subjects; ``None`` if none of them is limited.

        A request that one of them refuses counts for none.
        """
        limits = self._limits
        subjects: list[Subject] = []
        if limits["address"]:
            subjects.append(("address", counted_address(address)))
        if user and limits["user"]:
            subjects.append(("user", user))
        if organization and limits["organization"]:
            subjects.append(("organization", organization))
        return await self._admit(subjects) if subjects else None

    async def admit_key(self, service_key: str, organization: str) -> Admission | None:
        """Count one request with a good service key; its address has been counted before the key was looked up."""
        named = (("organization", organization), ("service key", service_key))
        subjects = [subject for subject in named if self._limits[subject[0]]]
        return await self._admit(subjects) if subjects else None

    async def _admit(self, subjects: Sequence[Subject]) -> Admission:
        while True:
            now = self._now()
            found, wanting, spent = [], [], []
            for subject in subjects:
                lease = self._leases.get(subject)
                if lease and lease.held:
                    found.append(lease)
                elif lease and now < lease.until:
                    spent.append(lease)
                else:
                    wanting.append(subject)
            if spent:
                return self._refuse(spent, now)
            if not wanting:
                return self._grant(found, now)
            await self._lease(wanting)

    def counts(self) -> dict[str, int]:
        """Since the start: requests refused, times the shared counter was asked, and times it could not be."""
        return {"refused": self.refused, "leases": self.leases, "alone": self.alone}

    def _grant(self, leases: Sequence[_Lease], now: int) -> Admission:
        tightest = leases[0]
        for lease in leases:
            lease.held -= 1
            if lease.held + lease.left < tightest.held + tightest.left:
                tightest = lease
        return Admission(tightest.limit, tightest.held + tightest.left, _seconds(self._ends - now))

    def _refuse(self, spent: Sequence[_Lease], now: int) -> Admission:
        self.refused += 1
        last = max(spent, key=lambda lease: lease.until)
        seconds = _seconds(last.until - now)
        return Admission(last.limit, 0, seconds, seconds)

    def _now(self) -> int:
        """Milliseconds since the epoch. What was leased in a minute is worth nothing in the next."""
        now = int(self._clock().timestamp() * 1000)
        if not self._ends - REQUEST_PERIOD <= now < self._ends:
            self._minute = now // REQUEST_PERIOD
            self._ends = (self._minute + 1) * REQUEST_PERIOD
            self._leases.clear()
        return now

    async def _lease(self, subjects: Sequence[Subject]) -> None:
        """Ask for these subjects, and in the same statement for those of all requests that came meanwhile."""
        self._wanted.update(dict.fromkeys(subjects))
        async with self._asking:
            if self._wanted.keys().isdisjoint(subjects):
                return  # whoever was before has asked for these as well
            asked, self._wanted = list(self._wanted), {}
            await self._ask(asked)

    async def _ask(self, asked: Sequence[Subject]) -> None:
        at = self._now()
        limits = [self._limits[kind] for kind, _ in asked]
        if at < self._alone_until:
            self._count_alone(asked)
            return
        try:
            taken = await self._counters.store.take(
                [self._counters.subject(f"requests of {kind}", name) for kind, name in asked],
                limits,
                [REQUEST_PERIOD] * len(asked),
                LEASED_SHARE,
                at,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is that fails, requests are answered all the same
            _log.warning("rate limits: no shared counter (%s); this process counts by itself", type(error).__name__)
            self._alone_until = at + ALONE_FOR
            self._count_alone(asked)
            return
        self.leases += 1
        self._now()
        for subject, limit, answer in zip(asked, limits, taken, strict=True):
            count = Count(*answer)
            if count.window_number >= self._minute:
                lease = self._of(subject)
                lease.held += count.granted
                lease.left = max(0, limit - count.spent - count.weight(REQUEST_PERIOD, at))
                lease.until = 0 if count.granted else at + wait(count, limit, REQUEST_PERIOD, at)

    def _count_alone(self, asked: Sequence[Subject]) -> None:
        """Each subject's whole limit once a minute, as if this were the only process."""
        self.alone += 1
        for subject in asked:
            lease = self._of(subject)
            if not lease.alone:
                lease.alone, lease.held = True, lease.held + lease.limit
            elif not lease.held:
                lease.until = self._ends

    def _of(self, subject: Subject) -> _Lease:
        lease = self._leases.get(subject)
        if lease is None:
            if len(self._leases) >= MAX_LEASES:
                for oldest in list(islice(self._leases, MAX_LEASES // 10)):
                    del self._leases[oldest]
            lease = self._leases[subject] = _Lease(self._limits[subject[0]])
        return lease


def _seconds(milliseconds: int) -> int:
    """Rounded up, so that whoever waits that long has waited enough."""
    return max(1, -(-milliseconds // 1000))
