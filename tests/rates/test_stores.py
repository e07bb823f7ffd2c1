"""What every store of counters must do: count like the textbook, whoever asks at the same moment."""

import asyncio
import random
from itertools import count
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from db.rate_counters import PostgresCounters
from integrations.redis_counters import RedisCounters
from resolvers.counters import EXACTLY_ONE, Count, CounterStore, wait
from tests.rates.model import Model
from tests.world import World

START = 1_800_000_000_000
"""A time that no other test comes near, so that nobody's rows are cleared away as old."""

_numbers = count(1)


def subject() -> bytes:
    """Somebody who was never counted."""
    return uuid4().bytes


async def take(store: CounterStore, whom: bytes, limit: int, at: int, period: int = 60_000, share: int = 1) -> Count:
    """One subject's share of what is left."""
    (answer,) = await store.take([whom], [limit], [period], share, at)
    return Count(*answer)


@pytest.mark.parametrize("seed", range(8))
async def test_it_counts_like_the_model(store: CounterStore, seed: int) -> None:
    """Random limits, periods, shares, steps of time, things given back and forgotten; several subjects in one call."""
    draw = random.Random(seed)  # noqa: S311  # a sequence to repeat, no secret
    model = Model()
    period = draw.choice([7, 1_000, 60_000, 3_600_000])
    limits = {subject(): draw.choice([1, 2, 10, 600]) for _ in range(4)}
    at = START
    for _ in range(60):
        at += draw.choice([0, 0, 1, draw.randrange(period), draw.randrange(3 * period)])
        asked = draw.sample(sorted(limits), draw.randint(1, 4))
        share = draw.choice([1, 3, 8, EXACTLY_ONE])
        answers = await store.take(asked, [limits[whom] for whom in asked], [period] * len(asked), share, at)
        counts = [Count(*answer) for answer in answers]
        assert counts == [model.take(whom, limits[whom], period, share, at) for whom in asked]
        if draw.random() < 0.3:
            spared = draw.choice(asked)
            number = draw.choice([at // period, at // period - 1])
            forgotten = draw.sample(asked, draw.randint(0, 1))
            if spared not in forgotten:
                await store.forgive([spared], [number], forgotten)
                model.spare(spared, number)
                for whom in forgotten:
                    model.forget(whom)


@pytest.mark.parametrize("seed", range(4))
async def test_the_wait_that_is_told_is_the_shortest(store: CounterStore, seed: int) -> None:
    """A millisecond less and there is still nothing; then there is one."""
    draw = random.Random(seed)  # noqa: S311  # a sequence to repeat, no secret
    whom, limit, period, at = subject(), draw.choice([1, 3, 10]), draw.choice([900, 60_000]), START
    for _ in range(12):
        at += draw.randrange(period)
        while (found := await take(store, whom, limit, at, period, EXACTLY_ONE)).granted:
            pass
        delay = wait(found, limit, period, at)
        assert not (await take(store, whom, limit, at + delay - 1, period, EXACTLY_ONE)).granted
        at += delay
        assert (await take(store, whom, limit, at, period, EXACTLY_ONE)).granted


async def test_shares_shrink_down_to_one(store: CounterStore) -> None:
    """An eighth of what is left each time, and in the end exactly the limit."""
    whom = subject()
    shares = []
    while granted := (await take(store, whom, 100, START, share=8)).granted:
        shares.append(granted)
    assert shares[:4] == [12, 11, 9, 8]
    assert shares == sorted(shares, reverse=True)
    assert shares[-8:] == [1] * 8
    assert sum(shares) == 100


async def test_many_at_once_are_granted_the_limit_and_no_more(store: CounterStore) -> None:
    """Two subjects in every call, in either order: nobody waits for each other, and nothing is granted twice."""
    first, second = subject(), subject()

    async def one(number: int) -> tuple[int, int]:
        asked = [first, second] if number % 2 else [second, first]
        answers = await store.take(asked, [40, 40], [60_000, 60_000], 5, START)
        granted = {whom: answer[0] for whom, answer in zip(asked, answers, strict=True)}
        return granted[first], granted[second]

    granted = await asyncio.gather(*(one(number) for number in range(60)))
    assert [sum(each) for each in zip(*granted, strict=True)] == [40, 40]


async def test_a_clock_that_lags_is_counted_in_the_newer_window(store: CounterStore) -> None:
    """Another gateway has begun the next minute: what it took is not forgotten, nor given out once more."""
    whom = subject()
    number = START // 60_000
    await take(store, whom, 10, (number + 1) * 60_000, share=2)
    late = await take(store, whom, 10, (number + 1) * 60_000 - 5)
    assert late == (5, number + 1, 0, 10)


async def test_a_clock_that_was_wrong_for_once_locks_nobody_out(store: CounterStore) -> None:
    """A count far in the future is of no window that can be: the subject begins anew."""
    whom = subject()
    await take(store, whom, 10, START + 86_400_000)
    assert (await take(store, whom, 10, START)).granted == 10


async def test_the_table_stays_as_small_as_the_present(world: World) -> None:
    """Whoever adds a row clears away two that nobody looks at any more; those that still count stay."""
    store = PostgresCounters(world.gateway.database)
    whom = subject()
    later = START + 365 * 86_400_000

    async def rows(before: int) -> int:
        async with world.as_owner() as owner:
            sql = text("SELECT count(*) FROM rates.counters WHERE expires <= :before")
            found: int = (await owner.execute(sql, {"before": before})).scalar_one()
            return found

    old = [subject() for _ in range(300)]
    await store.take(old, [1] * 300, [60_000] * 300, 1, later)
    past = await rows(later + 120_000)
    assert past >= 300
    assert (await take(store, whom, 10, later + 120_000, share=5)).granted == 2
    for _ in range(past // 2):
        await take(store, subject(), 10, later + 120_000)
    assert await rows(later + 120_000) == 0
    assert (await take(store, whom, 10, later + 120_000)) == (8, (later + 120_000) // 60_000, 0, 10)


async def test_redis_forgets_by_itself(redis_store: RedisCounters, redis_url: str) -> None:
    """Every count expires, at most a minute after nobody looks at it any more."""
    await take(redis_store, subject(), 10, START)
    async with Redis.from_url(redis_url) as client:
        left = [await client.pttl(key) async for key in client.scan_iter()]
    assert left
    assert all(0 < milliseconds <= 2 * 3_600_000 + 60_000 for milliseconds in left)
