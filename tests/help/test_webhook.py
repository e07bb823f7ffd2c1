"""The webhook as it is called: signed, once or twice, and given up in time, whatever is there."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from integrations.n8n import Breaker, CallFailed, TimedOut, Unavailable, Unusable, Webhook, open_client
from integrations.n8n.breaker import BREAKS_AFTER, OPEN_SECONDS
from integrations.n8n.webhook import MAX_ANSWER_BYTES, MAX_CALLS
from tests.help.n8n_server import (
    ADVICE,
    SECRET,
    N8n,
    after,
    answering,
    bomb,
    breaking_off,
    dripping,
    flooding,
    n8n_server,
    redirecting,
)


@pytest.fixture
async def n8n() -> AsyncIterator[N8n]:
    """A server of the test's own."""
    async with n8n_server() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """The connections as the gateway opens them."""
    async with open_client() as opened:
        yield opened


def webhook(client: httpx.AsyncClient, n8n: N8n, patience: float = 5, breaker: Breaker | None = None) -> Webhook:
    """The webhook under test."""
    return Webhook(client, f"{n8n.url}/help", SECRET, patience, breaker)


async def failure(hook: Webhook) -> CallFailed:
    """How a call fails."""
    with pytest.raises(CallFailed) as failed:
        await hook.call({"question": "?"}, "key")
    return failed.value


async def test_a_call_is_signed(n8n: N8n, client: httpx.AsyncClient) -> None:
    """Over time and body; nothing else says that it is ours."""
    assert await webhook(client, n8n).call({"question": "Wie? Ä"}, "some-key") == ADVICE
    (got,) = n8n.received
    assert (got.path, got.json) == ("/webhook/help", {"question": "Wie? Ä"})
    stamp = got.headers["x-fast-track-timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-fast-track-signature"] == f"v1={expected}"
    assert abs(int(stamp) - time.time()) < 60
    assert (got.headers["idempotency-key"], got.headers["accept-encoding"]) == ("some-key", "identity")


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
async def test_a_proxy_without_n8n_behind_it_is_asked_twice(n8n: N8n, client: httpx.AsyncClient, status: str) -> None:
    """With the same key; then it is unavailable."""
    n8n.answers.append(answering(b"", status))
    assert await webhook(client, n8n).call({}, "key") == ADVICE
    assert [got.headers["idempotency-key"] for got in n8n.received] == ["key", "key"]
    n8n.otherwise = answering(b"", status)
    assert isinstance(await failure(webhook(client, n8n)), Unavailable)
    assert len(n8n.received) == 4


async def test_nobody_there(n8n: N8n, client: httpx.AsyncClient) -> None:
    """A refused connection is tried twice, and is unavailable; so is a name that does not exist."""
    async with n8n_server() as gone:
        pass
    for url in (gone.url, "http://n8n.invalid/webhook"):
        assert isinstance(await failure(Webhook(client, url, SECRET)), Unavailable)


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (answering(b"{}", "404 Not Found"), Unavailable, "status 404"),
        (answering(b"{}", "429 Too Many Requests"), Unavailable, "status 429"),
        (answering(b"{}", "500 Internal Server Error"), Unusable, "status 500"),
        (answering(b"{}", "401 Unauthorized"), Unusable, "status 401"),
        (answering(b"<h1>n8n</h1>", kind="text/html"), Unusable, "'text/html'"),
        (answering(b"{}", kind=""), Unusable, "of no kind"),
        (answering(b"{"), Unusable, "no JSON"),
        (answering(b""), Unusable, "no JSON"),
        (answering(b"[" * 100_000), Unusable, "no JSON"),
        (bomb, Unusable, "compressed"),
        (redirecting("http://127.0.0.1:1/"), Unusable, "status 307"),
        (breaking_off, Unavailable, "broke"),
        (answering(b"nonsense", "999 What"), Unusable, "status 999"),
    ],
)
async def test_what_is_no_answer(
    n8n: N8n, client: httpx.AsyncClient, answer: Any, kind: type[CallFailed], told: str
) -> None:
    """Each is asked for once, and named."""
    n8n.otherwise = answer
    failed = await failure(webhook(client, n8n))
    assert (type(failed), told in str(failed), len(n8n.received)) == (kind, True, 1)


