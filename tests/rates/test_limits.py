"""Requests are counted by several processes at once, mostly without asking anybody; never more are granted."""

import asyncio
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from uuid import uuid4

import pytest

from db.database import Database
from db.rate_counters import PostgresCounters
from graphql_api.limits import LEASED_SHARE, REQUEST_PERIOD
from graphql_api.rate_limits import Admission, PerMinute, RateLimits
from integrations.redis_counters import RedisCounters
from resolvers.counters import Counters, CounterStore
from tests.rates.redis_server import running_redis
from tests.world import World

START = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)


class Clock:
    """A time that moves when it is told to, the same for all."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Later."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """The clock of every process of a test."""
    return Clock()


def processes(store: CounterStore, clock: Clock, count: int = 1, **limits: int) -> list[RateLimits]:
    """Gateways of one installation of its own."""
    counters = Counters(store, uuid4().bytes)
    return [RateLimits(counters, PerMinute(**limits), clock) for _ in range(count)]


async def granted(process: RateLimits, user: str = "ann", address: str = "192.0.2.1") -> bool:
    """Whether one request is answered."""
    admission = await process.admit(address, user, "acme")
    assert admission is not None
    return admission.retry_after is None


async def test_several_processes_grant_the_limit_together(store: CounterStore, clock: Clock) -> None:
    """All of it, whatever each of them leased, and not one more."""
    four = processes(store, clock, 4, user=100)
    outcomes = await asyncio.gather(*(granted(process) for process in four for _ in range(101)))
    assert outcomes.count(True) == 100


@pytest.mark.parametrize("seed", range(4))
async def test_never_more_than_a_sliding_window_allows(store: CounterStore, clock: Clock, seed: int) -> None:
    """Three processes, steps of time that cross minutes, bursts: after each of them the textbook's sum holds."""
    draw = random.Random(seed)  # noqa: S311  # a sequence to repeat, no secret
    three = processes(store, clock, 3, user=50)
    seen: defaultdict[int, int] = defaultdict(int)
    for _ in range(40):
        clock.forward(draw.choice([0, 0.5, 3, 20, 70]))
        calls = [granted(draw.choice(three)) for _ in range(draw.choice([1, 5, 40]))]
        at = int(clock.now.timestamp() * 1000)
        minute, elapsed = divmod(at, REQUEST_PERIOD)
        seen[minute] += (await asyncio.gather(*calls)).count(True)
        assert seen[minute] + ceil(seen[minute - 1] * (REQUEST_PERIOD - elapsed) / REQUEST_PERIOD) <= 50
    assert sum(seen.values()) > 50


async def test_a_process_that_goes_quiet_holds_back_no_more_than_its_share(store: CounterStore, clock: Clock) -> None:
    """An eighth, and only until the minute is over."""
    quiet, busy = processes(store, clock, 2, user=160)
    assert await granted(quiet)
    outcomes = [await granted(busy) for _ in range(160)]
    assert outcomes.count(True) == 160 - 160 // LEASED_SHARE
    clock.forward(119)
    assert await granted(busy)


async def test_most_requests_ask_nobody(store: CounterStore, clock: Clock) -> None:
    """Two hundred requests of one person are two questions; fifty people at once are no fifty questions."""
    (process,) = processes(store, clock, address=6_000, user=1_200, organization=12_000)
    for _ in range(200):
        assert await granted(process)
    assert process.leases == 2
    await asyncio.gather(*(granted(process, f"person {number}") for number in range(50)))
    assert process.leases <= 4


async def test_a_flood_that_is_refused_asks_nobody(store: CounterStore, clock: Clock) -> None:
    """Whoever is over the limit costs no statement, until there is room again."""
    (process,) = processes(store, clock, user=5)
    assert [await granted(process) for _ in range(8)] == [True] * 5 + [False] * 3
    asked = process.leases
    assert not any([await granted(process) for _ in range(200)])
    assert process.leases == asked
    assert process.refused == 203


async def test_each_is_refused_for_itself(store: CounterStore, clock: Clock) -> None:
    """A person at the limit costs neither the colleagues nor the address anything."""
    (process,) = processes(store, clock, address=30, user=10, organization=20)
    assert [await granted(process) for _ in range(40)].count(True) == 10
    assert [await granted(process, "ben") for _ in range(40)].count(True) == 10
    assert not await granted(process, "cem")  # the organisation has had its twenty
    outside = [await process.admit("192.0.2.1") for _ in range(12)]
    assert [admission.retry_after is None for admission in outside if admission] == [True] * 10 + [False] * 2


async def test_the_tightest_limit_is_told(store: CounterStore, clock: Clock) -> None:
    """What is left counts down; a refusal says when there is room, and then there is."""
    (process,) = processes(store, clock, address=100, user=4)
    told: Sequence[Admission | None] = [await process.admit("192.0.2.9", "ann") for _ in range(5)]
    assert [admission and (admission.limit, admission.remaining, admission.reset) for admission in told] == [
        (4, 3, 60),
        (4, 2, 60),
        (4, 1, 60),
        (4, 0, 60),
        (4, 0, 75),
    ]
    refusal = told[-1]
    assert refusal is not None
    assert refusal.refusal == "At most 4 requests in a minute; try again in 75 seconds."
    clock.forward(74.9)
    assert not await granted(process)
    clock.forward(0.1)
    assert await granted(process)


async def test_nothing_limited_is_nothing_counted(store: CounterStore, clock: Clock) -> None:
    """0 switches a limit off."""
    (process,) = processes(store, clock, service_key=3)
    assert await process.admit("192.0.2.1", "ann", "acme") is None
    assert process.leases == 0
    keyed = [await process.admit_key("n8n", "acme") for _ in range(4)]
    assert Counter(admission.retry_after is None for admission in keyed if admission) == {True: 3, False: 1}


async def test_without_a_shared_counter_each_process_counts_by_itself(
    world: World, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Requests are answered all the same, up to the limit in each process; one line in the log, and a number."""
    database = await Database.connect(world.storage.gateway_url, pool_size=1)
    await database.close()
    two = processes(PostgresCounters(database), clock, 2, user=20)
    with caplog.at_level(logging.WARNING):
        for process in two:
            assert [await granted(process) for _ in range(25)].count(True) == 20
            assert process.alone == 2
    assert [record.message.partition(" (")[0] for record in caplog.records] == ["rate limits: no shared counter"] * 2


async def test_it_counts_together_again_when_the_store_is_back(redis_socket: Path, clock: Clock) -> None:
    """After a pause in which it is not asked; and alone once more when it goes away again."""
    store = RedisCounters(f"unix://{redis_socket}")
    (process,) = processes(store, clock, user=20)
    assert await granted(process)
    with running_redis(redis_socket):
        assert await granted(process, "ben")
        assert (process.alone, process.leases) == (2, 0)
        clock.forward(5)
        assert await granted(process, "cem")
        assert (process.alone, process.leases) == (2, 1)
    assert await granted(process, "dan")
    assert (process.alone, process.leases) == (3, 1)
    await store.close()
