"""How often somebody may try what could be guessed: signing in, asking for a new password.

Attempts count for the account that is named, whether or not there is one, and for the address they come from. The
account's name is a keyed hash of the normalised mail address. Nothing that is answered, and nothing that is done here,
depends on whether an account exists. If the counters cannot be reached, nobody is let through.
"""

import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from resolvers.context import Context
from resolvers.counters import EXACTLY_ONE, Count, counted_address, wait
from resolvers.refusals import RateLimited


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many times within a period."""

    times: int
    period: timedelta

    @property
    def milliseconds(self) -> int:
        """The period, as counters have it."""
        return self.period // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Throttled:
    """Something that may be tried so often for one account, and so often from one address."""

    name: str
    per_account: Allowance
    per_address: Allowance


SIGN_IN = Throttled("sign-in", Allowance(10, timedelta(minutes=15)), Allowance(30, timedelta(minutes=15)))
"""Failed attempts; those that succeed do not count."""

FORGOT_PASSWORD = Throttled("forgot-password", Allowance(3, timedelta(hours=1)), Allowance(10, timedelta(hours=1)))
"""Requests for a mail with a link, whether or not one is sent."""

INVITE = Throttled("invite", Allowance(100, timedelta(hours=1)), Allowance(300, timedelta(hours=1)))
"""Invitations of one admin: mails to people who may never have heard of us."""

WEBHOOK = Throttled("webhook", Allowance(30, timedelta(minutes=15)), Allowance(30, timedelta(minutes=15)))
"""Webhooks that are refused; those of the school do not count."""


@dataclass(slots=True)
class Attempt:
    """An attempt under way. It has failed unless ``succeeded`` is called."""

    has_succeeded: bool = False

    def succeeded(self) -> None:
        """The proof was right: the attempt does not count, and the account's failures are forgotten."""
        self.has_succeeded = True


async def throttle(context: Context, act: Throttled, account: str | None = None) -> None:
    """Count one ``act`` for the account (a mail address, as it was sent) and for the request's address.

    For acts of which each one counts, such as ``FORGOT_PASSWORD``. Raises ``RateLimited`` when either has no more
    left; nothing is counted then. Call it before looking anything up, outside of any transaction.
    """
    await _take(context, _counted(context, act, account))


@asynccontextmanager
async def attempting(context: Context, act: Throttled, account: str | None = None) -> AsyncIterator[Attempt]:
    """The same for acts of which only failures count: the block tries, and calls ``succeeded()`` if it was right.

    ::

        async with attempting(context, SIGN_IN, email) as attempt:
            account = await check_password(…)   # raise here what a wrong one is answered with
            attempt.succeeded()

    Raises ``RateLimited`` before the block when either the account or the address has failed too often. An attempt
    counts before it is judged, so that those sent at the same moment are never more than the limit; a success takes
    its own back, and starts the account anew. It does not start the address anew: whoever has one password would try
    all others by signing in now and then.
    """
    counted = _counted(context, act, account)
    async with AsyncExitStack() as turns:
        for each in counted:
            await turns.enter_async_context(context.services.counters.turn(each.subject))
        counts = await _take(context, counted)
        attempt = Attempt()
        yield attempt
        if attempt.has_succeeded:
            spared = [(each.subject, count.window_number) for each, count in zip(counted, counts, strict=True)]
            address = spared.pop()
            forgotten = [subject for subject, _ in spared]
            await context.services.counters.store.forgive([address[0]], [address[1]], forgotten)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Whom an attempt counts for, and how much they may."""

    subject: bytes
    allowance: Allowance


def _counted(context: Context, act: Throttled, account: str | None) -> list[_Counted]:
    """The account, if one is named, then the address."""
    named = context.services.counters.subject
    address = counted_address(context.origin.address)
    counted = [_Counted(named(f"{act.name} from address", address), act.per_address)]
    if account is not None:
        # As one address whatever its case and whichever look-alike of Unicode's was typed.
        normalised = unicodedata.normalize("NFKC", account.strip()).casefold()
        counted.insert(0, _Counted(named(f"{act.name} of account", normalised), act.per_account))
    return counted


async def _take(context: Context, counted: Sequence[_Counted]) -> list[Count]:
    now = context.clock()
    at = int(now.timestamp() * 1000)
    store = context.services.counters.store
    taken = await store.take(
        [each.subject for each in counted],
        [each.allowance.times for each in counted],
        [each.allowance.milliseconds for each in counted],
        EXACTLY_ONE,
        at,
    )
    counts = [Count(*count) for count in taken]
    pairs = list(zip(counted, counts, strict=True))
    refusing = [_refusal(each.allowance, count, now, at) for each, count in pairs if not count.granted]
    if refusing:
        granted = [(each.subject, count.window_number) for each, count in pairs if count.granted]
        if granted:
            await store.forgive([subject for subject, _ in granted], [number for _, number in granted], [])
        raise max(refusing, key=lambda refusal: refusal.retry_after)
    return counts


def _refusal(allowance: Allowance, count: Count, now: datetime, at: int) -> RateLimited:
    remaining = timedelta(milliseconds=wait(count, allowance.times, allowance.milliseconds, at))
    return RateLimited(allowance.times, remaining, now + remaining, allowance.period)