@pytest.mark.parametrize("told", [True, False])
async def test_fifty_megabytes_are_not_read(n8n: N8n, client: httpx.AsyncClient, told: bool) -> None:
    """Neither those that say so nor those that do not."""
    n8n.otherwise = flooding(n8n, told=told)
    assert isinstance(await failure(webhook(client, n8n)), Unusable)
    # What the operating system takes in advance, on both sides, is a few megabytes.
    assert n8n.sent < 20_000_000
    n8n.otherwise = answering(b'"' + b"a" * (MAX_ANSWER_BYTES - 2) + b'"')
    assert len(await webhook(client, n8n).call({}, "key")) == MAX_ANSWER_BYTES - 2


async def test_patience_ends(n8n: N8n, client: httpx.AsyncClient) -> None:
    """With somebody who says nothing, and with somebody who goes on for ever; a second try does not renew it."""
    for answer in (after(60, answering()), dripping):
        n8n.otherwise = answer
        assert isinstance(await failure(webhook(client, n8n, patience=0.3)), TimedOut)
    n8n.answers.append(answering(b"", "503 Service Unavailable"))
    began = asyncio.get_running_loop().time()
    assert isinstance(await failure(webhook(client, n8n, patience=1)), TimedOut)
    assert asyncio.get_running_loop().time() - began < 1.5


async def test_too_many_at_once(n8n: N8n, client: httpx.AsyncClient) -> None:
    """Those beyond ``MAX_CALLS`` are told so, without a connection of their own; it is no failure of n8n's."""
    n8n.otherwise = after(3, answering())
    hook = webhook(client, n8n, patience=20)
    calls = [hook.call({}, "key") for _ in range(MAX_CALLS + BREAKS_AFTER + 1)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [Unavailable] * (BREAKS_AFTER + 1)
    assert len(n8n.received) == MAX_CALLS
    n8n.otherwise = answering()
    assert await hook.call({}, "key") == ADVICE


async def test_slow_is_not_silent(n8n: N8n, client: httpx.AsyncClient) -> None:
    """An answer within the time is an answer."""
    n8n.otherwise = after(0.3, answering())
    assert await webhook(client, n8n).call({}, "key") == ADVICE


async def test_the_breaker(n8n: N8n, client: httpx.AsyncClient) -> None:
    """After so many failures nobody is called; after a while one call tries, and closes it or does not."""
    now = 0.0
    hook = webhook(client, n8n, breaker=Breaker(lambda: now))
    n8n.otherwise = answering(b"", "404 Not Found")
    for _ in range(BREAKS_AFTER):
        await failure(hook)
    assert len(n8n.received) == BREAKS_AFTER
    refused = await failure(hook)
    assert isinstance(refused, Unavailable)
    assert refused.retry_after == OPEN_SECONDS
    now += OPEN_SECONDS
    n8n.otherwise = after(0.3, answering(b"", "404 Not Found"))
    outcomes = await asyncio.gather(failure(hook), failure(hook))  # one tries, the other is told to wait
    assert [type(each) for each in outcomes] == [Unavailable, Unavailable]
    assert len(n8n.received) == BREAKS_AFTER + 1
    now += OPEN_SECONDS - 1
    assert isinstance(await failure(hook), Unavailable)
    assert len(n8n.received) == BREAKS_AFTER + 1
    now += 1
    n8n.otherwise = answering()
    assert await hook.call({}, "key") == ADVICE
    n8n.answers += [answering(b"", "404 Not Found")] * (BREAKS_AFTER - 1)
    for _ in range(BREAKS_AFTER - 1):
        await failure(hook)
    assert await hook.call({}, "key") == ADVICE


async def test_wrong_answers_break_nothing(n8n: N8n, client: httpx.AsyncClient) -> None:
    """They come from somebody who is there."""
    hook = webhook(client, n8n)
    n8n.answers += [answering(b"<html>", kind="text/html")] * (BREAKS_AFTER + 2)
    for _ in range(BREAKS_AFTER + 2):
        await failure(hook)
    assert await hook.call({}, "key") == ADVICE


async def test_a_call_that_we_break_off_leaves_no_trace(n8n: N8n, client: httpx.AsyncClient) -> None:
    """The one that tries whether it is over may be broken off; the next one tries."""
    now = 0.0
    hook = webhook(client, n8n, breaker=Breaker(lambda: now))
    n8n.otherwise = answering(b"", "404 Not Found")
    for _ in range(BREAKS_AFTER):
        await failure(hook)
    now += OPEN_SECONDS
    n8n.otherwise = after(60, answering())
    task = asyncio.create_task(hook.call({}, "key"))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    n8n.otherwise = answering()
    assert await hook.call({}, "key") == ADVICE
