"""What could be guessed is tried a few times only, and nobody learns which accounts exist."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from redis import RedisError
from sqlalchemy import text

from db.database import Database
from db.rate_counters import PostgresCounters
from integrations.redis_counters import RedisCounters
from resolvers.context import Context, Origin
from resolvers.counters import CounterStore
from resolvers.refusals import NotAllowed, RateLimited
from resolvers.throttling import FORGOT_PASSWORD, SIGN_IN, Throttled, attempting, throttle
from tests.rates.redis_server import running_redis
from tests.world import World

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def elsewhere() -> Origin:
    """An address that nobody else came from."""
    number = uuid4().int
    return Origin(f"2001:db8:{number % 65536:x}:{number // 65536 % 65536:x}::1", "tests")


def account() -> str:
    """A mail address that nobody else tried."""
    return f"{uuid4().hex}@test.example"


@pytest.fixture
async def context(world: World) -> Context:
    """Nobody's request, at a time that stands still, from an address of its own."""
    return replace(await world.context(None), clock=lambda: START, origin=elsewhere())


async def fail(context: Context, email: str | None, act: Throttled = SIGN_IN) -> str:
    """How a wrong attempt ends."""
    try:
        async with attempting(context, act, email):
            raise NotAllowed("wrong")
    except RateLimited as refusal:
        return f"limited to {refusal.limit}"
    except NotAllowed:
        return "wrong"


async def succeed(context: Context, email: str) -> None:
    """A right attempt."""
    async with attempting(context, SIGN_IN, email) as attempt:
        attempt.succeeded()


async def test_an_account_that_fails_ten_times_waits(context: Context) -> None:
    """From wherever it is tried; the refusal says how long, and after that it is tried again."""
    email = account()
    for _ in range(10):
        assert await fail(replace(context, origin=elsewhere()), email) == "wrong"
    with pytest.raises(RateLimited) as refusal:
        await succeed(context, email)
    assert str(refusal.value) == "At most 10 in 15 minutes; try again in 990 seconds."
    assert refusal.value.reset_at == START + timedelta(seconds=990)
    later = replace(context, clock=lambda: START + timedelta(seconds=989))
    assert await fail(later, email) == "limited to 10"
    await succeed(replace(context, clock=lambda: START + timedelta(seconds=990)), email)


async def test_an_address_that_fails_thirty_times_waits(context: Context) -> None:
    """Whichever accounts it tries; other addresses are not held up, and a /64 is one address."""
    for _ in range(30):
        assert await fail(context, account()) == "wrong"
    assert await fail(context, account()) == "limited to 30"
    assert context.origin.address is not None
    neighbour = Origin(context.origin.address.replace("::1", "::2:3"), None)
    assert await fail(replace(context, origin=neighbour), account()) == "limited to 30"
    assert await fail(replace(context, origin=elsewhere()), account()) == "wrong"


async def test_what_looks_alike_is_one_account(context: Context) -> None:
    """Case, blanks and the wide letters of Unicode make no fresh start."""
    email = account()
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalnum() else letter for letter in email)
    for spelt in (email, email.upper(), f" {email} ", wide) * 2 + (email,) * 2:
        assert await fail(context, spelt) == "wrong"
    assert await fail(context, wide.upper()) == "limited to 10"


async def test_nobody_learns_which_account_exists(world: World, context: Context) -> None:
    """The refusals are the same, and so are the statements sent."""
    person = await world.person()
    told = []
    for email in (person.account.email, account()):
        here = replace(context, origin=elsewhere())
        with world.sql() as sent:
            outcomes = [await fail(here, email) for _ in range(12)]
            told.append((outcomes, list(sent)))
    assert told[0] == told[1]
    assert told[0][0] == ["wrong"] * 10 + ["limited to 10"] * 2


async def test_success_starts_the_account_anew_and_takes_back_its_own_count_of_the_address(context: Context) -> None:
    """Nobody tries a thousand accounts by signing in to their own in between."""
    email = account()
    for _ in range(9):
        assert await fail(context, email) == "wrong"
    await succeed(context, email)
    for _ in range(10):
        assert await fail(context, email) == "wrong"
    for _ in range(40):
        await succeed(context, account())
    for _ in range(11):
        assert await fail(context, account()) == "wrong"
    assert await fail(context, account()) == "limited to 30"


async def test_what_is_refused_for_the_account_is_not_counted_for_the_address(context: Context) -> None:
    """A locked account costs its neighbours in the office nothing."""
    email = account()
    for _ in range(10):
        await fail(context, email)
    for _ in range(25):
        assert await fail(context, email) == "limited to 10"
    for _ in range(20):
        assert await fail(context, account()) == "wrong"
    assert await fail(context, account()) == "limited to 30"


async def test_guesses_at_the_same_moment_are_no_more_than_the_limit(context: Context) -> None:
    """Each is counted before it is judged."""
    email = account()
    outcomes = await asyncio.gather(*(fail(replace(context, origin=elsewhere()), email) for _ in range(40)))
    assert outcomes.count("wrong") == 10


async def test_a_whole_class_signs_in_at_once_from_one_address(context: Context) -> None:
    """Sixty right attempts are no failures: they take turns instead of being refused."""
    await asyncio.gather(*(succeed(context, account()) for _ in range(60)))


async def test_forgotten_passwords_count_every_time(context: Context) -> None:
    """Three mails for one account and ten from one address within an hour."""
    email = account()
    for _ in range(3):
        await throttle(context, FORGOT_PASSWORD, email)
    with pytest.raises(RateLimited, match="At most 3 in an hour"):
        await throttle(context, FORGOT_PASSWORD, email)
    for _ in range(7):
        await throttle(context, FORGOT_PASSWORD, account())
    with pytest.raises(RateLimited, match="At most 10 in an hour"):
        await throttle(context, FORGOT_PASSWORD, account())
    assert await fail(context, email) == "wrong"


def counting_in(context: Context, store: CounterStore) -> Context:
    """The same request, counted elsewhere."""
    counters = replace(context.services.counters, store=store)
    return replace(context, services=replace(context.services, counters=counters))


async def test_nobody_is_let_through_without_counters(world: World, context: Context) -> None:
    """Whoever can stop the counting must not be able to guess freely."""
    database = await Database.connect(world.storage.gateway_url, pool_size=1)
    await database.close()
    blind = counting_in(context, PostgresCounters(database))
    tried = []
    with pytest.raises(asyncpg.InterfaceError):
        async with attempting(blind, SIGN_IN, account()):
            tried.append("tried")
    with pytest.raises(asyncpg.InterfaceError):
        await throttle(blind, FORGOT_PASSWORD, account())
    assert not tried


async def test_nor_without_a_redis_that_was_there_before(redis_socket: Path, context: Context) -> None:
    """It goes away between two attempts; what was granted before is of no use."""
    store = RedisCounters(f"unix://{redis_socket}")
    counting = counting_in(context, store)
    with running_redis(redis_socket):
        assert await fail(counting, account()) == "wrong"
    with pytest.raises(RedisError):
        await fail(counting, account())
    await store.close()


async def test_the_store_holds_no_mail_address_and_no_ip_address(world: World, context: Context) -> None:
    """Only hashes with a key that the database does not know."""
    email = account()
    await fail(context, email)
    async with world.as_owner() as owner:
        rows = (await owner.execute(text("SELECT c::text FROM rates.counters AS c"))).scalars().all()
    assert rows
    assert not [row for row in rows if "test.example" in row or "2001:db8" in row]
